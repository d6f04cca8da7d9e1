"""Closed doors (关门): a site that was found shut twice running in teaching hours: a fact to be counted (F30).

One rule: two visits make one fact, whichever of them came first over the network; a visit whose time is in doubt makes
none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from uuid import UUID

from mingjing_inspection.domain.visit_facts import Doubt, Outcome
from mingjing_kernel.clock import SHANGHAI
from mingjing_kernel.decider import Decider

TIME_DOUBTS = frozenset({Doubt.CLOCK_AHEAD, Doubt.CLOCK_BEHIND})


@dataclass(frozen=True, slots=True, kw_only=True)
class TeachingHours:
    """Minutes of the day in China between which doors are expected to be open, and the policy that says so."""

    weekday_begins: int = 16 * 60 + 30
    weekday_ends: int = 20 * 60 + 30
    weekend_begins: int = 8 * 60 + 30
    weekend_ends: int = 20 * 60 + 30
    apart_minutes: int = 60
    """Two looks closer together than this are one look: the same officer before the same door."""
    version: str = "default/1"

    def cover(self, moment: datetime, *, is_working_day: bool) -> bool:
        """Whether a moment lies within them. A holiday has the hours of a weekend, a weekend day that is worked instead
        those of a weekday: pupils are at school then.
        """
        here = moment.astimezone(SHANGHAI)
        minute = here.hour * 60 + here.minute
        if is_working_day:
            return self.weekday_begins <= minute < self.weekday_ends
        return self.weekend_begins <= minute < self.weekend_ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One visit to the site, as it stands now."""

    visit_id: UUID
    outcome: Outcome
    visited_at: datetime
    is_working_day: bool
    """By the official calendar, in China."""
    doubts: frozenset[Doubt] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteClosedDoor:
    """A visit found the door shut; ``looks`` are the visits to the site around it, in the order of their times."""

    institution_id: UUID
    department: str
    region: str
    category: str
    visit_id: UUID
    looks: Sequence[Look]
    hours: TeachingHours
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DoorClosedTwice:
    """Two visits running found the door shut in teaching hours."""

    institution_id: UUID
    department: str
    region: str
    category: str
    first_visit_id: UUID
    second_visit_id: UUID
    first_at: datetime
    second_at: datetime
    hours_version: str
    noted_at: datetime


def decide(command: NoteClosedDoor, noted: frozenset[tuple[UUID, UUID]]) -> list[DoorClosedTwice]:
    """One fact for each pair that the visit makes and nobody noted yet."""
    # What lies outside teaching hours, or at a doubtful time, says nothing of whether they teach: it parts no pair.
    counted = [
        look
        for look in command.looks
        if command.hours.cover(look.visited_at, is_working_day=look.is_working_day) and not look.doubts & TIME_DOUBTS
    ]
    return [
        DoorClosedTwice(
            institution_id=command.institution_id,
            department=command.department,
            region=command.region,
            category=command.category,
            first_visit_id=first.visit_id,
            second_visit_id=second.visit_id,
            first_at=first.visited_at,
            second_at=second.visited_at,
            hours_version=command.hours.version,
            noted_at=command.noted_at,
        )
        for first, second in pairwise(counted)
        if command.visit_id in (first.visit_id, second.visit_id)
        and first.outcome is second.outcome is Outcome.DOOR_CLOSED
        and second.visited_at - first.visited_at >= timedelta(minutes=command.hours.apart_minutes)
        and (first.visit_id, second.visit_id) not in noted
    ]


def evolve(noted: frozenset[tuple[UUID, UUID]], event: DoorClosedTwice) -> frozenset[tuple[UUID, UUID]]:
    """The pairs that were noted."""
    return noted | {(event.first_visit_id, event.second_visit_id)}


CLOSED_DOOR: Decider[NoteClosedDoor, frozenset[tuple[UUID, UUID]], DoorClosedTwice] = Decider(
    initial=frozenset(), decide=decide, evolve=evolve
)
