"""Peaks (寒暑假与长假): the days on which training is likeliest to go where it must not.

One rule: vacations are policy (schools set them), holidays are the official calendar's; both have a name that is theirs
for ever, so that a sweep is planned once.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from mingjing_kernel.working_days import WorkingDays

_SATURDAY = 5
RUN_DAYS_MAX = 31
SEASONS = ("winter", "summer")


@dataclass(frozen=True, slots=True)
class Peak:
    """A vacation (``summer-2026``) or a holiday (``holiday-2026-10-01``), first and last day."""

    name: str
    begins_on: date
    ends_on: date


def vacation_on(day: date, numbers: Mapping[str, int]) -> Peak | None:
    """The vacation that a day falls into."""
    for season in SEASONS:
        begins, ends = numbers[f"{season}-begins"], numbers[f"{season}-ends"]
        for year in (day.year - 1, day.year):  # one that goes over New Year begins in the year before
            first, last = _on(year, begins), _on(year + (ends < begins), ends)
            if first <= day <= last:
                return Peak(f"{season}-{first.year}", first, last)
    return None


def holiday_on(day: date, calendar: WorkingDays, days_min: int) -> Peak | None:
    """The run of days off that a day falls into, where it is long enough and more than a weekend."""
    if calendar.is_working(day):
        return None
    first, last = _edge(day, -1, calendar), _edge(day, 1, calendar)
    run = [first + timedelta(days=one) for one in range((last - first).days + 1)]
    if len(run) < days_min or all(one.weekday() >= _SATURDAY for one in run):
        return None
    return Peak(f"holiday-{first.isoformat()}", first, last)


def _edge(day: date, step: int, calendar: WorkingDays) -> date:
    for _ in range(RUN_DAYS_MAX):
        if calendar.is_working(day + timedelta(days=step)):
            break
        day += timedelta(days=step)
    return day


def _on(year: int, month_day: int) -> date:
    """A day of a year; where a month has no such day, its last one."""
    month, day = min(max(month_day // 100, 1), 12), max(month_day % 100, 1)
    return date(year, month, min(day, monthrange(year, month)[1]))
