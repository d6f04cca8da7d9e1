"""Due dates of sites (应巡查日): what the policy of a day makes of when somebody was there last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from mingjing_inspection.domain.frequency import SiteSeen, due_on, interval_days
from mingjing_inspection.domain.supervision import Level
from mingjing_inspection.policy.patrol_rules import PATROL_FREQUENCY
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.policy import Numbers, in_force_in


def seen_of(row: Mapping[str, Any]) -> SiteSeen:
    """When somebody was at a site, as days in China."""
    entered, tried = row["entered_at"], row["tried_at"]
    return SiteSeen(
        since=shanghai_date(row["since"]),
        entered_on=shanghai_date(entered) if entered else None,
        tried_on=shanghai_date(tried) if tried else None,
    )


def days_between(row: Mapping[str, Any], numbers: Numbers) -> int:
    """Days between two visits of a site."""
    ordinary = Level.WHITE if row["is_white"] else Level.OTHER
    return interval_days(Level(row["level"]), numbers.values, ordinary=ordinary)


def due_of(row: Mapping[str, Any], numbers: Numbers) -> date:
    """Until when somebody has to have been there."""
    return due_on(seen_of(row), days_between(row, numbers), numbers["again"])


async def frequencies(kit: Kit, rows: Sequence[Mapping[str, Any]], day: date) -> Mapping[tuple[str, str], Numbers]:
    """The policy in force for each place that the rows are in."""
    return await in_force_in(kit.log, PATROL_FREQUENCY, day, {(row["region"], row["category"]) for row in rows})
