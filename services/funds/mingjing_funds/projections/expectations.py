"""What the bank was to book (应收应付): payments announced, releases instructed, refunds agreed; and when it did.

Keeps history.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, Date, Select, Table, Text, Uuid, or_, select

from mingjing_funds.domain import account as a
from mingjing_funds.domain.carrying import ContractsCame, ContractsLeft
from mingjing_funds.projections.accounts import ACCOUNTS_READ
from mingjing_funds.projections.entries import ENTRIES
from mingjing_funds.projections.schema import METADATA, visible
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

expectations_table = Table(
    "expectations",
    METADATA,
    Column("account_id", Uuid, primary_key=True),
    Column("number", Text, primary_key=True),
    Column("direction", Text, nullable=False, index=True),
    Column("amount_fen", BigInteger, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("met_on", Date, nullable=True),
    Column("met_fen", BigInteger, nullable=False),
    Column("flow", Text, nullable=False),
    Column("withdrawn_on", Date, nullable=True),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a number on an account."""
    match fact.event:
        case a.MoneyExpected() | a.EntryInferred() | a.InferenceWithdrawn() | a.EntryExplained():
            yield (fact.id, fact.event.number)
        case a.ExpectationWithdrawn():
            yield (fact.id, fact.event.number)
        case a.EntryBooked(number=str() as number) if number:
            yield (fact.id, number)
        case ContractsLeft() | ContractsCame():
            yield from ((fact.id, one.number) for one in fact.event.payments)
        case _:
            return


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """Awaited until it is met; awaited again when the entry is reversed."""
    event = fact.event
    if isinstance(event, a.MoneyExpected):
        return _awaited(key, event.direction, event.amount_fen, event.due_on)
    if isinstance(event, ContractsCame):
        came = next(one for one in event.payments if one.number == key[1])
        return _awaited(key, a.Direction.PAYMENT, came.amount_fen, came.due_on)
    if row is None:
        return None
    match event:
        case a.EntryBooked() if event.reverses:
            return {**row, "met_on": None, "met_fen": 0, "flow": ""}
        case a.EntryBooked() | a.EntryExplained() | a.EntryInferred():
            return {**row, "met_on": event.booked_on, "met_fen": abs(event.amount_fen), "flow": event.flow}
        case a.ExpectationWithdrawn():
            return {**row, "withdrawn_on": event.withdrawn_on}
        case ContractsLeft():
            return {**row, "withdrawn_on": event.moved_on}
        case a.InferenceWithdrawn():
            return {**row, "met_on": None, "met_fen": 0, "flow": ""}
        case _:
            return row


def _awaited(key: Key, direction: a.Direction, amount_fen: int, due_on: date) -> Row:
    return {
        "account_id": key[0],
        "number": key[1],
        "direction": direction.value,
        "amount_fen": amount_fen,
        "due_on": due_on,
        "met_on": None,
        "met_fen": 0,
        "flow": "",
        "withdrawn_on": None,
    }


EXPECTATIONS = ReadModel(
    name="expectations", table=expectations_table, nouns=("account",), keys=keys, fold=fold, history=True
)


def expectations_in(scope: Scope, direction: a.Direction, position: int | None = None) -> Select[Any]:
    """Payments, releases or refunds on the accounts that a caller may see, now or as they stood."""
    rows, accounts = EXPECTATIONS.at(position), ACCOUNTS_READ.at(position)
    whose = (accounts.c.institution_name, accounts.c.number.label("account_number"))
    return (
        select(*(rows.c[name] for name in EXPECTATIONS.columns), *whose)
        .join_from(rows, accounts, accounts.c.account_id == rows.c.account_id)
        .where(rows.c.direction == direction.value, visible(scope, accounts))
    )


def with_reversed_payments() -> Select[Any]:
    """Accounts with a payment that the bank has reversed and not credited again in full. Only the service's own duties
    ask.
    """
    rows, entries = EXPECTATIONS.at(None), ENTRIES.at(None)
    reversal = (
        select(entries.c.flow)
        .where(
            entries.c.account_id == rows.c.account_id,
            entries.c.number == rows.c.number,
            entries.c.reverses != "",
        )
        .exists()
    )
    is_payment = rows.c.direction == a.Direction.PAYMENT.value
    is_short = or_(rows.c.met_on.is_(None), rows.c.met_fen < rows.c.amount_fen)
    return select(rows.c.account_id).where(is_payment, is_short, reversal).distinct()
