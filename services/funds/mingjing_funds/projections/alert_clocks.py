"""The clocks of an alert (处置时限): acknowledged, verified on site, a plan made, each in its time; else it escalates.

By the times that the alert was raised under (``Times``); NOTICE has no clock. The one rule: a clock is started by the
fact that makes the step due and ended by the fact that is the step; what it escalates to is somebody else's list, never
a measure against the institution.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting import life_facts as f
from mingjing_funds.domain.alerting.times import Times
from mingjing_kernel.deadline_clock import Clock, running, running_working_days

ACKNOWLEDGE, VERIFY, PLAN = "alert-acknowledge", "alert-verify", "alert-plan"
"""Names of the deadline rules, which ``Escalate`` cites."""
_ENDS = (f.AlertCleared, f.AlertClosed)


def acknowledging(clock: Clock | None, fact: f.Event) -> Clock | None:
    """Until somebody takes care. An alert that grows worse while it waits is given no more time."""
    if isinstance(fact, f.AlertAcknowledged | f.VerificationStarted | f.AlertJudged | f.AlertCleared | f.AlertClosed):
        return None
    if isinstance(fact, f.AlertWorsened) and clock is None:
        return None  # somebody takes care of it already
    return _sooner(clock, _started(fact, lambda times: times.yellow_acknowledge_working_days))


def verifying(clock: Clock | None, fact: f.Event) -> Clock | None:
    """Until somebody has been there (RED), or has judged it (YELLOW)."""
    if isinstance(fact, f.AlertJudged | f.AlertCleared | f.AlertClosed):
        return None
    if isinstance(fact, f.VerificationStarted):
        return None if fact.severity is Severity.RED else clock
    if isinstance(fact, f.AlertWorsened) and clock is None:
        return None
    return _sooner(clock, _started(fact, lambda times: times.yellow_verify_working_days))


def planning(clock: Clock | None, fact: f.Event) -> Clock | None:
    """From the judgement that it is so until there is a plan."""
    if isinstance(fact, f.AlertJudged) and fact.is_confirmed:
        red, times = fact.severity is Severity.RED, fact.times
        return running_working_days(fact.on, times.red_plan_working_days if red else times.yellow_plan_working_days)
    return None if isinstance(fact, (f.DisposalPlanned, *_ENDS)) else clock


def _started(fact: f.Event, yellow_working_days: Callable[[Times], int]) -> Clock | None:
    if not isinstance(fact, f.AlertRaised | f.AlertWorsened | f.AlertReturned):
        return None
    told_on = fact.said.day + timedelta(days=1)
    match fact.said.severity:
        case Severity.RED:
            return running(told_on, _last(told_on, fact.times.red_days))
        case Severity.YELLOW:
            return running_working_days(told_on, yellow_working_days(fact.times))
        case _:
            return None


def _last(told_on: date, days: int) -> date:
    """24 hours from the morning on which it was told end on the next morning: the last whole day is the first one."""
    return told_on + timedelta(days=days - 1)


def _sooner(clock: Clock | None, started: Clock | None) -> Clock | None:
    if clock is None or started is None:
        return started or clock
    return started if started.due_on < clock.due_on else clock
