"""The grids in force over HTTP: all of them as GeoJSON, or the one at a point, on a day."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from mingjing_inspection.domain.grid_code import community_of, is_grid
from mingjing_inspection.domain.site_place import place_possible
from mingjing_inspection.geometry.coordinates import System, point_wgs84
from mingjing_inspection.geometry.geojson import feature_of
from mingjing_inspection.intake.grid_book import GridBook, Grids
from mingjing_inspection.projections.grid_posts import posts_of
from mingjing_kernel.http import AsOf, Kit, day_of, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope

NONE_IN_FORCE = ("当日没有启用的网格", "No version of the grids was in force on that day")
OUTSIDE = ("该位置不在任何网格内", "The point lies in no grid")


class GridCollection(BaseModel):
    """A GeoJSON FeatureCollection in WGS-84. ``kind`` of a feature: grid, community."""

    type: str = "FeatureCollection"
    on: date
    version_id: UUID | None = Field(description="Null where no version was in force on that day")
    effective_on: date | None
    features: list[dict[str, Any]]


class PostItem(BaseModel):
    """Who held which post of the grid, or of its community, on the day."""

    code: str
    post: str
    person: str


class GridAt(BaseModel):
    """The grid at a point, and who is there."""

    on: date
    version_id: UUID | None
    code: str = Field(description="Empty where there is none")
    name: str
    posts: list[PostItem]
    why_zh: str = Field(description="Why there is none")
    why_en: str


def make_router(kit: Kit) -> Router:
    """Two questions."""
    router = Router(prefix="/grids", tags=["grid 网格"])
    book = GridBook(kit)

    async def grids_on(on: date | None, as_of: AsOf | None) -> tuple[date, Grids | None]:
        at = await position_of(kit, as_of)
        day = on or await day_of(kit, as_of)
        return day, await book.on(day, at)

    @router.get("", summary="网格图形 the grids in force, as GeoJSON")
    async def grids(
        region: str = Query(default="", pattern=r"^[0-9]{0,15}$", description="Only codes that begin so"),
        on: date | None = Query(default=None, description="The day; that of as_of, or today, without one"),
        _scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> GridCollection:
        """Of a day, as it is known now or was known then."""
        day, found = await grids_on(on, as_of)
        if found is None:
            return GridCollection(on=day, version_id=None, effective_on=None, features=[])
        features = [
            feature_of(area.shape, {"kind": "grid" if is_grid(code) else "community", "code": code, "name": area.name})
            for code, area in sorted(found.version.areas.items())
            if code.startswith(region)
        ]
        return GridCollection(
            on=day, version_id=found.version_id, effective_on=found.version.effective_on, features=features
        )

    @router.get("/at", summary="点落网格 the grid at a point")
    async def grid_at(
        longitude_e7: int = Query(description="In 1e-7 degrees"),
        latitude_e7: int = Query(description="In 1e-7 degrees"),
        coordinates: System = Query(default=System.WGS84, description="In which system the point is"),
        on: date | None = Query(default=None, description="The day; that of as_of, or today, without one"),
        _scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> GridAt:
        """With its officer, deputy, linked inspector and the leader of its community."""
        place_possible(longitude_e7, latitude_e7)
        day, found = await grids_on(on, as_of)
        code = found.index.at(*point_wgs84(coordinates, longitude_e7, latitude_e7)) if found else ""
        why = ("", "") if code else OUTSIDE if found else NONE_IN_FORCE
        return GridAt(
            on=day,
            version_id=found.version_id if found else None,
            code=code,
            name=found.version.areas[code].name if found and code else "",
            posts=await _posts(code, day) if code else [],
            why_zh=why[0],
            why_en=why[1],
        )

    async def _posts(code: str, day: date) -> list[PostItem]:
        async with kit.connection() as connection:
            rows = (await connection.execute(posts_of((code, community_of(code)), day))).all()
        return [PostItem(code=row.region, post=row.post, person=row.person) for row in rows]

    return router
