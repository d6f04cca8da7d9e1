"""Deadlines of rectifications (整改期限): to put it right, and then to look whether it is.

One rule: a deadline that passes ends nothing; it is noted, and somebody is to look.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from mingjing_inspection.codec import RECTIFICATIONS
from mingjing_inspection.domain import rectification_facts as r
from mingjing_inspection.domain.rectification import remind_on
from mingjing_inspection.projections.rectifications import RECTIFICATIONS_READ
from mingjing_kernel.deadlines import Clock, DeadlineRule, Due, running, running_working_days

BASIS = "行政处罚法第二十八条"


def _putting_right(clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case r.RectificationOrdered(on=on, deadline=deadline):
            return running(on, deadline)
        case r.RectificationServed():
            return clock
        case r.RectificationLapsed(on=on):
            return replace(clock, fired_on=on) if clock else None
        case _:
            return None


def _reminding(clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case r.RectificationOrdered():
            return running(event.on, remind_on(event))
        case r.RectificationServed():
            return clock
        case r.RectificationReminded(on=on):
            return replace(clock, fired_on=on) if clock else None
        case _:
            return None


def _looking(clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case r.RectificationSelfReported(on=on, recheck_days=count) | r.RectificationLapsed(on=on, recheck_days=count):
            return clock or running_working_days(on, count)  # said twice, it is looked at no later
        case _:
            return None


def _remind(due: Due) -> r.RemindRectification:
    return r.RemindRectification(on=due.on)


def _lapse(due: Due) -> r.LapseRectification:
    return r.LapseRectification(on=due.on)


RECTIFICATION_DEADLINES = (
    DeadlineRule(
        name="rectification",
        zh="限期整改",
        en="What was ordered is to be put right",
        aggregate=RECTIFICATIONS,
        listed=RECTIFICATIONS_READ,
        facts=(
            r.RectificationOrdered,
            r.RectificationServed,
            r.RectificationSelfReported,
            r.RectificationLapsed,
            r.RectificationRechecked,
        ),
        clock=_putting_right,
        command=_lapse,
        legal_basis=BASIS,
    ),
    DeadlineRule(
        name="rectification-reminder",
        zh="限期整改提醒",
        en="What was ordered is to be put right soon",
        aggregate=RECTIFICATIONS,
        listed=RECTIFICATIONS_READ,
        facts=(
            r.RectificationOrdered,
            r.RectificationServed,
            r.RectificationReminded,
            r.RectificationSelfReported,
            r.RectificationLapsed,
            r.RectificationRechecked,
        ),
        clock=_reminding,
        command=_remind,
        legal_basis=BASIS,
    ),
    DeadlineRule(
        name="rectification-recheck",
        zh="整改复查",
        en="Somebody is to look whether it is put right",
        aggregate=RECTIFICATIONS,
        listed=RECTIFICATIONS_READ,
        facts=(r.RectificationSelfReported, r.RectificationLapsed, r.RectificationRechecked),
        clock=_looking,
        legal_basis=BASIS,
    ),
)
