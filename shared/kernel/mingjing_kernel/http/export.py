"""Any list as CSV, XLSX or one JSON document.

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

import msgspec
from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response, StreamingResponse

from mingjing_kernel.clock import SHANGHAI
from mingjing_kernel.http.refusals import ExportTooLarge
from mingjing_kernel.http.sheet import Cell, Heading, PrintedSheet

CSV_ROWS_MAX = 2_000_000
XLSX_ROWS_MAX = 200_000
"""Built in memory before the first byte is sent; Excel's own limit is 1,048,576."""
BATCH_ROWS = 1_000
INTEGER_MAX = 2**53 - 1
"""Beyond it programs round (RFC 8259 §6): written as text."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
JSON_FILE = "application/vnd.mingjing.list+json"
"""Not the type of a page, which has another shape."""

Kind: TypeAlias = Literal["text", "integer", "yuan", "date", "moment"]


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
    format: Literal["csv", "xlsx", "json-file"],
    heading: Heading,
) -> Response:
    """The whole list as a file; ask ``refuse_beyond`` first."""
    headings = [column.zh if heading.language == "zh" else column.en for column in columns]
    batches = _batches(statement, columns, connect)
    ending = format.removesuffix("-file")
    disposition = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(f'{name}.{ending}')}"}
    if format == "csv":
        lines = _csv(headings, columns, batches)
        return StreamingResponse(lines, media_type=f"{CSV}; charset=utf-8", headers=disposition)
    if format == "json-file":
        document = _json(headings, columns, batches, heading)
        return StreamingResponse(document, media_type=JSON_FILE, headers=disposition)
    return Response(await _xlsx(headings, columns, batches, heading), media_type=XLSX, headers=disposition)


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
    headings: Sequence[str], columns: Sequence[Column], batches: AsyncIterator[list[tuple[Any, ...]]], heading: Heading
) -> bytes:
    sheet = PrintedSheet(headings, [column.kind for column in columns], heading)
    async for rows in batches:
        # A long table must not hold up other requests.
        await asyncio.to_thread(sheet.write, [[cell(value) for value in row] for row in rows])
    return await asyncio.to_thread(sheet.close)


async def _json(
    headings: Sequence[str], columns: Sequence[Column], batches: AsyncIterator[list[tuple[Any, ...]]], heading: Heading
) -> AsyncIterator[bytes]:
    """One document: what it is, its columns, its rows; written as it is read."""
    told = [
        {"key": column.key, "title": text, "kind": column.kind} for column, text in zip(columns, headings, strict=True)
    ]
    about = {"title": heading.title, "as_of": heading.as_of, "exported_at": heading.exported_at, "columns": told}
    yield msgspec.json.encode(about)[:-1] + b',"rows":['
    comma = b""
    async for rows in batches:
        encoded = [msgspec.json.encode(_object(columns, row)) for row in rows]
        yield comma + b",".join(encoded)
        comma = b","
    yield b"]}"


def _object(columns: Sequence[Column], row: tuple[Any, ...]) -> dict[str, Any]:
    """A row by key: numbers as numbers (money in fen), moments with China's zone, terms by their code."""
    return {column.key: _exact(value) for column, value in zip(columns, row, strict=True)}


def _exact(value: object) -> object:
    match value:
        case datetime():
            return value.astimezone(SHANGHAI).isoformat()
        case bool() | None:
            return value
        case int() if abs(value) > INTEGER_MAX:
            return str(value)
        case _:
            return value


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
