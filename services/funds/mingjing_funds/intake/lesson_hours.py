"""The hours of lessons in files (课时起止时间): what the teaching-time rules look at, from a line and the calendar.

The one rule: a lesson that is reported was held, whatever the hour, so nothing is refused here: that it broke a rule is
told beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any, NamedTuple

from mingjing_funds.domain.teaching_time import Day, Lesson, Slot, TimeNumbers, time_breaches
from mingjing_funds.intake.lesson_prints import LessonPrints
from mingjing_funds.policy.family_rules import TEACHING_TIMES
from mingjing_funds.sources.lessons import NOT_HELD, LessonLine
from mingjing_kernel.calendar import calendar_known
from mingjing_kernel.clock import SHANGHAI
from mingjing_kernel.policy import POLICY, Numbers, Policy, policy_id

if TYPE_CHECKING:
    from mingjing_funds.intake import numbered
    from mingjing_funds.intake.plan import Directory
    from mingjing_funds.intake.taking import Delivery
    from mingjing_kernel.log import Log
    from mingjing_kernel.working_days import WorkingDays


class Held(NamedTuple):
    """What the rules look at, and their numbers; nothing of a lesson that was not held or whose place is not known."""

    lesson: Lesson | None = None
    times: TimeNumbers | None = None


@dataclass(frozen=True, slots=True)
class TeachingTimes:
    """The teaching times of every day and place (region and category), from what was decided up to now.

    Of a day and of hours that have been asked about the answer is kept: a file has many lines of each.
    """

    calendar: WorkingDays
    policy: Policy
    _numbers: dict[tuple[date, str, str], TimeNumbers] = field(default_factory=dict)
    _held: dict[tuple[date, str, str, tuple[time, time] | None], Held] = field(default_factory=dict)

    def on(self, day: date, region: str, category: str) -> TimeNumbers:
        """The numbers in force on the day of a lesson, whenever it is reported."""
        asked = (day, region, category)
        found = self._numbers.get(asked)
        if found is None:
            found = self._numbers[asked] = time_numbers(self.policy.on(TEACHING_TIMES, *asked))
        return found

    def of(self, row: LessonLine, meant: numbered.Numbered | None) -> Held:
        """Of a line; whether school subjects are taught is for the contract to say."""
        if meant is None or row.word in NOT_HELD:
            return Held()
        return self.at(row.held_on, meant.region, meant.category, row.hours)

    def at(self, day: date, region: str, category: str, hours: tuple[time, time] | None = None) -> Held:
        """Of a day, and of the hours on it where they are known."""
        asked = (day, region, category, hours)
        found = self._held.get(asked)
        if found is None:
            found = self._held[asked] = self._looked_at(day, hours, self.on(day, region, category))
        return found

    def day(self, day: date) -> Day:
        """What the official calendar knows of it."""
        return Day(is_off=not self.calendar.is_working(day) or None)

    def _looked_at(self, day: date, hours: tuple[time, time] | None, times: TimeNumbers) -> Held:
        slot = None
        if hours is not None:
            begins, ends = (datetime.combine(day, clock, SHANGHAI) for clock in hours)
            slot = Slot(begins_at=begins, ends_at=ends)
        strictest = Lesson(slot=slot, day=self.day(day), is_subject=True, is_told_if_broken=True)
        return Held(replace(strictest, is_subject=False, is_lawful=not time_breaches(strictest, times)), times)


async def teaching_times(log: Log) -> TeachingTimes:
    """Read from the log itself, once: a list could be behind."""
    policy: Policy = (await log.state(POLICY, policy_id(TEACHING_TIMES)))[0]
    return TeachingTimes(await calendar_known(log), policy)


async def of_lessons(host: Any, delivery: Delivery, known: Directory) -> Directory:
    """What is known before a file of lessons is read."""
    return replace(known, prints=LessonPrints(delivery.keys.index()), hours=await teaching_times(host.log))


def time_numbers(found: Numbers) -> TimeNumbers:
    """The teaching times in force."""
    return TimeNumbers(
        version=f"teaching-times/{found.version}",
        on_site_until=found["on-site-until"],
        online_until=found["online-until"],
        online_minutes_max=found["online-minutes"],
        online_break_min=found["online-break"],
        school_from=found["school-from"],
        school_to=found["school-to"],
    )
