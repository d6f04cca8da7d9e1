"""Another report under a lead's id (同号异文), and leads that nobody has taken on: facts and commands.

One rule: what came is kept, whoever sent it; which of two counts is a person's decision, and never the sender's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from mingjing_inspection.domain.lead_refusals import (
    LeadOtherOwn,
    LeadOthersTooMany,
    LeadOtherUnknown,
    LeadWordsMissing,
)
from mingjing_inspection.domain.lead_told import Told

OTHERS_MAX: Final = 5
"""Reports kept beside the first; whoever sends more is refused, and keeps hers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepOther:
    """Other bytes came under the id; ``content`` is their keyed digest."""

    told: Told
    content: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleOther:
    """It is taken as seen again, or left out; ``number`` counts from 1."""

    number: int
    is_taken: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateLead:
    """Nobody has taken it on in time."""

    due_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOtherKept:
    """Kept beside the first report."""

    number: int
    told: Told
    content: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOtherSettled:
    """Somebody decided on it. ``suspects_teacher``: taken, and an in-service school teacher may teach there (X18)."""

    number: int
    is_taken: bool
    suspects_teacher: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadEscalated:
    """It stands among what is to be supervised: nobody has taken it on since ``due_on``."""

    due_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A kept report as it stands."""

    kept: LeadOtherKept
    is_settled: bool = False


def keep(command: KeepOther, others: tuple[Other, ...]) -> list[LeadOtherKept]:
    """Once for the same bytes. Raises ``LeadOthersTooMany``."""
    if any(one.kept.content == command.content for one in others):
        return []
    if len(others) >= OTHERS_MAX:
        raise LeadOthersTooMany(maximum=OTHERS_MAX)
    number = len(others) + 1
    return [LeadOtherKept(number=number, told=command.told, content=command.content, by=command.by, at=command.at)]


def settle(command: SettleOther, others: tuple[Other, ...]) -> tuple[LeadOtherSettled, LeadOtherKept | None]:
    """The fact, and the report that is to be added to the lead. Raises ``LeadOtherUnknown``, ``LeadOtherOwn``."""
    found = next((one for one in others if one.kept.number == command.number and not one.is_settled), None)
    if found is None:
        raise LeadOtherUnknown(number=command.number)
    if found.kept.by == command.by:
        raise LeadOtherOwn
    if not command.reason.strip():
        raise LeadWordsMissing
    settled = LeadOtherSettled(
        number=command.number,
        is_taken=command.is_taken,
        suspects_teacher=command.is_taken and found.kept.told.suspects_teacher,
        reason=command.reason.strip(),
        by=command.by,
        at=command.at,
    )
    return settled, found.kept if command.is_taken else None


def settled(others: tuple[Other, ...], number: int) -> tuple[Other, ...]:
    """With this one decided on."""
    return tuple(replace(one, is_settled=True) if one.kept.number == number else one for one in others)
