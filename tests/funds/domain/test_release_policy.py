from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingjing_funds.domain.release_policy import (
    RULES,
    Confirmed,
    Delivered,
    ReleaseKind,
    ReleasePolicy,
    allowed_fen,
    releasable_fen,
)

START = date(2026, 3, 2)
PAID = Delivered(paid_fen=2_999_00, lessons=24, starts_on=START, ends_on=date(2026, 5, 31))


def taught(*days: int) -> Delivered:
    return replace(PAID, confirmed=tuple(Confirmed(on=START + timedelta(day), units=1) for day in days))


def policy(kind: ReleaseKind) -> ReleasePolicy:
    return ReleasePolicy(version="release/1", kind=kind)


def test_per_lesson_releases_what_the_lesson_earned() -> None:
    rule = policy(ReleaseKind.PER_LESSON)
    assert allowed_fen(taught(0), START, rule) == 12495
    assert releasable_fen(taught(0, 1), START + timedelta(1), rule, released_fen=12495) == 12496
    assert releasable_fen(taught(0, 1), START, rule, released_fen=0) == 12495


def test_weekly_waits_for_the_settlement_day() -> None:
    rule = policy(ReleaseKind.WEEKLY)
    assert allowed_fen(taught(0), START + timedelta(5), rule) == 0
    assert allowed_fen(taught(0, 6), START + timedelta(6), rule) == 24991
    assert allowed_fen(taught(0, 6, 7), START + timedelta(12), rule) == 24991


def test_monthly_follows_the_calendar_and_never_overtakes_the_lessons() -> None:
    rule, many = policy(ReleaseKind.MONTHLY), taught(*range(24))
    assert allowed_fen(many, START + timedelta(30), rule) == 0
    assert allowed_fen(many, date(2026, 4, 2), rule) == 2_999_00 * 31 // 91
    assert allowed_fen(many, date(2026, 6, 1), rule) == 2_999_00
    assert allowed_fen(taught(0), date(2026, 6, 1), rule) == 12495


def test_staged_releases_at_the_thirds() -> None:
    rule = policy(ReleaseKind.STAGED)
    found = [allowed_fen(taught(*range(k)), START + timedelta(90), rule) for k in (7, 8, 15, 16, 23, 24)]
    assert found == [0, 899_70, 899_70, 1_799_40, 1_799_40, 2_999_00]


def test_end_plus_waits_fifteen_working_days_after_the_last_lesson() -> None:
    rule, done = policy(ReleaseKind.END_PLUS), taught(*range(24))
    last = START + timedelta(23)  # Wednesday, 25 March 2026; 6 April is a holiday
    assert allowed_fen(done, date(2026, 4, 16), rule) == 0
    assert allowed_fen(done, date(2026, 4, 17), rule) == 2_999_00
    assert allowed_fen(taught(*range(23)), last + timedelta(90), rule) == 0


def test_hybrid_leaves_what_families_are_owed() -> None:
    rule = policy(ReleaseKind.HYBRID)
    assert releasable_fen(taught(0, 1), START + timedelta(1), rule, released_fen=0, headroom_fen=20000) == 20000
    assert releasable_fen(taught(0, 1), START + timedelta(1), rule, released_fen=0, headroom_fen=-5) == 0
    with pytest.raises(ValueError, match="hybrid"):
        releasable_fen(taught(0), START, rule, released_fen=0)


def test_a_dispute_about_a_refund_stops_this_contract() -> None:
    rule = policy(ReleaseKind.PER_LESSON)
    assert releasable_fen(taught(0), START, rule, released_fen=0, is_frozen=True) == 0


deliveries = st.builds(
    lambda price, lessons, days: replace(
        PAID,
        paid_fen=price,
        lessons=lessons,
        confirmed=tuple(Confirmed(on=START + timedelta(day), units=1) for day in days[:lessons]),
    ),
    st.integers(1, 10_000_00),
    st.integers(1, 60),
    st.lists(st.integers(0, 150), max_size=60),
)


@settings(deadline=None)
@given(deliveries, st.sampled_from(ReleaseKind), st.integers(0, 200), st.integers(0, 100))
def test_no_policy_goes_beyond_the_lessons_or_takes_back(
    delivered: Delivered, kind: ReleaseKind, day: int, later: int
) -> None:
    on, rule = START + timedelta(day), policy(kind)
    now, then = allowed_fen(delivered, on, rule), allowed_fen(delivered, on + timedelta(later), rule)
    assert 0 <= now <= delivered.earned_fen(on) <= delivered.paid_fen
    assert now <= then


@settings(deadline=None)
@given(deliveries, st.sampled_from(ReleaseKind), st.lists(st.integers(0, 40), max_size=20))
def test_releases_on_any_days_add_up_to_what_is_allowed_and_none_is_negative(
    delivered: Delivered, kind: ReleaseKind, waits: list[int]
) -> None:
    on, rule, released = START, policy(kind), 0
    for wait in waits:
        on += timedelta(wait)
        part = releasable_fen(delivered, on, rule, released_fen=released, headroom_fen=10**9)
        assert part >= 0
        released += part
        assert released == allowed_fen(delivered, on, rule)


@settings(deadline=None)
@given(deliveries, st.sampled_from(ReleaseKind))
def test_every_policy_is_exact_at_the_end(delivered: Delivered, kind: ReleaseKind) -> None:
    left = delivered.lessons - delivered.used(START + timedelta(150))
    done = replace(delivered, opening_used=left)
    assert allowed_fen(done, START + timedelta(400), policy(kind)) == delivered.paid_fen


def test_every_kind_has_a_rule() -> None:
    assert set(RULES) == set(ReleaseKind)
