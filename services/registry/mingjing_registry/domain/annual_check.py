"""Annual check 年检: DUE → SUBMITTED → REVIEWED → pass, basic pass or fail; a fail is checked again.

One rule: one check a year, reviewed by one officer and decided by another; after a fail nobody new is enrolled until
the re-check is passed (L08 art 42, S3:213).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal, TypeAlias

CheckResult: TypeAlias = Literal["pass", "basic-pass", "fail"]
"""Annual check 年检结论: 合格, 基本合格, 不合格."""


class CheckState(StrEnum):
    """How far the check of a year is."""

    DUE = "due"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the institution hands in 年度报告."""

    reference: str
    students: int
    staff: int
    income_fen: int
    refunds_fen: int
    statement: str


# Commands -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAnnualCheck:
    """The check of this year is due by a day."""

    year: int
    due_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitAnnualReport:
    """The institution has handed in its report."""

    year: int
    report: Report
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewAnnualReport:
    """An officer has looked at it and proposes a result."""

    year: int
    proposed: CheckResult
    findings: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideAnnualCheck:
    """Another officer decides; a fail carries the day by which it must be put right."""

    year: int
    result: CheckResult
    reason: str
    rectify_until: date | None
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckAnnualCheck:
    """Look again after a fail 复检."""

    year: int
    result: CheckResult
    reason: str
    rectify_until: date | None
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordAnnualCheck:
    """Take over a result that was found elsewhere, as a register states it."""

    result: CheckResult
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindOfRecheck:
    """The day by which a fail is put right has come; harmless where nothing waits for it."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRecheckDue:
    """That day has passed without a re-check; harmless where it has not."""

    on: date


Command: TypeAlias = (
    OpenAnnualCheck
    | SubmitAnnualReport
    | ReviewAnnualReport
    | DecideAnnualCheck
    | RecheckAnnualCheck
    | RecordAnnualCheck
    | RemindOfRecheck
    | NoteRecheckDue
)

# Events ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualCheckOpened:
    """The check of a year is due."""

    year: int
    due_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualReportSubmitted:
    """The report is in."""

    year: int
    report: Report
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualReportReviewed:
    """It was looked at."""

    year: int
    proposed: CheckResult
    findings: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualCheckRecorded:
    """The annual check's result; without a year it is a register's word."""

    result: CheckResult
    on: date
    year: int | None = None
    reason: str = ""
    rectify_until: date | None = None
    again: bool = False
    """By a re-check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecruitmentRestricted:
    """Nobody new is enrolled 限制招生."""

    year: int
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecruitmentAllowed:
    """The restriction ended."""

    year: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckReminded:
    """Whoever has to check again was reminded on the last day."""

    year: int
    rectify_until: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckFellDue:
    """The day to put it right has passed: nobody is enrolled until somebody has checked again."""

    year: int
    rectify_until: date
    on: date


Event: TypeAlias = (
    AnnualCheckOpened
    | AnnualReportSubmitted
    | AnnualReportReviewed
    | AnnualCheckRecorded
    | RecruitmentRestricted
    | RecruitmentAllowed
    | RecheckReminded
    | RecheckFellDue
)

# State ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class YearCheck:
    """The check of one year."""

    year: int
    due_on: date
    state: CheckState = CheckState.DUE
    result: CheckResult | None = None
    rectify_until: date | None = None
    is_reminded: bool = False
    """Of that day."""
    is_overdue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnualChecks:
    """All years, the latest one last."""

    years: tuple[YearCheck, ...] = ()
    is_recruitment_restricted: bool = False

    @property
    def current(self) -> YearCheck | None:
        """The check that acts are about."""
        return self.years[-1] if self.years else None

    @property
    def failed(self) -> YearCheck | None:
        """The failed check that neither a re-check nor a later year's decision has undone."""
        decided = [one for one in self.years if one.state is CheckState.DECIDED]
        return decided[-1] if decided and decided[-1].result == "fail" else None
