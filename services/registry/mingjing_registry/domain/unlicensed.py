"""Unlicensed premises (无证办学场所) that an inspection verified: an address with photos, and no institution (X17).

One rule: an entry is no institution and gets no number; it says where somebody taught without a licence, and when that
was found. The case is inspection's (O1 and O2, 校外培训行政处罚暂行办法 art. 17 and 18).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias, assert_never

from mingjing_kernel.decider import Decider


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """What was found; ``photos`` are SHA-256 digests of evidence that inspection keeps."""

    address: str
    region: str
    department: str
    category: str
    venue: str
    cover: str
    photos: tuple[str, ...]
    found_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteUnlicensed:
    """Inspection says that it found them."""

    premises: Premises
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawUnlicensed:
    """Inspection says that it was nothing after all."""

    withdrawn_on: date
    noted_at: datetime


Command: TypeAlias = NoteUnlicensed | WithdrawUnlicensed


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlicensedNoted:
    """They are on the list."""

    premises: Premises
    noted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlicensedWithdrawn:
    """They are on the list no more; that they were stays readable."""

    withdrawn_on: date
    noted_at: datetime


Event: TypeAlias = UnlicensedNoted | UnlicensedWithdrawn
Entry: TypeAlias = Premises | None
"""What stands on the list; nothing before it was told, and after it was taken back."""


def _decide(command: Command, entry: Entry) -> list[Event]:
    match command:
        case NoteUnlicensed():
            if entry == command.premises:
                return []
            return [UnlicensedNoted(premises=command.premises, noted_at=command.noted_at)]
        case WithdrawUnlicensed():
            if entry is None:
                return []
            return [UnlicensedWithdrawn(withdrawn_on=command.withdrawn_on, noted_at=command.noted_at)]
        case _:
            assert_never(command)


def _evolve(_entry: Entry, event: Event) -> Entry:
    return event.premises if isinstance(event, UnlicensedNoted) else None


UNLICENSED: Decider[Command, Entry, Event] = Decider(initial=None, decide=_decide, evolve=_evolve)
