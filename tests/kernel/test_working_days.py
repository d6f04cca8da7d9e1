"""Working days by the official calendar: what the notices say, what is only presumed, and what an import changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.calendar import CALENDAR, CalendarNoticeImported, ImportNotice
from mingjing_kernel.calendar.refusals import NoticeDayMisplaced, NoticeSourceMissing
from mingjing_kernel.working_days import RELEASED, WorkingDays, working_days_after

AT = datetime(2026, 11, 20, tzinfo=UTC)
days = st.dates(date(2016, 1, 1), date(2030, 12, 31))


def notice(year: int = 2027, source: str = "国办发明电〔2026〕1号", **more: tuple[date, ...]) -> ImportNotice:
    given_days = {"off": (date(2027, 2, 8), date(2027, 2, 9)), "worked": (date(2027, 2, 14),)} | more
    return ImportNotice(year=year, source=source, by="approver-1", at=AT, **given_days)


def imported(command: ImportNotice, before: WorkingDays = RELEASED) -> WorkingDays:
    return CALENDAR.decider.fold([*CALENDAR.decider.decide(command, before)])


def test_holidays_and_days_worked_instead_count_as_the_notice_says() -> None:
    assert working_days_after(date(2026, 1, 26), 20) == date(2026, 2, 28)  # over the Spring Festival and a Saturday
    assert working_days_after(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert RELEASED.is_working(date(2026, 10, 10))
    assert not RELEASED.is_working(date(2026, 10, 11))


def test_a_year_without_its_notice_is_provisional() -> None:
    assert not RELEASED.is_provisional(2026)
    assert RELEASED.is_provisional(2027)
    assert working_days_after(date(2026, 12, 31), 1) == date(2027, 1, 4)


def test_an_import_settles_a_year_and_moves_what_was_counted_with_it() -> None:
    known = imported(notice())
    assert not known.is_provisional(2027)
    assert RELEASED.after(date(2027, 2, 5), 3) == date(2027, 2, 10)
    assert known.after(date(2027, 2, 5), 3) == date(2027, 2, 12)
    assert CALENDAR.decider.decide(notice(), known) == []


def test_a_corrected_notice_replaces_and_new_year_may_shift_the_december_before() -> None:
    corrected = notice(off=(date(2026, 12, 31), date(2027, 1, 1)), worked=(date(2026, 12, 27),))
    state = imported(notice())
    (event,) = CALENDAR.decider.decide(corrected, state)
    known = CALENDAR.decider.evolve(state, event)
    assert known.is_working(date(2027, 2, 8))
    assert not known.is_working(date(2026, 12, 31))
    assert known.is_working(date(2026, 12, 27))
    assert not known.is_working(date(2026, 10, 1)), "the rest of the year stays as its own notice has it"


def test_a_notice_names_days_of_its_year_and_its_source() -> None:
    for misplaced in (
        notice(off=(date(2028, 2, 8),)),
        notice(worked=(date(2027, 2, 10),)),
        notice(off=(date(2027, 2, 14),)),
    ):
        with pytest.raises(NoticeDayMisplaced):
            imported(misplaced)
    with pytest.raises(NoticeSourceMissing):
        imported(notice(source=" "))


@given(days, st.integers(0, 100))
def test_a_limit_ends_on_a_working_day_and_holds_exactly_so_many(day: date, count: int) -> None:
    end = working_days_after(day, count)
    between = [day + timedelta(days=number) for number in range(1, (end - day).days + 1)]
    assert sum(map(RELEASED.is_working, between)) == count
    assert not between or RELEASED.is_working(end)


def test_the_event_carries_the_days_in_order() -> None:
    (event,) = CALENDAR.decider.decide(notice(off=(date(2027, 2, 9), date(2027, 2, 8), date(2027, 2, 8))), RELEASED)
    assert isinstance(event, CalendarNoticeImported)
    assert event.off == (date(2027, 2, 8), date(2027, 2, 9))
