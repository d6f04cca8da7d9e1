"""The life of a dispute, a report and a work order: which step follows which, and which clock runs for it."""

from __future__ import annotations

import inspect
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspection.domain import track_samples as s
from mingjing_inspection.acts_tracks import HANDLED, TRACK_ACTS
from mingjing_inspection.domain import track_commands as c
from mingjing_inspection.domain import track_facts as f
from mingjing_inspection.domain import track_handling_commands as d
from mingjing_inspection.domain import track_handling_facts as h
from mingjing_inspection.domain import track_refusals as because
from mingjing_inspection.domain.complaint import Channel, Track
from mingjing_inspection.domain.complaint_track import ALL, Known
from mingjing_inspection.domain.finding_terms import Matter
from mingjing_inspection.domain.track_order import STAGES, hindrance
from mingjing_inspection.domain.track_rules import TRACK
from mingjing_inspection.domain.track_terms import Ending, Ground, Outcome, Stage, TrackClock
from mingjing_inspection.policy.complaint_times import instrument_on
from mingjing_inspection.projections.track_deadlines import STARTS
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.hindrance import walk

REASONS: frozenset[type[Refusal]] = frozenset({
    because.TrackUnknown, because.NotOfThisKind, because.TrackIsOver, because.TrackIsOpen, because.TrackIsMerged,
    because.TrackNotMerged, because.StepNotInOrder, because.ReturnedBefore, because.JurisdictionOpen,
    because.JurisdictionNotDisputed, because.RoutedForGood, because.PartiesNeeded, because.StatementsMissing,
    because.TrackExtendedBefore, because.InformFirst, because.ReopenedTooOften, because.ListedBefore,
})  # fmt: skip
"""``NothingAsked`` and ``NoTimeToExtend`` are said of the state and of the words."""


def refused(reason: type[Refusal], state: Any, command: Any) -> None:
    with pytest.raises(reason) as caught:
        TRACK.decide(command, state)
    assert type(caught.value) is reason


def stages(commands: tuple[Any, ...]) -> list[Stage]:
    return [s.after(*commands[: number + 1]).stage for number in range(len(commands))]


def test_a_dispute_is_split_routed_accepted_mediated_told_followed_up_and_closed() -> None:
    assert stages(s.MEDIATED) == [
        Stage.SPLIT, Stage.ROUTED, Stage.ACCEPTED, Stage.MEDIATING, Stage.MEDIATING, Stage.MEDIATING, Stage.AGREED,
        Stage.NOTIFIED, Stage.FOLLOWED_UP, Stage.CLOSED,
    ]  # fmt: skip
    assert (s.after(*s.MEDIATED).outcome, dict(s.after(*s.MEDIATED).clocks)) == (Outcome.AGREED, {})
    opened, split = TRACK.decide(s.DISPUTE, TRACK.initial)
    assert (type(opened), type(split)) == (f.TrackOpened, f.TrackSplit)


def test_a_report_is_triaged_routed_verified_proposed_and_its_reporter_told() -> None:
    assert stages(s.VERIFIED) == [
        Stage.RECEIVED, Stage.TRIAGED, Stage.ROUTED, Stage.VERIFYING, Stage.FILED, Stage.INFORMED, Stage.CLOSED,
    ]  # fmt: skip
    refused(because.InformFirst, s.after(*s.VERIFIED[:5]), s.CLOSE)
    anonymous = s.opening(Track.REPORT, is_anonymous=True)
    assert s.after(anonymous, *s.VERIFIED[1:5], s.CLOSE).outcome is Outcome.SUBSTANTIATED


def test_a_work_order_is_done_once_more_and_then_a_superior_looks() -> None:
    assert stages(s.ANSWERED) == [
        Stage.CREATED, Stage.CLASSIFIED, Stage.DISPATCHED, Stage.SIGNED, Stage.HANDLING, Stage.REPLIED,
        Stage.CALLBACK, Stage.CLOSED,
    ]  # fmt: skip
    replied = s.ANSWERED[:6]
    again = s.after(*replied, s.ANGRY)
    assert (again.stage, set(again.clocks)) == (Stage.REWORK, {TrackClock.HANDLE})
    looked_at = s.after(*replied, s.ANGRY, s.REPLY, s.ANGRY)
    assert (looked_at.stage, set(looked_at.clocks)) == (Stage.SUPERVISED, {TrackClock.HANDLE}), "it may not sleep"
    assert s.after(*replied, s.ANGRY, s.REPLY, s.ANGRY, s.REPLY, s.CALL, s.CLOSE).stage is Stage.CLOSED
    extended = s.after(*s.ANSWERED[:5], extension(s.ANSWERED[:5]))
    assert extended.stage is Stage.EXTENDED
    assert TRACK.decide(s.REPLY, extended)


def extension(commands: tuple[Any, ...]) -> c.ExtendTrack:
    known = s.after(*commands)
    clock = TrackClock.VERIFY if known.kind is Track.REPORT else TrackClock.HANDLE
    return replace(s.EXTEND, timers=s.TIMES.extended(known.clocks[clock]))


def test_what_the_channel_has_closed_is_opened_as_closed_there_and_is_overdue_nowhere() -> None:
    state = s.after(s.opening(Track.DISPUTE, closed_as="已办结", result="已答复"))
    assert (state.stage, state.outcome, dict(state.clocks)) == (Stage.CLOSED, Outcome.ELSEWHERE, {})
    note = c.NoteClosedElsewhere(status="已办结", result="", at=s.AT)
    assert s.after(s.ORDER, note).outcome is Outcome.ELSEWHERE
    on_it = s.after(s.DISPUTE, s.ROUTE)
    (fact,) = TRACK.decide(note, on_it)
    assert isinstance(fact, f.ChannelClosureNoted), "somebody here is on it, and goes on"
    noted = s.after(s.DISPUTE, s.ROUTE, note)
    assert (noted.stage, dict(noted.clocks), TRACK.decide(note, noted)) == (on_it.stage, dict(on_it.clocks), [])


def test_opening_twice_is_once() -> None:
    assert TRACK.decide(s.DISPUTE, s.after(s.DISPUTE)) == []


def test_the_times_of_the_law_and_of_the_hotline() -> None:
    dispute = s.after(s.DISPUTE).clocks
    assert shanghai_date(dispute[TrackClock.ACCEPT].due_at) == date(2026, 7, 10)  # seven working days
    assert dispute[TrackClock.ROUTE].due_at == datetime(2026, 7, 1, 4, tzinfo=UTC)  # from ten to noon
    report = s.after(s.REPORT).clocks
    assert shanghai_date(report[TrackClock.VERIFY].due_at) == date(2026, 7, 22)
    urgent = s.after(s.opening(Track.DISPUTE, is_urgent=True)).clocks
    assert urgent[TrackClock.RESPOND].due_at == s.AT + timedelta(hours=2)
    order = s.after(*s.ANSWERED[:3]).clocks
    assert {clock: timer.hours for clock, timer in order.items()} == {TrackClock.SIGN: 4, TrackClock.HANDLE: None}
    assert shanghai_date(order[TrackClock.HANDLE].due_at) == date(2026, 7, 8)


def test_which_law_counts_goes_by_the_day_of_receipt() -> None:
    assert instrument_on(date(2026, 4, 14)).name == "SAMR-20"
    assert instrument_on(date(2026, 4, 15)).name == "SAMR-121"
    old = replace(s.DISPUTE, law="SAMR-20")
    refused(because.GroundNotOfLaw, s.after(old, s.ROUTE), replace(s.REFUSE, ground=Ground.IDENTITY_REFUSED))
    assert s.after(s.DISPUTE, s.ROUTE, replace(s.REFUSE, ground=Ground.IDENTITY_REFUSED)).stage is Stage.NOT_ACCEPTED
    mediating = (s.ROUTE, s.ACCEPT, s.MEDIATE)
    refused(because.GroundNotOfLaw, s.after(old, *mediating), replace(s.TERMINATE, ground=Ending.FABRICATED))


def test_working_days_of_an_appraisal_do_not_count() -> None:
    mediating = s.after(*s.MEDIATED[:4])
    due = mediating.clocks[TrackClock.MEDIATE].due_at
    suspended = s.after(*s.MEDIATED[:4], s.APPRAISE)
    assert (suspended.stage, set(suspended.clocks)) == (Stage.SUSPENDED_APPRAISAL, set())
    assert suspended.paused is not None
    assert suspended.paused_at is not None
    back = s.AT + timedelta(days=7)
    timers = s.TIMES.resumed(suspended.paused, suspended.paused_at, back)
    resumed = s.after(*s.MEDIATED[:4], s.APPRAISE, replace(s.APPRAISED, at=back, timers=timers))
    timer = resumed.clocks[TrackClock.MEDIATE]
    assert (timer.working_days, timer.paused_days, resumed.paused) == (45, 5, None)
    expected = s.TIMES.calendar.after(shanghai_date(due), 5)
    assert shanghai_date(timer.due_at) == expected


def test_an_order_is_sent_back_once_and_then_departments_differ() -> None:
    routed = (s.DISPUTE, s.ROUTE)
    refused(because.ReturnTooLate, s.after(*routed), replace(s.RETURN, at=s.AT + timedelta(days=3)))
    refused(because.ReturnNamesNobody, s.after(*routed), replace(s.RETURN, suggested_department=s.MARKET))
    back = s.after(*routed, s.RETURN)
    assert (back.stage, back.handler, TrackClock.ROUTE in back.clocks) == (Stage.SPLIT, "", True)
    assert TrackClock.ACCEPT in back.clocks, "the law's time runs on"
    twice = (*routed, s.RETURN, s.ROUTE)
    refused(because.ReturnedBefore, s.after(*twice), s.RETURN)
    differ = s.after(*twice, s.DIFFER)
    refused(because.JurisdictionOpen, differ, s.ROUTE)
    refused(because.JurisdictionNotDisputed, s.after(*routed, s.RETURN), s.DECIDE)
    decided = s.after(*twice, s.DIFFER, s.DECIDE)
    assert (decided.handler, decided.is_final, decided.round) == ("education", True, 3)
    refused(because.RoutedForGood, decided, s.RETURN)
    refused(because.DepartmentsMissing, s.after(*twice), replace(s.DIFFER, departments=(s.MARKET, s.MARKET)))


def test_whoever_differs_from_the_table_says_why() -> None:
    refused(because.RoutingUnexplained, s.after(s.DISPUTE), replace(s.ROUTE, department="education"))
    nobody = replace(s.OWNER, department="")
    refused(because.HandlerUnknown, s.after(s.DISPUTE), replace(s.ROUTE, suggestion=nobody))


def test_both_sides_are_heard_before_they_agree() -> None:
    refused(because.StatementsMissing, s.after(*s.MEDIATED[:5]), s.AGREE)
    heard = s.after(*s.MEDIATED[:6])
    refused(because.TermsMissing, heard, replace(s.AGREE, terms=(" ",)))
    refused(because.SumWithoutDay, heard, replace(s.AGREE, pay_by=None))


def test_a_dispute_without_a_person_is_not_accepted() -> None:
    anonymous = s.opening(Track.DISPUTE, is_anonymous=True)
    refused(because.PartiesNeeded, s.after(anonymous, s.ROUTE), s.ACCEPT)
    assert s.after(anonymous, s.ROUTE, replace(s.REFUSE, ground=Ground.DATA_MISSING)).stage is Stage.NOT_ACCEPTED


def test_a_dispute_taken_back_ends_and_names_the_order_that_is_free_again() -> None:
    (fact,) = TRACK.decide(s.WITHDRAW, s.after(*s.MEDIATED[:4]))
    assert isinstance(fact, h.DisputeWithdrawn)
    assert fact.contract_id == s.CONTRACT
    refused(because.NotOfThisKind, s.after(*s.VERIFIED[:3]), s.WITHDRAW)


def test_more_time_is_given_once_and_only_while_there_is_some() -> None:
    verifying = s.VERIFIED[:4]
    more = extension(verifying)
    assert more.timers[0].working_days == 30
    refused(because.NoTimeToExtend, s.after(*verifying), replace(more, at=s.LATE))
    refused(because.TrackWordsMissing, s.after(*verifying), replace(more, told=" "))
    refused(because.TrackExtendedBefore, s.after(*verifying, more), more)


def test_merged_is_handled_with_the_other_and_parted_has_the_clocks_that_it_had() -> None:
    merge = next(one for one in s.STEPS if isinstance(one, c.MergeTrack))
    part = c.UnmergeTrack(reason="两回事", by="p1", at=s.AT)
    before = s.after(s.DISPUTE, s.ROUTE)
    merged = s.after(s.DISPUTE, s.ROUTE, merge)
    assert dict(merged.clocks) == {}
    refused(because.TrackIsMerged, merged, s.ACCEPT)
    parted = s.after(s.DISPUTE, s.ROUTE, merge, part)
    assert (dict(parted.clocks), parted.stage) == (dict(before.clocks), before.stage)
    refused(because.MergedIntoItself, before, replace(merge, into_kind=Track.REPORT))
    refused(because.MergedIntoItself, before, replace(merge, into_is_open=False))
    refused(because.TrackNotMerged, before, part)
    main = c.NoteMainClosed(outcome=Outcome.AGREED, conclusion="并案办结", by="system:tracks", at=s.AT)
    over = s.after(s.DISPUTE, s.ROUTE, merge, main)
    assert (over.stage, over.outcome, over.merged_into) == (Stage.CLOSED, Outcome.AGREED, None)
    assert TRACK.decide(main, before) == []


def test_it_is_opened_again_within_the_window_and_not_for_ever() -> None:
    closed = s.after(*s.MEDIATED)
    refused(because.WindowOver, closed, replace(s.REOPEN, at=s.LATE))
    again = s.after(*s.MEDIATED, s.REOPEN)
    assert (again.stage, set(again.clocks), again.outcome) == (
        Stage.SPLIT, {TrackClock.ROUTE, TrackClock.ACCEPT}, Outcome.NONE,
    )  # fmt: skip
    rounds = (*s.MEDIATED[1:], s.REOPEN)
    refused(because.ReopenedTooOften, s.after(*s.MEDIATED, s.REOPEN, *rounds, *rounds, *s.MEDIATED[1:]), s.REOPEN)


def test_a_clock_is_told_once_at_four_fifths_and_once_when_it_is_over_and_what_nobody_has_goes_to_the_town() -> None:
    remind, supervise = (kind(clock=TrackClock.ROUTE, at=s.LATE) for kind in (c.RemindTrack, c.SuperviseTrack))
    assert TRACK.decide(replace(remind, at=s.AT), s.after(s.DISPUTE)) == []
    assert TRACK.decide(remind, s.after(s.DISPUTE, remind)) == []
    (late,) = TRACK.decide(supervise, s.after(s.DISPUTE, remind))
    assert isinstance(late, f.TrackSupervised)
    assert (late.escalated_to, late.is_unowned, late.proposes_listing) == ("town", True, False)
    known = replace(s.DISPUTE, region="330106")
    (elsewhere,) = TRACK.decide(supervise, s.after(known))
    assert isinstance(elsewhere, f.TrackSupervised)
    assert elsewhere.escalated_to == s.OWN
    (media,) = TRACK.decide(supervise, s.after(replace(s.DISPUTE, channel=Channel.MEDIA)))
    assert isinstance(media, f.TrackSupervised)
    assert media.proposes_listing
    second = replace(supervise, clock=TrackClock.ACCEPT)
    (owned,) = TRACK.decide(second, s.after(s.DISPUTE, supervise, s.ROUTE))
    assert isinstance(owned, f.TrackSupervised)
    assert (owned.times, owned.is_unowned, owned.proposes_listing, owned.department) == (2, False, True, s.MARKET)


EDITS = (
    c.NoteTrackAttributed(
        institution_id=UUID(int=3), department="education", region="3301", category="subject", at=s.LATE
    ),
    next(one for one in s.STEPS if isinstance(one, c.LinkTrack)),
    c.ListTrack(reason="媒体", by="p9", at=s.LATE),
    replace(s.SAYS, at=s.LATE),
    d.NameContract(contract_id=UUID(int=71), reason="补", by="p2", at=s.LATE),
    c.OrderOnSiteCheck(task_id=UUID(int=73), reason="看", by="p3", at=s.LATE),
)


@given(st.integers(1, 7), st.lists(st.sampled_from(EDITS), max_size=6))
def test_no_edit_gives_anybody_more_time(steps: int, edits: list[Any]) -> None:
    before: Any = s.after(*s.MEDIATED[:steps])
    state = before
    for edit in edits:
        try:
            state = TRACK.fold(TRACK.decide(edit, state), state)
        except Refusal:
            continue
    assert dict(state.clocks) == dict(before.clocks)


@given(st.sampled_from((s.DISPUTE, s.REPORT, s.ORDER)), st.lists(st.sampled_from(s.STEPS), max_size=40))
def test_what_a_screen_says_is_what_the_decider_does(first: Any, steps: list[Any]) -> None:
    walk(TRACK, hindrance, (first, *steps), REASONS)


@given(st.sampled_from((s.DISPUTE, s.REPORT, s.ORDER)), st.lists(st.sampled_from(s.STEPS), max_size=40))
def test_a_track_stays_within_its_kind_and_what_is_over_has_no_clock(first: Any, steps: list[Any]) -> None:
    state: Any = TRACK.initial
    for command in (first, *steps):
        try:
            facts = TRACK.decide(command, state)
        except Refusal:
            continue
        state = TRACK.fold(facts, state)
        assert isinstance(state, Known)
        assert state.stage in STAGES[state.kind]
        assert set(state.clocks) <= ALL
        assert all(clock is timer.clock for clock, timer in state.clocks.items())
        if state.stage is Stage.CLOSED or state.merged_into is not None:
            assert not state.clocks
        else:
            assert state.clocks or state.stage in WAITS_FOR_NOBODY or state.is_disputed


WAITS_FOR_NOBODY = (
    Stage.NOT_ACCEPTED, Stage.SUSPENDED_APPRAISAL, Stage.FOLLOWED_UP, Stage.INFORMED, Stage.CALLBACK, Stage.SUPERVISED,
    Stage.ROUTED,
)  # fmt: skip


@given(st.sampled_from((s.DISPUTE, s.REPORT, s.ORDER)), st.lists(st.sampled_from(s.STEPS), max_size=40))
def test_every_clock_that_starts_is_on_the_list_of_deadlines(first: Any, steps: list[Any]) -> None:
    state: Any = TRACK.initial
    for command in (first, *steps):
        try:
            facts = TRACK.decide(command, state)
        except Refusal:
            continue
        for fact in facts:
            for timer in getattr(fact, "timers", ()):
                assert type(fact) in STARTS[timer.clock], (type(fact), timer.clock)
        state = TRACK.fold(facts, state)


def test_every_step_has_an_act_and_every_act_a_step() -> None:
    asked = {act.asks for act in TRACK_ACTS if act.asks}
    steps = {
        one
        for module in (c, d)
        for one in vars(module).values()
        if inspect.isclass(one) and one.__module__ == module.__name__
    }
    assert steps - asked == {
        c.OpenTrack, c.NoteClosedElsewhere, c.NoteMainClosed, c.NoteTrackAttributed, c.RemindTrack, c.SuperviseTrack,
        d.NoteExtract,
    }  # fmt: skip
    assert {act.name for act in TRACK_ACTS} >= HANDLED
    assert Matter.SCHOOL in Matter


@pytest.mark.parametrize("naming", [s.ACCEPT, d.NameContract(contract_id=UUID(int=71), reason="补", by="p2", at=s.AT)])
def test_a_contract_is_named_only_of_the_institution_in_dispute(naming: Any) -> None:
    """Without one its number may be that of another family, elsewhere."""
    unknown = replace(s.DISPUTE, institution_id=None)
    accepted = replace(s.ACCEPT, contract_id=None)
    before = (unknown, s.ROUTE) if naming is s.ACCEPT else (unknown, s.ROUTE, accepted)
    with pytest.raises(because.RespondentOpen):
        TRACK.decide(naming, s.after(*before))
    assert TRACK.decide(accepted, s.after(unknown, s.ROUTE))
    settled = c.NoteTrackAttributed(
        institution_id=UUID(int=3), department=s.MARKET, region="330106", category="art", at=s.AT
    )
    assert TRACK.decide(naming, s.after(*before, settled))
