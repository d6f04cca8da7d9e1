from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funds.domain.test_account import ACTIVATION, AGREEMENT, AT, DAY, ENTRY, HOLD, HOLDER, OPENED, PROPOSED
from mingjing_funds.domain import account as a
from mingjing_funds.domain import account_refusals as because
from mingjing_funds.domain import account_state as s
from mingjing_funds.domain import freeze as f
from mingjing_funds.domain.account_rules import ACCOUNT
from mingjing_kernel.testing.spec import Spec

FREEZE = f.Freeze(
    order_no="(2026)浙0106执保12号",
    authority="杭州市西湖区人民法院",
    legal_basis="民事诉讼法第一百零六条",
    amount_fen=9_000_00,
    frozen_on=DAY,
    until=DAY + timedelta(days=365),
)
FROZEN = f.AccountFrozen(**{name: getattr(FREEZE, name) for name in f.Freeze.__dataclass_fields__})
UNFREEZE = f.Unfreeze(order_no=FREEZE.order_no, document_no="(2026)浙0106执保12号之一", unfrozen_on=DAY)
REFUND = a.ExpectMoney(direction=a.Direction.REFUND, number="TF1", amount_fen=800_00, due_on=DAY, ordered_at=AT)
RELEASE = replace(REFUND, direction=a.Direction.RELEASE, number="ZL1", earned_fen=5_000_00)


@pytest.fixture
def account() -> Spec:
    return Spec(ACCOUNT)


def test_a_freeze_stops_refunds_and_releases_alike_within_its_amount(account: Spec) -> None:
    """The account holds 10,000; 9,000 are frozen and 1,000 are free."""
    for order in (REFUND, RELEASE):
        account.given(*OPENED, FROZEN).when(replace(order, amount_fen=1_000_01)).then_refused(f.AmountFrozen)
        state = ACCOUNT.fold([*OPENED, FROZEN])
        assert ACCOUNT.decide(replace(order, amount_fen=1_000_00), state)
    first = ACCOUNT.decide(REFUND, ACCOUNT.fold([*OPENED, FROZEN]))
    account.given(*OPENED, FROZEN, *first).when(replace(REFUND, number="TF2")).then_refused(f.AmountFrozen)


def test_what_is_only_reported_is_booked_whatever_is_frozen() -> None:
    frozen = ACCOUNT.fold([*OPENED, FROZEN])
    assert ACCOUNT.decide(replace(REFUND, ordered_at=None, amount_fen=9_999_00), frozen)
    assert ACCOUNT.decide(ENTRY, frozen)


def test_the_whole_account_is_frozen_where_no_amount_is_named(account: Spec) -> None:
    whole = replace(FROZEN, amount_fen=None)
    account.given(*OPENED, whole).when(replace(REFUND, amount_fen=1)).then_refused(f.AmountFrozen)


def test_a_freeze_lies_over_a_hold_and_is_no_hold(account: Spec) -> None:
    held = [*OPENED, PROPOSED, *ACCOUNT.decide(HOLD, ACCOUNT.fold([*OPENED, PROPOSED]))]
    account.given(*held).when(FREEZE).then(FROZEN)
    state = ACCOUNT.fold([*held, FROZEN])
    assert isinstance(state, s.Held)
    lift = a.LiftHold(reason="核实完毕", lifted_on=DAY)
    after = ACCOUNT.fold(ACCOUNT.decide(lift, state), state)
    assert isinstance(after, s.Active)
    assert f.standing(after.ledger.freezes, DAY)


def test_the_same_order_again_is_no_news_and_another_amount_is_another_order(account: Spec) -> None:
    account.given(*OPENED, FROZEN).when(FREEZE).then()
    account.given(*OPENED, FROZEN).when(replace(FREEZE, amount_fen=1)).then_refused(f.FreezeDiffers)
    account.given(*OPENED).when(replace(FREEZE, amount_fen=0)).then_refused(f.FreezeUnfounded)
    account.given(*OPENED).when(replace(FREEZE, legal_basis=" ")).then_refused(f.FreezeUnfounded)


def test_a_late_copy_of_a_lifted_order_freezes_nothing(account: Spec) -> None:
    lifted = ACCOUNT.decide(UNFREEZE, ACCOUNT.fold([*OPENED, FROZEN]))
    account.given(*OPENED, FROZEN, *lifted).when(FREEZE).then()
    account.given(*OPENED, FROZEN, *lifted).when(UNFREEZE).then()
    account.given(*OPENED).when(UNFREEZE).then_refused(f.FreezeUnknown)
    state = ACCOUNT.fold([*OPENED, FROZEN, *lifted])
    assert f.standing(state.ledger.freezes, DAY) == ()


def test_a_term_that_runs_out_ends_it(account: Spec) -> None:
    freezes = f.evolve({}, FROZEN)
    assert f.frozen_fen(freezes, 10_000_00, DAY + timedelta(days=365)) == 9_000_00
    assert f.frozen_fen(freezes, 10_000_00, DAY + timedelta(days=366)) == 0


def test_a_frozen_account_is_not_closed(account: Spec) -> None:
    ask = a.RequestClosing(unconsumed_fen=0, refunds_pending=0, department_consents=True, requested_on=DAY)
    account.given(*OPENED, FROZEN).when(ask).then_refused(f.FreezeStands)
    asked = ACCOUNT.decide(ask, ACCOUNT.fold(OPENED))
    empty = replace(ACTIVATION, opening_fen=0)
    opened = ACCOUNT.decide(a.TakeOverAccount(holder=HOLDER, agreement=AGREEMENT, activation=empty), ACCOUNT.initial)
    account.given(*opened, *asked, FROZEN).when(a.CloseAccount(closed_on=DAY)).then_refused(f.FreezeStands)


def test_a_refused_instruction_frees_what_it_asked_for(account: Spec) -> None:
    asked = ACCOUNT.decide(RELEASE, ACCOUNT.fold(OPENED))
    withdraw = a.WithdrawExpectation(number="ZL1", reason="AC04", withdrawn_on=DAY)
    withdrawn = ACCOUNT.decide(withdraw, ACCOUNT.fold([*OPENED, *asked]))
    state = ACCOUNT.fold([*OPENED, *asked, *withdrawn])
    assert (state.ledger.instructed_fen, state.ledger.leaving_fen()) == (0, 0)
    account.given(*OPENED, *asked, *withdrawn).when(withdraw).then()
    account.given(*OPENED, *asked, *withdrawn).when(RELEASE).then()  # the number is spent; the file may say it again
    other = replace(RELEASE, amount_fen=1)
    account.given(*OPENED, *asked, *withdrawn).when(other).then_refused(because.ExpectationDiffers)
    account.given(*OPENED).when(withdraw).then_refused(because.NothingToWithdraw)


def test_what_nobody_could_place_is_explained_by_a_person(account: Spec) -> None:
    """The bank passed on a number that nobody knows."""
    astray = ACCOUNT.decide(replace(ENTRY, reference="JF9"), ACCOUNT.fold(OPENED))
    awaited = ACCOUNT.decide(
        a.ExpectMoney(direction=a.Direction.PAYMENT, number="JF1", amount_fen=2_000_00, due_on=DAY),
        ACCOUNT.fold([*OPENED, *astray]),
    )
    given_ = [*OPENED, *astray, *awaited]
    explain = a.ExplainEntry(flow="HP1", number="JF1")
    facts = ACCOUNT.decide(explain, ACCOUNT.fold(given_))
    state = ACCOUNT.fold([*given_, *facts])
    assert (state.ledger.received_fen, state.ledger.suspense_fen, state.ledger.expected) == (2_400_00, 0, {})
    account.given(*given_, *facts).when(explain).then()
    account.given(*OPENED, *awaited).when(explain).then_refused(because.NothingToExplain)


orders = st.builds(
    f.AccountFrozen,
    order_no=st.sampled_from("甲乙丙丁"),
    authority=st.just("法院"),
    legal_basis=st.just("法"),
    amount_fen=st.none() | st.integers(1, 10_000),
    frozen_on=st.dates(date(2026, 1, 1), date(2026, 1, 20)),
    until=st.none() | st.dates(date(2026, 1, 1), date(2026, 2, 10)),
)


@given(
    st.lists(orders, max_size=4, unique_by=lambda one: one.order_no),
    st.integers(-100, 20_000),
    st.integers(0, 5_000),
    st.dates(date(2026, 1, 1), date(2026, 2, 20)),
)
def test_what_is_free_and_what_is_frozen_never_exceed_the_balance(
    frozen: list[f.AccountFrozen], balance_fen: int, leaving_fen: int, day: date
) -> None:
    freezes: f.Freezes = {}
    for one in frozen:
        freezes = f.evolve(freezes, one)
    held, free = f.frozen_fen(freezes, balance_fen, day), f.free_fen(freezes, balance_fen, leaving_fen, day)
    assert held >= 0
    assert free >= 0
    assert held + free <= max(balance_fen, 0)
    if not f.standing(freezes, day):
        assert held == 0
