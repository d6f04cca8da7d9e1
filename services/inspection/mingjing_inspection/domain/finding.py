"""Finding (问题案卷): seven steps from a problem to its end, each by somebody else than the one who gains by it.

One rule: who reported does not verify alone, who fixes never closes (``acts`` says it, the log checks it); here
stands which step follows which. A clock runs for the step that is due; nothing but that step starts it anew.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_inspection.domain import finding_commands as c
from mingjing_inspection.domain import finding_facts as f
from mingjing_inspection.domain.finding_facts import Event
from mingjing_inspection.domain.finding_terms import Limit, Matter, Place, Source, Step


class Stage(StrEnum):
    """How far a finding is."""

    REPORTED = "REPORTED"
    """待核实"""
    WRITTEN_OFF = "WRITTEN_OFF"
    """不予立案"""
    VERIFIED = "VERIFIED"
    """待派遣"""
    DISPATCHED = "DISPATCHED"
    """待处置"""
    RETURNED = "RETURNED"
    """已退回"""
    HANDLING = "HANDLING"
    """处置中"""
    FED_BACK = "FED_BACK"
    """待核查"""
    RECHECKED = "RECHECKED"
    """待结案"""
    CLOSED = "CLOSED"
    """已结案"""
    REOPENED = "REOPENED"
    """返工"""


@dataclass(frozen=True, slots=True)
class Unreported:
    """Nothing was found under this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A file. ``round`` counts the dispatches, ``limit`` is that of the step that is due; none when it is over.

    ``told`` are the reminders and supervisions of this limit that were sent; ``supervised`` counts them for its life.
    """

    stage: Stage
    place: Place
    owner: str
    matter: Matter
    is_veto: bool
    source: Source
    summary: str
    limit: Limit | None
    is_seen_on_site: bool = False
    source_version: int = 0
    handler: str = ""
    round: int = 0
    returns: int = 0
    is_rework: bool = False
    is_allotted: bool = False
    is_extended: bool = False
    is_listed: bool = False
    supervised: int = 0
    told: frozenset[str] = frozenset()
    samples: frozenset[UUID] = field(default_factory=frozenset)


Finding: TypeAlias = Unreported | Known
STEP_OF_STAGE = {
    Stage.REPORTED: Step.VERIFY,
    Stage.VERIFIED: Step.DISPATCH,
    Stage.RETURNED: Step.DISPATCH,
    Stage.REOPENED: Step.DISPATCH,
    Stage.DISPATCHED: Step.HANDLE,
    Stage.HANDLING: Step.HANDLE,
    Stage.FED_BACK: Step.RECHECK,
    Stage.RECHECKED: Step.RECHECK,
}
"""Which clock runs; none for what is over."""


def evolve(finding: Finding, event: Event) -> Finding:
    """The file after a fact."""
    if isinstance(event, f.FindingReported):
        return Known(
            stage=Stage.REPORTED,
            place=event.place,
            owner=event.department,
            matter=event.matter,
            is_veto=event.is_veto,
            source=event.source,
            summary=event.summary,
            limit=event.limit,
            source_version=event.source.visit_version,
        )
    assert isinstance(finding, Known)
    return _after(finding, event)


def _after(known: Known, event: Event) -> Known:
    match event:
        case f.FindingReported():
            return known
        case (
            f.FindingVerified()
            | f.FindingWrittenOff()
            | f.FindingDispatched()
            | f.FindingAllotted()
            | f.FindingReturned()
        ):
            return _after_opening(known, event)
        case f.HandlingStarted() | f.FindingExtended() | f.FindingFedBack():
            return _after_handling(known, event)
        case f.FindingRechecked() | f.FindingClosed() | f.FindingReopened() | f.FindingReinspected():
            return _after_checking(known, event)
        case f.FindingSourceCorrected() | f.FindingReminded() | f.FindingSupervised() | f.FindingListed():
            return _after_telling(known, event)
        case _:
            assert_never(event)


Opening: TypeAlias = (
    f.FindingVerified | f.FindingWrittenOff | f.FindingDispatched | f.FindingAllotted | f.FindingReturned
)
Handling: TypeAlias = f.HandlingStarted | f.FindingExtended | f.FindingFedBack
Checking: TypeAlias = f.FindingRechecked | f.FindingClosed | f.FindingReopened | f.FindingReinspected
Telling: TypeAlias = f.FindingSourceCorrected | f.FindingReminded | f.FindingSupervised | f.FindingListed


def _after_opening(known: Known, event: Opening) -> Known:
    match event:
        case f.FindingVerified():
            return _at(replace(known, is_seen_on_site=event.is_on_site), Stage.VERIFIED, event.limit)
        case f.FindingWrittenOff():
            return _at(known, Stage.WRITTEN_OFF, None)
        case f.FindingDispatched() | f.FindingAllotted():
            allotted = isinstance(event, f.FindingAllotted)
            known = replace(known, round=event.round, handler=event.department, is_allotted=allotted)
            return _at(known, Stage.DISPATCHED, event.limit)
        case f.FindingReturned():
            return _at(replace(known, returns=event.times, handler=""), Stage.RETURNED, event.limit)
        case _:
            assert_never(event)


def _after_handling(known: Known, event: Handling) -> Known:
    match event:
        case f.HandlingStarted():
            return replace(known, stage=Stage.HANDLING)
        case f.FindingExtended():
            return _at(replace(known, is_extended=True), known.stage, event.limit)
        case f.FindingFedBack():
            return _at(known, Stage.FED_BACK, event.limit)
        case _:
            assert_never(event)


def _after_checking(known: Known, event: Checking) -> Known:
    match event:
        case f.FindingRechecked():
            return replace(known, stage=Stage.RECHECKED) if event.is_passed else _again(known, event.limit)
        case f.FindingClosed():
            return _at(known, Stage.CLOSED, None)
        case f.FindingReopened():
            return _again(known, event.limit)
        case f.FindingReinspected():
            known = replace(known, samples=known.samples | {event.sample_id})
            return known if event.is_fixed else _again(known, event.limit)
        case _:
            assert_never(event)


def _after_telling(known: Known, event: Telling) -> Known:
    match event:
        case f.FindingSourceCorrected():
            return replace(known, source_version=event.visit_version)
        case f.FindingReminded():
            return replace(known, told=known.told | {_reminded(event.step)})
        case f.FindingSupervised():
            told = known.told | {_reminded(event.step), _supervised(event.step)}
            return replace(known, told=told, supervised=event.times)
        case f.FindingListed():
            return replace(known, is_listed=True)
        case _:
            assert_never(event)


def _at(known: Known, stage: Stage, limit: Limit | None) -> Known:
    return replace(known, stage=stage, limit=limit, told=frozenset())


def _again(known: Known, limit: Limit | None) -> Known:
    """Open again: dispatched anew, and counted as rework. Whose it is may be asked anew, how often it came back not."""
    return _at(replace(known, is_rework=True, handler="", is_allotted=False), Stage.REOPENED, limit)


def decide_clock(command: c.RemindFinding | c.SuperviseFinding, known: Known) -> list[Event]:
    """A clock has run out, or nearly: told once for each limit, and nothing where the step was taken meanwhile."""
    if not _is_due(command.step, command.at, known, is_over=isinstance(command, c.SuperviseFinding)):
        return []
    if isinstance(command, c.RemindFinding):
        if _reminded(command.step) in known.told:
            return []
        return [f.FindingReminded(step=command.step, round=known.round, at=command.at)]
    if _supervised(command.step) in known.told:
        return []
    times = known.supervised + 1
    return [
        f.FindingSupervised(
            step=command.step, round=known.round, times=times, proposes_listing=times > 1, at=command.at
        )
    ]


def _is_due(step: Step, at: datetime, known: Known, *, is_over: bool) -> bool:
    limit = known.limit
    if limit is None or STEP_OF_STAGE.get(known.stage) is not step:
        return False
    if limit.working_days is not None:
        return True  # the calendar knows better than the day on which it was counted; the keeper of deadlines asks it
    return at > (limit.due_at if is_over else limit.remind_at)


def _reminded(step: Step) -> str:
    return f"{step.value}:80"


def _supervised(step: Step) -> str:
    return f"{step.value}:100"
