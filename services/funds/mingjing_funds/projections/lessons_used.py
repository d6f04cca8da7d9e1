"""Lessons used (消课) of a contract: how many, what they earned, how many lines were set aside. Keeps history.

Apart from the contract's terms and state, because each confirmed lesson moves these figures and nothing else: a former
row costs four numbers, and not the whole contract again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, Date, Integer, Table, Uuid

from mingjing_funds.domain import contract as c
from mingjing_funds.domain import lesson, order
from mingjing_funds.projections.schema import METADATA
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

lessons_used_table = Table(
    "lessons_used",
    METADATA,
    Column("contract_id", Uuid, primary_key=True),
    Column("used", Integer, nullable=False),
    Column("earned_fen", BigInteger, nullable=False),
    Column("set_aside", Integer, nullable=False),
    Column("last_on", Date, nullable=True),
)
"""``last_on``: the last day on which anybody reported a lesson that counts, or that was set aside."""


_COUNTED = frozenset(
    {
        c.ContractSigned,
        c.ContractPaid,
        c.LessonConfirmed,
        c.LessonSetAside,
        lesson.LessonTakenBack,
        order.TransferredIn,
    }
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a contract."""
    if type(fact.event) in _COUNTED:
        yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The figures after a fact."""
    event = fact.event
    if isinstance(event, c.ContractSigned):
        return {"contract_id": key[0], "used": event.opening_used, "earned_fen": 0, "set_aside": 0, "last_on": None}
    if row is None:
        return None
    match event:
        case c.ContractPaid() | order.TransferredIn():
            return {**row, "earned_fen": event.earned_fen}
        case c.LessonConfirmed():
            earned = row["earned_fen"] + event.earned_fen
            return {**row, "used": event.used, "earned_fen": earned, "last_on": _later(row, event.reported_on)}
        case lesson.LessonTakenBack():
            earned = row["earned_fen"] - event.returned_fen
            return {**row, "used": event.used, "earned_fen": earned, "last_on": _later(row, event.taken_back_on)}
        case c.LessonSetAside():
            return {**row, "set_aside": row["set_aside"] + 1, "last_on": _later(row, event.reported_on)}
        case _:
            return row


def _later(row: Row, day: date) -> date:
    last: date | None = row["last_on"]
    return day if last is None or day > last else last


LESSONS_USED = ReadModel(
    name="lessons_used", table=lessons_used_table, nouns=("contract",), keys=keys, fold=fold, history=True
)
