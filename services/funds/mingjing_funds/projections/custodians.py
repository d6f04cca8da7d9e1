"""Custodians (托管关系): the account of each licence, and how far a change of bank is. Keeps history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, ColumnElement, Date, Select, Table, Text, Uuid, and_, or_, select

from mingjing_funds.domain import custodian as m
from mingjing_funds.domain.rebooking import TransferRebooked
from mingjing_funds.projections.accounts import ACCOUNTS_READ, OPEN, accounts_table
from mingjing_funds.projections.schema import METADATA, held
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

custodians_table = Table(
    "custodians",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    Column("account_id", Uuid, nullable=False, index=True),
    Column("bank", Text, nullable=False),
    Column("step", Text, nullable=False),
    Column("taken_on", Date, nullable=False),
    Column("ended_on", Date, nullable=True),
    Column("old_id", Uuid, nullable=True),
    Column("reason", Text, nullable=False),
    Column("unconsumed_fen", BigInteger, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("flow_out", Text, nullable=False),
    Column("flow_in", Text, nullable=False),
    Column("begun_on", Date, nullable=True),
    Column("transferred_on", Date, nullable=True),
    Column("reconciled_on", Date, nullable=True),
)
"""``old_id`` and what follows: the change that is under way, or the last one."""
SETTLED = ("sole", "ended")
"""The steps at which no bank is being changed."""
_NO_CHANGE: Row = {
    "old_id": None,
    "reason": "",
    "unconsumed_fen": 0,
    "amount_fen": 0,
    "flow_out": "",
    "flow_in": "",
    "begun_on": None,
    "transferred_on": None,
    "reconciled_on": None,
}


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an institution."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """Where custody of the licence stands after a fact."""
    event: m.Event = fact.event
    if isinstance(event, m.CustodyTaken):
        stands = {"institution_id": key[0], "account_id": event.account_id, "bank": event.bank, "step": "sole"}
        return {**stands, "taken_on": event.on, "ended_on": None, **_NO_CHANGE}
    if isinstance(event, m.BalanceTransferred) and row is not None:  # what comes late goes over by itself
        return row | _moved(event) | {"amount_fen": (row["amount_fen"] or 0) + event.amount_fen, "reconciled_on": None}
    if isinstance(event, TransferRebooked) and row is not None:
        side = "flow_out" if event.account_id == event.old_id else "flow_in"
        flow = event.flow if row[side] == event.instead_of else row[side]  # shown are the bookings of the last transfer
        return row | {"step": "transferred", "reconciled_on": None, side: flow}
    return row | _moved(event) if row is not None else None


def _moved(event: m.Event) -> Row:
    match event:
        case m.BankChangeBegun():
            now = {"account_id": event.new_id, "bank": event.bank, "step": "new-account-active", "taken_on": event.on}
            said = {"reason": event.reason, "unconsumed_fen": event.unconsumed_fen, "begun_on": event.on}
            return {**_NO_CHANGE, **now, **said, "old_id": event.old_id}
        case m.BankChangeAbandoned():
            return {**_NO_CHANGE, "account_id": event.old_id, "bank": event.bank, "step": "sole"}
        case m.BalanceTransferred():
            flows = {"flow_out": event.flow_out, "flow_in": event.flow_in}
            return {"step": "transferred", "amount_fen": event.amount_fen, "transferred_on": event.on, **flows}
        case m.BankChangeReconciled():
            return {"step": "reconciled", "amount_fen": event.amount_fen, "reconciled_on": event.on}
        case m.CustodyEnded(successor=None):
            return {"step": "ended", "ended_on": event.on}
        case m.CustodyEnded():
            return {"step": "sole"}
        case _:
            return {}


CUSTODIANS_READ = ReadModel(
    name="custodians", table=custodians_table, nouns=("custodian",), keys=keys, fold=fold, history=True
)


def custodians_in(scope: Scope, position: int | None = None) -> Select[Any]:
    """Custody of the licences whose account a caller may see or holds, now or as it stood."""
    rows, accounts = CUSTODIANS_READ.at(position), ACCOUNTS_READ.at(position)
    whose = (accounts.c.institution_name, accounts.c.number.label("account_number"))
    return (
        select(*(rows.c[name] for name in CUSTODIANS_READ.columns), *whose)
        .join_from(rows, accounts, accounts.c.account_id == rows.c.account_id)
        .where(held(scope, accounts))
    )


def emptied(accounts: Iterable[UUID]) -> Select[Any]:
    """Those of these accounts that a change of bank empties, and the number into which families pay instead. The caller
    may act on them.
    """
    rows, new = custodians_table.c, accounts_table.c
    return (
        select(rows.old_id, new.number)
        .join_from(custodians_table, accounts_table, new.account_id == rows.account_id)
        .where(rows.old_id.in_(sorted(set(accounts))), rows.step.not_in(SETTLED))
    )


def beside_custody(accounts: Any, position: int | None = None) -> ColumnElement[bool]:
    """The open accounts, of these columns, that stand beside another one of their institution and are not the licence's
    own: of them a person decides.
    """
    custodians, others = CUSTODIANS_READ.at(position).c, ACCOUNTS_READ.at(position).alias("others").c
    another = select(others.account_id).where(
        others.institution_id == accounts.institution_id,
        others.account_id != accounts.account_id,
        others.state.in_(OPEN),
    )
    its_own = select(custodians.institution_id).where(
        custodians.institution_id == accounts.institution_id,
        or_(custodians.account_id == accounts.account_id, custodians.old_id == accounts.account_id),
    )
    return and_(accounts.state.in_(OPEN), another.exists(), ~its_own.exists())
