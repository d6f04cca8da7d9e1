"""How a task goes from hand to hand, over HTTP: assigned, declined, handed over, started, reviewed, cancelled."""

from __future__ import annotations

from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from mingjing_inspection.acts_plans import (
    ASSIGN_TASK,
    CANCEL_TASK,
    DECLINE_TASK,
    HAND_OVER_TASK,
    REVIEW_TASK,
    START_TASK,
)
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.officers import require_officers
from mingjing_inspection.api.permission import allow, dimensions_of
from mingjing_inspection.api.task import standing
from mingjing_inspection.codec import TASKS
from mingjing_inspection.domain.task_steps import (
    AssignTask,
    CancelTask,
    DeclineTask,
    HandOverTask,
    ReviewTask,
    StartTask,
)
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope

OFFICER_MAX = 200


class AssignmentBody(BaseModel):
    """Who goes, and who goes along."""

    officer: str = Field(min_length=1, max_length=OFFICER_MAX)
    colleagues: list[str] = Field(default=[], max_length=5)


class HandOverBody(BaseModel):
    """To whom, and why."""

    to: str = Field(min_length=1, max_length=OFFICER_MAX)
    reason: str = Field(max_length=1_000)


class ReasonBody(BaseModel):
    """Why."""

    reason: str = Field(max_length=1_000)


class ReviewBody(BaseModel):
    """Whether the report is sound; one that is not has to be made again."""

    is_sound: bool
    remark: str = Field(default="", max_length=2_000)


def make_router(kit: Kit) -> Router:
    """Whoever plans."""
    router = Router(tags=["task 检查任务"])

    @router.post("/tasks/{task_id}/assignment", summary="分派任务 assign it")
    async def assign_task(
        task_id: UUID,
        body: AssignmentBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """To officers who hold a grant to carry it out."""
        task = await standing(kit, task_id, scope)
        allow(scope, ASSIGN_TASK, task)
        colleagues = tuple(body.colleagues)
        await require_officers(kit, (body.officer, *colleagues), dimensions_of(task), task.institution_id)
        command = AssignTask(
            officer=body.officer, colleagues=colleagues, assigned_by=written.actor, assigned_at=kit.now()
        )
        return accepted(response, await kit.log.handle(TASKS, task_id, command, written))

    @router.post("/tasks/{task_id}/review", summary="审核巡查报告 review the report")
    async def review_task(
        task_id: UUID,
        body: ReviewBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By somebody other than the officer who made the visit."""
        allow(scope, REVIEW_TASK, await standing(kit, task_id, scope))
        command = ReviewTask(
            is_sound=body.is_sound, remark=body.remark, reviewed_by=written.actor, reviewed_at=kit.now()
        )
        return accepted(response, await kit.log.handle(TASKS, task_id, command, grounded(written, body.remark)))

    @router.post("/tasks/{task_id}/cancellation", summary="取消任务 cancel it")
    async def cancel_task(
        task_id: UUID,
        body: ReasonBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Before a visit was submitted, with a reason."""
        allow(scope, CANCEL_TASK, await standing(kit, task_id, scope))
        command = CancelTask(reason=body.reason, cancelled_by=written.actor, cancelled_at=kit.now())
        return accepted(response, await kit.log.handle(TASKS, task_id, command, grounded(written, body.reason)))

    _officers(router, kit)
    return router


def _officers(router: Router, kit: Kit) -> None:
    """Whoever has it."""

    @router.post("/tasks/{task_id}/refusal", summary="退回任务 decline it")
    async def decline_task(
        task_id: UUID,
        body: ReasonBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By the officer who has it, with a reason; it waits to be assigned again."""
        allow(scope, DECLINE_TASK, await standing(kit, task_id, scope))
        command = DeclineTask(officer=written.actor, reason=body.reason, declined_at=kit.now())
        return accepted(response, await kit.log.handle(TASKS, task_id, command, grounded(written, body.reason)))

    @router.post("/tasks/{task_id}/hand-over", summary="移交任务 hand it over")
    async def hand_over_task(
        task_id: UUID,
        body: HandOverBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Both officers are named on record, and why."""
        task = await standing(kit, task_id, scope)
        allow(scope, HAND_OVER_TASK, task)
        await require_officers(kit, (body.to,), dimensions_of(task), task.institution_id)
        command = HandOverTask(
            to=body.to,
            reason=body.reason,
            handed_by=written.actor,
            by_planner=scope.may(ASSIGN_TASK, dimensions_of(task)),
            handed_at=kit.now(),
        )
        return accepted(response, await kit.log.handle(TASKS, task_id, command, grounded(written, body.reason)))

    @router.post("/tasks/{task_id}/start", summary="开始任务 set out")
    async def start_task(
        task_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By the officer who has it."""
        allow(scope, START_TASK, await standing(kit, task_id, scope))
        command = StartTask(officer=written.actor, started_at=kit.now())
        return accepted(response, await kit.log.handle(TASKS, task_id, command, written))
