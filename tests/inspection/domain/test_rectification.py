"""A rectification: proposed by a machine, ordered by an official, ended by somebody else; and the leads that follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_inspection.acts_rectification import LEAD_ACTS, RECTIFICATION_ACTS
from mingjing_inspection.domain import lead
from mingjing_inspection.domain import rectification_facts as r
from mingjing_inspection.domain import rectification_refusals as because
from mingjing_inspection.domain.finding_terms import Place
from mingjing_inspection.domain.lead import LEAD, LeadOrigin, LeadStage
from mingjing_inspection.domain.reaction import REACTION, NoteReaction
from mingjing_inspection.domain.rectification import RECTIFICATION, Known, Pause, Stage, hindrance
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.hindrance import walk

AT = datetime(2026, 7, 1, 2, tzinfo=UTC)
ON = date(2026, 7, 1)
DEADLINE = ON + timedelta(days=15)
GROUNDS = r.Grounds(
    institution_id=UUID(int=1),
    site_id=UUID(int=2),
    name="木铎轩",
    department="culture-tourism-sport",
    region="330106109001001",
    category="art",
    finding_id=UUID(int=3),
    summary="疏散通道堵塞",
)
PROPOSE = r.ProposeRectification(grounds=GROUNDS, proposes_pause=True, reaction="X5", at=AT)
ORDER = r.OrderRectification(
    grounds=GROUNDS,
    requirements=("清理疏散通道",),
    legal_basis="消防法第二十八条",
    deadline=DEADLINE,
    recheck_days=3,
    policy="default/1",
    by="p1",
    on=ON,
)
DECLINE = r.DeclineRectification(reason="已当场改正", by="p1", on=ON)
PAUSE = r.DecidePause(is_paused=True, reason="隐患未除", legal_basis="消防法", by="p2", on=ON)
SERVE = r.ServeRectification(served_on=ON, manner="直接送达", by="p1", on=ON)
REPORT = r.SelfReport(measures="已清理", photos=("a" * 64,), recheck_days=3, by="i1", on=ON)
PASS = r.RecheckRectification(is_passed=True, note="已清理", by="p3", on=ON)
FAIL = replace(PASS, is_passed=False, note="仍堵塞")
LAPSE = r.LapseRectification(on=DEADLINE + timedelta(days=1))
REMIND = r.RemindRectification(on=ON + timedelta(days=13))
STEPS = (PROPOSE, ORDER, DECLINE, PAUSE, SERVE, REPORT, PASS, FAIL, REMIND, LAPSE, replace(ORDER, requirements=(" ",)))
REASONS: frozenset[type[Refusal]] = frozenset({
    because.RectificationUnknown, because.RectificationOrderedBefore, because.RectificationOver, because.NotOrdered,
    because.NoticeServedBefore, because.NoticeNotServed, because.NothingToRecheck, because.PauseNotProposed,
})  # fmt: skip
OPEN = lead.OpenLead(
    origin=LeadOrigin.VETO,
    stage=LeadStage.OPEN,
    place=Place(institution_id=None, site_id=None, region="330106", category=""),
    department="education",
    source_id=UUID(int=3),
    summary="疏散通道堵塞",
    reaction="X5",
    at=AT,
)
LEAD_STEPS = (
    OPEN,
    lead.VerifyLead(by="p", on=ON),
    lead.ConcludeLead(is_case_proposed=True, note="属实", by="q", on=ON),
    lead.ConcludeLead(is_case_proposed=False, note=" ", by="q", on=ON),
)


def after(*commands: Any) -> Known:
    state: Any = RECTIFICATION.initial
    for command in commands:
        state = RECTIFICATION.fold(RECTIFICATION.decide(command, state), state)
    assert isinstance(state, Known)
    return state


def refused(reason: type[Refusal], state: Any, command: Any) -> None:
    with pytest.raises(reason) as caught:
        RECTIFICATION.decide(command, state)
    assert type(caught.value) is reason


def test_a_machine_proposes_and_an_official_orders_and_decides_on_the_pause() -> None:
    proposed = after(PROPOSE)
    assert (proposed.stage, proposed.pause) == (Stage.PROPOSED, Pause.PROPOSED)
    assert RECTIFICATION.decide(PROPOSE, proposed) == []
    ordered = after(PROPOSE, ORDER)
    assert (ordered.stage, ordered.pause) == (Stage.ORDERED, Pause.PROPOSED), "the pause is a decision of its own"
    assert after(PROPOSE, ORDER, PAUSE).pause is Pause.ORDERED
    assert after(PROPOSE, replace(PAUSE, is_paused=False)).pause is Pause.DECLINED
    refused(because.PauseNotProposed, after(ORDER), PAUSE)


def test_it_is_served_reported_looked_at_and_struck_off() -> None:
    stages = [after(*STEPS_TO_END[: number + 1]).stage for number in range(len(STEPS_TO_END))]
    assert stages == [Stage.ORDERED, Stage.IN_PROGRESS, Stage.SELF_REPORTED, Stage.PASSED]
    assert after(ORDER, SERVE, REPORT, FAIL).stage is Stage.FAILED


STEPS_TO_END = (ORDER, SERVE, REPORT, PASS)


def test_who_says_nothing_is_looked_at_after_the_deadline_and_a_deadline_that_is_ahead_ends_nothing() -> None:
    served = after(ORDER, SERVE)
    assert RECTIFICATION.decide(replace(LAPSE, on=DEADLINE), served) == []
    assert after(ORDER, SERVE, LAPSE).stage is Stage.RECHECK
    assert after(ORDER, SERVE, LAPSE, PASS).stage is Stage.PASSED
    assert RECTIFICATION.decide(LAPSE, after(ORDER, SERVE, REPORT)) == []
    refused(because.NothingToRecheck, served, PASS)
    assert RECTIFICATION.decide(LAPSE, after(ORDER)) == [], "nobody is late with what nobody told him"


def test_when_four_fifths_of_the_time_are_over_it_is_told_once_and_never_of_what_is_reported_or_late() -> None:
    (told,) = RECTIFICATION.decide(REMIND, after(ORDER, SERVE))
    assert told == r.RectificationReminded(deadline=DEADLINE, on=REMIND.on)
    assert RECTIFICATION.decide(REMIND, after(ORDER, SERVE, REMIND)) == []
    assert RECTIFICATION.decide(replace(REMIND, on=ON + timedelta(days=12)), after(ORDER, SERVE)) == []
    assert RECTIFICATION.decide(replace(REMIND, on=LAPSE.on), after(ORDER, SERVE)) == [], "late is another word"
    assert RECTIFICATION.decide(REMIND, after(ORDER, SERVE, REPORT)) == []
    assert after(ORDER, SERVE, REMIND).stage is Stage.IN_PROGRESS
    assert RECTIFICATION.decide(REMIND, RECTIFICATION.initial) == []


def test_a_notice_is_served_in_time_and_an_order_that_was_not_can_be_taken_back() -> None:
    ordered = after(ORDER)
    late = DEADLINE + timedelta(days=1)
    for served_on, on in ((ON - timedelta(days=1), ON), (ON + timedelta(days=2), ON), (late, late)):
        refused(because.NoticeServedOutOfTime, ordered, replace(SERVE, served_on=served_on, on=on))
    assert after(ORDER, DECLINE).stage is Stage.DECLINED
    refused(because.RectificationOrderedBefore, after(ORDER, SERVE), DECLINE)


def test_an_order_says_what_by_which_law_until_when_and_of_whom() -> None:
    for changed in ({"requirements": (" ",)}, {"legal_basis": ""}):
        refused(because.OrderUnexplained, RECTIFICATION.initial, replace(ORDER, **changed))  # type: ignore[arg-type]
    refused(because.RectificationDeadlinePassed, RECTIFICATION.initial, replace(ORDER, deadline=ON))
    other = replace(GROUNDS, institution_id=UUID(int=9))
    refused(because.RectificationOfAnother, after(PROPOSE), replace(ORDER, grounds=other))
    refused(because.SelfReportWithoutPhotos, after(ORDER, SERVE), replace(REPORT, photos=()))


@given(st.lists(st.sampled_from(STEPS), max_size=15))
def test_what_a_screen_says_is_what_the_decider_does(steps: list[Any]) -> None:
    walk(RECTIFICATION, hindrance, steps, REASONS)


@given(st.lists(st.sampled_from(LEAD_STEPS), max_size=8))
def test_a_lead(steps: list[Any]) -> None:
    walk(LEAD, lead.hindrance, steps, frozenset({lead.LeadUnknown, lead.LeadTaken, lead.LeadNotTaken, lead.LeadOver}))


def test_a_reaction_is_noted_once_whatever_came_of_it() -> None:
    note = NoteReaction(
        reaction="X5", occasion="finding-1:1", did=("lead",), institution_id=None, why="", department="d", region="33",
        category="", at=AT,
    )  # fmt: skip
    (noted,) = REACTION.decide(note, None)
    assert REACTION.decide(note, noted) == []
    assert REACTION.decide(replace(note, did=(), why="x"), noted) == [], "what was done stays noted"


def test_every_act_is_asked_about() -> None:
    walked = {type(step) for step in (*STEPS, *LEAD_STEPS)}
    assert {act.asks for act in (*RECTIFICATION_ACTS, *LEAD_ACTS)} <= walked
