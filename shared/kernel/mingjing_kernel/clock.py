"""Time: aware UTC inside, Asia/Shanghai at the edges. The only file that reads the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import TypeAlias

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""China has had one zone and no summer time since 1991; all our data is younger."""

Clock: TypeAlias = Callable[[], datetime]


def system_clock() -> datetime:
    """The present moment, aware, UTC."""
    return datetime.now(UTC)  # noqa: TID251


def shanghai_date(moment: datetime) -> date:
    """The calendar day in China of an aware moment."""
    return moment.date() if moment.tzinfo is SHANGHAI else moment.astimezone(SHANGHAI).date()


def end_of(day: date) -> datetime:
    """The last moment of a day in China, UTC."""
    return datetime.combine(day, time.max, SHANGHAI).astimezone(UTC)
