"""Why a family is not asked about a lesson, in words that a person can act on."""

from __future__ import annotations

from mingjing_kernel.refusal import Invalid, Refusal


class LessonNotYetHeld(Refusal):
    """Silence about a lesson that is still to come would release its money."""

    sentence = "Lesson {lesson_no} is on {held_on}: the family is asked once it was held."
    remedy = "Ask on the day of the lesson or later."
    rule = "lesson confirmation (全国校外教育培训监管与服务综合平台应用管理办法)"
    field = "lesson_nos"


class NobodyToAsk(Refusal):
    """Nobody's silence is an answer."""

    sentence = "The contract names no guardian who could confirm."
    remedy = "Put the family's particulars right first; or let an official decide about the lesson."
    rule = "lesson confirmation (全国校外教育培训监管与服务综合平台应用管理办法)"
    field = "guardian"


class LessonHoursUnclear(Invalid):
    """Half of its hours, or hours of another day."""

    sentence = "Lesson {lesson_no} needs both its begin and its end, the end later, the begin on {held_on}."
    remedy = "Send begins_at and ends_at of the day of the lesson, or neither."
    rule = "T1–T6 (中办发〔2021〕40号; 13 部门非学科类培训意见, 2022)"
    field = "begins_at"
