"""Lists: keyset pages with an opaque cursor, and the same list as CSV, XLSX or one JSON document.

The one rule: a page begins after a key, never at an offset, so that page 1,000 costs what page 1 costs and nothing
is shown twice while rows arrive.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any, Generic, Literal, TypeAlias, TypeVar
from uuid import UUID

from fastapi import Query
from pydantic import BaseModel, Field
from sqlalchemy import ColumnElement, Select, Uuid, literal, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import Response

from mingjing_kernel.clock import SHANGHAI, system_clock
from mingjing_kernel.http.export import CSV_ROWS_MAX, XLSX_ROWS_MAX, Column, export, refuse_beyond
from mingjing_kernel.http.language import Language, language_of
from mingjing_kernel.http.refusals import CursorMalformed
from mingjing_kernel.http.sheet import Heading
from mingjing_kernel.reads.watching import showing

LIMIT_DEFAULT = 50
LIMIT_MAX = 500
CURSOR_LENGTH_MAX = 2_000
AS_OF_LENGTH_MAX = 40

Format: TypeAlias = Literal["json", "csv", "xlsx", "json-file"]
Connect: TypeAlias = Callable[[], AbstractAsyncContextManager[AsyncConnection]]
Item = TypeVar("Item", bound=BaseModel)


class Page(BaseModel, Generic[Item]):
    """Part of a list."""

    items: list[Item]
    next: str | None = Field(default=None, description="Send it as 'after' for the next page; null at the end")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of a list, and in which form."""

    limit: int = LIMIT_DEFAULT
    after: str | None = None
    format: Format = "json"
    language: Language = "zh"
    as_of: str = ""
    """As the reader wrote it, for the head of a printed list."""
    exported_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One list: its rows, their order, its columns on paper.

    ``statement`` selects without order or limit and has its ``Scope`` condition already; ``keys`` are NOT NULL and
    together unique.
    """

    name: str
    statement: Select[Any]
    keys: tuple[ColumnElement[Any], ...]
    columns: tuple[Column, ...]
    title: tuple[str, str] = ("", "")
    """Chinese and English, above a printed list; without one its name stands there."""
    is_descending: bool = False
    joined_key: ColumnElement[Any] | None = None
    """Where the first key stands in a table that is joined by it: a page's beginning is told to both, for PostgreSQL
    does not conclude it."""
    export_rows_max: int = CSV_ROWS_MAX

    def titled(self, language: Language) -> str:
        """What a printed list is called."""
        return self.title[0 if language == "zh" else 1] or self.name

    def ordered(self) -> Select[Any]:
        """Every row in order."""
        return self.statement.order_by(*(key.desc() if self.is_descending else key.asc() for key in self.keys))


async def asked(
    request: Request,
    limit: Annotated[int, Query(ge=1, le=LIMIT_MAX, description="Rows a page")] = LIMIT_DEFAULT,
    after: Annotated[str | None, Query(max_length=CURSOR_LENGTH_MAX, description="'next' of the page before")] = None,
    format: Annotated[Format, Query(description="json gives a page; csv, xlsx and json-file the whole list")] = "json",
) -> Asked:
    """The dependency of every list."""
    return Asked(
        limit=limit,
        after=after,
        format=format,
        language=language_of(request),
        as_of=request.query_params.get("as_of", "")[:AS_OF_LENGTH_MAX],
        # A file is dated by the day on which it leaves the house, whatever day it shows.
        exported_at=system_clock().astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"),
    )


async def answer_list(listing: Listing, asked: Asked, connect: Connect, model: type[Item]) -> Page[Item] | Response:
    """One page as JSON, or the whole list as a file."""
    if asked.format != "json":
        statement = listing.ordered()
        rows_max = listing.export_rows_max if asked.format != "xlsx" else min(listing.export_rows_max, XLSX_ROWS_MAX)
        showing(await refuse_beyond(rows_max, statement, connect, asked.format))
        heading = Heading(listing.titled(asked.language), asked.as_of, asked.exported_at, asked.language)
        return await export(listing.name, statement, listing.columns, connect, asked.format, heading)
    async with connect() as connection:
        rows, cursor = await page_of(listing, asked, connection)
    return Page[model](items=[model.model_validate(row) for row in rows], next=cursor)  # type: ignore[valid-type]


def _ids(listing: Listing, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """What the rows are about, for the read log: the ids among the keys of the list."""
    names = [f"key_{n}_of_page" for n, key in enumerate(listing.keys) if isinstance(key.type, Uuid)]
    return [str(row[name]) for row in rows for name in names]


async def page_of(
    listing: Listing, asked: Asked, connection: AsyncConnection
) -> tuple[Sequence[Mapping[str, Any]], str | None]:
    """The rows of one page and the cursor of the next, for a caller who builds its own answer. Noted as shown."""
    statement = listing.ordered().limit(asked.limit + 1)
    if asked.after:
        statement = statement.where(_beyond(listing, read_cursor(asked.after)))
    statement = statement.add_columns(*(key.label(f"key_{n}_of_page") for n, key in enumerate(listing.keys)))
    found = (await connection.execute(statement)).mappings().all()
    rows = found[: asked.limit]
    showing(len(rows), _ids(listing, rows))
    if len(found) <= asked.limit:
        return rows, None
    return rows, write_cursor(tuple(rows[-1][f"key_{n}_of_page"] for n in range(len(listing.keys))))


def _beyond(listing: Listing, after: tuple[object, ...]) -> ColumnElement[bool]:
    if len(after) != len(listing.keys) or any(
        not isinstance(value, key.type.python_type) for key, value in zip(listing.keys, after, strict=True)
    ):
        raise CursorMalformed
    here = tuple_(*listing.keys)
    there = tuple_(*(literal(value, key.type) for key, value in zip(listing.keys, after, strict=True)))
    beyond = here < there if listing.is_descending else here > there
    return beyond if listing.joined_key is None else beyond & _not_before(listing, listing.joined_key, after[0])


def _not_before(listing: Listing, key: ColumnElement[Any], first: object) -> ColumnElement[bool]:
    begin = literal(first, key.type)
    return key <= begin if listing.is_descending else key >= begin


def write_cursor(values: tuple[object, ...]) -> str:
    """The key of a page's last row, opaque to the caller."""
    return base64.urlsafe_b64encode(json.dumps([_tagged(value) for value in values]).encode()).decode().rstrip("=")


def read_cursor(cursor: str) -> tuple[object, ...]:
    """The key again. Raises ``CursorMalformed``."""
    try:
        text = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        return tuple(_untagged(tag, value) for tag, value in json.loads(text))
    except (ValueError, TypeError, KeyError, binascii.Error, RecursionError) as malformed:
        raise CursorMalformed from malformed


def _tagged(value: object) -> tuple[str, object]:
    match value:
        case bool():
            return "b", value
        case int():
            return "i", value
        case str():
            return "s", value
        case UUID():
            return "u", str(value)
        case datetime():
            return "t", value.isoformat()
        case date():
            return "d", value.isoformat()
        case _:
            raise TypeError(f"a list cannot be ordered by {type(value).__name__}")


def _untagged(tag: str, value: Any) -> object:
    match tag, value:
        case "b", bool():
            return value
        case "i", int() if abs(value) < 2**63:
            return value
        case "s", str() if "\0" not in value:
            return value
        case "u", str():
            return UUID(value)
        case "t", str() if (moment := datetime.fromisoformat(value)).tzinfo is not None:
            return moment
        case "d", str():
            return date.fromisoformat(value)
        case _:
            raise ValueError(tag)
