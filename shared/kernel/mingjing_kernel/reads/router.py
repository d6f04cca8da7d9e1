"""``/reads``: who looked at what, for auditors; and who looked at unusually much.

Asking is itself a read and noted once like any other: the note is no question, so nothing goes round.

The annotations here are evaluated by FastAPI, which is why ``from __future__ import annotations`` is left out.
"""

from datetime import date, datetime, timedelta
from typing import Any

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import Select, Table, func, select

from mingjing_kernel.clock import SHANGHAI
from mingjing_kernel.http import Asked, AsOf, Column, Kit, Listing, Page, answer_list, asked, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import UNDIVIDED, OutsideScope, Role, Scope
from mingjing_kernel.reads.watching import FILES, showing

READERS_MAX = 100
USUAL_DAYS = 14
UNUSUAL_THINGS_MIN = 200
UNUSUAL_TIMES = 3
COLUMNS = (
    Column("read_at", "时间", "Read at", "moment"),
    Column("reader", "查阅人", "Reader"),
    Column("department", "部门", "Department"),
    Column("region", "区划", "Region"),
    Column("kind", "对象", "Kind"),
    Column("form", "方式", "Form"),
    Column("count", "数量", "Count", "integer"),
    Column("ids", "编号", "Ids"),
    Column("fields", "敏感字段", "Fields"),
    Column("purpose", "事由", "Purpose"),
    Column("query", "查询摘要", "Query digest"),
)


class ReadItem(BaseModel):
    """One answer to one reader 一次查阅."""

    model_config = ConfigDict(from_attributes=True)

    position: int = Field(description="Position of its note in the log 日志位置")
    place: int
    read_at: datetime
    reader: str
    department: str
    region: str
    kind: str
    form: str = Field(description="item, list, csv, xlsx, json-file")
    ids: list[str] = Field(description="What was shown, if it was at most 50 things")
    query: str = Field(description="SHA-256 of path and question, of a list")
    count: int
    fields: list[str]
    purpose: str


class Reader(BaseModel):
    """How much somebody read in a day 一日查阅量."""

    reader: str
    department: str
    reads: int
    things: int = Field(description="How many things were shown in all")
    exports: int
    usual_things: int = Field(description="Of an active day in the two weeks before 前两周日均")
    is_unusual: bool


class Volumes(BaseModel):
    """Who read most on a day."""

    day: date
    readers: list[Reader]


def make_reads_router(kit: Kit, table: Table) -> Router:
    """The routes of one service."""
    router = Router(prefix="/reads", tags=["read 查阅记录"])

    @router.get("", response_model=Page[ReadItem], summary="查阅记录 who looked at what")
    async def reads(
        reader: str | None = Query(default=None, max_length=200, description="Whose reads 查阅人"),
        thing: str | None = Query(default=None, max_length=200, description="Id of what was read 对象编号"),
        kind: str | None = Query(default=None, max_length=100),
        day: date | None = Query(default=None, description="In China 北京时间"),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first. Lists of more than 50 rows are told by their question, not by ids."""
        _auditors_only(scope)
        statement = reads_in(table, scope, await position_of(kit, as_of))
        for column, wanted in ((table.c.reader, reader), (table.c.kind, kind)):
            statement = statement if wanted is None else statement.where(column == wanted)
        if thing is not None:
            statement = statement.where(table.c.ids.contains([thing]))
        if day is not None:
            statement = statement.where(table.c.read_at >= _begin(day), table.c.read_at < _begin(day, 1))
        order = (statement.selected_columns.position, statement.selected_columns.place)
        listing = Listing(name="reads", statement=statement, keys=order, columns=COLUMNS, is_descending=True)
        return await answer_list(listing, asked, kit.connection, ReadItem)

    @router.get("/volumes", summary="查阅量 who read most on a day")
    async def volumes(
        day: date | None = Query(default=None, description="In China; default: today 北京时间"),
        scope: Scope = Depends(kit.scope),
    ) -> Volumes:
        """Most first. Unusual is who saw at least 200 things and three times as many as on a usual day."""
        _auditors_only(scope)
        on = day or kit.now().astimezone(SHANGHAI).date()
        async with kit.connection() as connection:
            rows = (await connection.execute(volumes_on(table, scope, on))).mappings().all()
        showing(len(rows))
        return Volumes(day=on, readers=[Reader(**row, is_unusual=_is_unusual(row)) for row in rows])

    return router


def _auditors_only(scope: Scope) -> None:
    if not scope.has(Role.AUDITOR):
        raise OutsideScope


def reads_in(table: Table, scope: Scope, at: int | None = None) -> Select[Any]:
    """The reads of readers within the auditor's department and region."""
    seen = scope.where(roles=Role.AUDITOR, department=table.c.department, region=table.c.region, category=UNDIVIDED)
    statement = select(table).where(seen)
    return statement if at is None else statement.where(table.c.position <= at)


def volumes_on(table: Table, scope: Scope, day: date) -> Select[Any]:
    """How much each of those readers read on a day, and on a usual one."""
    rows = reads_in(table, scope).subquery()
    on = rows.c.read_at.between(_begin(day), _begin(day, 1) - timedelta(microseconds=1))
    days = func.count(func.distinct(func.date(func.timezone("Asia/Shanghai", rows.c.read_at)))).filter(~on)
    usual = func.coalesce(func.sum(rows.c.count).filter(~on) / func.nullif(days, 0), 0)
    reads = func.count().filter(on)
    return (
        select(
            rows.c.reader,
            func.max(rows.c.department).label("department"),
            reads.label("reads"),
            func.coalesce(func.sum(rows.c.count).filter(on), 0).label("things"),
            func.count().filter(on & rows.c.form.in_(FILES)).label("exports"),
            usual.label("usual_things"),
        )
        .where(rows.c.read_at >= _begin(day, -USUAL_DAYS), rows.c.read_at < _begin(day, 1))
        .group_by(rows.c.reader)
        .having(reads > 0)
        .order_by(func.coalesce(func.sum(rows.c.count).filter(on), 0).desc(), rows.c.reader)
        .limit(READERS_MAX)
    )


def _is_unusual(row: Any) -> bool:
    return bool(row["things"] >= max(UNUSUAL_THINGS_MIN, UNUSUAL_TIMES * row["usual_things"]))


def _begin(day: date, later: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI) + timedelta(days=later)
