"""Complaint files over HTTP: a whole export in one request; rows that could not be taken are mended one by one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts import IMPORT_COMPLAINTS
from mingjing_inspection.api.complaint_header import remembered
from mingjing_inspection.api.name_book import NameBook
from mingjing_inspection.codec import COMPLAINT_FILES
from mingjing_inspection.domain.complaint_file import ComplaintFile, RowNotKept
from mingjing_inspection.intake.run import Run
from mingjing_inspection.projections.kept_aside import (
    COMPLAINT_FILES_READ,
    KEPT_ASIDE,
    complaint_files_in,
    kept_aside_in,
)
from mingjing_inspection.sources.complaint_file import KEPT_FOR, open_file, read_one
from mingjing_inspection.sources.layout import LAYOUTS, Row, remembered_as
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
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.text import package_of, render

FILE_COLUMNS = (
    Column("imported_at", "导入时间", "Imported at", "moment"),
    Column("name", "文件名", "File"),
    Column("layout", "格式", "Layout"),
    Column("rows", "行数", "Rows", "integer"),
    Column("missing_rows", "缺少行数", "Missing rows", "integer"),
    Column("kept_aside", "待补正行数", "Kept aside", "integer"),
)
ROW_COLUMNS = (
    Column("file_id", "文件", "File"),
    Column("row", "行", "Row", "integer"),
    Column("field", "字段", "Field"),
    Column("rule", "规则", "Rule"),
    Column("kept_at", "时间", "Kept at", "moment"),
)


class Sentence(BaseModel):
    """One sentence in Chinese and English."""

    model_config = ConfigDict(from_attributes=True)

    zh: str
    en: str


class KeptItem(BaseModel):
    """A row that waits: where, which field, which rule, what to do. ``cells`` are what the row says."""

    file_id: UUID
    row: int
    field: str
    rule: str
    sentence: Sentence
    remedy: Sentence
    cells: dict[str, str]


class FileReceipt(BaseModel):
    """What became of a file: each row counts once, as ``taken``, ``updated``, ``unchanged`` or ``kept_aside``."""

    file_id: UUID
    layout: str
    rows: int
    missing_rows: int = Field(description="How many rows the file's own count promises and it does not have")
    taken: int
    updated: int
    unchanged: int
    matched: int = Field(description="Of the taken ones: about a known institution")
    urgent: int = Field(description="Of the taken ones: with money-safety words")
    kept_aside: list[KeptItem]
    position: int


class FileItem(BaseModel):
    """A file that was taken in; ``kept_aside`` is how many of its rows still wait."""

    model_config = ConfigDict(from_attributes=True)

    file_id: UUID
    name: str
    digest: str
    layout: str
    rows: int
    missing_rows: int
    kept_aside: int
    imported_by: str
    imported_at: datetime


class MendBody(BaseModel):
    """The cells that are put right; the others stay as they were. ``name`` and ``phone`` may be given again."""

    cells: dict[str, str] = Field(max_length=30)


def make_router(kit: Kit) -> Router:
    """Files and their kept-aside rows."""
    router = Router(tags=["complaint-file 投诉导出文件"])
    names, keys = NameBook(kit), Keys(kit)

    @router.post("/complaint-files", status_code=201, summary="导入投诉文件 take in an export of 12345 or 12315")
    async def import_file(
        request: Request,
        response: Response,
        name: str = Query(default="", max_length=300, description="The file's name, for the record"),
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> FileReceipt:
        """The body is the file itself. Sending it again changes nothing; a later export adds what is new."""
        _allow(kit, scope)
        opened = open_file(await request.body(), remembered_as((await remembered(kit)).known))
        desk = await names.desk(opened.layout.channel, written.actor)
        tally = await Run(log=kit.log, keys=keys, desk=desk, written=written, now=kit.now()).take(opened, name)
        response.headers["Mingjing-Position"] = str(tally.position)
        counted = opened.counted if opened.counted is not None else len(opened.rows)
        return FileReceipt(
            file_id=opened.file_id,
            layout=opened.layout.name,
            rows=len(opened.rows),
            missing_rows=max(0, counted - len(opened.rows)),
            taken=tally.taken,
            updated=tally.updated,
            unchanged=tally.unchanged,
            matched=tally.matched,
            urgent=tally.urgent,
            kept_aside=[
                _kept_item(
                    {
                        "file_id": opened.file_id,
                        "row": kept.row,
                        "field": kept.field,
                        "rule": kept.rule,
                        "values": {value.field: value.text for value in kept.values},
                        "cells": {cell.field: cell.text for cell in kept.cells},
                    }
                )
                for kept in tally.kept
            ],
            position=tally.position,
        )

    @router.get("/complaint-files", response_model=Page[FileItem], summary="投诉文件列表 files")
    async def files(
        scope: Scope = Depends(kit.scope), asked: Asked = Depends(asked), as_of: AsOf | None = Depends(kit.as_of)
    ) -> Any:
        """Latest first; ``as_of`` shows how many of their rows waited then."""
        statement = complaint_files_in(scope, await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name=COMPLAINT_FILES_READ.name,
            statement=statement,
            keys=(rows.imported_at, rows.file_id),
            columns=FILE_COLUMNS,
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, FileItem)

    @router.get("/kept-aside", response_model=Page[KeptItem], summary="待补正行 rows that wait to be mended")
    async def kept_rows(
        scope: Scope = Depends(kit.scope), asked: Asked = Depends(asked), as_of: AsOf | None = Depends(kit.as_of)
    ) -> Any:
        """In the order of files and rows; ``as_of`` shows those that waited then, mended since or not."""
        statement = kept_aside_in(scope, await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name=KEPT_ASIDE.name,
            statement=statement,
            keys=(rows.file_id, rows.row),
            columns=ROW_COLUMNS,
        )
        if asked.format != "json":
            return await answer_list(listing, asked, kit.connection, FileItem)
        async with kit.connection() as connection:
            found, cursor = await page_of(listing, asked, connection)
        return Page[KeptItem](items=[_kept_item(row) for row in found], next=cursor)

    @router.post("/complaint-files/{file_id}/rows/{row}/mending", summary="补正 mend a row and take it")
    async def mend_row(
        file_id: UUID,
        row: int,
        body: MendBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The row becomes a complaint and stops waiting, or stays and says what is still wrong."""
        _allow(kit, scope)
        file: ComplaintFile = (await kit.log.state(COMPLAINT_FILES, file_id))[0]
        kept = file.row(row)
        if kept is None:
            raise RowNotKept(row=row)
        channel = next(layout.channel for layout in LAYOUTS if layout.name == file.layout)
        cells = {cell.field: cell.text for cell in kept.cells} | body.cells
        desk = await names.desk(channel, written.actor)
        mended = read_one(Row(row, MappingProxyType(cells)), desk)
        run = Run(log=kit.log, keys=keys, desk=desk, written=keys.keyed(written), now=kit.now())
        return accepted(response, await run.mend(file_id, mended))

    return router


def _allow(kit: Kit, scope: Scope) -> None:
    """A file mixes departments and categories: whoever takes it in works for the county's whole intake."""
    scope.require(IMPORT_COMPLAINTS, Dimensions(UNDIVIDED, kit.settings.county_code, UNDIVIDED))


def _kept_item(row: Mapping[str, Any]) -> KeptItem:
    refusal = KEPT_FOR[row["rule"]]
    sentence = render(refusal.sentence, row["values"], package_of(refusal))
    remedy = render(refusal.remedy, row["values"], package_of(refusal))
    return KeptItem(
        file_id=row["file_id"],
        row=row["row"],
        field=row["field"],
        rule=row["rule"],
        sentence=Sentence.model_validate(sentence),
        remedy=Sentence.model_validate(remedy),
        cells=row["cells"],
    )
