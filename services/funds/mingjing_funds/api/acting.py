"""Who may act: one check before each write, by the same scope that renders the lists."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.domain.account_refusals import NumberTaken
from mingjing_funds.projections.accounts import accounts_table
from mingjing_funds.projections.contracts import contracts_table
from mingjing_funds.projections.schema import WRITERS
from mingjing_kernel.identity import UNDIVIDED, OutsideScope, Role, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.refusal import NotFound


class RecordNotFound(NotFound):
    """Nothing stands under this id, or the caller may not know of it."""


def because(written: Envelope, reason: str) -> Envelope:
    """The circumstances with the reason that the body gives; a reason in the headers is the caller's own and stays."""
    return written if written.reason else replace(written, reason=reason)


def require(scope: Scope, *, region: str, department: str, roles: Collection[Role] = WRITERS) -> None:
    """Raise ``OutsideScope`` unless the caller may write for this department and region."""
    if not scope.allows(role=roles, department=department, region=region, category=UNDIVIDED):
        raise OutsideScope


async def require_account(
    connection: AsyncConnection, scope: Scope, account_id: UUID, roles: Collection[Role] = WRITERS
) -> None:
    """The same for an account. Raises ``RecordNotFound`` when it is not there or not the caller's."""
    rows = accounts_table.c
    await _require(
        connection,
        scope,
        select(rows.department, rows.region, rows.category).where(rows.account_id == account_id),
        roles,
    )


async def require_number(connection: AsyncConnection, account_id: UUID, number: str) -> None:
    """Raise ``NumberTaken`` when another account has this number, wherever that stands."""
    rows = accounts_table.c
    other = select(rows.account_id).where(rows.number == number, rows.account_id != account_id)
    if (await connection.execute(other)).first() is not None:
        raise NumberTaken(number=number)


async def require_contract(connection: AsyncConnection, scope: Scope, contract_id: UUID) -> None:
    """The same for a contract; its account's department and region stand before its own."""
    rows, accounts = contracts_table.c, accounts_table.c
    mine = (
        select(accounts.department, accounts.region, accounts.category)
        .join(contracts_table, accounts.account_id == rows.account_id)
        .where(rows.contract_id == contract_id)
    )
    own = select(rows.department, rows.region, rows.category).where(
        rows.contract_id == contract_id, rows.account_id.is_(None)
    )
    await _require(connection, scope, mine.union_all(own), WRITERS)


async def _require(connection: AsyncConnection, scope: Scope, place: object, roles: Collection[Role]) -> None:
    row = (await connection.execute(place)).first()  # type: ignore[call-overload]
    if row is None:
        raise RecordNotFound
    if not scope.allows(role=roles, department=row[0], region=row[1], category=row[2]):
        raise RecordNotFound
