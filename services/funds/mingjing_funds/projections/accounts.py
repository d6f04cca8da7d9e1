"""Custody accounts (托管专户): whose they are, where they stand. Keeps history, so the list answers ``as_of``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Date, Select, Table, Text, Uuid, select

from mingjing_funds.domain import account as a
from mingjing_funds.projections.schema import METADATA, held, scope_columns
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

accounts_table = Table(
    "accounts",
    METADATA,
    Column("account_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("institution_id", Uuid, nullable=True, index=True),
    Column("institution_name", Text, nullable=False),
    Column("uscc", Text, nullable=False),
    Column("bank", Text, nullable=False),
    Column("account_name", Text, nullable=False),
    Column("number", Text, nullable=False, index=True),
    Column("number_written", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("minimum_fen", BigInteger, nullable=False),
    Column("opened_on", Date, nullable=True),
    Column("opening_fen", BigInteger, nullable=False),
    Column("opening_on", Date, nullable=True),
    Column("lift_proposed_because", Text, nullable=False),
)
"""``lift_proposed_because``: why a person is asked to lift the hold; empty where nobody is."""

_LIFE = (
    a.AccountApplied,
    a.AgreementSigned,
    a.AccountActivated,
    a.InstitutionLinked,
    a.ReleaseHoldApplied,
    a.ReleaseHoldLiftProposed,
    a.ReleaseHoldLiftProposalWithdrawn,
    a.ReleaseHoldLifted,
    a.ClosingRequested,
    a.AccountClosed,
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an account; bookings do not touch it."""
    if isinstance(fact.event, _LIFE):
        yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """Where the account stands after a fact of its life."""
    event = fact.event
    if isinstance(event, a.AccountApplied):
        return _applied(key, event)
    if row is None:
        return None
    if isinstance(event, a.HoldEvent):
        return row | _hold(event)
    match event:
        case a.AgreementSigned():
            return {**row, "minimum_fen": event.minimum_fen, "state": "agreed"}
        case a.AccountActivated():
            return {
                **row,
                "number": event.number,
                "number_written": event.number_written,
                "minimum_fen": event.minimum_fen,
                "opened_on": event.opened_on,
                "opening_fen": event.opening_fen,
                "opening_on": event.opening_on,
                "state": "active",
            }
        case a.InstitutionLinked():
            return {**row, **_holder(event.holder)}
        case a.ClosingRequested():
            return {**row, "state": "closing"}
        case a.AccountClosed():
            return {**row, "state": "closed"}
        case _:
            return row


def _hold(event: a.HoldEvent) -> Row:
    match event:
        case a.ReleaseHoldApplied():
            return {"state": "release-hold"}
        case a.ReleaseHoldLiftProposed(reason=reason):
            return {"lift_proposed_because": reason}
        case a.ReleaseHoldLiftProposalWithdrawn():
            return {"lift_proposed_because": ""}
        case a.ReleaseHoldLifted():
            return {"state": "active", "lift_proposed_because": ""}
        case _:
            return {}


def _applied(key: Key, event: a.AccountApplied) -> Row:
    return {
        "account_id": key[0],
        **_holder(event.holder),
        "number": "",
        "number_written": "",
        "state": "applied",
        "minimum_fen": 0,
        "opened_on": None,
        "opening_fen": 0,
        "opening_on": None,
        "lift_proposed_because": "",
    }


def _holder(holder: a.Holder) -> Row:
    return {
        "department": holder.department,
        "region": holder.region,
        "category": holder.category,
        "institution_id": holder.institution_id,
        "institution_name": holder.institution_name,
        "uscc": holder.uscc,
        "bank": holder.bank,
        "account_name": holder.account_name,
    }


ACCOUNTS_READ = ReadModel(name="accounts", table=accounts_table, nouns=("account",), keys=keys, fold=fold, history=True)


def accounts_in(scope: Scope, position: int | None = None) -> Select[Any]:
    """The accounts that a caller may see or holds, now or as they stood after a position of the log."""
    rows = ACCOUNTS_READ.at(position)
    return select(*(rows.c[name] for name in ACCOUNTS_READ.columns)).where(held(scope, rows))


def active_of(institution_id: UUID) -> Select[Any]:
    """The accounts of one institution that are active: for what follows from a message about it."""
    return _of(institution_id, "active")


def open_of(institution_id: UUID) -> Select[Any]:
    """Those too of which releases are stopped."""
    return _of(institution_id, "active", "release-hold")


OPEN = ("active", "release-hold", "closing")


def kept_for(institutions: Iterable[UUID]) -> Select[Any]:
    """The open accounts of these institutions, by the day on which they were opened: for their custodians."""
    return _open().where(accounts_table.c.institution_id.in_(sorted(set(institutions))))


def particulars_of(accounts: Iterable[UUID]) -> Select[Any]:
    """The same of accounts whose institution becomes known."""
    return _open().where(accounts_table.c.account_id.in_(sorted(set(accounts))))


def _open() -> Select[Any]:
    rows = accounts_table.c
    wanted = select(rows.account_id, rows.institution_id, rows.bank, rows.opened_on).where(rows.state.in_(OPEN))
    return wanted.order_by(rows.opened_on, rows.account_id)


def _of(institution_id: UUID, *states: str) -> Select[Any]:
    rows = accounts_table.c
    return select(rows.account_id).where(rows.institution_id == institution_id, rows.state.in_(states))
