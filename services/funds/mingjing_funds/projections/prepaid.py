"""Prepaid statements (预收费报送): what was stated last of each institution, and the contracts that stand behind it.

The one rule: only this service's own daily statement asks, so nothing here takes a scope.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import BigInteger, Column, Date, Integer, Table, Uuid, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.domain.prepaid import PrepaidStated
from mingjing_funds.projections.accounts import accounts_table
from mingjing_funds.projections.contracts import contracts_table
from mingjing_funds.projections.schema import METADATA
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

OPEN = ("paid", "refunding", "cooling-off", "disputed", "expired")
"""States of a contract for which a family still has something to come."""
prepaid_table = Table(
    "prepaid_statements",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    Column("balance_fen", BigInteger, nullable=False),
    Column("unconsumed_fen", BigInteger, nullable=False),
    Column("contracts_open", Integer, nullable=False),
    Column("pupils", Integer, nullable=False),
    Column("stated_on", Date, nullable=False),
)


def keys(fact: Recorded[PrepaidStated]) -> Iterable[Key]:
    """One row an institution."""
    yield (fact.event.institution_id,)


def fold(key: Key, row: Row | None, fact: Recorded[PrepaidStated]) -> Row | None:
    """The last statement."""
    said = fact.event
    return {
        "institution_id": key[0],
        "balance_fen": said.balance_fen,
        "unconsumed_fen": said.unconsumed_fen,
        "contracts_open": said.contracts_open,
        "pupils": said.pupils,
        "stated_on": said.on,
    }


PREPAID_STATEMENTS = ReadModel(name="prepaid_statements", table=prepaid_table, nouns=("prepaid",), keys=keys, fold=fold)


class Behind(NamedTuple):
    """Who stands behind the money of one institution."""

    contracts_open: int = 0
    pupils: int = 0


async def contracts_behind(connection: AsyncConnection) -> dict[UUID, Behind]:
    """Open contracts of each institution, and the different pupils whom they name."""
    contracts, accounts = contracts_table.c, accounts_table.c
    named = func.count(contracts.pupil.distinct()).filter(contracts.pupil != "")
    statement = (
        select(accounts.institution_id, func.count().label("contracts_open"), named.label("pupils"))
        .join_from(contracts_table, accounts_table, accounts.account_id == contracts.account_id)
        .where(contracts.state.in_(OPEN), accounts.institution_id.is_not(None))
        .group_by(accounts.institution_id)
    )
    rows: Any = await connection.execute(statement)
    return {row.institution_id: Behind(row.contracts_open, row.pupils) for row in rows}


async def last_stated(connection: AsyncConnection) -> dict[UUID, tuple[int, int, int, int]]:
    """What was told last of each institution."""
    rows = prepaid_table.c
    columns = (rows.institution_id, rows.balance_fen, rows.unconsumed_fen, rows.contracts_open, rows.pupils)
    found: Any = await connection.execute(select(*columns))
    return {row[0]: (row[1], row[2], row[3], row[4]) for row in found}
