"""Facts about staff 从业人员, and what they are made of. The rules are in ``staff``.

One rule: no fact has a name or a number in the clear.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeAlias
from uuid import UUID

from mingjing_registry.domain.blacklist import Jurisdiction, SealedPerson


class Work(StrEnum):
    """What the person does there."""

    TEACHER = "teacher"
    """教学人员"""
    RESEARCH = "research"
    """教研人员"""
    MANAGEMENT = "management"
    OTHER = "other"


class Proof(StrEnum):
    """What shows that the person may teach."""

    TEACHER_CERTIFICATE = "teacher-certificate"
    """教师资格证: for curriculum subjects."""
    ABILITY = "ability"
    """职业（专业）能力证明: for everything else."""


LOST_DIGITS: Final = "…"
"""At the end of a certificate's number: what a spreadsheet lost of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Qualification:
    """A certificate, displayed on site and online (S1:199)."""

    proof: Proof
    number: str
    subject: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What the person was hired for."""

    work: Work
    is_subject: bool
    is_full_time: bool
    from_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """An entry of the staff blacklist (B3) that names this person."""

    entry_id: UUID
    reason: str
    decision_reference: str
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPermit:
    """Of a foreigner 外籍人员 (R9): where she is, and by which permit she works. No number: none was shown."""

    is_abroad: bool
    number: str
    valid_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffEnrolled:
    """Somebody began to work there."""

    institution_id: UUID
    within: Jurisdiction
    person: SealedPerson
    identity_digest: str
    post: Post
    qualification: Qualification | None
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLeft:
    """Somebody works there no more."""

    left_on: date
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class QualificationRecorded:
    """What she may teach."""

    qualification: Qualification
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class QualificationWithdrawn:
    """It counts no more."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkPermitRecorded:
    """She is a foreigner, and this is what was shown."""

    institution_id: UUID
    permit: WorkPermit
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InServiceSuspected:
    """For the education department's discipline office; the institution is not told (X18)."""

    school_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InServiceCleared:
    """A person looked into it."""

    school_id: UUID
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolLikenessNoted:
    """A school's roster has somebody of the same name and year of birth; a person judges whether it is she."""

    school_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SchoolLikenessJudged:
    """A person said whether it is she; where it is, the suspicion stands beside this fact."""

    school_id: UUID
    is_same: bool
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffBarNoted:
    """Must be dismissed; does not count as staff from now on."""

    bar: Bar
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffBarLifted:
    """The entry ended or was dropped by its source, whether it named her or only might."""

    entry_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffBarLikenessNoted:
    """The staff blacklist masks its numbers, or this record its own: what both leave open is the same, and so is the
    name. A person judges whether it is she; until then nothing follows.
    """

    bar: Bar
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffBarLikenessJudged:
    """A person said whether it is she; where it is, the bar stands beside this fact."""

    entry_id: UUID
    is_same: bool
    reason: str
    on: date


Event: TypeAlias = (
    StaffEnrolled
    | StaffLeft
    | QualificationRecorded
    | QualificationWithdrawn
    | WorkPermitRecorded
    | InServiceSuspected
    | InServiceCleared
    | SchoolLikenessNoted
    | SchoolLikenessJudged
    | StaffBarNoted
    | StaffBarLifted
    | StaffBarLikenessNoted
    | StaffBarLikenessJudged
)
