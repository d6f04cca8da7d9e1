"""Facts of a listing (B1), one class each; they are stored, so their fields are written out even where a command has
the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from mingjing_registry.domain import annulment
from mingjing_registry.domain.blacklist import Cause, Jurisdiction, Party
from mingjing_registry.domain.listing_terms import Grade


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistProposed:
    """A listing was proposed, or proposed anew after it had been sent back."""

    party: Party
    within: Jurisdiction
    grade: Grade
    facts: str
    evidence: tuple[str, ...]
    legal_basis_reference: str
    penalty_reference: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistReviewed:
    """The legal review gave its opinion."""

    agrees: bool
    opinion: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistNoticeServed:
    """The party was told what is held against it and what it may do."""

    notice_reference: str
    served_on: date
    reasons: str
    rights: str
    respond_by: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistStatementMade:
    """The party stated its side."""

    statement: str
    received_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistHearingRequested:
    """The party asked for a hearing."""

    received_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistHearingHeld:
    """The hearing was held."""

    record_reference: str
    held_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistListed:
    """Decided: listed until ``ends_on``, the first day on which nothing is shown; ``rule`` is the policy's version."""

    document_number: str
    grade: Grade
    reason: str
    answer: str
    minimum_until: date
    """Before this day no repair (最短公示期)."""
    ends_on: date
    needs_consent: bool
    rule: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistRejected:
    """Decided: not listed. ``by_superior``: the authority above refused its consent."""

    reason: str
    by_superior: bool
    reference: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistConsented:
    """The authority above agreed."""

    reference: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistPublished:
    """In force: on the public list from this day (X12). Carries what is published."""

    institution_id: UUID | None
    name: str
    """Empty for a natural person."""
    code: str
    grade: Grade
    document_number: str
    summary: str
    is_public: bool
    ends_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistRepairApplied:
    """The party asked for repair."""

    application_reference: str
    received_on: date
    accept_by: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistRepairAccepted:
    """The application was taken in."""

    correction_reference: str
    duties_reference: str
    commitment_reference: str
    decide_by: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistRepairRefused:
    """The listing goes on."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistRepaired:
    """The credit is repaired; the removal follows in the same breath."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistRemoved:
    """Over: nothing is published, shared or used any more (X13). ``was_public``: consumers must forget it."""

    institution_id: UUID | None
    cause: Cause
    reference: str
    reason: str
    due_on: date | None
    """By when it had to be withdrawn, where there is such a day."""
    was_public: bool
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BlacklistDropped:
    """The proposal was taken back, or lost its ground, before anything was published."""

    reason: str
    on: date


Event: TypeAlias = (
    BlacklistProposed
    | BlacklistReviewed
    | BlacklistNoticeServed
    | BlacklistStatementMade
    | BlacklistHearingRequested
    | BlacklistHearingHeld
    | BlacklistListed
    | BlacklistRejected
    | BlacklistConsented
    | BlacklistPublished
    | BlacklistRepairApplied
    | BlacklistRepairAccepted
    | BlacklistRepairRefused
    | BlacklistRepaired
    | BlacklistRemoved
    | BlacklistDropped
    | annulment.Fact
)
