"""Facts of a finding (问题案卷): the seven steps, and who was reminded of them.

One rule: a fact that starts a clock carries its limit; a fact of the handling says its round, so that each dispatch can
be counted for itself: in time or not, sent back, done again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from mingjing_inspection.domain.checklist import Severity
from mingjing_inspection.domain.dispatching import Ground
from mingjing_inspection.domain.finding_terms import Limit, Matter, Place, Rating, Source, Step, Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingReported:
    """A problem was found 采集; ``department`` is the competent one."""

    place: Place
    department: str
    matter: Matter
    severity: Severity
    is_veto: bool
    urgency: Urgency
    summary: str
    photos: tuple[str, ...]
    source: Source
    by: str
    at: datetime
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingSourceCorrected:
    """The visit that it came from says something else now; whoever verifies sees it."""

    visit_version: int
    is_still_failed: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingVerified:
    """It is so 立案."""

    note: str
    is_on_site: bool
    by: str
    at: datetime
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingWrittenOff:
    """It is not so, or none of ours 不予立案."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingDispatched:
    """A department has it 派遣, in this round. ``owner`` is the department whose file it is."""

    round: int
    is_rework: bool
    department: str
    owner: str
    region: str
    category: str
    matter: Matter
    urgency: Urgency
    ground: Ground
    matrix: str
    suggested_department: str
    reason: str
    by: str
    at: datetime
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingAllotted:
    """The task force said whose it is 专班指定; nobody sends it back any more."""

    round: int
    is_rework: bool
    department: str
    owner: str
    region: str
    category: str
    matter: Matter
    urgency: Urgency
    ground: Ground
    matrix: str
    suggested_department: str
    reason: str
    by: str
    at: datetime
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingReturned:
    """The department says that it is another's 退回; ``times`` it came back until now."""

    round: int
    reason: str
    suggested_department: str
    times: int
    by: str
    at: datetime
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingStarted:
    """Somebody of the department is on it 处置."""

    round: int
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingExtended:
    """It got more time, once 延期."""

    round: int
    reason: str
    by: str
    at: datetime
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingFedBack:
    """The department says what it did 反馈."""

    round: int
    measures: str
    photos: tuple[str, ...]
    by: str
    at: datetime
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRechecked:
    """Somebody else looked 核查; where it did not pass, it is to be dispatched again within ``limit``."""

    round: int
    is_passed: bool
    note: str
    by: str
    at: datetime
    limit: Limit | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingClosed:
    """Done with 结案, and how well 综合评价."""

    round: int
    conclusion: str
    rating: Rating
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingReopened:
    """A closed one is back 重开."""

    round: int
    reason: str
    by: str
    at: datetime
    limit: Limit


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingReinspected:
    """A closed one that a sample drew was looked at 抽查复核; where it is not put right, it is open again."""

    round: int
    sample_id: UUID
    is_fixed: bool
    note: str
    by: str
    at: datetime
    limit: Limit | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingReminded:
    """Four fifths of a step's time are over 催办."""

    step: Step
    round: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingSupervised:
    """A step's time is over 督办. ``proposes_listing``: not the first time, so a superior may put it on its list."""

    step: Step
    round: int
    times: int
    proposes_listing: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingListed:
    """A superior has it on its list 挂牌督办."""

    reason: str
    by: str
    at: datetime


Event: TypeAlias = (
    FindingReported
    | FindingSourceCorrected
    | FindingVerified
    | FindingWrittenOff
    | FindingDispatched
    | FindingAllotted
    | FindingReturned
    | HandlingStarted
    | FindingExtended
    | FindingFedBack
    | FindingRechecked
    | FindingClosed
    | FindingReopened
    | FindingReinspected
    | FindingReminded
    | FindingSupervised
    | FindingListed
)
