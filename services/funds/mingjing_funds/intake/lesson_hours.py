"""The hours of lessons in files (课时起止时间): what the teaching-time rules look at, from a line and the calendar.

The one rule: a lesson that is reported was held, whatever the hour, so nothing is refused here: that it broke a rule is
told beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from mingjing_funds.domain.teaching_time import Day, Lesson, Slot, TimeNumbers
from mingjing_funds.intake.lesson_prints import LessonPrints
from mingjing_funds.policy.family_rules import TEACHING_TIMES
from mingjing_funds.sources.lessons import NOT_HELD, LessonLine
from mingjing_kernel.calendar import calendar_known
from mingjing_kernel.clock import SHANGHAI
from mingjing_kernel.policy import Numbers, in_force

if TYPE_CHECKING:
    from mingjing_funds.intake import numbered
    from mingjing_funds.intake.plan import Directory
    from mingjing_funds.intake.taking import Delivery
    from mingjing_kernel.log import Log
    from mingjing_kernel.working_days import WorkingDays


class Held(NamedTuple):
    """What the rules look at, and their numbers; nothing of a lesson that can break none."""

    lesson: Lesson | None = None
    times: TimeNumbers | None = None


@dataclass(frozen=True, slots=True)
class LessonHours:
    """Days off, and the teaching times of the places (region and category) that a file's contracts are of."""

    calendar: WorkingDays
    times: Mapping[tuple[str, str], TimeNumbers]

    def of(self, row: LessonLine, meant: numbered.Numbered | None) -> Held:
        """Of a line; whether school subjects are taught is for the contract to say."""
        times = self.times.get((meant.region, meant.category)) if meant else None
        if times is None or row.hours is None or row.word in NOT_HELD:
            return Held()
        is_off = not self.calendar.is_working(row.held_on)
        begins, ends = (datetime.combine(row.held_on, clock, SHANGHAI) for clock in row.hours)
        is_early = ends.hour * 60 + ends.minute <= times.on_site_until
        if is_early and not is_off and times.school_from >= times.school_to:
            return Held()  # most lessons: looked at no further, for a week has some thousand
        slot = Slot(begins_at=begins, ends_at=ends)
        lesson = Lesson(slot=slot, day=Day(is_off=is_off or None), is_subject=False, is_told_if_broken=True)
        return Held(lesson, times)


async def hours_of(log: Log, known: numbered.Numbers, on: date) -> LessonHours:
    """As the policies of a day have it."""
    places = {(one.region, one.category) for of_it in known.known.values() for one in of_it}
    times = {place: time_numbers(await in_force(log, TEACHING_TIMES, on, *place)) for place in places}
    return LessonHours(await calendar_known(log), times)


async def of_lessons(host: Any, delivery: Delivery, known: Directory) -> Directory:
    """What is known before a file of lessons is read."""
    hours = await hours_of(host.log, known.numbers, delivery.covers_to)
    return replace(known, prints=LessonPrints(delivery.keys.index()), hours=hours)


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
