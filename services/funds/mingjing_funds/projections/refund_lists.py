"""Refund lists (退费名册): of which account, how much, and what became of each. Keeps history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Integer, Select, Table, Text, Uuid, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.domain.refund import PROMISED
from mingjing_funds.domain.refund_list import CLAIMS_MAX, Claim, ListApproved, ListContinued, ListDrawn, ListWithdrawn
from mingjing_funds.projections.accounts import ACCOUNTS_READ
from mingjing_funds.projections.contracts import contracts_table
from mingjing_funds.projections.lessons_used import lessons_used_table
from mingjing_funds.projections.refund_requests import refund_requests_table
from mingjing_funds.projections.schema import METADATA, visible
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

refund_lists_table = Table(
    "refund_lists",
    METADATA,
    Column("list_id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("families", Integer, nullable=False),
    Column("available_fen", BigInteger, nullable=False),
    Column("owed_fen", BigInteger, nullable=False),
    Column("total_fen", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("drawn_by", Text, nullable=False),
    Column("drawn_at", DateTime(timezone=True), nullable=False),
    Column("approved_by", Text, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a list."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The list after a fact."""
    match fact.event:
        case ListDrawn():
            drawn = fact.event
            return {
                "list_id": key[0],
                "account_id": drawn.account_id,
                "state": "drawn",
                "families": len(drawn.shares),
                "available_fen": drawn.available_fen,
                "owed_fen": sum(share.owed_fen for share in drawn.shares),
                "total_fen": sum(share.share_fen for share in drawn.shares),
                "reason": drawn.reason,
                "drawn_by": drawn.drawn_by,
                "drawn_at": drawn.drawn_at,
                "approved_by": "",
            }
        case ListContinued() as more if row is not None:
            return {
                **row,
                "families": row["families"] + len(more.shares),
                "owed_fen": row["owed_fen"] + sum(share.owed_fen for share in more.shares),
                "total_fen": row["total_fen"] + sum(share.share_fen for share in more.shares),
            }
        case ListApproved() if row is not None:
            return {**row, "state": "approved", "approved_by": fact.event.approved_by}
        case ListWithdrawn() if row is not None:
            return {**row, "state": "withdrawn"}
        case _:
            return row


REFUND_LISTS_READ = ReadModel(
    name="refund_lists", table=refund_lists_table, nouns=("refund-list",), keys=keys, fold=fold, history=True
)


def refund_lists_in(scope: Scope, position: int | None = None) -> Select[Any]:
    """Lists of accounts that a caller may see, now or as they stood."""
    rows, accounts = REFUND_LISTS_READ.at(position), ACCOUNTS_READ.at(position)
    return (
        select(*(rows.c[name] for name in REFUND_LISTS_READ.columns), accounts.c.institution_name)
        .join_from(rows, accounts, accounts.c.account_id == rows.c.account_id)
        .where(visible(scope, accounts))
    )


async def open_list_of(connection: AsyncConnection, account_id: UUID, but: UUID) -> UUID | None:
    """Another list of an account that waits for a decision. The caller may see the account."""
    rows = refund_lists_table.c
    wanted = select(rows.list_id).where(
        rows.account_id == account_id, rows.state == "drawn", rows.list_id != but
    ).order_by(rows.drawn_at, rows.list_id).limit(1)  # fmt: skip
    found = await connection.scalar(wanted)
    return None if found is None else UUID(int=found.int)


async def promised_beside(connection: AsyncConnection, account_id: UUID, ordered: frozenset[str]) -> int:
    """What is agreed to families of an account, in fen, beyond the payments that were ordered there already. The caller
    may see the account.
    """
    rows, asked = contracts_table.c, refund_requests_table.c
    promised = (
        select(func.coalesce(func.sum(asked.amount_fen), 0))
        .join_from(refund_requests_table, contracts_table, rows.contract_id == asked.contract_id)
        .where(rows.account_id == account_id, asked.kind != "reported")
        .where(asked.standing.in_([standing.value for standing in PROMISED]))
        .where(asked.instruction_no.not_in(sorted(ordered)))
    )
    return int(await connection.scalar(promised) or 0)


async def claims_of(connection: AsyncConnection, account_id: UUID) -> tuple[Claim, ...]:
    """What each contract of an account still owes and has not promised already, by number. The caller may see the
    account.
    """
    rows, used, asked = contracts_table.c, lessons_used_table.c, refund_requests_table.c
    promised = (
        select(func.coalesce(func.sum(asked.amount_fen), 0))
        .where(asked.contract_id == rows.contract_id, asked.kind != "reported")
        .where(asked.standing.in_([standing.value for standing in PROMISED]))
        .scalar_subquery()
    )
    owed = rows.paid_fen - used.earned_fen - rows.refunded_fen - rows.transferred_fen - promised
    wanted = (
        select(rows.contract_id, rows.contract_no, owed.label("owed_fen"))
        .join_from(contracts_table, lessons_used_table, used.contract_id == rows.contract_id)
        .where(rows.account_id == account_id, owed > 0)
        .order_by(rows.contract_no, rows.contract_id)
        .limit(CLAIMS_MAX + 1)
    )
    found = await connection.execute(wanted)
    return tuple(
        Claim(contract_id=UUID(str(row.contract_id)), contract_no=row.contract_no, owed_fen=int(row.owed_fen))
        for row in found
    )
