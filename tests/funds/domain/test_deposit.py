from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funds.domain.test_account import DAY, HOLDER
from mingjing_funds.domain import deposit as d
from mingjing_funds.domain import deposit_refusals as because
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec

FILE = d.FileDeposit(holder=HOLDER, number="8801", agreement_no="保2026-1", filed_on=DAY)
FILED = d.DepositFiled(holder=HOLDER, number="8801", agreement_no="保2026-1", filed_on=DAY)
TOP_UP = d.MoveDeposit(flow="B1", amount_fen=100_000_00, purpose=d.Purpose.TOP_UP, reason="", moved_on=DAY)
ASSESS = d.AssessDeposit(
    floor_fen=50_000_00,
    period_fees_fen=80_000_00,
    ratio_permille=200,
    unconsumed_fen=300_000_00,
    policy_version="risk-deposit 330106 2026-01-01",
    assessed_on=DAY,
)
RETURN = d.MoveDeposit(flow="B2", amount_fen=-20_000_00, purpose=d.Purpose.RETURN, reason="退还", moved_on=DAY)


@pytest.fixture
def deposit() -> Spec:
    return Spec(d.DEPOSIT)


def after(*commands: d.Command) -> d.Filed:
    state = d.DEPOSIT.initial
    for command in commands:
        state = d.DEPOSIT.fold(d.DEPOSIT.decide(command, state), state)
    assert isinstance(state, d.Filed)
    return state


def test_the_minimum_is_the_highest_of_floor_period_fees_and_share() -> None:
    assert d.deposit_minimum_fen(5, 3, 200, 10) == 5
    assert d.deposit_minimum_fen(1, 7, 200, 10) == 7
    assert d.deposit_minimum_fen(1, 1, 200, 11) == 3  # 2.2 fen: never less than the share
    assert d.deposit_minimum_fen(1, 1, 200, -500) == 1


def test_it_is_filed_once(deposit: Spec) -> None:
    deposit.when(FILE).then(FILED)
    deposit.given(FILED).when(FILE).then()
    deposit.given(FILED).when(replace(FILE, number="8802")).then_refused(because.DepositDiffers)
    deposit.when(TOP_UP).then_refused(because.DepositUnknown)


def test_nothing_goes_back_below_the_minimum_and_families_come_first() -> None:
    state = after(FILE, TOP_UP, ASSESS)
    assert (state.required_fen, state.balance_fen, state.shortfall_fen) == (80_000_00, 100_000_00, 0)
    assert d.DEPOSIT.decide(RETURN, state)
    with pytest.raises(because.DepositTooLow):
        d.DEPOSIT.decide(replace(RETURN, amount_fen=-20_000_01), state)
    draw = replace(RETURN, purpose=d.Purpose.DRAW, amount_fen=-60_000_00)
    drawn = after(FILE, TOP_UP, ASSESS, draw)
    assert drawn.shortfall_fen == 40_000_00
    with pytest.raises(because.DrawUnexplained):
        d.DEPOSIT.decide(replace(draw, reason=""), state)
    with pytest.raises(because.DepositTooLow):
        d.DEPOSIT.decide(replace(draw, amount_fen=-100_000_01), state)


def test_a_movement_counts_once() -> None:
    state = after(FILE, TOP_UP)
    assert d.DEPOSIT.decide(TOP_UP, state) == []
    with pytest.raises(because.MovementContradicted):
        d.DEPOSIT.decide(replace(TOP_UP, amount_fen=1), state)
    for strange in (replace(TOP_UP, flow="B9", amount_fen=-1), replace(RETURN, flow="B9", amount_fen=1)):
        with pytest.raises(because.MovementImpossible):
            d.DEPOSIT.decide(strange, state)


def test_a_minimum_that_has_not_moved_is_no_news() -> None:
    state = after(FILE, TOP_UP, ASSESS)
    assert d.DEPOSIT.decide(replace(ASSESS, unconsumed_fen=1), state) == []
    assert d.DEPOSIT.decide(replace(ASSESS, unconsumed_fen=500_000_00), state)


def test_it_is_released_when_nobody_is_owed_anything_and_then_empties() -> None:
    state = after(FILE, TOP_UP, ASSESS)
    release = d.ReleaseDeposit(unconsumed_fen=0, department_consents=True, released_on=DAY)
    with pytest.raises(because.DepositStillNeeded):
        d.DEPOSIT.decide(replace(release, unconsumed_fen=1), state)
    with pytest.raises(because.DepositConsentMissing):
        d.DEPOSIT.decide(replace(release, department_consents=False), state)
    over = d.DEPOSIT.fold(d.DEPOSIT.decide(release, state), state)
    assert d.DEPOSIT.decide(release, over) == []
    assert d.DEPOSIT.decide(replace(RETURN, amount_fen=-100_000_00), over)
    assert d.DEPOSIT.decide(ASSESS, over) == []
    with pytest.raises(because.DepositOver):
        d.DEPOSIT.decide(replace(TOP_UP, flow="B9"), over)


moves = st.builds(
    d.MoveDeposit,
    flow=st.sampled_from([f"B{number}" for number in range(8)]),
    amount_fen=st.integers(-500, 500),
    purpose=st.sampled_from(d.Purpose),
    reason=st.sampled_from(["", "代偿"]),
    moved_on=st.just(DAY),
)
assessments = st.builds(
    d.AssessDeposit,
    floor_fen=st.integers(0, 300),
    period_fees_fen=st.integers(0, 300),
    ratio_permille=st.integers(0, 1000),
    unconsumed_fen=st.integers(0, 1000),
    policy_version=st.just("v"),
    assessed_on=st.just(DAY),
)


@given(st.lists(moves | assessments, max_size=40))
def test_no_sequence_of_movements_loses_money_or_returns_what_must_stay(commands: list[d.Command]) -> None:
    state, moved = d.DEPOSIT.fold([FILED]), {}
    for command in commands:
        assert isinstance(state, d.Filed)
        before = state
        try:
            facts = d.DEPOSIT.decide(command, state)
        except Refusal:
            continue
        state = d.DEPOSIT.fold(facts, state)
        for fact in facts:
            if isinstance(fact, d.DepositMoved):
                assert fact.flow not in moved
                moved[fact.flow] = fact.amount_fen
                if fact.purpose is d.Purpose.RETURN:
                    assert fact.balance_fen >= before.required_fen
        assert isinstance(state, d.Filed)
        assert state.balance_fen == sum(moved.values())
        assert state.balance_fen >= 0
        assert state.shortfall_fen >= 0
