"""Liabilities (未消课负债) of an institution over all its accounts.

The one rule: the figure is the same sum of ``account_days`` that every balance is made of. Only this service's own
reaction asks it, so it takes no scope.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.projections.account_days import account_days_table
from mingjing_funds.projections.accounts import accounts_table


async def unconsumed_of(connection: AsyncConnection, institution_id: UUID) -> int:
    """U = Σ (P − C(k) − refunds paid), in fen, of everything that is booked by now."""
    days, accounts = account_days_table.c, accounts_table.c
    owed = func.coalesce(func.sum(days.paid_fen - days.earned_fen - days.returned_fen), 0)
    statement = (
        select(owed)
        .join(accounts_table, accounts.account_id == days.account_id)
        .where(accounts.institution_id == institution_id)
    )
    return int((await connection.execute(statement)).scalar_one())
