"""What may be asked of a finding (问题案卷); the rules are in ``finding``.

One rule: a command that starts a step brings the step's limit, reckoned by whoever asks from the numbers in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from mingjing_inspection.domain.checklist import Severity
from mingjing_inspection.domain.dispatching import Suggestion
from mingjing_inspection.domain.finding_terms import Limit, Matter, Place, Rating, Source, Step, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFinding:
    """A problem was found; ``department`` is the competent one, which owns the file."""

    place: Place
    department: str
    matter: Matter
    severity: Severity
    is_veto: bool
    summary: str
    photos: tuple[str, ...]
    source: Source
    by: str
    at: datetime
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSourceCorrected:
    """The visit says something else now. It is noted, and changes no state and no clock."""

    visit_version: int
    is_still_failed: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyFinding:
    """It is so: the file is opened. ``is_on_site``: somebody else went and looked."""

    note: str
    is_on_site: bool
    by: str
    at: datetime
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteOffFinding:
    """It is not so, or none of ours."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DispatchFinding:
    """Give it to a department. ``suggestion`` is the table's; who differs from it says why."""

    department: str
    urgency: Urgency
    suggestion: Suggestion
    reason: str
    by: str
    at: datetime
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class AllotFinding:
    """The task force says whose it is: final, after it came back twice."""

    department: str
    urgency: Urgency
    suggestion: Suggestion
    reason: str
    by: str
    at: datetime
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnFinding:
    """Not ours; it is theirs."""

    reason: str
    suggested_department: str
    by: str
    at: datetime
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class StartHandling:
    """Somebody of the department takes it on."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendFinding:
    """More time, once, while there is some left."""

    reason: str
    by: str
    at: datetime
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedBackFinding:
    """What was done, and what shows it."""

    measures: str
    photos: tuple[str, ...]
    by: str
    at: datetime
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckFinding:
    """Somebody else looked: it is put right, or it goes back. ``limit`` is that of the next step."""

    is_passed: bool
    note: str
    by: str
    at: datetime
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseFinding:
    """Done with, and how well."""

    conclusion: str
    rating: Rating
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenFinding:
    """It is back, or never was put right."""

    reason: str
    by: str
    at: datetime
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinspectFinding:
    """A closed one that a sample drew was looked at once more, by somebody who had no hand in it."""

    sample_id: UUID
    is_fixed: bool
    note: str
    by: str
    at: datetime
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindFinding:
    """Four fifths of a step's time are over."""

    step: Step
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperviseFinding:
    """A step's time is over."""

    step: Step
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFinding:
    """A superior puts it on its list 挂牌督办."""

    reason: str
    by: str
    at: datetime


Command: TypeAlias = (
    ReportFinding
    | NoteSourceCorrected
    | VerifyFinding
    | WriteOffFinding
    | DispatchFinding
    | AllotFinding
    | ReturnFinding
    | StartHandling
    | ExtendFinding
    | FeedBackFinding
    | RecheckFinding
    | CloseFinding
    | ReopenFinding
    | ReinspectFinding
    | RemindFinding
    | SuperviseFinding
    | ListFinding
)
