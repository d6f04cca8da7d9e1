"""What is asked of a staff record 从业人员: hiring, leaving, papers, and what lists say. The rules are in ``staff``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from mingjing_registry.domain.blacklist import Jurisdiction, SealedPerson
from mingjing_registry.domain.staff_facts import Bar, Post, Qualification, WorkPermit


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrolStaff:
    """The person works there. ``bar`` and ``school_id`` are what the lists said of her on this day."""

    institution_id: UUID
    within: Jurisdiction
    person: SealedPerson
    identity_digest: str
    post: Post
    qualification: Qualification | None
    bar: Bar | None = None
    school_id: UUID | None = None
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StateEmployment:
    """A staff list says that she works there, or did until a day. It asks for nothing: nobody is hired by it."""

    institution_id: UUID
    within: Jurisdiction
    person: SealedPerson
    identity_digest: str
    post: Post
    qualification: Qualification | None
    left_on: date | None
    reason: str
    """Which list says so."""
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndEmployment:
    """The person left, or was dismissed."""

    left_on: date
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordQualification:
    """A certificate was shown."""

    qualification: Qualification
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawQualification:
    """The certificate does not count: revoked, forged, not hers."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordWorkPermit:
    """She is a foreigner 外籍人员; what was shown of her permit to work."""

    permit: WorkPermit
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspectInService:
    """A school's roster names the same identity number."""

    school_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearInService:
    """She teaches at no school any more, or never did."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSchoolLikeness:
    """A school's roster has the same name and year of birth."""

    school_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeSchoolLikeness:
    """It is she, or somebody else."""

    is_same: bool
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBar:
    """The staff blacklist names somebody who works there (X14)."""

    bar: Bar
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBarLikeness:
    """The staff blacklist names somebody of whom it leaves the same open as is known of her: it may be she."""

    bar: Bar
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgeBarLikeness:
    """It is she, or somebody else."""

    is_same: bool
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftBar:
    """It does so no more."""

    entry_id: UUID
    on: date


Command: TypeAlias = (
    EnrolStaff
    | StateEmployment
    | EndEmployment
    | RecordQualification
    | WithdrawQualification
    | RecordWorkPermit
    | SuspectInService
    | ClearInService
    | NoteSchoolLikeness
    | JudgeSchoolLikeness
    | NoteBar
    | NoteBarLikeness
    | JudgeBarLikeness
    | LiftBar
)
