"""Facts about an after-school provider 课后服务机构. The rules are in ``provider``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from mingjing_registry.domain.blacklist import Jurisdiction
from mingjing_registry.domain.evaluation import Deduction, Score


class Ground(StrEnum):
    """Why a provider left the county's list."""

    POOR_SERVICE = "poor-service"
    RECRUITING_AT_SCHOOL = "recruiting-at-school"
    NOT_DELIVERING = "not-delivering"
    DISRUPTING_SCHOOL = "disrupting-school"
    EVALUATION_FAILED = "evaluation-failed"
    STANDING_LOST = "standing-lost"
    """Black-listed, or the licence suspended, revoked, cancelled or run out (X12): the institution's own facts say."""
    TERM_OVER = "term-over"
    WITHDREW = "withdrew"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderProposed:
    """Somebody wants it on the county's list."""

    within: Jurisdiction
    services: tuple[str, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderSelected:
    """On the county's list for a term: schools may choose it."""

    decision_reference: str
    from_on: date
    until_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderChosen:
    """A school agreed with it."""

    agreement_id: UUID
    school_id: UUID
    from_on: date
    until_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementEnded:
    """That school's agreement is over."""

    agreement_id: UUID
    school_id: UUID
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PointsDeducted:
    """An entry of the open evaluation."""

    deduction: Deduction
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DeductionWithdrawn:
    """It was entered by mistake."""

    entry_id: UUID
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationClosed:
    """A person closed the evaluation of a period; the next begins with all points."""

    period: str
    score: Score
    entries: int
    policy_version: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderLeft:
    """Off the county's list; each of these schools is to be told and its agreement is over."""

    ground: Ground
    reason: str
    schools: tuple[UUID, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderReturnDue:
    """The listing that took it off the list fell, or was repaired, within its term: somebody is to decide within so
    many working days whether it is put back (X13). ``until_on`` is the last day of the term that it lost.
    """

    listing_id: UUID
    until_on: date
    working_days: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderReturnOverdue:
    """Nobody decided in time."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderReturnDeclined:
    """Somebody decided that it is not put back."""

    reason: str
    on: date


ReturnFact: TypeAlias = ProviderReturnDue | ProviderReturnOverdue | ProviderReturnDeclined
Event: TypeAlias = (
    ProviderProposed
    | ProviderSelected
    | ProviderChosen
    | AgreementEnded
    | PointsDeducted
    | DeductionWithdrawn
    | EvaluationClosed
    | ProviderLeft
    | ReturnFact
)
