"""Any list as CSV or XLSX.

The one rule: a cell is data, never a formula: what somebody typed into a name must not run on an auditor's machine.
"""

from __future__ import annotations

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, Literal, TypeAlias
from urllib.parse import quote

import xlsxwriter  # type: ignore[import-untyped]
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response, StreamingResponse

from mingjing_kernel.clock import SHANGHAI
from mingjing_kernel.http.language import Language
from mingjing_kernel.http.refusals import ExportTooLarge

CSV_ROWS_MAX = 2_000_000
XLSX_ROWS_MAX = 200_000
"""Built in memory before the first byte is sent; Excel's own limit is 1,048,576."""
BATCH_ROWS = 1_000
CELL_LENGTH_MAX = 32_767
"""Excel's own limit."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Kind: TypeAlias = Literal["text", "integer", "yuan", "date", "moment"]
Cell: TypeAlias = str | int | date | datetime | None


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table: the row's key, its heading, and how to write it. ``yuan`` takes integer fen (分)."""

    key: str
    zh: str
    en: str
    kind: Kind = "text"


async def refuse_beyond(
    rows_max: int,
    statement: Select[Any],
    connect: Callable[[], AbstractAsyncContextManager[AsyncConnection]],
    format: str,
) -> int:
    """How many rows there are. Raises ``ExportTooLarge`` for a list with more, before anything is sent."""
    counted = select(func.count()).select_from(statement.order_by(None).limit(rows_max + 1).subquery())
    async with connect() as connection:
        count = int((await connection.execute(counted)).scalar_one())
    if count > rows_max:
        raise ExportTooLarge(rows_max=rows_max, format=format)
    return count


async def export(
    name: str,
    statement: Select[Any],
    columns: Sequence[Column],
    connect: Callable[[], AbstractAsyncContextManager[AsyncConnection]],
    format: Literal["csv", "xlsx"],
    language: Language = "zh",
) -> Response:
    """The whole list as a file; ask ``refuse_beyond`` first."""
    headings = [column.zh if language == "zh" else column.en for column in columns]
    batches = _batches(statement, columns, connect)
    disposition = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{name}.{format}')}"}
    if format == "csv":
        lines = _csv(headings, columns, batches)
        return StreamingResponse(lines, media_type=f"{CSV}; charset=utf-8", headers=disposition)
    return Response(await _xlsx(headings, columns, batches), media_type=XLSX, headers=disposition)


async def _batches(
    statement: Select[Any],
    columns: Sequence[Column],
    connect: Callable[[], AbstractAsyncContextManager[AsyncConnection]],
) -> AsyncIterator[list[tuple[Any, ...]]]:
    """One snapshot, read through a cursor on the server."""
    async with connect() as connection, connection.stream(statement) as result:
        async for rows in result.mappings().partitions(BATCH_ROWS):
            yield [tuple(row[column.key] for column in columns) for row in rows]


async def _csv(
    headings: Sequence[str], columns: Sequence[Column], batches: AsyncIterator[list[tuple[Any, ...]]]
) -> AsyncIterator[bytes]:
    """With a byte order mark: without it Excel reads Chinese as something else."""
    yield "\ufeff".encode() + _lines([headings])
    async for rows in batches:
        yield _lines([[csv_cell(column, value) for column, value in zip(columns, row, strict=True)] for row in rows])


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


def csv_cell(column: Column, value: object) -> str:
    """Text for one cell; an apostrophe before what a spreadsheet would take for a formula."""
    if column.kind == "yuan" and isinstance(value, int):
        sign, fen = ("-", -value) if value < 0 else ("", value)
        return f"{sign}{fen // 100}.{fen % 100:02d}"
    match cell(value):
        case None:
            return ""
        case datetime() as moment:
            return moment.strftime("%Y-%m-%d %H:%M:%S")
        case str() as text:
            return f"'{text}" if text.startswith(_FORMULA) else text
        case other:
            return str(other)


async def _xlsx(
    headings: Sequence[str], columns: Sequence[Column], batches: AsyncIterator[list[tuple[Any, ...]]]
) -> bytes:
    target = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(target, options)
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True})
    formats = {
        "yuan": book.add_format({"num_format": "#,##0.00"}),
        "date": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
    }
    sheet.freeze_panes(1, 0)
    for at, heading in enumerate(headings):
        sheet.set_column(at, at, 18)
        sheet.write_string(0, at, heading, bold)

    def write(first: int, rows: list[tuple[Any, ...]]) -> None:
        for down, row in enumerate(rows, first):
            for at, (column, value) in enumerate(zip(columns, row, strict=True)):
                _write_cell(sheet, down, at, column, value, formats.get(column.kind))

    down = 1
    async for rows in batches:
        await asyncio.to_thread(write, down, rows)  # a long table must not hold up other requests
        down += len(rows)
    await asyncio.to_thread(book.close)
    return target.getvalue()


def _write_cell(sheet: Any, down: int, at: int, column: Column, value: object, style: Any) -> None:
    match cell(value):
        case None:
            return
        case int() as number:
            # A spreadsheet only knows floats; up to 15 digits they are exact to the fen.
            sheet.write_number(down, at, number / 100 if column.kind == "yuan" else number, style)
        case datetime() | date() as moment:
            sheet.write_datetime(down, at, moment, style)
        case str() as text:
            sheet.write_string(down, at, text[:CELL_LENGTH_MAX], style)


def cell(value: object) -> Cell:
    """A value as a table shows it: moments in China's time, lists joined, terms by their Chinese name."""
    match value:
        case None:
            return None
        case bool():
            return "是" if value else "否"
        case Enum():
            name = getattr(value, "zh", None)
            return name if isinstance(name, str) else str(value.value)
        case int():
            return int(value) if abs(value) < 10**15 else str(value)
        case datetime():
            return value.astimezone(SHANGHAI).replace(tzinfo=None)
        case date():
            return value
        case list() | tuple():
            return "；".join(str(cell(part)) for part in value)
        case _:
            return str(value)
