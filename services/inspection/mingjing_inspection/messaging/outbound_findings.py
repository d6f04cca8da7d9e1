"""Facts of findings, rectifications and supervision -> contracts, under the canonical names of the domain.

One rule: what was found travels as a kind of matter, never in words; addresses and photos stay here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from mingjing_contracts.inspection_cases import (
    IssueClosedV1,
    IssueDispatchedV1,
    IssueReopenedV1,
    IssueReportedV1,
    JointOperationOpenedV1,
    OverdueToldV1,
    RectificationFailedV1,
    RectificationOrderedV1,
    RectificationPassedV1,
    SlaBreachedV1,
)
from mingjing_inspection.domain import finding_facts as f
from mingjing_inspection.domain import rectification_facts as r
from mingjing_inspection.domain.operation_facts import OperationLaunched
from mingjing_inspection.domain.overdue_notice import OverdueTold
from mingjing_inspection.domain.task_steps import Escalation, TaskEscalated
from mingjing_kernel.broker.message import ContractModel
from mingjing_kernel.clock import end_of
from mingjing_kernel.log import Recorded

RECTIFY, VISIT, WHOLE = "RECTIFY", "VISIT", "ALL"
"""The one step of a rectification and of a task; a listing is about the whole finding."""


def issue_reported(fact: Recorded[f.FindingReported]) -> IssueReportedV1:
    """That something was found, and where."""
    event = fact.event
    return IssueReportedV1(
        finding_id=fact.id,
        institution_id=event.place.institution_id,
        site_id=event.place.site_id,
        visit_id=event.source.visit_id,
        department=event.department,
        region=event.place.region,
        category=event.place.category,
        matter=event.matter.value,
        severity=event.severity.value,
        is_veto=event.is_veto,
        reported_at=event.at,
    )


def issue_dispatched(fact: Recorded[f.FindingDispatched | f.FindingAllotted]) -> IssueDispatchedV1:
    """Whose it is now, and until when."""
    event = fact.event
    return IssueDispatchedV1(
        finding_id=fact.id,
        department=event.owner,
        handler_department=event.department,
        region=event.region,
        matter=event.matter.value,
        round=event.round,
        is_rework=event.is_rework,
        due_at=event.limit.due_at,
        dispatched_at=event.at,
    )


def issue_closed(fact: Recorded[f.FindingClosed]) -> IssueClosedV1:
    """That it is done with, and how well."""
    event = fact.event
    return IssueClosedV1(finding_id=fact.id, round=event.round, rating=event.rating.value, closed_at=event.at)


def issue_reopened(fact: Recorded[f.FindingReopened]) -> IssueReopenedV1:
    """That it is back."""
    return IssueReopenedV1(finding_id=fact.id, round=fact.event.round, is_by_sample=False, reopened_at=fact.event.at)


def issue_reinspected(fact: Recorded[f.FindingReinspected]) -> IssueReopenedV1 | None:
    """The same where a sample found that it was not put right."""
    if fact.event.is_fixed:
        return None
    return IssueReopenedV1(finding_id=fact.id, round=fact.event.round, is_by_sample=True, reopened_at=fact.event.at)


def rectification_ordered(fact: Recorded[r.RectificationOrdered]) -> RectificationOrderedV1:
    """That somebody has to put something right, and until when."""
    event, grounds = fact.event, fact.event.grounds
    return RectificationOrderedV1(
        rectification_id=fact.id,
        institution_id=grounds.institution_id,
        site_id=grounds.site_id,
        finding_id=grounds.finding_id,
        department=grounds.department,
        region=grounds.region,
        category=grounds.category,
        deadline=event.deadline,
        ordered_on=event.on,
    )


def rectification_ended(
    fact: Recorded[r.RectificationRechecked],
) -> RectificationPassedV1 | RectificationFailedV1 | None:
    """How it ended; of the first form of the fact nothing, which does not say whose it is."""
    event = fact.event
    if event.institution_id is None:
        return None
    made = RectificationPassedV1 if event.is_passed else RectificationFailedV1
    return made(rectification_id=fact.id, institution_id=event.institution_id, on=event.on)


def finding_late(fact: Recorded[f.FindingSupervised]) -> SlaBreachedV1:
    """A step of a finding took too long."""
    return SlaBreachedV1(
        kind="finding",
        thing_id=fact.id,
        institution_id=None,
        step=fact.event.step.value,
        level="SUPERVISED",
        at=fact.event.at,
    )


def finding_listed(fact: Recorded[f.FindingListed]) -> SlaBreachedV1:
    """A superior watches it."""
    return SlaBreachedV1(
        kind="finding", thing_id=fact.id, institution_id=None, step=WHOLE, level="LISTED", at=fact.event.at
    )


def task_late(fact: Recorded[TaskEscalated]) -> SlaBreachedV1 | None:
    """Nobody went in time; a reminder is no breach."""
    event = fact.event
    if event.step is Escalation.REMINDED:
        return None
    return SlaBreachedV1(
        kind="task",
        thing_id=fact.id,
        institution_id=event.institution_id,
        step=VISIT,
        level="LISTED" if event.step is Escalation.LISTED else "SUPERVISED",
        at=end_of(event.on),
    )


def rectification_late(fact: Recorded[r.RectificationLapsed]) -> SlaBreachedV1:
    """The deadline has passed without a word."""
    return SlaBreachedV1(
        kind="rectification",
        thing_id=fact.id,
        institution_id=None,
        step=RECTIFY,
        level="SUPERVISED",
        at=end_of(fact.event.on),
    )


def overdue_told(fact: Recorded[OverdueTold]) -> OverdueToldV1:
    """Who is told of which step."""
    event = fact.event
    return OverdueToldV1(
        notice_id=fact.id,
        kind=event.kind.value,
        thing_id=event.thing_id,
        step=event.step,
        level=event.level.value,
        addressee=event.addressee.value,
        institution_id=event.institution_id,
        department=event.department,
        region=event.region,
        due_on=event.due_on,
        at=event.at,
    )


def operation_opened(fact: Recorded[OperationLaunched]) -> JointOperationOpenedV1:
    """Who is out together."""
    event = fact.event
    return JointOperationOpenedV1(
        operation_id=fact.id, departments=event.departments, tasks=event.tasks, opened_at=event.at
    )


FINDINGS_OUTBOUND: Mapping[type[Any], Callable[[Recorded[Any]], ContractModel | None]] = MappingProxyType(
    {
        f.FindingReported: issue_reported,
        f.FindingDispatched: issue_dispatched,
        f.FindingAllotted: issue_dispatched,
        f.FindingClosed: issue_closed,
        f.FindingReopened: issue_reopened,
        f.FindingReinspected: issue_reinspected,
        f.FindingSupervised: finding_late,
        f.FindingListed: finding_listed,
        r.RectificationOrdered: rectification_ordered,
        r.RectificationRechecked: rectification_ended,
        r.RectificationLapsed: rectification_late,
        TaskEscalated: task_late,
        OverdueTold: overdue_told,
        OperationLaunched: operation_opened,
    }
)
