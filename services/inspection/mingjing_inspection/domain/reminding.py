"""Reminders (催办) before a time is over: after how much of it, in percent, and by which decision.

One rule: a clock keeps the percentage with which it began. Facts were released without a field for it, so it stands in
the citation of the policy, and only where somebody decided otherwise than four fifths.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

PERCENT: Final = 80
PERCENT_MIN: Final = 50
PERCENT_MAX: Final = 95
DEFAULT_VERSION: Final = "default/1"
_CITED: Final = re.compile(r"@([1-9][0-9])%")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """After so many percent; ``version`` of the policy that says so."""

    percent: int = PERCENT
    version: str = DEFAULT_VERSION


FOUR_FIFTHS: Final = Reminder()
"""Where nobody has decided otherwise."""


def cited(policy: str, reminder: Reminder) -> str:
    """The citation of a clock's numbers, with the reminder's where somebody decided on it."""
    return policy if reminder.percent == PERCENT else f"{policy}+{reminder.version}@{reminder.percent}%"


def percent_of(policy: str) -> int:
    """After how many percent a clock with this citation reminds."""
    found = _CITED.search(policy)
    return int(found[1]) if found else PERCENT


def reminder_of(policy: str) -> Reminder:
    """With which a clock with this citation began."""
    percent = percent_of(policy)
    if percent == PERCENT:
        return FOUR_FIFTHS
    return Reminder(percent=percent, version=policy.rpartition("+")[2].partition("@")[0])


def reminder_days(count: int, policy: str) -> int:
    """After so many of the days the reminder's part is over: it comes with the next morning."""
    return count * percent_of(policy) // 100
