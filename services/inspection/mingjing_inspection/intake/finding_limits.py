"""The numbers of a finding's steps as they are in force where it was found, with the calendar as it is known."""

from __future__ import annotations

from datetime import datetime

from mingjing_inspection.intake.office_hours import office_hours_of
from mingjing_inspection.intake.reminders import reminder_of
from mingjing_inspection.policy.finding_limits import FINDING_LIMITS, Limits
from mingjing_inspection.policy.office_hours import OFFICE_HOURS
from mingjing_inspection.policy.reminders import REMINDERS
from mingjing_kernel.calendar import calendar_known
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.log import Log
from mingjing_kernel.policy import in_force


async def limits_at(log: Log, moment: datetime, region: str, category: str) -> Limits:
    """What counts there on that day."""
    day = shanghai_date(moment)
    numbers = await in_force(log, FINDING_LIMITS, day, region, category)
    office = office_hours_of(await in_force(log, OFFICE_HOURS, day, region, category))
    reminder = reminder_of(await in_force(log, REMINDERS, day, region, category))
    return Limits(numbers.values, numbers.version, await calendar_known(log), office, reminder)
