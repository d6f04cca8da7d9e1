from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_funds.domain import account as a
from mingjing_funds.domain import account_refusals as because
from mingjing_funds.domain import account_state as s
from mingjing_funds.domain.account_rules import ACCOUNT
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec

NUMBER = "6299000000001428677"
DAY = date(2026, 1, 5)
AT = datetime(2026, 1, 5, 2, tzinfo=UTC)
HOLDER = a.Holder(
    institution_id=None,
    institution_name="杭州西湖区木铎轩书画培训学校有限公司",
    uscc="91330106MA00001B3D",
    bank="湖畔商业银行",
    account_name="预收费资金托管专户",
    department="教育局",
    region="330106",
    category="",
)
AGREEMENT = a.SignAgreement(agreement_no="", minimum_fen=8_000_00, signed_on=DAY)
ACTIVATION = a.ActivateAccount(
    number=NUMBER, number_written="", opened_on=DAY, opening_fen=10_000_00, opening_on=date(2025, 12, 30)
)
TAKE_OVER = a.TakeOverAccount(holder=HOLDER, agreement=AGREEMENT, activation=ACTIVATION)
OPENED = tuple(ACCOUNT.decide(TAKE_OVER, ACCOUNT.initial))
EXPECT = a.ExpectMoney(direction=a.Direction.PAYMENT, number="JF1", amount_fen=2_400_00, due_on=DAY)
RELEASE = a.ExpectMoney(direction=a.Direction.RELEASE, number="ZL1", amount_fen=100_00, due_on=DAY)
ENTRY = a.BookEntry(
    bank="湖畔商业银行",
    flow="HP1",
    account_number=NUMBER,
    booked_at=AT,
    booked_on=DAY,
    amount_fen=2_400_00,
    balance_fen=12_400_00,
    summary="学费 JF1",
    reference="JF1",
    tail="",
    is_reversal=False,
    digest="d1",
)
PROPOSE = a.ProposeHold(proposer="甲", reason="预警核实", legal_basis="托管协议第8条", proposed_on=DAY)
PROPOSED = a.ReleaseHoldProposed(proposer="甲", reason="预警核实", legal_basis="托管协议第8条", proposed_on=DAY)
HOLD = a.HoldReleases(approver="乙", reason="预警核实", legal_basis="托管协议第8条", held_on=DAY)


@pytest.fixture
def account() -> Spec:
    return Spec(ACCOUNT)


def ledger_after(*commands: a.Command) -> s.Ledger:
    state = ACCOUNT.fold(OPENED)
    for command in commands:
        state = ACCOUNT.fold(ACCOUNT.decide(command, state), state)
    assert isinstance(state, s.Active | s.Held | s.Closing)
    return state.ledger


def booked(flow: str, amount_fen: int, balance_fen: int, summary: str, **more: object) -> a.BookEntry:
    return replace(
        ENTRY, flow=flow, amount_fen=amount_fen, balance_fen=balance_fen, summary=summary, digest=flow, **more
    )


def test_an_account_goes_through_its_steps_in_order(account: Spec) -> None:
    apply = a.ApplyForAccount(holder=HOLDER, applied_on=DAY)
    account.when(apply).then(OPENED[0])
    account.when(ACTIVATION).then_refused(because.AccountNotInState)
    account.given(OPENED[0]).when(AGREEMENT).then(OPENED[1])
    account.given(*OPENED[:2]).when(ACTIVATION).then(OPENED[2])
    account.given(*OPENED).when(ACTIVATION).then()


def test_an_existing_account_is_taken_over_once(account: Spec) -> None:
    account.given(*OPENED).when(TAKE_OVER).then()
    other = replace(TAKE_OVER, agreement=replace(AGREEMENT, minimum_fen=1))
    account.given(*OPENED).when(other).then_refused(because.AccountDiffers)


def test_an_entry_is_booked_exactly_once(account: Spec) -> None:
    facts = ACCOUNT.decide(ENTRY, ACCOUNT.fold(OPENED))
    account.given(*OPENED, *facts).when(ENTRY).then()
    account.given(*OPENED, *facts).when(replace(ENTRY, digest="d2")).then_refused(because.EntryContradicted)
    account.given(*OPENED).when(replace(ENTRY, account_number="1")).then_refused(because.EntryOfAnotherAccount)
    account.given(*OPENED).when(replace(ENTRY, amount_fen=0)).then_refused(because.EntryAmountZero)
    early = replace(ENTRY, booked_on=date(2025, 12, 30))
    account.given(*OPENED).when(early).then_refused(because.EntryBeforeOpening)


def test_a_payment_is_received_whether_the_bank_or_the_vendor_speaks_first() -> None:
    for order in ((EXPECT, ENTRY), (ENTRY, EXPECT)):
        ledger = ledger_after(*order)
        assert (ledger.received_fen, ledger.suspense_fen, ledger.expected) == (2_400_00, 0, {})


def test_a_payment_of_somebody_else_stays_in_suspense() -> None:
    ledger = ledger_after(EXPECT, replace(ENTRY, reference="JF9"))
    assert (ledger.received_fen, ledger.suspense_fen) == (0, 2_400_00)
    assert set(ledger.expected) == {"JF1"}


def test_tuition_without_a_number_is_matched_by_amount_and_goods_are_not() -> None:
    assert ledger_after(EXPECT, replace(ENTRY, reference="", summary="学费")).received_fen == 2_400_00
    assert ledger_after(EXPECT, replace(ENTRY, reference="", summary="货款")).suspense_fen == 2_400_00


def test_a_reversal_counts_in_the_column_that_it_corrects() -> None:
    fee = booked("HP1", -30_00, 9_970_00, "账户管理费", reference="")
    back = booked("HP2", 30_00, 10_000_00, "冲正 账户管理费退回", reference="", is_reversal=True)
    assert ledger_after(fee).fee_fen == 30_00
    ledger = ledger_after(fee, back)
    assert (ledger.fee_fen, ledger.suspense_fen, ledger.balance_fen()) == (0, 0, 10_000_00)


def test_a_release_paid_twice_is_suspense_until_it_is_reversed() -> None:
    once = booked("HP1", -100_00, 9_900_00, "课消拨付 ZL1", reference="ZL1")
    twice = booked("HP2", -100_00, 9_800_00, "课消拨付 ZL1", reference="ZL1")
    back = booked("HP3", 100_00, 9_900_00, "冲正 重复付款", reference="", is_reversal=True)
    ledger = ledger_after(RELEASE, once, twice)
    assert (ledger.released_fen, ledger.suspense_fen) == (100_00, -100_00)
    ledger = ledger_after(RELEASE, once, twice, back)
    assert (ledger.released_fen, ledger.suspense_fen, ledger.suspense) == (100_00, 0, frozenset())


def test_a_reversed_payment_is_awaited_again() -> None:
    back = booked("HP2", -2_400_00, 10_000_00, "冲正", reference="JF1", is_reversal=True)
    ledger = ledger_after(EXPECT, ENTRY, back)
    assert (ledger.received_fen, set(ledger.expected)) == (0, {"JF1"})


def test_a_gap_in_the_balances_shows_what_was_not_delivered() -> None:
    ledger = ledger_after(booked("HP2", 1_00, 10_301_00, "结息", reference=""))
    assert (ledger.interest_fen, ledger.gap_fen) == (1_00, 300_00)


def test_a_gap_is_the_one_payment_that_fits_until_its_entry_comes() -> None:
    later = booked("HP9", 1_00, 12_401_00, "结息", reference="", booked_at=AT + timedelta(hours=1))
    ledger = ledger_after(EXPECT, later)
    assert (ledger.gap_fen, ledger.received_fen, ledger.balance_fen()) == (0, 0, 12_401_00)
    assert (ledger.expected, set(ledger.inferred)) == ({}, {"JF1"})
    ledger = ledger_after(EXPECT, later, ENTRY)
    assert (ledger.gap_fen, ledger.received_fen, ledger.balance_fen()) == (0, 2_400_00, 12_401_00)
    assert ledger.inferred == {}


def test_a_hold_stops_releases_and_not_refunds(account: Spec) -> None:
    held = [PROPOSED, *ACCOUNT.decide(HOLD, ACCOUNT.fold((*OPENED, PROPOSED)))]
    on_hold = account.given(*OPENED, *held)
    on_hold.when(replace(RELEASE, earned_fen=100_00)).then_refused(because.ReleasesHeld)
    refund = replace(RELEASE, direction=a.Direction.REFUND, number="TF1")
    expected = a.MoneyExpected(direction=a.Direction.REFUND, number="TF1", amount_fen=100_00, due_on=DAY)
    on_hold.when(refund).then(expected)
    lifted = a.ReleaseHoldLifted(reason="核实无误", lifted_on=DAY)
    on_hold.when(a.LiftHold(reason="核实无误", lifted_on=DAY)).then(lifted)


def test_a_hold_is_proposed_before_it_is_approved(account: Spec) -> None:
    account.given(*OPENED).when(HOLD).then_refused(because.HoldNotProposed)
    account.given(*OPENED, PROPOSED).when(replace(HOLD, legal_basis="")).then_refused(because.ReasonMissing)
    account.given(*OPENED, PROPOSED).when(PROPOSE).then()
    account.given(*OPENED, PROPOSED).when(replace(PROPOSE, proposer="丙")).then_refused(because.HoldAlreadyProposed)
    account.given(*OPENED).when(replace(PROPOSE, reason="")).then_refused(because.ReasonMissing)
    account.given(*OPENED).when(PROPOSE).then(PROPOSED)


def test_a_release_stays_within_what_lessons_earned(account: Spec) -> None:
    asked = replace(RELEASE, earned_fen=150_00)
    facts = ACCOUNT.decide(asked, ACCOUNT.fold(OPENED))
    again = replace(asked, number="ZL2")
    account.given(*OPENED, *facts).when(again).then_refused(because.ReleaseBeyondLessons)
    account.given(*OPENED, *facts).when(replace(asked, amount_fen=1)).then_refused(because.ExpectationDiffers)


def test_an_account_with_money_of_families_is_not_closed(account: Spec) -> None:
    opened = account.given(*OPENED)
    ask = a.RequestClosing(unconsumed_fen=0, refunds_pending=0, department_consents=True, requested_on=DAY)
    opened.when(replace(ask, unconsumed_fen=1)).then_refused(because.LiabilityLeft)
    opened.when(replace(ask, refunds_pending=1)).then_refused(because.LiabilityLeft)
    opened.when(replace(ask, department_consents=False)).then_refused(because.ConsentMissing)
    closing = a.ClosingRequested(requested_on=DAY)
    opened.when(ask).then(closing)
    account.given(*OPENED, closing).when(a.CloseAccount(closed_on=DAY)).then_refused(because.BalanceLeft)


def test_the_holder_becomes_known_later(account: Spec) -> None:
    link = a.LinkInstitution(
        institution_id=UUID(int=7), department="教育局", region="330106", category="art", matched_by="code"
    )
    holder = replace(HOLDER, institution_id=UUID(int=7), category="art")
    linked = a.InstitutionLinked(holder=holder, number=NUMBER, opened_on=DAY, matched_by="code")
    account.given(*OPENED).when(link).then(linked)
    account.given(*OPENED, linked).when(link).then()


numbers = st.integers(0, 6)
expectations = st.builds(
    lambda direction, number, fen: a.ExpectMoney(
        direction=direction, number=f"{direction}{number}", amount_fen=fen * 100, due_on=DAY
    ),
    st.sampled_from(a.Direction),
    numbers,
    st.integers(1, 4),
)
entries = st.builds(
    lambda flow, fen, balance, direction, number, reversal, words: booked(
        f"HP{flow}",
        fen * 100,
        balance * 100,
        words,
        reference=f"{direction}{number}" if words == "" else "",
        is_reversal=reversal,
        booked_at=AT + timedelta(minutes=flow),
    ),
    st.integers(0, 20),
    st.integers(-4, 4),
    st.integers(9_990, 10_010),
    st.sampled_from(a.Direction),
    numbers,
    st.booleans(),
    st.sampled_from(["", "学费", "结息", "账户管理费", "货款"]),
)


@given(st.lists(expectations | entries, max_size=40))
def test_no_sequence_of_bookings_creates_or_destroys_money(commands: list[a.Command]) -> None:
    state = ACCOUNT.fold(OPENED)
    moved = 0
    for command in commands:
        try:
            facts = ACCOUNT.decide(command, state)
        except Refusal:
            continue
        state = ACCOUNT.fold(facts, state)
        moved += sum(fact.amount_fen for fact in facts if isinstance(fact, a.EntryBooked))
        assert isinstance(state, s.Active)
        ledger = state.ledger
        inferred = sum(each.amount_fen for each in ledger.inferred.values())
        assert ledger.balance_fen() == 10_000_00 + moved + inferred
        assert ledger.balance_fen() + ledger.gap_fen == ledger.stated_fen
        unexplained = sum(ledger.entries[flow].amount_fen for flow in ledger.suspense)
        assert all(ledger.entries[flow].column is a.Column.SUSPENSE for flow in ledger.suspense)
        by_column = dict.fromkeys(a.Column, 0)
        for entry in ledger.entries.values():
            by_column[entry.column] += entry.amount_fen
        assert by_column[a.Column.SUSPENSE] == ledger.suspense_fen
        assert by_column[a.Column.PAYMENT] == ledger.received_fen
        assert by_column[a.Column.RELEASE] == -ledger.released_fen
        assert by_column[a.Column.REFUND] == -ledger.refunded_fen
        assert isinstance(unexplained, int)
        assert not set(ledger.expected) & set(ledger.met)


def test_a_reversal_takes_back_the_entry_that_bears_its_number_and_not_a_strangers(account: Spec) -> None:
    """Of the same amount, a stranger's money in suspense came later; without a number suspense still goes first."""
    stranger = replace(ENTRY, flow="HP2", summary="往来款", reference="", balance_fen=14_800_00, digest="d2")
    back = replace(
        ENTRY,
        flow="HP3",
        amount_fen=-2_400_00,
        balance_fen=12_400_00,
        summary="冲正 JF1",
        is_reversal=True,
        digest="d3",
    )
    facts = list(OPENED)
    for command in (EXPECT, ENTRY, stranger):
        facts += ACCOUNT.decide(command, ACCOUNT.fold(facts))
    for reversal, reversed_flow in ((back, "HP1"), (replace(back, reference="", summary="冲正"), "HP2")):
        fact = ACCOUNT.decide(reversal, ACCOUNT.fold(facts))[0]
        assert isinstance(fact, a.EntryBooked)
        assert fact.reverses == reversed_flow


@pytest.mark.parametrize(("summary", "column"), [
    ("付款 REL-2026-001", a.Column.RELEASE), ("拨付REL-2026-001（网银）", a.Column.RELEASE),
    ("付款 REL-2026-0012", a.Column.SUSPENSE), ("付款 REL-2026-001 REL-2026-002", a.Column.SUSPENSE),
])  # fmt: skip
def test_the_banks_words_are_searched_for_the_numbers_that_are_awaited(summary: str, column: a.Column) -> None:
    """Whatever form they have; two of them say nothing."""
    facts = list(OPENED)
    for number in ("REL-2026-001", "REL-2026-002"):
        facts += ACCOUNT.decide(replace(RELEASE, number=number), ACCOUNT.fold(facts))
    debit = replace(ENTRY, amount_fen=-100_00, balance_fen=9_900_00, summary=summary, reference="")
    found = ACCOUNT.decide(debit, ACCOUNT.fold(facts))[0]
    assert isinstance(found, a.EntryBooked)
    assert (found.column, found.number) == (column, "REL-2026-001" if column is a.Column.RELEASE else "")
