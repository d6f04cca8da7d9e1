"""Working days (工作日) without the calendar of holidays: Monday to Friday.

The one rule: a public holiday makes a deadline later, never earlier; a deadline counted here is the earliest that the
official calendar could give, so nobody who keeps it is late.
"""

from __future__ import annotations

from datetime import date, timedelta

_SATURDAY = 5
DAYS_MAX = 1_000


def working_days_after(day: date, count: int) -> date:
    """The working day that ends a limit of so many working days, counted from the day after ``day``."""
    if not 0 <= count <= DAYS_MAX:
        raise ValueError(f"{count} working days: 0 to {DAYS_MAX} are expected")
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day
