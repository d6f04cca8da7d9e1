"""Weeks are not compared over a change of bank: neither account is held against contracts that it did not have."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from funds.domain.alerting.calm import CALM, T
from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting import fold_carrying
from mingjing_funds.domain.alerting.catalogue import RULES
from mingjing_funds.domain.alerting.finding import Finding
from mingjing_funds.domain.alerting.heard import Known
from mingjing_funds.domain.alerting.observe import features
from mingjing_funds.domain.alerting.state import UNKNOWN, WINDOW_DAYS, State
from mingjing_funds.domain.carrying import ContractMoved
from mingjing_kernel.state import changed

MOVED_ON = date(2026, 7, 1)
MOVED = ContractMoved(
    old_id=UUID(int=1), new_id=UUID(int=2), remaining_fen=1, promised_fen=0, refunds=(), moved_on=MOVED_ON
)
BY_WEEKS = ("F16", "F17", "F36", "F37")


def asked_for(state: State, since: date, weeks: int) -> State:
    """Twelve refunds a week are asked for."""
    for week in range(weeks):
        state = changed(state, requests=state.requests.add(since + timedelta(days=7 * week), 12))
    return state


def spike(state: State, day: date) -> Finding:
    return RULES["F16"].says(features(state, day, Known()), T)


def test_as_many_requests_as_ever_are_no_spike_at_the_new_bank() -> None:
    open_state = changed(UNKNOWN, is_open=True, opening_on=date(2026, 1, 1))
    old = asked_for(open_state, MOVED_ON - timedelta(days=63), 9)
    assert (spike(old, MOVED_ON).severity, spike(old, MOVED_ON).is_unknown) == (None, False)
    new = asked_for(fold_carrying.came(open_state, old, MOVED, "HT-1"), MOVED_ON, 10)
    for days in (0, 6, 20, WINDOW_DAYS - 1):
        found = spike(new, MOVED_ON + timedelta(days=days))
        assert (found.severity, found.is_unknown) == (None, True), days
        assert "2026-07-01" in found.because.zh
        assert "2026-07-01" in found.because.en
    found = spike(new, MOVED_ON + timedelta(days=WINDOW_DAYS))
    assert (found.severity, found.is_unknown) == (None, False), "nine weeks are there"
    left = fold_carrying.left(old, MOVED, "HT-1")
    assert spike(left, MOVED_ON + timedelta(days=1)).is_unknown


@pytest.mark.parametrize(
    ("rule", "seen"),
    [
        ("F16", {"requests_weeks": (10, 1, 1, 1, 1, 1, 1, 1, 1)}),
        ("F17", {"receipts_weeks_fen": (240_000_00, *(50_000_00,) * 8)}),
        ("F36", {"receipts_weeks_fen": (0,) * 4 + (50_000_00,) * 5}),
        ("F37", {"lessons_weeks": (49, *(100,) * 8)}),
    ],
)
def test_a_rule_of_weeks_says_that_it_cannot_tell(rule: str, seen: dict[str, Any]) -> None:
    fires = replace(CALM, **seen)
    assert RULES[rule].says(fires, T).severity is not None
    for facts in (replace(fires, weeks_since=MOVED_ON), replace(CALM, weeks_since=MOVED_ON)):
        found = RULES[rule].says(facts, T)
        assert (found.severity, found.is_unknown) == (None, True)


def test_what_needs_no_weeks_is_told_all_the_same() -> None:
    seen = replace(CALM, weeks_since=MOVED_ON, discount_packages=1, saying_thinning=2)
    assert RULES["F17"].says(seen, T).severity is Severity.YELLOW
    assert RULES["F37"].says(seen, T).severity is Severity.YELLOW
    others = [name for name in RULES if name not in BY_WEEKS]
    assert all(not RULES[name].says(seen, T).is_unknown for name in others)
