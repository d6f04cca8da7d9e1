"""The clocks of an alert: what starts them, what ends them, and which day is the last."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from funds.domain.alerting.test_life import DAY, ID, JUDGED, RAISED, SAID, STEPS, SUBJECT, happened, observe
from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting import life_facts as f
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


def test_growing_worse_gives_no_more_time_and_starts_nothing_for_whoever_is_at_it() -> None:
    worse = f.AlertWorsened(alert_id=ID, subject=SUBJECT, said=replace(SAID, severity=Severity.RED), since=DAY)
    clock = acknowledging(acknowledging(None, raised(Severity.YELLOW)), worse)
    assert clock is not None
    assert clock.due_on == TOLD_ON
    assert acknowledging(None, worse) is None
    assert acknowledging(clock, f.AlertCleared(alert_id=ID, on=DAY)) is None
