"""Whatever is asked of a contract, in any order and any number of times: its money adds up, and no part is negative."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from funds.domain.test_contract_life import CODE
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import lesson, order, refund
from mingjing_funds.domain.contract_rules import CONTRACT, hindrance
from mingjing_funds.domain.ledger import Book, Posting, postings
from mingjing_funds.domain.ledger_books import sums
from mingjing_funds.domain.order_rules import stage
from mingjing_funds.policy.charging_limits import LIMITS_V1
from mingjing_kernel.refusal import Refusal

ACCOUNT, CONTRACT_ID, FORMER, NEXT = (UUID(int=number) for number in (1, 2, 5, 6))
START = date(2026, 3, 2)
PRICE = 2_999_01
TERMS = c.Terms(
    contract_no="HT1",
    account_id=ACCOUNT,
    institution_id=None,
    vendor_code="",
    department="教育局",
    region="330106",
    category="art",
    course="少儿声乐",
    is_subject=False,
    lessons=4,
    gift_lessons=2,
    price_fen=PRICE,
    starts_on=START,
    ends_on=date(2026, 5, 31),
    signed_at=datetime(2026, 3, 1, tzinfo=UTC),
    is_model_text=True,
)
LESSONS, REFUNDS = st.sampled_from([f"KX{number}" for number in range(4)]), st.sampled_from(["TF1", "TF2"])
INSTRUCTIONS = st.sampled_from(["ZL1", "ZL2", "ZL3"])
FEN = st.sampled_from([1, PRICE // 4, PRICE // 2, PRICE, PRICE + 1])
REVIEW = refund.Review(policy_version="refund/1", asked_on=START)


class AnyOrder(RuleBasedStateMachine):
    """A person, an institution, a bank and two clocks, all at once."""

    def __init__(self) -> None:
        super().__init__()
        self.state: c.Contract = c.Unsigned()
        self.day = START
        self.posted: list[Posting] = []
        self.sums = dict.fromkeys(("paid", "earned", "refunded", "transferred", "released"), 0)

    @property
    def at(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC)

    def do(self, command: c.Command) -> None:
        """Carry it out, and once more: at-least-once delivery changes nothing."""
        why = hindrance(type(command), self.state)
        try:
            facts = CONTRACT.decide(command, self.state)
        except Refusal:
            return
        assert why is None or facts == []
        for fact in facts:
            self.state = CONTRACT.evolve(self.state, fact)
            self.count(fact)
        try:
            assert CONTRACT.decide(command, self.state) == []
        except Refusal:
            # What a person decided, and what took everything, is refused when it is asked for again.
            assert isinstance(command, lesson.DecideAlteration | refund.EndMediation | refund.CloseRefund), command

    def count(self, fact: Any) -> None:
        made = postings(CONTRACT_ID, fact)
        assert sum(posting.amount_fen for posting in made) == 0
        self.posted += made
        match fact:
            case c.ContractPaid() | order.TransferredIn():
                self.sums["paid"] += fact.amount_fen
                self.sums["earned"] += fact.earned_fen
            case c.LessonConfirmed():
                self.sums["earned"] += fact.earned_fen
            case lesson.LessonTakenBack():
                self.sums["earned"] -= fact.returned_fen
            case c.RefundPaid():
                self.sums["refunded"] += fact.amount_fen
            case refund.RefundReturned():
                self.sums["refunded"] -= fact.amount_fen
            case order.TransferredOut():
                self.sums["transferred"] += fact.amount_fen
            case order.ShareReleased():
                self.sums["released"] += fact.amount_fen
            case order.ShareTakenBack():
                self.sums["released"] -= fact.amount_fen
            case _:
                pass

    @initialize(
        opening=st.sampled_from([0, 0, 1]), is_drafted=st.booleans(), is_paid=st.sampled_from([True, True, False])
    )
    def sign(self, opening: int, is_drafted: bool, is_paid: bool) -> None:
        if is_drafted:
            self.do(c.DraftContract(terms=TERMS, drafted_on=START))
        self.do(c.RecordContract(terms=TERMS, limits=LIMITS_V1, opening_used=opening))
        if is_paid:
            self.pay(by_transfer=False)

    @rule(days=st.integers(0, 40))
    def wait(self, days: int) -> None:
        self.day += timedelta(days)

    @rule(no=LESSONS, units=st.integers(1, 2), is_disputed=st.sampled_from([False, False, True]))
    def teach(self, no: str, units: int, is_disputed: bool) -> None:
        """As it goes as a rule: delivered, asked about, answered."""
        self.report(no, units, False, c.LessonStanding.DELIVERED)
        self.ask([no], 4)
        self.answer(4, [] if is_disputed else [no], [no] if is_disputed else [])

    @rule(nos=st.permutations(["KX0", "KX1", "KX2", "KX3"]), count=st.integers(1, 4))
    def teach_many(self, nos: list[str], count: int) -> None:
        for no in nos[:count]:
            self.report(no, 1, False, c.LessonStanding.CONFIRMED)

    @rule(no=REFUNDS, fen=FEN, word=st.sampled_from(["agreed", "agreed", "refused", "silence"]), goes=st.booleans())
    def pay_back(self, no: str, fen: int, word: Any, goes: bool) -> None:
        """As it goes as a rule: asked for, answered, instructed."""
        self.request(no, fen, refund.RefundKind.ORDINARY)
        if word == "silence":
            self.step_refund(no, "silence")
        else:
            self.answer_refund(no, word)
        if goes:
            self.instruct(no, f"TZ-{no}", False)

    @rule(by_transfer=st.booleans())
    def pay(self, by_transfer: bool) -> None:
        if by_transfer:
            self.do(
                order.TransferIn(
                    from_contract_id=FORMER,
                    from_contract_no="HT0",
                    account_id=ACCOUNT,
                    amount_fen=PRICE,
                    transferred_on=self.day,
                )
            )
        else:
            said: dict[str, Any] = {
                "paid_at": self.at,
                "paid_on": self.day,
                "method": "微信",
                "is_existing_fact": False,
            }
            self.do(c.RecordPayment(payment_no="JF1", amount_fen=PRICE, **said))

    @rule(no=LESSONS, units=st.integers(1, 2), is_gift=st.booleans(), standing=st.sampled_from(c.LessonStanding))
    def report(self, no: str, units: int, is_gift: bool, standing: c.LessonStanding) -> None:
        said: dict[str, Any] = {"how": "", "confirmed_at": None, "content": "", "reported_on": self.day}
        said |= {"units": units, "is_gift": is_gift, "standing": standing}
        self.do(c.ReportLesson(lesson_no=no, held_on=START, **said))

    @rule(nos=st.lists(LESSONS, max_size=3), request=st.integers(1, 3))
    def ask(self, nos: list[str], request: int) -> None:
        self.do(
            lesson.AskConfirmation(
                request_id=UUID(int=request),
                lesson_nos=tuple(nos),
                code_digest="x",
                code=CODE,
                expires_at=self.at + timedelta(30),
                working_days=15,
                policy_version="confirmation/1",
                asked_on=self.day,
            )
        )

    @rule(request=st.integers(1, 3), held=st.lists(LESSONS, max_size=2), disputed=st.lists(LESSONS, max_size=2))
    def answer(self, request: int, held: list[str], disputed: list[str]) -> None:
        self.do(
            lesson.AnswerLessons(
                request_id=UUID(int=request),
                held=tuple(held),
                disputed=tuple(disputed),
                answered_at=self.at,
                answered_on=self.day,
            )
        )

    @rule(no=LESSONS)
    def fall_silent(self, no: str) -> None:
        self.do(lesson.ConfirmBySilence(lesson_no=no, on=self.day))

    @rule(no=LESSONS)
    def dispute(self, no: str) -> None:
        self.do(lesson.DisputeLesson(lesson_no=no, voice=lesson.Voice.FAMILY, reason="", disputed_on=self.day))

    @rule(no=LESSONS, was_held=st.booleans())
    def settle(self, no: str, was_held: bool) -> None:
        self.do(
            lesson.SettleLesson(
                lesson_no=no,
                was_held=was_held,
                reason="签到表",
                settled_by="song",
                settled_at=self.at,
                settled_on=self.day,
            )
        )

    @rule(no=LESSONS, outcome=st.sampled_from(lesson.Outcome))
    def decide_alteration(self, no: str, outcome: lesson.Outcome) -> None:
        if not isinstance(self.state, c.Signed | c.Paid) or no not in self.state.life.altered:
            return
        other = self.state.life.altered[no]
        self.do(
            lesson.DecideAlteration(
                lesson_no=no,
                outcome=outcome,
                held_on=other.held_on,
                units=other.units,
                standing=other.standing,
                reason="签到表",
                decided_by="song",
                decided_on=self.day,
            )
        )

    @rule(no=REFUNDS, fen=FEN, kind=st.none() | st.sampled_from(refund.RefundKind))
    def request(self, no: str, fen: int, kind: refund.RefundKind | None) -> None:
        review = None if kind is None else replace(REVIEW, kind=kind, asked_on=self.day)
        self.do(c.RequestRefund(refund_no=no, amount_fen=fen, reason="", requested_at=self.at, review=review))

    @rule(no=REFUNDS, word=st.sampled_from(["agreed", "auto-agreed", "refused"]))
    def answer_refund(self, no: str, word: c.RefundWord) -> None:
        self.do(c.AnswerRefund(refund_no=no, answer=word, answered_on=self.day))

    @rule(no=REFUNDS, step=st.sampled_from(["silence", "object", "mediate", "overdue", "stay", "resume"]))
    def step_refund(self, no: str, step: str) -> None:
        on = self.day
        commands: dict[str, c.Command] = {
            "silence": refund.AgreeBySilence(refund_no=no, on=on),
            "object": refund.ObjectToCoolingOff(refund_no=no, reason="", objected_on=on),
            "mediate": refund.TakeToMediation(refund_no=no, reference="TS1", mediated_on=on),
            "overdue": refund.NoteRefundOverdue(refund_no=no, on=on),
            "stay": refund.StayRefund(refund_no=no, reference="法院", stayed_on=on),
            "resume": refund.ResumeRefund(refund_no=no, reference="法院", resumed_on=on),
        }
        self.do(commands[step])

    @rule(no=REFUNDS, fen=FEN | st.just(0))
    def end_mediation(self, no: str, fen: int) -> None:
        self.do(refund.EndMediation(refund_no=no, amount_fen=fen, reason="", ended_on=self.day))

    @rule(fen=FEN)
    def grant(self, fen: int) -> None:
        self.do(
            refund.GrantRefund(
                refund_no="QT1", list_id=UUID(int=9), owed_fen=PRICE, amount_fen=fen, pay_days=15, granted_on=self.day
            )
        )

    @rule(no=REFUNDS | st.just("QT1"), instruction=INSTRUCTIONS, fails=st.booleans())
    def instruct(self, no: str, instruction: str, fails: bool) -> None:
        self.do(
            refund.InstructRefund(
                refund_no=no,
                instruction_no=instruction,
                payment_no="JF1",
                other_way_because="原路已销户",
                instructed_on=self.day,
            )
        )
        if fails:
            self.do(refund.FailRefund(refund_no=no, instruction_no=instruction, reason="户名不符", failed_on=self.day))

    @rule(no=REFUNDS | st.just("QT1"))
    def repay(self, no: str) -> None:
        """What was agreed here can always be paid: no lesson that was confirmed meanwhile has taken its money."""
        if not isinstance(self.state, c.Paid) or no not in self.state.refunds:
            return
        asked = self.state.refunds[no]
        if asked.is_kept and asked.standing in refund.PROMISED:
            assert asked.amount_fen <= self.state.remaining_fen()
        self.do(c.PayRefund(refund_no=no, amount_fen=asked.amount_fen, paid_on=self.day))

    @rule(no=REFUNDS | st.just("QT1"))
    def come_back(self, no: str) -> None:
        """The bank has taken its debit back: what counted as paid is owed again, and its money is here."""
        if not isinstance(self.state, c.Paid) or no not in self.state.refunds:
            return
        asked, left = self.state.refunds[no], self.state.remaining_fen()
        was_paid = asked.standing is refund.RefundStanding.PAID or asked.end is refund.RefundEnd.PAID
        instruction = asked.instructions[-1] if asked.instructions else "TZ0"
        self.do(refund.ReturnRefund(refund_no=no, instruction_no=instruction, returned_on=self.day))
        if was_paid and asked.instructions:
            assert self.state.remaining_fen() == left + asked.amount_fen
            assert self.state.refunds[no].standing is refund.RefundStanding.FAILED

    @rule(no=REFUNDS, end=st.sampled_from(refund.RefundEnd))
    def close(self, no: str, end: refund.RefundEnd) -> None:
        self.do(refund.CloseRefund(refund_no=no, end=end, reason="", closed_on=self.day))

    @rule(instruction=INSTRUCTIONS, part=st.integers(1, 3), comes_back=st.booleans())
    def release(self, instruction: str, part: int, comes_back: bool) -> None:
        if not isinstance(self.state, c.Paid):
            return
        fen = (self.state.earned_fen() - self.state.released_fen()) * part // 2  # half, all, or too much
        self.do(order.ReleaseShare(instruction_no=instruction, amount_fen=fen, released_on=self.day))
        if comes_back:
            self.do(order.TakeShareBack(instruction_no=instruction, reason="账号有误", taken_back_on=self.day))

    @rule(reference=st.sampled_from(["TS7", "TS8"]), ends=st.booleans())
    def freeze(self, reference: str, ends: bool) -> None:
        cause = order.FreezeCause.COMPLAINT
        self.do(order.FreezeRelease(cause=cause, reference=reference, frozen_on=self.day))
        if ends:
            self.do(order.UnfreezeRelease(reference=reference, unfrozen_on=self.day))

    @rule()
    def transfer(self) -> None:
        if isinstance(self.state, c.Paid):
            self.do(
                order.TransferOut(
                    to_contract_id=NEXT,
                    to_contract_no="HT2",
                    kind=order.TransferKind.COURSE,
                    amount_fen=self.state.life.transferred_fen or self.state.remaining_fen(),
                    reason="换课",
                    transferred_on=self.day,
                )
            )

    @rule()
    def expire(self) -> None:
        self.do(order.ExpireContract(on=self.day))

    @invariant()
    def money_adds_up_and_no_part_is_negative(self) -> None:
        if not isinstance(self.state, c.Paid):
            return
        sums, state = self.sums, self.state
        earned, remaining = state.earned_fen(), state.remaining_fen()
        opening = PRICE * state.life.opening_used // TERMS.lessons
        assert (state.paid_fen, earned, state.refunded_fen) == (sums["paid"], sums["earned"], sums["refunded"])
        assert state.life.transferred_fen == sums["transferred"]
        assert state.paid_fen == earned + state.refunded_fen + state.life.transferred_fen + remaining
        assert min(earned, state.refunded_fen, state.life.transferred_fen, remaining) >= 0
        assert state.released_fen() == sums["released"] + opening
        assert opening <= state.released_fen() <= earned
        assert 0 <= state.promised_fen() <= remaining

    @invariant()
    def the_ledger_says_the_same_of_each_part(self) -> None:
        state, owed = self.state, {key: -fen for key, fen in sums(self.posted).items()}
        if not isinstance(state, c.Paid):
            assert not owed
            return
        payable = sum(one.amount_fen for one in state.refunds.values() if one.standing in refund.PROMISED)
        part, came = str(CONTRACT_ID), state.payment_no.startswith("transfer")
        expected = {
            (Book.PREPAYMENT, part): state.remaining_fen() - payable,
            (Book.REFUND_PAYABLE, part): payable,
            (Book.RELEASABLE, ""): state.earned_fen(),
            (Book.TRANSFERRED, str(NEXT)): state.life.transferred_fen,
            (Book.TRANSFERRED, part): -state.paid_fen if came else 0,
            (Book.PAYMENTS_IN_TRANSIT, state.payment_no): 0 if came else -state.paid_fen,
        }
        refunded = {key: fen for key, fen in owed.items() if key[0] is Book.REFUNDS_IN_TRANSIT}
        assert sum(refunded.values()) == state.refunded_fen
        assert {key: fen for key, fen in owed.items() if key not in refunded} == {
            key: fen for key, fen in expected.items() if fen
        }

    @invariant()
    def lessons_are_counted_once(self) -> None:
        if not isinstance(self.state, c.Signed | c.Paid):
            return
        counted = sum(
            seen.units
            for seen in self.state.delivery.lessons.values()
            if seen.standing in c.CONFIRMED and not seen.is_gift
        )
        assert self.state.delivery.used == self.state.life.opening_used + counted <= TERMS.lessons

    @invariant()
    def an_order_has_one_stage(self) -> None:
        assert (stage(self.state) is None) == isinstance(self.state, c.Unsigned)


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
