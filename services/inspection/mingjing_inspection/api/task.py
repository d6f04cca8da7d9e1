"""Inspection tasks over HTTP: planned by a person or by an alert, accepted, answered by a visit, closed by another."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts import ACCEPT_TASK, CLOSE_TASK, LOCATE_TASK, PLAN_TASK, SUBMIT_TASK
from mingjing_inspection.acts_plans import ASSIGN_TASK
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.permission import allow, dimensions_of
from mingjing_inspection.codec import PREMISES_KNOWN, TASKS
from mingjing_inspection.domain.premises import Premises, SiteNotApproved
from mingjing_inspection.domain.task_facts import (
    AcceptTask,
    Cause,
    CloseTask,
    LocateTask,
    PlanTask,
    TaskKind,
)
from mingjing_inspection.domain.task_refusals import TaskNotPlanned
from mingjing_inspection.domain.task_states import hindrance_for
from mingjing_inspection.projections.tasks import OPEN, tasks_in
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import (
    Accepted,
    Asked,
    AsOf,
    AvailableActions,
    Column,
    Kit,
    Listing,
    Page,
    accepted,
    answer_list,
    asked,
    available_actions,
    position_of,
)
from mingjing_kernel.http.actions import due
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.moment import Moment
from mingjing_kernel.refusal import Refusal

COLUMNS = (
    Column("due_at", "期限", "Due", "moment"),
    Column("kind", "类型", "Kind"),
    Column("state", "状态", "State"),
    Column("institution_id", "机构", "Institution"),
    Column("site_id", "教学点", "Site"),
    Column("why_no_site", "无教学点原因", "Why no site"),
    Column("region", "网格", "Grid"),
    Column("department", "主管部门", "Department"),
    Column("rule", "预警规则", "Rule"),
    Column("reason", "事由", "Reason"),
    Column("officer", "承办人", "Officer"),
    Column("escalation", "催办督办", "Escalation"),
    Column("note", "说明", "Note"),
    Column("outcome", "巡查结果", "Outcome"),
    Column("conclusion", "结论", "Conclusion"),
)


class PlanBody(BaseModel):
    """A task that a person plans."""

    institution_id: UUID
    site_id: UUID
    kind: TaskKind = TaskKind.SPECIAL
    due_at: Moment
    reason: str = Field(max_length=1_000)


class SiteBody(BaseModel):
    """Where to look."""

    institution_id: UUID
    site_id: UUID


class ClosureBody(BaseModel):
    """What follows from the visit."""

    conclusion: str = Field(max_length=2_000)


class TaskItem(BaseModel):
    """A task as it stands now."""

    model_config = ConfigDict(from_attributes=True)

    task_id: UUID
    kind: TaskKind
    state: str
    institution_id: UUID | None
    site_id: UUID | None
    why_no_site: str
    department: str
    region: str
    category: str
    planned_at: datetime
    due_at: datetime
    alert_id: UUID | None
    rule: str
    reason: str
    officer: str
    visit_id: UUID | None
    outcome: str
    conclusion: str
    colleagues: list[str]
    escalation: str = Field(description="Empty, REMINDED 催办, OVERDUE 超期督办, LISTED 挂牌督办")
    is_overdue: bool
    note: str = Field(description="What was said when it changed hands, was sent back or cancelled")


def make_router(kit: Kit) -> Router:
    """Tasks: plan them, list them."""
    router = Router(tags=["task 检查任务"])

    @router.put("/tasks/{task_id}", status_code=201, summary="安排检查 plan a task")
    async def plan_task(
        task_id: UUID,
        body: PlanBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """For one approved site of an institution."""
        premises: Premises = (await kit.log.state(PREMISES_KNOWN, body.institution_id))[0]
        site = premises.site(body.site_id)
        if site is None:
            raise SiteNotApproved
        allow(scope, PLAN_TASK, premises, site.region)
        command = PlanTask(
            kind=body.kind,
            institution_id=body.institution_id,
            site_id=body.site_id,
            region=site.region,
            department=premises.department,
            category=premises.category,
            due_at=body.due_at,
            planned_at=kit.now(),
            cause=Cause(reason=body.reason),
        )
        grounds = grounded(written, body.reason)
        return accepted(response, await kit.log.handle(TASKS, task_id, command, grounds))

    @router.get("/tasks", response_model=Page[TaskItem], summary="任务列表 tasks")
    async def tasks(
        institution_id: UUID | None = None,
        state: str | None = None,
        alert_id: UUID | None = None,
        officer: str | None = Query(default=None, max_length=200),
        rule: str | None = Query(default=None, max_length=200),
        is_overdue: bool | None = None,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """The most pressing first."""
        at = await position_of(kit, as_of)
        statement = tasks_in(
            scope,
            institution_id=institution_id,
            state=state,
            alert_id=alert_id,
            officer=officer,
            rule=rule,
            is_overdue=is_overdue,
            at=at,
        )
        rows = statement.selected_columns
        listing = Listing(name="tasks", statement=statement, keys=(rows.due_at, rows.task_id), columns=COLUMNS)
        return await answer_list(listing, asked, kit.connection, TaskItem)

    @router.get("/tasks/{task_id}", summary="任务 one task")
    async def task(
        task_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> TaskItem:
        """As it stands, or stood."""
        return await _seen(kit, task_id, scope, as_of)

    @router.get("/tasks/{task_id}/available-actions", summary="可办事项 what may be done to it now, and until when")
    async def task_actions(task_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        task = await standing(kit, task_id, caller.scope)
        here = dimensions_of(task)
        by_planner = caller.scope.may(ASSIGN_TASK, here)

        def against(step: type, state: Any) -> Refusal | None:
            return hindrance_for(caller.subject, step, state, by_planner=by_planner)

        found = await available_actions(kit, TASKS, task_id, caller, here, against)
        dues = {SUBMIT_TASK.name: shanghai_date(task.due_at)} if task.state in OPEN else {}
        return found.model_copy(update={"actions": due(found.actions, dues, shanghai_date(kit.now()))})

    return router


def make_steps_router(kit: Kit) -> Router:
    """The steps of a task, in their order."""
    router = Router(tags=["task 检查任务"])

    @router.post("/tasks/{task_id}/site", summary="查明教学点 say where to look")
    async def locate_task(
        task_id: UUID,
        body: SiteBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """For a task that was planned without a site."""
        task = await standing(kit, task_id, scope)
        premises: Premises = (await kit.log.state(PREMISES_KNOWN, body.institution_id))[0]
        site = premises.site(body.site_id)
        if site is None:
            raise SiteNotApproved
        allow(scope, LOCATE_TASK, task)
        command = LocateTask(
            institution_id=body.institution_id,
            site_id=body.site_id,
            region=site.region,
            located_by=written.actor,
            located_at=kit.now(),
        )
        return accepted(response, await kit.log.handle(TASKS, task_id, command, written))

    @router.post("/tasks/{task_id}/acceptance", summary="接受任务 take it on")
    async def accept_task(
        task_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By the officer who calls."""
        allow(scope, ACCEPT_TASK, await standing(kit, task_id, scope))
        command = AcceptTask(officer=written.actor, accepted_at=kit.now())
        return accepted(response, await kit.log.handle(TASKS, task_id, command, written))

    @router.post("/tasks/{task_id}/closure", summary="办结 close it")
    async def close_task(
        task_id: UUID,
        body: ClosureBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By somebody other than the officer who made the visit."""
        allow(scope, CLOSE_TASK, await standing(kit, task_id, scope))
        command = CloseTask(conclusion=body.conclusion, closed_by=written.actor, closed_at=kit.now())
        grounds = grounded(written, body.conclusion)
        return accepted(response, await kit.log.handle(TASKS, task_id, command, grounds))

    return router


async def standing(kit: Kit, task_id: UUID, scope: Scope) -> TaskItem:
    """What a write is decided on: nobody is told that there is no task which they have just planned."""
    await kit.up_to_date()
    return await _seen(kit, task_id, scope)


async def _seen(kit: Kit, task_id: UUID, scope: Scope, as_of: AsOf | None = None) -> TaskItem:
    statement = tasks_in(scope, at=await position_of(kit, as_of))
    statement = statement.where(statement.selected_columns.task_id == task_id)
    async with kit.connection() as connection:
        row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise TaskNotPlanned
    return TaskItem.model_validate(row)
