"""Roster 平台名录: which rosters of the national platform were taken, and what each day's comparison came to.

One rule: a comparison that did nothing says why, and two comparisons of one roster on one day are one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Literal, TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_registry.domain.exchange_refusals import RosterOutdated, RosterUndated

NO_ROSTER: Final = "no-roster"
"""Nobody has sent a roster yet, so there is nothing to compare with."""
ROSTER_OLD: Final = "roster-old"
"""The last roster is older than the policy in force allows: it was compared, and what it says may be out of date."""
ROSTER_DAYS_MAX = 35
"""The platform gives a roster once a month. A policy may say otherwise."""

Because: TypeAlias = Literal["", "no-roster", "roster-old"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of the rows of a roster."""

    rows: int
    stated: int
    """Entries that are new or say something else than before."""
    unchanged: int
    gone: int
    kept_aside: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a comparison came to, in institutions."""

    agreeing: int = 0
    missing_here: int = 0
    """The platform has them, we do not."""
    missing_there: int = 0
    differing: int = 0
    noted: int = 0
    """Of those that are missing or differ: explained by a note that still fits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeRoster:
    """All rows of a roster were dealt with."""

    roster_id: UUID
    digest: str
    file_name: str
    stated_on: date | None
    is_whole: bool
    taken: Taken
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReconcileRoster:
    """Compare the last roster with the register as it stands at ``position``."""

    position: int
    found: Found
    days_max: int = ROSTER_DAYS_MAX
    """How old a roster may be, by the policy in force."""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterTaken:
    """A roster was taken; ``is_whole``: what it does not name is missing there."""

    roster_id: UUID
    digest: str
    file_name: str
    stated_on: date
    is_whole: bool
    taken: Taken
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterReconciled:
    """The day's comparison, and ``because`` of what it did nothing or is of little worth."""

    stated_on: date | None
    position: int
    found: Found
    because: Because
    on: date


Command: TypeAlias = TakeRoster | ReconcileRoster
Event: TypeAlias = RosterTaken | RosterReconciled


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The last roster, and the last day that was compared."""

    stated_on: date | None = None
    taken: tuple[UUID, ...] = ()
    reconciled: RosterReconciled | None = None


def decide(command: Command, roster: Roster) -> list[Event]:
    """The facts that follow."""
    match command:
        case TakeRoster():
            return _take(command, roster)
        case ReconcileRoster():
            return _reconcile(command, roster)
        case _:
            assert_never(command)


def evolve(roster: Roster, event: Event) -> Roster:
    """The roster after one fact."""
    match event:
        case RosterTaken(stated_on=stated_on, roster_id=roster_id):
            return replace(roster, stated_on=stated_on, taken=(*roster.taken, roster_id))
        case RosterReconciled():
            return replace(roster, reconciled=event)
        case _:
            assert_never(event)


ROSTER: Decider[Command, Roster, Event] = Decider(initial=Roster(), decide=decide, evolve=evolve)


def require_current(stated_on: date | None, roster: Roster) -> date:
    """The roster's day, when it may be taken. Raises ``RosterUndated``, ``RosterOutdated``."""
    if stated_on is None:
        raise RosterUndated
    if roster.stated_on is not None and stated_on < roster.stated_on:
        raise RosterOutdated(known=roster.stated_on, stated=stated_on)
    return stated_on


def _take(command: TakeRoster, roster: Roster) -> list[Event]:
    if command.roster_id in roster.taken:
        return []
    return [
        RosterTaken(
            roster_id=command.roster_id,
            digest=command.digest,
            file_name=command.file_name,
            stated_on=require_current(command.stated_on, roster),
            is_whole=command.is_whole,
            taken=command.taken,
            on=command.on,
        )
    ]


def _reconcile(command: ReconcileRoster, roster: Roster) -> list[Event]:
    before = roster.reconciled
    if before is not None and before.on >= command.on and before.stated_on == roster.stated_on:
        return []
    because: Because = ""
    found = command.found
    if roster.stated_on is None:
        because, found = NO_ROSTER, Found()
    elif (command.on - roster.stated_on).days > command.days_max:
        because = ROSTER_OLD
    return [
        RosterReconciled(
            stated_on=roster.stated_on, position=command.position, found=found, because=because, on=command.on
        )
    ]
