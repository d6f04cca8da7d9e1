"""The numbers that a complaint falls under, by the day of its receipt and where it is, with the calendar as known."""

from __future__ import annotations

from datetime import datetime

from mingjing_inspection.policy.complaint_times import HOTLINE_TIMES, Times, instrument_on
from mingjing_kernel.calendar import calendar_known
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.log import Log
from mingjing_kernel.policy import in_force


async def times_of(log: Log, received_at: datetime, region: str, category: str) -> Times:
    """What counts for a complaint received then, there."""
    day = shanghai_date(received_at)
    instrument = instrument_on(day)
    numbers = await in_force(log, instrument.rule, day, region, category)
    hotline = await in_force(log, HOTLINE_TIMES, day, region, category)
    return Times(
        law=instrument.name,
        numbers=numbers.values,
        version=numbers.version,
        hotline=hotline.values,
        hotline_version=hotline.version,
        calendar=await calendar_known(log),
    )
