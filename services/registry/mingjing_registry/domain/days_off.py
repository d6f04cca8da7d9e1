"""Coming days off 近期放假日: weekdays on which no curriculum subject may be taught (中办发〔2021〕40号; S0:143).

One rule: holidays are the official calendar's, vacations are policy, for schools set them; weekends need no calendar.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from mingjing_kernel.working_days import WorkingDays

SATURDAY = 5
"""As ``date.weekday`` counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacations:
    """First and last days, as month and day (120 is 20 January), and how far ahead is looked."""

    winter: tuple[int, int] = (120, 220)
    summer: tuple[int, int] = (701, 831)
    days_ahead: int = 30


def days_off(on: date, calendar: WorkingDays, vacations: Vacations) -> tuple[date, ...]:
    """The weekdays off from ``on`` for so many days, in their order."""
    days = (on + timedelta(days=n) for n in range(vacations.days_ahead))
    seasons = (vacations.winter, vacations.summer)
    return tuple(
        day
        for day in days
        if day.weekday() < SATURDAY and (not calendar.is_working(day) or any(_within(day, *one) for one in seasons))
    )


def _within(day: date, begins: int, ends: int) -> bool:
    first, last = _day(day.year, begins), _day(day.year, ends)
    # A vacation may go over New Year: then it is everything but the time between.
    return first <= day <= last if begins <= ends else not last < day < first


def _day(year: int, month_day: int) -> date:
    """Where a month has no such day, its last one."""
    month, day = min(max(month_day // 100, 1), 12), max(month_day % 100, 1)
    return date(year, month, min(day, monthrange(year, month)[1]))
