"""Posts of grids over HTTP: who is officer, deputy, leader or linked inspector, since when, and who was."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import Depends, Path, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts_grid import FILL_POST, VACATE_POST
from mingjing_inspection.codec import GRID_POSTS
from mingjing_inspection.domain.grid_code import code_problem
from mingjing_inspection.domain.grid_post import Command, FillPost, Post, VacatePost
from mingjing_inspection.projections.grid_posts import grid_posts_in
from mingjing_kernel.divisions import town_names
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
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import UNDIVIDED, Act, Dimensions, Scope
from mingjing_kernel.log import Envelope

PERSON_LENGTH_MAX = 200
CODE = r"^[0-9]{12}([0-9]{3})?$"
COLUMNS = (
    Column("region", "网格", "Grid"),
    Column("post", "岗位", "Post"),
    Column("person", "人员", "Person"),
    Column("from_on", "起", "From"),
    Column("last_on", "止", "Until"),
)


class TenureBody(BaseModel):
    """Who, from which day."""

    person: str = Field(min_length=1, max_length=PERSON_LENGTH_MAX, description="The subject by which she signs in")
    from_on: date


class VacancyBody(BaseModel):
    """The last day of whoever holds it."""

    last_on: date


class TenureItem(BaseModel):
    """Somebody at a post; ``last_on`` is null without an end."""

    model_config = ConfigDict(from_attributes=True)

    region: str
    post: Post
    person: str
    from_on: date
    last_on: date | None


def make_router(kit: Kit) -> Router:
    """Fill, vacate, list."""
    router = Router(prefix="/grid-posts", tags=["grid 网格"])

    async def act_on(
        code: str, who: tuple[Scope, Act], command: Command, written: Envelope, response: Response
    ) -> Accepted:
        scope, act = who
        scope.require(act, Dimensions(UNDIVIDED, code, UNDIVIDED))
        county = kit.settings.county_code
        if (problem := code_problem(code, county, town_names(county).keys())) is not None:
            raise problem
        return accepted(response, await kit.log.handle(GRID_POSTS, derived_id("grid-post", code), command, written))

    @router.put("/{code}/{post}", status_code=201, summary="任命 fill a post")
    async def fill_post(
        post: Post,
        body: TenureBody,
        response: Response,
        code: str = Path(pattern=CODE),
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Whoever held it before holds it until the day before."""
        command = FillPost(code=code, post=post, person=body.person.strip(), from_on=body.from_on, filled_at=kit.now())
        return await act_on(code, (scope, FILL_POST), command, written, response)

    @router.post("/{code}/{post}/vacancy", summary="免去 vacate a post")
    async def vacate_post(
        post: Post,
        body: VacancyBody,
        response: Response,
        code: str = Path(pattern=CODE),
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Nobody holds it afterwards."""
        command = VacatePost(code=code, post=post, last_on=body.last_on, vacated_at=kit.now())
        return await act_on(code, (scope, VACATE_POST), command, written, response)

    @router.get("", response_model=Page[TenureItem], summary="网格岗位 who holds which post")
    async def grid_posts(
        code: str = Query(default="", pattern=r"^[0-9]{0,15}$", description="Of grids whose code begins so"),
        on: date | None = Query(default=None, description="Who held it on that day; without one every tenure"),
        person: str = Query(default="", max_length=PERSON_LENGTH_MAX),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """By grid and post, the earliest first."""
        at = await position_of(kit, as_of)
        statement = grid_posts_in(scope, code=code, on=on, person=person, at=at)
        rows = statement.selected_columns
        keys = (rows.region, rows.post, rows.from_on)
        listing = Listing(name="grid-posts", statement=statement, keys=keys, columns=COLUMNS)
        return await answer_list(listing, asked, kit.connection, TenureItem)

    return router
