"""A small world of custody: families, an institution, a bank that errs, papers that come twice, late and out of order.

The one rule: the invariants look at the parts, not only at the sums.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from funds.domain.test_account import ACTIVATION, AGREEMENT, AT, HOLDER, NUMBER
from funds.domain.test_contract import LESSON, PAY, TERMS
from mingjing_funds.domain import account as a
from mingjing_funds.domain import account_state as s
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import freeze as f
from mingjing_funds.domain import order
from mingjing_funds.domain.account_rules import ACCOUNT
from mingjing_funds.domain.contract_rules import CONTRACT
from mingjing_funds.domain.ledger import Book, Posting, postings
from mingjing_funds.domain.ledger_books import figures, shortfall_fen, sums
from mingjing_funds.policy.charging_limits import LIMITS_V1
from mingjing_kernel.refusal import Refusal

CUSTODY = UUID(int=100)
FAMILIES = [UUID(int=number) for number in range(1, 4)]
LESSONS, PRICE_FEN, OWN_FEN = 7, 1_000, 500
START = date(2026, 1, 5)
family = st.sampled_from(FAMILIES)


class Custody(RuleBasedStateMachine):
    """What is decided is kept as facts; a crash forgets everything else."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[tuple[UUID, Any]] = []
        self.states: dict[UUID, Any] = {}
        self.posted: list[Posting] = []
        self.commands: list[tuple[UUID, Any]] = []
        self.statement: list[a.BookEntry] = []
        self.bank_fen = OWN_FEN
        self.day = START
        self.numbers = 0

    @initialize()
    def opened(self) -> None:
        agreement = replace(AGREEMENT, minimum_fen=OWN_FEN)
        activation = replace(ACTIVATION, opening_fen=OWN_FEN)
        self.do(CUSTODY, a.TakeOverAccount(holder=HOLDER, agreement=agreement, activation=activation))
        for id in FAMILIES:
            terms = replace(TERMS, contract_no=f"HT{id.int}", account_id=CUSTODY, lessons=LESSONS, price_fen=PRICE_FEN)
            self.do(id, c.RecordContract(terms=terms, limits=LIMITS_V1, opening_used=0))

    def do(self, stream: UUID, command: Any) -> list[Any]:
        """One command, one stream; a refusal leaves no trace."""
        decider: Any = ACCOUNT if stream == CUSTODY else CONTRACT
        before = self.states.get(stream, decider.initial)
        self.commands.append((stream, command))
        try:
            facts = decider.decide(command, before)
        except Refusal:
            return []
        self.states[stream] = decider.fold(facts, before)
        for fact in facts:
            self.facts.append((stream, fact))
            made = postings(stream, fact)
            assert sum(posting.amount_fen for posting in made) == 0
            self.posted += made
        return list(facts)

    def book(self, amount_fen: int, summary: str, reference: str = "", is_reversal: bool = False) -> None:
        """The bank books; the paper is delivered by another rule, whenever that comes to its turn."""
        self.bank_fen += amount_fen
        at: datetime = AT + timedelta(days=(self.day - START).days, minutes=len(self.statement))
        flow = f"HP{len(self.statement):05d}"
        entry = a.BookEntry(
            bank="湖畔商业银行",
            flow=flow,
            account_number=NUMBER,
            booked_at=at,
            booked_on=self.day,
            amount_fen=amount_fen,
            balance_fen=self.bank_fen,
            summary=summary,
            reference=reference,
            tail="",
            is_reversal=is_reversal,
            digest=flow,
        )
        self.statement.append(entry)

    @property
    def ledger(self) -> s.Ledger:
        state = self.states[CUSTODY]
        assert isinstance(state, s.Active | s.Held)
        return state.ledger

    def earned_fen(self) -> int:
        return sum(each.earned_fen() for each in map(self.states.get, FAMILIES) if isinstance(each, c.Paid))

    # -- families and institution

    @rule(id=family)
    def pay(self, id: UUID) -> None:
        number = f"JF{id.int}"
        pay = replace(PAY, payment_no=number, amount_fen=PRICE_FEN, paid_on=self.day, is_existing_fact=True)
        if self.do(id, pay):
            self.expect(a.Direction.PAYMENT, number, PRICE_FEN)

    @rule(id=family, number=st.integers(1, LESSONS + 1))
    def teach(self, id: UUID, number: int) -> None:
        self.do(id, replace(LESSON, lesson_no=f"KX{number}", reported_on=self.day))

    @rule(id=family, share=st.integers(1, PRICE_FEN))
    def ask_back(self, id: UUID, share: int) -> None:
        """One refund at a time, as the office has it: what is agreed is not promised twice."""
        if any(name.startswith("TF") for name in getattr(self.states[id], "refunds", {})):
            return
        self.do(id, c.RequestRefund(refund_no=f"TF{id.int}", amount_fen=share, reason="时间冲突", requested_at=AT))

    @rule(id=family, agreed=st.booleans())
    def answer(self, id: UUID, agreed: bool) -> None:
        number = f"TF{id.int}"
        said = "agreed" if agreed else "refused"
        for fact in self.do(id, c.AnswerRefund(refund_no=number, answer=said, answered_on=self.day)):
            if fact.answer == "agreed":
                self.expect(a.Direction.REFUND, number, fact.amount_fen, ordered_at=AT)

    def expect(self, direction: a.Direction, number: str, amount_fen: int, **more: Any) -> None:
        expected = {"direction": direction, "number": number, "amount_fen": amount_fen, "due_on": self.day}
        self.do(CUSTODY, a.ExpectMoney(**expected, **more))

    @rule(amount_fen=st.integers(1, 400))
    def instruct(self, amount_fen: int) -> None:
        self.numbers += 1
        self.expect(a.Direction.RELEASE, f"ZL{self.numbers}", amount_fen, earned_fen=self.earned_fen(), ordered_at=AT)

    @rule(id=family, amount_fen=st.integers(1, 400))
    def release_of(self, id: UUID, amount_fen: int) -> None:
        """One family's lessons; the account asks whether her own payment is there."""
        state = self.states[id]
        if not isinstance(state, c.Paid):
            return
        self.numbers += 1
        number, needed = f"BF{self.numbers}", state.released_fen() + amount_fen
        share = order.ReleaseShare(instruction_no=number, amount_fen=amount_fen, released_on=self.day)
        command = a.ExpectMoney(
            direction=a.Direction.RELEASE, number=number, amount_fen=amount_fen, due_on=self.day,
            earned_fen=self.earned_fen(), ordered_at=AT, backed_by=f"JF{id.int}", backed_fen=needed,
        )  # fmt: skip
        try:  # both facts or neither, as one transaction has it
            CONTRACT.decide(share, state)
            ACCOUNT.decide(command, self.states[CUSTODY])
        except Refusal:
            return
        self.do(id, share)
        self.do(CUSTODY, command)
        booked = [entry.amount_fen for entry in self.ledger.entries.values() if entry.number == f"JF{id.int}"]
        inferred = self.ledger.inferred.get(f"JF{id.int}")
        assert sum(booked) + (inferred.amount_fen if inferred else 0) >= self.states[id].released_fen()

    @rule(at=st.integers(0, 30))
    def bank_refuses(self, at: int) -> None:
        waiting = sorted(self.ledger.expected)
        if waiting:
            number = waiting[at % len(waiting)]
            self.do(CUSTODY, a.WithdrawExpectation(number=number, reason="AC04", withdrawn_on=self.day))

    # -- the bank

    @rule(at=st.integers(0, 30), off=st.sampled_from([0, 0, 0, 0, 7]))
    def carry_out(self, at: int, off: int) -> None:
        """Now and then with another amount, now and then once too often."""
        known = {**self.ledger.met, **self.ledger.expected}
        if not known:
            return
        number = sorted(known)[at % len(known)]
        waits = known[number]
        amount = waits.amount_fen + off
        self.book(amount if waits.direction is a.Direction.PAYMENT else -amount, f"转账 {number}", number)
        if waits.direction is a.Direction.REFUND:
            id = UUID(int=int(number.removeprefix("TF")))
            self.do(id, c.PayRefund(refund_no=number, amount_fen=waits.amount_fen, paid_on=self.day))

    @rule(word=st.sampled_from(["结息", "账户管理费", "货款", "往来款"]), amount_fen=st.integers(1, 50))
    def move_otherwise(self, word: str, amount_fen: int) -> None:
        self.book(-amount_fen if word in ("账户管理费", "往来款") else amount_fen, word)

    @precondition(lambda self: self.statement)
    @rule(at=st.integers(0, 30))
    def reverse(self, at: int) -> None:
        wrong = self.statement[at % len(self.statement)]
        self.book(-wrong.amount_fen, f"冲正 {wrong.reference}", wrong.reference, is_reversal=True)

    # -- papers, clocks and crashes

    @precondition(lambda self: self.statement)
    @rule(at=st.integers(0, 30))
    def deliver(self, at: int) -> None:
        """Any entry, delivered before or not, in whatever order."""
        self.do(CUSTODY, self.statement[at % len(self.statement)])

    @rule(at=st.integers(0, 200))
    def retry(self, at: int) -> None:
        """Whoever did not hear the answer says it again."""
        stream, command = self.commands[at % len(self.commands)]
        before = len(self.facts)
        again = self.do(stream, command)
        for fact in again:
            assert not isinstance(fact, a.EntryBooked | c.ContractPaid | c.LessonConfirmed) or self.is_new(fact, before)

    def is_new(self, fact: Any, before: int) -> bool:
        return all(known != fact for _, known in self.facts[:before])

    @rule(days=st.integers(1, 5))
    def time_passes(self, days: int) -> None:
        self.day += timedelta(days=days)

    @rule(amount_fen=st.none() | st.integers(1, 2_000), days=st.integers(0, 9))
    def freeze(self, amount_fen: int | None, days: int) -> None:
        self.numbers += 1
        order = f.Freeze(
            order_no=f"执{self.numbers}", authority="法院", legal_basis="民事诉讼法", amount_fen=amount_fen,
            frozen_on=self.day, until=self.day + timedelta(days=days),
        )  # fmt: skip
        self.do(CUSTODY, order)

    @rule()
    def crash(self) -> None:
        """All that is left is the log."""
        streams: dict[UUID, list[Any]] = defaultdict(list)
        for stream, fact in self.facts:
            streams[stream].append(fact)
        for stream, facts in streams.items():
            decider: Any = ACCOUNT if stream == CUSTODY else CONTRACT
            rebuilt = decider.fold(facts)
            for part in ("earned_fen", "remaining_fen"):
                if hasattr(rebuilt, part):
                    assert getattr(rebuilt, part)() == getattr(self.states[stream], part)()
            self.states[stream] = rebuilt

    # -- what must hold

    @invariant()
    def the_books_balance_and_agree_with_what_was_decided(self) -> None:
        if CUSTODY not in self.states:
            return
        held = figures(self.posted, ACTIVATION.opening_on)
        assert held.cash_fen == self.ledger.balance_fen() + self.ledger.gap_fen
        owed = held.own_money_fen + held.unconsumed_fen + held.confirmed_unreleased_fen + held.interest_fen
        assert held.cash_fen + held.in_transit_fen == owed + held.unexplained_fen
        assert held.cash_fen == OWN_FEN + sum(
            posting.amount_fen
            for posting in self.posted
            if posting.book is Book.CUSTODY_CASH and posting.day > ACTIVATION.opening_on
        )
        assert shortfall_fen(held) >= 0

    @invariant()
    def no_part_is_negative_and_no_release_is_beyond_what_lessons_earned(self) -> None:
        family_fen: dict[str, int] = defaultdict(int)
        instructed = 0
        for (book, part), fen in sums(self.posted).items():
            if book in (Book.PREPAYMENT, Book.REFUND_PAYABLE):
                family_fen[part] -= fen
            elif book is Book.RELEASED:
                assert fen < 0, "an instruction is carried out once at most"
            elif book is Book.OWN_MONEY:
                assert fen < 0
            elif book is Book.RELEASABLE:
                assert fen <= 0, "nothing is instructed before it was earned"
                instructed = fen
        assert instructed <= 0
        for id in FAMILIES:
            state = self.states.get(id)
            remaining = state.remaining_fen() if isinstance(state, c.Paid) else 0
            assert family_fen[str(id)] == remaining >= 0
            if isinstance(state, c.Paid):
                assert state.earned_fen() == PRICE_FEN * state.delivery.used // LESSONS
                assert state.earned_fen() + state.refunded_fen + remaining == PRICE_FEN

    @invariant()
    def an_entry_and_an_instruction_count_once(self) -> None:
        booked = [fact for stream, fact in self.facts if isinstance(fact, a.EntryBooked)]
        assert len({fact.flow for fact in booked}) == len(booked)
        numbers = [fact.number for _, fact in self.facts if isinstance(fact, a.MoneyExpected)]
        assert len(set(numbers)) == len(numbers), "a number that was refused is spent"
        net: dict[str, int] = defaultdict(int)
        for posting in self.posted:
            if posting.book is Book.RELEASED and posting.amount_fen > 0:
                net[posting.part] += 1
            elif posting.book is Book.RELEASED:
                net[posting.part] -= 1
        assert all(-1 <= count <= 0 for count in net.values())

    def teardown(self) -> None:
        """When every paper has come, the books say what the bank says."""
        if CUSTODY not in self.states:
            return
        for entry in self.statement:
            self.do(CUSTODY, entry)
        assert figures(self.posted, ACTIVATION.opening_on).cash_fen == self.bank_fen
        assert self.ledger.balance_fen() + self.ledger.gap_fen == self.bank_fen


TestCustody = Custody.TestCase
TestCustody.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
