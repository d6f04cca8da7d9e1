"""When a lesson is or was held (课时起止时间), as an institution says it over HTTP. The one rule: said whole or not."""

from __future__ import annotations

from datetime import date

from pydantic import AwareDatetime, BaseModel, Field

from mingjing_funds.domain import teaching_time as t
from mingjing_funds.domain.lesson_refusals import LessonHoursUnclear
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.working_days import WorkingDays


class LessonTimes(BaseModel):
    """Begin and end, which the teaching-time rules look at; a place in the timetable that breaks one is refused."""

    begins_at: AwareDatetime | None = Field(default=None, description="开始；与结束一并填写 with the end, or neither")
    ends_at: AwareDatetime | None = None
    is_online: bool = False
    is_preschool: bool = False

    def held(self, lesson_no: str, held_on: date, days: WorkingDays) -> t.Lesson | None:
        """What the rules look at; ``None`` where no hours are said. Raises ``LessonHoursUnclear``."""
        begins_at, ends_at = self.begins_at, self.ends_at
        if begins_at is None and ends_at is None:
            return None
        if begins_at is None or ends_at is None or ends_at <= begins_at or shanghai_date(begins_at) != held_on:
            raise LessonHoursUnclear(lesson_no=lesson_no, held_on=held_on.isoformat())
        slot = t.Slot(begins_at=begins_at, ends_at=ends_at, is_online=self.is_online)
        day = t.Day(is_off=not days.is_working(held_on) or None)
        return t.Lesson(slot=slot, day=day, is_subject=False, is_preschool=self.is_preschool)
