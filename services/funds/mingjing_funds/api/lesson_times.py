"""When a lesson is or was held (课时起止时间), as an institution says it over HTTP. The one rule: said whole or not."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, Field

from mingjing_funds.domain import teaching_time as t
from mingjing_funds.domain.lesson_refusals import LessonHoursUnclear
from mingjing_funds.intake.lesson_hours import Held, TeachingTimes
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.moment import Moment


class LessonTimes(BaseModel):
    """Begin and end, which the teaching-time rules look at; a place in the timetable that breaks one is refused."""

    begins_at: Moment | None = Field(
        default=None,
        description="开始；与结束一并填写，否则只核查日期 with the end; without both only the day is looked at",
    )
    ends_at: Moment | None = None
    is_online: bool = False
    is_preschool: bool = False

    def held(self, lesson_no: str, held_on: date, place: tuple[str, str], known: TeachingTimes) -> Held:
        """What the rules look at, by the numbers of its day and place. Raises ``LessonHoursUnclear``."""
        begins_at, ends_at = self.begins_at, self.ends_at
        if begins_at is None and ends_at is None and not self.is_online:
            return known.at(held_on, *place)
        slot = None
        if begins_at is not None and ends_at is not None:
            slot = t.Slot(begins_at=begins_at, ends_at=ends_at)
        elif begins_at is not None or ends_at is not None:
            raise LessonHoursUnclear(lesson_no=lesson_no, held_on=held_on.isoformat())
        if slot and (slot.ends_at <= slot.begins_at or shanghai_date(slot.begins_at) != held_on):
            raise LessonHoursUnclear(lesson_no=lesson_no, held_on=held_on.isoformat())
        lesson = t.Lesson(
            slot=slot,
            day=known.day(held_on),
            is_subject=False,
            is_online=self.is_online,
            is_preschool=self.is_preschool,
        )
        return Held(lesson, known.on(held_on, *place))
