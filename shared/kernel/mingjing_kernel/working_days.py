"""Working days (工作日) by the official calendar: Monday to Friday, less the holidays, plus the days worked instead.

Pure. The one rule: a year whose notice is not known is *provisional*: its fixed statutory holidays and its weekends
count as off, nothing else. What was counted with it is counted again when the notice is there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from types import MappingProxyType

from mingjing_kernel.official_days import NOTICES

_SATURDAY = 5
DAYS_MAX = 1_000
FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""Statutory holidays that fall on the same day of every year; the others follow the moon or the sun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialYear:
    """What one year's notice says: which weekdays are off, which weekend days are worked, and where it says so."""

    off: frozenset[date]
    worked: frozenset[date]
    source: str


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A calendar: the years whose notices are known."""

    years: Mapping[int, OfficialYear] = field(default_factory=dict)

    def is_provisional(self, year: int) -> bool:
        """Whether the notice of this year is still awaited."""
        return year not in self.years

    def is_working(self, day: date) -> bool:
        """Whether offices work on this day, as far as it is known."""
        official = self.years.get(day.year)
        if official is None:
            return day.weekday() < _SATURDAY and (day.month, day.day) not in FIXED
        return day in official.worked or (day.weekday() < _SATURDAY and day not in official.off)

    def is_plain_saturday(self, day: date) -> bool:
        """A Saturday of no holiday: a notice lists the weekdays that are off, and the weekend between them is, too."""
        beside = (day - timedelta(days=1), day + timedelta(days=2))
        is_plain = (day.month, day.day) not in FIXED and all(map(self.is_working, beside))
        return day.weekday() == _SATURDAY and is_plain and not self.is_working(day)

    def after(self, day: date, count: int) -> date:
        """The working day that ends a limit of so many, counted from the day after ``day``."""
        if not 0 <= count <= DAYS_MAX:
            raise ValueError(f"{count} working days: 0 to {DAYS_MAX} are expected")
        while count > 0:
            day += timedelta(days=1)
            count -= self.is_working(day)
        return day

    def with_year(self, year: int, official: OfficialYear) -> WorkingDays:
        """The calendar that knows one more notice, or a corrected one."""
        return replace(self, years=MappingProxyType({**self.years, year: official}))


def _known(year: int, off: str, worked: str) -> OfficialYear:
    return OfficialYear(
        off=_days(year, off), worked=_days(year, worked), source=f"国务院办公厅关于{year}年部分节假日安排的通知"
    )


def _days(year: int, listed: str) -> frozenset[date]:
    return frozenset(date(year, int(one[:2]), int(one[2:])) for one in listed.split())


RELEASED = WorkingDays(MappingProxyType({year: _known(year, *days) for year, days in NOTICES.items()}))
"""The notices that this release was built with; later ones come by event (``mingjing_kernel.calendar``)."""


def working_days_after(day: date, count: int, calendar: WorkingDays = RELEASED) -> date:
    """The working day that ends a limit of so many working days, counted from the day after ``day``."""
    return calendar.after(day, count)
