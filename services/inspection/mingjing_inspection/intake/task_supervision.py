"""Reminders and listed supervision of tasks (催办、挂牌督办, X20): once each; the deadline itself is the sweeper's.

One rule: whether anything follows is decided on the task; a night says whom it chased, or why nobody.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from mingjing_inspection.codec import TASKS
from mingjing_inspection.domain.task_steps import EscalateTask, Escalation
from mingjing_inspection.policy.patrol_rules import TASK_SUPERVISION
from mingjing_inspection.projections.patrols import tasks_running
from mingjing_kernel.calendar import calendar_known
from mingjing_kernel.clock import end_of, shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.policy import Numbers, in_force_in
from mingjing_kernel.working_days import WorkingDays

TASKS_MAX: Final = 500
"""Looked at at a time."""
ACTOR: Final = "system:task-supervision"
BASIS: Final = "中办发〔2021〕40号"


async def supervise_daily(kit: Kit, day: date) -> str:
    """Chase whom the policy says, and say what it came to."""
    await kit.up_to_date()
    calendar = await calendar_known(kit.log)
    running, reminded, listed, after = 0, 0, 0, UUID(int=0)
    while rows := await _page(kit, after):
        after, running = UUID(bytes=rows[-1]["task_id"].bytes), running + len(rows)
        places = {(row["region"], row["category"]) for row in rows}
        numbers = await in_force_in(kit.log, TASK_SUPERVISION, day, places)
        works = [
            _work(row, step, day)
            for row in rows
            if (step := _step(row, numbers[row["region"], row["category"]], day, calendar)) is not None
        ]
        for work, result in zip(works, await kit.log.handle_many(works), strict=True):
            if not isinstance(result, Outcome):
                raise result
            is_new = bool(result.events) and not result.repeated
            reminded += is_new and work.command.step is Escalation.REMINDED
            listed += is_new and work.command.step is Escalation.LISTED
    if not running:
        return "nobody chased: no task waits"
    if not reminded + listed:
        return f"nobody chased: each of {running} tasks has time left, or was chased before"
    return f"{reminded} reminded, {listed} under listed supervision, of {running} tasks"


def _step(row: Mapping[str, Any], numbers: Numbers, day: date, calendar: WorkingDays) -> Escalation | None:
    due = shanghai_date(row["due_at"])
    if day > calendar.after(due, numbers["listed-after"]):
        return Escalation.LISTED
    whole = row["due_at"] - row["planned_at"]
    is_near = end_of(day) >= row["planned_at"] + whole * numbers["remind"] // 100
    return Escalation.REMINDED if is_near and day <= due and not row["escalation"] else None


def _work(row: Mapping[str, Any], step: Escalation, day: date) -> Work:
    task_id = UUID(bytes=row["task_id"].bytes)
    command_id = derived_id("escalate-task", task_id, step.value)
    envelope = Envelope(
        command_id=command_id,
        actor=ACTOR,
        department=row["department"],
        region=row["region"],
        reason=f"X20 {step.value}",
        legal_basis=BASIS,
        digest=command_id.bytes * 2,
    )
    command = EscalateTask(step=step, due_on=shanghai_date(row["due_at"]), on=day)
    return Work(TASKS, task_id, command, envelope)


async def _page(kit: Kit, after: UUID) -> Sequence[Any]:
    async with kit.connection() as connection:
        found = await connection.execute(tasks_running(after).limit(TASKS_MAX))
        page: Sequence[Any] = found.mappings().all()
    return page
