"""The report of alerts (预警统计) by rule: how many, red backlog, how fast, how often rightly; of those of a period.

The one rule: a count is made of the rows of the list of alerts, so that whoever sees the list sees the same number.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Integer, Select, case, cast, extract, func, select

from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting.life_facts import ENDED, Stage
from mingjing_funds.projections.alerts import alerts_in
from mingjing_kernel.identity import Scope

WHOLE_BASIS_POINTS = 10_000
_OVER = [stage.value for stage in ENDED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From its first to its last day."""

    since: date
    until: date


def alert_figures(scope: Scope, period: Period, position: int | None = None) -> Select[Any]:
    """One row a rule that told anything in the period, as it stood after a position of the log."""
    rows = alerts_in(scope, position).subquery("alert").c
    stands, is_red = rows.state.not_in(_OVER), rows.severity == Severity.RED.value
    raised = func.count()

    def of(condition: Any, name: str) -> Any:
        return cast(func.count().filter(condition), Integer).label(name)

    confirmed = func.count().filter(rows.judged == Stage.CONFIRMED.value)
    figures = (
        select(
            rows.rule,
            cast(raised, Integer).label("raised"),
            of(is_red, "red"),
            of(stands, "standing"),
            of(stands & is_red, "red_backlog"),
            of(stands & is_red & (rows.state == Stage.RAISED.value), "red_unacknowledged"),
            of(rows.escalated_on.is_not(None), "escalated"),
            of(rows.state == Stage.CLEARED.value, "cleared"),
            of(rows.state == Stage.CLOSED.value, "closed"),
            of(rows.judged == Stage.CONFIRMED.value, "confirmed"),
            of(rows.judged == Stage.FALSE_POSITIVE.value, "false_alarms"),
            _minutes(rows.told_at, rows.acknowledged_at, "acknowledge_minutes"),
            _minutes(rows.told_at, rows.closed_at, "close_minutes"),
            cast(confirmed * WHOLE_BASIS_POINTS // case((raised > 0, raised), else_=1), Integer).label(
                "precision_basis_points"
            ),
        )
        .where(rows.raised_on.between(period.since, period.until))
        .group_by(rows.rule)
        .subquery("figures")
    )
    return select(figures)


def _minutes(since: Any, until: Any, name: str) -> Any:
    """The median in whole minutes, of those that have an end."""
    passed = cast(func.floor(extract("epoch", until - since) / 60), BigInteger)
    median = func.percentile_disc(0.5).within_group(passed.asc()).filter(until.is_not(None))
    return cast(median, Integer).label(name)
