"""Service levels of any 24 hours (GB/T 33358): the worst is found whatever midnight says."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from mingjing_inspection.api.call import worst_24_hours

BEGINS = datetime(2026, 7, 1, tzinfo=UTC)
hours = st.dictionaries(
    st.integers(min_value=0, max_value=90),
    st.integers(min_value=1, max_value=9).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
    max_size=30,
)


@given(hours)
def test_no_24_hours_on_the_hour_are_worse_than_the_worst(told: dict[int, tuple[int, int]]) -> None:
    rows = [(BEGINS + timedelta(hours=at), *told[at]) for at in sorted(told)]
    found = worst_24_hours(rows, BEGINS, BEGINS + timedelta(hours=96))
    shares = {}
    for start in range(96 - 24 + 1):
        within = [told[at] for at in told if start <= at < start + 24]
        if within:
            offered, answered = (sum(part) for part in zip(*within, strict=True))
            shares[BEGINS + timedelta(hours=start)] = answered * 10_000 // offered
    assert (found is None) == (not shares)
    if found is not None:
        assert found[1] == min(shares.values()) == shares[found[0]]


def test_a_bad_night_over_midnight_is_seen_though_both_days_are_good() -> None:
    good = [(BEGINS + timedelta(hours=at), 100, 100) for at in (*range(12), *range(36, 48))]
    bad = [(BEGINS + timedelta(hours=at), 10, 5) for at in range(12, 36)]
    found = worst_24_hours(sorted(good + bad), BEGINS, BEGINS + timedelta(days=2))
    assert found == (BEGINS + timedelta(hours=12), 5_000)
