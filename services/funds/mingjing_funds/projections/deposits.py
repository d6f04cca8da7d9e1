"""Risk deposits (风险保证金): whose, how much is there and must be, and every movement. Both keep history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Date, Select, Table, Text, Uuid, select

from mingjing_funds.domain import deposit as d
from mingjing_funds.projections.schema import METADATA, held, scope_columns
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

deposits_table = Table(
    "deposits",
    METADATA,
    Column("deposit_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("institution_id", Uuid, nullable=True, index=True),
    Column("institution_name", Text, nullable=False),
    Column("bank", Text, nullable=False),
    Column("account_name", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("agreement_no", Text, nullable=False),
    Column("filed_on", Date, nullable=False),
    Column("balance_fen", BigInteger, nullable=False),
    Column("required_fen", BigInteger, nullable=False),
    Column("assessed_on", Date, nullable=True),
    Column("policy_version", Text, nullable=False),
    Column("released_on", Date, nullable=True),
)
movements_table = Table(
    "deposit_movements",
    METADATA,
    Column("deposit_id", Uuid, primary_key=True),
    Column("flow", Text, primary_key=True),
    Column("amount_fen", BigInteger, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("moved_on", Date, nullable=False),
    Column("balance_fen", BigInteger, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a deposit."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The deposit after a fact."""
    event = fact.event
    if isinstance(event, d.DepositFiled):
        return _filed(key, event)
    if row is None:
        return None
    match event:
        case d.DepositMoved():
            return {**row, "balance_fen": event.balance_fen}
        case d.DepositAssessed():
            assessed = {"assessed_on": event.assessed_on, "policy_version": event.policy_version}
            return {**row, "required_fen": event.required_fen, **assessed}
        case d.DepositReleased():
            return {**row, "required_fen": 0, "released_on": event.released_on}
        case _:
            return row


def _filed(key: Key, event: d.DepositFiled) -> Row:
    holder = event.holder
    return {
        "deposit_id": key[0],
        "department": holder.department,
        "region": holder.region,
        "category": holder.category,
        "institution_id": holder.institution_id,
        "institution_name": holder.institution_name,
        "bank": holder.bank,
        "account_name": holder.account_name,
        "number": event.number,
        "agreement_no": event.agreement_no,
        "filed_on": event.filed_on,
        "balance_fen": 0,
        "required_fen": 0,
        "assessed_on": None,
        "policy_version": "",
        "released_on": None,
    }


def movement_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a movement."""
    if isinstance(fact.event, d.DepositMoved):
        yield (fact.id, fact.event.flow)


def fold_movement(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """A movement, which stands as it was first recorded."""
    event = fact.event
    if not isinstance(event, d.DepositMoved):
        return row
    return {
        "deposit_id": key[0],
        "flow": event.flow,
        "amount_fen": event.amount_fen,
        "purpose": event.purpose.value,
        "reason": event.reason,
        "moved_on": event.moved_on,
        "balance_fen": event.balance_fen,
    }


DEPOSITS_READ = ReadModel(name="deposits", table=deposits_table, nouns=("deposit",), keys=keys, fold=fold, history=True)
DEPOSIT_MOVEMENTS = ReadModel(
    name="deposit_movements",
    table=movements_table,
    nouns=("deposit",),
    keys=movement_keys,
    fold=fold_movement,
    history=True,
)


def deposits_in(scope: Scope, position: int | None = None) -> Select[Any]:
    """The deposits that a caller may see or holds, now or as they stood."""
    rows = DEPOSITS_READ.at(position)
    return select(*(rows.c[name] for name in DEPOSITS_READ.columns)).where(held(scope, rows))


def movements_in(scope: Scope, position: int | None = None) -> Select[Any]:
    """The movements of those deposits."""
    rows, deposits = DEPOSIT_MOVEMENTS.at(position), DEPOSITS_READ.at(position)
    whose = (deposits.c.institution_name, deposits.c.number.label("account_number"))
    return (
        select(*(rows.c[name] for name in DEPOSIT_MOVEMENTS.columns), *whose)
        .join_from(rows, deposits, deposits.c.deposit_id == rows.c.deposit_id)
        .where(held(scope, deposits))
    )
