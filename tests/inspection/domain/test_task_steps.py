"""A task in people's hands: assigned, declined, handed over, started, reviewed, cancelled, chased."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from inspection.domain.test_task import (
    ACCEPT,
    ACCEPTED,
    AT,
    CLOSE,
    CLOSED,
    INSTITUTION,
    NOWHERE,
    PLANNED,
    SUBMIT,
    SUBMITTED,
    VISIT_ID,
)
from mingjing_inspection.domain import task_refusals as no
from mingjing_inspection.domain.task import TASK
from mingjing_inspection.domain.task_facts import Command, Event
from mingjing_inspection.domain.task_steps import (
    AssignTask,
    CancelTask,
    DeclineTask,
    EscalateTask,
    Escalation,
    HandOverTask,
    ReviewTask,
    StartTask,
    TaskAssigned,
    TaskCancelled,
    TaskDeclined,
    TaskEscalated,
    TaskHandedOver,
    TaskReviewed,
    TaskStarted,
)
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec

DAY = date(2026, 4, 4)
ASSIGN = AssignTask(officer="o1", colleagues=("o2",), assigned_by="p", assigned_at=AT)
DECLINE = DeclineTask(officer="o1", reason="休假", declined_at=AT)
HAND_OVER = HandOverTask(to="o2", reason="调岗", handed_by="o1", by_planner=False, handed_at=AT)
START = StartTask(officer="o1", started_at=AT)
REVIEW = ReviewTask(is_sound=True, remark="", reviewed_by="p", reviewed_at=AT)
REDO = ReviewTask(is_sound=False, remark="照片不清", reviewed_by="p", reviewed_at=AT)
CANCEL = CancelTask(reason="机构已注销", cancelled_by="p", cancelled_at=AT)
LATE = EscalateTask(step=Escalation.OVERDUE, due_on=DAY, on=DAY)
STEPS: tuple[Command, ...] = (
    ASSIGN,
    replace(ASSIGN, officer="o2", colleagues=()),
    replace(ASSIGN, colleagues=("o1",)),
    DECLINE,
    replace(DECLINE, officer="o2"),
    HAND_OVER,
    replace(HAND_OVER, to="o1", handed_by="p", by_planner=True),
    START,
    replace(START, officer="o2"),
    REVIEW,
    REDO,
    CANCEL,
    replace(CANCEL, reason=" "),
    LATE,
    replace(LATE, step=Escalation.REMINDED),
)
ASSIGNED = TaskAssigned(institution_id=INSTITUTION, officer="o1", colleagues=("o2",), assigned_by="p", assigned_at=AT)
DECLINED = TaskDeclined(institution_id=INSTITUTION, officer="o1", reason="休假", declined_at=AT)
HANDED = TaskHandedOver(institution_id=INSTITUTION, officer="o1", to="o2", reason="调岗", handed_by="o1", handed_at=AT)
STARTED = TaskStarted(institution_id=INSTITUTION, officer="o1", started_at=AT)
SOUND = TaskReviewed(
    institution_id=INSTITUTION, visit_id=VISIT_ID, is_sound=True, remark="", reviewed_by="p", reviewed_at=AT
)
UNSOUND = replace(SOUND, is_sound=False, remark="照片不清")
CANCELLED = TaskCancelled(institution_id=INSTITUTION, reason="机构已注销", cancelled_by="p", cancelled_at=AT)
OVERDUE = TaskEscalated(institution_id=INSTITUTION, step=Escalation.OVERDUE, officer="", due_on=DAY, on=DAY)


def test_a_task_is_assigned_accepted_started_submitted_reviewed_closed() -> None:
    Spec(TASK).given(PLANNED).when(ASSIGN).then(ASSIGNED)
    Spec(TASK).given(PLANNED, ASSIGNED).when(ACCEPT).then(ACCEPTED)
    Spec(TASK).given(PLANNED, ASSIGNED, ACCEPTED).when(START).then(STARTED)
    Spec(TASK).given(PLANNED, ASSIGNED, ACCEPTED, STARTED).when(SUBMIT).then(SUBMITTED)
    Spec(TASK).given(PLANNED, ASSIGNED, ACCEPTED, STARTED, SUBMITTED).when(REVIEW).then(SOUND)
    Spec(TASK).given(PLANNED, ASSIGNED, ACCEPTED, STARTED, SUBMITTED, SOUND).when(CLOSE).then(CLOSED)


def test_a_declined_task_waits_for_another_officer() -> None:
    declined = Spec(TASK).given(PLANNED, ASSIGNED).when(DECLINE)
    declined.then(DECLINED)
    back = Spec(TASK).given(PLANNED, ASSIGNED, DECLINED)
    back.when(ASSIGN).then_refused(no.DeclinedByThisOfficer)
    back.when(replace(ASSIGN, officer="o3")).then(replace(ASSIGNED, officer="o3"))
    back.when(ACCEPT).then(ACCEPTED)  # she may after all


def test_a_task_is_handed_over_by_who_has_it_or_by_who_plans_and_names_both() -> None:
    given = Spec(TASK).given(PLANNED, ACCEPTED)
    given.when(HAND_OVER).then(HANDED)
    given.when(replace(HAND_OVER, handed_by="o9")).then_refused(no.TaskOfAnother)
    moved = replace(HAND_OVER, handed_by="p", by_planner=True)
    given.when(moved).then(replace(HANDED, handed_by="p"))
    handed = Spec(TASK).given(PLANNED, ACCEPTED, HANDED)
    handed.when(START).then_refused(no.TaskOfAnother)
    handed.when(replace(START, officer="o2")).then(replace(STARTED, officer="o2"))


def test_a_report_that_is_not_sound_has_to_be_made_again() -> None:
    Spec(TASK).given(PLANNED, ACCEPTED, SUBMITTED).when(REDO).then(UNSOUND)
    again = Spec(TASK).given(PLANNED, ACCEPTED, SUBMITTED, UNSOUND)
    again.when(CLOSE).then_refused(no.NotYetSubmitted)
    again.when(ASSIGN).then(ASSIGNED)


def test_a_late_task_is_chased_once_a_step_and_only_while_somebody_has_to_go() -> None:
    Spec(TASK).given(PLANNED).when(LATE).then(OVERDUE)
    Spec(TASK).given(PLANNED, ACCEPTED).when(LATE).then(replace(OVERDUE, officer="o1"))
    Spec(TASK).given(NOWHERE).when(LATE).then(OVERDUE)
    Spec(TASK).given(PLANNED, OVERDUE).when(LATE).then()
    Spec(TASK).given(PLANNED, OVERDUE, ASSIGNED, DECLINED).when(LATE).then()
    Spec(TASK).given(PLANNED, SUBMITTED).when(LATE).then()
    Spec(TASK).given(PLANNED, CANCELLED).when(LATE).then()
    Spec(TASK).given(PLANNED, OVERDUE, ASSIGNED).when(ACCEPT).then(ACCEPTED)


@pytest.mark.parametrize(
    ("history", "command", "reason"),
    [
        ((PLANNED,), DECLINE, no.TaskNotAssigned),
        ((PLANNED,), HAND_OVER, no.TaskNotAssigned),
        ((PLANNED,), START, no.TaskNotAssigned),
        ((PLANNED,), REVIEW, no.NotYetSubmitted),
        ((NOWHERE,), ASSIGN, no.SiteUnknown),
        ((PLANNED, ACCEPTED), ASSIGN, no.TaskAlreadyAccepted),
        ((PLANNED, ASSIGNED), replace(ACCEPT, officer="o9"), no.TaskOfAnother),
        ((PLANNED, ASSIGNED), replace(DECLINE, officer="o9"), no.TaskOfAnother),
        ((PLANNED, ASSIGNED), replace(DECLINE, reason=" "), no.ReasonForTaskMissing),
        ((PLANNED, ACCEPTED), replace(HAND_OVER, to="o1"), no.HandedToSameOfficer),
        ((PLANNED, ACCEPTED, STARTED), DECLINE, no.TaskAlreadyStarted),
        ((PLANNED, SUBMITTED), CANCEL, no.TaskAlreadySubmitted),
        ((PLANNED, SUBMITTED), replace(REDO, remark=""), no.ReviewWithoutRemark),
        ((PLANNED, SUBMITTED, SOUND), REVIEW, no.TaskAlreadyReviewed),
        ((PLANNED, CANCELLED), SUBMIT, no.TaskIsCancelled),
        ((PLANNED, CANCELLED), ACCEPT, no.TaskIsCancelled),
    ],
)
def test_a_step_out_of_order_is_refused(history: tuple[Event, ...], command: Command, reason: type[Refusal]) -> None:
    Spec(TASK).given(*history).when(command).then_refused(reason)
