"""Deadlines of alerts (预警处置期限): each step in its time, a reminder before the last day, escalation after it.

The one rule: running out of time changes nothing about whose work it is: it is told to the level above, and stays on
the list until the step is taken.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final, TypeAlias

from mingjing_funds.codec import WATCHES
from mingjing_funds.domain.alerting import life_facts as f
from mingjing_funds.projections.alert_clocks import ACKNOWLEDGE, PLAN, VERIFY, acknowledging, planning, verifying
from mingjing_funds.projections.watches import WATCHES_READ
from mingjing_kernel.deadline_clock import Clock, running_working_days
from mingjing_kernel.deadlines import DeadlineRule, Due

VERIFY_REMINDER, PLAN_REMINDER = f"{VERIFY}-reminder", f"{PLAN}-reminder"
_BASIS: Final = "国办发〔2018〕80号；预警处置时限"
_FACTS: Final = (
    f.AlertRaised, f.AlertWorsened, f.AlertReturned, f.AlertAcknowledged, f.VerificationStarted, f.AlertJudged,
    f.DisposalPlanned, f.AlertCleared, f.AlertClosed,
)  # fmt: skip
_Step: TypeAlias = Callable[[Clock | None, f.Event], Clock | None]


def _escalating(name: str, zh: str, en: str, step: _Step) -> DeadlineRule:
    def clock(before: Clock | None, fact: Any) -> Clock | None:
        if isinstance(fact, f.AlertEscalated):
            return replace(before, fired_on=fact.on) if before and fact.clock == name else before
        return step(before, fact)

    def escalate(due: Due) -> f.Escalate:
        return f.Escalate(clock=name, on=due.on)

    return _rule(name, zh, en, f.AlertEscalated, clock, escalate)


def _reminding(name: str, zh: str, en: str, step: _Step) -> DeadlineRule:
    def clock(before: Clock | None, fact: Any) -> Clock | None:
        if isinstance(fact, f.AlertReminded):
            return replace(before, fired_on=fact.on) if before and fact.clock == name else before
        after = step(before, fact)
        return after if after is None or after is before else _a_working_day_sooner(after)

    def remind(due: Due) -> f.Remind:
        return f.Remind(clock=name, on=due.on)

    return _rule(name, zh, en, f.AlertReminded, clock, remind)


def _a_working_day_sooner(clock: Clock) -> Clock | None:
    """Noted on the day after its last: with one working day left. What has one day at all is not reminded of."""
    days = clock.working_days
    return running_working_days(clock.started_on, days - 1) if days and days > 1 else None


def _rule(
    name: str,
    zh: str,
    en: str,
    noted: type,
    clock: Callable[[Clock | None, Any], Clock | None],
    command: Callable[[Due], f.Command],
) -> DeadlineRule:
    return DeadlineRule(
        name=name,
        zh=zh,
        en=en,
        aggregate=WATCHES,
        listed=WATCHES_READ,
        facts=(*_FACTS, noted),
        clock=clock,
        command=command,
        thing=_alert,
        legal_basis=_BASIS,
    )


def _alert(fact: Any) -> str:
    return str(fact.alert_id)


ALERT_DEADLINES: Final = (
    _escalating(ACKNOWLEDGE, "预警签收", "Somebody takes the alert on", acknowledging),
    _escalating(VERIFY, "预警核查", "Somebody has looked into the alert", verifying),
    _escalating(PLAN, "预警处置方案", "There is a plan of what is done about the alert", planning),
    _reminding(VERIFY_REMINDER, "预警核查催办", "Reminder: the alert is to be looked into", verifying),
    _reminding(PLAN_REMINDER, "预警处置方案催办", "Reminder: the alert needs a plan", planning),
)
