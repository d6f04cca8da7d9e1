"""The numbers that a complaint falls under, by the day of its receipt and where it is, with the calendar as known.

One rule: all that counts is read in one look into the log, beside whatever else a decision stands on.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from mingjing_inspection.intake.office_hours import office_hours_of
from mingjing_inspection.intake.reminders import reminder_of
from mingjing_inspection.policy.complaint_times import HOTLINE_TIMES, INSTRUMENTS, Times, instrument_on
from mingjing_inspection.policy.office_hours import OFFICE_HOURS
from mingjing_inspection.policy.reminders import REMINDERS
from mingjing_kernel.calendar import CALENDAR, CALENDAR_ID
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.log import Aggregate, Log
from mingjing_kernel.policy import POLICY, policy_id

_RULES: Final = (HOTLINE_TIMES, OFFICE_HOURS, REMINDERS, *(one.rule for one in INSTRUMENTS))
TIMES_WANTED: Final[tuple[tuple[Aggregate, UUID], ...]] = (
    (CALENDAR, CALENDAR_ID), *((POLICY, policy_id(rule)) for rule in _RULES),
)  # fmt: skip
"""What ``times_by`` needs, for ``Log.states_of``."""


async def times_of(log: Log, received_at: datetime, region: str, category: str) -> Times:
    """What counts for a complaint received then, there."""
    return times_by(await log.states_of(TIMES_WANTED), received_at, region, category)


def times_by(known: Sequence[Any], received_at: datetime, region: str, category: str) -> Times:
    """The same, of the states that ``TIMES_WANTED`` names, in their order."""
    calendar, *policies = known
    by_rule = dict(zip((rule.name for rule in _RULES), policies, strict=True))
    day = shanghai_date(received_at)
    instrument = instrument_on(day)
    numbers = by_rule[instrument.rule.name].on(instrument.rule, day, region, category)
    hotline = by_rule[HOTLINE_TIMES.name].on(HOTLINE_TIMES, day, region, category)
    return Times(
        law=instrument.name,
        numbers=numbers.values,
        version=numbers.version,
        hotline=hotline.values,
        hotline_version=hotline.version,
        calendar=calendar,
        office=office_hours_of(by_rule[OFFICE_HOURS.name].on(OFFICE_HOURS, day, region, category)),
        reminder=reminder_of(by_rule[REMINDERS.name].on(REMINDERS, day, region, category)),
    )
