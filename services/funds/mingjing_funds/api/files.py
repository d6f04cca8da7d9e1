"""Files in bulk, and the rows that were kept aside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Request, Response

from mingjing_funds.acts import MEND_ROW, SEND_FILE
from mingjing_funds.api.acting import RecordNotFound, because, require, require_row
from mingjing_funds.api.models import FileItem, KeptAsideItem, MendRequest, ReasonRequest, ReceiptAnswer
from mingjing_funds.codec import ROWS
from mingjing_funds.domain.account_refusals import AccountNotInState
from mingjing_funds.domain.calendar import require_come
from mingjing_funds.domain.kept_aside_row import DismissRow, TakeRow, Waiting, Written
from mingjing_funds.intake.taking import Delivery, take_file, use_row
from mingjing_funds.projections.files import deliveries_in, kept_aside_in
from mingjing_funds.sources.detect import Kind
from mingjing_funds.sources.reading import Record
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
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.text import render

PACKAGE = "mingjing_funds"
FILE_BYTES_MAX = 64 * 1024 * 1024
FILE_COLUMNS = (
    Column("delivered_at", "送达时间", "Delivered", "moment"),
    Column("kind", "类型", "Kind"),
    Column("bank", "银行", "Bank"),
    Column("booked_on", "记账日期", "Booked on", "date"),
    Column("rows", "行数", "Rows", "integer"),
    Column("missing", "缺行", "Missing", "integer"),
    Column("kept_aside", "搁置", "Kept aside", "integer"),
)
ROW_COLUMNS = (
    Column("kind", "类型", "Kind"),
    Column("row", "行号", "Row", "integer"),
    Column("field", "字段", "Field"),
    Column("code", "原因", "Reason"),
    Column("rule", "规则", "Rule"),
    Column("state", "状态", "State"),
)


def make_router(kit: Kit) -> Router:
    """``/files`` and ``/kept-aside``."""
    router = Router(tags=["file 报送文件"])
    keys = Keys(kit)
    _files(router, kit, keys)
    _kept_aside(router, kit)
    _mending(router, kit, keys)
    return router


def _files(router: Router, kit: Kit, keys: Keys) -> None:
    @router.post("/files/{kind}", summary="Deliver a file: its raw bytes")
    async def deliver(
        kind: Kind,
        request: Request,
        response: Response,
        covers_to: date | None = Query(default=None, description="Last day that the file reports on"),
        delivered_on: date | None = Query(default=None, description="Day of delivery, when it was earlier"),
        region: str | None = Query(default=None, pattern=r"^\d{6,12}$"),
        department: str | None = Query(default=None, max_length=100),
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> ReceiptAnswer:
        """The layout is told from the content. Send the same file as often as you like: rows count once."""
        delivered_on, covers_to = _days(kit, delivered_on, covers_to)
        delivery = Delivery(
            data=await request.body(),
            kind=kind,
            delivered_on=delivered_on,
            covers_to=covers_to,
            region=region or written.region,
            department=department or written.department,
            scope=scope,
            keys=keys,
        )
        require(scope, SEND_FILE, region=delivery.region, department=delivery.department)
        receipt = await take_file(kit, delivery, written)
        response.headers["Mingjing-Position"] = str(receipt.position)
        return ReceiptAnswer.model_validate(receipt)

    @router.get("/files", summary="Files delivered")
    async def files(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
        kind: Kind | None = None,
    ) -> Page[FileItem]:
        statement = deliveries_in(scope, await position_of(kit, as_of))
        rows = statement.selected_columns
        if kind:
            statement = statement.where(rows.kind == kind.value)
        listing = Listing(
            name="files", statement=statement, keys=(rows.delivered_at, rows.file_id), columns=FILE_COLUMNS
        )
        return await answer_list(listing, asked, kit.connection, FileItem)  # type: ignore[return-value]


def _days(kit: Kit, delivered_on: date | None, covers_to: date | None) -> tuple[date, date]:
    """Day of delivery and last day covered; each stands for the other, and neither may lie in the future."""
    today = shanghai_date(kit.now())
    for said, day in (("delivered_on", delivered_on), ("covers_to", covers_to)):
        if day is not None:
            require_come(day, today, said)
    return delivered_on or covers_to or today, covers_to or delivered_on or today


def _kept_aside(router: Router, kit: Kit) -> None:
    @router.get("/kept-aside", summary="Rows that were not used, with rule and remedy")
    async def kept_aside(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
        state: str = Query(default="waiting", pattern="^(waiting|taken|dismissed|all)$"),
        kind: Kind | None = None,
    ) -> Page[KeptAsideItem]:
        statement = kept_aside_in(scope, await position_of(kit, as_of))
        rows = statement.selected_columns
        if state != "all":
            statement = statement.where(rows.state == state)
        if kind:
            statement = statement.where(rows.kind == kind.value)
        listing = Listing(name="kept-aside", statement=statement, keys=(rows.kept_at, rows.row_id), columns=ROW_COLUMNS)
        if asked.format != "json":
            return await answer_list(listing, asked, kit.connection, KeptAsideItem)  # type: ignore[return-value]
        async with kit.connection() as connection:
            found, cursor = await page_of(listing, asked, connection)
        return Page[KeptAsideItem](items=[_item(row) for row in found], next=cursor)


def _mending(router: Router, kit: Kit, keys: Keys) -> None:
    @router.post("/kept-aside/{row_id}/mending", summary="Use the row, with corrections")
    async def mend(
        row_id: UUID,
        body: MendRequest,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Raises the reason when the row cannot be used still; without corrections it is simply tried again."""
        row = await _waiting(kit, scope, row_id)
        delivery = Delivery(
            data=b"",
            kind=Kind(row.kind),
            covers_to=row.covers_to,
            delivered_on=shanghai_date(kit.now()),
            region=row.region,
            department=row.department,
            scope=scope,
            keys=keys,
        )
        cells = {cell.column: cell.text for cell in row.cells} | body.corrections
        refusal = await use_row(kit, Kind(row.kind), cells, delivery, row_id, written)
        if refusal is not None:
            raise refusal
        said = Record(0, dict(body.corrections)).written()  # without families and counterparties, as the row is kept
        corrections = tuple(Written(column=key, text=text) for key, text in sorted(said.items()))
        taken = TakeRow(corrections=corrections)
        return accepted(response, await kit.log.handle(ROWS, row_id, taken, keys.keyed(written)))

    @router.post("/kept-aside/{row_id}/dismissal", summary="The row will not be used, and why")
    async def dismiss(
        row_id: UUID,
        body: ReasonRequest,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        await _waiting(kit, scope, row_id)
        dismissal, why = DismissRow(reason=body.reason), because(written, body.reason)
        return accepted(response, await kit.log.handle(ROWS, row_id, dismissal, why))


async def _waiting(kit: Kit, scope: Scope, row_id: UUID) -> Any:
    state, _ = await kit.log.state(ROWS, row_id)
    if not isinstance(state, Waiting):
        raise RecordNotFound
    kept = state.kept
    require_row(scope, MEND_ROW, region=kept.region, department=kept.department, category=kept.category)
    return state.kept


def _item(row: Mapping[str, Any]) -> KeptAsideItem:
    values = row["values"]
    if row["code"] == AccountNotInState.code():
        values = AccountNotInState(**values).values  # as they were kept they are codes, and "closed" is many things
    sentence = render(row["sentence"], values, PACKAGE)
    remedy = render(row["remedy"], values, PACKAGE)
    said = {
        "sentence_zh": sentence.zh,
        "sentence_en": sentence.en,
        "remedy_zh": remedy.zh,
        "remedy_en": remedy.en,
    }
    return KeptAsideItem.model_validate({**row, **said})
