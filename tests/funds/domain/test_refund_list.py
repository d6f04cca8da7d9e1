from dataclasses import replace
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_funds.domain import refund_list as rl
from mingjing_funds.domain.pro_rata import shares_fen
from mingjing_kernel.testing.spec import Spec

AT = datetime(2026, 7, 1, tzinfo=UTC)
CLAIMS = tuple(
    rl.Claim(contract_id=UUID(int=number), contract_no=f"HT{number}", owed_fen=owed)
    for number, owed in ((1, 1_000_00), (2, 2_000_00), (3, 5_00))
)
DRAW = rl.DrawList(
    account_id=UUID(int=9), available_fen=1_502_50, claims=CLAIMS, reason="停止办学", drawn_by="song", drawn_at=AT
)
APPROVE = rl.ApproveList(total_fen=1_502_50, approved_by="qian", approved_at=AT, approved_on=date(2026, 7, 1))
DRAWN = rl.REFUND_LIST.decide(DRAW, rl.NoList())[0]


@pytest.fixture
def refund_list() -> Spec:
    return Spec(rl.REFUND_LIST)


def test_every_family_gets_its_share_of_what_is_there() -> None:
    assert isinstance(DRAWN, rl.ListDrawn)
    assert [(share.contract_no, share.share_fen) for share in DRAWN.shares] == [
        ("HT1", 500_00),
        ("HT2", 1_000_00),
        ("HT3", 2_50),
    ]


def test_where_enough_is_there_everybody_gets_all() -> None:
    (drawn,) = rl.REFUND_LIST.decide(replace(DRAW, available_fen=9_000_00), rl.NoList())
    assert isinstance(drawn, rl.ListDrawn)
    assert all(share.share_fen == share.owed_fen for share in drawn.shares)


def test_who_approves_names_what_it_comes_to(refund_list: Spec) -> None:
    refund_list.given(DRAWN).when(replace(APPROVE, total_fen=1)).then_refused(rl.RefundTotalDiffers)
    approved = rl.REFUND_LIST.decide(APPROVE, rl.REFUND_LIST.fold([DRAWN]))
    refund_list.given(DRAWN, *approved).when(APPROVE).then()
    refund_list.given(DRAWN, *approved).when(DRAW).then_refused(rl.RefundListStands)
    withdraw = rl.WithdrawList(reason="x", withdrawn_by="song", withdrawn_at=AT)
    refund_list.given(DRAWN, *approved).when(withdraw).then_refused(rl.RefundListStands)


def test_a_list_that_was_taken_back_pays_nobody(refund_list: Spec) -> None:
    withdraw = rl.WithdrawList(reason="x", withdrawn_by="song", withdrawn_at=AT)
    withdrawn = rl.REFUND_LIST.decide(withdraw, rl.REFUND_LIST.fold([DRAWN]))
    refund_list.given(DRAWN, *withdrawn).when(APPROVE).then_refused(rl.RefundListStands)
    refund_list.given(DRAWN, *withdrawn).when(withdraw).then()
    refund_list.given(DRAWN, *withdrawn).when(DRAW).then_refused(rl.RefundListStands)


@pytest.mark.parametrize("claims", [(), CLAIMS[:1] * 2, (replace(CLAIMS[0], owed_fen=0),)])
def test_a_list_names_each_contract_once_with_something_owed(refund_list: Spec, claims: tuple[rl.Claim, ...]) -> None:
    refund_list.when(replace(DRAW, claims=claims)).then_refused(rl.RefundListEmpty)


def test_the_same_list_again_is_no_news_and_another_is_refused(refund_list: Spec) -> None:
    refund_list.given(DRAWN).when(DRAW).then()
    refund_list.given(DRAWN).when(replace(DRAW, available_fen=1)).then_refused(rl.RefundListStands)
    refund_list.when(APPROVE).then_refused(rl.RefundListUnknown)


def test_a_long_list_is_one_list_in_parts_and_one_decision(refund_list: Spec) -> None:
    """12,000 families share what is there as one; whoever approves names what all parts come to."""
    claims = tuple(
        rl.Claim(contract_id=UUID(int=number), contract_no=f"HT{number}", owed_fen=1 + number % 997)
        for number in range(1, 12_001)
    )
    draw = replace(DRAW, claims=claims, available_fen=1_000_003)
    facts = rl.REFUND_LIST.decide(draw, rl.NoList())
    assert [type(fact).__name__ for fact in facts] == ["ListDrawn", "ListContinued", "ListContinued"]
    state = rl.REFUND_LIST.fold(facts)
    assert isinstance(state, rl.RefundList)
    whole = shares_fen(1_000_003, {claim.contract_id: claim.owed_fen for claim in claims})
    assert {share.contract_id: share.share_fen for share in state.shares} == whole
    assert state.total_fen == 1_000_003
    refund_list.given(*facts).when(draw).then()
    refund_list.given(*facts).when(APPROVE).then_refused(rl.RefundTotalDiffers)
    (approved,) = rl.REFUND_LIST.decide(replace(APPROVE, total_fen=1_000_003), state)
    assert isinstance(approved, rl.ListApproved)
    assert approved.total_fen == 1_000_003


@given(
    owed=st.lists(st.integers(1, 500), min_size=1, max_size=40),
    available=st.integers(-5, 9_000),
    size=st.integers(1, 12),
)
def test_however_it_is_cut_the_parts_are_the_whole(owed: list[int], available: int, size: int) -> None:
    claims = tuple(
        rl.Claim(contract_id=UUID(int=at + 1), contract_no=f"HT{at}", owed_fen=fen) for at, fen in enumerate(owed)
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rl, "PART_MAX", size)
        facts = rl.REFUND_LIST.decide(replace(DRAW, claims=claims, available_fen=available), rl.NoList())
    state = rl.REFUND_LIST.fold(facts)
    assert isinstance(state, rl.RefundList)
    assert [share.contract_no for share in state.shares] == [claim.contract_no for claim in claims]
    assert state.total_fen == min(max(available, 0), sum(owed))
    assert all(0 <= share.share_fen <= share.owed_fen for share in state.shares)
    assert all(len(getattr(fact, "shares", ())) <= size for fact in facts)
