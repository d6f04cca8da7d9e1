"""Campaigns over HTTP (专项行动): one order, a task for every site; unannounced ones are nobody's business outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fastapi import Depends, Response
from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select

from mingjing_inspection.acts_plans import ORDER_CAMPAIGN
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.codec import CAMPAIGNS, TASKS
from mingjing_inspection.domain.campaign import SITES_MAX, CampaignOrdered, OrderCampaign
from mingjing_inspection.domain.task_facts import Cause, PlanTask, TaskKind
from mingjing_inspection.projections.campaigns import campaigns_in
from mingjing_inspection.projections.coverage import coverage_in
from mingjing_kernel.http import (
    Accepted,
    Asked,
    AsOf,
    Column,
    Kit,
    Listing,
    Page,
    accepted,
    answer_list,
    asked,
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.http.writing import POSITION_HEADER
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Dimensions, Scope
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.moment import Moment

TASKS_AT_A_TIME: Final = 500
COLUMNS = (
    Column("ordered_at", "部署时间", "Ordered at", "moment"),
    Column("kind", "类型", "Kind"),
    Column("title", "名称", "Title"),
    Column("region", "区域", "Region"),
    Column("category", "类别", "Category"),
    Column("sites", "教学点数", "Sites"),
    Column("due_at", "期限", "Due", "moment"),
    Column("reason", "事由", "Reason"),
    Column("ordered_by", "部署人", "Ordered by"),
)


class CampaignBody(BaseModel):
    """What is ordered. Only a joint round names ``departments``; each gets a task of its own at each site."""

    kind: TaskKind
    title: str = Field(min_length=1, max_length=200)
    region: str = Field(pattern=r"^[0-9]{6}([0-9]{3}([0-9]{3}([0-9]{3})?)?)?$")
    department: str = Field(default="", max_length=60, description="Institutions of this department; empty: of any")
    category: str = Field(default="", max_length=40, description="Empty: any")
    departments: list[str] = Field(default=[], max_length=12)
    due_at: Moment
    reason: str = Field(min_length=1, max_length=1_000)


class CampaignItem(BaseModel):
    """An order."""

    model_config = ConfigDict(from_attributes=True)

    campaign_id: UUID
    kind: TaskKind
    title: str
    department: str
    region: str
    category: str
    departments: list[str]
    sites: int
    due_at: datetime
    reason: str
    ordered_by: str
    ordered_at: datetime


def make_router(kit: Kit) -> Router:
    """Order, list."""
    router = Router(tags=["task 检查任务"])

    @router.put("/campaigns/{campaign_id}", status_code=201, summary="部署专项行动 order a campaign")
    async def order_campaign(
        campaign_id: UUID,
        body: CampaignBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Sent again, it plans what was cut off and nothing twice. Its tasks have ``rule = campaign:<id>``."""
        scope.require(ORDER_CAMPAIGN, Dimensions(body.department, body.region, body.category))
        await kit.up_to_date()
        async with kit.connection() as connection:
            sites = (await connection.execute(_sites(scope, body))).mappings().all()
        grounds = grounded(written, body.reason)
        command = OrderCampaign(
            **body.model_dump(exclude={"departments"}),
            departments=tuple(body.departments),
            sites=len(sites),
            by=written.actor,
            at=kit.now(),
        )
        outcome = await kit.log.handle(CAMPAIGNS, campaign_id, command, grounds)
        ordered: CampaignOrdered = (await kit.log.state(CAMPAIGNS, campaign_id))[0]
        works = [work for site in sites for work in _works(campaign_id, ordered, site, grounds)]
        position = outcome.position
        for start in range(0, len(works), TASKS_AT_A_TIME):
            for result in await kit.log.handle_many(works[start : start + TASKS_AT_A_TIME]):
                if not isinstance(result, Outcome):
                    raise result
                position = max(position, result.position)
        done = accepted(response, outcome)
        response.headers[POSITION_HEADER] = str(position)
        return done.model_copy(update={"position": position})

    @router.get("/campaigns", response_model=Page[CampaignItem], summary="专项行动列表 campaigns")
    async def campaigns(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first."""
        statement = campaigns_in(scope, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="campaigns",
            statement=statement,
            keys=(rows.ordered_at, rows.campaign_id),
            columns=COLUMNS,
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, CampaignItem)

    return router


def _sites(scope: Scope, body: CampaignBody) -> Select[Any]:
    """The sites that the order reaches, one more than it may at most."""
    statement = coverage_in(scope)
    shown = statement.selected_columns
    statement = statement.where(shown.region.startswith(body.region, autoescape=True))
    for name in ("department", "category"):
        if wanted := getattr(body, name):
            statement = statement.where(shown[name] == wanted)
    return statement.order_by(shown.site_id).limit(SITES_MAX + 1)


def _works(campaign_id: UUID, ordered: CampaignOrdered, site: Any, grounds: Envelope) -> list[Work]:
    """A task; of a joint round one for each department, with its own powers and its own report."""
    site_id, institution_id = (UUID(bytes=site[name].bytes) for name in ("site_id", "institution_id"))
    found = []
    departments: Sequence[str] = ordered.departments or (site["department"],)
    for department in departments:
        task_id = derived_id("campaign-visit", campaign_id, site_id, department)
        command = PlanTask(
            kind=ordered.kind,
            institution_id=institution_id,
            site_id=site_id,
            region=site["region"],
            department=department,
            category=site["category"],
            due_at=ordered.due_at,
            planned_at=ordered.at,
            cause=Cause(reason=f"{ordered.title}：{ordered.reason}", rule=f"campaign:{campaign_id}"),
        )
        command_id = derived_id("plan-campaign-visit", task_id)
        envelope = replace(grounds, command_id=command_id, digest=command_id.bytes * 2, expected_version=None)
        found.append(Work(TASKS, task_id, command, envelope))
    return found
