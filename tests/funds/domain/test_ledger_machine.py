"""A small world of custody: families, an institution, two banks that err, papers that come twice, late and out of
order, and contracts that go over from one bank to the other at any moment.

The one rule: the invariants look at the parts, not only at the sums.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from funds.domain.custody_world import CUSTODY, NEXT, NUMBERS, OWN_FEN, World
from funds.domain.test_account import ACTIVATION, AGREEMENT, AT, HOLDER
from funds.domain.test_contract import LESSON, PAY, TERMS
from mingjing_funds.domain import account as a
from mingjing_funds.domain import carrying, carrying_rules, order
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import custodian as m
from mingjing_funds.domain import freeze as f
from mingjing_funds.domain.account_rules import ACCOUNT
from mingjing_funds.domain.backing import PaymentNotCredited, credited_fen
from mingjing_funds.domain.carrying_accounts import come_back, is_known
from mingjing_funds.domain.contract_rules import CONTRACT
from mingjing_funds.domain.ledger import Book
from mingjing_funds.domain.ledger_books import figures, shortfall_fen, sums
from mingjing_funds.domain.settlement import MoveEntry
from mingjing_funds.policy.charging_limits import LIMITS_V1
from mingjing_kernel.refusal import Refusal

TRANSIT_DAYS = 5
SIGNS = {Book.RELEASED: -1, Book.OWN_MONEY: -1, Book.RELEASABLE: -1, Book.PAYMENTS_IN_TRANSIT: 1}
"""Parts that are never on the other side."""
FAMILIES = [UUID(int=number) for number in range(1, 4)]
LESSONS, PRICE_FEN = 7, 1_000
family = st.sampled_from(FAMILIES)
account = st.sampled_from([CUSTODY, NEXT])


class Custody(World):
    """What is decided is kept as facts; a crash forgets everything else."""

    @initialize(opening_fen=st.sampled_from([0, OWN_FEN]))
    def opened(self, opening_fen: int) -> None:
        """The same minimum on both; the new one holds it from its opening, or it comes with the balance."""
        agreement = replace(AGREEMENT, minimum_fen=OWN_FEN)
        self.opening[NEXT] = self.bank_fen[NEXT] = opening_fen
        for id, number in NUMBERS.items():
            opening = replace(ACTIVATION, opening_fen=self.opening[id], number=number)
            self.do(id, a.TakeOverAccount(holder=HOLDER, agreement=agreement, activation=opening))
        for id in FAMILIES:
            terms = replace(TERMS, contract_no=f"HT{id.int}", account_id=CUSTODY, lessons=LESSONS, price_fen=PRICE_FEN)
            self.do(id, c.RecordContract(terms=terms, limits=LIMITS_V1, opening_used=0))

    # -- families and institution

    @rule(id=family)
    def pay(self, id: UUID) -> None:
        number = f"JF{id.int}"
        pay = replace(PAY, payment_no=number, amount_fen=PRICE_FEN, paid_on=self.day, is_existing_fact=True)
        if self.do(id, pay):
            self.expect(self.home(id), a.Direction.PAYMENT, number, PRICE_FEN)

    @rule(id=family, number=st.integers(1, LESSONS + 1))
    def teach(self, id: UUID, number: int) -> None:
        self.do(id, replace(LESSON, lesson_no=f"KX{number}", reported_on=self.day))

    @rule(id=family, share=st.integers(1, PRICE_FEN))
    def ask_back(self, id: UUID, share: int) -> None:
        """One refund at a time, as the office has it: what is agreed is not promised twice."""
        if any(name.startswith("TF") for name in getattr(self.states[id], "refunds", {})):
            return
        self.do(id, c.RequestRefund(refund_no=f"TF{id.int}", amount_fen=share, reason="时间冲突", requested_at=AT))

    @rule(id=family, agreed=st.booleans(), ordered=st.booleans())
    def answer(self, id: UUID, agreed: bool, ordered: bool) -> None:
        number = f"TF{id.int}"
        said = "agreed" if agreed else "refused"
        for fact in self.do(id, c.AnswerRefund(refund_no=number, answer=said, answered_on=self.day)):
            if fact.answer == "agreed" and ordered:
                self.expect(self.home(id), a.Direction.REFUND, number, fact.amount_fen, ordered_at=AT)

    def expect(self, id: UUID, direction: a.Direction, number: str, amount_fen: int, **more: Any) -> None:
        expected = {"direction": direction, "number": number, "amount_fen": amount_fen, "due_on": self.day}
        self.do(id, a.ExpectMoney(**expected, **more))

    @rule(id=account, amount_fen=st.integers(1, 400))
    def instruct(self, id: UUID, amount_fen: int) -> None:
        self.numbers += 1
        number, earned = f"ZL{self.numbers}", self.earned[id]
        self.expect(id, a.Direction.RELEASE, number, amount_fen, earned_fen=earned, ordered_at=AT)

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
            earned_fen=self.earned[self.home(id)], ordered_at=AT, backed_by=f"JF{id.int}", backed_fen=needed,
        )  # fmt: skip
        try:
            ACCOUNT.decide(command, self.states[self.home(id)])
        except PaymentNotCredited:
            assert self.came_in(f"JF{id.int}") < needed
        except Refusal:
            return
        if not self.together((id, share), (self.home(id), command)):
            return
        assert self.came_in(f"JF{id.int}") >= self.states[id].released_fen()
        both = self.credited(CUSTODY, f"JF{id.int}") + self.credited(NEXT, f"JF{id.int}")
        is_reversed = f"JF{id.int}" in come_back(self.ledger(CUSTODY), self.ledger(NEXT))
        assert is_reversed or both >= self.states[id].released_fen(), "no family's lessons are paid by another's money"

    def came_in(self, number: str) -> int:
        """What has been credited of a payment, as far as the bank that keeps the contract may know: where it was there
        before the contract came, what the former bank said then and nothing beside it.
        """
        home = self.home(UUID(int=int(number.removeprefix("JF"))))
        return self.told.get(number, 0) or self.credited(home, number)

    def credited(self, id: UUID, number: str) -> int:
        """By one bank's lines and balances, reversals taken off; counted in the facts."""
        of_it = [fact for stream, fact in self.facts if stream == id and getattr(fact, "number", "") == number]
        booked = sum(fact.amount_fen for fact in of_it if isinstance(fact, a.EntryBooked | a.EntryExplained))
        inferred = sum(fact.amount_fen for fact in of_it if isinstance(fact, a.EntryInferred))
        return booked + inferred - sum(fact.amount_fen for fact in of_it if isinstance(fact, a.InferenceWithdrawn))

    @rule(id=family)
    def say_again(self, id: UUID) -> None:
        """Whoever asks again asks the account that keeps the contract now; a number is expected once all the same."""
        state, home = self.states[id], self.home(id)
        if not isinstance(state, c.Paid):
            return
        self.expect(home, a.Direction.PAYMENT, state.payment_no, PRICE_FEN, contract_id=id)
        for number, share in state.life.shares.items():
            order_ = {"earned_fen": self.earned[home], "ordered_at": AT, "contract_id": id}
            self.expect(home, a.Direction.RELEASE, number, share.amount_fen, **order_)

    @rule(id=account, at=st.integers(0, 30))
    def bank_refuses(self, id: UUID, at: int) -> None:
        waiting = sorted(self.ledger(id).expected)
        if waiting:
            number = waiting[at % len(waiting)]
            self.do(id, a.WithdrawExpectation(number=number, reason="AC04", withdrawn_on=self.day))

    # -- a change of bank

    @rule(amount_fen=st.integers(1, 2_000), is_told=st.booleans())
    def send_balance(self, amount_fen: int, is_told: bool) -> None:
        out = self.book(CUSTODY, -amount_fen, "余额划转")
        self.transfers.append((amount_fen, out, self.book(NEXT, amount_fen, "余额划转")))
        for id, entry in self.statement[-2:] if is_told else ():
            self.do(id, entry)
        if is_told:
            self.note(*self.transfers[-1])

    @precondition(lambda self: self.transfers)
    @rule(at=st.integers(0, 5))
    def note_transfer(self, at: int) -> None:
        self.note(*self.transfers[at % len(self.transfers)])

    def note(self, amount_fen: int, out: str, into: str) -> None:
        if out not in self.ledger(CUSTODY).suspense or into not in self.ledger(NEXT).suspense:
            return
        self.do(CUSTODY, MoveEntry(flow=out))
        self.do(NEXT, MoveEntry(flow=into))
        own_fen = OWN_FEN - self.opening[NEXT]
        note = m.NoteTransfer(amount_fen=amount_fen, flow_out=out, flow_in=into, on=self.day, own_fen=own_fen)
        for fact in m.CUSTODIAN.decide(note, self.custodian):
            self.custodian = m.CUSTODIAN.evolve(self.custodian, fact)
            self.post(CUSTODY, fact)

    @rule(some=st.sets(family), twice=st.booleans())
    def carry(self, some: set[UUID], twice: bool) -> None:
        """As many as go; the last of them take what is left in the books. Said twice, it is once."""
        before, kept = self.both(), [id for id in FAMILIES if self.home(id) == CUSTODY]
        old, new = self.ledger(CUSTODY), self.ledger(NEXT)
        going = [id for id in kept if id in some and self.waits(id) is None]
        numbers = [f"JF{id.int}" for id in going]
        credited = credited_fen(old, numbers)
        back = come_back(old, new)  # reversed since its contract went
        payments = tuple(filter(None, (carrying_rules.awaited_of(no, old, new) for no in {*numbers, *back})))
        there = self.earned[CUSTODY] - old.instructed_fen
        ours = max(min(there, carrying_rules.releasable_of(self.states[id] for id in going)), 0)
        said: dict[str, Any] = {"contracts": tuple(going), "payments": payments, "moved_on": self.day}
        said["releasable_fen"] = there if going == kept else ours
        credits = tuple(carrying.Credit(payment_no=no, credited_fen=fen) for no, fen in credited.items() if fen)
        its = {no for id in going for no in carrying_rules.numbers_of(self.states[id], f"JF{id.int}")}
        spent = carrying_rules.spent_of(its, payments, old)
        works = [
            *((id, self.move(id)) for id in going),
            (CUSTODY, carrying.LetContractsGo(new_id=NEXT, earned_fen=self.earned[CUSTODY], **said)),
            (NEXT, carrying.TakeContracts(old_id=CUSTODY, credits=credits, spent=spent, **said)),
        ]
        for _ in range(2 if twice and going else 1):
            assert self.together(*works)
        self.told |= {number: self.credited(CUSTODY, number) for number in {*numbers, *back}}
        for number, told in self.told.items():
            assert told == self.credited(CUSTODY, number), "whoever carries hears what the former bank has reversed"
        assert self.both() == before
        if going == kept:
            assert self.earned[CUSTODY] == self.ledger(CUSTODY).instructed_fen

    def move(self, id: UUID) -> carrying.MoveContract:
        payment_no, earned = carrying_rules.seen(self.states[id])
        said: dict[str, Any] = {"payment_no": payment_no, "earned_fen": earned, "moved_on": self.day}
        return carrying.MoveContract(old_id=CUSTODY, new_id=NEXT, **said)

    def waits(self, id: UUID) -> carrying.Wait | None:
        ledgers = (self.ledger(CUSTODY), self.ledger(NEXT))
        return carrying_rules.waits(self.states[id], f"JF{id.int}", ledgers, self.day, TRANSIT_DAYS)

    def both(self) -> dict[tuple[Book, str], int]:
        """What stands in each part over both accounts; of the money that moved between them, the sum."""
        found = dict(sums(posting for posting in self.posted if posting.book is not Book.MOVED))
        found[Book.MOVED, ""] = sum(posting.amount_fen for posting in self.posted if posting.book is Book.MOVED)
        return found

    # -- the bank

    @rule(id=account, at=st.integers(0, 30), off=st.sampled_from([0, 0, 0, 0, 7]))
    def carry_out(self, id: UUID, at: int, off: int) -> None:
        """Now and then with another amount, now and then once too often."""
        known = {**self.ledger(id).met, **self.ledger(id).expected}
        if not known:
            return
        number = sorted(known)[at % len(known)]
        waits = known[number]
        amount = waits.amount_fen + off
        self.book(id, amount if waits.direction is a.Direction.PAYMENT else -amount, f"转账 {number}", number)
        if waits.direction is a.Direction.REFUND:
            whose = UUID(int=int(number.removeprefix("TF")))
            self.do(whose, c.PayRefund(refund_no=number, amount_fen=waits.amount_fen, paid_on=self.day))

    @rule(id=account, word=st.sampled_from(["结息", "账户管理费", "货款", "往来款"]), amount_fen=st.integers(1, 50))
    def move_otherwise(self, id: UUID, word: str, amount_fen: int) -> None:
        self.book(id, -amount_fen if word in ("账户管理费", "往来款") else amount_fen, word)

    @precondition(lambda self: self.statement)
    @rule(at=st.integers(0, 30))
    def reverse(self, at: int) -> None:
        id, wrong = self.statement[at % len(self.statement)]
        self.book(id, -wrong.amount_fen, f"冲正 {wrong.reference}", wrong.reference, is_reversal=True)

    # -- papers, clocks and crashes

    @precondition(lambda self: self.statement)
    @rule(at=st.integers(0, 30))
    def deliver(self, at: int) -> None:
        """Any entry, delivered before or not, in whatever order."""
        self.do(*self.statement[at % len(self.statement)])

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
            decider: Any = ACCOUNT if stream in NUMBERS else CONTRACT
            rebuilt = decider.fold(facts)
            for part in ("earned_fen", "remaining_fen"):
                if hasattr(rebuilt, part):
                    assert getattr(rebuilt, part)() == getattr(self.states[stream], part)()
            self.states[stream] = rebuilt

    # -- what must hold

    @invariant()
    def the_books_balance_and_agree_with_what_was_decided(self) -> None:
        for id in NUMBERS if NEXT in self.states else ():
            mine = [posting for posting in self.posted if posting.account_id == id]
            held, ledger = figures(mine, ACTIVATION.opening_on), self.ledger(id)
            assert held.cash_fen == ledger.balance_fen() + ledger.gap_fen
            owed = held.own_money_fen + held.unconsumed_fen + held.confirmed_unreleased_fen + held.interest_fen
            assert held.cash_fen + held.in_transit_fen == owed + held.unexplained_fen + held.moved_fen
            assert held.cash_fen == self.opening[id] + sum(
                posting.amount_fen
                for posting in mine
                if posting.book is Book.CUSTODY_CASH and posting.day > ACTIVATION.opening_on
            )
            assert shortfall_fen(held) >= 0

    @invariant()
    def no_part_is_negative_and_no_release_is_beyond_what_lessons_earned(self) -> None:
        family_fen: dict[tuple[UUID, str], int] = defaultdict(int)
        for account_id in NUMBERS if NEXT in self.states else ():
            mine, ledger = [one for one in self.posted if one.account_id == account_id], self.ledger(account_id)
            for (book, part), fen in sums(mine).items():
                if book in (Book.PREPAYMENT, Book.REFUND_PAYABLE):
                    family_fen[account_id, part] -= fen
                elif book is Book.REFUNDS_IN_TRANSIT:
                    assert is_known(part, ledger), "a refund is paid where it was ordered"
                else:
                    lacking = OWN_FEN - self.opening[account_id] if book is Book.RELEASABLE else 0
                    assert fen * SIGNS.get(book, 0) >= -lacking, "in transit until credited; carried out once"
            releasable = -sum(one.amount_fen for one in mine if one.book is Book.RELEASABLE)
            assert releasable == self.earned[account_id] - ledger.instructed_fen
        for id in FAMILIES if NEXT in self.states else ():
            state = self.states.get(id)
            remaining = state.remaining_fen() if isinstance(state, c.Paid) else 0
            for account_id in NUMBERS:
                its_own = remaining if state is not None and self.home(id) == account_id else 0
                assert family_fen[account_id, str(id)] == its_own >= 0
            if isinstance(state, c.Paid):
                assert state.earned_fen() == PRICE_FEN * state.delivery.used // LESSONS
                assert state.earned_fen() + state.refunded_fen + remaining == PRICE_FEN

    @invariant()
    def an_entry_and_an_instruction_count_once(self) -> None:
        booked = [fact for _, fact in self.facts if isinstance(fact, a.EntryBooked)]
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
        if NEXT not in self.states:
            return
        for id, entry in self.statement:
            self.do(id, entry)
        for id in NUMBERS:
            mine = [posting for posting in self.posted if posting.account_id == id]
            assert figures(mine, ACTIVATION.opening_on).cash_fen == self.bank_fen[id]
            assert self.ledger(id).balance_fen() + self.ledger(id).gap_fen == self.bank_fen[id]


TestCustody = Custody.TestCase
TestCustody.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
