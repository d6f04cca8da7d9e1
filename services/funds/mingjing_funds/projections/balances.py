"""Balances (余额): what an account holds, what it owes to families, and whether that comes out to the fen.

The one rule: every figure is a sum of ``account_days`` up to a day. A booking that arrives late corrects the days that
it belongs to, and what was known of a day at a position of the log stays the same for ever.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Date, FromClause, Select, Subquery, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.domain import account as a
from mingjing_funds.policy.alert_rules import IN_TRANSIT_DAYS_MAX
from mingjing_funds.projections.account_days import ACCOUNT_DAYS
from mingjing_funds.projections.accounts import ACCOUNTS_READ
from mingjing_funds.projections.expectations import EXPECTATIONS
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
_BROUGHT = ("paid_fen", "earned_fen", "returned_fen")
"""What was owed before the account was opened."""
_CARRIED = ("carried_fen", "carried_releasable_fen", "carried_awaited_fen", "own_left_fen", "own_came_fen")
"""What came with contracts and with a balance: no opening balance has it, whichever day it came."""


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
    """What lessons have earned since the opening, with what was earned and not released before it. What went to another
    bank with contracts is in it: the account itself counts that as spent (``LetContractsGo``). The agreed minimum is
    taken off, and filled again by what of the former account's came with the balance."""


async def balances_on(
    connection: AsyncConnection,
    scope: Scope,
    day: date,
    act: Act | None = None,
    known_until: date | None = None,
    position: int | None = None,
    institution_id: UUID | None = None,
) -> list[Balance]:
    """Every account that a caller may see (or do ``act`` to) at the end of ``day``, by number, as it is known now or
    after a position of the log.

    ``day`` is the day of the books: a booking of that day that arrived later, and before the position, is counted.
    Whether an open payment was still on its way is judged on ``day``, or on the account's latest day up to
    ``known_until``. ``institution_id``: the accounts of one institution only.
    """
    accounts = ACCOUNTS_READ.at(position)
    mine = visible(scope, accounts) if act is None else doable(scope, act, accounts)
    if institution_id is not None:
        mine = and_(mine, accounts.c.institution_id == institution_id)
    rows = await connection.execute(_sums(accounts, mine, day, known_until or day, position))
    return [_balance(row._mapping) for row in rows]


def sums_on(scope: Scope, day: date, known_until: date, position: int | None = None) -> Select[Any]:
    """The same accounts as rows, with the sums of their movements: for reports that the database adds up."""
    accounts = ACCOUNTS_READ.at(position)
    return _sums(accounts, visible(scope, accounts), day, known_until, position)


def _sums(
    accounts: FromClause, mine: ColumnElement[bool], day: date, known_until: date, position: int | None
) -> Select[Any]:
    moved = _moved(accounts, mine, day, position)
    awaited = _awaited(accounts, mine, day, known_until, position)
    sums = [func.coalesce(one, 0).label(one.name) for part in (moved, awaited) for one in part.c if one.name != "whose"]
    return (
        select(*(accounts.c[name] for name in ACCOUNTS_READ.columns), *sums)
        .join_from(accounts, moved, moved.c.whose == accounts.c.account_id, isouter=True)
        .outerjoin(awaited, awaited.c.whose == accounts.c.account_id)
        .where(mine, accounts.c.opening_on.is_not(None))
        .order_by(accounts.c.number)
    )


def _moved(accounts: FromClause, mine: ColumnElement[bool], day: date, position: int | None) -> Subquery:
    """Per account: what moved from its opening to that day, and what had moved before its opening."""
    table = ACCOUNT_DAYS.at(position)
    days = table.c
    after = and_(days.day > accounts.c.opening_on, days.day <= day)
    before = days.day <= accounts.c.opening_on
    moved = [
        func.sum(case((days.day <= day if name in _CARRIED else after, days[name]), else_=0)).label(name)
        for name in COLUMNS
    ]
    brought = [func.sum(case((before, days[name]), else_=0)).label(f"brought_{name}") for name in _BROUGHT]
    return (
        select(days.account_id.label("whose"), *moved, *brought)
        .join_from(table, accounts, accounts.c.account_id == days.account_id)
        .where(mine)
        .group_by(days.account_id)
        .subquery("moved")
    )


def _awaited(
    accounts: FromClause, mine: ColumnElement[bool], day: date, known_until: date, position: int | None
) -> Subquery:
    """Per account: payments on their way on that day, payments that never came, and those taken into the opening."""
    expected, known = EXPECTATIONS.at(position), ACCOUNT_DAYS.at(position)
    rows, days = expected.c, known.c
    is_open = or_(rows.met_on.is_(None), rows.met_on > day)
    # A payment of a past day is judged by what is known now: when it never came, it was not on its way then either.
    # "Now" is the account's own latest day: neither another account nor a day that has not come changes its figures.
    reached = (
        select(days.account_id, func.max(days.day).label("until"))
        .where(days.day <= known_until)
        .group_by(days.account_id)
        .subquery("reached")
    )
    latest = func.greatest(reached.c.until, day, type_=Date)  # an account without any day is judged on ``day``
    young = rows.due_on > latest - IN_TRANSIT_DAYS_MAX
    fresh = or_(rows.met_on > day, and_(rows.met_on.is_(None), young))
    announced = and_(rows.due_on <= day, or_(rows.withdrawn_on.is_(None), rows.withdrawn_on > day))
    opening_on = accounts.c.opening_on
    later = or_(rows.due_on > opening_on, rows.met_on.is_not(None))
    counted = and_(announced, is_open, later)
    overtaken = and_(rows.due_on <= opening_on, rows.met_on > opening_on)

    def total(condition: Any, name: str) -> Any:
        return func.sum(case((condition, rows.amount_fen), else_=0)).label(name)

    return (
        select(
            rows.account_id.label("whose"),
            total(and_(counted, fresh), "in_transit_fen"),
            total(and_(counted, rows.met_on.is_(None), ~young), "uncredited_fen"),
            total(overtaken, "overtaken_fen"),
        )
        .join_from(expected, accounts, accounts.c.account_id == rows.account_id)
        .outerjoin(reached, reached.c.account_id == rows.account_id)
        .where(mine, rows.direction == a.Direction.PAYMENT.value)
        .group_by(rows.account_id)
        .subquery("awaited")
    )


def _balance(row: Any) -> Balance:
    sums = {name: int(row[name]) for name in COLUMNS}
    brought = {name: int(row[f"brought_{name}"]) for name in _BROUGHT}
    in_transit, overtaken = int(row["in_transit_fen"]), int(row["overtaken_fen"])
    opening, minimum = int(row["opening_fen"]), int(row["minimum_fen"])
    owed_at_opening = _owed(brought)
    unconsumed = owed_at_opening + _owed(sums) + sums["carried_fen"]
    own_money = minimum - sums["own_left_fen"]
    earned_here = opening - minimum + sums["own_came_fen"] - owed_at_opening + overtaken + sums["earned_fen"]
    unreleased = earned_here - sums["executed_fen"] + sums["carried_releasable_fen"]
    closing = opening + _booked(sums) + sums["gap_fen"]
    owned = own_money + sums["interest_fen"] + unconsumed + unreleased - in_transit
    explained = owned + sums["transferred_fen"] - _carried(sums)
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
        uncredited_fen=int(row["uncredited_fen"]),
        difference_fen=closing - explained,
        is_balanced=sums["gap_fen"] == 0,
        releasable_ever_fen=earned_here,
    )


def _owed(sums: dict[str, int]) -> int:
    return sums["paid_fen"] - sums["earned_fen"] - sums["returned_fen"]


def _carried(sums: dict[str, int]) -> int:
    """What has no money of its own here: the balance that moved stands behind it."""
    own = sums["own_came_fen"] - sums["own_left_fen"]
    return sums["carried_fen"] + sums["carried_releasable_fen"] - sums["carried_awaited_fen"] + own


def _booked(sums: dict[str, int]) -> int:
    return (
        sums["received_fen"]
        - sums["released_fen"]
        - sums["refunded_fen"]
        + sums["interest_fen"]
        - sums["fee_fen"]
        + sums["suspense_fen"]
        + sums["transferred_fen"]
    )
