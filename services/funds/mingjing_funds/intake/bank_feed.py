"""What a bank's system sends over NATS (银行报送): entries, statement files, answers to payment orders.

The one rule: a message is a delivery like a file. An entry is known by the bank's own number and by what it says, so
one that came in a file before, or comes in one later, counts once; a row that cannot be used is kept aside for a
person, and the answer names it.
"""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import Meta
from sqlalchemy import func, select

from mingjing_funds.acts_feed import ANSWER_ORDERS, POST_ENTRIES
from mingjing_funds.bank import camt029
from mingjing_funds.codec import BATCHES
from mingjing_funds.domain.calendar import require_come
from mingjing_funds.domain.payment_batch import BatchUnknown, Sent
from mingjing_funds.intake.paying import read_report
from mingjing_funds.intake.taking import Aside, Delivery, Receipt, caught_up, take_rows
from mingjing_funds.projections.accounts import accounts_table
from mingjing_funds.projections.schema import kept_by
from mingjing_funds.sources import cells
from mingjing_funds.sources.detect import Kind, Source, read
from mingjing_funds.sources.kept_aside import LayoutUnexpected
from mingjing_funds.sources.statement import BankLine
from mingjing_kernel.clock import SHANGHAI, shanghai_date
from mingjing_kernel.http.problem import Problem, problem_of
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.sealed.keys import Keys

ENTRIES_MAX = 2_000
ASIDE_MAX = 200
"""Of the rows kept aside that an answer spells out; all of them stand in the list of kept-aside rows."""
Word = Annotated[str, Meta(min_length=1, max_length=100)]
Fen = Annotated[int, Meta(ge=-(10**15), le=10**15)]
Moment = Annotated[datetime, Meta(tz=True)]


class Entry(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A booking on a custody account. No counterparty is asked for: the feed is balances and movements only."""

    flow: Word
    account_number: Annotated[str, Meta(pattern=r"^\d{15,20}$")]
    booked_at: Moment
    amount_fen: Fen
    balance_fen: Fen
    summary: Annotated[str, Meta(max_length=500)] = ""
    is_reversal: bool = False


class Entries(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Entries of one bank for the supervision of one region, in booking order."""

    bank: Word
    department: Word
    region: Annotated[str, Meta(pattern=r"^\d{6,12}$")]
    entries: Annotated[list[Entry], Meta(min_length=1, max_length=ENTRIES_MAX)]


class StatementFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A statement file: its bytes in base64, as far as one message holds them."""

    bank: Word
    department: Word
    region: Annotated[str, Meta(pattern=r"^\d{6,12}$")]
    content: bytes
    covers_to: date | None = None


class OrderAnswers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What became of payment orders or recalls: a pain.002 or camt.029 message on a batch that was sent, in base64."""

    bank: Word
    content: bytes


class NotUsed(msgspec.Struct, frozen=True):
    """A row that was kept aside, and why."""

    row: int
    why: dict[str, Any]


class Taken(msgspec.Struct, frozen=True):
    """What became of the rows: new facts, known before, or kept aside for a person."""

    delivery_id: UUID
    rows: int
    accepted: int
    repeated: int
    kept_aside: int
    missing: int
    position: int
    not_used: list[NotUsed]


class Answered(msgspec.Struct, frozen=True):
    """What a status report came to; of ``contradicted`` the bank has said two things."""

    batch_id: UUID
    news: int
    known: int
    contradicted: list[str]
    position: int


async def take_entries(host: Any, scope: Scope, body: Entries, written: Envelope) -> Taken:
    """Entries as the bank books them. Raises ``OutsideScope``."""
    _require(scope, body)
    rows = tuple(_line(row, body.bank, entry) for row, entry in enumerate(body.entries))
    source = Source(
        kind=Kind.STATEMENT, rows=rows, kept_aside=(), cells={line.row: line.written() for line in rows}, bank=body.bank
    )
    today = shanghai_date(host.now())
    delivery = _delivery(host, scope, body, msgspec.json.encode(body), today, today)
    return await _take(host, delivery, source, written)


async def take_statement(host: Any, scope: Scope, body: StatementFile, written: Envelope) -> Taken:
    """A statement file, of whichever layout. Raises ``OutsideScope``, ``FileUnreadable``, ``LayoutUnexpected``."""
    _require(scope, body)
    today = shanghai_date(host.now())
    if body.covers_to is not None:
        require_come(body.covers_to, today, "covers_to")
    source = await asyncio.to_thread(read, body.content, frozenset())
    if source.kind is not Kind.STATEMENT:
        raise LayoutUnexpected(found=source.kind.value, expected=Kind.STATEMENT.value)
    if source.bank != body.bank:  # which days of a bank were delivered whole is that bank's to say
        raise LayoutUnexpected(found=source.bank, expected=body.bank)
    delivery = _delivery(host, scope, body, body.content, today, body.covers_to or today)
    return await _take(host, delivery, source, written)


async def take_answers(host: Any, scope: Scope, body: OrderAnswers, written: Envelope) -> Answered:
    """A status report on a batch of this bank, or its answer to a recall. Raises ``OutsideScope``,
    ``ReportUnreadable``, ``BatchUnknown``.
    """
    scope.require(ANSWER_ORDERS, Dimensions(UNDIVIDED, UNDIVIDED, UNDIVIDED, body.bank))
    report = await asyncio.to_thread(camt029.read_any, body.content)
    state, _ = await host.log.state(BATCHES, report.batch_id)
    if not isinstance(state, Sent) or state.batch.bank != body.bank:
        raise BatchUnknown
    accounts = frozenset(item.account_id for item in state.batch.items)
    if not await _keeps(host, scope, accounts):
        raise BatchUnknown
    found = await read_report(host, report, written)
    return Answered(found.batch_id, found.news, found.known, list(found.contradicted), found.position)


async def _keeps(host: Any, scope: Scope, accounts: frozenset[UUID]) -> bool:
    """Whether the caller's bank keeps each of these accounts."""
    table = accounts_table
    mine = select(func.count()).where(table.c.account_id.in_(accounts), kept_by(scope, ANSWER_ORDERS, table))
    await caught_up(host)
    async with host.connection() as connection:
        return int(await connection.scalar(mine) or 0) == len(accounts)


def _require(scope: Scope, body: Entries | StatementFile) -> None:
    """The place for which it is sent is within the bank's grant; of which accounts, each row is asked."""
    scope.require(POST_ENTRIES, Dimensions(body.department, body.region, UNDIVIDED, body.bank))


async def _take(host: Any, delivery: Delivery, source: Source, written: Envelope) -> Taken:
    await caught_up(host)
    receipt, aside = await take_rows(host, delivery, source, written)
    return _taken(receipt, aside)


def _delivery(
    host: Any, scope: Scope, body: Entries | StatementFile, data: bytes, delivered_on: date, covers_to: date
) -> Delivery:
    return Delivery(
        data=data,
        kind=Kind.STATEMENT,
        covers_to=covers_to,
        delivered_on=delivered_on,
        region=body.region,
        department=body.department,
        scope=scope,
        keys=Keys(host),
        may=lambda scope, accounts: kept_by(scope, POST_ENTRIES, accounts),
    )


def _line(row: int, bank: str, entry: Entry) -> BankLine:
    """As the bank's file says it: the same booking has the same fingerprint, whichever way it comes."""
    return BankLine(
        row=row,
        bank=bank,
        flow=entry.flow,
        account_number=entry.account_number,
        booked_at=entry.booked_at.astimezone(SHANGHAI),
        amount_fen=entry.amount_fen,
        balance_fen=entry.balance_fen,
        summary=cells.text(entry.summary),
        is_reversal=entry.is_reversal,
    )


def _taken(receipt: Receipt, aside: list[Aside]) -> Taken:
    return Taken(
        delivery_id=receipt.file_id,
        rows=receipt.rows,
        accepted=receipt.accepted,
        repeated=receipt.repeated,
        kept_aside=receipt.kept_aside,
        missing=receipt.missing,
        position=receipt.position,
        not_used=[NotUsed(one.row, _said(problem_of(one.reason))) for one in aside[:ASIDE_MAX]],
    )


def _said(problem: Problem) -> dict[str, Any]:
    return problem.model_dump(exclude_none=True)
