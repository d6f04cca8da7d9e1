"""Tasks of a joint operation (联合检查任务): one for each site and each department that takes part.

One rule: an id follows from operation, site and department, so a launch that was cut off is finished by the next one
and plans nothing twice; and whether a visit belongs to an operation is read from the visit itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from mingjing_inspection.codec import TASKS
from mingjing_inspection.domain.operation import Known
from mingjing_inspection.domain.operation_facts import Target
from mingjing_inspection.domain.task_facts import Cause, PlanTask, TaskKind
from mingjing_inspection.domain.task_states import OPEN
from mingjing_inspection.domain.task_steps import CancelTask
from mingjing_inspection.domain.visit import Reported, Visit
from mingjing_inspection.projections.operations import rule_of
from mingjing_kernel.clock import end_of
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.refusal import Refusal

TASKS_AT_A_TIME: Final = 500


def task_id_of(operation_id: UUID, site_id: UUID, department: str) -> UUID:
    """The one task of a department at a site."""
    return derived_id("operation-visit", operation_id, site_id, department)


def target_of(operation_id: UUID, operation: Known, visit: Visit) -> Target | None:
    """The target that the visit was made at, for a task of this operation; ``None`` where it was for none."""
    if not isinstance(visit, Reported) or visit.task_id is None:
        return None
    target = next((one for one in operation.targets if one.site_id == visit.site_id), None)
    is_its = visit.task_id == task_id_of(operation_id, visit.site_id, visit.department)
    return target if is_its else None


async def plan_tasks(kit: Kit, operation_id: UUID, operation: Known, grounds: Envelope) -> int:
    """Plan what is not planned yet; the last position that was written, 0 where nothing was."""
    plan = operation.plan
    works = []
    for target in plan.targets:
        for department in operation.taking_part:
            task_id = task_id_of(operation_id, target.site_id, department)
            command = PlanTask(
                kind=TaskKind.JOINT,
                institution_id=target.institution_id,
                site_id=target.site_id,
                region=target.region,
                department=department,
                category=target.category,
                due_at=end_of(plan.held_on),
                planned_at=kit.now(),
                cause=Cause(reason=f"{plan.title}：{plan.reason}", rule=rule_of(operation_id)),
            )
            works.append(_work(task_id, command, "plan-operation-visit", grounds))
    return await _written(kit, works)


async def cancel_tasks(kit: Kit, operation_id: UUID, operation: Known, reason: str, grounds: Envelope) -> int:
    """Nobody goes any more; what was visited stays as it is."""
    works = []
    for task_id in await open_tasks(kit, operation_id, operation):
        command = CancelTask(reason=reason, cancelled_by=grounds.actor, cancelled_at=kit.now())
        works.append(_work(task_id, command, "cancel-operation-visit", grounds))
    return await _written(kit, works)


async def open_tasks(kit: Kit, operation_id: UUID, operation: Known) -> list[UUID]:
    """Those for which somebody still has to go, by the log itself."""
    departments = operation.taking_part
    ids = [task_id_of(operation_id, target.site_id, one) for target in operation.targets for one in departments]
    found = []
    for start in range(0, len(ids), TASKS_AT_A_TIME):
        states = await kit.log.states(TASKS, ids[start : start + TASKS_AT_A_TIME])
        found += [id for id, state in states.items() if isinstance(state, OPEN)]
    return found


def _work(task_id: UUID, command: PlanTask | CancelTask, what: str, grounds: Envelope) -> Work:
    command_id = derived_id(what, task_id)
    envelope = replace(grounds, command_id=command_id, digest=command_id.bytes * 2, expected_version=None)
    return Work(TASKS, task_id, command, envelope)


async def _written(kit: Kit, works: Sequence[Work]) -> int:
    """A task that was visited meanwhile is not cancelled; everything else that is refused is raised."""
    position = 0
    for start in range(0, len(works), TASKS_AT_A_TIME):
        for work, result in zip(
            works[start:], await kit.log.handle_many(works[start : start + TASKS_AT_A_TIME]), strict=False
        ):
            if isinstance(result, Outcome):
                position = max(position, result.position)
            elif not (isinstance(result, Refusal) and isinstance(work.command, CancelTask)):
                raise result
    return position
