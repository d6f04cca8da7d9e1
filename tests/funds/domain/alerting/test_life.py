"""The life of an alert: fire once, worsen, clear with hysteresis, be worked on step by step, close with evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingjing_funds.domain.alert import Severity, Subject
from mingjing_funds.domain.alerting import life_facts as f
from mingjing_funds.domain.alerting import life_refusals as because
from mingjing_funds.domain.alerting.life import FROM, LIFE, hindrance
from mingjing_funds.domain.alerting.persisting import Again, Silence
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.testing.spec import Spec

DAY = date(2026, 5, 3)
SUBJECT = Subject(
    account_id=UUID(int=1), institution_id=UUID(int=2), institution_name="木铎轩", department="教育局", region="330106"
)
SAID = f.Said(
    rule="F01",
    rule_version="F01/2",
    thresholds_version="default/1",
    day=DAY,
    severity=Severity.YELLOW,
    measures=(f.Measure(name="balance_fen", value=83_200_00),),
    threshold=300_000_00,
    because_zh="余额83,200元，为本地区所定最低留存300,000元的27%",
    because_en="balance ¥83,200 is 27 % of the minimum ¥300,000 set by the region",
)
ID = UUID(int=9)
WHO = {"by": "王科长", "on": DAY}


def observe(days: int, severity: Severity | None, number: int = 9) -> f.Observe:
    return f.Observe(
        alert_id=UUID(int=number),
        subject=SUBJECT,
        said=replace(SAID, day=DAY + timedelta(days=days), severity=severity),
    )


def happened(*commands: f.Command) -> list[f.Event]:
    state, found = LIFE.initial, list[f.Event]()
    for command in commands:
        decided = LIFE.decide(command, state)
        state = LIFE.fold(decided, state)
        found += decided
    return found


def names(*commands: f.Command) -> list[str]:
    return [type(fact).__name__ for fact in happened(*commands)]


def through(*commands: f.Command) -> f.Alert:
    state = LIFE.fold(happened(*commands))
    assert isinstance(state, f.Alert)
    return state


RAISED = f.AlertRaised(alert_id=ID, subject=SUBJECT, said=SAID, since=DAY)
JUDGED = f.Judge(alert_id=ID, is_confirmed=True, evidence="现场照片3张", **WHO)
STEPS: tuple[f.Command, ...] = (
    f.Acknowledge(alert_id=ID, **WHO),
    f.StartVerifying(alert_id=ID, **WHO),
    JUDGED,
    f.PlanDisposal(alert_id=ID, plan="约谈举办者，三日内补足", **WHO),
    f.Resolve(alert_id=ID, **WHO),
    f.Close(alert_id=ID, disposal="topped-up", evidence="银行回单", **WHO),
)


@pytest.fixture
def watch() -> Spec:
    return Spec(LIFE)


def test_it_is_raised_once_and_a_person_can_read_since_when(watch: Spec) -> None:
    watch.when(observe(0, Severity.YELLOW)).then(RAISED)
    watch.given(RAISED).when(observe(1, Severity.YELLOW)).then()
    words = f.sentences(SAID, DAY)
    assert words.en == "balance ¥83,200 is 27 % of the minimum ¥300,000 set by the region, since 3 May 2026"
    assert words.zh.endswith("，自2026年5月3日起")


def test_graver_is_said_and_milder_is_not(watch: Spec) -> None:
    graver = observe(4, Severity.RED)
    watch.given(RAISED).when(graver).then(
        f.AlertWorsened(alert_id=ID, subject=SUBJECT, said=graver.said, since=DAY, stage=f.Stage.RAISED)
    )
    assert names(observe(0, Severity.RED), observe(1, Severity.YELLOW)) == ["AlertRaised"]


def test_it_clears_after_the_hysteresis_and_returns_within_the_window() -> None:
    flicker = [observe(0, Severity.YELLOW), observe(1, None), observe(2, Severity.YELLOW), observe(3, None)]
    assert names(*flicker, observe(5, None)) == ["AlertRaised", *["ConditionChanged"] * 3]
    cleared = [*flicker, observe(6, None)]
    assert names(*cleared)[-1] == "AlertCleared"
    assert names(*cleared, observe(10, Severity.YELLOW))[-1] == "AlertReturned"
    assert names(*cleared, observe(40, Severity.YELLOW, 10))[-1] == "AlertRaised"
    assert names(*cleared, observe(10, Severity.RED, 10))[-1] == "AlertRaised"


def test_the_whole_life_in_its_order() -> None:
    found = names(observe(0, Severity.RED), *STEPS)
    assert found == [
        "AlertRaised",
        "AlertAcknowledged",
        "VerificationStarted",
        "AlertJudged",
        "DisposalPlanned",
        "AlertResolved",
        "AlertClosed",
    ]
    assert through(observe(0, Severity.RED), *STEPS).stage is f.Stage.CLOSED


def test_every_step_said_twice_is_said_once() -> None:
    twice = [step for step in STEPS for _ in range(2)]
    assert names(observe(0, Severity.RED), *twice) == names(observe(0, Severity.RED), *STEPS)


@pytest.mark.parametrize("skipped", range(5))
def test_no_step_is_left_out(skipped: int) -> None:
    with pytest.raises(because.NotAtThisStage):
        happened(observe(0, Severity.RED), *STEPS[:skipped], *STEPS[skipped + 1 :])


def test_a_false_alarm_is_closed_as_one_and_nothing_else_is(watch: Spec) -> None:
    wrong = f.Judge(alert_id=ID, is_confirmed=False, evidence="银行补送流水", **WHO)
    before = (observe(0, Severity.RED), *STEPS[:2], wrong)
    assert (
        through(*before, f.Close(alert_id=ID, disposal="false-positive", evidence="流水", **WHO)).stage.zh == "已办结"
    )
    spec = watch.given(*happened(*before))
    spec.when(f.Close(alert_id=ID, disposal="refunded", evidence="x", **WHO)).then_refused(because.DisposalDoesNotFit)
    resolved = watch.given(*happened(observe(0, Severity.RED), *STEPS[:5]))
    resolved.when(f.Close(alert_id=ID, disposal="false-positive", evidence="x", **WHO)).then_refused(
        because.DisposalDoesNotFit
    )


def test_judging_planning_and_closing_need_what_shows_it(watch: Spec) -> None:
    verifying = watch.given(*happened(observe(0, Severity.RED), *STEPS[:2]))
    verifying.when(replace(JUDGED, evidence=" ")).then_refused(because.EvidenceMissing)
    judged = watch.given(*happened(observe(0, Severity.RED), *STEPS[:3]))
    judged.when(f.PlanDisposal(alert_id=ID, plan="", **WHO)).then_refused(because.PlanMissing)
    resolved = watch.given(*happened(observe(0, Severity.RED), *STEPS[:5]))
    resolved.when(f.Close(alert_id=ID, disposal="other", evidence="", **WHO)).then_refused(because.EvidenceMissing)


def test_nobody_works_on_what_is_not_there_or_has_ended(watch: Spec) -> None:
    watch.when(f.Acknowledge(alert_id=ID, **WHO)).then_refused(because.AlertUnknown)
    watch.given(RAISED).when(f.Acknowledge(alert_id=UUID(int=8), **WHO)).then_refused(because.AlertUnknown)
    cleared = watch.given(*happened(observe(0, Severity.YELLOW), observe(1, None), observe(4, None)))
    cleared.when(f.Acknowledge(alert_id=ID, **WHO)).then_refused(because.AlertEnded)


def test_it_does_not_clear_itself_once_somebody_verifies() -> None:
    quiet = [observe(days, None) for days in range(1, 9)]
    assert "AlertCleared" in names(observe(0, Severity.RED), STEPS[0], *quiet)
    assert "AlertCleared" not in names(observe(0, Severity.RED), *STEPS[:2], *quiet)


def test_closed_while_the_condition_goes_on_it_is_silent_until_graver_or_over() -> None:
    closed = (observe(0, Severity.YELLOW), *STEPS)
    assert names(*closed, observe(5, Severity.YELLOW, 10))[-1] == "AlertClosed"
    assert names(*closed, observe(5, Severity.RED, 10))[-1] == "AlertRaised"
    over = (*closed, observe(6, None), observe(9, None))
    assert names(*over)[-1] == "AlertCleared"
    assert through(*over).stage is f.Stage.CLOSED
    assert names(*over, observe(12, Severity.YELLOW, 10))[-1] == "AlertRaised"


FALSE = replace(JUDGED, is_confirmed=False)
CLOSED_AS_FALSE = f.Close(alert_id=ID, disposal="false-positive", evidence="流水", **WHO)


def seen(days: int, balance_yuan: int, number: int = 10, severity: Severity = Severity.YELLOW) -> f.Observe:
    """The same rule on a later day, with another balance."""
    one = observe(days, severity, number)
    measures = (f.Measure(name="balance_fen", value=balance_yuan * 100),)
    return replace(one, said=replace(one.said, measures=measures))


def test_a_false_alarm_that_goes_on_is_silent_for_its_time_and_then_says_so() -> None:
    closed = (observe(0, Severity.YELLOW), *STEPS[:2], FALSE, CLOSED_AS_FALSE)
    quiet = [seen(days, 83_200) for days in range(1, 30)]
    assert names(*closed, *quiet) == names(*closed)
    again = happened(*closed, *quiet, seen(30, 83_200))[-1]
    assert isinstance(again, f.AlertRaised)
    assert (again.again, again.alert_id, again.since) == (Again.PERSISTS, UUID(int=10), DAY)
    assert again.said.because_zh.endswith("；2026-05-03曾判为误报，仍未消除")
    assert names(*closed, replace(seen(9, 83_200), silence=Silence(days=9)))[-1] == "AlertRaised"


def test_a_false_alarm_that_grows_worse_by_a_step_is_told_at_once() -> None:
    closed = (observe(0, Severity.YELLOW), *STEPS[:2], FALSE, CLOSED_AS_FALSE)
    assert names(*closed, seen(2, 66_561))[-1] == "AlertClosed"
    worse = happened(*closed, seen(2, 66_560))[-1]
    assert isinstance(worse, f.AlertRaised)
    assert worse.again is Again.WORSE
    assert worse.said.because_en.endswith("judged a false alarm on 2026-05-03, and it has grown worse")
    assert names(*closed, seen(2, 90_000))[-1] == "AlertClosed", "more money is no worse"


def test_a_false_alarm_that_nobody_closed_stands_again_and_is_looked_into_anew() -> None:
    left = (observe(0, Severity.YELLOW), *STEPS[:2], FALSE)
    assert names(*left, seen(29, 83_200))[-1] == "AlertJudged"
    back = happened(*left, seen(30, 83_200))[-1]
    assert isinstance(back, f.AlertReturned)
    assert (back.alert_id, back.again) == (ID, Again.PERSISTS)
    assert through(*left, seen(30, 83_200)).stage is f.Stage.RAISED
    assert names(*left, seen(30, 83_200), seen(31, 83_200))[-1] == "AlertReturned", "once"


def test_what_was_confirmed_and_closed_is_no_false_alarm() -> None:
    closed = (observe(0, Severity.YELLOW), *STEPS)
    assert names(*closed, seen(40, 1_000))[-1] == "AlertClosed"


@pytest.mark.parametrize(
    ("steps", "stage"),
    [
        (STEPS[:0], f.Stage.RAISED),
        (STEPS[:1], f.Stage.RAISED),
        (STEPS[:2], f.Stage.VERIFYING),
        (STEPS[:3], f.Stage.CONFIRMED),
        (STEPS[:4], f.Stage.CONFIRMED),
        (STEPS[:5], f.Stage.CONFIRMED),
        ((*STEPS[:2], FALSE), f.Stage.RAISED),
    ],
)
def test_a_graver_alert_is_taken_on_or_planned_anew(steps: tuple[f.Command, ...], stage: f.Stage) -> None:
    late = f.Escalate(clock="alert-acknowledge", on=DAY)
    alert = through(observe(0, Severity.YELLOW), late, *steps, observe(3, Severity.RED))
    assert (alert.stage, alert.severity, alert.escalated, alert.false_on) == (
        stage, Severity.RED, frozenset(), None,
    )  # fmt: skip


def test_a_clock_that_ran_out_is_told_once_and_changes_no_stage() -> None:
    late = f.Escalate(clock="alert-acknowledge", on=DAY + timedelta(days=1))
    found = happened(observe(0, Severity.RED), late, late)
    assert [type(fact) for fact in found] == [f.AlertRaised, f.AlertEscalated]
    assert through(observe(0, Severity.RED), late).stage is f.Stage.RAISED
    assert happened(late) == []


def test_a_day_before_the_last_one_changes_nothing() -> None:
    assert names(observe(5, Severity.YELLOW), observe(2, Severity.RED), observe(3, None)) == ["AlertRaised"]


severities = st.sampled_from((None, Severity.NOTICE, Severity.YELLOW, Severity.RED))
commands = st.lists(
    st.one_of(
        st.tuples(st.integers(0, 3), severities).map(lambda one: ("observe", *one)),
        st.integers(0, len(STEPS) - 1).map(lambda one: ("step", one, None)),
        st.just(("escalate", 0, None)),
    ),
    max_size=40,
)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(commands)
def test_no_sequence_breaks_the_life(played: list[tuple[str, int, Severity | None]]) -> None:
    state, day, number = LIFE.initial, 0, 9
    standing = 0
    for what, argument, severity in played:
        day += argument if what == "observe" else 0
        number += 1
        command: f.Command = observe(day, severity, number)
        if what == "step":
            step = STEPS[argument]
            current = state.alert_id if isinstance(state, f.Alert) else ID
            command = replace(step, alert_id=current)
            why = hindrance(type(step), state, current)
            if why is not None and not isinstance(why, because.NotAtThisStage | because.AlertEnded):
                assert isinstance(why, because.AlertUnknown)
        elif what == "escalate":
            command = f.Escalate(clock="alert-acknowledge", on=DAY)
        try:
            events = LIFE.decide(command, state)
        except Refusal:
            continue
        standing += sum(isinstance(one, f.AlertRaised | f.AlertReturned) for one in events)
        before = state
        state = LIFE.fold(events, state)
        # One alert at a time: a new one is raised only when the one before has ended.
        if any(isinstance(one, f.AlertRaised) for one in events) and isinstance(before, f.Alert):
            assert not before.stands
        if isinstance(state, f.Alert) and any(isinstance(one, f.AlertClosed) for one in events):
            assert isinstance(before, f.Alert)
            assert before.stage in FROM[f.Close]
        assert LIFE.decide(command, state) == [] or isinstance(command, f.Observe)
    assert standing >= isinstance(state, f.Alert)
