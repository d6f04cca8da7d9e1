from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funds.domain.test_account import DAY
from mingjing_funds.domain import custody_break as b
from mingjing_funds.domain.break_terms import Found, Kind, Line, Side
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec

FEE = Found(
    kind=Kind.FEE_CHARGED,
    account_id=UUID(int=1),
    day=DAY,
    amount_fen=-30_00,
    number="",
    flow="HP1",
    lines=(Line(side=Side.BANK, reference="HP1", amount_fen=-30_00, day=DAY),),
    other_account_id=None,
    righted_on=None,
)
WHOSE = b.Whose(institution_name="木铎轩", account_number="6299", department="教育局", region="330106", category="")
REPORT = b.ReportBreak(found=FEE, whose=WHOSE, seen_on=DAY)
OPENED = b.BreakOpened(found=FEE, whose=WHOSE, seen_on=DAY)
BACK = replace(FEE, righted_on=DAY + timedelta(days=3))
RESOLVE = b.ResolveBreak(
    by="甲", disposal=b.Disposal.CLAIMED, reason="托管银行不得收费", evidence="函2026-1", resolved_on=DAY
)
RESOLVED = b.BreakResolved(
    by="甲", disposal=b.Disposal.CLAIMED, reason="托管银行不得收费", evidence="函2026-1", resolved_on=DAY
)


@pytest.fixture
def this() -> Spec:
    return Spec(b.BREAK)


def test_a_break_opens_once_and_is_righted_by_the_banks_reversal(this: Spec) -> None:
    this.when(REPORT).then(OPENED)
    this.given(OPENED).when(REPORT).then()
    reversed_ = b.BreakRighted(how=b.Righted.REVERSED, righted_on=DAY + timedelta(days=3))
    changed = b.BreakChanged(found=BACK, whose=WHOSE, seen_on=DAY)
    this.given(OPENED).when(replace(REPORT, found=BACK)).then(changed, reversed_)
    this.given(OPENED, changed, reversed_).when(replace(REPORT, found=BACK)).then()
    at_once = replace(OPENED, found=BACK)
    this.when(replace(REPORT, found=BACK)).then(at_once, reversed_)


def test_what_is_not_found_any_more_has_come_right_and_opens_when_it_is_found_again(this: Spec) -> None:
    gone = b.BreakRighted(how=b.Righted.CAME_RIGHT, righted_on=DAY)
    this.given(OPENED).when(b.MissBreak(seen_on=DAY)).then(gone)
    this.given(OPENED, gone).when(b.MissBreak(seen_on=DAY)).then()
    this.given(OPENED, gone).when(REPORT).then(OPENED)
    this.when(b.MissBreak(seen_on=DAY)).then()


def test_a_person_resolves_with_reason_and_evidence_and_that_stands(this: Spec) -> None:
    this.given(OPENED).when(RESOLVE).then(RESOLVED)
    this.given(OPENED).when(replace(RESOLVE, evidence=" ")).then_refused(b.ResolutionUnexplained)
    this.given(OPENED).when(replace(RESOLVE, reason="")).then_refused(b.ResolutionUnexplained)
    this.when(RESOLVE).then_refused(b.BreakUnknown)
    this.given(OPENED, RESOLVED).when(RESOLVE).then_refused(b.BreakNotOpen)
    this.given(OPENED, RESOLVED).when(REPORT).then()
    this.given(OPENED, RESOLVED).when(b.MissBreak(seen_on=DAY)).then()
    more = replace(FEE, amount_fen=-60_00)
    this.given(OPENED, RESOLVED).when(replace(REPORT, found=more)).then(replace(OPENED, found=more))


found = st.builds(
    lambda fen, kind, righted: replace(FEE, amount_fen=fen, kind=kind, righted_on=DAY if righted else None),
    st.integers(1, 3),
    st.sampled_from([Kind.NOT_CREDITED, Kind.CREDITED_ELSEWHERE]),
    st.booleans(),
)
commands = st.one_of(
    found.map(lambda one: replace(REPORT, found=one)), st.just(b.MissBreak(seen_on=DAY)), st.just(RESOLVE)
)


@given(st.lists(commands, max_size=25))
def test_the_same_look_twice_is_one_and_what_is_open_was_found(given_: list[b.Command]) -> None:
    state: b.Break = b.BREAK.initial
    for command in given_:
        try:
            state = b.BREAK.fold(b.BREAK.decide(command, state), state)
        except Refusal:
            continue
        if not isinstance(command, b.ResolveBreak):
            assert b.BREAK.decide(command, state) == []
        if isinstance(state, b.Open):
            assert state.found.righted_on is None
