"""What the inspection service tells the others: visits, complaints, tasks.

The one rule: no word of a complainant and nothing of a person travels here; who needs the text asks the service, and
is seen asking.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Literal, TypeAlias
from uuid import UUID

from mingjing_contracts.envelope import Contract

VisitOutcome: TypeAlias = Literal["NO_ISSUE", "ISSUES", "DOOR_CLOSED", "NOT_FOUND", "REFUSED_ENTRY"]
"""未发现问题, 发现问题, 关门, 查无此处, 拒绝进入."""

Track: TypeAlias = Literal["DISPUTE", "REPORT", "WORK_ORDER"]
"""投诉, 举报, 工单."""


LeadVenue: TypeAlias = Literal["UNKNOWN", "HOME", "HOTEL", "CAFE", "OFFICE", "SHOP", "DEDICATED", "ONLINE"]
"""不详, 居民住宅, 酒店宾馆, 咖啡厅等, 写字楼, 临街商铺, 专门培训场所, 线上."""
LeadCover: TypeAlias = Literal[
    "NONE",
    "CONSULTING",
    "CULTURE",
    "HOUSEKEEPING",
    "LIVE_IN_TUTOR",
    "SHARED_TUTOR",
    "STUDY_TOUR",
    "CAMP",
    "CHILDCARE",
    "MESSAGING",
]
"""无名目, 咨询, 文化传播, 家政服务, 住家教师, 众筹私教, 研学, 冬夏令营, 托管, 即时通讯与直播."""

ComplaintWord: TypeAlias = Literal[
    "gone", "private-payment", "arrears", "refund-stalled", "loan", "fake-lesson", "thinning"
]
"""停课、失联、跑路; 付到个人账户; 拖欠工资房租; 退费难; 培训贷; 虚假消课; 并班停课."""


class VisitReportedV1(Contract):
    """A grid officer visited a site (巡查). ``failed`` and ``vetoes`` are checklist item codes (C01 …)."""

    subject: ClassVar[str] = "inspection.evt.visit.visit-reported.v1"

    visit_id: UUID
    institution_id: UUID
    site_id: UUID
    task_id: UUID | None
    outcome: VisitOutcome
    failed: tuple[str, ...]
    vetoes: tuple[str, ...]
    region: str
    visited_at: datetime


class VisitCorrectedV1(Contract):
    """A visit report was wrong; this is what was seen. ``corrects_version`` is the version that it replaces."""

    subject: ClassVar[str] = "inspection.evt.visit.visit-corrected.v1"

    visit_id: UUID
    institution_id: UUID
    site_id: UUID
    corrects_version: int
    outcome: VisitOutcome
    failed: tuple[str, ...]
    vetoes: tuple[str, ...]
    visited_at: datetime


class VisitHeadsCountedV1(Contract):
    """How many pupils an officer saw at a visit (清点人数), in how many classes. A later one of the same visit stands
    in the place of the earlier.
    """

    subject: ClassVar[str] = "inspection.evt.head-count.visit-heads-counted.v1"

    visit_id: UUID
    institution_id: UUID
    site_id: UUID
    pupils: int
    classes: int
    visited_at: datetime


class DoorClosedTwiceV1(Contract):
    """Two visits running found a site shut in teaching hours (连续两次关门, F30): to be counted, not judged."""

    subject: ClassVar[str] = "inspection.evt.closed-door.door-closed-twice.v1"

    site_id: UUID
    institution_id: UUID
    first_visit_id: UUID
    second_visit_id: UUID
    first_at: datetime
    second_at: datetime
    region: str
    department: str


class ComplaintReceivedV1(Contract):
    """Somebody complained (投诉、举报). ``institution_id`` is null as long as nobody knows whom it is about.

    ``channel`` is the service's own word: 12345, 12315, SUPERVISION_PHONE … ``urgent_words`` are the money-safety
    words (跑路, 失联 …) that made it urgent.
    """

    subject: ClassVar[str] = "inspection.evt.complaint.complaint-received.v1"

    complaint_id: UUID
    number: str
    channel: str
    institution_id: UUID | None
    tracks: tuple[Track, ...]
    within_remit: bool
    is_urgent: bool
    urgent_words: tuple[str, ...]
    region: str
    received_at: datetime


class ComplaintReceivedV2(Contract):
    """As version 1, and what the complaint says that bears on money: kinds of words, never the words themselves.

    Who complained stays where it was said: whether two complaints come from one person is nobody else's to know.
    """

    subject: ClassVar[str] = "inspection.evt.complaint.complaint-received.v2"

    complaint_id: UUID
    number: str
    channel: str
    institution_id: UUID | None
    tracks: tuple[Track, ...]
    within_remit: bool
    is_urgent: bool
    urgent_words: tuple[str, ...]
    says: tuple[ComplaintWord, ...]
    region: str
    received_at: datetime


class ComplaintAttributedV1(Contract):
    """A person found out whom a complaint is about; ``before`` is whom it was held to be about."""

    subject: ClassVar[str] = "inspection.evt.complaint.complaint-attributed.v1"

    complaint_id: UUID
    institution_id: UUID
    before: UUID | None
    is_urgent: bool
    received_at: datetime


class RefundDisputeAcceptedV1(Contract):
    """A dispute about this order's refund was accepted (退费纠纷受理, X9): its release waits until the dispute is over.

    ``track_id`` is the dispute; ``instead_of`` the order that it was held to be about, where that was wrong.
    """

    subject: ClassVar[str] = "inspection.evt.complaint-track.refund-dispute-accepted.v1"

    track_id: UUID
    contract_id: UUID
    instead_of: UUID | None
    institution_id: UUID | None
    accepted_at: datetime


class RefundDisputeEndedV1(Contract):
    """The dispute about this order is over (退费纠纷了结): nothing of it waits for it any more."""

    subject: ClassVar[str] = "inspection.evt.complaint-track.refund-dispute-ended.v1"

    track_id: UUID
    contract_id: UUID
    outcome: Literal["AGREED", "TERMINATED", "NOT_ACCEPTED", "WITHDRAWN", ""]
    ended_at: datetime


class ComplaintGroupFormedV1(Contract):
    """Several people complain of one institution (群体投诉, X8): ``people`` are distinct persons, ``disputes`` what
    they said; who they are stays where it was said.
    """

    subject: ClassVar[str] = "inspection.evt.complaint-group.complaint-group-formed.v1"

    group_id: UUID
    institution_id: UUID
    people: int
    disputes: int
    region: str
    department: str
    formed_at: datetime


class ComplainantCount(Contract):
    """Within so many ``days`` so many distinct ``people`` said so (an empty ``word``: complained at all), and so many
    complaints more of which nobody can tell who wrote them. A part of ``ComplainantsCountedV1``.
    """

    word: str
    """A ``ComplaintWord``, or empty; a word that is not known to the reader is passed over."""
    days: int
    """7, 30 or 60, up to and with the day of counting."""
    people: int
    unnamed: int


class ComplainantsCountedV1(Contract):
    """How many people complain of an institution (投诉人数), told whenever it changes; a window and word that is not
    named is zero. Numbers only: by what one person is told from another stays where it was said.
    """

    subject: ClassVar[str] = "inspection.evt.complainant-count.complainants-counted.v1"

    institution_id: UUID
    counts: tuple[ComplainantCount, ...]
    counted_on: date


class LedgerExtractAskedV1(Contract):
    """Who handles a complaint asks what stands in the ledger of an order (调取资金台账, X21), and for what."""

    subject: ClassVar[str] = "inspection.evt.complaint-track.ledger-extract-asked.v1"

    request_id: UUID
    track_id: UUID
    contract_id: UUID
    institution_id: UUID | None
    purpose: str
    by: str
    asked_at: datetime


class TaskPlannedV1(Contract):
    """Somebody must go and look (检查任务). Without a ``site_id``, ``why_no_site`` says why (``holder-unknown``,
    ``institution-unknown``, ``no-approved-site``); the institution may be unknown, too.

    ``alert_id`` and ``rule`` name the alert that it answers; both are empty when a person planned it.
    """

    subject: ClassVar[str] = "inspection.evt.task.task-planned.v1"

    task_id: UUID
    kind: Literal["URGENT", "ROUTINE", "SPECIAL", "RECHECK"]
    institution_id: UUID | None
    site_id: UUID | None
    why_no_site: str
    region: str
    department: str
    due_at: datetime
    alert_id: UUID | None
    rule: str


class TaskPlannedV2(Contract):
    """The same with every kind of task that is told of: an unannounced visit (四不两直) is not, before it is made.
    ``rule`` names what it follows: an alert's rule, ``plan:routine``, ``campaign:<id>``, ``draw:<id>:<attempt>``.
    """

    subject: ClassVar[str] = "inspection.evt.task.task-planned.v2"

    task_id: UUID
    kind: Literal["URGENT", "ROUTINE", "SPECIAL", "RECHECK", "PEAK", "CENSUS", "DOUBLE_RANDOM", "JOINT"]
    institution_id: UUID | None
    site_id: UUID | None
    why_no_site: str
    region: str
    department: str
    due_at: datetime
    alert_id: UUID | None
    rule: str


class TaskSubmittedV1(Contract):
    """The visit that a task asked for was made."""

    subject: ClassVar[str] = "inspection.evt.task.task-submitted.v1"

    task_id: UUID
    institution_id: UUID
    visit_id: UUID
    outcome: VisitOutcome
    submitted_at: datetime


class TaskClosedV1(Contract):
    """Somebody other than the officer looked at the report and closed the task."""

    subject: ClassVar[str] = "inspection.evt.task.task-closed.v1"

    task_id: UUID
    institution_id: UUID
    closed_at: datetime


class UnlicensedPremisesFoundV1(Contract):
    """Verified on the spot: somebody teaches at an address without a licence (X17). ``photos`` are SHA-256 digests of
    evidence that the inspection service keeps; who teaches there is told to nobody.
    """

    subject: ClassVar[str] = "inspection.evt.lead.unlicensed-premises-found.v1"

    lead_id: UUID
    address: str
    region: str
    department: str
    venue: LeadVenue
    cover: LeadCover
    photos: tuple[str, ...]
    found_at: datetime


class UnlicensedPremisesWithdrawnV1(Contract):
    """It was nothing after all: what ``UnlicensedPremisesFoundV1`` told is taken back."""

    subject: ClassVar[str] = "inspection.evt.lead.unlicensed-premises-withdrawn.v1"

    lead_id: UUID
    withdrawn_on: date
