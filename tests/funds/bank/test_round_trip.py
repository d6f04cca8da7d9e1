"""From a confirmed lesson's money to the bank's line and back: instruction, batch, bank, statement, ledger, breaks.

The one rule: whatever the bank does wrong, the ledger says what its balance says, and the look names what is wrong.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from funds.bank.batches import AT, DAY, item, outgoing
from funds.domain.test_account import ACTIVATION, AGREEMENT, HOLDER, NUMBER
from mingjing_funds.bank import pain002
from mingjing_funds.bank.simulated import Fault, SimulatedBank
from mingjing_funds.domain import account as a
from mingjing_funds.domain import payment_batch as p
from mingjing_funds.domain.account_rules import ACCOUNT
from mingjing_funds.domain.break_terms import Kind
from mingjing_funds.domain.collecting import Purse, collect
from mingjing_funds.domain.ledger import postings
from mingjing_funds.domain.ledger_books import figures
from mingjing_funds.domain.reconciliation import Awaited, Booked, Crossings, Sides, breaks
from mingjing_funds.intake.plan import Directory, planned
from mingjing_funds.sources.detect import Kind as FileKind
from mingjing_kernel.working_days import RELEASED

ID = UUID(int=1)
OPENING_FEN, OWN_FEN, EARNED_FEN = 10_000_00, 2_000_00, 8_000_00


class World:
    """One account, its bank, and every fact."""

    def __init__(self, faults: dict[str, Fault]) -> None:
        take_over = a.TakeOverAccount(
            holder=HOLDER,
            agreement=replace(AGREEMENT, minimum_fen=OWN_FEN),
            activation=replace(ACTIVATION, opening_fen=OPENING_FEN),
        )
        self.facts: list[Any] = []
        self.state: Any = ACCOUNT.initial
        self.batch: Any = p.BATCH.initial
        self.bank = SimulatedBank("湖畔商业银行", {NUMBER: OPENING_FEN}, lambda number: faults.get(number, Fault.NONE))
        self.do(take_over)

    def do(self, command: Any) -> None:
        made = ACCOUNT.decide(command, self.state)
        self.facts += made
        self.state = ACCOUNT.fold(made, self.state)

    async def pay(self, *amounts: int) -> None:
        """Instruct, collect, send; a day passes; reports and statement are read."""
        waiting = [item(f"ZL202603100000{n}", fen, account_number=NUMBER) for n, fen in enumerate(amounts, start=1)]
        for one in waiting:
            release = a.ExpectMoney(
                direction=one.direction, number=one.number, amount_fen=one.amount_fen,
                due_on=DAY - timedelta(days=1), earned_fen=EARNED_FEN, ordered_at=AT,
            )  # fmt: skip
            self.do(release)
        collected = collect(waiting, {ID: Purse(balance_fen=OPENING_FEN, own_money_fen=OWN_FEN)}, AT)
        assert collected.left_out == {}
        batch = outgoing(*collected.items)
        sent = batch.batch
        command = p.SendBatch(
            bank=sent.bank, cut_off_at=sent.cut_off_at, execute_on=DAY, items=sent.items, sent_at=sent.sent_at
        )
        self.batch = p.BATCH.fold(p.BATCH.decide(command, self.batch))
        await self.bank.send(batch)
        self.bank.pass_day(DAY)
        for report in await self.bank.reports():
            for status in pain002.read(report.content).on(tuple(one.number for one in sent.items)):
                for fact in p.BATCH.decide(status, self.batch):
                    self.batch = p.BATCH.fold([fact], self.batch)
                    if isinstance(fact, p.InstructionRefused):
                        self.do(a.WithdrawExpectation(number=fact.number, reason=fact.reason, withdrawn_on=DAY))
        directory = Directory(delivered_on=DAY, covers_to=DAY, accounts={NUMBER: ID})
        steps, aside = planned(FileKind.STATEMENT, self.bank.lines, directory)
        assert aside == []
        for step in steps:
            self.do(step.command)

    def found(self) -> list[tuple[Kind, int]]:
        """What a look on the day after finds, from the account's own facts."""
        booked = [fact for fact in self.facts if isinstance(fact, a.EntryBooked)]
        met = {fact.number: fact for fact in booked if fact.number}
        gone = {fact.number for fact in self.facts if isinstance(fact, a.ExpectationWithdrawn)}
        sides = Sides(
            account_id=ID,
            opening_on=ACTIVATION.opening_on,
            until=DAY + timedelta(days=1),
            awaited=tuple(
                Awaited(
                    account_id=ID, number=fact.number, direction=fact.direction, amount_fen=fact.amount_fen,
                    due_on=fact.due_on, met_on=met[fact.number].booked_on if fact.number in met else None,
                    met_fen=abs(met[fact.number].amount_fen) if fact.number in met else 0,
                )
                for fact in self.facts
                if isinstance(fact, a.MoneyExpected) and fact.number not in gone
            ),
            booked=tuple(
                Booked(
                    account_id=ID, flow=fact.flow, booked_on=fact.booked_on, amount_fen=fact.amount_fen,
                    column=fact.column, reference=fact.reference,
                )
                for fact in booked
            ),
        )  # fmt: skip
        return [(one.kind, one.amount_fen) for one in breaks(sides, Crossings(), RELEASED)]


@pytest.mark.parametrize(
    ("faults", "found", "released_fen"),
    [
        ({}, [], 0),
        ({"ZL2026031000002": Fault.DOUBLED}, [(Kind.PAID_TWICE, -700_00)], 0),
        ({"ZL2026031000002": Fault.LOST}, [(Kind.NOT_EXECUTED, 0)], 700_00),
        ({"ZL2026031000002": Fault.DELAYED}, [(Kind.NOT_EXECUTED, 0)], 700_00),
        ({"ZL2026031000002": Fault.REFUSED}, [], 0),
    ],
)
async def test_whatever_the_bank_does_the_ledger_follows_and_the_look_names_it(
    faults: dict[str, Fault], found: list[tuple[Kind, int]], released_fen: int
) -> None:
    world = World(faults)
    await world.pay(500_00, 700_00, 900_00)
    held = figures([one for fact in world.facts for one in postings(ID, fact)], ACTIVATION.opening_on, date.max)
    assert held.cash_fen == world.bank.balances[NUMBER]
    assert held.released_fen == released_fen
    paid = OPENING_FEN - world.bank.balances[NUMBER] + held.suspense_fen
    assert held.releasable_fen == OPENING_FEN - OWN_FEN - paid - released_fen
    assert world.found() == found
