"""Teaching times (培训时间): when a lesson may be held. Pure checks on one lesson and the day that it is on.

The one rule: what kind of day it is comes with the lesson (the official calendar knows, a school's timetable is told);
``None`` is not known, and breaks no rule. Sources: 中办发〔2021〕40号 (subject training; end times; online lessons);
13 部门非学科类培训意见, 2022 (non-subject training and school hours).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from mingjing_kernel.clock import SHANGHAI

_HOUR = 60


class TimeRule(StrEnum):
    """A rule's name for ever: findings in the log are of it."""

    DAY_OFF = "T1"
    """Subject training on a statutory holiday, at a weekend or in a vacation."""
    TOO_LATE = "T2"
    """Ends later than 20:30 (on site) or 21:00 (online)."""
    TOO_LONG = "T3"
    """An online lesson of more than 30 minutes."""
    NO_BREAK = "T4"
    """Less than 10 minutes between two online lessons."""
    SCHOOL_HOURS = "T5"
    """Training while schools teach."""
    PRESCHOOL_ONLINE = "T6"
    """Online training of children before school."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """When a lesson is held."""

    begins_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """What is known of the day: whether schools are off, and from when to when they teach, in minutes of the day."""

    is_off: bool | None = None
    """A statutory holiday, a weekend day that is not worked, or a vacation."""
    school_from: int | None = None
    school_to: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeNumbers:
    """The policy in force, in minutes (of the day)."""

    version: str
    on_site_until: int = 20 * _HOUR + 30
    online_until: int = 21 * _HOUR
    online_minutes_max: int = 30
    online_break_min: int = 10
    school_from: int = 0
    school_to: int = 0
    """When schools teach on a day that is not off; the same twice where nobody has stated it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """A lesson as the rules look at it; where nobody has said its hours, by its day and how it is held.

    ``previous_ended_at``, ``next_begins_at``: of the pupil's online lessons of that day here.
    """

    slot: Slot | None = None
    day: Day
    is_subject: bool
    is_online: bool = False
    is_preschool: bool = False
    previous_ended_at: datetime | None = None
    next_begins_at: datetime | None = None
    is_told_if_broken: bool = False
    """The hours come with every line of a file: those that break no rule are not kept."""
    is_lawful: bool = False
    """Known beforehand to break no rule, whatever is taught: so are most lines of a file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeBreach:
    """A broken rule: what was found and what is allowed, in minutes (of the day), or yes and no."""

    rule: TimeRule
    found: int
    allowed: int


Check: TypeAlias = Callable[[Lesson, TimeNumbers], tuple[int, int] | None]


def time_breaches(lesson: Lesson, numbers: TimeNumbers) -> list[TimeBreach]:
    """Which rules a lesson breaks, in their order; usually none."""
    found = ((rule, check(lesson, numbers)) for rule, check in CHECKS.items())
    return [TimeBreach(rule=rule, found=said[0], allowed=said[1]) for rule, said in found if said is not None]


class InWords(str):
    """Broken rules for a refusal: the text itself is English, ``zh`` the Chinese one."""

    zh: str


def in_words(broken: Sequence[TimeBreach]) -> InWords:
    """What is wrong with the hours, and what would be right: by the numbers in force, which need not be the usual."""
    each = [_WORDS[one.rule](one) for one in broken]
    said = InWords("; ".join(f"{one.rule}: {en}" for one, (_, en) in zip(broken, each, strict=True)))
    said.zh = "；".join(f"{one.rule}：{zh}" for one, (zh, _) in zip(broken, each, strict=True))
    return said


def _clock(minute: int) -> str:
    return f"{minute // _HOUR:02d}:{minute % _HOUR:02d}"


_WORDS: Mapping[TimeRule, Callable[[TimeBreach], tuple[str, str]]] = MappingProxyType(
    {
        TimeRule.DAY_OFF: lambda _: ("不得在休息日开展学科类培训", "no subject training on a day off"),
        TimeRule.TOO_LATE: lambda one: (
            f"{_clock(one.found)}结束，不得晚于{_clock(one.allowed)}",
            f"it ends at {_clock(one.found)}, {_clock(one.allowed)} is the latest",
        ),
        TimeRule.TOO_LONG: lambda one: (
            f"线上课{one.found}分钟，不得超过{one.allowed}分钟",
            f"{one.found} minutes online, {one.allowed} at most",
        ),
        TimeRule.NO_BREAK: lambda one: (
            f"与相邻线上课间隔{one.found}分钟，至少{one.allowed}分钟",
            f"{one.found} minutes between online lessons, at least {one.allowed}",
        ),
        TimeRule.SCHOOL_HOURS: lambda one: (
            f"{one.found}分钟在中小学教学时间内",
            f"{one.found} minutes lie within school hours",
        ),
        TimeRule.PRESCHOOL_ONLINE: lambda _: ("不得对学龄前儿童线上培训", "no online training before school age"),
    }
)


def _day_off(lesson: Lesson, _numbers: TimeNumbers) -> tuple[int, int] | None:
    return (1, 0) if lesson.is_subject and lesson.day.is_off else None


def _too_late(lesson: Lesson, numbers: TimeNumbers) -> tuple[int, int] | None:
    if lesson.slot is None:
        return None
    until = numbers.online_until if lesson.is_online else numbers.on_site_until
    began, ended = _local(lesson.slot.begins_at), _local(lesson.slot.ends_at)
    ended_minute = _minute(ended.time()) + (ended.date() - began.date()).days * 24 * _HOUR
    return (ended_minute, until) if ended_minute > until else None


def _too_long(lesson: Lesson, numbers: TimeNumbers) -> tuple[int, int] | None:
    if lesson.slot is None or not (lesson.is_online and lesson.is_subject):
        return None
    minutes = _whole_minutes(lesson.slot.ends_at - lesson.slot.begins_at)
    is_over = minutes > numbers.online_minutes_max
    return (minutes, numbers.online_minutes_max) if is_over else None


def _no_break(lesson: Lesson, numbers: TimeNumbers) -> tuple[int, int] | None:
    slot, before, after = lesson.slot, lesson.previous_ended_at, lesson.next_begins_at
    if slot is None or not (lesson.is_online and lesson.is_subject):
        return None
    pauses = [slot.begins_at - before] if before is not None else []
    pauses += [after - slot.ends_at] if after is not None else []
    if not pauses:
        return None
    pause = min(pauses) // timedelta(minutes=1)
    return (max(pause, 0), numbers.online_break_min) if pause < numbers.online_break_min else None


def _school_hours(lesson: Lesson, numbers: TimeNumbers) -> tuple[int, int] | None:
    """How many minutes of it lie within school hours, as the day has them or else the policy."""
    first, last = lesson.day.school_from, lesson.day.school_to
    if first is None or last is None:
        first, last = numbers.school_from, numbers.school_to
    if lesson.slot is None or first >= last or lesson.day.is_off:
        return None
    began, ended = _minute(_local(lesson.slot.begins_at).time()), _minute(_local(lesson.slot.ends_at).time())
    within = min(ended, last) - max(began, first)
    return (within, 0) if within > 0 else None


def _preschool(lesson: Lesson, _numbers: TimeNumbers) -> tuple[int, int] | None:
    return (1, 0) if lesson.is_preschool and lesson.is_online else None


CHECKS: Mapping[TimeRule, Check] = MappingProxyType(
    {
        TimeRule.DAY_OFF: _day_off,
        TimeRule.TOO_LATE: _too_late,
        TimeRule.TOO_LONG: _too_long,
        TimeRule.NO_BREAK: _no_break,
        TimeRule.SCHOOL_HOURS: _school_hours,
        TimeRule.PRESCHOOL_ONLINE: _preschool,
    }
)


def _local(moment: datetime) -> datetime:
    return moment.astimezone(SHANGHAI)


def _minute(clock: time) -> int:
    return clock.hour * _HOUR + clock.minute


def _whole_minutes(length: timedelta) -> int:
    return -(-length // timedelta(minutes=1))
