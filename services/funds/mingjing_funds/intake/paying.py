"""Paying (付款): the batch of a bank and a day, its status reports, and what a hold or a freeze stops of it.

The one rule: what a batch holds is decided by one command with an id made of bank, day and number; whoever asks twice
gets the same batch, and a report read twice is no news.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.acts_bank import SEND_BATCH
from mingjing_funds.bank.camt029 import RecallReport
from mingjing_funds.bank.pain002 import StatusReport
from mingjing_funds.codec import ACCOUNTS, BATCHES
from mingjing_funds.domain import freeze
from mingjing_funds.domain import payment_batch as p
from mingjing_funds.domain.account import WithdrawExpectation
from mingjing_funds.domain.account_state import Active, Closing, Held
from mingjing_funds.domain.backing import NOTHING, unbacked
from mingjing_funds.domain.collecting import LeftOut, Purse, beyond, collect, cut_off, execution_day
from mingjing_funds.domain.recall import AskRecall, ReadRecall
from mingjing_funds.domain.settlement import SendPayments
from mingjing_funds.intake.unbacked import recall_unbacked, reversed_there
from mingjing_funds.intake.works import made
from mingjing_funds.policy.supervision import BANK_PAYMENTS
from mingjing_funds.projections.accounts import accounts_table
from mingjing_funds.projections.payment_orders import batches_of, running_batches, waiting_at
from mingjing_funds.projections.schema import doable
from mingjing_kernel.calendar import calendar_known
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.log.envelope import CommandIdReused
from mingjing_kernel.policy import in_force_in
from mingjing_kernel.policy.versions import EVERY_CATEGORY, EVERYWHERE
from mingjing_kernel.refusal import Refusal

Place: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Sent:
    """The batch that left, if anything could; and what stays behind, by number."""

    batch_id: UUID | None
    items: int
    amount_fen: int
    execute_on: date
    left_out: Mapping[str, LeftOut]
    position: int


class _Moved(Exception):
    """Accounts that do not let something go which their lists still showed as waiting."""

    def __init__(self, accounts: frozenset[UUID]) -> None:
        super().__init__(f"{len(accounts)} accounts moved meanwhile")
        self.accounts = accounts


async def send_batch(kit: Kit, scope: Scope, bank: str, now: datetime, written: Envelope) -> Sent:
    """Collect what was ordered at this bank up to the last cut-off, and put it into a batch.

    Two who send at once number the batch the same, and one of them is refused: no instruction is in two batches. Each
    account says in the batch's own transaction what goes; one that has moved meanwhile is left for the next batch.
    """
    if (before := await _sent_before(kit, bank, written)) is not None:
        return before
    await kit.up_to_date()
    await recall_unbacked(kit)  # before more goes out: what has gone and lost its ground is asked back
    moved: frozenset[UUID] = frozenset()
    while True:  # each turn leaves out at least one account more
        try:
            return await _sent(kit, scope, bank, now, written, moved)
        except _Moved as more:
            moved |= more.accounts


async def _sent_before(kit: Kit, bank: str, written: Envelope) -> Sent | None:
    """The batch that this command sent, where its answer was lost; what stayed behind then is not known any more."""
    for fact in await kit.log.facts_of(written.command_id):
        batch = fact.event
        if not isinstance(batch, p.BatchSent) or batch.bank != bank:
            raise CommandIdReused
        amount = sum(item.amount_fen for item in batch.items)
        return Sent(fact.id, len(batch.items), amount, batch.execute_on, {}, fact.position)
    return None


async def _sent(kit: Kit, scope: Scope, bank: str, now: datetime, written: Envelope, moved: frozenset[UUID]) -> Sent:
    await kit.up_to_date()
    today = shanghai_date(now)
    async with kit.connection() as connection:
        waiting = await waiting_at(connection, scope, bank)
        number = await batches_of(connection, bank)
        places = await _places(connection, scope, {item.account_id for item in waiting})
    terms = await _terms(kit, now, places)
    closing = {item.account_id: terms[places[item.account_id]].closes for item in waiting}
    in_time = [item for item in waiting if item.instructed_at <= closing[item.account_id]]
    late = {item.number: LeftOut.AFTER_CUT_OFF for item in waiting if item.instructed_at > closing[item.account_id]}
    closes = max(one.closes for one in terms.values())
    collected = collect(in_time, await _purses(kit, waiting, today), closes, moved)
    left_out = {**late, **collected.left_out}
    going = {places[item.account_id] for item in collected.items}
    execute_on = max(one.execute_on for place, one in terms.items() if place in going or not going)
    if not collected.items:
        return Sent(None, 0, 0, execute_on, left_out, 0)
    batch_id = derived_id("funds-payment-batch", bank, number)
    command = p.SendBatch(bank=bank, cut_off_at=closes, execute_on=execute_on, items=collected.items, sent_at=now)
    works = [Work(BATCHES, batch_id, command, written), *_leaving(batch_id, collected.items, today, written)]

    async def settle(_connection: object, results: list[Outcome | Exception]) -> None:
        refused = {work.id for work, result in zip(works, results, strict=True) if isinstance(result, Refusal)}
        if batch_id not in refused and refused:
            raise _Moved(frozenset(refused))
        for result in results:
            if not isinstance(result, Outcome):
                raise result

    results = await kit.log.handle_many(works, settle=settle)
    position = max(result.position for result in results if isinstance(result, Outcome))
    amount = sum(item.amount_fen for item in collected.items)
    return Sent(batch_id, len(collected.items), amount, execute_on, left_out, position)


@dataclass(frozen=True, slots=True)
class _Terms:
    """What holds in one region for one category: when instructions closed last, and when the bank carries them out."""

    closes: datetime
    execute_on: date


async def _terms(kit: Kit, now: datetime, places: Mapping[UUID, Place]) -> dict[Place, _Terms]:
    """By place, that of nobody among them: a batch may be of several, and each instruction is held to its own."""
    calendar = await calendar_known(kit.log)
    wanted = {(EVERYWHERE, EVERY_CATEGORY), *places.values()}
    found = {}
    for place, numbers in (await in_force_in(kit.log, BANK_PAYMENTS, shanghai_date(now), wanted)).items():
        at = time(numbers["cut-off"])
        closes = _last_cut_off(now, at)
        found[place] = _Terms(closes, execution_day(closes, at, calendar, numbers["execution"]))
    return found


async def _places(connection: AsyncConnection, scope: Scope, accounts: set[UUID]) -> dict[UUID, Place]:
    """Region and category of the accounts that something waits on."""
    rows = accounts_table.c
    mine = select(rows.account_id, rows.region, rows.category).where(
        rows.account_id.in_(accounts), doable(scope, SEND_BATCH, accounts_table)
    )
    return {UUID(int=id.int): (region, category) for id, region, category in await connection.execute(mine)}


def _leaving(batch_id: UUID, items: tuple[p.Item, ...], day: date, written: Envelope) -> list[Work]:
    """What each account lets go with the batch."""
    numbers: dict[UUID, list[str]] = defaultdict(list)
    for item in items:
        numbers[item.account_id].append(item.number)
    return [
        made(ACCOUNTS, id, SendPayments(batch_id=batch_id, numbers=tuple(its), sent_on=day), written, "sent")
        for id, its in numbers.items()
    ]


def _last_cut_off(now: datetime, at: time) -> datetime:
    """What was ordered after today's cut-off belongs to tomorrow's batch; before it, today's is not closed yet."""
    today = cut_off(shanghai_date(now), at)
    return today if now >= today else now


async def _purses(kit: Kit, waiting: list[p.Item], day: date) -> dict[UUID, Purse]:
    """What each account can pay out, from its own stream: no list may be behind when money leaves.

    What was promised or sent before is set aside; of what waits here each item is counted when its turn comes.
    """
    asked: dict[UUID, int] = defaultdict(int)
    for item in waiting:
        asked[item.account_id] += item.amount_fen
    states, there = await kit.log.states(ACCOUNTS, list(asked)), await reversed_there(kit)
    return {
        id: _purse(state, asked[id], day, there.get(id, NOTHING))
        for id, state in states.items()
        if isinstance(state, Active | Held | Closing)
    }


def _purse(state: Active | Held | Closing, asked_fen: int, day: date, there: Mapping[str, int]) -> Purse:
    balance = state.ledger.balance_fen() + state.ledger.gap_fen
    return Purse(
        balance_fen=balance - max(state.ledger.leaving_fen() - asked_fen, 0),
        own_money_fen=state.minimum_fen,
        frozen_fen=freeze.frozen_fen(state.ledger.freezes, balance, day),
        is_held=isinstance(state, Held),
        unbacked=unbacked(state.ledger, state.ledger.backed, there),
    )


@dataclass(frozen=True, slots=True)
class Read:
    """What a status report came to; ``contradicted`` are those on which the bank says two things."""

    batch_id: UUID
    news: int
    known: int
    contradicted: tuple[str, ...]
    position: int


async def read_report(kit: Kit, report: StatusReport | RecallReport, written: Envelope) -> Read:
    """Take a report in: what the bank refuses is not awaited any more, and may be ordered again as another number."""
    state, _ = await kit.log.state(BATCHES, report.batch_id)
    if not isinstance(state, p.Sent):
        raise p.BatchUnknown
    if isinstance(report, RecallReport):  # what it says of all, it says of what had been asked when it was written
        statuses: tuple[p.ReadStatus | ReadRecall, ...] = report.on(report.asked_before(p.to_recall(state)))
    else:
        statuses = report.on(tuple(item.number for item in state.batch.items))
    works = [made(BATCHES, report.batch_id, status, written, "status") for status in statuses]
    news, position = 0, 0
    contradicted: list[str] = []
    refused: list[p.InstructionRefused] = []
    for status, result in zip(statuses, await kit.log.handle_many(works), strict=True):
        if isinstance(result, Refusal):
            contradicted.append(status.number)
        elif isinstance(result, Outcome):
            position = max(position, result.position)
            news += bool(result.events) and not result.repeated
            refused += [fact for fact in result.events if isinstance(fact, p.InstructionRefused)]
        else:
            raise result
    await _withdrawn(kit, refused, written)
    return Read(report.batch_id, news, len(statuses) - news - len(contradicted), tuple(contradicted), position)


async def _withdrawn(kit: Kit, refused: list[p.InstructionRefused], written: Envelope) -> None:
    """Also when the report is read again: whoever was interrupted between the two finishes it so."""
    works = [made(ACCOUNTS, fact.account_id, _withdrawal(fact), written, f"refused {fact.number}") for fact in refused]
    for result in await kit.log.handle_many(works):
        if not isinstance(result, Outcome | Refusal):  # a refusal: the bank had booked it before it refused
            raise result


def _withdrawal(fact: p.InstructionRefused) -> WithdrawExpectation:
    why = f"{fact.reason_code} {fact.reason}".strip()
    day = shanghai_date(fact.at)
    return WithdrawExpectation(number=fact.number, reason=why, withdrawn_on=day, is_refused=True)


async def stop_running(kit: Kit, account_id: UUID, ground: p.Ground, since: datetime, written: Envelope) -> int:
    """A hold or a freeze stands: stop what of the account is under way, and recall it. How many instructions that were.

    What was lifted since stops nothing, so whoever was interrupted may ask again.
    """
    account, _ = await kit.log.state(ACCOUNTS, account_id)
    if ground is p.Ground.RELEASE_HOLD and not isinstance(account, Held):
        return 0
    await kit.up_to_date()
    async with kit.connection() as connection:
        batches = await running_batches(connection, account_id)
    is_freeze, stopped = ground is p.Ground.JUDICIAL_FREEZE, 0
    numbers = await _frozen_numbers(kit, batches, account_id, since) if is_freeze else None
    for batch_id in sorted(batches):
        command = p.StopItems(account_id=account_id, ground=ground, since=since, numbers=numbers)
        ask = AskRecall(asked_at=since)
        works = [made(BATCHES, batch_id, command, written, "stop"), made(BATCHES, batch_id, ask, written, "recall")]
        for result in await kit.log.handle_many(works):
            if not isinstance(result, Outcome):
                raise result
            stopped += sum(isinstance(fact, p.InstructionStopped) for fact in result.events)
    return stopped


async def _frozen_numbers(kit: Kit, batches: frozenset[UUID], account_id: UUID, since: datetime) -> frozenset[str]:
    """Those of the account's instructions under way that lie inside the frozen amount: what is free is free once,
    however many batches are running.
    """
    account, _ = await kit.log.state(ACCOUNTS, account_id)
    if not isinstance(account, Active | Held | Closing):
        return frozenset()
    balance = account.ledger.balance_fen() + account.ledger.gap_fen
    free = freeze.free_fen(account.ledger.freezes, balance, 0, shanghai_date(since))
    under_way = (p.Standing.SENT, p.Standing.ACCEPTED)
    mine = [
        one.item
        for batch in (await kit.log.states(BATCHES, sorted(batches))).values()
        if isinstance(batch, p.Sent)
        for one in batch.progress.values()
        if one.item.account_id == account_id and one.standing in under_way
    ]
    return beyond(mine, free)
