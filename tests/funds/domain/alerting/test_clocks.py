"""The clocks of an alert: what starts them, what ends them, and which day is the last."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from funds.domain.alerting.test_life import DAY, ID, JUDGED, RAISED, SAID, STEPS, SUBJECT, happened, observe
from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting import life_facts as f
from mingjing_funds.domain.alerting.times import Times
from mingjing_funds.projections.alert_clocks import acknowledging, planning, verifying
from mingjing_kernel.deadline_clock import Clock

TOLD_ON = DAY + timedelta(days=1)


def raised(severity: Severity) -> f.AlertRaised:
    return replace(RAISED, said=replace(SAID, severity=severity))


@pytest.mark.parametrize(
    ("severity", "acknowledge", "verify"),
    [
        (Severity.RED, TOLD_ON, TOLD_ON),
        (Severity.YELLOW, date(2026, 5, 6), date(2026, 5, 11)),  # the holiday ends on the 5th, the 9th is worked
        (Severity.NOTICE, None, None),
    ],
)
def test_how_long_each_step_may_take(severity: Severity, acknowledge: date | None, verify: date | None) -> None:
    first, second = acknowledging(None, raised(severity)), verifying(None, raised(severity))
    assert (first and first.due_on, second and second.due_on) == (acknowledge, verify)


def test_a_step_ends_its_clock_and_the_plan_has_one_of_its_own() -> None:
    facts = happened(observe(0, Severity.RED), *STEPS)
    clocks: dict[str, list[Clock | None]] = {"a": [None], "v": [None], "p": [None]}
    for fact in facts:
        clocks["a"].append(acknowledging(clocks["a"][-1], fact))
        clocks["v"].append(verifying(clocks["v"][-1], fact))
        clocks["p"].append(planning(clocks["p"][-1], fact))
    runs = {name: [clock is not None for clock in several[1:]] for name, several in clocks.items()}
    assert runs["a"] == [True, False, False, False, False, False, False]
    assert runs["v"] == [True, True, False, False, False, False, False]
    assert runs["p"] == [False, False, False, True, False, False, False]


def test_a_yellow_alert_is_verified_when_it_is_judged() -> None:
    clock = verifying(None, raised(Severity.YELLOW))
    started = f.VerificationStarted(alert_id=ID, severity=Severity.YELLOW, by="a", on=DAY)
    assert verifying(clock, started) == clock
    [judged] = [
        one for one in happened(observe(0, Severity.YELLOW), *STEPS[:2], JUDGED) if isinstance(one, f.AlertJudged)
    ]
    assert verifying(clock, judged) is None


def worse(stage: f.Stage | None, **times: int) -> f.AlertWorsened:
    """It became RED on the second day of the holiday, and stands at a stage."""
    said = replace(SAID, severity=Severity.RED)
    return f.AlertWorsened(
        alert_id=ID, subject=SUBJECT, said=said, since=DAY, stage=stage, times=Times(policy_version="x", **times)
    )


def test_growing_worse_gives_no_more_time_and_the_times_of_red_run() -> None:
    yellow = raised(Severity.YELLOW)
    for step, hours in ((acknowledging, 2), (verifying, 24)):
        clock = step(step(None, yellow), worse(f.Stage.RAISED))
        assert clock is not None
        assert (clock.due_on, clock.hours) == (TOLD_ON, hours)
    first = acknowledging(None, yellow)
    assert first is not None
    late = replace(first, fired_on=DAY)
    assert acknowledging(late, worse(f.Stage.RAISED)) == acknowledging(None, worse(f.Stage.RAISED)), "it runs anew"
    hours_run = replace(Clock(started_on=DAY, due_on=DAY), due_at=datetime(2026, 5, 4, 1, tzinfo=UTC))
    assert acknowledging(hours_run, worse(f.Stage.RAISED)) == hours_run
    assert acknowledging(hours_run, f.AlertCleared(alert_id=ID, on=DAY)) is None


def test_who_took_care_of_yellow_takes_care_of_red_and_who_verifies_has_its_hours() -> None:
    again = acknowledging(None, worse(f.Stage.RAISED))
    assert again is not None
    assert again.hours == 2
    at_it = verifying(verifying(None, raised(Severity.YELLOW)), worse(f.Stage.VERIFYING))
    assert at_it is not None
    assert (at_it.hours, acknowledging(None, worse(f.Stage.VERIFYING))) == (24, None)
    assert acknowledging(None, worse(None)) is None, "told before stages were: somebody was at it"
    days = verifying(None, worse(f.Stage.RAISED, red_site_hours=0, red_days=2))
    assert days is not None
    assert (days.hours, days.due_on) == (None, TOLD_ON + timedelta(days=1))


def test_a_plan_for_yellow_is_none_for_red_and_its_time_is_never_longer() -> None:
    told = {"alert_id": ID, "subject": SUBJECT, "evidence": "x", "by": "a"}
    judged = f.AlertJudged(severity=Severity.YELLOW, is_confirmed=True, on=DAY, **told)
    yellow = planning(None, judged)
    assert yellow is not None
    assert yellow.working_days == 10
    red = planning(yellow, worse(f.Stage.CONFIRMED))
    assert red is not None
    assert red.working_days == 3
    soon = replace(yellow, due_on=DAY)
    assert planning(soon, worse(f.Stage.CONFIRMED)) == soon, "no more time than it had"
    assert planning(replace(soon, fired_on=DAY), worse(f.Stage.CONFIRMED)) == red
    assert planning(None, worse(f.Stage.CONFIRMED)) == red, "planned, or resolved: a new plan is due"
    assert planning(yellow, worse(f.Stage.RAISED)) is None
    assert planning(yellow, worse(None)) == yellow
