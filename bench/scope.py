"""What a reader's scope costs a list of a million complaints: a page of 50 rows by its key, and the count.

Raw limit: the same statements without the condition, in the same run, by turns. The reader works for the whole county,
so both read the same rows; how a reader of one town fares, who reads others, stands in the details.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import BigInteger, Boolean, Date, DateTime, Integer, Select, Uuid, func, literal, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import asyncpg as dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from figure import Figure
from mingjing_inspection.projections.complaints import COMPLAINTS_READ, complaints_in
from mingjing_kernel.identity import ANY, Grant, Principal, Role
from mingjing_kernel.log.database import asyncpg_url
from stage import Options, stage

NAME = "scope"
USES = {"events", "seconds"}
ROWS = 1_000_000
PAGE = 50
SECONDS = 20.0
MIDDLE = datetime(2026, 2, 1, tzinfo=UTC)
COUNTY = "330106"
OFFICIAL = Principal(
    subject="bench",
    grants=(
        Grant(Role.INSPECTOR, ANY, COUNTY, ANY),
        Grant(Role.CASE_OFFICER, "market-regulation", COUNTY, ANY),
        Grant(Role.MEDIATOR, "market-regulation", COUNTY, ANY),
        Grant(Role.GRID_OFFICER, ANY, "330106109", ANY),
        Grant(Role.HOTLINE_OPERATOR, "education", "330106008", "art"),
    ),
)
"""Somebody of the county's market regulation with five grants."""
TOWN_OFFICER = Principal(subject="town", grants=(Grant(Role.GRID_OFFICER, ANY, "330106109", ANY),))
_TABLE = COMPLAINTS_READ.table
_DIALECT = dialect.dialect()  # type: ignore[no-untyped-call]
_VALUES = {
    "department": "(ARRAY['education','science','culture-tourism-sport','market-regulation'])[1 + n % 4]",
    "category": "(ARRAY['art','sport','tech','subject',''])[1 + n % 5]",
    "region": "'330106' || lpad((100 + n % 12)::text, 3, '0') || lpad((n % 40)::text, 3, '0') || '001'",
    "received_at": "timestamptz '2026-01-01' + n * interval '20 seconds'",
    "number": "'3301062026' || lpad(n::text, 8, '0')",
    "title": "'complaint ' || n",
    "text": "repeat('text of the complaint ', 8)",
}


async def run(options: Options) -> Figure:
    """Measure."""
    rows = options.events or ROWS
    with stage(options) as here:
        async with here.database("bench_scope") as url:
            connection = await asyncpg.connect(asyncpg_url(url))
            try:
                await _fill(connection, rows)
                return await _measured(connection, rows, options.seconds or SECONDS)
            finally:
                await connection.close()


async def _measured(connection: Any, rows: int, seconds: float) -> Figure:
    bare = select(*(_TABLE.c[name] for name in COMPLAINTS_READ.columns))
    mine, town = complaints_in(OFFICIAL.scope), complaints_in(TOWN_OFFICER.scope)
    statements = {
        "page_raw": _page(bare), "page": _page(mine), "page_of_a_town": _page(town),
        "count_raw": _count(bare), "count": _count(mine), "count_of_a_town": _count(town),
    }  # fmt: skip
    prepared = {name: await connection.prepare(_sql(statement)) for name, statement in statements.items()}
    pages = await _by_turns({name: prepared[name] for name in prepared if name.startswith("page")}, seconds / 2, 20)
    counts = await _by_turns({name: prepared[name] for name in prepared if name.startswith("count")}, seconds / 2, 1)
    page, page_raw = pages["page"], pages["page_raw"]
    return Figure(
        name=NAME, value=1 / page, unit="pages/s", raw=1 / page_raw, raw_is="the same page without the condition",
        details={
            "rows": rows,
            "page_added_percent": round((page / page_raw - 1) * 100, 1),
            "count_added_percent": round((counts["count"] / counts["count_raw"] - 1) * 100, 1),
            **{f"{name}_ms": round(took * 1_000, 3) for name, took in (*pages.items(), *counts.items())},
        },
    )  # fmt: skip


async def _by_turns(prepared: dict[str, Any], seconds: float, times: int) -> dict[str, float]:
    """The best of each, asked by turns: what else runs on the machine only ever adds."""
    took: dict[str, list[float]] = {name: [] for name in prepared}
    until = time.perf_counter() + seconds
    while time.perf_counter() < until or len(took[next(iter(took))]) < 5:
        for name, statement in prepared.items():
            began = time.perf_counter()
            for _ in range(times):
                await statement.fetch()
            took[name].append((time.perf_counter() - began) / times)
    return {name: min(each) for name, each in took.items()}


def _page(statement: Select[Any]) -> Select[Any]:
    """From the middle, after a key, latest first."""
    rows = statement.selected_columns
    keys = (rows.received_at, rows.complaint_id)
    after = tuple_(literal(MIDDLE, DateTime(timezone=True)), literal(UUID(int=2**128 - 1), Uuid()))
    return statement.where(tuple_(*keys) < after).order_by(*(key.desc() for key in keys)).limit(PAGE + 1)


def _count(statement: Select[Any]) -> Select[Any]:
    return select(func.count()).select_from(statement.subquery())


def _sql(statement: Select[Any]) -> str:
    return str(statement.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True}))


async def _fill(connection: Any, rows: int) -> None:
    await connection.execute(str(CreateTable(_TABLE).compile(dialect=_DIALECT)))
    for index in _TABLE.indexes:
        await connection.execute(str(CreateIndex(index).compile(dialect=_DIALECT)))
    values = ", ".join(_VALUES.get(column.name) or _filler(column) for column in _TABLE.columns)
    await connection.execute(f"INSERT INTO complaints SELECT {values} FROM generate_series(1, {rows}) AS n")
    await connection.execute("VACUUM (ANALYZE) complaints")


def _filler(column: Any) -> str:
    if isinstance(column.type, Uuid):
        return "md5(n::text)::uuid"
    if isinstance(column.type, JSONB):
        return "'[]'::jsonb"
    if isinstance(column.type, Boolean):
        return "n % 2 = 0"
    if isinstance(column.type, Integer | BigInteger):
        return "n"
    if isinstance(column.type, DateTime):
        return "timestamptz '2026-01-01'"
    return "date '2026-01-01'" if isinstance(column.type, Date) else "''"
