"""Teaching sites over HTTP: proposed for an institution, approved by two officers, closed."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

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
from mingjing_kernel.identity import Act, Principal, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.refusal import Refusal
from mingjing_registry.acts import APPROVE_SITE, CLOSE_SITE, PROPOSE_SITE, SIGN_SITE, WAIVE_SITE_AREA
from mingjing_registry.api.application import WaiverBody
from mingjing_registry.api.grounds import PREMISES, grounded
from mingjing_registry.api.numbers import admission_numbers
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import acted_on, standing
from mingjing_registry.codec import SITES
from mingjing_registry.domain.application import Waiver
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.refusals import SiteUnknown
from mingjing_registry.domain.site import (
    Approved,
    ApproveSite,
    CloseSite,
    Place,
    ProposeSite,
    SignSite,
    Site,
    Unknown,
    hindrance,
    online_only,
    unlicensed,
)
from mingjing_registry.domain.site import Command as SiteCommand
from mingjing_registry.domain.site_area import WaiveSiteArea
from mingjing_registry.intake.row_commands import site_id_of
from mingjing_registry.projections.sites import sites_in
from mingjing_registry.sources.addresses import place
from mingjing_registry.sources.divisions import division

COLUMNS = (
    Column("address", "地址", "Address"),
    Column("state", "状态", "State"),
    Column("town_code", "镇街代码", "Town"),
    Column("grid_code", "网格编码", "Grid"),
    Column("area_m2", "面积（㎡）", "Area (m²)", "integer"),
    Column("students_max", "每班次最多人数", "Pupils of a session", "integer"),
    Column("institution_id", "机构", "Institution"),
    Column("approved_on", "批准日期", "Approved on", "date"),
    Column("closed_on", "停用日期", "Closed on", "date"),
)


class SiteItem(BaseModel):
    """A site as it stands."""

    model_config = ConfigDict(from_attributes=True)

    site_id: UUID
    institution_id: UUID
    address: str
    town_code: str
    grid_code: str = Field(description="Provisional unless the proposal stated a surveyed one: drawn from the address")
    area_m2: int | None = Field(description="As measured; before that, as stated")
    students_max: int | None = Field(description="Most pupils of one session, as stated at the check")
    state: str
    approved_on: date | None
    closed_on: date | None
    version: int


class NewSite(BaseModel):
    """One more address. Town and grid are found from it; give the grid when it is known better."""

    address: str = Field(max_length=500)
    area_m2: int | None = Field(default=None, ge=1, le=1_000_000)
    grid_code: str = Field(default="", pattern=r"^([0-9]{15})?$")


class Proposed(Accepted):
    """The site that was proposed, and where it lies."""

    site_id: UUID
    town_code: str
    grid_code: str


class SiteSignatureBody(BaseModel):
    """On which check the first officer signs."""

    site_check_reference: str = Field(max_length=200, description="Record of the check of area and fire safety (L16)")
    area_m2: int | None = Field(default=None, ge=1, le=1_000_000, description="As measured there; needed (R6)")
    students_max: int | None = Field(default=None, ge=1, le=100_000, description="Of one session; stated with the area")


class ClosingBody(BaseModel):
    """Why."""

    reason: str = Field(max_length=1_000)


def make_router(kit: Kit) -> Router:
    """Sites and their steps."""
    router = Router(tags=["site 教学点"])
    county = division(kit.settings.county_code)

    @router.get("/sites", response_model=Page[SiteItem], summary="教学点清单 sites")
    async def sites(
        institution_id: UUID | None = None,
        site_id: UUID | None = None,
        state: str = Query(default="", max_length=40),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """By address."""
        at = await position_of(kit, as_of)
        statement = sites_in(scope, institution_id=institution_id, site_id=site_id, state=state, at=at)
        rows = statement.selected_columns
        listing = Listing(
            name="sites",
            title=("教学点清单", "Teaching sites"),
            statement=statement,
            keys=(rows.address, rows.site_id),
            columns=COLUMNS,
        )
        return await answer_list(listing, asked, kit.connection, SiteItem)

    @router.post("/institutions/{institution_id}/sites", status_code=201, summary="申报教学点 propose a site")
    async def propose(
        institution_id: UUID,
        body: NewSite,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Proposed:
        """Its id follows from institution and address: proposing it twice is one proposal."""
        known = await acted_on(kit, scope, PROPOSE_SITE, institution_id)
        if (why := online_only(ProposeSite, known.profile.modes)) is not None:
            raise why
        located = place(body.address, county, lambda _: None)
        if body.grid_code:
            located = Place(address=located.address, town_code=body.grid_code[:9], grid_code=body.grid_code)
        site_id = site_id_of(institution_id, located.address)
        command = ProposeSite(
            institution_id=institution_id, place=located, area_m2=body.area_m2, on=day_of(kit, written)
        )
        outcome = await kit.log.handle(SITES, site_id, command, written)
        answer = accepted(response, outcome).model_dump()
        return Proposed(site_id=site_id, town_code=located.town_code, grid_code=located.grid_code, **answer)

    _signing(router, kit)
    _closing(router, kit)
    _actions(router, kit)
    return router


def _signing(router: Router, kit: Kit) -> None:
    @router.post("/sites/{site_id}/signature", summary="拟批准教学点 sign the site's approval first")
    async def sign_site(
        site_id: UUID,
        body: SiteSignatureBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By the officer in charge; another one approves."""
        command = SignSite(officer=written.actor, **body.model_dump(), on=day_of(kit, written))
        grounds = grounded(written, governed_by=PREMISES)
        return await _act(kit, site_id, (scope, SIGN_SITE), command, grounds, response)

    @router.post("/sites/{site_id}/waivers", summary="豁免教学点面积条件 waive the floor area rule")
    async def waive_site_area(
        site_id: UUID,
        body: WaiverBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """R6, with a reason; whoever waives it does not approve the site."""
        on = day_of(kit, written)
        waiver = Waiver(**body.model_dump(), by=written.actor, on=on)
        grounds = grounded(written, body.reason, legal_basis=body.legal_basis, governed_by=PREMISES)
        command = WaiveSiteArea(waiver=waiver, on=on)
        return await _act(kit, site_id, (scope, WAIVE_SITE_AREA), command, grounds, response)

    @router.post("/sites/{site_id}/approval", summary="批准教学点 approve a site")
    async def approve_site(
        site_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The second signature, by another officer, under a licence in force and on enough floor area (R6): teaching is
        allowed there from now on.
        """
        command = await _approval(kit, site_id, written)
        grounds = grounded(written, governed_by=PREMISES)
        return await _act(kit, site_id, (scope, APPROVE_SITE), command, grounds, response)


def _closing(router: Router, kit: Kit) -> None:
    @router.post("/sites/{site_id}/closing", summary="停用教学点 close a site")
    async def close(
        site_id: UUID,
        body: ClosingBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Teaching there ends."""
        command = CloseSite(reason=body.reason, on=day_of(kit, written))
        return await _act(kit, site_id, (scope, CLOSE_SITE), command, grounded(written, body.reason), response)


async def _act(
    kit: Kit,
    site_id: UUID,
    who: tuple[Scope, Act],
    command: SignSite | WaiveSiteArea | ApproveSite | CloseSite,
    written: Envelope,
    response: Response,
) -> Accepted:
    state, _ = await kit.log.state(SITES, site_id)
    if isinstance(state, Unknown):
        raise SiteUnknown
    known = await acted_on(kit, *who, state.institution_id)
    if not isinstance(state, Approved) and (why := _not_allowed(type(command), known)) is not None:
        raise why
    return accepted(response, await kit.log.handle(SITES, site_id, command, written))


def _not_allowed(step: type[SiteCommand], known: Known) -> Refusal | None:
    return unlicensed(step, known.licence) or online_only(step, known.profile.modes)


async def _approval(kit: Kit, site_id: UUID, written: Envelope) -> ApproveSite:
    """By the numbers in force where its institution is."""
    state, _ = await kit.log.state(SITES, site_id)
    if isinstance(state, Unknown):
        raise SiteUnknown
    on = day_of(kit, written)
    numbers = await admission_numbers(kit, state.institution_id, on)
    return ApproveSite(officer=written.actor, numbers=numbers, on=on)


def _actions(router: Router, kit: Kit) -> None:
    @router.get("/sites/{site_id}/available-actions", summary="可办事项 what may be done to it now, and until when")
    async def site_actions(site_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet. A site is its institution's."""
        await kit.up_to_date()
        statement = sites_in(caller.scope)
        async with kit.connection() as connection:
            wanted = statement.where(statement.selected_columns.site_id == site_id)
            row = (await connection.execute(wanted)).mappings().one_or_none()
        if row is None:
            raise SiteUnknown
        known, here = await standing(kit, row["institution_id"])

        def hindered(step: type[SiteCommand], site: Site) -> Refusal | None:
            return hindrance(step, site) or _not_allowed(step, known)

        return await available_actions(kit, SITES, site_id, caller, here, hindered)
