"""Refund requests (退费申请): where each stands, which clock it runs on, and how it ended. Keeps history."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, get_args
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Column, Date, Select, Table, Text, Uuid, func, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.domain import contract as c
from mingjing_funds.domain import refund as r
from mingjing_funds.domain.account import Direction
from mingjing_funds.projections.contracts import contracts_in, contracts_table
from mingjing_funds.projections.entries import entries_table
from mingjing_funds.projections.expectations import expectations_table
from mingjing_funds.projections.freezes import freezes_table
from mingjing_funds.projections.schema import METADATA
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

CARRIED_OUT_MAX = 1_000
"""Refunds of one look; the next takes the rest."""
BY_THE_BANKS_LINE = "system:refunds-paid"
"""Who notes a refund as paid because the bank has booked it, and for no other reason."""
refund_requests_table = Table(
    "refund_requests",
    METADATA,
    Column("contract_id", Uuid, primary_key=True),
    Column("refund_no", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("standing", Text, nullable=False),
    Column("asked_fen", BigInteger, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("owed_fen", BigInteger, nullable=False),
    Column("asked_on", Date, nullable=False),
    Column("pay_by", Date, nullable=True),
    Column("is_overdue", Boolean, nullable=False),
    Column("stayed_on", Date, nullable=True),
    Column("reference", Text, nullable=False),
    Column("instruction_no", Text, nullable=False),
    Column("told_id", Uuid, nullable=True),
    Column("paid_on", Date, nullable=True),
    Column("paid_by", Text, nullable=False),
    Column("noted_at", BigInteger, nullable=False),
    Column("end", Text, nullable=False),
)
"""``kind`` is ``reported`` for one that was asked for elsewhere; ``owed_fen``: what the contract owed, where a
department granted a share of it; ``reference``: of the mediator's file, or of the department's list.

``told_id``: the account that was told to pay, which another one may have followed since. ``paid_by``: the instruction
that stood when it was noted as paid, none where it had failed; ``noted_at``: where in the log a person noted it.
"""
_STEPS = frozenset({c.RefundRequested, c.RefundAnswered, c.RefundPaid, *get_args(r.Answered), *get_args(r.PaymentStep)})


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a contract and refund number."""
    if type(fact.event) in _STEPS:
        yield (fact.id, fact.event.refund_no)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The refund after a step."""
    event = fact.event
    if isinstance(event, c.RefundRequested):
        asked = {"asked_fen": event.amount_fen, "amount_fen": event.amount_fen, "owed_fen": 0}
        return _new(key, asked, kind="reported", standing="requested", asked_on=shanghai_date(event.requested_at))
    if isinstance(event, r.RefundGranted):
        granted = {"asked_fen": event.amount_fen, "amount_fen": event.amount_fen, "owed_fen": event.owed_fen}
        new = _new(key, granted, kind="granted", standing="agreed", asked_on=event.granted_on)
        return {**new, "reference": str(event.list_id)}
    if row is None:
        return None
    if isinstance(event, c.RefundPaid):
        return {**row, **_noted(row, fact)}
    return {**row, **_answered(event), **_paid(row, event)}


def _noted(row: Row, fact: Recorded[c.RefundPaid]) -> Row:
    """What the bank has taken back before a person noted it, she knew: only the bank's own line is asked about."""
    paid_by = row["instruction_no"] if row["standing"] == r.RefundStanding.INSTRUCTED.value else ""
    noted_at = 0 if fact.meta.actor == BY_THE_BANKS_LINE else fact.position
    return {"standing": "paid", "paid_on": fact.event.paid_on, "paid_by": paid_by, "noted_at": noted_at}


def _answered(event: Any) -> Row:
    match event:
        case c.RefundAnswered():
            return {"standing": event.answer, "amount_fen": event.amount_fen}
        case r.RefundPutForReview():
            return {"standing": "institution-review", "kind": event.review.kind.value}
        case r.CoolingOffObjected():
            return {"standing": "refused"}
        case r.RefundTakenToMediation():
            return {"standing": "mediation", "reference": event.reference}
        case r.MediationEnded() if event.amount_fen:
            return {"standing": "agreed", "amount_fen": event.amount_fen}
        case r.RefundClosed():
            return {"standing": "closed", "end": event.end.value}
        case _:
            return {}


def _paid(row: Row, event: Any) -> Row:
    match event:
        case r.RefundPayable():
            return {"pay_by": event.pay_by}
        case r.RefundInstructed():
            told = event.account_id
            return {"standing": "instructed", "instruction_no": event.instruction_no, "told_id": told}
        case r.RefundFailed():
            return {"standing": "failed"}
        case r.RefundReturned():
            return {"standing": "failed", "paid_on": None, "paid_by": "", "is_overdue": False, "end": ""}
        case r.RefundOverdue():
            return {"is_overdue": True}
        case r.RefundStayed():
            return {"stayed_on": event.stayed_on}
        case r.RefundResumed():
            waited = event.resumed_on - (row["stayed_on"] or event.resumed_on)
            return {"stayed_on": None, "pay_by": row["pay_by"] and row["pay_by"] + waited}
        case _:
            return {}


def _new(key: Key, amounts: Row, **values: Any) -> Row:
    nothing: Row = {"pay_by": None, "is_overdue": False, "stayed_on": None, "paid_on": None}
    nothing |= {"told_id": None, "noted_at": 0}
    words = {"reference": "", "instruction_no": "", "paid_by": "", "end": ""}
    return {"contract_id": key[0], "refund_no": key[1], **nothing, **words, **amounts, **values}


REFUND_REQUESTS = ReadModel(
    name="refund_requests", table=refund_requests_table, nouns=("contract",), keys=keys, fold=fold, history=True
)


async def frozen_accounts(connection: AsyncConnection) -> list[UUID]:
    """Accounts on which an order lies, and those of which a refund stands still. Only the service's own clock asks."""
    rows, asked = contracts_table.c, refund_requests_table.c
    stayed = (
        select(rows.account_id)
        .join_from(refund_requests_table, contracts_table, rows.contract_id == asked.contract_id)
        .where(asked.stayed_on.is_not(None), rows.account_id.is_not(None))
    )
    frozen = select(freezes_table.c.account_id).where(freezes_table.c.unfrozen_on.is_(None))
    return sorted(UUID(int=id.int) for id in await connection.scalars(frozen.union(stayed)))


async def contracts_with_payable(connection: AsyncConnection, account_id: UUID) -> list[UUID]:
    """Contracts of an account with a refund that is agreed and not paid. Only the service's own clock asks."""
    rows, asked = contracts_table.c, refund_requests_table.c
    wanted = (
        select(asked.contract_id)
        .join_from(refund_requests_table, contracts_table, rows.contract_id == asked.contract_id)
        .where(rows.account_id == account_id, asked.pay_by.is_not(None))
        .where(asked.standing.in_([standing.value for standing in r.PROMISED]))
        .distinct()
    )
    return sorted(UUID(int=id.int) for id in await connection.scalars(wanted))


@dataclass(frozen=True, slots=True)
class CarriedOut:
    """A refund whose instruction the bank has booked, and is not noted as paid."""

    contract_id: UUID
    refund_no: str
    amount_fen: int
    flow: str
    paid_on: date


async def carried_out(connection: AsyncConnection, but: Collection[tuple[UUID, str]] = ()) -> list[CarriedOut]:
    """Refunds that stand as instructed while the bank's own line pays exactly that, ``but`` for these. Only the
    service's clock asks.
    """
    asked, met = refund_requests_table.c, expectations_table.c
    wanted = (
        select(asked.contract_id, asked.refund_no, asked.amount_fen, met.flow, met.met_on)
        .join_from(
            refund_requests_table,
            expectations_table,
            (met.account_id == asked.told_id) & (met.number == asked.instruction_no),
        )
        .where(asked.standing == r.RefundStanding.INSTRUCTED.value, met.direction == Direction.REFUND.value)
        .where(met.met_on.is_not(None), met.flow != "", met.met_fen == asked.amount_fen)
        .where(tuple_(asked.contract_id, asked.refund_no).not_in(sorted(but)) if but else true())
        .order_by(met.met_on, asked.contract_id, asked.refund_no)
        .limit(CARRIED_OUT_MAX)
    )
    return [
        CarriedOut(UUID(int=id.int), number, amount, flow, paid_on)
        for id, number, amount, flow, paid_on in await connection.execute(wanted)
    ]


@dataclass(frozen=True, slots=True)
class CameBack:
    """A refund that counts as paid while the bank has taken its line back; ``account_id``: where it had booked it."""

    contract_id: UUID
    account_id: UUID
    refund_no: str
    instruction_no: str
    returned_on: date


async def came_back(connection: AsyncConnection) -> list[CameBack]:
    """Refunds whose debit the bank has reversed and not booked again, at whichever bank that was. Only the service's
    clock asks. What had failed, or come back already when somebody noted it, was paid in another way.
    """
    asked, met, lines = refund_requests_table.c, expectations_table.c, entries_table.c
    paid = (asked.standing == r.RefundStanding.PAID.value) | (asked.end == r.RefundEnd.PAID.value)
    reversal = (lines.account_id == met.account_id) & (lines.number == met.number) & (lines.reverses != "")
    is_news = lines.from_position > asked.noted_at
    wanted = (
        select(asked.contract_id, met.account_id, asked.refund_no, met.number, func.max(lines.booked_on))
        .join_from(
            refund_requests_table,
            expectations_table,
            (met.account_id == asked.told_id) & (met.number == asked.paid_by),
        )
        .join(entries_table, reversal & is_news)
        .where(paid, asked.paid_by != "", met.direction == Direction.REFUND.value, met.met_on.is_(None))
        .group_by(asked.contract_id, met.account_id, asked.refund_no, met.number)
        .order_by(asked.contract_id, asked.refund_no)
        .limit(CARRIED_OUT_MAX)
    )
    return [
        CameBack(UUID(int=id.int), UUID(int=account.int), refund_no, number, day)
        for id, account, refund_no, number, day in await connection.execute(wanted)
    ]


def refund_requests_in(scope: Scope, position: int | None = None) -> Select[Any]:
    """Refunds of contracts that a caller may see, now or as they stood."""
    rows, mine = REFUND_REQUESTS.at(position), contracts_in(scope, position).subquery("mine")
    return select(
        *(rows.c[name] for name in REFUND_REQUESTS.columns),
        mine.c.contract_no,
        mine.c.account_id,
        mine.c.institution_name,
    ).join_from(rows, mine, mine.c.contract_id == rows.c.contract_id)
