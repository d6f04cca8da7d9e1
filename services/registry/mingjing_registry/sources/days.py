"""Days 日期: the notations in which clerks write one, and the two in which spreadsheets keep one.

One rule: a day is read or reported, never guessed; only a two-digit year is completed, and said to be.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache

from mingjing_registry.domain.kept_aside import Cell, Problem
from mingjing_registry.sources.cells import Report, plain, tight

_EPOCH = date(1899, 12, 30)
"""Day 0 of the 1900 date system, its invented 29 February 1900 included."""
DAYS_REMEMBERED_MAX = 16_384
"""The same days stand in many rows."""
_SERIAL_MIN, _SERIAL_MAX = 20_000, 80_000
"""1954 to 2119: what is outside is no day of a licence."""

_SERIAL = re.compile(r"\d{5}(\.0)?")
_DAY = r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?"
_FULL = re.compile(_DAY)
_SHORT = re.compile(r"(\d{2})[-./年](\d{1,2})[-./月](\d{1,2})日?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")


def read_day(held: Cell, report: Report) -> date | None:
    """The day in a cell; ``None`` when it is empty or (reported) unreadable."""
    text = tight(held.text)
    if not text:
        return None
    found, code = _parsed(text)
    if found is None:
        report(Problem(code="date-unreadable", field=held.field, written=held.text))
        return None
    if code == "date-notation" and _ISO.fullmatch(held.text):
        return found
    report(Problem(code=code, field=held.field, written=held.text, suggestion=found.isoformat()))
    return found


def read_period(held: Cell, report: Report) -> tuple[date | None, date | None]:
    """First and last day from one cell: ``2024年12月10日～2027年12月10日``."""
    text = tight(held.text)
    if not text:
        return None, None
    days = [_date(*map(int, found.groups())) for found in _FULL.finditer(text)]
    if len(days) != 2 or None in days:
        report(Problem(code="date-unreadable", field=held.field, written=held.text))
        return None, None
    return days[0], days[1]


def find_day(text: str) -> date | None:
    """The first day that a sentence names: ``统计截止：2026年6月30日``."""
    found = _FULL.search(plain(text))
    return _date(*map(int, found.groups())) if found else None


@lru_cache(DAYS_REMEMBERED_MAX)
def _parsed(text: str) -> tuple[date | None, str]:
    if _SERIAL.fullmatch(text):
        serial = int(text[:5])
        in_range = _SERIAL_MIN <= serial <= _SERIAL_MAX
        return (_EPOCH + timedelta(days=serial) if in_range else None), "date-serial"
    if found := _FULL.fullmatch(text):
        return _date(*map(int, found.groups())), "date-notation"
    if found := _SHORT.fullmatch(text):
        year, month, day = map(int, found.groups())
        return _date(2000 + year, month, day), "two-digit-year"
    return None, ""


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
