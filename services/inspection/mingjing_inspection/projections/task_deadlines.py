"""The clock of a task's visit (检查任务期限).

One rule: the last day is in the facts themselves; a clock is started from it, never reckoned here by other numbers.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mingjing_inspection.codec import TASKS
from mingjing_inspection.domain.task_facts import TaskClosed, TaskPlanned, TaskPlannedWithoutSite, TaskSubmitted
from mingjing_inspection.domain.task_steps import (
    EscalateTask,
    Escalation,
    TaskCancelled,
    TaskEscalated,
    TaskReviewed,
)
from mingjing_inspection.projections.tasks import TASKS_READ
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.deadline_clock import Clock, paused, resumed, running
from mingjing_kernel.deadlines import DeadlineRule, Due


def _visit_due(clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case TaskPlanned() | TaskPlannedWithoutSite():
            return running(shanghai_date(event.planned_at), shanghai_date(event.due_at))
        case TaskSubmitted():
            return paused(clock, shanghai_date(event.submitted_at))
        case TaskReviewed(is_sound=False):
            return resumed(clock, shanghai_date(event.reviewed_at))
        case TaskEscalated(step=Escalation.OVERDUE):
            return replace(clock, fired_on=event.on) if clock else None
        case TaskEscalated():
            return clock
        case _:
            return None


def _overdue(due: Due) -> EscalateTask:
    return EscalateTask(step=Escalation.OVERDUE, due_on=due.due_on, on=due.on)


TASK_DUE = DeadlineRule(
    name="task-visit",
    zh="检查任务期限",
    en="The visit of a task is to be made",
    aggregate=TASKS,
    listed=TASKS_READ,
    facts=(
        TaskPlanned,
        TaskPlannedWithoutSite,
        TaskSubmitted,
        TaskReviewed,
        TaskEscalated,
        TaskClosed,
        TaskCancelled,
    ),
    clock=_visit_due,
    command=_overdue,
    legal_basis="中办发〔2021〕40号",
)
