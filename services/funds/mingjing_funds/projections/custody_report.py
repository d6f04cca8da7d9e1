"""The report of custody (资金监管日报): accounts by risk, and coverage, U, shortfalls and flows by place, kind or bank.

The one rule: figures of a group are sums of the rows of its accounts, and those are sums of ``account_days``: from each
total one comes down to the accounts, from an account to its postings and the bank's lines.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal, TypeAlias

from sqlalchemy import BigInteger, Integer, Select, Subquery, and_, case, cast, func, literal, or_, select

from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting.life_facts import ENDED
from mingjing_funds.projections.accounts import accounts_in
from mingjing_funds.projections.alerts import ALERTS
from mingjing_funds.projections.balances import sums_on
from mingjing_funds.projections.institutions import INSTITUTIONS_READ, institutions_in
from mingjing_funds.projections.licences import LICENCES_READ
from mingjing_funds.projections.refund_requests import refund_requests_in
from mingjing_funds.projections.silent_months import SILENT_MONTHS
from mingjing_kernel.identity import Scope

By: TypeAlias = Literal["all", "region", "department", "category", "bank"]
WHOLE = 10_000
"""Basis points: U is just covered."""
DIVISION = 6
MONTH_DAYS = 30
_ACTIVE = ("active", "release-hold")
"""A hold stops releases, not the account."""
_OVER = [stage.value for stage in ENDED]
_SUMMED = (
    "closing_fen", "minimum_fen", "in_transit_fen", "owed_fen", "short_fen", "received_fen", "released_fen",
    "refunded_fen", "refunds_due", "refunds_on_time", "confirmed", "automatic", "red_alerts", "yellow_alerts",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class On:
    """The end of a day of the books, as it was known on ``known_until`` after a position of the log."""

    day: date
    known_until: date
    position: int | None = None


def custody_accounts(scope: Scope, on: On) -> Select[Any]:
    """Each account that a caller may see, with what its risk is read from; ``risk`` puts the worst first.

    ``short_fen``: by how much what is there for families is less than U: own minimum left out; payments on their way,
    and what a change of bank has taken to the new account before its contracts, counted. ``category`` is the
    institution's where the account has none. ``coverage_basis_points``: the balance, with what went before, of U; whole
    where nothing is owed. ``released_fen`` and the other flows are since the opening. Refunds: due within the last
    thirty days, and paid by then. Lessons: of the day's month.
    """
    rows = sums_on(scope, on.day, on.known_until, on.position).subquery("sums").c
    booked = rows.received_fen - rows.released_fen - rows.refunded_fen + rows.interest_fen - rows.fee_fen
    closing = rows.opening_fen + booked + rows.transferred_fen + rows.suspense_fen + rows.gap_fen
    brought = rows.brought_paid_fen - rows.brought_earned_fen - rows.brought_returned_fen
    owed = brought + rows.paid_fen - rows.earned_fen - rows.returned_fen + rows.carried_fen
    away = func.greatest(-rows.transferred_fen + rows.carried_fen, 0)  # families' money went first, contracts follow
    lacking = owed - (closing - rows.minimum_fen + rows.in_transit_fen + away)
    is_handed_over = and_(owed <= 0, rows.transferred_fen < 0)
    short = case((is_handed_over, 0), else_=func.greatest(lacking, 0))
    covered = case((owed > 0, func.greatest(closing + away, 0) * WHOLE // owed), else_=WHOLE)
    refunds, lessons, alerts = _refunds(scope, on), _lessons(on), _alerts(on)
    institutions = INSTITUTIONS_READ.at(on.position)
    whose = institutions.c
    red, yellow = (func.coalesce(alerts.c[name], 0) for name in ("red_alerts", "yellow_alerts"))
    risk = red * 1_000_000 + yellow * 20_000 + (WHOLE - func.least(covered, WHOLE))
    named = ("account_id", "institution_id", "institution_name", "department", "region", "bank", "number")
    return (
        select(
            *(rows[name] for name in named),
            func.coalesce(func.nullif(rows.category, ""), whose.category, "").label("category"),
            rows.state,
            *(_fen(rows[name], name) for name in ("minimum_fen", "in_transit_fen", "received_fen")),
            *(_fen(rows[name], name) for name in ("released_fen", "refunded_fen")),
            _fen(closing, "closing_fen"),
            _fen(owed, "owed_fen"),
            _fen(short, "short_fen"),
            _fen(covered, "coverage_basis_points"),
            *(_count(refunds.c[name], name) for name in ("refunds_due", "refunds_on_time")),
            *(_count(lessons.c[name], name) for name in ("confirmed", "automatic")),
            _count(red, "red_alerts"),
            _count(yellow, "yellow_alerts"),
            cast(risk, BigInteger).label("risk"),
        )
        .outerjoin(institutions, whose.institution_id == rows.institution_id)
        .outerjoin(refunds, refunds.c.whose == rows.account_id)
        .outerjoin(lessons, lessons.c.whose == rows.account_id)
        .outerjoin(alerts, alerts.c.whose == rows.account_id)
    )


def custody_figures(scope: Scope, by: By, on: On) -> Select[Any]:
    """A row a division, department, category, bank, or one of all: sums of the accounts, and who lacks one.

    ``licensed`` are institutions whose licence is in force on the day and not withheld; those with an active account
    of them are the coverage (托管覆盖率): never more than all of them. Banks license nobody.
    """
    accounts = custody_accounts(scope, on).subquery("account")
    rows, key = accounts.c, _key(accounts.c, by)
    cov = rows.coverage_basis_points
    bands = {
        "below_80": and_(rows.owed_fen > 0, cov < 8_000),
        "below_100": and_(rows.owed_fen > 0, cov >= 8_000, cov < WHOLE),
        "below_110": and_(rows.owed_fen > 0, cov >= WHOLE, cov < 11_000),
        "above_110": and_(rows.owed_fen > 0, cov >= 11_000),
        "nothing_owed": rows.owed_fen <= 0,
        "short": rows.short_fen > 0,
    }
    money = (
        select(
            key,
            _count(func.count(), "accounts"),
            *(_count(func.count().filter(condition), name) for name, condition in bands.items()),
            *(_fen(func.sum(rows[name]), name) for name in _SUMMED),
        )
        .group_by(key)
        .subquery("money")
    )
    licensed = _licensed(scope, by, on)
    shown = [func.coalesce(column, 0).label(column.name) for column in money.c if column.name != "key"]
    both = select(
        func.coalesce(money.c.key, licensed.c.key).label("key"),
        func.coalesce(licensed.c.licensed, 0).label("licensed"),
        func.coalesce(licensed.c.with_account, 0).label("with_account"),
        *shown,
    ).join_from(money, licensed, money.c.key == licensed.c.key, full=True)
    return select(both.subquery("figures"))


def accounts_of(scope: Scope, on: On, by: By, key: str) -> Select[Any]:
    """The accounts that one row of the figures is made of."""
    accounts = custody_accounts(scope, on).subquery("account")
    statement = select(accounts)
    return statement if by == "all" else statement.where(_key(accounts.c, by).element == key)


def _licensed(scope: Scope, by: By, on: On) -> Subquery:
    """Institutions with a licence, and those of them that have an active account: at that bank, where it is by bank."""
    active = _active(scope, on)
    institutions, licences = institutions_in(scope, on.position).subquery("of"), LICENCES_READ.at(on.position)
    rows = institutions.c
    in_force = or_(licences.c.valid_to.is_(None), licences.c.valid_to >= on.day)
    key = active.c.bank.label("key") if by == "bank" else _key(rows, by)
    count = func.count(func.distinct(rows.institution_id))
    with_account = count.filter(active.c.institution_id.is_not(None))
    return (
        select(
            key,
            cast(literal(0) if by == "bank" else count, Integer).label("licensed"),
            cast(with_account, Integer).label("with_account"),
        )
        .join_from(institutions, licences, licences.c.institution_id == rows.institution_id)
        .join(active, active.c.institution_id == rows.institution_id, isouter=by != "bank")
        .where(in_force, rows.blocked == "")
        .group_by(key)
        .subquery("licensed")
    )


def _active(scope: Scope, on: On) -> Subquery:
    held = accounts_in(scope, on.position).subquery("held").c
    return (
        select(held.institution_id, held.bank)
        .where(held.state.in_(_ACTIVE), held.opened_on <= on.day, held.institution_id.is_not(None))
        .distinct()
        .subquery("active")
    )


def _refunds(scope: Scope, on: On) -> Subquery:
    rows = refund_requests_in(scope, on.position).subquery("refund").c
    is_due = and_(rows.pay_by <= on.day, rows.pay_by > on.day - timedelta(days=MONTH_DAYS))
    return (
        select(
            rows.account_id.label("whose"),
            func.count().label("refunds_due"),
            func.count().filter(rows.paid_on <= rows.pay_by).label("refunds_on_time"),
        )
        .where(is_due, rows.account_id.is_not(None))
        .group_by(rows.account_id)
        .subquery("refunds")
    )


def _lessons(on: On) -> Subquery:
    rows = SILENT_MONTHS.at(on.position).c
    return (
        select(rows.account_id.label("whose"), rows.confirmed, rows.automatic)
        .where(rows.month == on.day.replace(day=1))
        .subquery("lessons")
    )


def _alerts(on: On) -> Subquery:
    """Alerts that stand; whoever sees the account sees its alerts."""
    rows = ALERTS.at(on.position).c
    return (
        select(
            rows.account_id.label("whose"),
            func.count().filter(rows.severity == Severity.RED.value).label("red_alerts"),
            func.count().filter(rows.severity == Severity.YELLOW.value).label("yellow_alerts"),
        )
        .where(rows.state.not_in(_OVER), rows.raised_on <= on.day)
        .group_by(rows.account_id)
        .subquery("alerts")
    )


def _key(rows: Any, by: By) -> Any:
    if by == "all":
        return literal("").label("key")
    return (func.left(rows.region, DIVISION) if by == "region" else rows[by]).label("key")


def _fen(amount: Any, name: str) -> Any:
    return cast(func.coalesce(amount, 0), BigInteger).label(name)


def _count(amount: Any, name: str) -> Any:
    return cast(func.coalesce(amount, 0), Integer).label(name)
