"""Limits counted in working days or in hours: until when, and when somebody is reminded.

One rule: hours of an office run while the office is open; hours of an emergency run day and night.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from mingjing_inspection.domain.finding_terms import Limit, Step
from mingjing_inspection.domain.reminding import FOUR_FIFTHS, Reminder, cited, reminder_days
from mingjing_kernel.clock import SHANGHAI, shanghai_date
from mingjing_kernel.working_days import RELEASED, WorkingDays

DAYS_MAX = 400
"""Nobody looks further ahead for an open office."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHours:
    """The half days of a working day, in minutes after midnight in China; ``version`` of the policy that says so.

    ``saturday_morning`` and ``saturday_afternoon``: whether the office is open then, too; no working day for it.
    """

    morning_from: int = 8 * 60 + 30
    morning_to: int = 12 * 60
    afternoon_from: int = 13 * 60 + 30
    afternoon_to: int = 17 * 60 + 30
    saturday_morning: bool = False
    saturday_afternoon: bool = False
    version: str = "default/1"

    @property
    def halves(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """From when to when."""
        return (self.morning_from, self.morning_to), (self.afternoon_from, self.afternoon_to)

    def open_on(self, day: date, calendar: WorkingDays) -> tuple[tuple[int, int], ...]:
        """The half days in which it is open on a day."""
        if calendar.is_working(day):
            return self.halves
        if not calendar.is_plain_saturday(day):
            return ()
        wanted = (self.saturday_morning, self.saturday_afternoon)
        return tuple(half for half, is_open in zip(self.halves, wanted, strict=True) if is_open)


OFFICE = OfficeHours()
"""Where nobody has decided otherwise."""


def in_working_days(
    step: Step,
    started_at: datetime,
    count: int,
    policy: str,
    calendar: WorkingDays = RELEASED,
    reminder: Reminder = FOUR_FIFTHS,
) -> Limit:
    """Until the end of the last of so many working days, counted from the day after."""
    day, policy = shanghai_date(started_at), cited(policy, reminder)
    return Limit(
        step=step,
        started_at=started_at,
        remind_at=last_moment(calendar.after(day, reminder_days(count, policy))),
        due_at=last_moment(calendar.after(day, count)),
        policy=policy,
        working_days=count,
    )


def in_office_hours(
    step: Step,
    started_at: datetime,
    hours: int,
    policy: str,
    calendar: WorkingDays = RELEASED,
    office: OfficeHours = OFFICE,
    reminder: Reminder = FOUR_FIFTHS,
) -> Limit:
    """Until so many hours of open offices have passed; both policies are cited where somebody decided on the hours."""
    whole = timedelta(hours=hours)
    both = "+".join(one for one in (policy, office.version) if one != OFFICE.version) or OFFICE.version
    return Limit(
        step=step,
        started_at=started_at,
        remind_at=_after_open(started_at, whole * reminder.percent // 100, calendar, office),
        due_at=_after_open(started_at, whole, calendar, office),
        policy=cited(both, reminder),
        hours=hours,
    )


def in_hours(step: Step, started_at: datetime, hours: int, policy: str, reminder: Reminder = FOUR_FIFTHS) -> Limit:
    """Until so many hours have passed, day and night."""
    whole = timedelta(hours=hours)
    return Limit(
        step=step,
        started_at=started_at,
        remind_at=started_at + whole * reminder.percent // 100,
        due_at=started_at + whole,
        policy=cited(policy, reminder),
        hours=hours,
    )


def _after_open(moment: datetime, left: timedelta, calendar: WorkingDays, office: OfficeHours) -> datetime:
    day = shanghai_date(moment)
    for _ in range(DAYS_MAX):
        for opens, closes in office.open_on(day, calendar):
            begins, ends = max(moment, _minute(day, opens)), _minute(day, closes)
            if begins >= ends:
                continue
            if left <= ends - begins:
                return begins + left
            left -= ends - begins
        day += timedelta(days=1)
    raise ValueError(f"no office opens within {DAYS_MAX} days of {moment.isoformat()}")


def _minute(day: date, minutes: int) -> datetime:
    return _at(day, time(*divmod(minutes, 60)))


def _at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, SHANGHAI).astimezone(UTC)


def last_moment(day: date) -> datetime:
    """Of a day in China, UTC."""
    return _at(day, time.max)
