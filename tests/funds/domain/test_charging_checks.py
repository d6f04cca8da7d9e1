from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funds.domain.test_contract import LESSON, PAY, TERMS
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import order
from mingjing_funds.domain.charge import Charge, Funding, Measure, Payee, Unconsumed
from mingjing_funds.domain.charging_checks import (
    DEFAULT_MODES,
    PREPAYMENT,
    RULES,
    Asked,
    ChargingNumbers,
    Check,
    Mode,
    findings,
)
from mingjing_funds.domain.charging_refusals import PaidBeforeTaught
from mingjing_funds.domain.contract_refusals import ContractDiffers
from mingjing_funds.domain.contract_rules import CONTRACT
from mingjing_funds.policy.charging_limits import LIMITS_V1
from mingjing_funds.policy.charging_words import words_of
from mingjing_funds.policy.school_subjects import LOOKALIKES, SCHOOL_SUBJECTS

NUMBERS = ChargingNumbers(version="charging/1")
FINE = Charge(
    charged_on=date(2026, 3, 1),
    starts_on=date(2026, 3, 7),
    ends_on=date(2026, 6, 6),
    lessons=24,
    price_fen=2_999_00,
    is_subject=False,
    lessons_a_week=2,
    lease_ends_on=date(2026, 6, 6),
    model_text="GF-2021-2604",
    listed_fen=2_999_00,
)
EARLIER = Unconsumed(
    contract_no="HT1", lessons_left=40, left_fen=3_000_00, starts_on=date(2026, 1, 7), ends_on=date(2026, 4, 6)
)


def broken(charge: Charge, numbers: ChargingNumbers = NUMBERS) -> dict[Check, Measure]:
    return {finding.check: finding.measure for finding in findings(charge, numbers)}


def test_a_charge_within_every_limit_breaks_nothing() -> None:
    assert broken(FINE) == {}


@pytest.mark.parametrize(
    ("change", "check", "measure"),
    [
        ({"ends_on": date(2026, 6, 7), "lease_ends_on": None}, Check.PERIOD, Measure(93, 92)),
        ({"lessons": 61, "lessons_a_week": None}, Check.LESSONS, Measure(61, 60)),
        ({"price_fen": 5_000_01, "listed_fen": None}, Check.AMOUNT, Measure(5_000_01, 5_000_00)),
        ({"lessons": 29}, Check.SHORTER, Measure(29, 28)),
        ({"charged_on": date(2026, 2, 6)}, Check.EARLY, Measure(29, 28)),
        ({"lease_ends_on": date(2026, 6, 1)}, Check.LEASE, Measure(5, 0)),
        ({"payee": Payee.PRIVATE_CODE}, Check.PAYEE, Measure(1, 0)),
        ({"payee": Payee.CASH}, Check.PAYEE, Measure(1, 0)),
        ({"funding": Funding.LOAN}, Check.LOAN, Measure(1, 0)),
        ({"model_text": ""}, Check.TEXT, Measure(1, 0)),
        ({"price_fen": 2_999_01}, Check.PRICE, Measure(2_999_01, 2_999_00)),
        (
            {"is_subject": True, "next_term_begins_on": date(2026, 6, 1)},
            Check.NEXT_TERM,
            Measure(6, 0),
        ),
    ],
)
def test_each_rule_says_what_it_found_and_what_is_allowed(change: dict, check: Check, measure: Measure) -> None:
    assert broken(replace(FINE, **change)) == {check: measure}


def test_charges_one_after_the_other_count_as_one() -> None:
    charge = replace(FINE, earlier=(EARLIER,))
    assert broken(charge) == {
        Check.TOPPED_UP_LESSONS: Measure(64, 60),
        Check.TOPPED_UP_AMOUNT: Measure(5_999_00, 5_000_00),
        Check.TOPPED_UP_PERIOD: Measure(98, 92),
        Check.RENEWAL: Measure(40, 20),
    }


def test_what_is_nearly_used_up_may_be_renewed() -> None:
    nearly = replace(EARLIER, lessons_left=20, left_fen=2_500_00)
    assert broken(replace(FINE, earlier=(nearly,))) == {}
    two = (nearly, replace(nearly, contract_no="HT2", lessons_left=1))
    assert Check.RENEWAL in broken(replace(FINE, earlier=two))


def test_subject_training_has_no_limit_of_price_and_no_next_term() -> None:
    charge = replace(FINE, price_fen=9_000_00, listed_fen=None, next_term_begins_on=date(2026, 6, 1))
    assert broken(charge) == {Check.AMOUNT: Measure(9_000_00, 5_000_00)}
    assert broken(replace(charge, is_subject=True, next_term_begins_on=date(2026, 6, 7))) == {}


def test_who_teaches_first_prepays_nothing_but_still_keeps_to_payee_price_and_text() -> None:
    charge = replace(
        FINE, is_taught_first=True, ends_on=date(2027, 3, 1), lessons=200, price_fen=9_000_00, payee=Payee.CASH
    )
    assert set(broken(charge)) == {Check.PAYEE, Check.PRICE}


def test_the_policy_decides_whether_a_broken_rule_forbids() -> None:
    charge = replace(FINE, lease_ends_on=date(2026, 5, 1), funding=Funding.LOAN)
    modes = {finding.check: finding.mode for finding in findings(charge, NUMBERS)}
    assert modes == {Check.LEASE: Mode.WARN, Check.LOAN: Mode.BLOCK}
    elsewhere = replace(NUMBERS, modes={**DEFAULT_MODES, Check.LEASE: Mode.OFF, Check.LOAN: Mode.WARN})
    assert {finding.check: finding.mode for finding in findings(charge, elsewhere)} == {Check.LOAN: Mode.WARN}


def test_every_rule_has_a_default_and_words() -> None:
    assert set(RULES) == set(Check) == set(DEFAULT_MODES)
    for check in Check:
        words = words_of(check, Measure(3, 2))
        assert "{" not in words.zh + words.en


charges = st.builds(
    lambda start, length, lessons, price, pace, first, is_subject: replace(
        FINE,
        starts_on=FINE.charged_on + timedelta(start),
        ends_on=FINE.charged_on + timedelta(start + length),
        lessons=lessons,
        price_fen=price,
        lessons_a_week=pace,
        is_taught_first=first,
        is_subject=is_subject,
    ),
    st.integers(0, 200),
    st.integers(0, 400),
    st.integers(1, 200),
    st.integers(1, 10_000_00),
    st.none() | st.integers(1, 7),
    st.booleans(),
    st.booleans(),
)
earlier = st.builds(
    lambda left, fen, start, length: replace(
        EARLIER,
        lessons_left=left,
        left_fen=fen,
        starts_on=FINE.charged_on + timedelta(start),
        ends_on=FINE.charged_on + timedelta(start + length),
    ),
    st.integers(1, 100),
    st.integers(0, 5_000_00),
    st.integers(-200, 60),
    st.integers(0, 200),
)


@settings(deadline=None)
@given(charges, st.lists(earlier, max_size=4))
def test_a_finding_is_always_beyond_what_is_allowed_and_an_earlier_charge_never_helps(
    charge: Charge, before: list[Unconsumed]
) -> None:
    alone, together = broken(charge), broken(replace(charge, earlier=tuple(before)))
    assert all(measure.found > measure.allowed >= 0 for measure in together.values())
    assert alone.items() <= together.items()
    assert not charge.is_taught_first or not PREPAYMENT & set(together)


def test_the_guide_price_counts_where_one_is_published_with_its_margin() -> None:
    published = replace(NUMBERS, guide_fen_a_lesson=100_00)
    dearest = replace(FINE, price_fen=24 * 110_00, listed_fen=None)
    assert broken(dearest, published) == {}
    over = replace(dearest, price_fen=24 * 110_00 + 1)
    assert broken(over, published) == {Check.GUIDE: Measure(24 * 110_00 + 1, 24 * 110_00)}
    assert broken(over) == {}, "none is published"


def test_who_was_spared_the_limits_of_prepayment_prepays_nothing() -> None:
    """P12 is remembered: the whole price is taken once every lesson was had, and the clause is not taken back."""
    charge = replace(FINE, is_taught_first=True)
    sign = c.SignContract(terms=TERMS, limits=LIMITS_V1, asked=Asked(charge=charge, numbers=NUMBERS))
    signed = CONTRACT.fold(CONTRACT.decide(sign, c.Unsigned()))
    with pytest.raises(PaidBeforeTaught):
        CONTRACT.decide(PAY, signed)
    prepaid = order.AgreeClauses(clauses=order.Clauses(model_text="GF-2021-2604"), agreed_on=TERMS.starts_on)
    with pytest.raises(ContractDiffers):
        CONTRACT.decide(prepaid, signed)
    full = replace(prepaid, clauses=replace(prepaid.clauses, is_taught_first=True, list_lesson_fen=200_00))
    signed = CONTRACT.fold(CONTRACT.decide(full, signed), signed)
    for number in range(TERMS.lessons):
        taught = replace(LESSON, lesson_no=f"KX{number}")
        signed = CONTRACT.fold(CONTRACT.decide(taught, signed), signed)
    (paid,) = CONTRACT.decide(PAY, signed)
    assert isinstance(paid, c.ContractPaid)
    assert paid.earned_fen == paid.amount_fen


def test_each_school_subject_counts_apart_and_a_card_with_all() -> None:
    """Mathematics beside Chinese is no top-up; a card that names no subject is one of both; so is art beside art."""
    numbers = replace(NUMBERS, subjects={"maths": ("数学",), "chinese": ("语文",)})
    earlier = replace(EARLIER, lessons_left=40, course="初中语文")
    charge = replace(FINE, is_subject=True, course="小学数学", lessons=40, earlier=(earlier,))

    def broken(charge: Charge, numbers: ChargingNumbers) -> set[Check]:
        wanted = {Check.TOPPED_UP_LESSONS, Check.RENEWAL}
        return {one.check for one in findings(charge, numbers)} & wanted

    both = {Check.TOPPED_UP_LESSONS, Check.RENEWAL}
    assert broken(charge, numbers) == set()
    for change in ({"course": "数学次卡"}, {"course": "年卡"}, {"course": "数学语文全科"}, {"course": ""}):
        same = replace(charge, earlier=(replace(earlier, **change),))
        assert broken(same, numbers) == both, change
    for course in ("年卡", "语文阅读"):
        assert broken(replace(charge, course=course), numbers) == both
    assert broken(charge, replace(numbers, subjects={})) == both
    shipped = replace(numbers, subjects=SCHOOL_SUBJECTS, lookalikes=LOOKALIKES)
    assert broken(charge, shipped) == set()
    for course in ("人物理解与写作", "生物钟与作息", "文化学习班", "英语文化", "每日语文"):
        assert broken(replace(charge, course=course), shipped) == both, course
    for course in ("初中物理", "物理：人物理解", "英语文化与英语"):
        assert broken(replace(charge, course=course), shipped) == set(), course
    assert broken(replace(charge, is_subject=False), numbers) == both
