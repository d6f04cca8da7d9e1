"""Tasks of a draw (双随机任务): somebody goes to each site of what was drawn, with a colleague.

One rule: ids follow from the draw, the attempt and the site: whoever plans again what was planned plans nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from mingjing_inspection.codec import DRAWS, TASKS
from mingjing_inspection.domain.draw import WithResult
from mingjing_inspection.domain.task_facts import Cause, PlanTask, TaskKind
from mingjing_inspection.domain.task_steps import AssignTask, CancelTask
from mingjing_inspection.policy.patrol_rules import DOUBLE_RANDOM
from mingjing_inspection.projections.patrols import sites_of, tasks_of_rule
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.policy import in_force_in
from mingjing_kernel.refusal import Refusal

ACTOR: Final = "system:drawn-tasks"
BASIS: Final = "国办发〔2015〕58号；国发〔2019〕5号"
INSTITUTIONS_MAX: Final = 500
"""Planned at a time."""


def rule_of(draw_id: UUID, attempt: int) -> str:
    """What a task of this draw says that it follows."""
    return f"draw:{draw_id}:{attempt}"


async def plan_drawn(kit: Kit, draw_id: UUID) -> int:
    """Plan and assign what a draw calls for; how many tasks are new."""
    state, _ = await kit.log.state(DRAWS, draw_id)
    if not isinstance(state, WithResult):
        return 0
    officers = {one.institution_id: one.officers for one in state.result.drawn}
    ids, planned = sorted(officers), 0
    for start in range(0, len(ids), INSTITUTIONS_MAX):
        async with kit.connection() as connection:
            found = await connection.execute(sites_of(ids[start : start + INSTITUTIONS_MAX]))
            rows = found.mappings().all()
        places = {(row["region"], row["category"]) for row in rows}
        numbers = await in_force_in(kit.log, DOUBLE_RANDOM, shanghai_date(state.result.at), places)
        works = [
            work
            for row in rows
            for work in _works(draw_id, state, row, officers, numbers[row["region"], row["category"]]["within"])
        ]
        for work, result in zip(works, await kit.log.handle_many(works), strict=True):
            # Refused is only what somebody did with the task in the meantime.
            if not isinstance(result, Outcome | Refusal):
                raise result
            is_new = isinstance(result, Outcome) and bool(result.events) and not result.repeated
            planned += is_new and isinstance(work.command, PlanTask)
    return planned


def _works(
    draw_id: UUID,
    state: WithResult,
    row: Mapping[str, Any],
    officers: Mapping[UUID, tuple[str, ...]],
    days: int,
) -> list[Work]:
    """One site: the task, and who goes there."""
    site_id, institution_id = (UUID(bytes=row[name].bytes) for name in ("site_id", "institution_id"))
    first, *colleagues = officers[institution_id]
    task_id = derived_id("drawn-visit", draw_id, state.frozen.attempt, site_id)
    drawn_at = state.result.at
    plan = PlanTask(
        kind=TaskKind.DOUBLE_RANDOM,
        institution_id=institution_id,
        site_id=site_id,
        region=row["region"],
        department=row["department"],
        category=row["category"],
        due_at=drawn_at + timedelta(days=days),
        planned_at=drawn_at,
        cause=Cause(reason=state.frozen.title, rule=rule_of(draw_id, state.frozen.attempt)),
    )
    assign = AssignTask(officer=first, colleagues=tuple(colleagues), assigned_by=ACTOR, assigned_at=drawn_at)
    return [
        Work(TASKS, task_id, command, _envelope(step, task_id, row, state.frozen.title))
        for step, command in (("plan", plan), ("assign", assign))
    ]


async def cancel_drawn(kit: Kit, draw_id: UUID, attempt: int, reason: str, written: Envelope) -> int:
    """Nobody goes any more because of a draw that does not count."""
    await kit.up_to_date()
    async with kit.connection() as connection:
        found = await connection.execute(tasks_of_rule(rule_of(draw_id, attempt)))
        ids = [UUID(bytes=row.task_id.bytes) for row in found]
    works = [
        Work(
            TASKS,
            id,
            CancelTask(reason=reason, cancelled_by=written.actor, cancelled_at=kit.now()),
            _envelope("cancel", id, {"department": written.department, "region": written.region}, reason),
        )
        for id in ids
    ]
    return sum(isinstance(one, Outcome) and bool(one.events) for one in await kit.log.handle_many(works))


def _envelope(step: str, task_id: UUID, row: Mapping[str, Any], reason: str) -> Envelope:
    command_id = derived_id("drawn-task", step, task_id)
    return Envelope(
        command_id=command_id,
        actor=ACTOR,
        department=row["department"],
        region=row["region"],
        reason=reason,
        legal_basis=BASIS,
        digest=command_id.bytes * 2,
    )
