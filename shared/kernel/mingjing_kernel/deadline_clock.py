"""The clock of a deadline (期限): since when it runs, which day is the last, and what a pause does to it.

Pure. The one rule: ``due_on`` is the last day; what is due is overdue on the day after. A clock of hours ends at a
moment, ``due_at``, and is overdue from then on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from mingjing_kernel.working_days import RELEASED, WorkingDays, working_days_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """A deadline that runs. ``working_days`` says that it was counted in them, so that a new notice moves it.

    ``fired_on``: what was to be done when it ran out was done then; it stays on the list until a fact ends it.
    """

    started_on: date
    due_on: date
    working_days: int | None = None
    paused_on: date | None = None
    fired_on: date | None = None
    due_at: datetime | None = None
    """Of a clock of hours: the moment at which it runs out, which stands in ``due_on``."""
    hours: int | None = None
    """Said where a clock of hours is started: it runs from the moment at which its fact was recorded."""


def running(started_on: date, due_on: date) -> Clock:
    """A clock with a last day of its own."""
    return Clock(started_on=started_on, due_on=due_on)


def running_working_days(started_on: date, count: int) -> Clock:
    """A clock of so many working days, by the calendar of this release; the sweeper moves it as notices come."""
    return Clock(started_on=started_on, due_on=working_days_after(started_on, count), working_days=count)


def running_hours(told_on: date, hours: int) -> Clock:
    """A clock of so many hours from the moment of its fact; ``told_on`` stands until that is known."""
    return Clock(started_on=told_on, due_on=told_on, hours=hours)


def paused(clock: Clock | None, on: date) -> Clock | None:
    """The clock stands still from this day."""
    return clock if clock is None or clock.paused_on else replace(clock, paused_on=on)


def resumed(clock: Clock | None, on: date, calendar: WorkingDays = RELEASED) -> Clock | None:
    """It goes on: what was left when it stopped is left now. A clock of working days is not moved by notices then."""
    if clock is None or clock.paused_on is None:
        return clock
    if clock.working_days is None:
        stood = on - clock.paused_on
        due_at = None if clock.due_at is None else clock.due_at + stood
        return replace(clock, paused_on=None, due_on=clock.due_on + stood, due_at=due_at)
    day, left = clock.paused_on, 0
    while day < clock.due_on:
        day += timedelta(days=1)
        left += calendar.is_working(day)
    return replace(clock, paused_on=None, working_days=None, due_on=calendar.after(on, left))
