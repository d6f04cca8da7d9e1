"""Places of sites over HTTP: an officer says where a site stands, at a visit or by a form; a list has the unknown."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts_grid import PLACE_SITE
from mingjing_inspection.api.permission import allow
from mingjing_inspection.codec import PREMISES_KNOWN
from mingjing_inspection.domain.premises import Premises, SiteNotApproved
from mingjing_inspection.domain.site_place import place_possible
from mingjing_inspection.geometry.coordinates import System, point_wgs84
from mingjing_inspection.intake.grid_book import GridBook
from mingjing_inspection.intake.placing import placing
from mingjing_inspection.projections.site_places import site_places_in
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
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope

COLUMNS = (
    Column("address", "地址", "Address"),
    Column("region", "网格", "Grid"),
    Column("stated_region", "登记网格", "Grid as stated"),
    Column("former_region", "原网格", "Grid before"),
    Column("why", "未按位置确定的原因", "Why not by its place"),
    Column("longitude_e7", "经度 1e-7", "Longitude 1e-7"),
    Column("latitude_e7", "纬度 1e-7", "Latitude 1e-7"),
    Column("source", "位置来源", "Source"),
    Column("institution_id", "机构", "Institution"),
    Column("site_id", "教学点", "Site"),
)


class PlaceBody(BaseModel):
    """Where the site stands, in 1e-7 degrees."""

    longitude_e7: int
    latitude_e7: int
    coordinates: System = System.WGS84
    accuracy_metres: int = Field(default=0, ge=0, le=100_000)


class PlaceAccepted(Accepted):
    """The position stands; the grid in which it lies."""

    grid: str = Field(description="Empty where no grid in force has it; then the stated one stays")


class SitePlaceItem(BaseModel):
    """A site and its grid; ``why`` it stays by the grid that the registry stated, empty where its position decides."""

    model_config = ConfigDict(from_attributes=True)

    institution_id: UUID
    site_id: UUID
    address: str
    region: str
    stated_region: str
    former_region: str
    why: str
    longitude_e7: int | None
    latitude_e7: int | None
    source: str
    version_id: UUID | None
    since: datetime


def make_router(kit: Kit) -> Router:
    """Place a site, list the places."""
    router = Router(tags=["site 教学点"])
    book = GridBook(kit)

    @router.put(
        "/institutions/{institution_id}/sites/{site_id}/position",
        status_code=201,
        summary="标注教学点位置 say where a site stands",
    )
    async def place_site(
        institution_id: UUID,
        site_id: UUID,
        body: PlaceBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> PlaceAccepted:
        """It is looked up in the grids in force at once."""
        place_possible(body.longitude_e7, body.latitude_e7)
        premises: Premises = (await kit.log.state(PREMISES_KNOWN, institution_id))[0]
        site = premises.site(site_id)
        if site is None:
            raise SiteNotApproved
        allow(scope, PLACE_SITE, premises, site.region)
        where = point_wgs84(body.coordinates, body.longitude_e7, body.latitude_e7)
        command = await placing(kit, book, site_id, where, body.accuracy_metres)
        done = accepted(response, await kit.log.handle(PREMISES_KNOWN, institution_id, command, written))
        return PlaceAccepted(**done.model_dump(), grid=command.grid)

    @router.get("/site-places", response_model=Page[SitePlaceItem], summary="教学点位置 where sites stand")
    async def site_places(
        why: Literal["place-unknown", "in-no-grid"] | None = Query(
            default=None, description="Only those that stay by their stated grid for this reason"
        ),
        region: str = Query(default="", pattern=r"^[0-9]{0,15}$", description="In grids whose code begins so"),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """By grid."""
        statement = site_places_in(scope, why=why, region=region, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        keys = (rows.region, rows.institution_id, rows.site_id)
        listing = Listing(name="site-places", statement=statement, keys=keys, columns=COLUMNS)
        return await answer_list(listing, asked, kit.connection, SitePlaceItem)

    return router
