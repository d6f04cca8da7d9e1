"""Grid versions over HTTP: a file is looked at, drafted, mended, proposed by one person and put in force by another."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts_grid import (
    APPROVE_GRIDS,
    DRAFT_GRIDS,
    DROP_FEATURE,
    PROPOSE_GRIDS,
    RETURN_GRIDS,
    WITHDRAW_GRIDS,
)
from mingjing_inspection.api.grid_problems import AsideItem, ProblemItem, aside_item, problem_item
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.codec import GRID_VERSIONS
from mingjing_inspection.domain.grid_code import is_grid
from mingjing_inspection.domain.grid_version import Draft, Undrafted, hindrance
from mingjing_inspection.domain.grid_version_facts import (
    ApproveGrids,
    Command,
    DraftGrids,
    DropFeature,
    ProposeGrids,
    ReturnGrids,
    WithdrawGrids,
)
from mingjing_inspection.domain.grid_version_refusals import VersionNotDrafted
from mingjing_inspection.geometry.coordinates import System
from mingjing_inspection.geometry.geojson import collection_of, feature_of
from mingjing_inspection.intake.grid_drafting import Drafted, draft_of, problems_of
from mingjing_inspection.projections.grid_versions import grid_versions_in
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
from mingjing_kernel.identity import UNDIVIDED, Act, Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope

NAME_LENGTH_MAX = 200
COLUMNS = (
    Column("name", "名称", "Name"),
    Column("state", "状态", "State"),
    Column("effective_on", "启用日期", "In force from"),
    Column("grids", "网格数", "Grids", "integer"),
    Column("kept_aside", "待补正图形", "Kept aside", "integer"),
    Column("coordinates", "坐标系", "Coordinates"),
    Column("drafted_at", "导入时间", "Drafted at", "moment"),
    Column("drafted_by", "导入人", "Drafted by"),
    Column("proposed_by", "提请人", "Proposed by"),
    Column("approved_by", "批准人", "Approved by"),
)


class GridFilePreview(BaseModel):
    """What a file comes to."""

    grids: int = Field(description="Grids that can be taken")
    communities: int = Field(description="Outlines of communities that can be taken")
    kept_aside: list[AsideItem]
    problems: list[ProblemItem] = Field(description="Of the draft as a whole, as it stands with this file")


class GridFileReceipt(GridFilePreview):
    """The same of a file that was taken in."""

    position: int
    version: int
    repeated: bool = False


class RedrawItem(BaseModel):
    """What coming into force came to: which sites and tasks moved, which did not, and why."""

    on: date
    sites: int
    moved: int
    unchanged: int
    outside: int = Field(description="With a position in no grid; they stay by their stated grid")
    place_unknown: int = Field(description="Without a position; the same")
    tasks_moved: int
    tasks_kept: int
    because: str


class GridVersionItem(BaseModel):
    """A version: DRAFT, PROPOSED, APPROVED, WITHDRAWN."""

    model_config = ConfigDict(from_attributes=True)

    version_id: UUID
    region: str
    name: str
    coordinates: str
    state: str
    grids: int
    kept_aside: int
    drafted_by: str
    drafted_at: datetime
    proposed_by: str
    approved_by: str
    effective_on: date | None
    reason: str = Field(description="Why it was sent back or withdrawn")
    redraw: RedrawItem | dict[str, Any] = Field(description="Empty until it came into force and was carried out")


class VersionFeatures(BaseModel):
    """A GeoJSON FeatureCollection in WGS-84, with what is wrong beside it. ``kind`` of a feature: grid, community, or
    aside, which could not be taken.
    """

    type: str = "FeatureCollection"
    features: list[dict[str, Any]]
    kept_aside: list[AsideItem]
    problems: list[ProblemItem]


class DropBody(BaseModel):
    """Which feature is left out, and why."""

    key: str = Field(min_length=1, max_length=60)
    reason: str = Field(max_length=1_000)


class ReturnBody(BaseModel):
    """Why."""

    reason: str = Field(max_length=1_000)


class ApprovalBody(BaseModel):
    """From which day they count; the first one is today."""

    effective_on: date


def make_router(kit: Kit) -> Router:
    """Files and lists."""
    router = Router(prefix="/grid-versions", tags=["grid 网格"])
    _add_files(router, kit)
    _add_reading(router, kit)
    return router


def _add_files(router: Router, kit: Kit) -> None:
    @router.post("/preview", summary="预览网格文件 what a file of grids would come to")
    async def preview_grids(
        request: Request,
        coordinates: System = Query(default=System.WGS84, description="In which system the file is"),
        version_id: UUID | None = Query(default=None, description="Beside what this draft has"),
        scope: Scope = Depends(kit.scope),
    ) -> GridFilePreview:
        """The body is GeoJSON. Nothing is recorded."""
        _allow(kit, scope, DRAFT_GRIDS)
        version, _ = await kit.log.state(GRID_VERSIONS, version_id) if version_id else (Undrafted(), 0)
        return GridFilePreview(**_said(await draft_of(kit, await request.body(), coordinates, version)))

    @router.put("/{version_id}", status_code=201, summary="导入网格文件 take a file of grids into a draft")
    async def draft_grids(
        version_id: UUID,
        request: Request,
        response: Response,
        name: str = Query(default="", max_length=NAME_LENGTH_MAX),
        coordinates: System = Query(default=System.WGS84, description="In which system the file is"),
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> GridFileReceipt:
        """The first file makes the draft, a later one mends it code by code. What is valid is taken, the rest waits."""
        _allow(kit, scope, DRAFT_GRIDS)
        version, seen = await kit.log.state(GRID_VERSIONS, version_id)
        drafted = await draft_of(kit, await request.body(), coordinates, version)
        command = DraftGrids(
            county=kit.settings.county_code,
            department=written.department,
            name=name.strip(),
            coordinates=coordinates.value,
            digest=drafted.digest,
            areas=drafted.areas,
            aside=drafted.aside,
            drafted_at=kit.now(),
        )
        done = accepted(response, await kit.log.handle(GRID_VERSIONS, version_id, command, _looked(written, seen)))
        return GridFileReceipt(**_said(drafted), **done.model_dump())


def _add_reading(router: Router, kit: Kit) -> None:
    @router.get("", response_model=Page[GridVersionItem], summary="网格版本列表 versions of the grids")
    async def grid_versions(
        state: str | None = None,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """The latest first."""
        statement = grid_versions_in(scope, state=state, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        keys = (rows.drafted_at, rows.version_id)
        listing = Listing(name="grid-versions", statement=statement, keys=keys, columns=COLUMNS, is_descending=True)
        return await answer_list(listing, asked, kit.connection, GridVersionItem)

    @router.get("/{version_id}", summary="网格版本 one version")
    async def grid_version(
        version_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> GridVersionItem:
        """As it stands, or stood."""
        return await _seen(kit, version_id, scope, as_of)

    @router.get("/{version_id}/features", summary="版本图形与问题 its grids and what is wrong with them")
    async def version_features(version_id: UUID, scope: Scope = Depends(kit.scope)) -> VersionFeatures:
        """As it stands now, drafts too: for the map."""
        await _seen(kit, version_id, scope)
        version, _ = await kit.log.state(GRID_VERSIONS, version_id)
        if isinstance(version, Undrafted):
            raise VersionNotDrafted
        waiting = list(version.aside.values()) if isinstance(version, Draft) else []
        drawn = [
            feature_of(area.shape, {"kind": "grid" if is_grid(code) else "community", "code": code, "name": area.name})
            for code, area in sorted(version.areas.items())
        ]
        aside = [
            feature_of(one.outline, {"kind": "aside", "code": one.code, "name": one.name, "key": one.key})
            for one in waiting
            if one.outline
        ]
        return VersionFeatures(
            features=collection_of([*drawn, *aside])["features"],
            kept_aside=[aside_item(one) for one in waiting],
            problems=[problem_item(one) for one in await problems_of(version.areas)],
        )

    @router.get("/{version_id}/available-actions", summary="可办事项 what may be done to it now, and until when")
    async def version_actions(version_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await kit.up_to_date()
        seen = await _seen(kit, version_id, caller.scope)
        here = Dimensions(UNDIVIDED, seen.region, UNDIVIDED)
        return await available_actions(kit, GRID_VERSIONS, version_id, caller, here, hindrance)


def make_steps_router(kit: Kit) -> Router:
    """The steps of a version, in their order."""
    router = Router(prefix="/grid-versions/{version_id}", tags=["grid 网格"])

    async def step(
        version_id: UUID, who: tuple[Scope, Act], command: Command, written: Envelope, response: Response
    ) -> Accepted:
        scope, act = who
        _allow(kit, scope, act)
        return accepted(response, await kit.log.handle(GRID_VERSIONS, version_id, command, written))

    @router.post("/dropped-features", summary="剔除图形 leave a feature out of the draft")
    async def drop_feature(
        version_id: UUID,
        body: DropBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """One that waits; or a grid, where nothing waits under its code."""
        command = DropFeature(key=body.key, reason=body.reason, dropped_at=kit.now())
        return await step(version_id, (scope, DROP_FEATURE), command, grounded(written, body.reason), response)

    @router.post("/proposal", summary="提请启用 propose it")
    async def propose_grids(
        version_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """When nothing waits and the grids fit together, as they stand at this moment."""
        _allow(kit, scope, PROPOSE_GRIDS)
        version, seen = await kit.log.state(GRID_VERSIONS, version_id)
        problems = await problems_of(version.areas) if isinstance(version, Draft) else []
        command = ProposeGrids(problems=sum(one.blocks for one in problems), proposed_at=kit.now())
        return await step(version_id, (scope, PROPOSE_GRIDS), command, _looked(written, seen), response)

    @router.post("/return", summary="退回 send it back to the draft")
    async def return_grids(
        version_id: UUID,
        body: ReturnBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """With a reason."""
        command = ReturnGrids(reason=body.reason, returned_at=kit.now())
        return await step(version_id, (scope, RETURN_GRIDS), command, grounded(written, body.reason), response)

    @router.post("/approval", summary="批准启用 put it in force from a day")
    async def approve_grids(
        version_id: UUID,
        body: ApprovalBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By somebody other than who proposed it. Sites and open tasks are looked at anew on that day."""
        now = kit.now()
        command = ApproveGrids(effective_on=body.effective_on, today=shanghai_date(now), approved_at=now)
        return await step(version_id, (scope, APPROVE_GRIDS), command, written, response)

    @router.post("/withdrawal", summary="撤回 withdraw it")
    async def withdraw_grids(
        version_id: UUID,
        body: ReturnBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Before the day on which it comes into force."""
        now = kit.now()
        command = WithdrawGrids(reason=body.reason, today=shanghai_date(now), withdrawn_at=now)
        return await step(version_id, (scope, WITHDRAW_GRIDS), command, grounded(written, body.reason), response)

    return router


def _allow(kit: Kit, scope: Scope, act: Act) -> None:
    """Grids are the county's."""
    scope.require(act, Dimensions(UNDIVIDED, kit.settings.county_code, UNDIVIDED))


def _looked(written: Envelope, seen: int) -> Envelope:
    """What was reckoned beside a draft counts for that draft: not if somebody changed it meanwhile."""
    return replace(written, expected_version=seen) if written.expected_version is None else written


def _said(drafted: Drafted) -> dict[str, Any]:
    grids = sum(is_grid(area.code) for area in drafted.areas)
    return {
        "grids": grids,
        "communities": len(drafted.areas) - grids,
        "kept_aside": [aside_item(one) for one in drafted.aside],
        "problems": [problem_item(one) for one in drafted.problems],
    }


async def _seen(kit: Kit, version_id: UUID, scope: Scope, as_of: AsOf | None = None) -> GridVersionItem:
    statement = grid_versions_in(scope, at=await position_of(kit, as_of))
    statement = statement.where(statement.selected_columns.version_id == version_id)
    async with kit.connection() as connection:
        row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise VersionNotDrafted
    return GridVersionItem.model_validate(row)
