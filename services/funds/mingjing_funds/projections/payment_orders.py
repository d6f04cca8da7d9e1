"""Payment orders (付款指令) from the order to the bank's answer: what waits, what is out, what became of it.

Keeps history.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Column, Date, DateTime, Select, Table, Text, Uuid, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.acts_bank import SEND_BATCH
from mingjing_funds.domain import account as a
from mingjing_funds.domain import payment_batch as p
from mingjing_funds.domain.account_terms import Direction
from mingjing_funds.domain.recall import Recall, RecallAnswered, RecallAsked
from mingjing_funds.domain.settlement import PaymentOrdered, SettlementAccountNamed
from mingjing_funds.projections.accounts import ACCOUNTS_READ
from mingjing_funds.projections.schema import METADATA, doable, held
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

WAITING = "ordered"
RETURNED = "returned"
"""The bank took its own line back (冲正、退票): what was carried out is not."""
ORDERS_MAX = 20_000
"""Orders that one collecting looks at; the others wait for the next."""

orders_table = Table(
    "payment_orders",
    METADATA,
    Column("account_id", Uuid, primary_key=True),
    Column("number", Text, primary_key=True),
    Column("direction", Text, nullable=False),
    Column("amount_fen", BigInteger, nullable=False),
    Column("returns", Text, nullable=False),
    Column("ordered_at", DateTime(timezone=True), nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("batch_id", Uuid, nullable=True, index=True),
    Column("execute_on", Date, nullable=True),
    Column("flow", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("against_stop", Boolean, nullable=False),
    Column("recall", Text, nullable=False),
)

settlements_table = Table(
    "settlement_accounts",
    METADATA,
    Column("account_id", Uuid, primary_key=True),
    Column("payee_name", Text, nullable=False),
    Column("payee_account", Text, nullable=False),
    Column("document_no", Text, nullable=False),
    Column("named_on", Date, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an order; a batch touches all of its own."""
    match fact.event:
        case PaymentOrdered() | a.ExpectationWithdrawn() | a.EntryExplained() | a.EntryInferred() as event:
            yield (fact.id, event.number)
        case a.EntryBooked(number=str() as number) if number:
            yield (fact.id, number)
        case p.BatchSent() as event:
            for item in event.items:
                yield (item.account_id, item.number)
        case (
            p.InstructionAccepted()
            | p.InstructionRefused()
            | p.InstructionStopped()
            | p.InstructionExecuted()
            | RecallAsked()
            | RecallAnswered()
        ) as event:
            yield (event.account_id, event.number)
        case _:
            return


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The order through its life."""
    event = fact.event
    if isinstance(event, PaymentOrdered):
        return _ordered(key, event)
    return None if row is None else {**_stepped(row, fact), **_recalled(event)}


def _recalled(event: Any) -> Row:
    match event:
        case RecallAsked():
            return {"recall": Recall.ASKED.value}
        case RecallAnswered():
            return {"recall": event.outcome.value}
        case _:
            return {}


def _stepped(row: Row, fact: Recorded[Any]) -> Row:
    event = fact.event
    match event:
        case p.BatchSent():
            return {**row, "state": p.Standing.SENT.value, "batch_id": fact.id, "execute_on": event.execute_on}
        case p.InstructionAccepted():
            return {**row, "state": p.Standing.ACCEPTED.value}
        case p.InstructionRefused():
            said = f"{event.reason_code} {event.reason}".strip()
            return {**row, "state": p.Standing.REFUSED.value, "reason": said}
        case p.InstructionStopped():
            return {**row, "state": p.Standing.STOPPED.value, "reason": event.ground.value}
        case a.ExpectationWithdrawn() if row["state"] in (WAITING, p.Standing.STOPPED.value):
            return {**row, "state": "withdrawn", "reason": event.reason}
        case a.EntryBooked(reverses=str() as flow) if flow:
            return {**row, "state": RETURNED} if row["flow"] == flow else row
        case a.EntryBooked() | a.EntryExplained() | a.EntryInferred():
            return _booked(row, event.flow)
        case p.InstructionExecuted():
            return {**row, **_as_reported(row, event.flow), "against_stop": event.against_stop}
        case _:
            return row


def _booked(row: Row, flow: str) -> Row:
    """The bank's own line says more than any report: what waited must not go out, what is out is carried out. Its
    reversal names this line, whatever reference a report gave.
    """
    open_or_out = (WAITING, p.Standing.SENT.value, p.Standing.ACCEPTED.value, p.Standing.EXECUTED.value, RETURNED)
    return {**row, "state": p.Standing.EXECUTED.value, "flow": flow} if row["state"] in open_or_out else row


def _as_reported(row: Row, flow: str) -> Row:
    """A report that comes after the line, or after its reversal, tells nothing new of the money."""
    is_known = row["state"] in (p.Standing.EXECUTED.value, RETURNED)
    return {} if is_known else {"state": p.Standing.EXECUTED.value, "flow": flow}


def _ordered(key: Key, event: PaymentOrdered) -> Row:
    return {
        "account_id": key[0],
        "number": event.number,
        "direction": event.direction.value,
        "amount_fen": event.amount_fen,
        "returns": event.returns,
        "ordered_at": event.ordered_at,
        "state": WAITING,
        "batch_id": None,
        "execute_on": None,
        "flow": "",
        "reason": "",
        "against_stop": False,
        "recall": Recall.NONE.value,
    }


def settlement_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an account."""
    if isinstance(fact.event, SettlementAccountNamed):
        yield (fact.id,)


def fold_settlement(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """As named last."""
    match fact.event:
        case SettlementAccountNamed() as event:
            return {
                "account_id": key[0],
                "payee_name": event.payee_name,
                "payee_account": event.payee_account,
                "document_no": event.document_no,
                "named_on": event.named_on,
            }
        case _:
            return row


PAYMENT_ORDERS = ReadModel(
    name="payment_orders",
    table=orders_table,
    nouns=("account", "payment-batch"),
    keys=keys,
    fold=fold,
    history=True,
)
SETTLEMENT_ACCOUNTS = ReadModel(
    name="settlement_accounts",
    table=settlements_table,
    nouns=("account",),
    keys=settlement_keys,
    fold=fold_settlement,
    history=True,
)


def orders_in(scope: Scope, position: int | None = None) -> Select[Any]:
    """The orders on the accounts that a caller may see or holds, now or as they stood."""
    rows, accounts = PAYMENT_ORDERS.at(position), ACCOUNTS_READ.at(position)
    whose = (accounts.c.institution_name, accounts.c.number.label("account_number"), accounts.c.bank)
    return (
        select(*(rows.c[name] for name in PAYMENT_ORDERS.columns), *whose)
        .join_from(rows, accounts, accounts.c.account_id == rows.c.account_id)
        .where(held(scope, accounts))
    )


async def waiting_at(connection: AsyncConnection, scope: Scope, bank: str) -> list[p.Item]:
    """What was ordered and has not gone out, at one bank, the oldest first, as far as the caller may send it."""
    table = ACCOUNTS_READ.at(None)
    rows, accounts, payees = orders_table.c, table.c, settlements_table.c
    wanted = (
        select(
            *orders_table.c,
            accounts.number.label("account_number"),
            accounts.account_name,
            payees.payee_name,
            payees.payee_account,
        )
        .join_from(orders_table, table, accounts.account_id == rows.account_id)
        .outerjoin(settlements_table, payees.account_id == rows.account_id)
        .where(rows.state == WAITING, accounts.bank == bank, doable(scope, SEND_BATCH, table))
        .order_by(rows.ordered_at, rows.account_id, rows.number)
        .limit(ORDERS_MAX)
    )
    return [_item(dict(row)) for row in (await connection.execute(wanted)).mappings()]


async def batches_of(connection: AsyncConnection, bank: str) -> int:
    """How many batches have ever left for a bank: the number of the next, on which two senders agree."""
    table = ACCOUNTS_READ.at(None)
    sent = (
        select(func.count(orders_table.c.batch_id.distinct()))
        .join_from(orders_table, table, table.c.account_id == orders_table.c.account_id)
        .where(table.c.bank == bank)
    )
    return int(await connection.scalar(sent) or 0)


async def sendable(connection: AsyncConnection, scope: Scope, account_ids: frozenset[UUID]) -> bool:
    """Whether the caller may send for each of these accounts."""
    table = ACCOUNTS_READ.at(None)
    mine = select(func.count()).where(table.c.account_id.in_(account_ids), doable(scope, SEND_BATCH, table))
    return int(await connection.scalar(mine) or 0) == len(account_ids)


async def running_batches(connection: AsyncConnection, account_id: UUID) -> frozenset[UUID]:
    """The batches in which something of this account is still under way."""
    rows = orders_table.c
    under_way = (p.Standing.SENT.value, p.Standing.ACCEPTED.value)
    found = select(rows.batch_id).where(rows.account_id == account_id, rows.state.in_(under_way)).distinct()
    return frozenset(_id(id) for id in await connection.scalars(found) if id is not None)


async def standing_of(connection: AsyncConnection, account_id: UUID, number: str) -> tuple[str, str]:
    """How far an instruction has come, and its recall; empty where nobody ordered it here."""
    rows = orders_table.c
    wanted = select(rows.state, rows.recall).where(rows.account_id == account_id, rows.number == number)
    found = (await connection.execute(wanted)).first()
    return ("", "") if found is None else (str(found.state), str(found.recall))


def _item(row: Mapping[str, Any]) -> p.Item:
    is_release = row["direction"] == Direction.RELEASE.value
    return p.Item(
        number=row["number"],
        direction=Direction(row["direction"]),
        account_id=_id(row["account_id"]),
        account_number=row["account_number"],
        account_name=row["account_name"],
        amount_fen=int(row["amount_fen"]),
        payee_name=(row["payee_name"] or "") if is_release else "",
        payee_account=(row["payee_account"] or "") if is_release else "",
        returns=row["returns"],
        instructed_at=row["ordered_at"],
    )


def _id(id: Any) -> UUID:
    return UUID(int=id.int)  # the driver's own subclass must not reach an event
