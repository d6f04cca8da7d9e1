"""Which rows of a file concern what their sender may not write for (越权数据).

The one rule: where a thing stands decides, not what the sender says about it; the same scope that renders the lists is
asked, and what is not there yet belongs to the place that the file was delivered for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar, TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, Select, Text, Uuid, any_, case, literal, not_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.domain.contract import RecordContract, SignContract
from mingjing_funds.domain.vendor_code import LearnCode
from mingjing_funds.intake.plan import Step
from mingjing_funds.projections.accounts import accounts_table
from mingjing_funds.projections.contracts import contracts_table
from mingjing_funds.projections.files import vendor_codes_table
from mingjing_funds.projections.schema import writable
from mingjing_kernel.identity import Scope
from mingjing_kernel.refusal import Refusal

May: TypeAlias = Callable[[Scope, FromClause], ColumnElement[bool]]
"""The condition on accounts under which somebody may write for them."""
Thing: TypeAlias = UUID | str
"""A stream, an account number or a vendor's code."""


class OutsideYourScope(Refusal):
    """The row concerns an account or a contract for which the sender may not write."""

    sentence = "The row concerns an account or a contract outside your scope."
    remedy = "Leave it to the department and region that the account belongs to, or ask for the grant."
    rule: ClassVar[str] = "scope of the grant (department, region, category)"
    field: ClassVar[str] = "region"
    status: ClassVar[int] = 403


async def within_reach(
    connection: AsyncConnection, scope: Scope, steps: Iterable[Step], may: May = writable
) -> tuple[list[Step], set[int]]:
    """The steps that may be carried out, and the rows that may not be; a row is used as a whole or not at all."""
    named = [(step, _named(step)) for step in steps]
    outside = await _outside(connection, scope, {thing for _, things in named for thing in things}, may)
    barred = {(step.row, identity(step)) for step, things in named if not outside.isdisjoint(things)}
    return [step for step, _ in named if (step.row, identity(step)) not in barred], {row for row, _ in barred}


def _named(step: Step) -> tuple[Thing, ...]:
    """What a step concerns: its stream, and what its command would tie to it."""
    match step.command:
        case (RecordContract() | SignContract()) as record if record.terms.account_id is not None:
            return (step.id, record.terms.account_id)
        case LearnCode() as learn:
            return (learn.account_number, learn.code)
        case _:
            return (step.id,)


def identity(step: Step) -> str:
    """What the steps of one row have in common; an XML message may have all its rows in one line."""
    return step.key.partition("/")[0]


async def _outside(connection: AsyncConnection, scope: Scope, things: set[Thing], may: May) -> set[Thing]:
    ids = sorted(thing for thing in things if isinstance(thing, UUID))
    words = sorted(thing for thing in things if isinstance(thing, str))
    found: set[Thing] = set()
    for wanted in (_accounts(scope, ids, may), _contracts(scope, ids, may)) if ids else ():
        found |= {UUID(int=one.int) for one in await connection.scalars(wanted)}
    for told in (_numbers(scope, words), _codes(scope, words)) if words else ():
        found |= set(await connection.scalars(told))
    return found


def _accounts(scope: Scope, ids: list[UUID], may: May) -> Select[Any]:
    rows = accounts_table.c
    return select(rows.account_id).where(
        rows.account_id == any_(literal(ids, ARRAY(Uuid))), not_(may(scope, accounts_table))
    )


def reaches(scope: Scope, may: May) -> ColumnElement[bool]:
    """The condition on contracts beside their accounts: the account's place stands before the contract's own; without
    an account only an official may write for it.
    """
    return case(
        (accounts_table.c.account_id.is_not(None), may(scope, accounts_table)), else_=writable(scope, contracts_table)
    )


def _contracts(scope: Scope, ids: list[UUID], may: May) -> Select[Any]:
    rows, accounts = contracts_table.c, accounts_table.c
    return (
        select(rows.contract_id)
        .outerjoin(accounts_table, accounts.account_id == rows.account_id)
        .where(rows.contract_id == any_(literal(ids, ARRAY(Uuid))), not_(reaches(scope, may)))
    )


def _numbers(scope: Scope, numbers: list[str]) -> Select[Any]:
    rows = accounts_table.c
    return select(rows.number).where(
        rows.number == any_(literal(numbers, ARRAY(Text))), rows.number != "", not_(writable(scope, accounts_table))
    )


def _codes(scope: Scope, codes: list[str]) -> Select[Any]:
    """A code that stands for somebody else's account is not told anew."""
    rows, accounts = vendor_codes_table.c, accounts_table.c
    return (
        select(rows.code)
        .join(accounts_table, (accounts.number == rows.account_number) & (accounts.number != ""))
        .where(rows.code == any_(literal(codes, ARRAY(Text))), not_(writable(scope, accounts_table)))
    )
