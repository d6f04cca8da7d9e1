"""A sample of closed findings (结案抽查): which of them somebody independent looks at once more.

One rule: whoever has the list and the seed draws the same ones: the findings are ordered by the SHA-256 of seed and
id, and the first of them are taken. The list is told by its hash and the position of the log at which it was read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import TypeAlias
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Invalid, Refusal

POPULATION_MAX = 5_000
PERIOD_DAYS_MAX = 400


class NothingToDraw(Invalid):
    """Nothing was closed then and there."""

    sentence = "No finding was closed in this period and region, so nothing can be drawn."
    remedy = "Name another period or a larger region."
    field = "since"


class TooManyToDraw(Invalid):
    """More than one draw takes."""

    sentence = "More than {maximum} findings were closed in this period and region."
    remedy = "Draw for a shorter period or a smaller region."
    field = "since"


class SampleDrawnBefore(Refusal):
    """Nobody draws again until the result pleases."""

    sentence = "A sample was drawn under this id, and is not drawn anew."
    remedy = "Work with the sample as it is."
    field = "sample_id"


class FindingNotDrawn(Invalid):
    """Nobody chooses what is inspected once more."""

    sentence = "No such sample was drawn, or it did not draw this finding."
    remedy = "Name a sample that drew it; the list of a sample says which ones it drew."
    field = "sample_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawFindingSample:
    """Draw from these. The seed comes from whoever executes it, never from whoever asks."""

    department: str
    region: str
    since: datetime
    until: datetime
    population: tuple[UUID, ...]
    position: int
    share_percent: int
    policy: str
    seed: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingSampleDrawn:
    """These were drawn. ``population_sha256`` is of the sorted ids, one a line."""

    department: str
    region: str
    since: datetime
    until: datetime
    population_count: int
    population_sha256: str
    position: int
    share_percent: int
    policy: str
    seed: str
    drawn: tuple[UUID, ...]
    by: str
    at: datetime


Sample: TypeAlias = FindingSampleDrawn | None
Event: TypeAlias = FindingSampleDrawn


def drawn_of(population: Iterable[UUID], seed: str, share_percent: int) -> tuple[UUID, ...]:
    """The sample: a share of the list, rounded up."""
    ordered = sorted(set(population), key=lambda one: sha256(f"{seed}:{one}".encode()).digest())
    return tuple(ordered[: -(-len(ordered) * share_percent // 100)])


def hash_of(population: Iterable[UUID]) -> str:
    """What tells one list from another."""
    return sha256("\n".join(sorted(str(one) for one in population)).encode()).hexdigest()


def _decide(command: DrawFindingSample, sample: Sample) -> list[Event]:
    if sample is not None:
        raise SampleDrawnBefore
    if not command.population:
        raise NothingToDraw
    if len(command.population) > POPULATION_MAX:
        raise TooManyToDraw(maximum=POPULATION_MAX)
    return [
        FindingSampleDrawn(
            department=command.department,
            region=command.region,
            since=command.since,
            until=command.until,
            population_count=len(command.population),
            population_sha256=hash_of(command.population),
            position=command.position,
            share_percent=command.share_percent,
            policy=command.policy,
            seed=command.seed,
            drawn=drawn_of(command.population, command.seed, command.share_percent),
            by=command.by,
            at=command.at,
        )
    ]


def _evolve(_sample: Sample, event: Event) -> Sample:
    return event


FINDING_SAMPLE: Decider[DrawFindingSample, Sample, Event] = Decider(initial=None, decide=_decide, evolve=_evolve)
