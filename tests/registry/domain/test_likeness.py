"""A likeness is proposed, judged, remembered; and what is withdrawn is open again."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.testing.hindrance import walk
from mingjing_kernel.testing.spec import Spec
from mingjing_registry.domain.likeness import (
    LIKENESS,
    Command,
    Event,
    Judged,
    JudgeLikeness,
    JudgementWithdrawn,
    LapseLikeness,
    LikenessJudged,
    LikenessLapsed,
    LikenessProposed,
    Line,
    Open,
    Pair,
    ProposeLikeness,
    Resemblance,
    State,
    WithdrawJudgement,
    hindrance,
)
from mingjing_registry.domain.likeness_refusals import LikenessNotInThatState, LikenessUnknown
from mingjing_registry.domain.refusals import ReasonMissing

ON = date(2026, 7, 1)
PAIR = Pair(
    institution_id=UUID(int=1), institution_name="杭州木铎轩书画培训学校", former_id=UUID(int=2),
    former_name="杭州木铎萱书画培训学校", grounds=("revoked",),
    department="education", region="330106109", category="art",
)  # fmt: skip
PHONE = Line(field="phone", finding="equal", here="199****4241", there="199****4241", adds=500)
FOUND = Resemblance(score=500, lines=(PHONE,), rule_version="same-person-1", fingerprint="one")
NEWER = replace(FOUND, fingerprint="two")
PROPOSE = ProposeLikeness(pair=PAIR, resemblance=FOUND, on=ON)
PROPOSED = LikenessProposed(pair=PAIR, resemblance=FOUND, on=ON)
NOT_SAME = LikenessJudged(is_same=False, reason="另一家", on=ON)
SAME = LikenessJudged(is_same=True, reason="同一举办者", on=ON)
WITHDRAWN = JudgementWithdrawn(reason="误判", on=ON)
AGAIN = ProposeLikeness(pair=PAIR, resemblance=NEWER, on=ON)


@pytest.fixture(name="likeness")
def make_likeness() -> Spec[Command, State, Event]:
    return Spec(LIKENESS)


def test_found_twice_is_proposed_once_and_newer_facts_are_told(likeness: Spec[Command, State, Event]) -> None:
    likeness.when(PROPOSE).then(PROPOSED)
    likeness.given(PROPOSED).when(PROPOSE).then()
    likeness.given(PROPOSED).when(AGAIN).then(LikenessProposed(pair=PAIR, resemblance=NEWER, on=ON))


def test_who_is_not_the_same_is_not_proposed_again_on_the_same_facts(likeness: Spec[Command, State, Event]) -> None:
    judged = likeness.given(PROPOSED, NOT_SAME)
    judged.when(PROPOSE).then()
    # Worth more under another rule, the same facts are the same facts.
    judged.when(replace(PROPOSE, resemblance=replace(FOUND, score=900, rule_version="same-person-2"))).then()
    judged.when(AGAIN).then(LikenessProposed(pair=PAIR, resemblance=NEWER, on=ON))


def test_who_is_the_same_is_never_asked_about_again(likeness: Spec[Command, State, Event]) -> None:
    likeness.given(PROPOSED, SAME).when(AGAIN).then()


def test_a_judgement_has_a_reason_and_is_given_once(likeness: Spec[Command, State, Event]) -> None:
    judge = JudgeLikeness(is_same=False, reason="另一家", on=ON)
    likeness.given(PROPOSED).when(judge).then(NOT_SAME)
    likeness.given(PROPOSED, NOT_SAME).when(judge).then()
    likeness.given(PROPOSED).when(replace(judge, reason=" ")).then_refused(ReasonMissing)
    likeness.given(PROPOSED, SAME).when(judge).then_refused(LikenessNotInThatState)
    likeness.when(judge).then_refused(LikenessUnknown)


def test_what_is_withdrawn_is_open_again(likeness: Spec[Command, State, Event]) -> None:
    withdraw = WithdrawJudgement(reason="误判", on=ON)
    likeness.given(PROPOSED, NOT_SAME).when(withdraw).then(WITHDRAWN)
    likeness.given(PROPOSED, NOT_SAME, WITHDRAWN).when(withdraw).then_refused(LikenessNotInThatState)
    likeness.given(PROPOSED, NOT_SAME, WITHDRAWN).when(JudgeLikeness(is_same=True, reason="同一举办者", on=ON)).then(
        SAME
    )


def test_an_open_one_lapses_and_comes_back_and_a_judged_one_stays(likeness: Spec[Command, State, Event]) -> None:
    lapse = LapseLikeness(rule_version="same-person-1", on=ON)
    lapsed = LikenessLapsed(rule_version="same-person-1", on=ON)
    likeness.given(PROPOSED).when(lapse).then(lapsed)
    likeness.given(PROPOSED, lapsed).when(lapse).then()
    likeness.given(PROPOSED, lapsed).when(PROPOSE).then(PROPOSED)
    likeness.given(PROPOSED, SAME).when(lapse).then()


commands = st.one_of(
    st.sampled_from([PROPOSE, AGAIN]),
    st.builds(JudgeLikeness, is_same=st.booleans(), reason=st.just("查明"), on=st.just(ON)),
    st.just(WithdrawJudgement(reason="误判", on=ON)),
    st.just(LapseLikeness(rule_version="same-person-1", on=ON)),
)


@given(st.lists(commands, max_size=20))
def test_what_a_screen_says_is_what_the_decider_does(those: list[Command]) -> None:
    # The very same judgement again is no news, and no refusal: leave repetitions out.
    several = [one for before, one in zip([None, *those], those, strict=False) if one != before]
    state: State = LIKENESS.initial
    kept: list[Command] = []
    for one in several:
        if isinstance(one, JudgeLikeness) and isinstance(state, Judged):
            continue
        with suppress(LikenessNotInThatState, LikenessUnknown):
            state = LIKENESS.fold(LIKENESS.decide(one, state), state)
        kept.append(one)
    walk(LIKENESS, hindrance, kept, frozenset({LikenessNotInThatState, LikenessUnknown}))


@given(st.lists(st.sampled_from([PROPOSE, AGAIN, replace(PROPOSE, on=date(2026, 7, 2))]), max_size=10))
def test_no_matching_undoes_a_judgement_on_the_same_facts(later: list[Command]) -> None:
    state: State = LIKENESS.fold([PROPOSED, SAME])
    for command in later:
        state = LIKENESS.fold(LIKENESS.decide(command, state), state)
    assert state == Judged(True, "同一举办者", Open(FOUND, ("revoked",)))
