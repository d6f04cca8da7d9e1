"""Complaints as Open311 lists them (公开清单): a number, a day, a kind and whether it is closed; nothing that was said.

One rule: who complained about one institution in a small place must not be found by its kind and month. Of a kind and
month with too few complaints none is listed. Only complaints that came over the web are: hotlines' own numbers can be
guessed, and their callers were not told that anything is listed.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, func, select

from mingjing_inspection.domain.complaint import Channel
from mingjing_inspection.domain.complaint_progress import CLOSED, NOT_ACCEPTED
from mingjing_inspection.projections.complaints import complaints_table

REQUESTS_MAX: Final = 1_000
"""As GeoReport v2 has it."""
_ENDED: Final = tuple(sorted(CLOSED | NOT_ACCEPTED))
_rows = complaints_table.c
_KIND: Final = _rows.tracks[0].as_string()
_SHOWN: Final = (_rows.number, _rows.received_at, _rows.tracks, _rows.status, _rows.due_on, _rows.department)


def one_request(number: str) -> Select[Any]:
    """By the number that stands on its receipt, which nobody guesses."""
    return select(*_SHOWN).where(_public(), _rows.number == number).limit(1)


def requests_between(
    months: tuple[datetime, datetime],
    span: tuple[datetime, datetime],
    least: int,
    *,
    kind: str = "",
    is_open: bool | None = None,
) -> Select[Any]:
    """Those of a span whose kind and month have at least ``least``, counted over whole months; latest first."""
    month = func.date_trunc("month", func.timezone("Asia/Shanghai", _rows.received_at))
    counted = (
        select(*_SHOWN, _KIND.label("kind"), func.count().over(partition_by=(_KIND, month)).label("alike"))
        .where(_public(), _rows.received_at >= months[0], _rows.received_at < months[1])
        .subquery()
    )
    shown = counted.c
    statement = select(*(shown[column.name] for column in _SHOWN)).where(
        and_(shown.alike >= least, shown.received_at >= span[0], shown.received_at <= span[1])
    )
    if kind:
        statement = statement.where(shown.kind == kind)
    if is_open is not None:
        ended = shown.status.in_(_ENDED)
        statement = statement.where(~ended if is_open else ended)
    return statement.order_by(shown.received_at.desc(), shown.number).limit(REQUESTS_MAX)


def _public() -> ColumnElement[bool]:
    return and_(_rows.channel == Channel.WEB.value, _rows.within_remit)
