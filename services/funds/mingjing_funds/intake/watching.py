"""Evaluating the alert rules on every account, from its balance at the end of a day.

The one rule: what a rule looked at is stored with what it said; nothing is looked at twice from different days.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from mingjing_funds.codec import WATCHES
from mingjing_funds.domain.alert import Evaluate, Features, Subject
from mingjing_funds.domain.calendar import require_come
from mingjing_funds.intake.works import made
from mingjing_funds.policy.alert_rules import HYSTERESIS_DAYS, RULES
from mingjing_funds.projections.balances import Balance
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Work

_SILENT_STATES = {"F01": frozenset({"closing", "closed"}), "F02": frozenset({"closed"})}
"""Where a rule has nothing more to say: a closed account holds nothing, one being closed is emptied on purpose."""


def evaluations(balances: list[Balance], day: date, written: Envelope, today: date | None = None) -> list[Work]:
    """One work a rule and account that the rule still watches; a day after ``today`` is refused."""
    if today is not None:
        require_come(day, today, "day")
    return [
        made(WATCHES, watch_id(rule, balance.account_id), _evaluate(rule, balance, day), written)
        for balance in balances
        for rule in RULES
        if balance.state not in _SILENT_STATES[rule]
    ]


def watch_id(rule: str, account_id: UUID) -> UUID:
    """The stream on which one rule watches one account."""
    return derived_id("funds-watch", rule, account_id)


def _evaluate(rule: str, balance: Balance, day: date) -> Evaluate:
    version, says = RULES[rule]
    features = Features(
        day=day,
        balance_fen=balance.closing_fen,
        in_transit_fen=balance.in_transit_fen,
        unconsumed_fen=balance.unconsumed_fen,
        agreed_minimum_fen=balance.minimum_fen,
        months_open=_months(balance.opened_on, day),
    )
    found = says(features)
    return Evaluate(
        # A graver alert on the day on which a person closed the first one is a new alert.
        alert_id=derived_id("funds-alert", rule, balance.account_id, day, found.severity or ""),
        subject=Subject(
            account_id=balance.account_id,
            institution_id=balance.institution_id,
            institution_name=balance.institution_name,
            department=balance.department,
            region=balance.region,
        ),
        rule=rule,
        rule_version=version,
        features=features,
        severity=found.severity,
        threshold_fen=found.threshold_fen,
        hysteresis_days=HYSTERESIS_DAYS,
    )


def _months(opened_on: date | None, day: date) -> int:
    if opened_on is None:
        return 0
    return (day.year - opened_on.year) * 12 + day.month - opened_on.month - (day.day < opened_on.day)
