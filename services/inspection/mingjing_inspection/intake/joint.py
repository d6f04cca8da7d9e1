"""Visits for a joint task (联合检查任务): a member department looks at premises that belong to another department.

One rule: the department of the task counts only at the very site of that task, while somebody still has to go there or
the report for it is this one; with what it may answer by its own powers, and nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from mingjing_inspection.codec import TASKS
from mingjing_inspection.domain.task import TASK, Task
from mingjing_inspection.domain.task_facts import TaskKind, TaskLocated, TaskPlanned
from mingjing_inspection.domain.task_refusals import JointTaskElsewhere, JointTaskOver
from mingjing_inspection.domain.task_states import OPEN
from mingjing_inspection.domain.task_steps import TaskAssigned
from mingjing_inspection.domain.visit import Reported, Visit
from mingjing_inspection.policy.joint_powers import JOINT_POWERS, powers_of
from mingjing_kernel.log import Log
from mingjing_kernel.policy import in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitTask:
    """The task that a visit is for. ``department`` and ``powers`` are given where it is a joint one."""

    kind: str = ""
    department: str = ""
    powers: frozenset[str] | None = None
    drawn: tuple[str, ...] = ()
    """Officers whom a draw chose for it."""
    is_elsewhere: bool = False
    """It was planned for another site than the one of the report: the report is no answer to it."""


NO_TASK = VisitTask()


async def powers_on(log: Log, department: str, on: tuple[date, str, str]) -> frozenset[str]:
    """What a department may answer on a day in a region and a category; nothing where no policy is about it."""
    rule = JOINT_POWERS.get(department)
    return powers_of((await in_force(log, rule, *on)).values) if rule else frozenset[str]()


async def task_of(
    log: Log, visit: tuple[UUID, Visit], task_id: UUID | None, place: tuple[UUID, UUID], on: tuple[date, str, str]
) -> VisitTask:
    """``place`` is institution and site, ``on`` the day of the visit with region and category.

    Raises ``JointTaskElsewhere``, ``JointTaskOver``; a task that was never planned is no task.
    """
    facts = await log.history(TASKS, task_id) if task_id is not None else []
    planned = facts[0].event if facts else None
    if not isinstance(planned, TaskPlanned) or planned.kind is not TaskKind.JOINT:
        return _ordinary([fact.event for fact in facts], place)
    if not _is_for(visit, task_id, planned, place, TASK.fold(fact.event for fact in facts)):
        return VisitTask(kind=planned.kind.value)
    powers = await powers_on(log, planned.department, on)
    return VisitTask(kind=planned.kind.value, department=planned.department, powers=powers)


def _ordinary(facts: Sequence[Any], place: tuple[UUID, UUID]) -> VisitTask:
    kind = ""
    planned_for: tuple[UUID | None, UUID | None] = (None, None)
    drawn: tuple[str, ...] = ()
    for fact in facts:
        kind = kind or str(getattr(fact, "kind", ""))
        if isinstance(fact, TaskPlanned | TaskLocated):
            planned_for = (fact.institution_id, fact.site_id)
        if isinstance(fact, TaskAssigned) and kind == TaskKind.DOUBLE_RANDOM:
            drawn = (fact.officer, *fact.colleagues)
    is_elsewhere = any(wanted not in (None, found) for wanted, found in zip(planned_for, place, strict=True))
    return VisitTask(kind=kind, drawn=drawn, is_elsewhere=is_elsewhere)


def _is_for(
    visit: tuple[UUID, Visit], task_id: UUID | None, planned: TaskPlanned, place: tuple[UUID, UUID], task: Task
) -> bool:
    """Of a report that stands it was decided when it came; a new one is for the task's own site, and in time."""
    visit_id, stands = visit
    if isinstance(stands, Reported):
        return (stands.task_id, stands.department) == (task_id, planned.department)
    if (planned.institution_id, planned.site_id) != place:
        raise JointTaskElsewhere
    if not isinstance(task, OPEN) and getattr(task, "visit_id", None) != visit_id:
        raise JointTaskOver
    return True
