"""Bank entries (银行流水) by account: what the bank booked, in which column it counts and what explains it.

Keeps history; an entry is written once and seldom changes, so that costs little.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Date, DateTime, Select, Table, Text, Uuid, select

from mingjing_funds.domain import account as a
from mingjing_funds.domain.settlement import EntryMoved
from mingjing_funds.projections.accounts import ACCOUNTS_READ
from mingjing_funds.projections.schema import METADATA, held
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

entries_table = Table(
    "entries",
    METADATA,
    Column("account_id", Uuid, primary_key=True),
    Column("flow", Text, primary_key=True),
    Column("bank", Text, nullable=False),
    Column("booked_at", DateTime(timezone=True), nullable=False),
    Column("booked_on", Date, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("balance_fen", BigInteger, nullable=False),
    Column("summary", Text, nullable=False),
    Column("column", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("expected_fen", BigInteger, nullable=False),
    Column("reverses", Text, nullable=False),
    Column("reversed_by", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("tail", Text, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a flow; a reversal touches what it corrects too."""
    match fact.event:
        case a.EntryBooked() as event:
            yield (fact.id, event.flow)
            if event.reverses:
                yield (fact.id, event.reverses)
        case a.EntryExplained() | EntryMoved() as event:
            yield (fact.id, event.flow)
        case _:
            return


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The entry, explained or corrected."""
    match fact.event:
        case a.EntryBooked() as event if event.flow == key[1]:
            return {
                "account_id": key[0],
                "flow": event.flow,
                "bank": event.bank,
                "booked_at": event.booked_at,
                "booked_on": event.booked_on,
                "amount_fen": event.amount_fen,
                "balance_fen": event.balance_fen,
                "summary": event.summary,
                "column": event.column.value,
                "number": event.number,
                "expected_fen": event.expected_fen,
                "reverses": event.reverses,
                "reversed_by": "",
                "reference": event.reference,
                "tail": event.tail,
            }
        case a.EntryBooked() as event if row is not None:
            return {**row, "reversed_by": event.flow}
        case a.EntryExplained() as event if row is not None:
            found = {"column": event.column.value, "number": event.number, "expected_fen": event.expected_fen}
            return {**row, **found}
        case EntryMoved() if row is not None:
            return {**row, "column": a.Column.TRANSFER.value}
        case _:
            return row


ENTRIES = ReadModel(name="entries", table=entries_table, nouns=("account",), keys=keys, fold=fold, history=True)


def entries_in(scope: Scope, position: int | None = None) -> Select[Any]:
    """The entries of the accounts that a caller may see or holds, now or as they stood after a position of the log."""
    entries, accounts = ENTRIES.at(position), ACCOUNTS_READ.at(position)
    whose = (accounts.c.institution_name, accounts.c.number.label("account_number"))
    return (
        select(*(entries.c[name] for name in ENTRIES.columns), *whose)
        .join_from(entries, accounts, accounts.c.account_id == entries.c.account_id)
        .where(held(scope, accounts))
    )
