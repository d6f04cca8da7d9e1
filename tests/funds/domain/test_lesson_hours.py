"""What is said of a lesson's hours, or left out, and said again: one violation while it is one, none slips through."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funds.domain.test_contract import TERMS
from funds.domain.test_contract_life import DELIVER, START
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import contract_refusals as because
from mingjing_funds.domain.alerting.fold import told as heard
from mingjing_funds.domain.alerting.heard import Heard
from mingjing_funds.domain.alerting.state import UNKNOWN
from mingjing_funds.domain.contract_rules import CONTRACT
from mingjing_funds.domain.lesson import LessonTimed
from mingjing_funds.domain.teaching_time import Day, Slot, TimeNumbers
from mingjing_funds.domain.teaching_time import Lesson as Held
from mingjing_kernel.state import changed

TIMES = TimeNumbers(version="teaching-times/1")
SATURDAY = DELIVER.held_on
LATE = Slot(begins_at=datetime(2026, 1, 10, 11, tzinfo=UTC), ends_at=datetime(2026, 1, 10, 13, tzinfo=UTC))
EARLY = Slot(begins_at=datetime(2026, 1, 10, 9, tzinfo=UTC), ends_at=datetime(2026, 1, 10, 11, tzinfo=UTC))
SUBJECT = changed(START, terms=replace(TERMS, is_subject=True))
SCHEDULED = c.LessonStanding.SCHEDULED


def said(slot: Slot | None = None, *, is_off: bool = False, of_file: bool = False, **change: Any) -> c.ReportLesson:
    held = Held(slot=slot, day=Day(is_off=is_off), is_subject=False, is_told_if_broken=of_file)
    if of_file:
        held = replace(held, is_lawful=slot is not LATE and not is_off)
    return replace(DELIVER, held=held, times=TIMES, **change)


def told(command: c.ReportLesson, before: c.Contract) -> tuple[list[list[str]], c.Contract]:
    facts = CONTRACT.decide(command, before)
    found = [[one.rule.value for one in fact.breaches] for fact in facts if isinstance(fact, LessonTimed)]
    return found, CONTRACT.fold(facts, before)


def test_the_day_alone_breaks_a_rule_where_hours_are_left_out() -> None:
    assert told(said(is_off=True), START)[0] == [], "no school subject"
    assert told(said(), SUBJECT)[0] == []
    found, broken = told(said(is_off=True), SUBJECT)
    assert found == [["T1"]]
    assert told(said(is_off=True), broken)[0] == [], "said again, it is no news"
    with pytest.raises(because.TeachingTimeForbidden) as refused:
        CONTRACT.decide(said(is_off=True, standing=SCHEDULED), SUBJECT)
    words = refused.value.values["broken"]
    assert (str(words), words.zh) == ("T1: no subject training on a day off", "T1：不得在休息日开展学科类培训")  # type: ignore[attr-defined]
    moved, _ = told(said(held_on=date(2026, 1, 9)), broken)
    assert moved == [[]], "it was on another day"


@pytest.mark.parametrize("of_file", [False, True])
def test_a_slip_in_the_hours_is_put_right_and_leaving_them_out_puts_nothing_right(of_file: bool) -> None:
    found, broken = told(said(LATE, of_file=of_file), START)
    assert found == [["T2"]]
    assert told(said(of_file=of_file), broken)[0] == []
    pending = {"standing": c.LessonStanding.PENDING}
    found, right = told(said(EARLY, of_file=of_file, **pending), broken)
    assert found == [[]]
    assert told(said(EARLY, of_file=of_file, **pending), right)[0] == []


def test_new_hours_of_a_known_lesson_are_looked_at_though_nothing_else_is_new() -> None:
    planned = told(said(EARLY, standing=SCHEDULED), START)[1]
    with pytest.raises(because.TeachingTimeForbidden):
        CONTRACT.decide(said(LATE, standing=SCHEDULED), planned)
    assert CONTRACT.decide(said(EARLY, standing=SCHEDULED), planned) == []
    given = told(said(EARLY), planned)[1]
    found, broken = told(said(LATE), given)
    assert found == [["T2"]]
    assert CONTRACT.decide(said(LATE), broken) == []
    assert CONTRACT.decide(said(EARLY, standing=SCHEDULED), broken) == [], "too late for a place in the timetable"


def test_a_lesson_that_is_called_off_has_no_hours_and_begins_anew() -> None:
    off = {"standing": c.LessonStanding.CANCELLED}
    assert told(said(LATE, **off), START)[0] == []
    broken = told(said(LATE), START)[1]
    _, cancelled = told(said(LATE, **off), broken)
    assert told(said(LATE, standing=c.LessonStanding.PENDING), cancelled)[0] == [["T2"]]


def test_of_a_lesson_that_does_not_count_the_hours_are_told_once() -> None:
    sold = changed(START, terms=replace(TERMS, lessons=1))
    confirmed = {"standing": c.LessonStanding.CONFIRMED, "units": 2}
    found, aside = told(said(LATE, **confirmed), sold)
    assert found == [["T2"]]
    assert told(said(LATE, **confirmed), aside)[0] == []


NOT_PLANNED = [one for one in c.LessonStanding if one is not SCHEDULED]
CALLED_OFF = {c.LessonStanding.CANCELLED, c.LessonStanding.LEAVE}
commands = st.builds(
    said,
    st.sampled_from([None, EARLY, LATE]),
    is_off=st.booleans(),
    of_file=st.booleans(),
    lesson_no=st.sampled_from(["KX1", "KX2"]),
    standing=st.sampled_from(NOT_PLANNED),
    held_on=st.sampled_from([SATURDAY, date(2026, 1, 9)]),
    units=st.integers(1, 2),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(commands, max_size=8), st.booleans())
def test_whatever_is_said_of_hours_is_no_news_again_and_counts_once(
    all_of_it: list[c.ReportLesson], is_subject: bool
) -> None:
    contract: c.Contract = SUBJECT if is_subject else START
    memory, broken = UNKNOWN, set[str]()
    for command in all_of_it:
        facts = CONTRACT.decide(command, contract)
        contract = CONTRACT.fold(facts, contract)
        assert CONTRACT.decide(command, contract) == []
        for fact in facts:
            memory = heard(memory, Heard(on=SATURDAY, fact=fact, about="HT-1"))
            if isinstance(fact, LessonTimed):
                broken = broken - {fact.lesson_no} | ({fact.lesson_no} if fact.breaches else set())
            elif isinstance(fact, c.LessonReported) and fact.standing in CALLED_OFF:
                broken -= {fact.lesson_no}
    assert set(memory.out_of_hours) == {f"HT-1/{no}" for no in broken}
    assert memory.time_broken.over(SATURDAY, 30) == len(broken)
