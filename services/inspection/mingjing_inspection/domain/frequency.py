"""How often a site is visited (巡查频次), by the level of its institution, and when the next visit is due.

One rule: under watch somebody goes at least twice as often as otherwise; a visit that got in nowhere does not count as
one, it only moves the next try.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from mingjing_inspection.domain.supervision import Level


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSeen:
    """When somebody was at a site: ``entered_on`` inside, ``tried_on`` at the door. ``since`` it is there."""

    since: date
    entered_on: date | None = None
    tried_on: date | None = None


def interval_days(level: Level, numbers: Mapping[str, int], *, ordinary: Level) -> int:
    """Days between two visits; ``ordinary`` is the level that would count without the watch."""
    days = numbers[level.value.lower()]
    return min(days, max(1, numbers[ordinary.value.lower()] // 2)) if level is Level.WATCH else days


def due_on(seen: SiteSeen, days: int, again_days: int) -> date:
    """Until when somebody has to have been there."""
    due = (seen.entered_on or seen.since) + timedelta(days=days)
    if seen.tried_on is None or (seen.entered_on is not None and seen.tried_on <= seen.entered_on):
        return due
    return max(due, seen.tried_on + timedelta(days=min(days, again_days)))
