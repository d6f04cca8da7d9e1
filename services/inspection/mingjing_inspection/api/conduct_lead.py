"""Restricted leads about school teachers over HTTP (师德线索): for education discipline, and for nobody else.

One rule: each read is on record, and an opening of a person names its purpose like any other.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts_conduct import CONCLUDE_CONDUCT_LEAD, OPEN_CONDUCT_PEOPLE, TAKE_CONDUCT_LEAD
from mingjing_inspection.api.complainant_opening import PurposeBody
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.lead_report import LeadPersonOpened, opened_person
from mingjing_inspection.api.permission import dimensions_of
from mingjing_inspection.codec_leads import CONDUCT_LEADS
from mingjing_inspection.domain.conduct_lead import (
    ConcludeConductLead,
    ConductLeadUnknown,
    ConductSource,
    TakeConductLead,
    hindrance,
)
from mingjing_inspection.domain.lead_refusals import LeadPersonUnknown
from mingjing_inspection.projections.conduct_leads import conduct_leads_in
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
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.redact import redacted

COLUMNS = (
    Column("opened_at", "时间", "Opened at", "moment"),
    Column("stage", "状态", "Stage"),
    Column("source", "来源", "Source"),
    Column("summary", "线索", "Lead"),
    Column("address", "地址", "Address"),
    Column("region", "网格", "Grid"),
    Column("note", "核查结果", "Result"),
)


class ConductLeadItem(BaseModel):
    """A restricted lead as it stands; no institution is in it."""

    model_config = ConfigDict(from_attributes=True)

    lead_id: UUID
    stage: str
    source: str
    source_id: UUID
    department: str
    region: str
    category: str
    address: str
    summary: str
    people: int = Field(description="How many persons are sealed in the lead that it came from")
    opened_at: datetime
    note: str
    version: int


class ConductConclusionBody(BaseModel):
    """What was found."""

    is_substantiated: bool
    note: str = Field(max_length=2_000)


def make_router(kit: Kit) -> Router:
    """List them, look into one, conclude it."""
    router = Router(prefix="/conduct-leads", tags=["conduct 师德线索"])
    _reading(router, kit)
    _writing(router, kit)
    return router


def _reading(router: Router, kit: Kit) -> None:
    @router.get("", response_model=Page[ConductLeadItem], summary="师德线索列表 leads about teachers")
    async def conduct_leads(
        stage: str | None = Query(default=None, max_length=30),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first."""
        statement = conduct_leads_in(scope, stage=stage, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        keys = (rows.opened_at, rows.lead_id)
        listing = Listing(name="conduct-leads", statement=statement, keys=keys, columns=COLUMNS, is_descending=True)
        return await answer_list(listing, asked, kit.connection, ConductLeadItem)

    @router.get("/{lead_id}", summary="师德线索 one lead about a teacher")
    async def conduct_lead(
        lead_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> ConductLeadItem:
        """As it stands, or stood."""
        return await _seen(kit, lead_id, scope, as_of)

    @router.get("/{lead_id}/available-actions", summary="可办事项 what may be done to it now")
    async def conduct_actions(lead_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await kit.up_to_date()
        here = dimensions_of(await _seen(kit, lead_id, caller.scope))
        return await available_actions(kit, CONDUCT_LEADS, lead_id, caller, here, hindrance)


def _writing(router: Router, kit: Kit) -> None:
    keys = Keys(kit)

    @router.post("/{lead_id}/verification", summary="核查师德线索 look into it")
    async def take_conduct_lead(
        lead_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By an officer of education discipline."""
        await kit.up_to_date()
        scope.require(TAKE_CONDUCT_LEAD, dimensions_of(await _seen(kit, lead_id, scope)))
        command = TakeConductLead(by=written.actor, on=shanghai_date(kit.now()))
        return accepted(response, await kit.log.handle(CONDUCT_LEADS, lead_id, command, written))

    @router.post("/{lead_id}/conclusion", summary="师德线索办结 what came of it")
    async def conclude_conduct_lead(
        lead_id: UUID,
        body: ConductConclusionBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By another officer than who looked into it."""
        await kit.up_to_date()
        scope.require(CONCLUDE_CONDUCT_LEAD, dimensions_of(await _seen(kit, lead_id, scope)))
        note = redacted(body.note.strip())
        command = ConcludeConductLead(
            is_substantiated=body.is_substantiated, note=note, by=written.actor, on=shanghai_date(kit.now())
        )
        return accepted(response, await kit.log.handle(CONDUCT_LEADS, lead_id, command, grounded(written, note)))

    @router.post("/{lead_id}/people/{number}", summary="查看师德线索涉及人员 open who it is about")
    async def open_conduct_person(
        lead_id: UUID,
        number: int,
        body: PurposeBody,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> LeadPersonOpened:
        """Sealed in the lead that it came from; the purpose is on record before you read the name."""
        await kit.up_to_date()
        seen = await _seen(kit, lead_id, scope)
        scope.require(OPEN_CONDUCT_PEOPLE, dimensions_of(seen))
        if seen.source != ConductSource.LEAD.value:
            raise LeadPersonUnknown
        return await opened_person(kit, keys, (seen.source_id, number), body, written)


async def _seen(kit: Kit, lead_id: UUID, scope: Scope, as_of: AsOf | None = None) -> ConductLeadItem:
    statement = conduct_leads_in(scope, at=await position_of(kit, as_of))
    statement = statement.where(statement.selected_columns.lead_id == lead_id)
    async with kit.connection() as connection:
        row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise ConductLeadUnknown
    return ConductLeadItem.model_validate(row)
