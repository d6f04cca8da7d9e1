"""On which days no lesson is to be expected (停课日): holidays, and days on which hardly anybody teaches.

The one rule: nothing about one institution follows from a day on which all of them were at home.

Vacations differ by county, kind of training and year, and no calendar has the days before a festival on which classes
fizzle out. A day on which all institutions of a kind together gave far fewer lessons than on that weekday before says
nothing about any one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from mingjing_funds.domain.alerting.window import middle
from mingjing_kernel.working_days import WorkingDays

WEEKS_BACK = 8
FEW_PERCENT = 40
HOLIDAY_RUN_MIN = 3
"""So many days off in a row are a holiday; two are a weekend, on which lessons are given."""
USUAL_MIN = 10
"""Fewer lessons than this are no crowd to compare anybody with."""


def free_days(lessons: Mapping[date, int], since: date, until: date) -> frozenset[date]:
    """The days from ``since`` to ``until`` on which all of them together gave few lessons for that weekday.

    A free day is not counted among those that say what is usual: a vacation of many weeks does not become usual.
    """
    found: set[date] = set()
    for count in range((until - since).days + 1):
        day = since + timedelta(days=count)
        before = [day - timedelta(weeks=back) for back in range(1, WEEKS_BACK + 1)]
        usual = [lessons.get(one, 0) for one in before if one >= since and one not in found]
        if middle(usual) >= USUAL_MIN and 100 * lessons.get(day, 0) < FEW_PERCENT * middle(usual):
            found.add(day)
    return frozenset(found)


def holidays(since: date, until: date, calendar: WorkingDays) -> frozenset[date]:
    """The days from ``since`` to ``until`` that lie in a run of days off longer than a weekend."""
    days = [since + timedelta(days=count) for count in range((until - since).days + 1)]
    return frozenset(day for day in days if _is_holiday(day, calendar))


def _is_holiday(day: date, calendar: WorkingDays) -> bool:
    if calendar.is_working(day):
        return False
    run = 1
    for step in (-1, 1):
        other = day + timedelta(days=step)
        while run < HOLIDAY_RUN_MIN and not calendar.is_working(other):
            run += 1
            other += timedelta(days=step)
    return run >= HOLIDAY_RUN_MIN
