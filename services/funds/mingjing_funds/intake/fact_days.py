"""On which day a fact was true (事实发生日), for looks at a past day. The one rule: the fact itself says it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from mingjing_funds.domain.alerting import life_facts as life
from mingjing_kernel.clock import shanghai_date

_DAYS: Final = (
    *("booked_on", "earned_on", "counts_on", "paid_on", "transferred_on", "taken_back_on", "answered_on", "granted_on"),
    *("ended_on", "closed_on", "reported_on", "opening_on", "due_on", "requested_on", "frozen_on"),
    *("unfrozen_on", "quiet_since", "on"),
    *("filed_on", "moved_on", "assessed_on", "released_on", "returned_on", "settled_on", "held_on"),
)
"""Where a fact says on which day it was true, the first that it has."""
_MOMENTS: Final = ("requested_at", "signed_at", "begins_at")


def day_of(fact: Any) -> date | None:
    """On which day a fact was true, where it says so."""
    if isinstance(said := getattr(fact, "said", None), life.Said):
        return said.day
    for name in _DAYS:
        if isinstance(day := getattr(fact, name, None), date) and not isinstance(day, datetime):
            return day
    for name in _MOMENTS:
        if isinstance(moment := getattr(fact, name, None), datetime):
            return shanghai_date(moment)
    return None
