"""What the three sides say of each account (三方账目): the lines from which reconciliation finds its breaks.

The one rule: only lines that may part are read, so a day's look costs what is open, not what was ever booked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.domain.account import Column, Direction
from mingjing_funds.domain.booking import TUITION_WORDS
from mingjing_funds.domain.custody_break import Whose
from mingjing_funds.domain.reconciliation import Awaited, Booked, Sides
from mingjing_funds.projections.account_days import ACCOUNT_DAYS
from mingjing_funds.projections.accounts import ACCOUNTS_READ
from mingjing_funds.projections.entries import ENTRIES
from mingjing_funds.projections.expectations import EXPECTATIONS
from mingjing_funds.projections.files import DELIVERIES_READ
from mingjing_funds.sources.detect import Kind

_UNEXPLAINED = (Column.SUSPENSE.value, Column.FEE.value)
_ONE_LINE = 1


@dataclass(frozen=True, slots=True)
class Looked:
    """What one look reads: the sides of every account that has something to look at, and whose accounts they are."""

    sides: tuple[Sides, ...]
    whose: Mapping[UUID, Whose]


def sides_of(
    accounts: Iterable[Mapping[str, Any]],
    awaited: Iterable[Mapping[str, Any]],
    booked: Iterable[Mapping[str, Any]],
    gaps: Mapping[UUID, tuple[int, date]],
    fed_until: Mapping[str, date],
    until: date,
) -> Looked:
    """Rows of the read models as sides. ``fed_until`` is each bank's last delivered day; ``until`` limits all."""
    by_account: dict[UUID, list[Awaited]] = defaultdict(list)
    entries: dict[UUID, list[Booked]] = defaultdict(list)
    for row in awaited:
        by_account[_id(row["account_id"])].append(_awaited(row))
    reversals: dict[UUID, dict[str, date]] = defaultdict(dict)
    for row in booked:
        account = _id(row["account_id"])
        entries[account].append(_booked(row))
        if row["reverses"]:
            reversals[account][row["reverses"]] = row["booked_on"]
    sides: list[Sides] = []
    opened = [row for row in accounts if row["opening_on"] is not None]
    for row in opened:
        account = _id(row["account_id"])
        gap, gap_on = gaps.get(account, (0, None))
        if not (by_account[account] or entries[account] or gap):
            continue
        sides.append(
            Sides(
                account_id=account,
                opening_on=row["opening_on"],
                until=min(fed_until.get(row["bank"], row["opening_on"]), until),
                awaited=tuple(by_account[account]),
                booked=tuple(entries[account]),
                reversals=reversals[account],
                gap_fen=gap,
                gap_on=gap_on,
            )
        )
    # Whose each of them is, open or not: a former bank's reversal leaves nothing open where the release was paid.
    return Looked(tuple(sides), {_id(row["account_id"]): _whose(row) for row in opened})


async def looked_at(connection: AsyncConnection, until: date) -> Looked:
    """Every account of the service: a duty looks, no person does."""
    return sides_of(
        await _rows(connection, select(ACCOUNTS_READ.at(None))),
        await _rows(connection, _open_expectations(until)),
        await _rows(connection, _unexplained(until)),
        {_id(id): (int(gap), day) for id, gap, day in await connection.execute(_gaps(until))},
        {row.bank: row.last for row in await connection.execute(_fed_until(until))},
        until,
    )


async def balances_at(connection: AsyncConnection, days: Iterable[tuple[UUID, date]]) -> dict[UUID, dict[date, int]]:
    """What the bank stated last on or before a day, for the few days on which an instruction stayed behind."""
    entries = ENTRIES.at(None)
    found: dict[UUID, dict[date, int]] = defaultdict(dict)
    for account, day in sorted(set(days)):
        latest = (
            select(entries.c.balance_fen)
            .where(entries.c.account_id == account, entries.c.booked_on <= day)
            .order_by(entries.c.booked_at.desc(), entries.c.flow.desc())
            .limit(_ONE_LINE)
        )
        stated = await connection.scalar(latest)
        if stated is not None:
            found[account][day] = int(stated)
    return found


async def _rows(connection: AsyncConnection, statement: Select[Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in (await connection.execute(statement)).mappings()]


def _open_expectations(until: date) -> Select[Any]:
    """Not met, or met with another amount; and those whose number an unexplained entry bears."""
    rows, entries = EXPECTATIONS.at(None), ENTRIES.at(None)
    differs = and_(rows.c.met_on.is_not(None), rows.c.met_fen != rows.c.amount_fen)
    borne = (
        select(entries.c.flow)
        .where(
            entries.c.account_id == rows.c.account_id,
            entries.c.reference == rows.c.number,
            entries.c.column == Column.SUSPENSE.value,
        )
        .exists()
    )
    return select(rows).where(
        rows.c.withdrawn_on.is_(None), rows.c.due_on <= until, or_(rows.c.met_on.is_(None), differs, borne)
    )


def _unexplained(until: date) -> Select[Any]:
    """Entries in suspense, fees, and the reversals of either."""
    rows = ENTRIES.at(None)
    return select(rows).where(rows.c.column.in_(_UNEXPLAINED), rows.c.booked_on <= until)


def _gaps(until: date) -> Select[Any]:
    """Where the bank's balance shows more or less than its entries, and since when."""
    days = ACCOUNT_DAYS.at(None).c
    since = func.max(case((days.gap_fen != 0, days.day)))
    return (
        select(days.account_id, func.sum(days.gap_fen), since)
        .where(days.day <= until)
        .group_by(days.account_id)
        .having(func.sum(days.gap_fen) != 0)
    )


def _fed_until(until: date) -> Select[Any]:
    rows = DELIVERIES_READ.at(None).c
    last = func.max(rows.booked_on).label("last")
    return select(rows.bank, last).where(rows.kind == Kind.STATEMENT.value, rows.booked_on <= until).group_by(rows.bank)


def _awaited(row: Mapping[str, Any]) -> Awaited:
    return Awaited(
        account_id=_id(row["account_id"]),
        number=row["number"],
        direction=Direction(row["direction"]),
        amount_fen=int(row["amount_fen"]),
        due_on=row["due_on"],
        met_on=row["met_on"],
        met_fen=int(row["met_fen"]),
        flow=row["flow"],
    )


def _booked(row: Mapping[str, Any]) -> Booked:
    return Booked(
        account_id=_id(row["account_id"]),
        flow=row["flow"],
        booked_on=row["booked_on"],
        amount_fen=int(row["amount_fen"]),
        column=Column(row["column"]),
        number=row["number"],
        reference=row["reference"],
        tail=row["tail"],
        reverses=row["reverses"],
        reversed_by=row["reversed_by"],
        is_tuition=any(word in row["summary"] for word in TUITION_WORDS),
    )


def _whose(row: Mapping[str, Any]) -> Whose:
    return Whose(
        institution_name=row["institution_name"],
        account_number=row["number"],
        department=row["department"],
        region=row["region"],
        category=row["category"],
    )


def _id(id: Any) -> UUID:
    return UUID(int=id.int)  # the driver's own subclass must not reach an event
