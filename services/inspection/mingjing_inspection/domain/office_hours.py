"""Limits counted in working days or in hours: until when, and when somebody is reminded.

One rule: hours of an office run while the office is open on working days; hours of an emergency run day and night.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from mingjing_inspection.domain.finding_terms import Limit, Step
from mingjing_kernel.clock import SHANGHAI, shanghai_date
from mingjing_kernel.working_days import RELEASED, WorkingDays

OPEN = ((time(8, 30), time(12, 0)), (time(13, 30), time(17, 30)))
"""Half days of an office; a product default."""
REMIND_PERCENT = 80
DAYS_MAX = 400
"""Nobody looks further ahead for an open office."""


def in_working_days(
    step: Step, started_at: datetime, count: int, policy: str, calendar: WorkingDays = RELEASED
) -> Limit:
    """Until the end of the last of so many working days, counted from the day after."""
    day = shanghai_date(started_at)
    return Limit(
        step=step,
        started_at=started_at,
        remind_at=last_moment(calendar.after(day, reminder_days(count))),
        due_at=last_moment(calendar.after(day, count)),
        policy=policy,
        working_days=count,
    )


def in_office_hours(
    step: Step, started_at: datetime, hours: int, policy: str, calendar: WorkingDays = RELEASED
) -> Limit:
    """Until so many hours of open offices have passed."""
    whole = timedelta(hours=hours)
    return Limit(
        step=step,
        started_at=started_at,
        remind_at=_after_open(started_at, whole * REMIND_PERCENT // 100, calendar),
        due_at=_after_open(started_at, whole, calendar),
        policy=policy,
        hours=hours,
    )


def in_hours(step: Step, started_at: datetime, hours: int, policy: str) -> Limit:
    """Until so many hours have passed, day and night."""
    whole = timedelta(hours=hours)
    return Limit(
        step=step,
        started_at=started_at,
        remind_at=started_at + whole * REMIND_PERCENT // 100,
        due_at=started_at + whole,
        policy=policy,
        hours=hours,
    )


def reminder_days(count: int) -> int:
    """After so many of them four fifths are over: the reminder comes with the next morning."""
    return count * REMIND_PERCENT // 100


def _after_open(moment: datetime, left: timedelta, calendar: WorkingDays) -> datetime:
    day = shanghai_date(moment)
    for _ in range(DAYS_MAX):
        for opens, closes in OPEN if calendar.is_working(day) else ():
            begins, ends = max(moment, _at(day, opens)), _at(day, closes)
            if begins >= ends:
                continue
            if left <= ends - begins:
                return begins + left
            left -= ends - begins
        day += timedelta(days=1)
    raise ValueError(f"no office opens within {DAYS_MAX} days of {moment.isoformat()}")


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, SHANGHAI).astimezone(UTC)


def last_moment(day: date) -> datetime:
    """Of a day in China, UTC."""
    return _at(day, time.max)
