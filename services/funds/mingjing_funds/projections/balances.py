"""Balances (余额): what an account holds, what it owes to families, and whether that comes out to the fen.

The one rule: every figure is a sum of ``account_days`` up to a day, so a past day gives the same answer for ever, and
a booking that arrives late corrects the days that it belongs to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.domain import account as a
from mingjing_funds.policy.alert_rules import IN_TRANSIT_DAYS_MAX
from mingjing_funds.projections.account_days import account_days_table
from mingjing_funds.projections.accounts import accounts_table
from mingjing_funds.projections.expectations import expectations_table
from mingjing_funds.projections.movement import COLUMNS
from mingjing_funds.projections.schema import doable, visible
from mingjing_kernel.identity import Act, Scope

_AS_BOOKED = (
    "received_fen",
    "released_fen",
    "refunded_fen",
    "interest_fen",
    "fee_fen",
    "suspense_fen",
    "gap_fen",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """One account at the end of a day, in fen.

    ``difference_fen`` is what the closing balance is off by after own money, interest, U, what lessons have earned
    and payments on their way: money that nothing explains (suspense, fees, payments that never came). ``is_balanced``
    says that opening balance and movements lead to the balance that the bank states.
    """

    account_id: UUID
    institution_id: UUID | None
    institution_name: str
    department: str
    region: str
    number: str
    bank: str
    state: str
    minimum_fen: int
    opened_on: date | None
    opening_fen: int
    closing_fen: int
    received_fen: int
    released_fen: int
    refunded_fen: int
    interest_fen: int
    fee_fen: int
    suspense_fen: int
    gap_fen: int
    paid_fen: int
    earned_fen: int
    returned_fen: int
    unconsumed_fen: int
    """U = Σ (P − C(k) − refunds paid)."""
    confirmed_unreleased_fen: int
    in_transit_fen: int
    uncredited_fen: int
    """Payments announced too long ago to be on their way, and not credited."""
    difference_fen: int
    is_balanced: bool
    releasable_ever_fen: int
    """What lessons have earned since the opening, with what was earned and not released before it."""


async def balances_on(
    connection: AsyncConnection,
    scope: Scope,
    day: date,
    act: Act | None = None,
    known_until: date | None = None,
) -> list[Balance]:
    """Every account that a caller may see (or do ``act`` to) at the end of ``day``, by number.

    ``day`` is the day of the books, not ``as_of``: a booking of that day that arrived later is counted. Whether an
    open payment was still on its way is judged on ``day``, or on the account's latest day up to ``known_until``.
    """
    mine = visible(scope, accounts_table) if act is None else doable(scope, act, accounts_table)
    rows = await connection.execute(_sums(mine, day, known_until or day))
    return [_balance(row._mapping) for row in rows]


def _sums(mine: ColumnElement[bool], day: date, known_until: date) -> Select[Any]:
    accounts, days = accounts_table.c, account_days_table.c
    after = and_(days.day > accounts.opening_on, days.day <= day)
    before = days.day <= accounts.opening_on
    moved = [func.coalesce(func.sum(case((after, days[name]), else_=0)), 0).label(name) for name in COLUMNS]
    brought = [
        func.coalesce(func.sum(case((before, days[name]), else_=0)), 0).label(f"brought_{name}")
        for name in ("paid_fen", "earned_fen", "returned_fen")
    ]
    awaited = _awaited(day, known_until)
    return (
        select(accounts_table, *moved, *brought, *(column for column in awaited.c if column.name != "account_id"))
        .outerjoin(account_days_table, days.account_id == accounts.account_id)
        .outerjoin(awaited, awaited.c.account_id == accounts.account_id)
        .where(mine, accounts.opening_on.is_not(None))
        .group_by(*accounts_table.primary_key.columns, *(c for c in awaited.c if c.name != "account_id"))
        .order_by(accounts.number)
    )


def _awaited(day: date, known_until: date) -> Any:
    """Per account: payments on their way on that day, payments that never came, and those taken into the opening."""
    rows, accounts = expectations_table.c, accounts_table.c
    is_open = or_(rows.met_on.is_(None), rows.met_on > day)
    # A payment of a past day is judged by what is known now: when it never came, it was not on its way then either.
    # "Now" is the account's own latest day: neither another account nor a day that has not come changes its figures.
    days = account_days_table.c
    reached = (
        select(days.account_id, func.max(days.day).label("until"))
        .where(days.day <= known_until)
        .group_by(days.account_id)
        .subquery("reached")
    )
    latest = func.greatest(reached.c.until, day, type_=Date)  # an account without any day is judged on ``day``
    young = rows.due_on > latest - IN_TRANSIT_DAYS_MAX
    fresh = or_(rows.met_on > day, and_(rows.met_on.is_(None), young))
    announced = rows.due_on <= day
    later = or_(rows.due_on > accounts.opening_on, rows.met_on.is_not(None))
    counted = and_(announced, is_open, later)
    overtaken = and_(rows.due_on <= accounts.opening_on, rows.met_on > accounts.opening_on)

    def total(condition: Any, name: str) -> Any:
        return func.coalesce(func.sum(case((condition, rows.amount_fen), else_=0)), 0).label(name)

    return (
        select(
            rows.account_id,
            total(and_(counted, fresh), "in_transit_fen"),
            total(and_(counted, rows.met_on.is_(None), ~young), "uncredited_fen"),
            total(overtaken, "overtaken_fen"),
        )
        .join(accounts_table, accounts.account_id == rows.account_id)
        .outerjoin(reached, reached.c.account_id == rows.account_id)
        .where(rows.direction == a.Direction.PAYMENT.value)
        .group_by(rows.account_id)
        .subquery("awaited")
    )


def _balance(row: Any) -> Balance:
    sums = {name: int(row[name]) for name in COLUMNS}
    brought = {name: int(row[f"brought_{name}"]) for name in ("paid_fen", "earned_fen", "returned_fen")}
    in_transit, overtaken = int(row["in_transit_fen"] or 0), int(row["overtaken_fen"] or 0)
    opening, minimum = int(row["opening_fen"]), int(row["minimum_fen"])
    owed_at_opening = _owed(brought)
    unconsumed = owed_at_opening + _owed(sums)
    unreleased = opening - minimum - owed_at_opening + overtaken + sums["earned_fen"] - sums["executed_fen"]
    closing = opening + _booked(sums) + sums["gap_fen"]
    explained = minimum + sums["interest_fen"] + unconsumed + unreleased - in_transit
    return Balance(
        account_id=UUID(int=row["account_id"].int),  # the driver's own subclass must not reach an event
        institution_id=UUID(int=row["institution_id"].int) if row["institution_id"] else None,
        institution_name=row["institution_name"],
        department=row["department"],
        region=row["region"],
        number=row["number"],
        bank=row["bank"],
        state=row["state"],
        minimum_fen=minimum,
        opened_on=row["opened_on"],
        opening_fen=opening,
        closing_fen=closing,
        **{name: sums[name] for name in _AS_BOOKED},
        paid_fen=brought["paid_fen"] + sums["paid_fen"],
        earned_fen=brought["earned_fen"] + sums["earned_fen"],
        returned_fen=brought["returned_fen"] + sums["returned_fen"],
        unconsumed_fen=unconsumed,
        confirmed_unreleased_fen=unreleased,
        in_transit_fen=in_transit,
        uncredited_fen=int(row["uncredited_fen"] or 0),
        difference_fen=closing - explained,
        is_balanced=sums["gap_fen"] == 0,
        releasable_ever_fen=unreleased + sums["executed_fen"],
    )


def _owed(sums: dict[str, int]) -> int:
    return sums["paid_fen"] - sums["earned_fen"] - sums["returned_fen"]


def _booked(sums: dict[str, int]) -> int:
    return (
        sums["received_fen"]
        - sums["released_fen"]
        - sums["refunded_fen"]
        + sums["interest_fen"]
        - sums["fee_fen"]
        + sums["suspense_fen"]
    )
