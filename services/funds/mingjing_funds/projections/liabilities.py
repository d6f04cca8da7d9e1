"""Liabilities (未消课负债) of an institution over all its accounts.

The one rule: the figure is the same sum of ``account_days`` that every balance is made of. It answers this
service's own reactions, and acts on one institution that their route has asked for, so it takes no scope.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.projections.account_days import account_days_table
from mingjing_funds.projections.accounts import accounts_table
from mingjing_funds.projections.contracts import contracts_table


async def unconsumed_of(connection: AsyncConnection, institution_id: UUID) -> int:
    """U = Σ (P − C(k) − refunds paid), in fen, of everything that is booked by now."""
    days, accounts = account_days_table.c, accounts_table.c
    owed = func.coalesce(func.sum(days.paid_fen - days.earned_fen - days.returned_fen + days.carried_fen), 0)
    statement = (
        select(owed)
        .join(accounts_table, accounts.account_id == days.account_id)
        .where(accounts.institution_id == institution_id)
    )
    return int((await connection.execute(statement)).scalar_one())


async def fees_since(connection: AsyncConnection, institution_id: UUID, since: date) -> int:
    """What families have paid this institution from a day on, in fen: the fees of a charging period."""
    rows, accounts = contracts_table.c, accounts_table.c
    statement = (
        select(func.coalesce(func.sum(rows.paid_fen), 0))
        .join(accounts_table, accounts.account_id == rows.account_id)
        .where(accounts.institution_id == institution_id, rows.paid_on >= since)
    )
    return int((await connection.execute(statement)).scalar_one())
