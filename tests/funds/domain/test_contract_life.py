"""Guards of an order's life, one by one: lessons, refunds, transfers, releases."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from funds.domain.test_contract import ACCOUNT, AT, CONFIRMED, LESSON, ON, PAID, SIGNED, TERMS
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import contract_refusals as because
from mingjing_funds.domain import lesson, order, refund
from mingjing_funds.domain.charge import Charge, Funding
from mingjing_funds.domain.charging_checks import Asked, ChargingNumbers, Check, Mode
from mingjing_funds.domain.charging_refusals import TrainingLoan
from mingjing_funds.domain.contract_rules import CONTRACT
from mingjing_funds.domain.lesson_refusals import LessonNotYetHeld, NobodyToAsk
from mingjing_funds.domain.order_rules import Stage, stage
from mingjing_funds.domain.refund_sum import Fault, refund_sum
from mingjing_funds.domain.release_policy import ReleaseKind, ReleasePolicy
from mingjing_funds.domain.releasing import ending_of, releasable_of
from mingjing_funds.domain.teaching_time import Day, Slot, TimeNumbers
from mingjing_funds.domain.teaching_time import Lesson as Held
from mingjing_funds.policy.charging_limits import LIMITS_V1
from mingjing_kernel.sealed.value import Sealed
from mingjing_kernel.testing.spec import Spec

REQUEST = UUID(int=7)
CODE: Sealed[str] = Sealed(subject="guardian-1", algorithm="AES-256-GCM", key_id="1", box="AAAA")
DELIVER = replace(LESSON, standing=c.LessonStanding.DELIVERED, confirmed_at=None, how="")
ASK = lesson.AskConfirmation(
    request_id=REQUEST,
    lesson_nos=("KX1",),
    code_digest="d",
    code=CODE,
    expires_at=AT + timedelta(days=30),
    working_days=15,
    policy_version="lesson-confirmation/default/1",
    asked_on=LESSON.held_on,
)
HELD = lesson.AnswerLessons(request_id=REQUEST, held=("KX1",), answered_at=AT, answered_on=ON)
DISPUTE = lesson.DisputeLesson(lesson_no="KX1", voice=lesson.Voice.FAMILY, reason="当天请假", disputed_on=ON)
RATE = lesson.AskRating(request_id=UUID(int=8), code_digest="e", code=CODE, expires_at=AT + timedelta(days=30))
REVIEW = refund.Review(policy_version="refunds/default/1", asked_on=ON)
REFUND = c.RequestRefund(refund_no="TF1", amount_fen=2_999_00, reason="", requested_at=AT, review=REVIEW)
RELEASE = order.ReleaseShare(instruction_no="ZL1", amount_fen=12495, released_on=ON)
START = CONTRACT.fold([SIGNED, PAID])


def after(*commands: c.Command, start: c.Contract = START) -> c.Contract:
    """The contract after commands that all are carried out."""
    for command in commands:
        start = CONTRACT.fold(CONTRACT.decide(command, start), start)
    return start


def names(command: c.Command, before: c.Contract) -> list[str]:
    """Which kinds of facts follow."""
    return [type(fact).__name__ for fact in CONTRACT.decide(command, before)]


def paid(contract: c.Contract) -> c.Paid:
    assert isinstance(contract, c.Paid)
    return contract


def test_a_family_confirms_once_and_silence_comes_too_late() -> None:
    asked = after(DELIVER, ASK)
    assert names(HELD, asked) == ["LessonConfirmed", "ConfirmationEnded"]
    done = after(HELD, start=asked)
    assert paid(done).earned_fen() == 12495
    assert names(HELD, done) == []
    assert names(lesson.ConfirmBySilence(lesson_no="KX1", on=ON), done) == []
    with pytest.raises(because.LessonAnswered):
        CONTRACT.decide(replace(HELD, held=(), disputed=("KX1",)), done)


def test_silence_confirms_and_says_so() -> None:
    confirmed, _ = CONTRACT.decide(lesson.ConfirmBySilence(lesson_no="KX1", on=ON), after(DELIVER, ASK))
    assert isinstance(confirmed, c.LessonConfirmed)
    assert (confirmed.is_automatic, confirmed.earned_fen) == (True, 12495)


def test_a_code_ends_and_a_newer_one_takes_its_place() -> None:
    asked = after(DELIVER, ASK)
    late = replace(HELD, answered_at=AT + timedelta(days=30))
    with pytest.raises(because.ConfirmationCodeExpired):
        CONTRACT.decide(late, asked)
    newer = replace(ASK, request_id=UUID(int=8))
    assert names(newer, asked) == ["ConfirmationCodeIssued"]  # the clock of her silence runs on
    with pytest.raises(because.ConfirmationCodeUnknown):
        CONTRACT.decide(HELD, after(newer, start=asked))


def test_nobody_confirms_what_she_has_not_seen() -> None:
    pending = replace(DELIVER, standing=c.LessonStanding.PENDING)
    asked = after(pending, ASK)
    assert names(pending, asked) == []
    assert names(replace(pending, units=2), asked) == ["LessonReported", "ConfirmationEnded"]
    changed = after(replace(pending, units=2), start=asked)
    with pytest.raises(because.ConfirmationCodeUnknown):
        CONTRACT.decide(HELD, changed)
    assert names(lesson.ConfirmBySilence(lesson_no="KX1", on=ON), changed) == []
    anew = replace(ASK, request_id=UUID(int=8))
    assert names(anew, changed) == ["ConfirmationAsked", "ConfirmationCodeIssued"]


def test_only_what_was_delivered_is_asked_about() -> None:
    planned = after(replace(DELIVER, standing=c.LessonStanding.SCHEDULED))
    with pytest.raises(because.LessonNotInState):
        CONTRACT.decide(ASK, planned)
    with pytest.raises(because.LessonUnknown):
        CONTRACT.decide(ASK, START)


def test_a_late_word_about_the_timetable_is_no_news() -> None:
    assert names(replace(DELIVER, standing=c.LessonStanding.SCHEDULED), after(DELIVER)) == []
    assert names(replace(DELIVER, units=2), after(DELIVER, ASK)) == []


def test_a_dispute_stops_this_lesson_and_no_report_counts_it() -> None:
    other = replace(LESSON, lesson_no="KX2")
    disputed = after(LESSON, other, DISPUTE)
    assert paid(disputed).earned_fen() == 12495
    assert names(LESSON, disputed) == ["LessonSetAside"]
    settle = lesson.SettleLesson(
        lesson_no="KX1", was_held=True, reason="签到表", settled_by="song", settled_at=AT, settled_on=ON
    )
    assert paid(after(settle, start=disputed)).earned_fen() == 24991
    refused = after(replace(settle, was_held=False), start=disputed)
    assert paid(refused).earned_fen() == 12495
    assert names(LESSON, refused) == ["LessonSetAside"]


def test_a_lesson_whose_money_has_gone_is_not_taken_back() -> None:
    with pytest.raises(because.LessonMoneyGone):
        CONTRACT.decide(DISPUTE, after(LESSON, RELEASE))
    back = order.TakeShareBack(instruction_no="ZL1", reason="账号有误", taken_back_on=ON)
    assert names(DISPUTE, after(LESSON, RELEASE, back)) == ["LessonTakenBack", "LessonDisputed"]


def test_a_person_decides_which_version_of_a_confirmed_lesson_stands() -> None:
    other = replace(LESSON, units=2)
    conflict = after(LESSON, other)
    decide = lesson.DecideAlteration(
        lesson_no="KX1",
        outcome=lesson.Outcome.ALTERED,
        held_on=LESSON.held_on,
        units=2,
        standing=c.LessonStanding.CONFIRMED,
        reason="签到表",
        decided_by="song",
        decided_on=ON,
    )
    with pytest.raises(because.AlterationDiffers):
        CONTRACT.decide(replace(decide, units=3), conflict)
    altered = after(decide, start=conflict)
    assert paid(altered).delivery.used == 2
    assert names(LESSON, altered) == []  # the version that lost is no news
    stands = after(replace(decide, outcome=lesson.Outcome.STANDS), start=conflict)
    assert paid(stands).delivery.used == 1
    assert names(other, stands) == []


def test_a_lesson_at_a_forbidden_time_is_not_planned_but_told_once_it_was_held() -> None:
    late = Slot(begins_at=datetime(2026, 1, 10, 11, tzinfo=UTC), ends_at=datetime(2026, 1, 10, 13, tzinfo=UTC))
    held = Held(slot=late, day=Day(), is_subject=False)
    times = TimeNumbers(version="teaching-times/1")
    planned = replace(DELIVER, standing=c.LessonStanding.SCHEDULED, held=held, times=times)
    with pytest.raises(because.TeachingTimeForbidden):
        CONTRACT.decide(planned, START)
    _, timed = CONTRACT.decide(replace(DELIVER, held=held, times=times), START)
    assert isinstance(timed, lesson.LessonTimed)
    assert [(one.rule.value, one.found, one.allowed) for one in timed.breaches] == [("T2", 1260, 1230)]


def test_a_new_charge_is_refused_by_a_blocking_rule_and_an_old_one_recorded_with_it() -> None:
    charge = Charge(
        charged_on=ON,
        starts_on=TERMS.starts_on,
        ends_on=TERMS.ends_on,
        lessons=24,
        price_fen=TERMS.price_fen,
        is_subject=False,
        funding=Funding.LOAN,
        model_text="GF-2021-2604",
    )
    asked = Asked(charge=charge, numbers=ChargingNumbers(version="charging/1"))
    Spec(CONTRACT).when(c.SignContract(terms=TERMS, limits=LIMITS_V1, asked=asked)).then_refused(TrainingLoan)
    there = c.RecordContract(terms=TERMS, limits=LIMITS_V1, asked=asked)
    Spec(CONTRACT).when(there).then_refused(TrainingLoan)  # where the policy forbids it at import, too
    warns = replace(asked.numbers, modes=dict.fromkeys(Check, Mode.WARN))
    facts = CONTRACT.decide(replace(there, asked=replace(asked, numbers=warns)), CONTRACT.initial)
    assert [fact.rule for fact in facts if isinstance(fact, c.ChargingRuleBroken)] == ["P9"]


def test_a_draft_binds_nobody_and_may_change_until_it_is_signed() -> None:
    draft = c.DraftContract(terms=TERMS, drafted_on=ON)
    written = after(draft, replace(draft, terms=replace(TERMS, lessons=20)), start=c.Unsigned())
    with pytest.raises(because.NotSigned):
        CONTRACT.decide(LESSON, written)
    signed = after(c.SignContract(terms=TERMS, limits=LIMITS_V1), start=written)
    assert stage(signed) is Stage.SIGNED
    with pytest.raises(because.ContractDiffers):
        CONTRACT.decide(draft, signed)


def test_cooling_off_gives_everything_back_within_seven_days_and_before_the_first_lesson() -> None:
    cooling = replace(REFUND, review=replace(REVIEW, kind=refund.RefundKind.COOLING_OFF))
    assert stage(after(cooling)) is Stage.COOLING_OFF
    with pytest.raises(because.CoolingOffWhole):
        CONTRACT.decide(replace(cooling, amount_fen=1), START)
    assert cooling.review is not None
    for late in (
        replace(cooling.review, asked_on=PAID.paid_on + timedelta(days=8)),
        replace(cooling.review, had_before=True),
    ):
        with pytest.raises(because.CoolingOffOver):
            CONTRACT.decide(replace(cooling, review=late), START)
    with pytest.raises(because.CoolingOffOver):
        CONTRACT.decide(replace(cooling, amount_fen=2_874_05), after(LESSON))
    objected = after(cooling, refund.ObjectToCoolingOff(refund_no="TF1", reason="试听过", objected_on=ON))
    assert stage(objected) is Stage.DISPUTED


def test_silence_agrees_to_what_lessons_have_left_and_the_day_of_payment_follows() -> None:
    facts = CONTRACT.decide(refund.AgreeBySilence(refund_no="TF1", on=ON), after(REFUND, LESSON))
    answered, payable = facts
    assert isinstance(answered, c.RefundAnswered)
    assert (answered.answer, answered.amount_fen) == ("auto-agreed", 2_874_05)
    assert isinstance(payable, refund.RefundPayable)
    assert payable.pay_by == ON + timedelta(days=15)
    early = CONTRACT.decide(refund.AgreeBySilence(refund_no="TF1", on=ON), after(REFUND))[1]
    assert isinstance(early, refund.RefundPayable)
    assert early.pay_by == ON + timedelta(days=5)  # nothing was taught yet


def test_what_was_agreed_is_kept_from_lessons() -> None:
    agreed = after(REFUND, c.AnswerRefund(refund_no="TF1", answer="agreed", answered_on=ON))
    (aside,) = CONTRACT.decide(LESSON, agreed)
    assert isinstance(aside, c.LessonSetAside)
    assert aside.reason is c.AsideReason.NO_MONEY_LEFT


def test_a_mediated_refund_freezes_this_orders_releases_until_it_is_over() -> None:
    refused = c.AnswerRefund(refund_no="TF1", answer="refused", answered_on=ON)
    mediate = refund.TakeToMediation(refund_no="TF1", reference="TS1", mediated_on=ON)
    disputed = after(LESSON, replace(REFUND, amount_fen=1_000_00), refused, mediate)
    with pytest.raises(because.OrderFrozen):
        CONTRACT.decide(RELEASE, disputed)
    end = refund.EndMediation(refund_no="TF1", amount_fen=0, reason="未达成", ended_on=ON)
    over = after(end, start=disputed)
    assert names(RELEASE, over) == ["ShareReleased"]
    assert paid(over).refunds["TF1"].end is refund.RefundEnd.REFUSED


def test_a_court_stops_a_refund_and_its_clock_and_a_failed_payment_is_tried_again() -> None:
    agreed = after(REFUND, c.AnswerRefund(refund_no="TF1", answer="agreed", answered_on=ON))
    tell = refund.InstructRefund(refund_no="TF1", instruction_no="TZ1", payment_no="JF1", instructed_on=ON)
    with pytest.raises(because.FrozenByCourt):
        CONTRACT.decide(replace(tell, frozen_by="(2026)浙0106执1号"), agreed)
    later = ON + timedelta(days=20)
    stayed = after(refund.StayRefund(refund_no="TF1", reference="执1号", stayed_on=ON), start=agreed)
    assert names(refund.NoteRefundOverdue(refund_no="TF1", on=later), stayed) == []
    resumed = after(refund.ResumeRefund(refund_no="TF1", reference="执1号", resumed_on=later), start=stayed)
    assert paid(resumed).refunds["TF1"].pay_by == later + timedelta(days=5)
    fail = refund.FailRefund(refund_no="TF1", instruction_no="TZ1", reason="户名不符", failed_on=later)
    failed = after(tell, fail, start=resumed)
    with pytest.raises(because.InstructionUsed):
        CONTRACT.decide(tell, failed)
    again = replace(tell, instruction_no="TZ2")
    done = after(again, c.PayRefund(refund_no="TF1", amount_fen=2_999_00, paid_on=later), start=failed)
    assert stage(done) is Stage.REFUNDED
    assert names(again, done) == []


def test_money_goes_back_where_it_came_from() -> None:
    agreed = after(REFUND, c.AnswerRefund(refund_no="TF1", answer="agreed", answered_on=ON))
    tell = refund.InstructRefund(refund_no="TF1", instruction_no="TZ1", payment_no="JF2", instructed_on=ON)
    with pytest.raises(because.OriginalRouteOnly):
        CONTRACT.decide(tell, agreed)
    assert names(replace(tell, other_way_because="原卡已注销"), agreed) == ["RefundInstructed"]


def test_a_release_never_goes_beyond_the_lessons_and_one_number_is_one_debit() -> None:
    with pytest.raises(because.ReleaseTooHigh):
        CONTRACT.decide(replace(RELEASE, amount_fen=12496), after(LESSON))
    released = after(LESSON, RELEASE)
    assert names(RELEASE, released) == []
    with pytest.raises(because.InstructionUsed):
        CONTRACT.decide(replace(RELEASE, amount_fen=1), released)


def test_an_order_expires_with_what_is_left_and_stays_refundable() -> None:
    end = order.ExpireContract(on=TERMS.ends_on + timedelta(days=1))
    assert names(replace(end, on=TERMS.ends_on), START) == []
    expired = after(end)
    assert stage(expired) is Stage.EXPIRED
    assert names(REFUND, expired) == ["RefundRequested", "RefundPutForReview"]


def test_a_transfer_takes_all_that_is_left_to_a_contract_of_that_price() -> None:
    out = order.TransferOut(
        to_contract_id=UUID(int=6),
        to_contract_no="HT2",
        kind=order.TransferKind.STUDENT,
        amount_fen=2_874_05,
        reason="转给妹妹",
        transferred_on=ON,
    )
    moved = after(LESSON, out)
    assert (paid(moved).remaining_fen(), stage(moved)) == (0, Stage.TRANSFERRED)
    with pytest.raises(because.TransferHindered):
        CONTRACT.decide(out, after(LESSON, replace(REFUND, amount_fen=1)))
    target = CONTRACT.fold([replace(SIGNED, terms=replace(TERMS, contract_no="HT2", price_fen=2_874_05, lessons=23))])
    into = order.TransferIn(
        from_contract_id=UUID(int=5),
        from_contract_no=TERMS.contract_no,
        account_id=ACCOUNT,
        amount_fen=2_874_05,
        transferred_on=ON,
    )
    assert paid(after(into, start=target)).remaining_fen() == 2_874_05
    with pytest.raises(because.TransferElsewhere):
        CONTRACT.decide(replace(into, account_id=UUID(int=2)), target)


def test_an_imported_refund_runs_on_no_clock_of_ours() -> None:
    asked = replace(REFUND, review=None)
    assert names(asked, START) == ["RefundRequested"]
    agreed = c.AnswerRefund(refund_no="TF1", answer="auto-agreed", answered_on=date(2026, 1, 12))
    assert names(agreed, after(asked)) == ["RefundAnswered"]
    assert names(LESSON, after(asked, agreed)) == ["LessonConfirmed"]
    assert CONFIRMED in CONTRACT.decide(LESSON, after(asked, agreed))


def test_what_may_be_released_follows_the_contract_and_its_policy() -> None:
    weekly = ReleasePolicy(version="release/1", kind=ReleaseKind.WEEKLY)
    per_lesson = ReleasePolicy(version="release/1")
    two = after(LESSON, replace(LESSON, lesson_no="KX2", reported_on=date(2026, 1, 20)))
    tuesday, sunday = date(2026, 1, 20), date(2026, 1, 25)
    assert releasable_of(paid(two), tuesday, per_lesson) == 24991
    assert releasable_of(paid(two), tuesday, weekly) == 12495  # the second counts from Sunday on
    assert releasable_of(paid(two), sunday, weekly) == 24991
    assert releasable_of(paid(after(RELEASE, start=two)), sunday, weekly) == 12496
    disputed = after(replace(DISPUTE, lesson_no="KX2"), start=two)
    assert releasable_of(paid(disputed), sunday, weekly) == 12495
    frozen = after(order.FreezeRelease(cause=order.FreezeCause.COMPLAINT, reference="TS1", frozen_on=ON), start=two)
    assert releasable_of(paid(frozen), sunday, weekly) == 0
    assert refund_sum(ending_of(paid(two), sunday, Fault.FAMILY)).from_custody_fen == paid(two).remaining_fen()


def test_nobody_is_asked_about_a_lesson_to_come_or_where_no_guardian_is_known() -> None:
    """So no silence releases money for a lesson that was not held, or that nobody was asked about."""
    tomorrow = replace(DELIVER, held_on=LESSON.held_on + timedelta(days=1))
    with pytest.raises(LessonNotYetHeld):
        CONTRACT.decide(ASK, after(tomorrow))
    assert "ConfirmationAsked" in names(replace(ASK, asked_on=tomorrow.held_on), after(tomorrow))
    with pytest.raises(NobodyToAsk):
        CONTRACT.decide(replace(ASK, code=None), after(DELIVER))


def test_a_code_to_rate_by_is_sent_under_a_paid_contract_alone_and_replaced_by_the_next() -> None:
    asked = paid(after(DELIVER, ASK, RATE))
    assert {id: code.lesson_nos for id, code in asked.life.codes.items()} == {REQUEST: ("KX1",), UUID(int=8): ()}
    assert names(RATE, asked) == [], "sent twice"
    again = after(replace(RATE, request_id=UUID(int=9)), start=asked)
    assert set(paid(again).life.codes) == {REQUEST, UUID(int=9)}
    answered = after(HELD, start=again)
    other = after(replace(DELIVER, lesson_no="KX2"), start=answered)
    asked_again = after(replace(ASK, request_id=UUID(int=10), lesson_nos=("KX2",)), start=other)
    assert set(paid(asked_again).life.codes) == {UUID(int=9), UUID(int=10)}, "it outlives what the next lessons bring"
    with pytest.raises(because.NotPaid):
        CONTRACT.decide(RATE, CONTRACT.fold([SIGNED]))
    with pytest.raises(NobodyToAsk):
        CONTRACT.decide(replace(RATE, code=None), START)
    with pytest.raises(because.ConfirmationDiffers):
        CONTRACT.decide(replace(RATE, request_id=REQUEST), asked)


def test_nothing_is_answered_about_lessons_by_a_code_to_rate_by() -> None:
    with pytest.raises(because.NoLessonNamed):
        CONTRACT.decide(replace(HELD, request_id=UUID(int=8)), after(DELIVER, ASK, RATE))
