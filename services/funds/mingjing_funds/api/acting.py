"""Who may act: one check before each write, by the same scope that renders the lists."""

from __future__ import annotations

from uuid import UUID

from msgspec.structs import replace
from sqlalchemy import Executable, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.domain.account_refusals import NumberTaken
from mingjing_funds.projections.accounts import accounts_table
from mingjing_funds.projections.contracts import contracts_table
from mingjing_funds.projections.schema import READERS
from mingjing_kernel.identity import UNDIVIDED, Act, Dimensions, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.refusal import NotFound


class RecordNotFound(NotFound):
    """Nothing stands under this id, or the caller may not know of it."""


def because(written: Envelope, reason: str) -> Envelope:
    """The circumstances with the reason that the body gives; a reason in the headers is the caller's own and stays."""
    return written if written.reason else replace(written, reason=reason)


def require(scope: Scope, act: Act, *, region: str, department: str) -> None:
    """Raise ``OutsideScope`` unless the caller may do this for this department and region, which the request names."""
    scope.require(act, Dimensions(department, region, UNDIVIDED))


def require_row(scope: Scope, act: Act, *, region: str, department: str, category: str) -> None:
    """The same for a row that stands already: what the caller may not see, the refusal does not tell of."""
    here = Dimensions(department, region, category)
    scope.require(act, here, seen=scope.allows(role=READERS, **here._asdict()))


async def require_account(connection: AsyncConnection, scope: Scope, account_id: UUID, act: Act) -> Dimensions:
    """The same for an account. Raises ``RecordNotFound`` when it is not there or the caller may not even see it."""
    here = await account_seen(connection, scope, account_id, act)
    scope.require(act, here)
    return here


async def account_seen(
    connection: AsyncConnection, scope: Scope, account_id: UUID, act: Act | None = None
) -> Dimensions:
    """Where an account stands that the caller may see."""
    rows = accounts_table.c
    place = select(rows.department, rows.region, rows.category).where(rows.account_id == account_id)
    return await seen(connection, scope, place, act)


async def require_number(connection: AsyncConnection, account_id: UUID, number: str) -> None:
    """Raise ``NumberTaken`` when another account has this number, wherever that stands."""
    rows = accounts_table.c
    other = select(rows.account_id).where(rows.number == number, rows.account_id != account_id)
    if (await connection.execute(other)).first() is not None:
        raise NumberTaken(number=number)


async def require_contract(connection: AsyncConnection, scope: Scope, contract_id: UUID, act: Act) -> None:
    """The same for a contract."""
    scope.require(act, await contract_seen(connection, scope, contract_id, act))


async def contract_seen(
    connection: AsyncConnection, scope: Scope, contract_id: UUID, act: Act | None = None
) -> Dimensions:
    """Where a contract stands that the caller may see; its account's department and region stand before its own."""
    rows, accounts = contracts_table.c, accounts_table.c
    mine = (
        select(accounts.department, accounts.region, accounts.category)
        .join(contracts_table, accounts.account_id == rows.account_id)
        .where(rows.contract_id == contract_id)
    )
    own = select(rows.department, rows.region, rows.category).where(
        rows.contract_id == contract_id, rows.account_id.is_(None)
    )
    return await seen(connection, scope, mine.union_all(own), act)


async def seen(connection: AsyncConnection, scope: Scope, place: Executable, act: Act | None = None) -> Dimensions:
    """Where a thing stands that the caller may see, or do ``act`` to. Raises ``RecordNotFound``: what somebody may not
    see, no refusal tells of.
    """
    row = (await connection.execute(place)).first()
    if row is None:
        raise RecordNotFound
    here = Dimensions(row[0], row[1], row[2] if len(row) > 2 else UNDIVIDED)
    if not scope.allows(role=READERS, **here._asdict()) and (act is None or not scope.may(act, here)):
        raise RecordNotFound
    return here
