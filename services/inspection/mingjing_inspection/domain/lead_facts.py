"""Commands and facts of a lead (线索); the rules are in ``lead``.

One rule: a lead that a reaction opened is about a registered institution; one that a person reports is about a place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from mingjing_inspection.domain.finding_terms import Place
from mingjing_inspection.domain.lead_others import (
    EscalateLead,
    KeepOther,
    LeadEscalated,
    LeadOtherKept,
    LeadOtherSettled,
    SettleOther,
)
from mingjing_inspection.domain.lead_terms import Cover, LeadOrigin, PriceHint, TaughtAt, Venue
from mingjing_inspection.domain.lead_told import Told
from mingjing_inspection.domain.lead_triage import Answer, Question, Verdict


class LeadStage(StrEnum):
    """How far it is."""

    OPEN = "OPEN"
    """待核查"""
    VERIFYING = "VERIFYING"
    """核查中"""
    CASE_PROPOSED = "CASE_PROPOSED"
    """建议立案"""
    NOT_SUBSTANTIATED = "NOT_SUBSTANTIATED"
    """查无实据"""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenLead:
    """A reaction opens it; ``source_id`` is the finding or rectification that it came from."""

    origin: LeadOrigin
    stage: LeadStage
    place: Place
    department: str
    source_id: UUID
    summary: str
    reaction: str
    at: datetime
    take_on_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLead:
    """A person opens it, about a place. ``region`` is the grid at the position in the version ``version_id`` of the
    surveyed grids, or what was stated where no grid has the position.
    """

    origin: LeadOrigin
    told: Told
    region: str
    version_id: UUID | None
    department: str
    category: str
    by: str
    at: datetime
    take_on_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SeeAgain:
    """Somebody saw more of it."""

    times: tuple[TaughtAt, ...]
    prices: tuple[PriceHint, ...]
    photos: tuple[str, ...]
    note: str
    seen_at: datetime
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyLead:
    """An official begins to verify it."""

    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FindPremises:
    """Verified on the spot: somebody teaches there without a licence."""

    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTriage:
    """What is known about one element; yes and no name photos of the lead or words as their evidence."""

    question: Question
    answer: Answer
    evidence: tuple[str, ...]
    note: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmTriage:
    """A person stands for what the rule says."""

    verdict: Verdict
    note: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteToldRegistry:
    """X17 passed its guards: the registry is told."""

    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConcludeLead:
    """What came of it: a case is proposed, or nothing was found."""

    is_case_proposed: bool
    note: str
    by: str
    on: date


Command: TypeAlias = (
    OpenLead
    | ReportLead
    | SeeAgain
    | VerifyLead
    | FindPremises
    | AnswerTriage
    | ConfirmTriage
    | NoteToldRegistry
    | KeepOther
    | SettleOther
    | EscalateLead
    | ConcludeLead
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadOpened:
    """There is a lead."""

    origin: LeadOrigin
    stage: LeadStage
    place: Place
    department: str
    source_id: UUID
    summary: str
    reaction: str
    at: datetime
    take_on_days: int = 0
    """Working days until somebody has to have taken it on; 0 in facts from before there was such a clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadReported:
    """There is a lead about a place that no institution is known for."""

    origin: LeadOrigin
    told: Told
    region: str
    version_id: UUID | None
    department: str
    category: str
    by: str
    at: datetime
    take_on_days: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadSeenAgain:
    """More was seen."""

    times: tuple[TaughtAt, ...]
    prices: tuple[PriceHint, ...]
    photos: tuple[str, ...]
    note: str
    seen_at: datetime
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadVerificationStarted:
    """Somebody is on it."""

    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlicensedPremisesFound:
    """Somebody teaches there without a licence: X17 and the triage begin. Repeats what a list of places shows."""

    address: str
    region: str
    department: str
    category: str
    venue: Venue
    cover: Cover
    photos: tuple[str, ...]
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageAnswered:
    """One element is known, or known to be unknown."""

    question: Question
    answer: Answer
    evidence: tuple[str, ...]
    note: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageConfirmed:
    """The verdict stands until an answer changes; ``missing`` is what O1 lacked."""

    verdict: Verdict
    missing: tuple[Question, ...]
    forms: tuple[Question, ...]
    rule: str
    note: str
    by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlicensedPremisesNotified:
    """The registry is told of it (X17)."""

    address: str
    region: str
    department: str
    category: str
    venue: Venue
    cover: Cover
    photos: tuple[str, ...]
    found_at: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlicensedPremisesWithdrawn:
    """It was nothing after all: the registry, which had been told, is told so."""

    note: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadConcluded:
    """A case is proposed, or it was nothing."""

    is_case_proposed: bool
    note: str
    by: str
    on: date


Event: TypeAlias = (
    LeadOpened
    | LeadReported
    | LeadSeenAgain
    | LeadVerificationStarted
    | UnlicensedPremisesFound
    | TriageAnswered
    | TriageConfirmed
    | UnlicensedPremisesNotified
    | UnlicensedPremisesWithdrawn
    | LeadOtherKept
    | LeadOtherSettled
    | LeadEscalated
    | LeadConcluded
)
