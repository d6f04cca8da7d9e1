"""How far a complaint got (办理进度), as its citizen is told: four plain stages, and what comes next.

One rule: it is read from the facts of the complaint and decides nothing. A channel that repeats its state closes
nothing anew, so that no export moves the window in which a complaint can be taken up again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from mingjing_inspection.domain.complaint import ComplaintTaken, HandlingNoted


class Stage(StrEnum):
    """Where it stands."""

    RECEIVED = "RECEIVED"
    """已收到"""
    HANDLING = "HANDLING"
    """办理中"""
    NOT_ACCEPTED = "NOT_ACCEPTED"
    """不予受理"""
    CLOSED = "CLOSED"
    """已办结"""


NOT_ACCEPTED: Final = frozenset({"不予受理", "不受理"})
CLOSED: Final = frozenset({"已办结", "办结", "已回访", "已归档", "已关闭", "已答复"})
"""As the channels write it; whatever else they write is being dealt with."""
ENDS: Final = frozenset({Stage.CLOSED, Stage.NOT_ACCEPTED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far it got. ``closed_at``: of an end, when it was first told; ``due_on``: the day that was set."""

    stage: Stage
    received_at: datetime
    closed_at: datetime | None = None
    due_on: date | None = None


def progress_after(facts: Iterable[Any]) -> Progress | None:
    """From the complaint's facts in their order; ``None`` of a complaint that nobody took."""
    found: Progress | None = None
    for fact in facts:
        match fact:
            case ComplaintTaken():
                found = Progress(stage=Stage.RECEIVED, received_at=fact.intake.received_at)
            case HandlingNoted() if found is not None:
                found = _noted(found, fact)
    return found


def _noted(before: Progress, fact: HandlingNoted) -> Progress:
    stage = stage_of(fact.handling.status)
    closed_at = None
    if stage in ENDS:
        closed_at = before.closed_at if before.stage is stage else fact.noted_at
    return Progress(
        stage=stage, received_at=before.received_at, closed_at=closed_at, due_on=fact.handling.due_on or before.due_on
    )


def stage_of(status: str) -> Stage:
    """What the words of a channel mean."""
    status = status.strip()
    if status in CLOSED:
        return Stage.CLOSED
    if status in NOT_ACCEPTED:
        return Stage.NOT_ACCEPTED
    return Stage.HANDLING if status else Stage.RECEIVED
