from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_funds.domain import contract as c
from mingjing_funds.domain import contract_refusals as because
from mingjing_funds.domain.charging import ChargeTooHigh, ChargeTooLong, TooManyLessons, months_after
from mingjing_funds.domain.contract_rules import CONTRACT
from mingjing_funds.policy.charging_limits import LIMITS_V1
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec

ACCOUNT = UUID(int=1)
AT = datetime(2026, 1, 5, 10, tzinfo=UTC)
ON = date(2026, 1, 5)
TERMS = c.Terms(
    contract_no="HT00018-2601-001",
    account_id=ACCOUNT,
    institution_id=None,
    vendor_code="JG00018",
    department="教育局",
    region="330106",
    category="art",
    course="少儿声乐",
    is_subject=False,
    lessons=24,
    gift_lessons=2,
    price_fen=2_999_00,
    starts_on=date(2026, 1, 10),
    ends_on=date(2026, 4, 9),
    signed_at=AT,
    is_model_text=True,
)
SIGNED = c.ContractSigned(terms=TERMS, opening_used=0, policy_version="charging-limits/1")
PAY = c.RecordPayment(
    payment_no="JF1", amount_fen=2_999_00, paid_at=AT, paid_on=ON, method="微信", is_existing_fact=False
)
PAID = c.ContractPaid(
    account_id=ACCOUNT,
    payment_no="JF1",
    amount_fen=2_999_00,
    paid_at=AT,
    paid_on=ON,
    counts_on=ON,
    method="微信",
    earned_fen=0,
)
LESSON = c.ReportLesson(
    lesson_no="KX1",
    held_on=date(2026, 1, 10),
    units=1,
    is_gift=False,
    standing=c.LessonStanding.CONFIRMED,
    how="家长确认",
    confirmed_at=AT,
    content="k1.taught.whom",
    reported_on=date(2026, 1, 13),
)
CONFIRMED = c.LessonConfirmed(
    account_id=ACCOUNT,
    lesson_no="KX1",
    held_on=date(2026, 1, 10),
    units=1,
    is_gift=False,
    is_automatic=False,
    how="家长确认",
    confirmed_at=AT,
    content="k1.taught.whom",
    reported_on=date(2026, 1, 13),
    used=1,
    earned_fen=12495,
    earned_on=date(2026, 1, 13),
)
ASK = c.RequestRefund(refund_no="TF1", amount_fen=1_000_00, reason="时间冲突", requested_at=AT)
AGREE = c.AnswerRefund(refund_no="TF1", answer="agreed", answered_on=ON)
REPAY = c.PayRefund(refund_no="TF1", amount_fen=1_000_00, paid_on=ON)


@pytest.fixture
def contract() -> Spec:
    return Spec(CONTRACT)


def test_a_contract_within_the_limits_is_signed_and_cites_the_policy(contract: Spec) -> None:
    contract.when(c.SignContract(terms=TERMS, limits=LIMITS_V1)).then(SIGNED)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"ends_on": date(2026, 4, 10)}, ChargeTooLong),
        ({"lessons": 61}, TooManyLessons),
        ({"price_fen": 5_000_01}, ChargeTooHigh),
        ({"lessons": 0}, because.TermsImpossible),
        ({"price_fen": 0}, because.TermsImpossible),
    ],
)
def test_a_new_contract_beyond_a_limit_is_refused(contract: Spec, change: dict, reason: type[Refusal]) -> None:
    contract.when(c.SignContract(terms=replace(TERMS, **change), limits=LIMITS_V1)).then_refused(reason)


def test_subject_training_has_no_price_limit(contract: Spec) -> None:
    terms = replace(TERMS, is_subject=True, price_fen=9_000_00)
    signed = replace(SIGNED, terms=terms)
    contract.when(c.SignContract(terms=terms, limits=LIMITS_V1)).then(signed)


def test_an_imported_contract_beyond_a_limit_is_recorded_with_a_finding(contract: Spec) -> None:
    terms = replace(TERMS, lessons=72)
    finding = c.ChargingRuleBroken(
        account_id=ACCOUNT,
        institution_id=None,
        rule="P2",
        found=72,
        allowed=60,
        policy_version="charging-limits/1",
    )
    contract.when(c.RecordContract(terms=terms, limits=LIMITS_V1)).then(replace(SIGNED, terms=terms), finding)


def test_the_same_contract_again_is_no_news_and_other_terms_are_refused(contract: Spec) -> None:
    signed = contract.given(SIGNED)
    signed.when(c.RecordContract(terms=TERMS, limits=LIMITS_V1)).then()
    other = replace(TERMS, price_fen=1_00)
    signed.when(c.RecordContract(terms=other, limits=LIMITS_V1)).then_refused(because.ContractDiffers)
    signed.when(c.SignContract(terms=replace(TERMS, signed_at=AT + timedelta(1)), limits=LIMITS_V1)).then()


def test_a_file_sent_again_after_its_institution_became_known_is_no_news(contract: Spec) -> None:
    linked = replace(TERMS, institution_id=UUID(int=7), department="体育局", region="330105", category="sport")
    again = c.RecordContract(terms=replace(linked, is_subject=True, account_id=UUID(int=8)), limits=LIMITS_V1)
    contract.given(SIGNED).when(again).then()


def test_a_blocked_institution_can_neither_sign_nor_be_paid_but_refunds(contract: Spec) -> None:
    sign = c.SignContract(terms=TERMS, limits=LIMITS_V1, charging_blocked="暂扣许可证")
    contract.when(sign).then_refused(because.ChargingBlocked)
    contract.given(SIGNED).when(replace(PAY, charging_blocked="x")).then_refused(because.ChargingBlocked)
    asked = c.RefundRequested(
        account_id=ACCOUNT,
        refund_no="TF1",
        amount_fen=1_000_00,
        remaining_fen=2_999_00,
        reason="时间冲突",
        requested_at=AT,
    )
    contract.given(SIGNED, PAID).when(ASK).then(asked)


def test_money_that_came_in_under_a_block_is_custody_money(contract: Spec) -> None:
    contract.given(SIGNED).when(replace(PAY, charging_blocked="x", is_existing_fact=True)).then(PAID)


def test_a_payment_counts_once(contract: Spec) -> None:
    contract.given(SIGNED).when(PAY).then(PAID)
    contract.given(SIGNED, PAID).when(PAY).then()
    contract.given(SIGNED, PAID).when(replace(PAY, payment_no="JF2")).then_refused(because.AlreadyPaid)
    contract.given(SIGNED).when(replace(PAY, amount_fen=1)).then_refused(because.PaymentDiffers)


def test_a_confirmed_lesson_releases_its_share_once(contract: Spec) -> None:
    contract.given(SIGNED, PAID).when(LESSON).then(CONFIRMED)
    contract.given(SIGNED, PAID, CONFIRMED).when(LESSON).then()
    contract.given(SIGNED, PAID, CONFIRMED).when(replace(LESSON, reported_on=date(2026, 1, 20))).then()


def test_the_first_confirmed_version_stands(contract: Spec) -> None:
    altered = replace(LESSON, units=2)
    aside = c.LessonSetAside(
        account_id=ACCOUNT,
        lesson_no="KX1",
        reason=c.AsideReason.ALTERED_AFTER_CONFIRMATION,
        held_on=altered.held_on,
        units=2,
        standing=c.LessonStanding.CONFIRMED,
        content="k1.taught.whom",
        reported_on=altered.reported_on,
    )
    contract.given(SIGNED, PAID, CONFIRMED).when(altered).then(aside)
    contract.given(SIGNED, PAID, CONFIRMED, aside).when(altered).then()


def test_a_pending_lesson_may_still_change_and_be_confirmed(contract: Spec) -> None:
    pending = c.LessonReported(
        account_id=ACCOUNT,
        lesson_no="KX1",
        held_on=LESSON.held_on,
        units=1,
        is_gift=False,
        standing=c.LessonStanding.PENDING,
        content="k1.taught.whom",
        reported_on=LESSON.reported_on,
    )
    waiting = replace(LESSON, standing=c.LessonStanding.PENDING)
    contract.given(SIGNED, PAID).when(waiting).then(pending)
    contract.given(SIGNED, PAID, pending).when(waiting).then()
    contract.given(SIGNED, PAID, pending).when(LESSON).then(CONFIRMED)


def test_a_gift_lesson_costs_nothing(contract: Spec) -> None:
    gift = replace(CONFIRMED, is_gift=True, used=0, earned_fen=0)
    contract.given(SIGNED, PAID).when(replace(LESSON, is_gift=True)).then(gift)


def test_a_paid_lesson_that_turns_into_a_gift_is_not_the_same_lesson(contract: Spec) -> None:
    for first in (False, True):
        facts = CONTRACT.decide(replace(LESSON, is_gift=first), CONTRACT.fold([SIGNED, PAID]))
        confirmed = CONTRACT.fold([SIGNED, PAID, *facts])
        corrected = CONTRACT.decide(replace(LESSON, is_gift=not first), confirmed)
        assert [fact.reason for fact in corrected] == [c.AsideReason.ALTERED_AFTER_CONFIRMATION]
    waiting = replace(LESSON, standing=c.LessonStanding.PENDING)
    reported = CONTRACT.decide(waiting, CONTRACT.fold([SIGNED, PAID]))
    assert CONTRACT.decide(replace(waiting, is_gift=True), CONTRACT.fold([SIGNED, PAID, *reported]))


def test_a_lesson_beyond_the_purchase_is_set_aside(contract: Spec) -> None:
    full = replace(SIGNED, opening_used=24)
    facts = CONTRACT.decide(LESSON, CONTRACT.fold([full, replace(PAID, earned_fen=2_999_00)]))
    assert [type(fact) for fact in facts] == [c.LessonSetAside]
    assert facts[0].reason is c.AsideReason.BEYOND_PURCHASE


def test_a_lesson_of_an_unknown_contract_is_refused(contract: Spec) -> None:
    contract.when(LESSON).then_refused(because.ContractUnknown)


def test_lessons_given_before_payment_are_earned_with_it(contract: Spec) -> None:
    early = replace(CONFIRMED, earned_fen=0)
    contract.given(SIGNED).when(LESSON).then(early)
    contract.given(SIGNED, early).when(PAY).then(replace(PAID, earned_fen=12495))


def test_a_refund_goes_through_its_steps_and_no_further_than_the_rest(contract: Spec) -> None:
    asked = CONTRACT.decide(ASK, CONTRACT.fold([SIGNED, PAID]))
    contract.given(SIGNED, PAID).when(replace(ASK, amount_fen=3_000_00)).then_refused(because.RefundTooHigh)
    contract.given(SIGNED, PAID, *asked).when(REPAY).then_refused(because.RefundNotAgreed)
    contract.given(SIGNED, PAID).when(REPAY).then_refused(because.RefundUnknown)
    agreed = CONTRACT.decide(AGREE, CONTRACT.fold([SIGNED, PAID, *asked]))
    paid = c.RefundPaid(account_id=ACCOUNT, refund_no="TF1", amount_fen=1_000_00, paid_on=ON)
    contract.given(SIGNED, PAID, *asked, *agreed).when(REPAY).then(paid)
    contract.given(SIGNED, PAID, *asked, *agreed, paid).when(REPAY).then()


def test_a_refund_that_contradicts_itself_is_refused(contract: Spec) -> None:
    asked = CONTRACT.decide(ASK, CONTRACT.fold([SIGNED, PAID]))
    agreed = CONTRACT.decide(AGREE, CONTRACT.fold([SIGNED, PAID, *asked]))
    paid = c.RefundPaid(account_id=ACCOUNT, refund_no="TF1", amount_fen=1_000_00, paid_on=ON)
    under_way = contract.given(SIGNED, PAID, *asked)
    under_way.when(ASK).then()
    under_way.when(replace(ASK, amount_fen=900_00)).then_refused(because.RefundDiffers)
    for done in ((*asked, *agreed), (*asked, *agreed, paid)):
        stands = contract.given(SIGNED, PAID, *done)
        for amount_fen in (999_99, 1_000_01):
            stands.when(replace(REPAY, amount_fen=amount_fen)).then_refused(because.RefundDiffers)
        stands.when(replace(AGREE, answer="refused")).then_refused(because.RefundAnswered)
        stands.when(replace(AGREE, answer="auto-agreed")).then()


def test_three_months_end_on_the_day_before() -> None:
    assert months_after(date(2025, 11, 30), 3) == date(2026, 2, 28)


lessons = st.builds(
    lambda number, units, gift, standing: replace(
        LESSON, lesson_no=f"KX{number}", units=units, is_gift=gift, standing=standing
    ),
    st.integers(0, 30),
    st.integers(1, 3),
    st.booleans(),
    st.sampled_from(c.LessonStanding),
)
refunds = st.integers(0, 3).flatmap(
    lambda number: st.sampled_from(
        [
            replace(ASK, refund_no=f"TF{number}", amount_fen=700_00 * (number + 1)),
            replace(AGREE, refund_no=f"TF{number}"),
            replace(REPAY, refund_no=f"TF{number}", amount_fen=700_00 * (number + 1)),
        ]
    )
)


@given(st.lists(lessons | refunds | st.just(PAY), max_size=60), st.integers(0, 24))
def test_no_sequence_of_commands_creates_or_destroys_money(commands: list[c.Command], opening: int) -> None:
    state: c.Contract = CONTRACT.fold([replace(SIGNED, opening_used=opening)])
    paid = earned = returned = 0
    for command in commands:
        try:
            facts = CONTRACT.decide(command, state)
        except Refusal:
            continue
        state = CONTRACT.fold(facts, state)
        paid += sum(fact.amount_fen for fact in facts if isinstance(fact, c.ContractPaid))
        earned += sum(fact.earned_fen for fact in facts if isinstance(fact, c.ContractPaid | c.LessonConfirmed))
        returned += sum(fact.amount_fen for fact in facts if isinstance(fact, c.RefundPaid))
        assert CONTRACT.decide(command, state) == []
        assert not isinstance(state, c.Unsigned)
        assert 0 <= state.delivery.used <= TERMS.lessons
        if isinstance(state, c.Paid):
            assert (state.paid_fen, state.earned_fen(), state.refunded_fen) == (paid, earned, returned)
            assert paid == earned + returned + state.remaining_fen()
            assert min(earned, returned, state.remaining_fen()) >= 0
