from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from mingjing_funds.domain.teaching_time import (
    CHECKS,
    Day,
    Lesson,
    Slot,
    TimeBreach,
    TimeNumbers,
    TimeRule,
    time_breaches,
)
from mingjing_funds.policy.charging_words import words_of_time
from mingjing_kernel.clock import SHANGHAI

NUMBERS = TimeNumbers(version="teaching-times/1")


def at(hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, 4, hour, minute, tzinfo=SHANGHAI)


ON_SITE = Lesson(
    slot=Slot(begins_at=at(18), ends_at=at(20, 30)),
    day=Day(is_off=False, school_from=8 * 60, school_to=16 * 60 + 30),
    is_subject=True,
)
ONLINE = replace(ON_SITE, slot=Slot(begins_at=at(20, 30), ends_at=at(21)), is_online=True)


@pytest.mark.parametrize("lesson", [ON_SITE, ONLINE, replace(ONLINE, previous_ended_at=at(20, 20))])
def test_lessons_within_the_times_break_nothing(lesson: Lesson) -> None:
    assert time_breaches(lesson, NUMBERS) == []


@pytest.mark.parametrize(
    ("lesson", "breach"),
    [
        (replace(ON_SITE, day=Day(is_off=True)), (TimeRule.DAY_OFF, 1, 0)),
        (replace(ON_SITE, slot=Slot(begins_at=at(19), ends_at=at(20, 31))), (TimeRule.TOO_LATE, 1231, 1230)),
        (
            replace(ON_SITE, slot=Slot(begins_at=at(19), ends_at=at(0, 10) + timedelta(1))),
            (TimeRule.TOO_LATE, 1450, 1230),
        ),
        (
            replace(ONLINE, slot=Slot(begins_at=at(20, 31), ends_at=at(21, 1))),
            (TimeRule.TOO_LATE, 1261, 1260),
        ),
        (replace(ONLINE, slot=Slot(begins_at=at(20), ends_at=at(20, 31))), (TimeRule.TOO_LONG, 31, 30)),
        (replace(ONLINE, previous_ended_at=at(20, 21)), (TimeRule.NO_BREAK, 9, 10)),
        (replace(ON_SITE, slot=Slot(begins_at=at(16), ends_at=at(17))), (TimeRule.SCHOOL_HOURS, 30, 0)),
        (replace(ONLINE, is_preschool=True), (TimeRule.PRESCHOOL_ONLINE, 1, 0)),
    ],
)
def test_each_rule_says_what_it_found(lesson: Lesson, breach: tuple[TimeRule, int, int]) -> None:
    rule, found, allowed = breach
    assert time_breaches(lesson, NUMBERS) == [TimeBreach(rule=rule, found=found, allowed=allowed)]


def test_non_subject_training_may_be_at_weekends_and_longer_online() -> None:
    weekend = replace(ON_SITE, is_subject=False, day=Day(is_off=True, school_from=480, school_to=990))
    assert time_breaches(replace(weekend, slot=Slot(begins_at=at(9), ends_at=at(11))), NUMBERS) == []
    assert time_breaches(replace(weekend, slot=Slot(begins_at=at(9), ends_at=at(11)), is_online=True), NUMBERS) == []


def test_what_is_not_known_breaks_no_rule() -> None:
    unknown = replace(ON_SITE, day=Day(), slot=Slot(begins_at=at(9), ends_at=at(11)))
    assert time_breaches(unknown, NUMBERS) == []


def test_a_lesson_without_hours_is_looked_at_by_its_day_and_how_it_is_held() -> None:
    unsaid = replace(ON_SITE, slot=None)
    assert time_breaches(unsaid, NUMBERS) == []
    off = replace(unsaid, day=Day(is_off=True))
    assert [one.rule for one in time_breaches(off, NUMBERS)] == [TimeRule.DAY_OFF]
    preschool = replace(unsaid, is_online=True, is_preschool=True)
    assert [one.rule for one in time_breaches(preschool, NUMBERS)] == [TimeRule.PRESCHOOL_ONLINE]


def test_every_rule_has_a_check_and_words() -> None:
    assert set(CHECKS) == set(TimeRule)
    for rule in TimeRule:
        words = words_of_time(rule, 1231, 1230)
        assert "{" not in words.zh + words.en
