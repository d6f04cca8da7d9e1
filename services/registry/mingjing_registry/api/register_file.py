"""Register files over HTTP: the file itself in one request, and what came of each."""

from __future__ import annotations

import asyncio
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator

from mingjing_kernel.http import Asked, AsOf, Column, Kit, Listing, Page, answer_list, asked, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.refusal import NotFound
from mingjing_registry.acts import IMPORT_REGISTER
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import allow_register
from mingjing_registry.api.sentences import Told, told
from mingjing_registry.domain.receipt import Remark
from mingjing_registry.intake.importing import Imported, import_file
from mingjing_registry.projections.kept_aside import imports_in
from mingjing_registry.sources.divisions import division
from mingjing_registry.sources.register_file import parse

COLUMNS = (
    Column("imported_on", "导入日期", "Imported on", "date"),
    Column("file_name", "文件名", "File"),
    Column("department", "填报部门", "Department"),
    Column("stated_on", "统计截止", "Stated on", "date"),
    Column("state", "状态", "State"),
    Column("imported_by", "导入人", "Imported by"),
    Column("digest", "SHA-256", "SHA-256"),
)


class Looked(Told):
    """A problem with where it stands."""

    sheet: str
    row: int


class Counted(BaseModel):
    """What came of the rows: each is taken, withdrawn, a notice, merged into another, or kept aside."""

    rows: int = 0
    taken: int = 0
    withdrawn: int = Field(default=0, description="Institutions whose licence was cancelled or revoked")
    notices: int = 0
    merged: int = 0
    kept_aside: int = 0


class Summary(BaseModel):
    """What came of a file. ``repeated``: it had been read before; nothing was done."""

    import_id: UUID
    digest: str
    department: str
    stated_on: date | None
    counts: Counted
    kept_aside: list[UUID]
    remarks: list[Looked]
    repeated: bool
    position: int


class FileItem(BaseModel):
    """A file that was sent; ``state`` is ``begun`` until its last row is dealt with."""

    model_config = ConfigDict(from_attributes=True)

    import_id: UUID
    department: str
    region: str
    digest: str
    file_name: str
    state: str
    stated_on: date | None
    counts: Counted
    kept_aside: list[UUID]
    imported_by: str
    imported_on: date


class FileDetail(FileItem):
    """The same with every remark."""

    remarks: list[Looked]

    @field_validator("remarks", mode="before")
    @classmethod
    def _in_words(cls, stored: list[dict[str, Any]]) -> list[Looked]:
        return [Looked(sheet=remark["sheet"], row=remark["row"], **told(remark).model_dump()) for remark in stored]


class FileUnknown(NotFound):
    """No such import, or not this caller's."""

    sentence = "There is no such import."
    remedy = "Look at the list of imports; another department's are not shown."


def make_router(kit: Kit) -> Router:
    """Sending files, and the list of those sent."""
    router = Router(prefix="/imports", tags=["import 导入"])
    county = division(kit.settings.county_code)

    @router.post("", summary="导入机构名单 take a register file in")
    async def send(
        request: Request,
        response: Response,
        name: str = Query(default="", max_length=300, description="The file's name, for the record"),
        stated_on: date | None = Query(default=None, description="The list's day, when the file does not say"),
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Summary:
        """The body is the file (xlsx, xls or CSV). What is right is imported; the rest is kept aside."""
        # In a thread: a long table must not hold up other requests.
        parsed = await asyncio.to_thread(parse, await request.body(), county, stated_on)
        department = parsed.register or written.department
        allow_register(scope, IMPORT_REGISTER, department, county.code)
        on = day_of(kit, written)
        done = await import_file(kit, parsed, name=name, register=department, division=county, envelope=written, on=on)
        response.headers["Mingjing-Position"] = str(done.position)
        return summary(done)

    @router.get("", response_model=Page[FileItem], summary="导入记录 files that were sent")
    async def files(
        scope: Scope = Depends(kit.scope), asked: Asked = Depends(asked), as_of: AsOf | None = Depends(kit.as_of)
    ) -> Any:
        """Latest first; ``as_of`` shows those that had come by then."""
        statement = imports_in(scope, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="imports",
            title=("导入记录", "Files that were sent"),
            statement=statement,
            keys=(rows.imported_on, rows.import_id),
            columns=COLUMNS,
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, FileItem)

    @router.get("/{import_id}", summary="一次导入 one file with its remarks")
    async def file(
        import_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> FileDetail:
        """With every row that deserves a look."""
        statement = imports_in(scope, import_id=import_id, at=await position_of(kit, as_of))
        async with kit.connection() as connection:
            row = (await connection.execute(statement)).mappings().one_or_none()
        if row is None:
            raise FileUnknown
        return FileDetail.model_validate(row)

    return router


def summary(done: Imported) -> Summary:
    """What came of a file, for its sender."""
    counts = done.recorded.counts
    return Summary(
        import_id=done.import_id,
        digest=done.digest,
        department=done.register,
        stated_on=done.stated_on,
        counts=Counted(
            rows=counts.rows,
            taken=counts.taken,
            withdrawn=counts.withdrawn,
            notices=counts.notices,
            merged=counts.merged,
            kept_aside=counts.kept_aside,
        ),
        kept_aside=list(done.recorded.kept_aside),
        remarks=[_looked(remark) for remark in done.recorded.remarks],
        repeated=done.repeated,
        position=done.position,
    )


def _looked(remark: Remark) -> Looked:
    problem = remark.problem
    stored = {
        "code": problem.code,
        "field": problem.field,
        "written": problem.written,
        "suggestion": problem.suggestion,
    }
    return Looked(sheet=remark.sheet, row=remark.row, **told(stored).model_dump())
