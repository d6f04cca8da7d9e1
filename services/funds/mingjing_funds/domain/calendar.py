"""Days that have come. The one rule: what has happened cannot lie in the future, whoever reports it."""

from __future__ import annotations

from datetime import date

from mingjing_kernel.refusal import Invalid


class DayNotYetCome(Invalid):
    """Something that is said to have happened lies in the future."""

    sentence = "“{said}” is {day}; that day has not come yet."
    remedy = "Enter the day on which it happened, today at the latest."
    field = "day"


def require_come(day: date, today: date, said: str) -> None:
    """Raise ``DayNotYetCome`` when ``day`` lies after ``today`` (both in Shanghai); ``said`` names the field."""
    if day > today:
        raise DayNotYetCome(said=said, day=day)
