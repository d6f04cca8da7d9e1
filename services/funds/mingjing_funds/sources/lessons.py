"""The vendor's weekly lesson table (课消明细), CSV: a line a lesson, sent again when its state changed.

The one rule: a line is read as it stands; whether it may replace an earlier one is for the contract to decide.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache

from mingjing_funds.sources import cells
from mingjing_funds.sources.kept_aside import HoursUnreadable, WordUnknown
from mingjing_funds.sources.reading import Record

MARKS = frozenset({"课消编号", "合同编号", "上课日期", "课时", "类型", "状态", "确认时间"})


class LessonWord(StrEnum):
    """The vendor's words for where a lesson stands."""

    PENDING = "待确认"
    CONFIRMED = "已确认"
    AUTO_CONFIRMED = "自动确认"
    DISPUTED = "有异议"
    CANCELLED = "已取消"
    LEAVE = "请假"


NOT_HELD = frozenset({LessonWord.CANCELLED, LessonWord.LEAVE})
_WORDS = {word.value: word for word in LessonWord}
PUPIL = "学员"
CODE = "机构编码"
"""Not every vendor's table has it."""
_KINDS = {"正课": False, "赠课": True}
_CLOCK = re.compile(r"(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?")
_HOURS_REMEMBERED_MAX = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonLine:
    """One lesson as one weekly file has it."""

    row: int
    lesson_no: str
    contract_no: str
    held_on: date
    units: int
    is_gift: bool
    word: LessonWord
    how: str
    """家长确认, 系统自动, 机构代确认, 退费结算; empty while not confirmed."""
    confirmed_at: datetime | None
    taught: tuple[str, ...]
    """Times, kind and teacher, which may not change after confirmation; nor may the pupil."""
    hours: tuple[time, time] | None = None
    """When it began and ended, where the row says both and it was held."""
    vendor_code: str = ""
    """Whose the lesson is, where the row says it: a contract number alone may stand on contracts of several."""
    pupil: str | None = field(repr=False)
    """As it is masked; ``None`` for a row that was kept aside, which leaves it out."""


def line(record: Record) -> LessonLine:
    """A row of 课消明细."""
    word = cells.text(record["状态"])
    kind = cells.text(record["类型"])
    if word not in _WORDS:
        raise WordUnknown(written=word, column="状态", known="、".join(_WORDS))
    if kind not in _KINDS:
        raise WordUnknown(written=kind, column="类型", known="、".join(_KINDS))
    confirmed = record["确认时间"]
    return LessonLine(
        row=record.row,
        lesson_no=cells.required(record["课消编号"], "课消编号"),
        contract_no=cells.required(record["合同编号"], "合同编号"),
        held_on=cells.day(record["上课日期"], "上课日期"),
        units=cells.count(record["课时"], "课时"),
        is_gift=_KINDS[kind],
        word=_WORDS[word],
        how=cells.text(record["确认方式"]),
        confirmed_at=cells.moment(confirmed, "确认时间") if cells.text(confirmed) else None,
        taught=tuple(cells.text(record[column]) for column in ("开始", "结束", "类型", "教师")),
        hours=_hours(cells.text(record["开始"]), cells.text(record["结束"])) if _WORDS[word] not in NOT_HELD else None,
        vendor_code=cells.text(record[CODE]),
        pupil=cells.masked(cells.text(record[PUPIL])) if PUPIL in record.cells else None,
    )


@lru_cache(_HOURS_REMEMBERED_MAX)
def _hours(begins: str, ends: str) -> tuple[time, time] | None:
    """A row that leaves one of them out is a lesson all the same; what is written must be a time of day."""
    first, last = (_clock(written, begins, ends) if written else None for written in (begins, ends))
    if first is None or last is None:
        return None
    if first >= last:
        raise HoursUnreadable(begins=begins, ends=ends)
    return first, last


def _clock(written: str, begins: str, ends: str) -> time:
    parts = _CLOCK.fullmatch(written)
    if parts is None:
        raise HoursUnreadable(begins=begins, ends=ends)
    hour, minute, second = (int(part or 0) for part in parts.groups())
    try:
        return time(hour, minute, second)
    except ValueError as impossible:
        raise HoursUnreadable(begins=begins, ends=ends) from impossible
