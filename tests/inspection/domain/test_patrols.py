"""How often, in which season, in which order: the pure half of planning."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from mingjing_inspection.domain.frequency import SiteSeen, due_on, interval_days
from mingjing_inspection.domain.peak import Peak, holiday_on, vacation_on
from mingjing_inspection.domain.route import Place, Stop, metres_between, round_of
from mingjing_inspection.domain.supervision import (
    SUPERVISION,
    BeginWatch,
    BlacklistStandingNoted,
    EndWatch,
    Level,
    NoteBlacklist,
    NoteWhitelist,
    WatchBegun,
    WatchEnded,
    WhitelistStandingNoted,
)
from mingjing_inspection.policy.patrol_rules import PATROL_FREQUENCY, PEAK_SWEEP
from mingjing_kernel.testing.spec import Spec
from mingjing_kernel.working_days import RELEASED

from inspection.domain.test_task import ALERT, AT  # isort: skip

OFTEN = {number.name: number.default for number in PATROL_FREQUENCY.numbers}
PEAKS = {number.name: number.default for number in PEAK_SWEEP.numbers}
LISTING = UUID(int=77)
WATCHED = WatchBegun(alert_id=ALERT, rule="F02", at=AT)


def test_under_watch_somebody_goes_at_least_twice_as_often() -> None:
    assert [interval_days(level, OFTEN, ordinary=Level.WHITE) for level in Level] == [7, 7, 30, 30]
    seldom = OFTEN | {"watch": 20, "other": 14}
    assert interval_days(Level.WATCH, seldom, ordinary=Level.WHITE) == 15
    assert interval_days(Level.WATCH, seldom, ordinary=Level.OTHER) == 7


def test_a_visit_is_due_since_somebody_was_inside_and_a_closed_door_only_moves_the_next_try() -> None:
    since = date(2026, 7, 1)
    assert due_on(SiteSeen(since=since), 30, 7) == date(2026, 7, 31)
    inside = SiteSeen(since=since, entered_on=date(2026, 7, 10), tried_on=date(2026, 7, 10))
    assert due_on(inside, 30, 7) == date(2026, 8, 9)
    closed = SiteSeen(since=since, entered_on=date(2026, 7, 10), tried_on=date(2026, 8, 8))
    assert due_on(closed, 30, 7) == date(2026, 8, 15)
    assert due_on(SiteSeen(since=since, tried_on=date(2026, 7, 2)), 30, 7) == date(2026, 7, 31)


def test_vacations_are_policy_and_may_go_over_new_year() -> None:
    assert vacation_on(date(2026, 7, 15), PEAKS) == Peak("summer-2026", date(2026, 7, 1), date(2026, 8, 31))
    assert vacation_on(date(2026, 2, 1), PEAKS) == Peak("winter-2026", date(2026, 1, 20), date(2026, 2, 20))
    assert vacation_on(date(2026, 5, 15), PEAKS) is None
    over = PEAKS | {"winter-begins": 1_225, "winter-ends": 231}
    assert vacation_on(date(2027, 1, 5), over) == Peak("winter-2026", date(2026, 12, 25), date(2027, 2, 28))


def test_a_holiday_is_a_run_of_days_off_that_is_more_than_a_weekend() -> None:
    national = Peak("holiday-2026-10-01", date(2026, 10, 1), date(2026, 10, 7))
    assert holiday_on(date(2026, 10, 4), RELEASED, 3) == national
    assert holiday_on(date(2026, 10, 8), RELEASED, 3) is None
    assert holiday_on(date(2026, 7, 4), RELEASED, 2) is None  # a Saturday
    assert holiday_on(date(2026, 10, 10), RELEASED, 3) is None  # a Saturday that is worked instead


def test_the_gravest_that_applies_is_the_level_and_nothing_is_noted_twice() -> None:
    white = WhitelistStandingNoted(is_on=True, at=AT)
    black = BlacklistStandingNoted(listing_id=LISTING, is_on=True, at=AT)
    Spec(SUPERVISION).when(NoteWhitelist(is_on=False, at=AT)).then()
    Spec(SUPERVISION).when(NoteWhitelist(is_on=True, at=AT)).then(white)
    Spec(SUPERVISION).given(black).when(NoteBlacklist(listing_id=LISTING, is_on=True, at=AT)).then()
    Spec(SUPERVISION).when(BeginWatch(alert_id=ALERT, rule="F02", at=AT)).then(WATCHED)
    Spec(SUPERVISION).given(WATCHED).when(BeginWatch(alert_id=ALERT, rule="F02", at=AT)).then()
    ended = WatchEnded(alert_id=ALERT, disposal="topped-up", at=AT)
    Spec(SUPERVISION).given(WATCHED).when(EndWatch(alert_id=ALERT, disposal="topped-up", at=AT)).then(ended)
    Spec(SUPERVISION).when(EndWatch(alert_id=ALERT, disposal="topped-up", at=AT)).then()
    levels = [SUPERVISION.fold(facts).level for facts in ([], [white], [white, WATCHED], [white, WATCHED, black])]
    assert levels == [Level.OTHER, Level.WHITE, Level.WATCH, Level.BLACK]
    assert SUPERVISION.fold([white, WATCHED, ended]).level is Level.WHITE


def stop(number: int, place: Place | None) -> Stop:
    return Stop(task_id=UUID(int=number), place=place)


def at(north: int, east: int) -> Place:
    """Somewhere in Xihu, so many hundred metres off, roughly."""
    return Place(latitude_e7=302_700_000 + north * 9_000, longitude_e7=1_201_300_000 + east * 10_400)


def test_a_round_goes_along_a_street_and_not_to_and_fro() -> None:
    stops = [stop(number, at(0, east)) for number, east in enumerate((3, 1, 4, 2), 1)]
    legs = round_of([*stops, stop(9, None)], at(0, 0))
    assert [leg.task_id.int for leg in legs] == [2, 4, 1, 3, 9]
    assert [leg.is_placed for leg in legs] == [True, True, True, True, False]
    assert legs[-1].metres is None
    assert all(90 <= (leg.metres or 0) <= 110 for leg in legs[:-1])
    assert round_of([], None) == []


@given(st.lists(st.tuples(st.integers(-50, 50), st.integers(-50, 50)), max_size=12))
def test_a_round_visits_every_stop_once_whatever_the_order_they_came_in(places: list[tuple[int, int]]) -> None:
    stops = [stop(number, at(*place)) for number, place in enumerate(places)]
    legs = round_of(stops, at(0, 0))
    assert sorted(leg.task_id for leg in legs) == sorted(one.task_id for one in stops)
    assert round_of(stops[::-1], at(0, 0)) == legs


def test_distances_are_those_of_the_map() -> None:
    hangzhou, suzhou = (
        Place(latitude_e7=302_741_500, longitude_e7=1_201_551_500),
        Place(latitude_e7=312_989_700, longitude_e7=1_205_853_200),
    )
    assert abs(metres_between(hangzhou, suzhou) - 121_200) < 1_500
    assert metres_between(hangzhou, hangzhou) == 0
