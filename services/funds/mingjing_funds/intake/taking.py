"""Taking a file: read, plan, carry out, keep aside what cannot be used, and say what became of every row.

The one rule: an answer is given when every row is in the log, as what it says or as a row kept aside. A file that is
sent again changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from hashlib import sha256
from typing import Any
from uuid import UUID

from mingjing_funds.acts import SEND_FILE
from mingjing_funds.codec import ACCOUNTS, DELIVERIES, ROWS
from mingjing_funds.domain.account_refusals import AccountUnknown
from mingjing_funds.domain.contract import RecordContract
from mingjing_funds.domain.contract_refusals import ContractUnknown
from mingjing_funds.domain.delivery import RecordDelivery
from mingjing_funds.domain.kept_aside_row import KeepAside, Reason, TakeRow, Written
from mingjing_funds.intake.categories import categories_of, of_file
from mingjing_funds.intake.charging import asked_of
from mingjing_funds.intake.custody import linked_works
from mingjing_funds.intake.directory import directory_of, givers_of, known_numbers, links_to_make, numbers_of, own
from mingjing_funds.intake.families import named, remember
from mingjing_funds.intake.lesson_hours import of_lessons
from mingjing_funds.intake.plan import Directory, Step, planned
from mingjing_funds.intake.reach import May, OutsideYourScope, within_reach
from mingjing_funds.intake.waiting import come_right
from mingjing_funds.intake.whole_rows import are_rows_of_several, by_whole_rows
from mingjing_funds.intake.works import made, work_of
from mingjing_funds.projections.schema import writable
from mingjing_funds.sources.detect import Kind, Source, read, reread
from mingjing_funds.sources.kept_aside import LayoutUnexpected, VendorCodeUnknown
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope, Outcome
from mingjing_kernel.log.envelope import Result
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.redact import redacted

WORKS_MAX = 2_000
"""Commands in one transaction: a whole weekly lesson file takes two or three."""
_OF_CONTRACTS = frozenset({Kind.CONTRACTS, Kind.PAYMENTS, Kind.REFUNDS, Kind.LESSONS})
_FREQUENT = frozenset({Kind.STATEMENT, Kind.LESSONS})
"""Kinds that come often and make nothing else usable; the others look whether kept-aside rows have come right."""
_WAIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A file as it came in: its bytes, what it claims to be, and which days it reports on."""

    data: bytes
    kind: Kind
    covers_to: date
    delivered_on: date
    region: str
    department: str
    scope: Scope
    """What the sender may write for, wherever the rows point."""
    keys: Keys
    """Under which the people of its rows are sealed."""
    may: May = writable
    """The accounts that its sender may write for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a file: every row is accepted, repeated or kept aside."""

    file_id: UUID
    kind: str
    bank: str
    booked_on: date | None
    rows: int
    accepted: int
    repeated: int
    kept_aside: int
    missing: int
    came_right: int
    """Rows kept aside before that could be used now."""
    position: int


@dataclass(frozen=True, slots=True)
class Aside:
    """A row that is not used: where, what is written, why, and what it waits for."""

    row: int
    cells: Mapping[str, str]
    reason: Refusal
    waits_for: str


async def take_file(host: Any, delivery: Delivery, written: Envelope) -> Receipt:
    """Take a file. Raises ``FileUnreadable`` when nothing of it can be read."""
    await caught_up(host)
    numbers = await _numbers(host, delivery.kind)
    source = await asyncio.to_thread(read, delivery.data, numbers)
    if source.kind is not delivery.kind:
        raise LayoutUnexpected(found=source.kind.value, expected=delivery.kind.value)
    came_right = 0
    if source.kind not in _FREQUENT:
        await link_institutions(host, delivery.scope, written)
        came_right = await retry_waiting(host, delivery, written)
    receipt, _ = await take_rows(host, delivery, source, written, came_right)
    return receipt


async def take_rows(
    host: Any, delivery: Delivery, source: Source, written: Envelope, came_right: int = 0
) -> tuple[Receipt, list[Aside]]:
    """Take rows that were read: what became of them, and those that were kept aside."""
    directory = await _directory(host, delivery, source.kind, source.rows)
    steps, unplanned = await asyncio.to_thread(planned, source.kind, source.rows, directory)
    async with host.connection() as connection:
        categories = await categories_of(connection, directory, source.rows, steps)
    fates = await carry_out(host, delivery, steps, file_id(delivery.data), written)
    aside = [
        *(Aside(kept.row, kept.written, kept.reason, "") for kept in source.kept_aside),
        *(Aside(row, source.cells.get(row, {}), reason, waits_for(reason, "")) for row, reason in unplanned),
        *(Aside(row, source.cells.get(row, {}), *fate) for row, fate in fates.refused.items()),
    ]
    used = {step.row for step in steps} - fates.refused.keys()
    mine = delivery.scope.only_category(SEND_FILE, delivery.department, delivery.region)
    whose = {each.row: categories.get(each.row) or mine for each in aside}
    position = await _close(host, delivery, source, _Said(aside, whose, of_file(categories, used) or mine), written)
    receipt = Receipt(
        file_id=file_id(delivery.data),
        kind=source.kind.value,
        bank=source.bank,
        booked_on=source.booked_on,
        rows=len(source.rows) + len(source.kept_aside),
        accepted=len(fates.accepted),
        repeated=len(source.rows) - len(fates.accepted) - len(unplanned) - len(fates.refused),
        kept_aside=len(aside),
        missing=source.missing,
        came_right=came_right,
        position=position,
    )
    return receipt, aside


@dataclass(frozen=True, slots=True)
class Fates:
    """What became of the rows that could be planned: new facts, or the first refusal with what it waits for."""

    accepted: frozenset[int]
    refused: dict[int, tuple[Refusal, str]]


async def carry_out(host: Any, delivery: Delivery, steps: Sequence[Step], origin: UUID, written: Envelope) -> Fates:
    """Carry out steps in order, some thousand a transaction; those outside the scope are refused before. Of a contract
    beyond the sender's reach it is not told that it is there: the row waits for one within it.
    """
    async with host.connection() as connection:
        todo, barred = await within_reach(connection, delivery.scope, steps, delivery.may)
    sought = {step.row: step.waits_for for step in steps if step.noun == "contract" and step.row in barred}
    accepted: set[int] = set()
    refused: dict[int, tuple[Refusal, str]] = {row: _barred(sought.get(row, "")) for row in barred}
    async with aclosing(_done(host, delivery, todo, origin, written)) as done:
        async for at, results in done:
            for step, result in zip(todo[at : at + len(results)], results, strict=True):
                if isinstance(result, Refusal):
                    refused.setdefault(step.row, (_named(result, step.waits_for), waits_for(result, step.waits_for)))
                elif not isinstance(result, Outcome):
                    raise result
                elif result.events and not result.repeated:
                    accepted.add(step.row)
    return Fates(frozenset(accepted - refused.keys()), refused)


def _done(
    host: Any, delivery: Delivery, steps: Sequence[Step], origin: UUID, written: Envelope
) -> AsyncGenerator[tuple[int, list[Result]], None]:
    """The results of some thousand steps at a time, and which of the steps the first of them is."""
    said = str(origin)
    if any(isinstance(step.command, RecordContract) for step in steps):
        return _contracts(host, delivery, steps, said, written)
    if are_rows_of_several(steps):
        return by_whole_rows(host.log, [(step, work_of(step, said, written)) for step in steps], WORKS_MAX)
    works = (work_of(step, said, written) for step in steps)
    done: AsyncGenerator[tuple[int, list[Result]], None] = host.log.handle_stream(works, WORKS_MAX)
    return done


async def _contracts(
    host: Any, delivery: Delivery, steps: Sequence[Step], origin: str, written: Envelope
) -> AsyncGenerator[tuple[int, list[Result]], None]:
    """One transaction after the other: whom one of them names, the next knows again, with what she has paid."""
    keys = delivery.keys
    for at in range(0, len(steps), WORKS_MAX):
        some = steps[at : at + WORKS_MAX]
        families = await named(host, keys, [step.naming for step in some])
        charges = await asked_of(host, some, families, delivery.covers_to)
        works = [
            work_of(step, origin, written, one.family if one else None, asked)
            for step, one, asked in zip(some, families, charges, strict=True)
        ]
        yield at, await host.log.handle_many(works, settle=partial(remember, keys.marks(), families))


async def retry_waiting(host: Any, delivery: Delivery, written: Envelope) -> int:
    """Use the kept-aside rows whose contract, account or code has become known; each under its own day and place.

    Of which category they are is known only now, and asked of what they concern before anything is written.
    """
    async with host.connection() as connection:
        waiting = await come_right(connection, delivery.scope, delivery.may)
    taken = 0
    for row_id, kind, covers_to, cells, region, department in waiting:
        its_day = replace(delivery, covers_to=covers_to, region=region, department=department)
        refusal = await use_row(host, Kind(kind), cells, its_day, own(row_id), written)
        if refusal is None:
            await host.log.handle_many([made(ROWS, own(row_id), TakeRow(corrections=()), written)])
            taken += 1
    return taken


async def use_row(
    host: Any, kind: Kind, cells: Mapping[str, str], delivery: Delivery, origin: UUID, written: Envelope
) -> Refusal | None:
    """Use one row from its cells; the reason when it still cannot be used."""
    try:
        row = reread(kind, cells, await _numbers(host, kind))
        directory = await _directory(host, delivery, kind, (row,))
    except Refusal as still:
        return still
    steps, unplanned = planned(kind, (row,), directory)
    if unplanned:
        return unplanned[0][1]
    fates = await carry_out(host, delivery, steps, origin, written)
    return next((reason for reason, _ in fates.refused.values()), None)


async def link_institutions(host: Any, scope: Scope, written: Envelope) -> None:
    """Tell the accounts that the caller may write for whose they are, as far as the registry has said so by now.

    Custody is told in the same transaction. Where it refuses a second account of a licence, the account is linked all
    the same: it is listed beside the licence's own.
    """
    async with host.connection() as connection:
        links = await links_to_make(connection, scope)
    if links:
        works = [made(ACCOUNTS, account, link, written) for account, link in links]
        await host.log.handle_many([*works, *await linked_works(host, links, written)])
        await caught_up(host)


async def caught_up(host: Any) -> None:
    """Wait until the read models have what the log has: a file refers to the one before it. Raises ``ListsBehind``."""
    await host.up_to_date(_WAIT_SECONDS)


def file_id(data: bytes) -> UUID:
    """The stream of a delivered file: the same bytes are one delivery."""
    return derived_id("funds-file", sha256(data).hexdigest())


def waits_for(reason: Refusal, number: str) -> str:
    """The number whose arrival would make a refused row usable; empty when only a person can help."""
    if isinstance(reason, ContractUnknown | AccountUnknown):
        return number or str(reason.values.get("contract_no", ""))
    return str(reason.values["code"]) if isinstance(reason, VendorCodeUnknown) else ""


def reason_of(reason: Refusal) -> Reason:
    """A refusal as it is kept beside the row; its sentence is translated when somebody reads it."""
    return Reason(
        code=reason.code(),
        field=reason.field,
        rule=reason.rule,
        sentence=reason.sentence,
        remedy=reason.remedy,
        values=tuple(
            Written(column=name, text=storable(redacted(str(value)))) for name, value in sorted(reason.values.items())
        ),
    )


def storable(text: str) -> str:
    """A cell as it can be kept: no database holds U+0000, and the row must not be lost over it."""
    return text.replace("\0", "\ufffd")


def _barred(contract_no: str) -> tuple[Refusal, str]:
    return (ContractUnknown(contract_no=contract_no), contract_no) if contract_no else (OutsideYourScope(), "")


def _named(reason: Refusal, number: str) -> Refusal:
    """The decider does not know the number of what does not exist; the row does."""
    if isinstance(reason, ContractUnknown):
        return ContractUnknown(contract_no=number)
    return AccountUnknown(number=number) if isinstance(reason, AccountUnknown) else reason


async def _numbers(host: Any, kind: Kind) -> frozenset[str]:
    """Whole account numbers, for the one kind of file in which they may be damaged."""
    if kind is not Kind.ACCOUNT_LIST:
        return frozenset()
    async with host.connection() as connection:
        return await known_numbers(connection)


async def _directory(host: Any, delivery: Delivery, kind: Kind, rows: Iterable[Any]) -> Directory:
    of_contracts = list(rows) if kind in _OF_CONTRACTS else []
    named_nos = {row.contract_no for row in of_contracts}
    async with host.connection() as connection:
        numbers = await numbers_of(connection, delivery.scope, named_nos, (delivery.may,), delivery.region)
        givers = await givers_of(connection, {row.vendor_code for row in of_contracts})
        found = await directory_of(
            connection,
            kind=kind,
            delivered_on=delivery.delivered_on,
            covers_to=delivery.covers_to,
            region=delivery.region,
            department=delivery.department,
            numbers=replace(numbers, givers=givers),
        )
    return await of_lessons(host, delivery, found) if kind is Kind.LESSONS else found


@dataclass(frozen=True, slots=True)
class _Said:
    """What is to be kept of a file beside its facts: the rows that were not used, and whose they are."""

    aside: list[Aside]
    categories: Mapping[int, str]
    category: str


async def _close(host: Any, delivery: Delivery, source: Source, said: _Said, written: Envelope) -> int:
    """Keep aside what was not used and record the delivery, in one transaction."""
    this = file_id(delivery.data)
    works = [
        made(
            ROWS,
            _row_id(delivery, this, each),
            _kept(delivery, this, each, said.categories.get(each.row, "")),
            written,
            f"{this} {each.row}",
        )
        for each in said.aside
    ]
    record = RecordDelivery(
        kind=source.kind.value,
        bank=source.bank,
        booked_on=source.booked_on,
        sha256=sha256(delivery.data).hexdigest(),
        bytes_count=len(delivery.data),
        rows=len(source.rows) + len(source.kept_aside),
        missing=source.missing,
        kept_aside=len(said.aside),
        covers_to=delivery.covers_to,
        category=said.category,
    )
    results = await host.log.handle_many([*works, made(DELIVERIES, this, record, written)])
    for result in results:
        if not isinstance(result, Outcome | Refusal):
            raise result
    return max((result.position for result in results if isinstance(result, Outcome)), default=0)


def _row_id(delivery: Delivery, file: UUID, aside: Aside) -> UUID:
    """The same row in the next file for the same place is the same task; without cells it is known by its place."""
    said = repr(sorted(aside.cells.items())) if aside.cells else f"{file} {aside.row}"
    return derived_id("funds-row", delivery.kind.value, said, delivery.region, delivery.department)


def _kept(delivery: Delivery, file: UUID, aside: Aside, category: str) -> KeepAside:
    return KeepAside(
        file_id=file,
        kind=delivery.kind.value,
        row=aside.row,
        covers_to=delivery.covers_to,
        cells=tuple(Written(column=column, text=storable(redacted(text))) for column, text in aside.cells.items()),
        reason=reason_of(aside.reason),
        waits_for=aside.waits_for,
        region=delivery.region,
        department=delivery.department,
        category=category,
    )
