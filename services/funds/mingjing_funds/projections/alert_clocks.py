"""The clocks of an alert (处置时限): acknowledged, verified on site, a plan made, each in its time; else it escalates.

By the times that the alert was raised under (``Times``): of a RED one somebody takes care, and is on site, within hours
from the moment at which it was told. NOTICE has no clock. When an alert grows worse, the times of the new severity run.
The one rule: a clock is started by the fact that makes the step due and ended by the fact that is the step; what it
escalates to is somebody else's list, never a measure against the institution.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from types import MappingProxyType

from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting import life_facts as f
from mingjing_funds.domain.alerting.times import Times
from mingjing_kernel.deadline_clock import Clock, running, running_hours, running_working_days

ACKNOWLEDGE, VERIFY, PLAN = "alert-acknowledge", "alert-verify", "alert-plan"
"""Names of the deadline rules, which ``Escalate`` cites."""
LATE = MappingProxyType(
    {
        ACKNOWLEDGE: ("预警未在规定时限内签收。", "Nobody took the alert on in its time."),
        VERIFY: ("预警未在规定时限内核查或到场。", "Nobody looked into the alert, or was on site, in its time."),
        PLAN: ("预警未在规定时限内制定处置方案。", "There was no plan of what is done about the alert in its time."),
    }
)
"""What it means that one of them has run out."""
_ENDS = (f.AlertCleared, f.AlertClosed)


def acknowledging(clock: Clock | None, fact: f.Event) -> Clock | None:
    """Until somebody takes care. Who took care of something milder takes care of the graver alert anew."""
    if isinstance(fact, f.AlertAcknowledged | f.VerificationStarted | f.AlertJudged | f.AlertCleared | f.AlertClosed):
        return None
    if isinstance(fact, f.AlertWorsened) and _goes_on(fact, clock, (f.Stage.RAISED,)):
        return clock
    started = _started(
        fact, lambda times: times.yellow_acknowledge_working_days, lambda times: times.red_acknowledge_hours
    )
    return _sooner(clock, started)


def verifying(clock: Clock | None, fact: f.Event) -> Clock | None:
    """Until somebody has been there (RED), or has judged it (YELLOW)."""
    if isinstance(fact, f.AlertJudged | f.AlertCleared | f.AlertClosed):
        return None
    if isinstance(fact, f.VerificationStarted):
        return None if fact.severity is Severity.RED else clock
    if isinstance(fact, f.AlertWorsened) and _goes_on(fact, clock, (f.Stage.RAISED, f.Stage.VERIFYING)):
        return clock
    started = _started(fact, lambda times: times.yellow_verify_working_days, lambda times: times.red_site_hours)
    return _sooner(clock, started)


def planning(clock: Clock | None, fact: f.Event) -> Clock | None:
    """From the judgement that it is so until there is a plan; of what grew worse, a plan for that."""
    if isinstance(fact, f.AlertJudged) and fact.is_confirmed:
        return _plan(fact.on, fact.severity, fact.times)
    if isinstance(fact, f.AlertWorsened) and fact.stage is f.Stage.CONFIRMED and fact.said.severity is not None:
        return _sooner(clock, _plan(fact.said.day + timedelta(days=1), fact.said.severity, fact.times))
    ended = isinstance(fact, (f.DisposalPlanned, *_ENDS)) or _is_looked_into_again(fact)
    return None if ended else clock


def _plan(since: date, severity: Severity, times: Times) -> Clock:
    is_red = severity is Severity.RED
    return running_working_days(since, times.red_plan_working_days if is_red else times.yellow_plan_working_days)


def _is_looked_into_again(fact: f.Event) -> bool:
    return isinstance(fact, f.AlertReturned) or (isinstance(fact, f.AlertWorsened) and fact.stage is f.Stage.RAISED)


def _goes_on(fact: f.AlertWorsened, clock: Clock | None, stages: tuple[f.Stage, ...]) -> bool:
    """Whether an alert that grew worse has nothing to start here: its step is behind it, or, in what was told before
    stages were, somebody was at it.
    """
    return clock is None if fact.stage is None else fact.stage not in stages


def _no_hours(_times: Times) -> int:
    return 0


def _started(
    fact: f.Event, yellow_working_days: Callable[[Times], int], red_hours: Callable[[Times], int] = _no_hours
) -> Clock | None:
    if not isinstance(fact, f.AlertRaised | f.AlertWorsened | f.AlertReturned):
        return None
    told_on = fact.said.day + timedelta(days=1)
    match fact.said.severity:
        case Severity.RED:
            hours = red_hours(fact.times)
            return running_hours(told_on, hours) if hours else running(told_on, _last(told_on, fact.times.red_days))
        case Severity.YELLOW:
            return running_working_days(told_on, yellow_working_days(fact.times))
        case _:
            return None


def _last(told_on: date, days: int) -> date:
    """24 hours from the morning on which it was told end on the next morning: the last whole day is the first one."""
    return told_on + timedelta(days=days - 1)


def _sooner(clock: Clock | None, started: Clock | None) -> Clock | None:
    """A graver alert is given no more time than the milder one had; a time that has run out is over: one runs anew."""
    if clock is None or started is None:
        return started or clock
    if clock.fired_on is not None:
        return started
    if clock.due_at is not None:
        return clock  # its hours run already
    if started.hours is not None:
        return started  # they run from now on, and are over before any day is
    return started if started.due_on < clock.due_on else clock
