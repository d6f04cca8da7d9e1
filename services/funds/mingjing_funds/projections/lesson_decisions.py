"""Lessons about which a person decides (待裁定课时): disputed ones, and confirmed ones that were sent with other words.

Keeps history. The one rule: a row is a question that is open; the decision takes it off the list.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Date, Integer, Select, Table, Text, Uuid, select

from mingjing_funds.domain import contract as c
from mingjing_funds.domain import lesson
from mingjing_funds.projections.contracts import contracts_in
from mingjing_funds.projections.schema import METADATA
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

DISPUTE, ALTERATION = "dispute", "alteration"
lesson_decisions_table = Table(
    "lesson_decisions",
    METADATA,
    Column("contract_id", Uuid, primary_key=True),
    Column("lesson_no", Text, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("since", Date, nullable=False),
    Column("said_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("held_on", Date, nullable=True),
    Column("units", Integer, nullable=True),
    Column("standing", Text, nullable=False),
)
"""Of an alteration ``held_on``, ``units`` and ``standing`` are those of the later version."""


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a contract, lesson and kind of question."""
    match fact.event:
        case lesson.LessonDisputed():
            yield (fact.id, fact.event.lesson_no, DISPUTE)
            yield (fact.id, fact.event.lesson_no, ALTERATION)
        case lesson.LessonSettled():
            yield (fact.id, fact.event.lesson_no, DISPUTE)
        case c.LessonSetAside(reason=c.AsideReason.ALTERED_AFTER_CONFIRMATION) | lesson.AlterationDecided():
            yield (fact.id, fact.event.lesson_no, ALTERATION)
        case _:
            return


def fold(key: Key, _row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The question, until it is answered; a dispute makes the question which version stands pointless."""
    match fact.event:
        case lesson.LessonDisputed() if key[2] == DISPUTE:
            said = {"since": fact.event.disputed_on, "said_by": fact.event.voice.value, "reason": fact.event.reason}
            return {**_named(key), **said, "held_on": None, "units": None, "standing": "disputed"}
        case c.LessonSetAside():
            event = fact.event
            other = {"held_on": event.held_on, "units": event.units, "standing": event.standing.value}
            return {**_named(key), "since": event.reported_on, "said_by": "institution", "reason": "", **other}
        case _:
            return None


def _named(key: Key) -> Row:
    return {"contract_id": key[0], "lesson_no": key[1], "kind": key[2]}


LESSON_DECISIONS = ReadModel(
    name="lesson_decisions", table=lesson_decisions_table, nouns=("contract",), keys=keys, fold=fold, history=True
)


def lesson_decisions_in(scope: Scope, position: int | None = None) -> Select[Any]:
    """Open questions on contracts that a caller may see, now or as they stood."""
    rows, mine = LESSON_DECISIONS.at(position), contracts_in(scope, position).subquery("mine")
    return select(
        *(rows.c[name] for name in LESSON_DECISIONS.columns), mine.c.contract_no, mine.c.institution_name
    ).join_from(rows, mine, mine.c.contract_id == rows.c.contract_id)
