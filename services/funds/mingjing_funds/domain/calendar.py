"""Days that have come. The one rule: what has happened cannot lie in the future, whoever reports it, and what is asked
about lies where there can be records.
"""

from __future__ import annotations

from datetime import date

from mingjing_kernel.refusal import Invalid

FIRST_DAY = date(2000, 1, 1)
"""Years before the first custody account anywhere: a day before it is a slip of the pen."""


class DayNotYetCome(Invalid):
    """Something that is said to have happened lies in the future."""

    sentence = "“{said}” is {day}; that day has not come yet."
    remedy = "Enter the day on which it happened, today at the latest."
    field = "day"


class DayTooEarly(Invalid):
    """A day is asked about of which there can be no record."""

    sentence = "“{said}” is {day}; there are no records of before {first}."
    remedy = "Ask about a later day."
    field = "day"


def require_on_record(day: date, said: str) -> None:
    """Raise ``DayTooEarly`` where nothing can be known of a day; ``said`` names the field."""
    if day < FIRST_DAY:
        raise DayTooEarly(said=said, day=day, first=FIRST_DAY)


def require_come(day: date, today: date, said: str) -> None:
    """Raise ``DayNotYetCome`` when ``day`` lies after ``today`` (both in Shanghai); ``said`` names the field."""
    if day > today:
        raise DayNotYetCome(said=said, day=day)
