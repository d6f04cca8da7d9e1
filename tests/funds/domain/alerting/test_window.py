"""Sums by day against a plain recount."""

from collections import Counter
from datetime import date, timedelta
from statistics import median

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mingjing_funds.domain.alerting.window import Window, usual

FIRST = date(2026, 1, 1)
moves = st.lists(st.tuples(st.integers(0, 80), st.integers(-500, 500)), max_size=60)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(moves, st.integers(1, 40), st.integers(0, 90))
def test_a_window_is_a_recount_of_the_days_that_it_looks_back(
    moves: list[tuple[int, int]], days: int, ask: int
) -> None:
    window = Window(days)
    kept: Counter[int] = Counter()
    latest = -1
    for day, amount in moves:
        window = window.add(FIRST + timedelta(days=day), amount)
        latest = max(latest, day) if amount else latest
        kept[day] += amount if day > latest - days else 0
    asked = FIRST + timedelta(days=ask)
    in_reach = {day: amount for day, amount in kept.items() if latest - days < day <= ask}
    assert window.over(asked, 200) == sum(in_reach.values())
    assert window.over(asked, 7) == sum(amount for day, amount in in_reach.items() if day > ask - 7)
    assert len(window.sums) <= days


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(moves)
def test_weeks_end_on_the_day_that_is_asked_about(moves: list[tuple[int, int]]) -> None:
    window = Window(63)
    for later, amount in sorted(moves):
        window = window.add(FIRST + timedelta(days=later), amount)
    day = FIRST + timedelta(days=80)
    weeks = window.weeks(day, 9)
    assert weeks == tuple(window.over(day - timedelta(weeks=back), 7) for back in range(9))


def test_usual_is_the_median_of_the_weeks_before() -> None:
    assert usual((900, 1, 5, 2)) == int(median((1, 5, 2)))
    assert usual((900,)) == 0


def test_the_greatest_of_a_day_is_kept_and_not_added_up() -> None:
    window = Window(30).raised_to(FIRST, 4).raised_to(FIRST, 9).raised_to(FIRST, 7)
    assert window.most_on_a_day(FIRST, 30) == 9
    assert window.most_on_a_day(FIRST + timedelta(days=40), 30) == 0
