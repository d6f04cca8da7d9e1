"""The seven steps of a finding: which follows which, who gets more time and who does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_inspection.acts_findings import FINDING_ACTS
from mingjing_inspection.domain import finding_commands as c
from mingjing_inspection.domain import finding_facts as f
from mingjing_inspection.domain import finding_refusals as because
from mingjing_inspection.domain.checklist import Severity
from mingjing_inspection.domain.dispatching import Ground, Suggestion
from mingjing_inspection.domain.finding import STEP_OF_STAGE, Known, Stage
from mingjing_inspection.domain.finding_rules import FINDING, RETURNS_MAX, hindrance
from mingjing_inspection.domain.finding_terms import Limit, Matter, Origin, Place, Rating, Source, Step, Urgency
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.hindrance import walk

AT = datetime(2026, 7, 1, 2, tzinfo=UTC)
LATER = AT + timedelta(days=1)
PHOTO = "a" * 64
OWNER = Suggestion(department="market-regulation", ground=Ground.OWNER, matrix="dispatch-matrix/1")


def limit(step: Step, hours: int | None = 4, days: int | None = None) -> Limit:
    due = AT + timedelta(days=30 if days else 0, hours=hours or 0)
    return Limit(
        step=step,
        started_at=AT,
        remind_at=due - timedelta(hours=1),
        due_at=due,
        policy="default/1",
        hours=hours,
        working_days=days,
    )


REPORT = c.ReportFinding(
    place=Place(institution_id=UUID(int=1), site_id=UUID(int=2), region="330106109001001", category="art"),
    department="culture-tourism-sport",
    matter=Matter.FEES,
    severity=Severity.RED,
    is_veto=False,
    summary="未公示收费",
    photos=(PHOTO,),
    source=Source(origin=Origin.BY_HAND),
    by="p1",
    at=AT,
    limit=limit(Step.VERIFY, None, 1),
)
VERIFY = c.VerifyFinding(note="属实", is_on_site=True, by="p2", at=AT, limit=limit(Step.DISPATCH))
WRITE_OFF = c.WriteOffFinding(reason="不属实", by="p2", at=AT)
DISPATCH = c.DispatchFinding(
    department="",
    urgency=Urgency.NORMAL,
    suggestion=OWNER,
    reason="",
    by="p3",
    at=AT,
    limit=limit(Step.HANDLE, None, 5),
)
ALLOT = c.AllotFinding(
    department="education",
    urgency=Urgency.NORMAL,
    suggestion=OWNER,
    reason="专班议定",
    by="p4",
    at=AT,
    limit=limit(Step.HANDLE, None, 5),
)
RETURN = c.ReturnFinding(
    reason="非本部门职责", suggested_department="education", by="p5", at=AT, limit=limit(Step.DISPATCH)
)
START = c.StartHandling(by="p5", at=AT)
EXTEND = c.ExtendFinding(reason="需鉴定", by="p3", at=AT, limit=limit(Step.HANDLE, None, 10))
FEED_BACK = c.FeedBackFinding(measures="已公示", photos=(PHOTO,), by="p5", at=AT, limit=limit(Step.RECHECK, None, 2))
PASS = c.RecheckFinding(is_passed=True, note="已改正", by="p6", at=AT, limit=limit(Step.DISPATCH))
FAIL = replace(PASS, is_passed=False, note="未改正")
CLOSE = c.CloseFinding(conclusion="结案", rating=Rating.GOOD, by="p3", at=AT)
REOPEN = c.ReopenFinding(reason="又出现", by="p3", at=AT, limit=limit(Step.DISPATCH))
REINSPECT = c.ReinspectFinding(
    sample_id=UUID(int=7), is_fixed=False, note="仍未公示", by="p8", at=AT, limit=limit(Step.DISPATCH)
)
LIST = c.ListFinding(reason="媒体关注", by="p4", at=AT)
CORRECTED = c.NoteSourceCorrected(visit_version=2, is_still_failed=False, at=AT)
HANDLED = (REPORT, VERIFY, DISPATCH, START, FEED_BACK, PASS, CLOSE)
STEPS = (
    *HANDLED,
    WRITE_OFF,
    ALLOT,
    RETURN,
    EXTEND,
    FAIL,
    REOPEN,
    REINSPECT,
    LIST,
    CORRECTED,
    replace(DISPATCH, suggestion=replace(OWNER, department="", ground=Ground.GRID_FIRST)),
    replace(CLOSE, conclusion=" "),
    c.RemindFinding(step=Step.HANDLE, at=LATER),
    c.SuperviseFinding(step=Step.DISPATCH, at=LATER),
)
STATES_REASONS: frozenset[type[Refusal]] = frozenset({
    because.FindingUnknown, because.FindingVerifiedBefore, because.FindingNotVerified, because.FindingWithDepartment,
    because.FindingNotDispatched, because.DisputedTwice, because.NotDisputedTwice, because.AllottedForGood,
    because.HandlingBegun, because.HandlingNotBegun, because.ExtendedBefore, because.NotFedBack, because.NotRechecked,
    because.FindingOver, because.FindingStillOpen, because.FindingListedBefore,
})  # fmt: skip


def after(*commands: Any) -> Known:
    state: Any = FINDING.initial
    for command in commands:
        state = FINDING.fold(FINDING.decide(command, state), state)
    assert isinstance(state, Known)
    return state


def refused(reason: type[Refusal], state: Any, command: Any) -> None:
    with pytest.raises(reason) as caught:
        FINDING.decide(command, state)
    assert type(caught.value) is reason


def test_the_seven_steps_in_their_order() -> None:
    stages = [after(*HANDLED[: number + 1]).stage for number in range(len(HANDLED))]
    assert stages == [
        Stage.REPORTED, Stage.VERIFIED, Stage.DISPATCHED, Stage.HANDLING, Stage.FED_BACK, Stage.RECHECKED, Stage.CLOSED,
    ]  # fmt: skip
    assert after(*HANDLED).limit is None


def test_an_item_of_a_visit_is_one_finding_and_a_report_by_hand_is_not_overwritten() -> None:
    visit = replace(REPORT, source=Source(origin=Origin.VISIT, visit_id=UUID(int=9), visit_version=1, item="C05"))
    assert FINDING.decide(replace(visit, summary="又一次"), after(visit)) == []
    assert FINDING.decide(REPORT, after(REPORT)) == []
    refused(because.FindingReportedOtherwise, after(REPORT), replace(REPORT, summary="别的"))


def test_a_correction_of_the_visit_is_noted_once_and_gives_nobody_more_time() -> None:
    before = after(REPORT)
    (fact,) = FINDING.decide(CORRECTED, before)
    state = FINDING.fold([fact], before)
    assert isinstance(state, Known)
    assert (state.limit, state.stage) == (before.limit, Stage.REPORTED)
    assert FINDING.decide(CORRECTED, state) == []


def test_returned_twice_the_task_force_decides_and_nobody_sends_it_back() -> None:
    once = after(REPORT, VERIFY, DISPATCH, RETURN)
    refused(because.NotDisputedTwice, once, ALLOT)
    twice = after(REPORT, VERIFY, DISPATCH, RETURN, DISPATCH, RETURN)
    assert twice.returns == RETURNS_MAX
    refused(because.DisputedTwice, twice, DISPATCH)
    given_ = after(REPORT, VERIFY, DISPATCH, RETURN, DISPATCH, RETURN, ALLOT)
    assert (given_.handler, given_.stage, given_.round) == ("education", Stage.DISPATCHED, 3)
    refused(because.AllottedForGood, given_, RETURN)
    refused(because.DispatchUnexplained, twice, replace(ALLOT, reason=" "))


def test_a_return_names_another_department() -> None:
    dispatched = after(REPORT, VERIFY, DISPATCH)
    refused(because.ReturnToItself, dispatched, replace(RETURN, suggested_department="market-regulation"))
    refused(because.ReturnToItself, dispatched, replace(RETURN, suggested_department=" "))
    refused(because.FindingWordsMissing, dispatched, replace(RETURN, reason=" "))


def test_whoever_differs_from_the_table_says_why_and_an_unknown_owner_is_not_guessed() -> None:
    verified = after(REPORT, VERIFY)
    refused(because.DispatchUnexplained, verified, replace(DISPATCH, department="education"))
    nobody = replace(OWNER, department="", ground=Ground.GRID_FIRST)
    refused(because.OwnerUnknown, verified, replace(DISPATCH, suggestion=nobody))
    (fact,) = FINDING.decide(replace(DISPATCH, department="education", reason="专项由教育牵头"), verified)
    assert isinstance(fact, f.FindingDispatched)
    assert (fact.department, fact.suggested_department, fact.matrix) == (
        "education", "market-regulation", "dispatch-matrix/1",
    )  # fmt: skip


def test_more_time_is_given_once_and_only_while_there_is_some() -> None:
    handling = after(REPORT, VERIFY, DISPATCH, START)
    refused(because.ExtensionTooLate, handling, replace(EXTEND, at=AT + timedelta(days=31)))
    extended = after(REPORT, VERIFY, DISPATCH, START, EXTEND)
    refused(because.ExtendedBefore, extended, EXTEND)
    again = after(REPORT, VERIFY, DISPATCH, START, EXTEND, FEED_BACK, FAIL, DISPATCH)
    refused(because.ExtendedBefore, again, EXTEND)


def test_what_is_not_put_right_is_dispatched_again_and_counts_as_rework() -> None:
    for way in ((FAIL,), (PASS, CLOSE, REOPEN), (PASS, CLOSE, REINSPECT)):
        state = after(REPORT, VERIFY, DISPATCH, START, FEED_BACK, *way)
        assert (state.stage, state.is_rework, state.handler) == (Stage.REOPENED, True, "")
        (fact,) = FINDING.decide(DISPATCH, state)
        assert isinstance(fact, f.FindingDispatched)
        assert (fact.round, fact.is_rework) == (2, True)


def test_a_sample_that_finds_it_put_right_leaves_it_closed_and_is_told_once() -> None:
    fixed = replace(REINSPECT, is_fixed=True)
    state = after(*HANDLED, fixed)
    assert state.stage is Stage.CLOSED
    assert FINDING.decide(fixed, state) == []
    assert FINDING.decide(REINSPECT, after(*HANDLED, REINSPECT)) == []


def test_a_clock_is_told_once_at_four_fifths_and_once_when_it_is_over() -> None:
    verified = after(REPORT, VERIFY)
    remind, supervise = (kind(step=Step.DISPATCH, at=LATER) for kind in (c.RemindFinding, c.SuperviseFinding))
    assert FINDING.decide(replace(remind, at=AT), verified) == []
    assert FINDING.decide(replace(remind, step=Step.HANDLE), verified) == []
    reminded = after(REPORT, VERIFY, remind)
    assert FINDING.decide(remind, reminded) == []
    late = after(REPORT, VERIFY, remind, supervise)
    assert FINDING.decide(supervise, late) == []
    assert FINDING.decide(remind, after(REPORT, VERIFY, supervise)) == []
    (second,) = FINDING.decide(
        c.SuperviseFinding(step=Step.HANDLE, at=LATER),
        after(REPORT, VERIFY, remind, supervise, DISPATCH),
    )
    assert isinstance(second, f.FindingSupervised)
    assert (second.times, second.proposes_listing) == (2, True)


def test_photos_are_hashes_each_once() -> None:
    for photos in (("x",), (PHOTO, PHOTO)):
        refused(because.FindingPhotoNotHashed, FINDING.initial, replace(REPORT, photos=photos))
        refused(
            because.FindingPhotoNotHashed,
            after(REPORT, VERIFY, DISPATCH, START),
            replace(FEED_BACK, photos=photos),
        )


@given(st.lists(st.sampled_from(STEPS), max_size=25))
def test_what_a_screen_says_is_what_the_decider_does(steps: list[Any]) -> None:
    walk(FINDING, hindrance, steps, STATES_REASONS)


@given(st.lists(st.sampled_from(STEPS), max_size=30))
def test_a_clock_runs_exactly_for_the_step_that_is_due(steps: list[Any]) -> None:
    state: Any = FINDING.initial
    for command in (REPORT, *steps):
        try:
            facts = FINDING.decide(command, state)
        except Refusal:
            continue
        before, state = state, FINDING.fold(facts, state)
        due = STEP_OF_STAGE.get(state.stage)
        assert (state.limit.step if state.limit else None) is due
        if isinstance(command, c.NoteSourceCorrected | c.RemindFinding | c.SuperviseFinding | c.ListFinding):
            assert state.limit is before.limit, "only a step of its own starts a clock"
        if isinstance(command, c.CloseFinding):
            assert before.stage is Stage.RECHECKED, "nothing is closed that nobody checked"
        assert state.round >= before.round if isinstance(before, Known) else state.round == 0


def test_every_act_is_asked_about() -> None:
    assert {act.asks for act in FINDING_ACTS} <= {type(step) for step in STEPS}
