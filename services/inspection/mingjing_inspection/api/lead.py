"""Leads (线索) and reactions (联动) over HTTP: what was signalled, who looks into it, and what the machine did."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts_rectification import CONCLUDE_LEAD, VERIFY_LEAD
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.permission import allow, dimensions_of
from mingjing_inspection.codec import LEADS
from mingjing_inspection.domain.lead import ConcludeLead, LeadUnknown, VerifyLead, hindrance
from mingjing_inspection.projections.leads import leads_in
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
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal, Scope
from mingjing_kernel.log import Envelope

COLUMNS = (
    Column("opened_at", "时间", "Opened at", "moment"),
    Column("stage", "状态", "Stage"),
    Column("origin", "来源", "Origin"),
    Column("summary", "线索", "Lead"),
    Column("institution_id", "机构", "Institution"),
    Column("address", "地址", "Address"),
    Column("region", "网格", "Grid"),
    Column("department", "主管部门", "Department"),
    Column("note", "核查结果", "Result"),
)


class LeadItem(BaseModel):
    """A lead as it stands now."""

    model_config = ConfigDict(from_attributes=True)

    lead_id: UUID
    stage: str
    origin: str
    source_id: UUID = Field(description="The finding or rectification that it came from")
    institution_id: UUID | None
    site_id: UUID | None
    department: str
    region: str
    category: str
    address: str
    summary: str
    reaction: str
    opened_at: datetime
    note: str
    version: int


class ConclusionBody(BaseModel):
    """What was found."""

    is_case_proposed: bool
    note: str = Field(max_length=2_000)


def make_router(kit: Kit) -> Router:
    """Leads: list them, verify one, conclude it."""
    router = Router(tags=["lead 线索"])
    _listing(router, kit)
    _verifying(router, kit)
    return router


def _listing(router: Router, kit: Kit) -> None:
    @router.get("/leads", response_model=Page[LeadItem], summary="线索列表 leads")
    async def leads(
        stage: str | None = Query(default=None, max_length=30),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first."""
        statement = leads_in(scope, stage=stage, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        keys = (rows.opened_at, rows.lead_id)
        listing = Listing(name="leads", statement=statement, keys=keys, columns=COLUMNS, is_descending=True)
        return await answer_list(listing, asked, kit.connection, LeadItem)

    @router.get("/leads/{lead_id}", summary="线索 one lead")
    async def lead(
        lead_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> LeadItem:
        """As it stands, or stood."""
        return await _seen(kit, lead_id, scope, as_of)

    @router.get("/leads/{lead_id}/available-actions", summary="可办事项 what may be done to it now")
    async def lead_actions(lead_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await kit.up_to_date()
        here = dimensions_of(await _seen(kit, lead_id, caller.scope))
        return await available_actions(kit, LEADS, lead_id, caller, here, hindrance)


def _verifying(router: Router, kit: Kit) -> None:
    @router.post("/leads/{lead_id}/verification", summary="核查线索 begin to verify it")
    async def verify_lead(
        lead_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By an official of the department."""
        await kit.up_to_date()
        allow(scope, VERIFY_LEAD, await _seen(kit, lead_id, scope))
        command = VerifyLead(by=written.actor, on=shanghai_date(kit.now()))
        return accepted(response, await kit.log.handle(LEADS, lead_id, command, written))

    @router.post("/leads/{lead_id}/conclusion", summary="线索办结 a case is proposed, or it was nothing")
    async def conclude_lead(
        lead_id: UUID,
        body: ConclusionBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By somebody other than who verified it; a case is opened by its own decision."""
        await kit.up_to_date()
        allow(scope, CONCLUDE_LEAD, await _seen(kit, lead_id, scope))
        command = ConcludeLead(**body.model_dump(), by=written.actor, on=shanghai_date(kit.now()))
        outcome = await kit.log.handle(LEADS, lead_id, command, grounded(written, body.note))
        return accepted(response, outcome)


async def _seen(kit: Kit, lead_id: UUID, scope: Scope, as_of: AsOf | None = None) -> LeadItem:
    statement = leads_in(scope, at=await position_of(kit, as_of))
    statement = statement.where(statement.selected_columns.lead_id == lead_id)
    async with kit.connection() as connection:
        row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise LeadUnknown
    return LeadItem.model_validate(row)
