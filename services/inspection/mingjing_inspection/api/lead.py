"""Leads (线索) over HTTP: what was signalled, who looks into it, and what came of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts_rectification import CONCLUDE_LEAD, VERIFY_LEAD
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.permission import allow, dimensions_of
from mingjing_inspection.codec_leads import LEADS
from mingjing_inspection.domain.lead import ConcludeLead, LeadUnknown, VerifyLead, hindrance
from mingjing_inspection.intake.lead_sealing import shown_people
from mingjing_inspection.projections.lead_steps import steps_of
from mingjing_inspection.projections.leads import Wanted, leads_in
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
    tagged,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.moment import Moment
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.redact import redacted

COLUMNS = (
    Column("opened_at", "时间", "Opened at", "moment"),
    Column("stage", "状态", "Stage"),
    Column("origin", "来源", "Origin"),
    Column("summary", "线索", "Lead"),
    Column("institution_id", "机构", "Institution"),
    Column("address", "地址", "Address"),
    Column("region", "网格", "Grid"),
    Column("department", "主管部门", "Department"),
    Column("venue", "场所类型", "Venue"),
    Column("cover", "名目", "Cover"),
    Column("times", "培训时段", "Times"),
    Column("prices", "价格线索（分）", "Prices, fen"),
    Column("sightings", "补充次数", "Seen again", "integer"),
    Column("verdict", "研判", "Verdict"),
    Column("verifier", "核查人", "Verifier"),
    Column("escalated_on", "督办日期", "Escalated on", "date"),
    Column("is_mock", "虚拟定位", "Mock position"),
    Column("note", "核查结果", "Result"),
)
_WORD: Any = Query(default=None, max_length=30)


class LeadItem(BaseModel):
    """A lead as it stands now; times in minutes after midnight, prices in fen."""

    model_config = ConfigDict(from_attributes=True)

    lead_id: UUID
    stage: str
    origin: str
    source_id: UUID | None = Field(description="The finding, rectification, visit or complaint that it came from")
    institution_id: UUID | None
    site_id: UUID | None
    department: str
    region: str
    category: str
    address: str
    summary: str
    reaction: str
    opened_at: datetime
    seen_at: datetime
    reported_by: str
    venue: str
    cover: str
    longitude_e7: int | None
    latitude_e7: int | None
    accuracy_metres: int | None
    is_mock: bool = Field(description="The device said that its position was made up 虚拟定位; the lead stands")
    version_id: UUID | None = Field(description="The version of the grids by which its position lies in the region")
    photos: list[str]
    times: list[dict[str, int]]
    prices: list[dict[str, Any]]
    people: int = Field(description="How many persons are sealed with it")
    sightings: int
    is_found: bool
    registry_told_at: datetime | None
    answers: dict[str, Any]
    verdict: str
    note: str
    verifier: str = Field(description="Who took it on; empty while nobody has")
    escalated_on: date | None = Field(description="Since when it is supervised that nobody has taken it on")
    others: list[dict[str, Any]] = Field(description="Other reports that came under its id, and what became of them")
    others_waiting: int
    version: int


class LeadPersonItem(BaseModel):
    """A person of the lead: a pseudonym of this lead only, and masked fields."""

    number: int
    person: str
    masked: dict[str, str]


class OneLead(LeadItem):
    """A lead with who it is about, in masks."""

    persons: list[LeadPersonItem]


class LeadStep(BaseModel):
    """A fact about a lead."""

    version: int
    step: str
    by: str
    happened_at: datetime
    value: str
    note: str


class LeadTimeline(BaseModel):
    """All of them, in order."""

    steps: list[LeadStep]


class ConclusionBody(BaseModel):
    """What was found."""

    is_case_proposed: bool
    note: str = Field(max_length=2_000)


def make_router(kit: Kit) -> Router:
    """Leads: list them, verify one, conclude it."""
    router = Router(tags=["lead 线索"])
    _listing(router, kit)
    _one(router, kit)
    _verifying(router, kit)
    return router


async def wanted_by(
    stage: str | None = _WORD,
    origin: str | None = _WORD,
    venue: str | None = _WORD,
    cover: str | None = _WORD,
    verdict: str | None = _WORD,
    region: str = Query(default="", pattern=r"^[0-9]{0,15}$", description="In grids whose code begins so"),
    since: Moment | None = Query(default=None, description="Opened from then on"),
    until: Moment | None = Query(default=None, description="Opened before"),
    has_institution: bool | None = Query(default=None, description="False: about places alone"),
    is_open: bool | None = Query(default=None, description="Neither proposed as a case nor let go"),
    is_unowned: bool | None = Query(default=None, description="Open, and nobody verifies it"),
    is_escalated: bool | None = Query(default=None, description="Nobody took it on in time"),
    has_others: bool | None = Query(default=None, description="Another report under its id waits for a decision"),
) -> Wanted:
    """The filters of every list of leads."""
    return Wanted(
        stage=stage,
        origin=origin,
        venue=venue,
        cover=cover,
        verdict=verdict,
        region=region,
        since=since,
        until=until,
        has_institution=has_institution,
        is_open=is_open,
        is_unowned=is_unowned,
        is_escalated=is_escalated,
        has_others=has_others,
    )


def _listing(router: Router, kit: Kit) -> None:
    @router.get("/leads", response_model=Page[LeadItem], summary="线索列表 leads")
    async def leads(
        wanted: Wanted = Depends(wanted_by),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first."""
        statement = leads_in(scope, wanted=wanted, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        keys = (rows.opened_at, rows.lead_id)
        listing = Listing(name="leads", statement=statement, keys=keys, columns=COLUMNS, is_descending=True)
        return await answer_list(listing, asked, kit.connection, LeadItem)


def _one(router: Router, kit: Kit) -> None:
    keys = Keys(kit)

    @router.get("/leads/{lead_id}", summary="线索 one lead")
    async def lead(
        lead_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> OneLead:
        """As it stands, or stood; the masks of its persons are those of today."""
        seen = await lead_seen(kit, lead_id, scope, as_of)
        tagged(response, seen.version)
        return OneLead(**seen.model_dump(), persons=await shown_people(keys, lead_id, seen.people))

    @router.get("/leads/{lead_id}/timeline", summary="线索时间线 what happened to it")
    async def lead_timeline(
        lead_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> LeadTimeline:
        """Each fact, in order."""
        await lead_seen(kit, lead_id, scope, as_of)
        async with kit.connection() as connection:
            found = await connection.execute(steps_of(scope, lead_id, await position_of(kit, as_of)))
            return LeadTimeline(steps=[LeadStep.model_validate(dict(row)) for row in found.mappings()])

    @router.get("/leads/{lead_id}/available-actions", summary="可办事项 what may be done to it now")
    async def lead_actions(lead_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await kit.up_to_date()
        here = dimensions_of(await lead_seen(kit, lead_id, caller.scope))
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
        allow(scope, VERIFY_LEAD, await lead_seen(kit, lead_id, scope))
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
        allow(scope, CONCLUDE_LEAD, await lead_seen(kit, lead_id, scope))
        note = redacted(body.note.strip())
        command = ConcludeLead(
            is_case_proposed=body.is_case_proposed, note=note, by=written.actor, on=shanghai_date(kit.now())
        )
        outcome = await kit.log.handle(LEADS, lead_id, command, grounded(written, note))
        return accepted(response, outcome)


async def lead_seen(kit: Kit, lead_id: UUID, scope: Scope, as_of: AsOf | None = None) -> LeadItem:
    """A lead that the caller may see, as it stands or stood; ``LeadUnknown`` for any other."""
    statement = leads_in(scope, at=await position_of(kit, as_of))
    statement = statement.where(statement.selected_columns.lead_id == lead_id)
    async with kit.connection() as connection:
        row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise LeadUnknown
    return LeadItem.model_validate(row)
