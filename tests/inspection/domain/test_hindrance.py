"""What a screen says of a visit, a task, a complaint is what their deciders do."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from inspection.domain.test_complaint import TAKE
from inspection.domain.test_task import ACCEPT, AT, CLOSE, LOCATE, PLAN, SUBMIT
from inspection.domain.test_task_steps import STEPS as IN_HAND
from inspection.domain.test_visit import REPORT
from mingjing_inspection.acts import COMPLAINT_ACTS, TASK_ACTS, VISIT_ACTS
from mingjing_inspection.acts_plans import STEP_ACTS
from mingjing_inspection.domain import complaint, task, visit
from mingjing_inspection.domain.complaint_refusals import ComplaintNotTaken
from mingjing_inspection.domain.task_facts import Command
from mingjing_inspection.domain.task_refusals import (
    NotYetSubmitted,
    SiteKnown,
    SiteUnknown,
    TaskAlreadyAccepted,
    TaskAlreadyClosed,
    TaskAlreadyReviewed,
    TaskAlreadyStarted,
    TaskAlreadySubmitted,
    TaskIsCancelled,
    TaskNotAssigned,
    TaskNotPlanned,
)
from mingjing_inspection.domain.visit_refusals import VisitNotReported
from mingjing_kernel.testing.hindrance import walk

STEPS = (
    PLAN,
    replace(PLAN, site_id=None, why_no_site="没有备案教学点"),
    LOCATE,
    replace(LOCATE, institution_id=UUID(int=99)),
    ACCEPT,
    replace(ACCEPT, officer="o2"),
    SUBMIT,
    replace(SUBMIT, visit_id=UUID(int=8)),
    CLOSE,
    replace(CLOSE, conclusion=" "),
    *IN_HAND,
)
CORRECT = visit.CorrectVisit(
    corrects_version=1,
    observation=replace(REPORT.observation, note="更正"),
    reason="笔误",
    corrected_by="o1",
    corrected_at=AT + timedelta(hours=1),
)
ATTRIBUTE = complaint.AttributeComplaint(
    institution_id=UUID(int=3), department="d", category="art", reason="电话", attributed_by="o", attributed_at=AT
)


@given(st.lists(st.sampled_from(STEPS), max_size=16))
def test_a_task(steps: list[Command]) -> None:
    reasons = frozenset({
        NotYetSubmitted, SiteKnown, SiteUnknown, TaskAlreadyAccepted, TaskAlreadyClosed, TaskAlreadySubmitted,
        TaskNotPlanned, TaskAlreadyReviewed, TaskAlreadyStarted, TaskIsCancelled, TaskNotAssigned,
    })  # fmt: skip
    walk(task.TASK, task.hindrance, steps, reasons)


@given(st.lists(st.sampled_from([REPORT, CORRECT, replace(CORRECT, corrects_version=2)]), max_size=6))
def test_a_visit(steps: list[visit.Command]) -> None:
    walk(visit.VISIT, visit.hindrance, steps, frozenset({VisitNotReported}))


@given(st.lists(st.sampled_from([TAKE, ATTRIBUTE, replace(ATTRIBUTE, reason=" ")]), max_size=6))
def test_a_complaint(steps: list[complaint.Command]) -> None:
    walk(complaint.COMPLAINT, complaint.hindrance, steps, frozenset({ComplaintNotTaken}))


def test_every_act_that_gives_a_command_is_asked_about() -> None:
    asked = {act.asks for acts in (COMPLAINT_ACTS, TASK_ACTS, STEP_ACTS, VISIT_ACTS) for act in acts if act.asks}
    walked = {type(step) for step in (*STEPS, CORRECT, ATTRIBUTE)}
    assert asked <= walked
