"""The dispatch table, the hours of an office, the draw of a sample: what a finding's steps stand on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_inspection.domain.checklist import PATROL_V1
from mingjing_inspection.domain.dispatching import MATRIX_V1, TOWN, Ground, Line, suggested
from mingjing_inspection.domain.finding_sample import (
    FINDING_SAMPLE,
    DrawFindingSample,
    NothingToDraw,
    SampleDrawnBefore,
    drawn_of,
    hash_of,
)
from mingjing_inspection.domain.finding_terms import Matter, Step, Urgency, matter_of
from mingjing_inspection.domain.office_hours import OfficeHours, in_hours, in_office_hours, in_working_days
from mingjing_inspection.domain.reminding import Reminder, cited, percent_of, reminder_days
from mingjing_inspection.intake.office_hours import office_hours_of
from mingjing_inspection.policy.finding_limits import FINDING_LIMITS, Limits
from mingjing_inspection.policy.office_hours import OFFICE_HOURS
from mingjing_kernel.clock import SHANGHAI
from mingjing_kernel.policy.versions import Numbers
from mingjing_kernel.working_days import RELEASED

GRID = "330106109001001"
FRIDAY = datetime(2026, 7, 3, 16, 30, tzinfo=SHANGHAI)
ids = st.lists(st.uuids(), min_size=1, max_size=60, unique=True)


def test_every_item_of_the_checklist_has_its_matter() -> None:
    matters = [matter_of(item.code) for item in PATROL_V1.items]
    assert len(set(matters)) == len(PATROL_V1.items)
    assert Matter.OTHER not in matters
    assert (matter_of("C05"), matter_of("C05.2"), matter_of("Z9")) == (Matter.FEES, Matter.FEES, Matter.OTHER)


@pytest.mark.parametrize(
    ("matter", "category", "department"),
    [
        (Matter.FEES, "art", "market-regulation"),
        (Matter.STAFF, "art", "culture-tourism-sport"),
        (Matter.STAFF, "subject", "education"),
        (Matter.FIRE_SAFETY, "", "fire-rescue"),
        (Matter.IN_SERVICE_TEACHER, "", "education"),
    ],
)
def test_matter_and_category_say_whose_it_is(matter: Matter, category: str, department: str) -> None:
    said = suggested(matter, GRID, category, is_seen_on_site=False)
    assert (said.department, said.ground, said.matrix) == (department, Ground.OWNER, MATRIX_V1.version)
    assert said.legal_basis


def test_what_is_nobodys_is_seen_by_the_grid_and_then_the_towns() -> None:
    unseen = suggested(Matter.OTHER, GRID, "", is_seen_on_site=False)
    seen = suggested(Matter.OTHER, GRID, "", is_seen_on_site=True)
    assert (unseen.department, unseen.ground) == ("", Ground.GRID_FIRST)
    assert (seen.department, seen.ground) == (TOWN, Ground.TOWN_FALLBACK)
    assert suggested(Matter.OTHER, "330106", "", is_seen_on_site=True).ground is Ground.GRID_FIRST
    assert suggested(Matter.STAFF, GRID, "", is_seen_on_site=False).ground is Ground.GRID_FIRST


def test_the_closer_line_of_the_table_prevails() -> None:
    own = (
        Line(matter=Matter.FEES, department="education", legal_basis="本县权责清单", region="330106"),
        Line(
            matter=Matter.FEES, department="science", legal_basis="本县权责清单", region="330106", category="technology"
        ),
    )
    matrix = replace(MATRIX_V1, lines=(*MATRIX_V1.lines, *own))
    found = {
        (region, category): suggested(Matter.FEES, region, category, is_seen_on_site=False, matrix=matrix).department
        for region in (GRID, "330108") for category in ("art", "technology")
    }  # fmt: skip
    assert found == {
        (GRID, "art"): "education", (GRID, "technology"): "science",
        ("330108", "art"): "market-regulation", ("330108", "technology"): "market-regulation",
    }  # fmt: skip


def test_hours_of_an_office_stop_at_noon_at_night_and_over_the_weekend() -> None:
    limit = in_office_hours(Step.DISPATCH, FRIDAY, 4, "v")
    assert limit.due_at.astimezone(SHANGHAI) == datetime(2026, 7, 6, 11, 30, tzinfo=SHANGHAI)
    assert limit.remind_at.astimezone(SHANGHAI) == datetime(2026, 7, 6, 10, 42, tzinfo=SHANGHAI)
    at_noon = in_office_hours(Step.DISPATCH, datetime(2026, 7, 3, 12, 30, tzinfo=SHANGHAI), 1, "v")
    assert at_noon.due_at.astimezone(SHANGHAI) == datetime(2026, 7, 3, 14, 30, tzinfo=SHANGHAI)


def test_where_offices_keep_other_hours_the_clock_does_and_says_by_which_decision() -> None:
    early = OfficeHours(morning_from=420, morning_to=720, afternoon_from=900, afternoon_to=1_080, version="summer")
    limit = in_office_hours(Step.DISPATCH, FRIDAY, 4, "v", office=early)
    assert limit.due_at.astimezone(SHANGHAI) == datetime(2026, 7, 6, 9, 30, tzinfo=SHANGHAI)
    assert (limit.policy, in_office_hours(Step.DISPATCH, FRIDAY, 4, "v").policy) == ("v+summer", "v")


SATURDAY_8 = datetime(2026, 7, 4, 8, 0, tzinfo=SHANGHAI)


def test_an_office_that_is_open_on_saturdays_counts_them_but_none_of_a_holiday() -> None:
    both = OfficeHours(saturday_morning=True, saturday_afternoon=True, version="six-days")
    morning = OfficeHours(saturday_morning=True, version="half")

    def due(at: datetime, hours: int, office: OfficeHours) -> datetime:
        return in_office_hours(Step.DISPATCH, at, hours, "v", office=office).due_at.astimezone(SHANGHAI)

    assert due(SATURDAY_8, 4, both) == datetime(2026, 7, 4, 14, 0, tzinfo=SHANGHAI)
    assert due(SATURDAY_8, 4, morning) == datetime(2026, 7, 6, 9, 0, tzinfo=SHANGHAI)
    assert due(SATURDAY_8, 4, OfficeHours()) == datetime(2026, 7, 6, 14, 0, tzinfo=SHANGHAI)
    holiday = datetime(2026, 10, 3, 8, 0, tzinfo=SHANGHAI)
    assert due(holiday, 1, both).date() == due(holiday, 1, OfficeHours()).date() > date(2026, 10, 5)
    days = in_working_days(Step.HANDLE, FRIDAY, 1, "v")
    assert days.due_at.astimezone(SHANGHAI).date() == date(2026, 7, 6), "a Saturday is no working day for it"


@given(count=st.integers(1, 90), percent=st.integers(50, 95))
def test_a_clock_keeps_the_percentage_with_which_it_began(count: int, percent: int) -> None:
    reminder = Reminder(percent=percent, version="r-7")
    limit = in_working_days(Step.HANDLE, FRIDAY, count, "v", reminder=reminder)
    assert percent_of(limit.policy) == percent
    assert reminder_days(count, limit.policy) == count * percent // 100
    assert limit.remind_at <= limit.due_at
    hours = in_hours(Step.HANDLE, FRIDAY, count, "v", reminder)
    assert hours.remind_at == FRIDAY + timedelta(hours=count) * percent // 100
    assert (cited("v", Reminder()), percent_of("default/1"), percent_of("v+summer")) == ("v", 80, 80)


edges = st.fixed_dictionaries({one.name: st.integers(one.at_least, one.at_most) for one in OFFICE_HOURS.numbers})


@given(values=edges, hours=st.integers(1, 240))
def test_whatever_hours_are_decided_an_office_opens_before_it_closes_and_every_clock_ends(
    values: dict[str, int], hours: int
) -> None:
    office = office_hours_of(Numbers(version="w", values=values, sources={}))
    (opens, noon), (back, closes) = office.halves
    assert opens < noon <= back < closes
    limit = in_office_hours(Step.DISPATCH, FRIDAY, hours, "v", office=office)
    due = limit.due_at.astimezone(SHANGHAI)
    minute = due.hour * 60 + due.minute
    assert opens < minute <= noon or back < minute <= closes
    is_saturday = due.weekday() == 5 and any(values[name] for name in ("saturday-morning", "saturday-afternoon"))
    assert RELEASED.is_working(due.date()) or is_saturday


def test_an_emergency_knows_no_night_and_a_working_day_no_weekend() -> None:
    assert in_hours(Step.HANDLE, FRIDAY, 24, "v").due_at == FRIDAY + timedelta(hours=24)
    days = in_working_days(Step.HANDLE, FRIDAY, 5, "v")
    assert days.due_at.astimezone(SHANGHAI).date() == date(2026, 7, 10)
    assert days.remind_at.astimezone(SHANGHAI).date() == date(2026, 7, 9)
    assert in_working_days(Step.VERIFY, FRIDAY, 1, "v").remind_at.astimezone(SHANGHAI).date() == FRIDAY.date()


@given(
    at=st.integers(0, 480_000).map(lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    hours=st.integers(1, 240),
)
def test_a_limit_is_later_than_its_reminder_and_both_are_later_than_its_beginning(at: datetime, hours: int) -> None:
    for make in (in_office_hours, in_hours):
        limit = make(Step.DISPATCH, at, hours, "v")
        assert at < limit.remind_at < limit.due_at
    open_ = in_office_hours(Step.DISPATCH, at, hours, "v").due_at
    assert open_ >= at + timedelta(hours=hours), "an office is never open longer than the day"
    assert RELEASED.is_working(open_.astimezone(SHANGHAI).date())


def test_an_extension_counts_from_the_same_beginning() -> None:
    numbers = {number.name: number.default for number in FINDING_LIMITS.numbers}
    limits = Limits(numbers, "default/1", RELEASED)
    normal, urgent = limits.handle(Urgency.NORMAL, FRIDAY), limits.handle(Urgency.URGENT, FRIDAY)
    assert (normal.working_days, urgent.hours, limits.handle(Urgency.COMPLEX, FRIDAY).working_days) == (5, 24, 15)
    more = limits.extended(normal)
    assert (more.started_at, more.working_days) == (FRIDAY, 10)
    assert limits.extended(urgent).due_at == FRIDAY + timedelta(hours=48)


def test_an_extension_reminds_as_the_clock_began_whatever_was_decided_since() -> None:
    numbers = {number.name: number.default for number in FINDING_LIMITS.numbers}
    began = Limits(numbers, "default/1", RELEASED, reminder=Reminder(percent=60, version="first"))
    since = Limits(numbers, "second", RELEASED, reminder=Reminder(percent=90, version="third"))
    normal, urgent = since.extended(began.handle(Urgency.NORMAL, FRIDAY)), began.handle(Urgency.URGENT, FRIDAY)
    assert (normal.policy, percent_of(normal.policy)) == ("second+first@60%", 60)
    assert since.extended(urgent).remind_at == FRIDAY + timedelta(hours=48) * 60 // 100
    plain = since.extended(Limits(numbers, "default/1", RELEASED).handle(Urgency.NORMAL, FRIDAY))
    assert plain.policy == "second"
    twice = since.extended(normal)
    assert twice.policy == "second+first@60%"


@given(population=ids, share=st.integers(1, 100), data=st.data())
def test_the_same_list_and_seed_draw_the_same_and_a_share_rounded_up(
    population: list[UUID], share: int, data: st.DataObject
) -> None:
    drawn = drawn_of(population, "seed", share)
    assert drawn_of(data.draw(st.permutations(population)), "seed", share) == drawn
    assert set(drawn) <= set(population)
    assert len(drawn) == len(set(drawn)) == -(-len(population) * share // 100)
    assert hash_of(population) == hash_of(reversed(population))


def test_nothing_is_drawn_twice_or_from_nothing() -> None:
    draw = DrawFindingSample(
        department="education",
        region="330106",
        since=FRIDAY,
        until=FRIDAY + timedelta(days=1),
        population=(UUID(int=1), UUID(int=2)),
        position=9,
        share_percent=50,
        policy="default/1",
        seed="s",
        by="p",
        at=FRIDAY,
    )
    (fact,) = FINDING_SAMPLE.decide(draw, None)
    assert (fact.population_count, len(fact.drawn)) == (2, 1)
    with pytest.raises(SampleDrawnBefore):
        FINDING_SAMPLE.decide(draw, fact)
    with pytest.raises(NothingToDraw):
        FINDING_SAMPLE.decide(replace(draw, population=()), None)
