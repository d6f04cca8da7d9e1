"""The official calendar by event (放假调休通知): each year's notice is imported with its source, and may be corrected.

Pure. The one rule: a notice says everything about its year; a later import of the same year replaces the earlier one,
which stays in the log. Days of the December before, which a notice may shift for New Year, are added to that year.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from mingjing_kernel.calendar.refusals import NoticeDayMisplaced, NoticeSourceMissing
from mingjing_kernel.working_days import OfficialYear, WorkingDays

_SATURDAY = 5
_DECEMBER = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportNotice:
    """Take over a year's notice: every day off that it names, and every weekend day that is worked instead."""

    year: int
    off: tuple[date, ...]
    worked: tuple[date, ...]
    source: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarNoticeImported:
    """A year's notice is known: limits in working days count by it from now on."""

    year: int
    off: tuple[date, ...]
    worked: tuple[date, ...]
    source: str
    by: str
    at: datetime


def decide(command: ImportNotice, calendar: WorkingDays) -> list[CalendarNoticeImported]:
    """The fact that follows, or a refusal; nothing where the year is known to be just so."""
    if not command.source.strip():
        raise NoticeSourceMissing
    off, worked = sorted(set(command.off)), sorted(set(command.worked))
    for day in (*off, *worked):
        if not (day.year == command.year or (day.year == command.year - 1 and day.month == _DECEMBER)):
            raise NoticeDayMisplaced(day=day, year=command.year)
    for day in worked:
        if day.weekday() < _SATURDAY or day in off:
            raise NoticeDayMisplaced(day=day, year=command.year)
    imported = CalendarNoticeImported(
        year=command.year, off=tuple(off), worked=tuple(worked), source=command.source, by=command.by, at=command.at
    )
    return [] if evolve(calendar, imported) == calendar else [imported]


def evolve(calendar: WorkingDays, event: CalendarNoticeImported) -> WorkingDays:
    """The calendar with the year as the notice has it."""
    year = event.year
    own = OfficialYear(off=_in(year, event.off), worked=_in(year, event.worked), source=event.source)
    before = calendar.years.get(year - 1)
    if before is not None and any(day.year < year for day in (*event.off, *event.worked)):
        off, worked = _in(year - 1, event.off), _in(year - 1, event.worked)
        later = replace(before, off=(before.off - worked) | off, worked=(before.worked - off) | worked)
        calendar = calendar.with_year(year - 1, later)
    return calendar.with_year(year, own)


def _in(year: int, days: Iterable[date]) -> frozenset[date]:
    """The days of this year."""
    return frozenset(day for day in days if day.year == year)
