"""Visits to hot-spots over HTTP (热点网格巡查): which are planned, and what was seen."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts_leads import REPORT_HOTSPOT_VISIT
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.permission import allow, dimensions_of
from mingjing_inspection.codec_leads import HOTSPOT_VISITS
from mingjing_inspection.domain.hotspot import (
    HotspotOutcome,
    HotspotVisitUnknown,
    ReportHotspotVisit,
    hindrance,
)
from mingjing_inspection.projections.hotspot_visits import hotspot_visits_in
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
from mingjing_kernel.moment import Moment
from mingjing_kernel.sealed.redact import redacted

COLUMNS = (
    Column("day", "日期", "Day", "date"),
    Column("begins", "起（分钟）", "From, minutes", "integer"),
    Column("ends", "止（分钟）", "To, minutes", "integer"),
    Column("slot", "时段", "Why then"),
    Column("region", "网格", "Grid"),
    Column("leads_open", "线索数", "Open leads", "integer"),
    Column("places", "地点", "Places"),
    Column("state", "状态", "State"),
    Column("outcome", "结果", "Outcome"),
    Column("officer", "巡查人", "Officer"),
    Column("note", "备注", "Note"),
)


class HotspotPlace(BaseModel):
    """Where to look."""

    lead_id: UUID
    address: str


class HotspotVisitItem(BaseModel):
    """A visit to a grid with many leads; times in minutes after midnight in China."""

    model_config = ConfigDict(from_attributes=True)

    visit_id: UUID
    state: str
    department: str
    region: str
    category: str
    slot: str
    day: date
    begins: int
    ends: int
    due_at: datetime
    leads_naming: int = Field(description="How many leads name this time; 0: a default, no lead says when")
    leads_open: int
    threshold: int
    policy: str
    places: list[HotspotPlace]
    outcome: str
    note: str
    officer: str
    visited_at: datetime | None
    version: int


class HotspotReportBody(BaseModel):
    """What was seen."""

    outcome: HotspotOutcome
    note: str = Field(max_length=2_000)
    visited_at: Moment


def make_router(kit: Kit) -> Router:
    """List them, report one."""
    router = Router(prefix="/hotspot-visits", tags=["lead 线索"])

    @router.get("", response_model=Page[HotspotVisitItem], summary="热点网格巡查 visits to hot-spots")
    async def hotspot_visits(
        state: Literal["PLANNED", "MADE"] | None = None,
        is_overdue: bool = Query(default=False, description="Only those whose time is over and nobody went"),
        due_after: Moment | None = Query(default=None, description="Only those whose time ends after it"),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """By the end of their time."""
        overdue_at = kit.now() if is_overdue else None
        at = await position_of(kit, as_of)
        statement = hotspot_visits_in(scope, state=state, overdue_at=overdue_at, due_after=due_after, at=at)
        rows = statement.selected_columns
        listing = Listing(
            name="hotspot-visits", statement=statement, keys=(rows.due_at, rows.visit_id), columns=COLUMNS
        )
        return await answer_list(listing, asked, kit.connection, HotspotVisitItem)

    @router.get("/{visit_id}/available-actions", summary="可办事项 what may be done to it now")
    async def hotspot_actions(visit_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await kit.up_to_date()
        here = dimensions_of(await _seen(kit, visit_id, caller.scope))
        return await available_actions(kit, HOTSPOT_VISITS, visit_id, caller, here, hindrance)

    @router.post("/{visit_id}/report", summary="上报热点巡查 say what was seen")
    async def report_hotspot_visit(
        visit_id: UUID,
        body: HotspotReportBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """New places are reported as leads, more about a known one is added to it."""
        await kit.up_to_date()
        allow(scope, REPORT_HOTSPOT_VISIT, await _seen(kit, visit_id, scope))
        command = ReportHotspotVisit(
            outcome=body.outcome,
            note=redacted(body.note.strip()),
            visited_at=body.visited_at,
            by=written.actor,
            at=kit.now(),
        )
        outcome = await kit.log.handle(HOTSPOT_VISITS, visit_id, command, grounded(written, command.note))
        return accepted(response, outcome)

    return router


async def _seen(kit: Kit, visit_id: UUID, scope: Scope) -> HotspotVisitItem:
    statement = hotspot_visits_in(scope)
    statement = statement.where(statement.selected_columns.visit_id == visit_id)
    async with kit.connection() as connection:
        row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise HotspotVisitUnknown
    return HotspotVisitItem.model_validate(row)
