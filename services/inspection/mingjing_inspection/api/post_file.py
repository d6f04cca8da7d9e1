"""Grid posts filled by a file (网格岗位名册) over HTTP: looked at first, then taken; what does not fit is mended.

One rule: nothing of a preview is kept. The file that was looked at is sent once more, and does what it was seen to do.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts_grid import IMPORT_POSTS
from mingjing_inspection.domain.complaint_file import KeptRow
from mingjing_inspection.domain.grid_post import Post, PostFilled
from mingjing_inspection.intake.grid_book import GridBook
from mingjing_inspection.intake.post_filing import KEPT_FOR, Filing, Planned
from mingjing_inspection.projections.grid_posts import officers_on
from mingjing_inspection.projections.post_files import (
    POST_FILES_READ,
    POST_ROWS_READ,
    post_files_in,
    post_rows_in,
)
from mingjing_inspection.sources.post_file import HEADERS, PostRow, kept_aside, read_roster
from mingjing_kernel.clock import shanghai_date
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
    page_of,
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.text import package_of, render

CELL_LENGTH_MAX = 200
GRIDS_NAMED_MAX = 200
"""Of those left without an officer: more are counted."""
FILE_COLUMNS = (
    Column("taken_at", "导入时间", "Taken at", "moment"),
    Column("name", "文件名", "File"),
    Column("rows", "行数", "Rows", "integer"),
    Column("filled", "已办理行数", "Filled", "integer"),
    Column("kept_aside", "待补正行数", "Kept aside", "integer"),
)
ROW_COLUMNS = (
    Column("file_id", "文件", "File"),
    Column("row", "行", "Row", "integer"),
    Column("field", "字段", "Field"),
    Column("rule", "规则", "Rule"),
    Column("kept_at", "时间", "Kept at", "moment"),
)


class InBothTongues(BaseModel):
    """One sentence in Chinese and English."""

    model_config = ConfigDict(from_attributes=True)

    zh: str
    en: str


class PostRowKept(BaseModel):
    """A row that waits: which field, which rule, what to do, and what it says."""

    row: int
    field: str
    rule: str
    sentence: InBothTongues
    remedy: InBothTongues
    cells: dict[str, str]


class PostRowItem(PostRowKept):
    """The same of a file that was taken."""

    file_id: UUID


class PostSeen(BaseModel):
    """Who would hold which post."""

    post: Post
    person: str


class PostRowSeen(BaseModel):
    """What one row would do."""

    row: int
    code: str
    what: Literal["fills", "unchanged", "kept-aside"]
    fills: list[PostSeen]
    from_on: date | None


class PostFilePreview(BaseModel):
    """What a file would do. Nothing of it is kept: send the same file again to take it."""

    rows: list[PostRowSeen]
    kept_aside: list[PostRowKept]
    without_officer: list[str] = Field(description="Grids in force that nobody would be the officer of on that day")
    without_officer_count: int


class PostFileReceipt(BaseModel):
    """What became of a file."""

    file_id: UUID
    rows: int
    filled: int
    kept_aside: list[PostRowKept]
    position: int


class PostFileItem(BaseModel):
    """A file that was taken; ``kept_aside`` is how many of its rows still wait."""

    model_config = ConfigDict(from_attributes=True)

    file_id: UUID
    name: str
    digest: str
    rows: int
    filled: int
    kept_aside: int
    taken_by: str
    taken_at: datetime


class PostRowMending(BaseModel):
    """The cells that are put right; the others stay as they were."""

    cells: dict[str, str] = Field(max_length=len(HEADERS), description=f"Of {', '.join(HEADERS)}")
    from_on: date = Field(description="For a row that names no day")


def make_router(kit: Kit) -> Router:
    """Look at, take, mend; which were taken and what waits."""
    router = Router(tags=["grid 网格"])
    _taking(router, kit)
    _waiting(router, kit)
    return router


def _taking(router: Router, kit: Kit) -> None:
    filing, book = Filing(kit), GridBook(kit)

    @router.post("/grid-post-previews", summary="预览岗位名册 what a roster of posts would do")
    async def preview_posts(
        request: Request,
        from_on: date = Query(description="For rows that name no day"),
        scope: Scope = Depends(kit.scope),
    ) -> PostFilePreview:
        """The body is the file (XLSX, CSV): a row a grid (网格编码, 网格员, 副网格员) or a row a post (岗位, 人员)."""
        scope.require(IMPORT_POSTS, _county(kit))
        planned = await filing.plan(read_roster(await request.body()), from_on, kit.now())
        bare = await _without_officer(kit, book, planned, from_on)
        return PostFilePreview(
            rows=[_seen(one) for one in planned],
            kept_aside=[_kept(kept_aside(one.row, one.refusal)) for one in planned if one.refusal],
            without_officer=bare[:GRIDS_NAMED_MAX],
            without_officer_count=len(bare),
        )

    @router.post("/grid-post-files", status_code=201, summary="导入岗位名册 fill posts by a roster")
    async def take_posts(
        request: Request,
        response: Response,
        from_on: date = Query(description="For rows that name no day"),
        name: str = Query(default="", max_length=300, description="The file's name, for the record"),
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> PostFileReceipt:
        """Rows that fit fill their posts; the others wait. Sending the same file for the same day changes nothing."""
        scope.require(IMPORT_POSTS, _county(kit))
        filed = await filing.take(await request.body(), name, from_on, written)
        response.headers["Mingjing-Position"] = str(filed.position)
        return PostFileReceipt(
            file_id=filed.file_id,
            rows=filed.rows,
            filled=filed.filled,
            kept_aside=[_kept(one) for one in filed.kept],
            position=filed.position,
        )

    @router.post("/grid-post-files/{file_id}/rows/{row}/mending", summary="补正 mend a row and fill its posts")
    async def mend_post_row(
        file_id: UUID,
        row: int,
        body: PostRowMending,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The row fills its posts and stops waiting, or stays and says what is still wrong."""
        scope.require(IMPORT_POSTS, _county(kit))
        cells = {field: text.strip()[:CELL_LENGTH_MAX] for field, text in body.cells.items() if field in HEADERS}
        mended = PostRow(number=row, cells=cells)
        return accepted(response, await filing.mend(file_id, mended, body.from_on, written))


def _waiting(router: Router, kit: Kit) -> None:
    @router.get("/grid-post-files", response_model=Page[PostFileItem], summary="岗位名册 rosters that were taken")
    async def post_files(
        scope: Scope = Depends(kit.scope), asked: Asked = Depends(asked), as_of: AsOf | None = Depends(kit.as_of)
    ) -> Any:
        """Latest first."""
        statement = post_files_in(scope, await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name=POST_FILES_READ.name,
            statement=statement,
            keys=(rows.taken_at, rows.file_id),
            columns=FILE_COLUMNS,
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, PostFileItem)

    @router.get("/grid-post-rows", response_model=Page[PostRowItem], summary="待补正岗位行 rows that wait")
    async def post_rows(
        scope: Scope = Depends(kit.scope), asked: Asked = Depends(asked), as_of: AsOf | None = Depends(kit.as_of)
    ) -> Any:
        """In the order of files and rows."""
        statement = post_rows_in(scope, await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name=POST_ROWS_READ.name, statement=statement, keys=(rows.file_id, rows.row), columns=ROW_COLUMNS
        )
        if asked.format != "json":
            return await answer_list(listing, asked, kit.connection, PostFileItem)
        async with kit.connection() as connection:
            found, cursor = await page_of(listing, asked, connection)
        items = [PostRowItem(**_said(row).model_dump(), file_id=row["file_id"]) for row in found]
        return Page[PostRowItem](items=items, next=cursor)


def _county(kit: Kit) -> Dimensions:
    """A roster is of the whole county's grids: whoever sends it works for the county."""
    return Dimensions(UNDIVIDED, kit.settings.county_code, UNDIVIDED)


async def _without_officer(kit: Kit, book: GridBook, planned: tuple[Planned, ...], day: date) -> list[str]:
    """Grids in force that have no officer on the day, nor by the file."""
    grids = await book.on(max(day, shanghai_date(kit.now())))
    if grids is None:
        return []
    codes = grids.index.codes
    async with kit.connection() as connection:
        held = {row.region for row in await connection.execute(officers_on(day, codes))}
    filled = {
        fact.code for one in planned for fact in one.facts if isinstance(fact, PostFilled) and fact.post is Post.OFFICER
    }
    return sorted(set(codes) - held - filled)


def _seen(one: Planned) -> PostRowSeen:
    if one.command is None or one.refusal:
        code = one.row.cells.get("code", "")[:40]
        return PostRowSeen(row=one.row.number, code=code, what="kept-aside", fills=[], from_on=None)
    fills = [PostSeen(post=fact.post, person=fact.person) for fact in one.facts if isinstance(fact, PostFilled)]
    return PostRowSeen(
        row=one.row.number,
        code=one.command.code,
        what="fills" if fills else "unchanged",
        fills=fills,
        from_on=one.command.from_on,
    )


def _kept(kept: KeptRow) -> PostRowKept:
    return _said(
        {
            "row": kept.row,
            "field": kept.field,
            "rule": kept.rule,
            "values": {value.field: value.text for value in kept.values},
            "cells": {cell.field: cell.text for cell in kept.cells},
        }
    )


def _said(row: Mapping[str, Any]) -> PostRowKept:
    refusal = KEPT_FOR[row["rule"]]
    package = package_of(refusal)
    return PostRowKept(
        row=row["row"],
        field=row["field"],
        rule=row["rule"],
        sentence=InBothTongues.model_validate(render(refusal.sentence, row["values"], package)),
        remedy=InBothTongues.model_validate(render(refusal.remedy, row["values"], package)),
        cells=row["cells"],
    )
