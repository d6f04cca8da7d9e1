"""One suite for every bank: whatever goes wrong there, one instruction is one debit, and in the end all is said.

The one rule: the suite knows a bank by its port and its statement, nothing more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from funds.bank.batches import ACCOUNT, AT, DAY, item, outgoing
from mingjing_funds.bank import camt029, pain002
from mingjing_funds.bank.folder import FolderBank
from mingjing_funds.bank.port import Bank, BankAway, Outgoing
from mingjing_funds.bank.simulated import AtRecall, Fault, SimulatedBank
from mingjing_funds.domain.payment_batch import (
    BATCH,
    Batch,
    Ground,
    ReadStatus,
    SendBatch,
    Sent,
    Standing,
    StatusContradicted,
    StopItems,
)
from mingjing_funds.domain.recall import AskRecall

Business = tuple[Bank, SimulatedBank, Callable[[], None]]
"""The port, the bank behind it, and what lets papers pass between the two."""


def behind(fault: Callable[[str], Fault] = lambda _number: Fault.NONE) -> SimulatedBank:
    return SimulatedBank("湖畔商业银行", {ACCOUNT: 10_000_00}, fault)


@pytest.fixture(params=["simulated", "folder"])
def business(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., Business]:
    def make(fault: Callable[[str], Fault] = lambda _number: Fault.NONE) -> Business:
        bank = behind(fault)
        if request.param == "simulated":
            return bank, bank, lambda: None
        outbox, inbox = tmp_path / "out", tmp_path / "in"
        outbox.mkdir()
        inbox.mkdir()

        def exchange() -> None:
            for path in sorted(outbox.glob("pain001_*.xml")):
                bank.take(path.read_bytes(), AT)
                path.unlink()
            for name, content in bank._reports.items():
                (inbox / f"{name}.xml").write_bytes(content)
            bank._reports.clear()

        return FolderBank(bank.name, outbox, inbox), bank, exchange

    return make


def started(batch: Outgoing) -> Batch:
    sent = batch.batch
    command = SendBatch(
        bank=sent.bank, cut_off_at=sent.cut_off_at, execute_on=sent.execute_on, items=sent.items, sent_at=sent.sent_at
    )
    return BATCH.fold(BATCH.decide(command, BATCH.initial))


async def heard(bank: Bank, batch: Outgoing, state: Batch) -> Batch:
    """Read every report twice, as somebody does who was interrupted before acknowledging."""
    for _ in range(2):
        for report in await bank.reports():
            for status in statuses(report.content, batch):
                state = BATCH.fold(BATCH.decide(status, state), state)
    for report in await bank.reports():
        await bank.acknowledge(report)
    return state


def statuses(content: bytes, batch: Outgoing) -> tuple[ReadStatus, ...]:
    read = pain002.read(content)
    assert read.batch_id == batch.batch_id
    return read.on(tuple(one.number for one in batch.batch.items))


def standings(state: Batch) -> dict[str, Standing]:
    assert isinstance(state, Sent)
    return {number: progress.standing for number, progress in state.progress.items()}


async def test_what_is_sent_is_accepted_and_carried_out_once(business: Callable[..., Business]) -> None:
    bank, behind, exchange = business()
    batch = outgoing(item("ZL1"), item("ZL2", 50_00))
    state = started(batch)
    for _ in range(3):
        await bank.send(batch)
        exchange()
    state = await heard(bank, batch, state)
    assert standings(state) == {"ZL1": Standing.ACCEPTED, "ZL2": Standing.ACCEPTED}
    behind.pass_day(DAY)
    exchange()
    state = await heard(bank, batch, state)
    assert standings(state) == {"ZL1": Standing.EXECUTED, "ZL2": Standing.EXECUTED}
    assert Counter(line.reference() or line.summary for line in behind.lines) == {"付款 ZL1": 1, "付款 ZL2": 1}
    assert await bank.reports() == ()


async def test_a_delayed_one_comes_later_and_a_lost_one_when_it_is_sent_again(
    business: Callable[..., Business],
) -> None:
    faults = {"ZL1": Fault.DELAYED, "ZL2": Fault.LOST}
    bank, behind, exchange = business(faults.__getitem__)
    batch = outgoing(item("ZL1"), item("ZL2"))
    state = started(batch)
    await bank.send(batch)
    exchange()
    behind.pass_day(DAY)
    exchange()
    state = await heard(bank, batch, state)
    assert standings(state) == {"ZL1": Standing.ACCEPTED, "ZL2": Standing.SENT}
    await bank.send(batch)
    exchange()
    behind.pass_day(DAY + timedelta(days=1))
    exchange()
    state = await heard(bank, batch, state)
    assert standings(state) == {"ZL1": Standing.EXECUTED, "ZL2": Standing.EXECUTED}
    assert len(behind.lines) == 2


async def test_a_refused_one_moves_nothing_and_the_next_ones_money_is_there(business: Callable[..., Business]) -> None:
    bank, behind, exchange = business(lambda number: Fault.REFUSED if number == "ZL1" else Fault.NONE)
    batch = outgoing(item("ZL1", 9_000_00), item("ZL2", 8_000_00), item("ZL3", 8_000_00))
    state = started(batch)
    await bank.send(batch)
    exchange()
    behind.pass_day(DAY)
    exchange()
    state = await heard(bank, batch, state)
    assert standings(state) == {"ZL1": Standing.REFUSED, "ZL2": Standing.EXECUTED, "ZL3": Standing.REFUSED}
    assert [line.amount_fen for line in behind.lines] == [-8_000_00]


async def test_a_bank_that_pays_twice_shows_it_in_its_statement_and_not_in_ours(
    business: Callable[..., Business],
) -> None:
    bank, behind, exchange = business(lambda _number: Fault.DOUBLED)
    batch = outgoing(item("ZL1"))
    state = started(batch)
    await bank.send(batch)
    exchange()
    behind.pass_day(DAY)
    exchange()
    state = await heard(bank, batch, state)
    assert standings(state) == {"ZL1": Standing.EXECUTED}
    assert [line.amount_fen for line in behind.lines] == [-100_00, -100_00]


async def test_a_recalled_one_does_not_go_out(business: Callable[..., Business]) -> None:
    bank, behind, exchange = business()
    batch = outgoing(item("ZL1"), item("ZL2"))
    await bank.send(batch)
    exchange()
    stopped = await bank.recall(batch, ["ZL1"])
    behind.pass_day(DAY)
    executed = {line.summary.removeprefix("付款 ") for line in behind.lines}
    assert not stopped & executed
    assert "ZL2" in executed


@pytest.mark.parametrize(
    ("mind", "standing", "debits"),
    [
        (AtRecall.ACCEPTS, Standing.REFUSED, 0),
        (AtRecall.REFUSES, Standing.EXECUTED, 1),
        (AtRecall.SILENT, Standing.EXECUTED, 1),
        (AtRecall.CONTRADICTS, Standing.REFUSED, 1),
    ],
)
@pytest.mark.parametrize("late", [False, True])
async def test_whatever_it_answers_to_a_recall_an_instruction_ends_once(
    mind: AtRecall, standing: Standing, debits: int, late: bool
) -> None:
    """Too late is too late, whatever it would have answered."""
    bank = behind()
    bank.at_recall = lambda _number: mind
    batch = outgoing(item("ZL1"))
    state = started(batch)
    await bank.send(batch)
    if late:
        bank.pass_day(DAY)
    for command in (
        StopItems(account_id=UUID(int=1), ground=Ground.RELEASE_HOLD, since=AT), AskRecall(asked_at=AT),
    ):  # fmt: skip
        state = BATCH.fold(BATCH.decide(command, state), state)
    await bank.recall(batch, ["ZL1"])
    bank.pass_day(DAY)
    for report in await bank.reports():
        read = camt029.read_any(report.content)
        for word in read.on(("ZL1",)):
            with suppress(StatusContradicted):
                state = BATCH.fold(BATCH.decide(word, state), state)
    assert standings(state) == {"ZL1": Standing.EXECUTED if late else standing}
    assert len(bank.lines) == (1 if late else debits)


async def test_a_bank_that_is_away_says_so(tmp_path: Path) -> None:
    batch = outgoing(item("ZL1"))
    away = behind()
    away.is_away = True
    for bank in (away, FolderBank("湖畔商业银行", tmp_path / "nowhere", tmp_path / "nowhere")):
        with pytest.raises(BankAway):
            await bank.send(batch)
        with pytest.raises(BankAway):
            await bank.reports()
