"""Calls (来电) at hotlines, and the service levels of GB/T 33358 counted from them.

One rule: connection is told day by day, and the worst 24 hours beside the whole: neither a good month nor midnight
hides a bad day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Column, ColumnElement, Date, DateTime, Select, Table, Text, Uuid, cast, func, select

from mingjing_inspection.domain.call import CallNoted, Medium
from mingjing_inspection.projections.schema import METADATA
from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

DAYS_MAX: Final = 400
HOURS: Final = 24
calls_table = Table(
    "calls",
    METADATA,
    Column("call_id", Uuid, primary_key=True),
    Column("queue", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("offered_at", DateTime(timezone=True), nullable=False, index=True),
    Column("answered_at", DateTime(timezone=True)),
    Column("abandoned_at", DateTime(timezone=True)),
    Column("medium", Text, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a call."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    event = fact.event
    if not isinstance(event, CallNoted):
        return row
    return {
        "call_id": key[0],
        "queue": event.queue,
        "department": event.department,
        "region": event.region,
        "offered_at": event.offered_at,
        "answered_at": event.answered_at,
        "abandoned_at": event.abandoned_at,
        "medium": event.medium.value,
    }


CALLS_READ = ReadModel(name="calls", table=calls_table, nouns=("call",), keys=keys, fold=fold, history=True)


def call_days_in(
    scope: Scope,
    *,
    since: datetime,
    until: datetime,
    answer_seconds: int,
    region: str = "",
    queue: str | None = None,
    medium: Medium = Medium.VOICE,
    at: int | None = None,
) -> Select[Any]:
    """Calls, or messages, that a caller may count, a row a day in China: offered, answered, and answered within so
    many seconds.
    """
    rows = CALLS_READ.at(at).c
    day = cast(func.timezone("Asia/Shanghai", rows.offered_at), Date).label("day")
    soon = rows.answered_at <= rows.offered_at + timedelta(seconds=answer_seconds)
    columns: tuple[Any, ...] = (
        day,
        func.count().label("offered"),
        func.count().filter(rows.answered_at.is_not(None)).label("answered"),
        func.count().filter(soon).label("answered_in_time"),
        func.count().filter(rows.abandoned_at.is_not(None)).label("abandoned"),
    )
    statement = select(*columns).where(*_within(scope, rows, since, until, region, queue), rows.medium == medium.value)
    return statement.group_by(day).order_by(day).limit(DAYS_MAX)


def call_hours_in(
    scope: Scope, *, since: datetime, until: datetime, region: str = "", queue: str | None = None, at: int | None = None
) -> Select[Any]:
    """Voice calls that a caller may count, a row an hour in which there were any: offered, answered."""
    rows = CALLS_READ.at(at).c
    hour = func.date_trunc("hour", rows.offered_at).label("hour")
    answered = func.count().filter(rows.answered_at.is_not(None)).label("answered")
    statement = select(hour, func.count().label("offered"), answered).where(
        *_within(scope, rows, since, until, region, queue), rows.medium == Medium.VOICE.value
    )
    return statement.group_by(hour).order_by(hour).limit(DAYS_MAX * HOURS)


def _within(
    scope: Scope, rows: Any, since: datetime, until: datetime, region: str, queue: str | None
) -> tuple[ColumnElement[bool], ...]:
    found = (
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=UNDIVIDED),
        rows.offered_at >= since,
        rows.offered_at < until,
        rows.region.startswith(region, autoescape=True),
    )
    return found if queue is None else (*found, rows.queue == queue)
