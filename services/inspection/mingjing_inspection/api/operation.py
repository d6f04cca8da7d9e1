"""Joint operations over HTTP (联合检查): one plan by several departments, each with its own tasks and powers."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection import acts_operation as acts
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.operation_access import OperationItem, actions_on, known, place_of, seen, standing
from mingjing_inspection.codec import OPERATIONS, PREMISES_KNOWN
from mingjing_inspection.domain import operation_facts as o
from mingjing_inspection.domain.operation import MEMBERS_MAX, TARGETS_MAX, category_of, region_of
from mingjing_inspection.domain.operation_refusals import MemberWithoutPowers
from mingjing_inspection.domain.premises import Premises, SiteNotApproved
from mingjing_inspection.intake.operation_tasks import cancel_tasks, open_tasks, plan_tasks
from mingjing_inspection.policy.joint_powers import JOINT_POWERS
from mingjing_inspection.projections.operations import members_in, operations_in
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
    position_of,
    tagged,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.http.writing import POSITION_HEADER
from mingjing_kernel.identity import OFFICIALS, Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope

COLUMNS = (
    Column("held_on", "检查日期", "Held on", "date"),
    Column("title", "名称", "Title"),
    Column("stage", "状态", "Stage"),
    Column("department", "牵头部门", "Leads"),
    Column("members", "成员单位", "Departments"),
    Column("region", "区域", "Region"),
    Column("targets", "教学点数", "Sites", "integer"),
    Column("reason", "事由", "Reason"),
    Column("conclusion", "结论", "Conclusion"),
    Column("planned_by", "部署人", "Planned by"),
    Column("planned_at", "部署时间", "Planned at", "moment"),
)


class TargetBody(BaseModel):
    """A site to be looked at."""

    model_config = ConfigDict(extra="forbid")

    institution_id: UUID
    site_id: UUID


class OperationBody(BaseModel):
    """The plan. ``department`` leads and is one of ``members``."""

    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1, max_length=200)
    department: str = Field(min_length=1, max_length=60)
    members: list[str] = Field(max_length=MEMBERS_MAX + 1)
    targets: list[TargetBody] = Field(max_length=TARGETS_MAX + 1)
    held_on: date
    reason: str = Field(min_length=1, max_length=1_000)
    legal_basis: str = Field(default="", max_length=500)


class OperationAnswerBody(BaseModel):
    """Whether a member takes part; why, where it does not."""

    department: str = Field(max_length=60)
    takes_part: bool
    reason: str = Field(default="", max_length=1_000)


class OperationWordsBody(BaseModel):
    """What came of it, or why it is called off."""

    reason: str = Field(max_length=2_000)


class OperationTarget(BaseModel):
    """A site to be looked at, with the department that is competent for it."""

    institution_id: UUID
    site_id: UUID
    region: str
    department: str
    category: str


class OperationDetail(OperationItem):
    """One operation with its sites."""

    sites: list[OperationTarget]


class MemberSummary(BaseModel):
    """A department's part, in sums: whatever it found stays its own."""

    model_config = ConfigDict(from_attributes=True)

    department: str
    answer: str = Field(description="YES 参加, NO 不参加, AWAITED 待答复")
    said: str
    tasks: int
    visited: int = Field(description="Tasks with a report 已检查")
    remaining: int = Field(description="Tasks for which somebody still has to go 待检查")
    cancelled: int
    with_issues: int = Field(description="Reports that found something 发现问题")
    findings: int = Field(description="Findings opened from the reports 案卷")
    findings_over: int = Field(description="Of those, closed or written off 已结案")
    vetoes: int = Field(description="Of those, hazards 一票否决")


class OperationSummary(BaseModel):
    """How far an operation is, by department."""

    operation_id: UUID
    stage: str
    departments: list[MemberSummary]


class OperationStep(BaseModel):
    """One fact of its history."""

    at: datetime
    step: str
    department: str
    by: str
    said: str


def make_router(kit: Kit) -> Router:
    """Joint operations: list them, look at one."""
    router = Router(tags=["operation 联合检查"])

    @router.get("/operations", response_model=Page[OperationItem], summary="联合检查列表 joint operations")
    async def operations(
        stage: str | None = Query(default=None, max_length=20),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Those in which a department of the caller is asked to take part; latest first."""
        statement = operations_in(scope, stage=stage, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="operations",
            statement=statement,
            keys=(rows.held_on, rows.operation_id),
            columns=COLUMNS,
            title=("联合检查", "Joint operations"),
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, OperationItem)

    @router.get("/operations/{operation_id}", summary="联合检查 one joint operation")
    async def operation(
        operation_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> OperationDetail:
        """As it stands, or stood."""
        item = await seen(kit, operation_id, scope, as_of)
        state = await known(kit, operation_id)  # its sites are those of the plan, which never changes
        tagged(response, item.version)
        sites = [OperationTarget.model_validate(one, from_attributes=True) for one in state.targets]
        return OperationDetail(**item.model_dump(), sites=sites)

    @router.get("/operations/{operation_id}/summary", summary="联合检查汇总 how far each department is")
    async def operation_summary(
        operation_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> OperationSummary:
        """Sums for every member; what a department found it sees alone, in its own list of findings."""
        item, at = await seen(kit, operation_id, scope, as_of), await position_of(kit, as_of)
        async with kit.connection() as connection:
            rows = (await connection.execute(members_in(scope, operation_id, at=at))).mappings().all()
        departments = [MemberSummary.model_validate(row) for row in rows]
        return OperationSummary(operation_id=operation_id, stage=item.stage, departments=departments)

    @router.get("/operations/{operation_id}/timeline", summary="联合检查过程 what happened, in order")
    async def operation_timeline(
        operation_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> list[OperationStep]:
        """Its own facts; tasks and visits have their own lists (``rule = operation:<id>``)."""
        await seen(kit, operation_id, scope, as_of)
        facts = await kit.log.history(OPERATIONS, operation_id, await position_of(kit, as_of))
        return [_step(fact.event) for fact in facts]

    @router.get("/operations/{operation_id}/available-actions", summary="可办事项 what may be done to it now")
    async def operation_actions(operation_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        return await actions_on(kit, operation_id, caller)

    return router


def make_steps_router(kit: Kit) -> Router:
    """The steps of a joint operation."""
    router = Router(tags=["operation 联合检查"])
    _planning(router, kit)
    _ending(router, kit)
    return router


def _planning(router: Router, kit: Kit) -> None:
    @router.put("/operations/{operation_id}", status_code=201, summary="部署联合检查 plan a joint operation")
    async def plan_operation(
        operation_id: UUID,
        body: OperationBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """For approved sites, whichever department is competent for them; the members then say whether they join."""
        targets = await _targets(kit, body)
        for target in targets:
            here = Dimensions(body.department, target.region, target.category)
            stands = {"department": target.department, "region": target.region, "category": target.category}
            scope.require(acts.PLAN_OPERATION, here, seen=scope.allows(role=OFFICIALS, **stands))
        without = [one for one in body.members if one not in JOINT_POWERS]
        if without:
            raise MemberWithoutPowers(department=without[0])
        now = kit.now()
        command = o.PlanOperation(
            **body.model_dump(exclude={"members", "targets"}),
            members=tuple(body.members),
            targets=targets,
            region=region_of(tuple(one.region for one in targets)),
            category=category_of(tuple(one.category for one in targets)),
            by=written.actor,
            at=now,
            today=shanghai_date(now),
        )
        outcome = await kit.log.handle(OPERATIONS, operation_id, command, grounded(written, body.reason))
        return accepted(response, outcome)

    @router.post("/operations/{operation_id}/answers", summary="会签 say whether a member takes part")
    async def answer_operation(
        operation_id: UUID,
        body: OperationAnswerBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """For the own department; it may change its mind until the launch."""
        item, _ = await standing(kit, operation_id, scope)
        scope.require(acts.ANSWER_OPERATION, place_of(item, body.department))
        command = o.AnswerOperation(**body.model_dump(), by=written.actor, at=kit.now())
        grounds = grounded(written, body.reason)
        return accepted(response, await kit.log.handle(OPERATIONS, operation_id, command, grounds))

    @router.post("/operations/{operation_id}/launch", summary="启动 send everybody out")
    async def launch_operation(
        operation_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """A task for each site and each department that takes part. Sent again, it plans what was cut off."""
        item, _ = await standing(kit, operation_id, scope)
        scope.require(acts.LAUNCH_OPERATION, place_of(item))
        now = kit.now()
        command = o.LaunchOperation(by=written.actor, at=now, today=shanghai_date(now))
        outcome = await kit.log.handle(OPERATIONS, operation_id, command, written)
        position = await plan_tasks(kit, operation_id, await known(kit, operation_id), grounded(written, item.reason))
        return _behind(response, accepted(response, outcome), position)


def _ending(router: Router, kit: Kit) -> None:
    @router.post("/operations/{operation_id}/conclusion", summary="办结 conclude it")
    async def conclude_operation(
        operation_id: UUID,
        body: OperationWordsBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """When nobody has to go any more; findings go on in their departments."""
        item, state = await standing(kit, operation_id, scope)
        scope.require(acts.CONCLUDE_OPERATION, place_of(item))
        remaining = len(await open_tasks(kit, operation_id, state))
        command = o.ConcludeOperation(
            conclusion=body.reason, remaining=remaining, by=written.actor, at=kit.now()
        )  # fmt: skip
        grounds = grounded(written, body.reason)
        return accepted(response, await kit.log.handle(OPERATIONS, operation_id, command, grounds))

    @router.post("/operations/{operation_id}/cancellation", summary="取消 call it off")
    async def cancel_operation(
        operation_id: UUID,
        body: OperationWordsBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Tasks that nobody went for are cancelled with it; what was visited stays."""
        item, state = await standing(kit, operation_id, scope)
        scope.require(acts.CANCEL_OPERATION, place_of(item))
        command = o.CancelOperation(reason=body.reason, by=written.actor, at=kit.now())
        grounds = grounded(written, body.reason)
        outcome = await kit.log.handle(OPERATIONS, operation_id, command, grounds)
        position = await cancel_tasks(kit, operation_id, state, body.reason, grounds)
        return _behind(response, accepted(response, outcome), position)


def _behind(response: Response, done: Accepted, position: int) -> Accepted:
    """The answer stands behind the tasks that were written with it."""
    last = max(done.position, position)
    response.headers[POSITION_HEADER] = str(last)
    return done.model_copy(update={"position": last})


async def _targets(kit: Kit, body: OperationBody) -> tuple[o.Target, ...]:
    ids = list(dict.fromkeys(one.institution_id for one in body.targets))
    known: dict[UUID, Premises] = await kit.log.states(PREMISES_KNOWN, ids) if ids else {}
    found = []
    for one in body.targets:
        premises = known[one.institution_id]
        site = premises.site(one.site_id)
        if site is None:
            raise SiteNotApproved
        target = o.Target(
            institution_id=one.institution_id,
            site_id=one.site_id,
            region=site.region,
            department=premises.department,
            category=premises.category,
        )
        found.append(target)
    return tuple(found)


def _step(event: Any) -> OperationStep:
    """Whatever a fact says of itself, in the columns of a history."""
    source = getattr(event, "source", None)
    said = next((getattr(event, name) for name in ("conclusion", "note", "reason") if hasattr(event, name)), "")
    department = getattr(event, "department", "") or getattr(source, "department", "")
    return OperationStep(at=event.at, step=_STEPS[type(event)], department=department, by=event.by, said=said)


_STEPS: dict[type, str] = {
    o.OperationPlanned: "PLANNED",
    o.OperationAnswered: "ANSWERED",
    o.OperationLaunched: "LAUNCHED",
    o.EvidencePooled: "EVIDENCE_POOLED",
    o.EvidenceReferred: "EVIDENCE_REFERRED",
    o.OperationConcluded: "CONCLUDED",
    o.OperationCancelled: "CANCELLED",
}
