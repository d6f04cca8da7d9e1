"""How soon somebody takes a lead on: the policy in force where the lead is, on the day on which it was opened."""

from __future__ import annotations

from datetime import datetime

from mingjing_inspection.policy.lead_rules import LEAD_TERMS
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.log import Log
from mingjing_kernel.policy import in_force


async def take_on_days(log: Log, moment: datetime, region: str, category: str) -> int:
    """Working days."""
    numbers = await in_force(log, LEAD_TERMS, shanghai_date(moment), region, category)
    return numbers["take-on"]
