"""Visits to a hot-spot (热点网格巡查): a grid with many open leads is looked at weekly, at night and on weekends, too.

One rule: somebody goes when the leads say that lessons are given; where they say nothing, on a weekday evening and a
Saturday. A visit is to a grid and to the addresses of its leads, never to an approved site: those have tasks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, TypeAlias, assert_never
from uuid import UUID

from mingjing_inspection.domain.lead_terms import DAY_MINUTES, TaughtAt
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Invalid, NotFound, Refusal

SATURDAY: Final = 6
EVENING_MINUTES: Final = 150
"""How long somebody looks where the leads name no time."""
MORNING: Final = (9 * 60, 11 * 60 + 30)
PLACES_MAX: Final = 200


class HotspotVisitUnknown(NotFound):
    """There is no such visit."""

    sentence = "No visit to a hot-spot was planned under this id."
    remedy = "Open the list of visits to hot-spots and choose one."
    field = "visit_id"


class HotspotVisitOver(Refusal):
    """It was made."""

    sentence = "This visit to a hot-spot was reported already."
    remedy = "Report what is new as a lead, or add it to one."
    field = "visit_id"


class HotspotWordsMissing(Invalid):
    """Nothing was said."""

    sentence = "A visit to a hot-spot says what was seen."
    remedy = "Say in a sentence where you were and what you saw."
    field = "note"


class Slot(StrEnum):
    """Why at this time."""

    REGULAR = "REGULAR"
    """定期"""
    NIGHT = "NIGHT"
    """夜间"""
    WEEKEND = "WEEKEND"
    """周末"""


class HotspotOutcome(StrEnum):
    """What was seen."""

    TRAINING_SEEN = "TRAINING_SEEN"
    """发现正在培训"""
    NOTHING_SEEN = "NOTHING_SEEN"
    """未发现"""
    NO_ENTRY = "NO_ENTRY"
    """未能进入"""


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A day and minutes after midnight in China; ``leads`` is how many leads name this time, none for a default."""

    slot: Slot
    day: date
    begins: int
    ends: int
    leads: int


def visits_of(
    times: Iterable[TaughtAt], days: Sequence[date], numbers: Mapping[str, int], days_of_work: frozenset[int]
) -> list[When]:
    """When somebody goes on these days: once at the time that most leads name, and up to ``extra`` times at night and
    on the weekend. ``days_of_work``: ISO weekdays of a default evening.
    """
    named = Counter((one.weekday, one.begins, one.ends) for one in times)
    known = sorted(
        (
            When(slot=_slot(day, begins, numbers), day=day, begins=begins, ends=ends, leads=count)
            for (weekday, begins, ends), count in named.items()
            for day in days
            if day.isoweekday() == weekday
        ),
        key=lambda one: (-one.leads, one.day, one.begins),
    )
    found: list[When] = []
    for slot in (Slot.REGULAR, Slot.NIGHT, Slot.WEEKEND):
        if slot is not Slot.REGULAR and len(found) > numbers["extra"]:
            break
        free = [one for one in known if slot is Slot.REGULAR or one.slot is slot]
        when = free[0] if free else _default(slot, days, numbers, days_of_work)
        if when is not None:
            found.append(when)
            known = [one for one in known if one is not when]
    return [_as(Slot.REGULAR, one) if at == 0 else one for at, one in enumerate(found)]


def _slot(day: date, begins: int, numbers: Mapping[str, int]) -> Slot:
    if day.isoweekday() >= SATURDAY:
        return Slot.WEEKEND
    return Slot.NIGHT if begins >= numbers["night-from"] else Slot.REGULAR


def _default(slot: Slot, days: Sequence[date], numbers: Mapping[str, int], work: frozenset[int]) -> When | None:
    if slot is Slot.WEEKEND:
        day = next((one for one in days if one.isoweekday() >= SATURDAY), None)
        begins, ends = MORNING
    else:
        day = next((one for one in days if one.isoweekday() in work), None)
        begins = min(numbers["night-from"], DAY_MINUTES - EVENING_MINUTES) if slot is Slot.NIGHT else MORNING[0]
        ends = begins + EVENING_MINUTES
    return None if day is None else When(slot=slot, day=day, begins=begins, ends=ends, leads=0)


def _as(slot: Slot, when: When) -> When:
    return When(slot=slot, day=when.day, begins=when.begins, ends=when.ends, leads=when.leads)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadPlace:
    """Where to look: a lead and its address."""

    lead_id: UUID
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanHotspotVisit:
    """Go to a hot-spot then; ``leads_open`` leads made it one by the policy's version."""

    grid: str
    department: str
    category: str
    when: When
    places: tuple[LeadPlace, ...]
    leads_open: int
    threshold: int
    policy: str
    due_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportHotspotVisit:
    """Somebody went."""

    outcome: HotspotOutcome
    note: str
    visited_at: datetime
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HotspotVisitPlanned:
    """Somebody is to go."""

    grid: str
    department: str
    category: str
    when: When
    places: tuple[LeadPlace, ...]
    leads_open: int
    threshold: int
    policy: str
    due_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HotspotVisitReported:
    """Somebody went, and this was seen."""

    outcome: HotspotOutcome
    note: str
    visited_at: datetime
    by: str
    at: datetime


Command: TypeAlias = PlanHotspotVisit | ReportHotspotVisit
Event: TypeAlias = HotspotVisitPlanned | HotspotVisitReported
HotspotVisit: TypeAlias = bool | None
"""Made, to be made, or never planned."""


def hindrance(step: type[Any], visit: HotspotVisit) -> Refusal | None:
    """Why a visit as it stands does not take a step; ``None`` where it may."""
    if step is PlanHotspotVisit:
        return None
    if visit is None:
        return HotspotVisitUnknown()
    return HotspotVisitOver() if visit else None


def _decide(command: Command, visit: HotspotVisit) -> list[Event]:
    if (why := hindrance(type(command), visit)) is not None:
        raise why
    match command:
        case PlanHotspotVisit():
            return [] if visit is not None else [_planned(command)]
        case ReportHotspotVisit():
            if not (note := command.note.strip()):
                raise HotspotWordsMissing
            return [
                HotspotVisitReported(
                    outcome=command.outcome, note=note, visited_at=command.visited_at, by=command.by, at=command.at
                )
            ]
        case _:
            assert_never(command)


def _planned(command: PlanHotspotVisit) -> HotspotVisitPlanned:
    return HotspotVisitPlanned(
        grid=command.grid,
        department=command.department,
        category=command.category,
        when=command.when,
        places=command.places[:PLACES_MAX],
        leads_open=command.leads_open,
        threshold=command.threshold,
        policy=command.policy,
        due_at=command.due_at,
        at=command.at,
    )


def _evolve(_visit: HotspotVisit, event: Event) -> HotspotVisit:
    return isinstance(event, HotspotVisitReported)


HOTSPOT_VISIT: Decider[Command, HotspotVisit, Event] = Decider(initial=None, decide=_decide, evolve=_evolve)
