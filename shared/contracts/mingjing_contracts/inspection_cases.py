"""What the inspection service tells of findings, rectifications, breaches of time and joint operations.

The one rule: what is told is what happened to a file; what was written in it stays with the service.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Literal
from uuid import UUID

from mingjing_contracts.envelope import Contract


class IssueReportedV1(Contract):
    """A finding was opened (问题采集): by an item of a visit, or by hand. Without ``institution_id`` it is of premises
    that nobody registered. ``department`` is whose file it is; ``matter`` the service's own word (FEES, FIRE_SAFETY …).
    """

    subject: ClassVar[str] = "inspection.evt.finding.issue-reported.v1"

    finding_id: UUID
    institution_id: UUID | None
    site_id: UUID | None
    visit_id: UUID | None
    department: str
    region: str
    category: str
    matter: str
    severity: Literal["NOTICE", "YELLOW", "RED"]
    is_veto: bool
    reported_at: datetime


class IssueDispatchedV1(Contract):
    """A department has it to handle until ``due_at`` (派遣), in this round; ``is_rework``: not for the first time."""

    subject: ClassVar[str] = "inspection.evt.finding.issue-dispatched.v1"

    finding_id: UUID
    department: str
    handler_department: str
    region: str
    matter: str
    round: int
    is_rework: bool
    due_at: datetime
    dispatched_at: datetime


class IssueClosedV1(Contract):
    """It is done with (结案), by somebody other than who handled it."""

    subject: ClassVar[str] = "inspection.evt.finding.issue-closed.v1"

    finding_id: UUID
    round: int
    rating: Literal["GOOD", "FAIR", "POOR"]
    closed_at: datetime


class IssueReopenedV1(Contract):
    """A closed one is back (重开): somebody says so, or a sample that was looked at; ``round``: the one before."""

    subject: ClassVar[str] = "inspection.evt.finding.issue-reopened.v1"

    finding_id: UUID
    round: int
    is_by_sample: bool
    reopened_at: datetime


class RectificationOrderedV1(Contract):
    """An institution has to put something right by a day (责令限期整改). It is no penalty."""

    subject: ClassVar[str] = "inspection.evt.rectification.rectification-ordered.v1"

    rectification_id: UUID
    institution_id: UUID
    site_id: UUID | None
    finding_id: UUID | None
    department: str
    region: str
    category: str
    deadline: date
    ordered_on: date


class RectificationPassedV1(Contract):
    """It is put right and off the ledger (销号)."""

    subject: ClassVar[str] = "inspection.evt.rectification.rectification-passed.v1"

    rectification_id: UUID
    institution_id: UUID
    on: date


class RectificationFailedV1(Contract):
    """It is not put right (未整改到位); a lead goes to enforcement, nothing is decided yet."""

    subject: ClassVar[str] = "inspection.evt.rectification.rectification-failed.v1"

    rectification_id: UUID
    institution_id: UUID
    on: date


class SlaBreachedV1(Contract):
    """The time of a step is over (超期督办), or a superior has it on its list (挂牌督办); X20.

    ``kind`` is what is late, ``step`` the step that is: VERIFY, DISPATCH, HANDLE, RECHECK or ALL of a finding, VISIT of
    a task, RECTIFY of a rectification; ``institution_id`` where the fact itself says it.
    """

    subject: ClassVar[str] = "inspection.evt.supervision.sla-breached.v1"

    kind: Literal["finding", "task", "rectification"]
    thing_id: UUID
    institution_id: UUID | None
    step: str
    level: Literal["SUPERVISED", "LISTED"]
    at: datetime


class OverdueToldV1(Contract):
    """Somebody is told of a step that is nearly late or late (催办督办告知); X20.

    ``addressee`` says who: the department that has the step, the one above it, whoever organized it, or the institution
    whose own duty it is;
    ``institution_id`` stands in a notice to an institution alone. ``kind`` and ``step`` as in ``SlaBreachedV1``, and
    a track of a complaint with the clock that runs.
    """

    subject: ClassVar[str] = "inspection.evt.supervision.overdue-told.v1"

    notice_id: UUID
    kind: Literal["finding", "task", "rectification", "track"]
    thing_id: UUID
    step: str
    level: Literal["REMINDED", "SUPERVISED", "LISTED"]
    addressee: Literal["DEPARTMENT", "SUPERIOR", "INSTITUTION", "ORGANIZER"]
    institution_id: UUID | None
    department: str
    region: str
    due_on: date | None
    at: datetime


class JointOperationOpenedV1(Contract):
    """Several departments are out together (联合检查); which sites they look at is not told before."""

    subject: ClassVar[str] = "inspection.evt.operation.joint-operation-opened.v1"

    operation_id: UUID
    departments: tuple[str, ...]
    tasks: int
    opened_at: datetime
