"""Judicial freezes (司法冻结): which orders lie on which account, and until when. Keeps history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, Column, Date, Select, Table, Text, Uuid, select

from mingjing_funds.domain import freeze as f
from mingjing_funds.projections.accounts import ACCOUNTS_READ
from mingjing_funds.projections.schema import METADATA, held
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

freezes_table = Table(
    "freezes",
    METADATA,
    Column("account_id", Uuid, primary_key=True),
    Column("order_no", Text, primary_key=True),
    Column("authority", Text, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("amount_fen", BigInteger, nullable=True),
    Column("frozen_on", Date, nullable=False),
    Column("until", Date, nullable=True),
    Column("document_no", Text, nullable=False),
    Column("unfrozen_on", Date, nullable=True),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an order on an account."""
    if isinstance(fact.event, f.AccountFrozen | f.AccountUnfrozen):
        yield (fact.id, fact.event.order_no)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The order, and its end."""
    match fact.event:
        case f.AccountFrozen() as event:
            return {
                "account_id": key[0],
                "order_no": event.order_no,
                "authority": event.authority,
                "legal_basis": event.legal_basis,
                "amount_fen": event.amount_fen,
                "frozen_on": event.frozen_on,
                "until": event.until,
                "document_no": "",
                "unfrozen_on": None,
            }
        case f.AccountUnfrozen() as event if row is not None:
            return {**row, "document_no": event.document_no, "unfrozen_on": event.unfrozen_on}
        case _:
            return row


FREEZES = ReadModel(name="freezes", table=freezes_table, nouns=("account",), keys=keys, fold=fold, history=True)


def freezes_in(scope: Scope, position: int | None = None) -> Select[Any]:
    """The orders on the accounts that a caller may see or holds, now or as they stood."""
    rows, accounts = FREEZES.at(position), ACCOUNTS_READ.at(position)
    whose = (accounts.c.institution_name, accounts.c.number.label("account_number"))
    return (
        select(*(rows.c[name] for name in FREEZES.columns), *whose)
        .join_from(rows, accounts, accounts.c.account_id == rows.c.account_id)
        .where(held(scope, accounts))
    )
