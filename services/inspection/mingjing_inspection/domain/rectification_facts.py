"""Commands and facts of a rectification (限期整改); the rules are in ``rectification``.

One rule: every fact that begins something names where it stands, so that a ledger is built from facts alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """Of what it is: the finding that it answers, and where. ``name`` is the institution's, as the notice has it."""

    institution_id: UUID
    site_id: UUID | None
    name: str
    department: str
    region: str
    category: str
    finding_id: UUID | None
    summary: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposeRectification:
    """A reaction proposes it; an official orders it, or does not."""

    grounds: Grounds
    proposes_pause: bool
    reaction: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRectification:
    """An official orders it. ``grounds`` count where nothing was proposed."""

    grounds: Grounds
    requirements: tuple[str, ...]
    legal_basis: str
    deadline: date
    recheck_days: int
    policy: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineRectification:
    """An official orders nothing."""

    reason: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidePause:
    """An approver decides on the proposed pause of recruiting."""

    is_paused: bool
    reason: str
    legal_basis: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ServeRectification:
    """The notice was handed over."""

    served_on: date
    manner: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfReport:
    """The institution says that it is put right, and shows it."""

    measures: str
    photos: tuple[str, ...]
    recheck_days: int
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckRectification:
    """Somebody else looked whether it is."""

    is_passed: bool
    note: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LapseRectification:
    """Note that the deadline has passed; harmless while it has not."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindRectification:
    """Note that four fifths of the time are over; harmless while they are not."""

    on: date


Command: TypeAlias = (
    ProposeRectification
    | OrderRectification
    | DeclineRectification
    | DecidePause
    | ServeRectification
    | SelfReport
    | RecheckRectification
    | LapseRectification
    | RemindRectification
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationProposed:
    """A hazard lets nobody go on 一票否决: an order is proposed, and with it a pause of recruiting."""

    grounds: Grounds
    proposes_pause: bool
    reaction: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationOrdered:
    """责令限期整改: what is to be put right, on which basis, until when."""

    grounds: Grounds
    requirements: tuple[str, ...]
    legal_basis: str
    deadline: date
    recheck_days: int
    policy: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationDeclined:
    """Nothing is ordered."""

    reason: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecruitingPauseDecided:
    """Whether recruiting is paused meanwhile."""

    is_paused: bool
    reason: str
    legal_basis: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationServed:
    """The institution has the notice 送达."""

    served_on: date
    manner: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationSelfReported:
    """The institution says that it is put right; somebody looks within so many working days."""

    measures: str
    photos: tuple[str, ...]
    recheck_days: int
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationReminded:
    """Four fifths of the time are over 催办, and nobody says that it is put right."""

    deadline: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationLapsed:
    """The deadline has passed without a word; somebody looks all the same."""

    deadline: date
    recheck_days: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RectificationRechecked:
    """Put right, and off the ledger 销号; or not. Facts of the first form do not say whose it is."""

    institution_id: UUID | None
    is_passed: bool
    note: str
    by: str
    on: date


Event: TypeAlias = (
    RectificationProposed
    | RectificationOrdered
    | RectificationDeclined
    | RecruitingPauseDecided
    | RectificationServed
    | RectificationSelfReported
    | RectificationReminded
    | RectificationLapsed
    | RectificationRechecked
)
