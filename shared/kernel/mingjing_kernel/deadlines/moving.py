"""Deadlines that a calendar notice moves (期限调整): on record, with the day before and after.

Pure. The one rule: a move names the day that it moves from; where the clock stands elsewhere by then, it moves nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from mingjing_kernel.codec import Codec
from mingjing_kernel.decider import Decider
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log.envelope import Aggregate


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveDeadline:
    """A deadline in working days ends on another day by the calendar as it is known now."""

    id: UUID
    rule: str
    thing: str
    moved_from: date
    due_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadlineMoved:
    """The deadline of ``rule`` on the stream ``id`` ends on another day; the sweeper counted it anew."""

    id: UUID
    rule: str
    thing: str
    moved_from: date
    due_on: date
    on: date


def _decide(command: MoveDeadline, _state: None) -> list[DeadlineMoved]:
    if command.due_on == command.moved_from:
        return []
    return [
        DeadlineMoved(
            id=command.id,
            rule=command.rule,
            thing=command.thing,
            moved_from=command.moved_from,
            due_on=command.due_on,
            on=command.on,
        )
    ]


def _evolve(_state: None, _event: DeadlineMoved) -> None:
    """Nothing is decided on it; the list of deadlines folds it."""
    return


DEADLINE_CODEC: Codec[DeadlineMoved] = Codec({"kernel.deadline-moved.v1": DeadlineMoved})
DEADLINE = Aggregate("deadline", Decider(None, _decide, _evolve), DEADLINE_CODEC)


def deadline_id(id: UUID, rule: str, thing: str) -> UUID:
    """The stream of one deadline's moves."""
    return derived_id("deadline", id, rule, thing)
