"""Groups of complaints: who is in one, who speaks for it, and what no sequence of commands brings about."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_inspection.domain import complaint_group as g
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.hindrance import walk

AT = datetime(2026, 7, 1, 2, tzinfo=UTC)
ONE, TWO, THREE = UUID(int=1), UUID(int=2), UUID(int=3)
FORM = g.FormGroup(
    institution_id=UUID(int=9),
    department="education",
    region="330106",
    category="subject",
    members=(ONE, TWO, ONE),
    people=2,
    reaction="X8",
    reason="两人投诉同一机构",
    by="system:x8",
    at=AT,
)
JOIN = g.JoinGroup(track_id=THREE, people=3, reason="又一起", by="p", at=AT)
LEAVE = g.LeaveGroup(track_id=ONE, reason="另案", by="p", at=AT, people=1)
SPEAK = g.NameRepresentatives(representatives=(ONE, TWO), reason="推选", by="p", at=AT)
MEDIATE = g.AppointMediator(mediator="m", reason="一人调解", by="p", at=AT)
DISSOLVE = g.DissolveGroup(reason="分别处理", by="p", at=AT)
STEPS = (FORM, JOIN, LEAVE, SPEAK, MEDIATE, DISSOLVE, replace(LEAVE, track_id=TWO), replace(JOIN, track_id=ONE))


def after(*commands: Any) -> Any:
    state: Any = g.GROUP.initial
    for command in commands:
        state = g.GROUP.fold(g.GROUP.decide(command, state), state)
    return state


def refused(reason: type[Refusal], state: Any, command: Any) -> None:
    with pytest.raises(reason) as caught:
        g.GROUP.decide(command, state)
    assert type(caught.value) is reason


def test_members_are_in_it_once_and_whoever_left_is_out() -> None:
    (formed,) = g.GROUP.decide(FORM, None)
    assert isinstance(formed, g.GroupFormed)
    assert formed.members == (ONE, TWO)
    assert after(FORM, JOIN, LEAVE).members == {TWO, THREE}
    assert g.GROUP.decide(JOIN, after(FORM, JOIN)) == []
    refused(g.NotInGroup, after(FORM, LEAVE), LEAVE)
    assert g.GROUP.decide(FORM, after(FORM)) == []
    by_hand = replace(FORM, reaction="", members=(TWO, THREE))
    refused(g.GroupFormedOtherwise, after(FORM), by_hand)
    assert g.GROUP.decide(by_hand, after(by_hand)) == []


def test_one_or_two_of_the_members_speak_for_it() -> None:
    formed = after(FORM)
    refused(g.RepresentativesWrong, formed, replace(SPEAK, representatives=()))
    refused(g.RepresentativesWrong, after(FORM, JOIN), replace(SPEAK, representatives=(ONE, TWO, THREE)))
    refused(g.NotInGroup, formed, replace(SPEAK, representatives=(THREE,)))
    refused(g.GroupWordsMissing, formed, replace(SPEAK, reason=" "))


@given(st.lists(st.sampled_from(STEPS), max_size=25))
def test_what_a_screen_says_is_what_the_decider_does(steps: list[Any]) -> None:
    walk(g.GROUP, g.hindrance, steps, frozenset({g.GroupUnknown, g.GroupOver}))


@given(st.lists(st.sampled_from(STEPS), max_size=25))
def test_nobody_is_in_it_and_out_of_it_at_once(steps: list[Any]) -> None:
    state: Any = None
    for command in (FORM, *steps):
        try:
            facts = g.GROUP.decide(command, state)
        except Refusal:
            continue
        state = g.GROUP.fold(facts, state)
        assert len(state.members) <= g.MEMBERS_MAX
        assert {ONE, TWO, THREE} >= state.members | state.left
        assert not state.members & state.left
