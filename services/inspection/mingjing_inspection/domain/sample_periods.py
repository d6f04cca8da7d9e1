"""Which periods samples of closed findings were drawn of (抽查期间), for one department.

One rule: what was closed in a period is drawn from once. A second sample of days and a place that a first one covers
would let somebody draw until the result pleases. What is still going on is not drawn from: a sample of
it would leave out whatever closes later, for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from mingjing_kernel.decider import Decider, fact
from mingjing_kernel.refusal import Invalid, Refusal


class SamplePeriodOverlaps(Refusal):
    """Drawn from already."""

    sentence = "A sample of {region} from {since} to {until} was drawn already."
    remedy = "Work with that sample, or name a period that begins after it."
    field = "since"


class PeriodNotOver(Invalid):
    """More may be closed in it."""

    sentence = "The period runs until {until} and is not over."
    remedy = "Draw when it is over, or name an earlier end."
    field = "until"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPeriod:
    """A sample is about to be drawn of these days."""

    sample_id: UUID
    department: str
    region: str
    since: datetime
    until: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodClaimed:
    """Whatever was closed then and there is drawn from by this sample alone."""

    sample_id: UUID
    department: str
    region: str
    since: datetime
    until: datetime
    at: datetime


def _decide(command: ClaimPeriod, claimed: tuple[PeriodClaimed, ...]) -> list[PeriodClaimed]:
    if any(one.sample_id == command.sample_id for one in claimed):
        return []
    if command.until > command.at:
        raise PeriodNotOver(until=command.until.isoformat())
    for one in claimed:
        if one.until > one.at:  # claimed before that was refused: it has not seen what closed later
            continue
        is_here = one.region.startswith(command.region) or command.region.startswith(one.region)
        if is_here and one.since < command.until and command.since < one.until:
            raise SamplePeriodOverlaps(region=one.region, since=one.since.isoformat(), until=one.until.isoformat())
    return [fact(PeriodClaimed, command)]


def _evolve(claimed: tuple[PeriodClaimed, ...], event: PeriodClaimed) -> tuple[PeriodClaimed, ...]:
    return (*claimed, event)


SAMPLE_PERIODS: Decider[ClaimPeriod, tuple[PeriodClaimed, ...], PeriodClaimed] = Decider(
    initial=(), decide=_decide, evolve=_evolve
)
