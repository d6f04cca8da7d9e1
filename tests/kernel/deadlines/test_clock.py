"""A deadline's clock: last day, pause, and what goes on afterwards."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.deadlines import paused, resumed, running, running_working_days
from mingjing_kernel.working_days import RELEASED

DAY = date(2026, 3, 2)
days = st.dates(date(2026, 1, 1), date(2026, 6, 30))


def test_a_pause_prolongs_by_its_own_length() -> None:
    clock = running(DAY, date(2026, 3, 31))
    stopped = paused(clock, date(2026, 3, 10))
    assert paused(stopped, date(2026, 3, 12)) == stopped, "it stands still already"
    assert resumed(stopped, date(2026, 3, 15)) == running(DAY, date(2026, 4, 5))
    assert resumed(clock, date(2026, 3, 15)) == clock
    assert paused(None, DAY) is None


@given(days, st.integers(1, 60), st.integers(0, 100), st.integers(0, 100))
def test_what_was_left_of_working_days_is_left_after_the_pause(day: date, count: int, until: int, length: int) -> None:
    clock = running_working_days(day, count)
    stopped_on = min(day + timedelta(days=until), clock.due_on)
    again_on = stopped_on + timedelta(days=length)
    found = resumed(paused(clock, stopped_on), again_on)
    assert found is not None

    def working(first: date, last: date) -> int:
        return sum(RELEASED.is_working(first + timedelta(days=n)) for n in range(1, (last - first).days + 1))

    assert working(again_on, found.due_on) == working(stopped_on, clock.due_on)
    assert found.working_days is None
