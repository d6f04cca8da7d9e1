"""Teaching-time rules T1–T5 on a week's timetable: each breach names its lessons."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from mingjing_kernel.working_days import RELEASED
from mingjing_registry.api.admission_texts import told
from mingjing_registry.api.teaching_time_texts import TEACHING_FINDINGS, TEACHING_TEXTS
from mingjing_registry.domain.check import Check, Outcome
from mingjing_registry.domain.days_off import Vacations, days_off
from mingjing_registry.domain.profile import Mode, Profile, Slot, Stage
from mingjing_registry.domain.teaching_time import TEACHING_TIME, Taught, TeachingNumbers, teaching_time
from mingjing_registry.policy.rules import TEACHING_TIME as POLICY

NUMBERS = TeachingNumbers()


def slot(weekday: int, begins: int, ends: int, item: str = "数学") -> Slot:
    return Slot(item=item, weekday=weekday, begins_minute=begins, ends_minute=ends)


def said(
    *slots: Slot,
    is_subject: bool = True,
    modes: tuple[Mode, ...] = (Mode.OFFLINE,),
    stages: tuple[Stage, ...] = (Stage.JUNIOR,),
    off: tuple[date, ...] = (),
) -> dict[str, Check]:
    taught = Taught(profile=Profile(modes=modes, stages=stages, timetable=slots), is_subject=is_subject, days_off=off)
    return {check.rule: check for check in teaching_time(taught, NUMBERS)}


def outcomes(found: dict[str, Check]) -> str:
    return "".join(
        {"pass": "+", "fail": "-", "not-applicable": ".", "unknown": "?"}[one.outcome] for one in found.values()
    )


def test_a_subject_lesson_on_a_weekday_evening_breaks_nothing() -> None:
    assert outcomes(said(slot(3, 1_110, 1_230))) == "++..+"


def test_subject_training_at_the_weekend_is_named() -> None:
    found = said(slot(6, 540, 600), slot(7, 540, 600), slot(3, 1_110, 1_170))
    assert found["T1"].outcome is Outcome.FAIL
    item = told(found["T1"], None)
    assert item.seen_zh == "休息日开课 2 节 数学 周六 09:00–10:00、数学 周日 09:00–10:00"
    assert not item.may_be_waived
    assert said(slot(6, 540, 600), is_subject=False)["T1"].outcome is Outcome.NOT_APPLICABLE


def test_a_coming_holiday_on_a_day_with_subject_lessons_is_named_and_never_called_met() -> None:
    wednesday, friday = date(2026, 9, 30), date(2026, 10, 2)
    found = said(slot(5, 1_110, 1_170), slot(3, 1_110, 1_170), off=(friday,))["T1"]
    assert found.outcome is Outcome.UNKNOWN
    assert told(found, None).seen_zh.startswith("近期有 1 个放假日与课程表同日（2026-10-02），须停课")
    assert found.values["count"] == "1", "Wednesday's lesson is on no day off"
    assert said(slot(3, 1_110, 1_170), off=(friday,))["T1"].outcome is Outcome.PASS
    assert said(slot(6, 540, 600), slot(3, 1_110, 1_170), off=(wednesday,))["T1"].outcome is Outcome.FAIL
    assert said(slot(3, 1_110, 1_170), off=(wednesday,), is_subject=False)["T1"].outcome is Outcome.NOT_APPLICABLE
    assert said(off=(wednesday,))["T1"].outcome is Outcome.UNKNOWN


def test_days_off_are_holidays_by_the_notice_and_vacations_by_policy() -> None:
    week = Vacations(days_ahead=10)
    national = days_off(date(2026, 9, 28), RELEASED, week)
    assert national == tuple(date(2026, 10, day) for day in (1, 2, 5, 6, 7)), "weekends need no calendar"
    assert days_off(date(2026, 11, 2), RELEASED, week) == ()
    assert days_off(date(2026, 7, 1), RELEASED, week) == tuple(date(2026, 7, day) for day in (1, 2, 3, 6, 7, 8, 9, 10))
    over_new_year = Vacations(winter=(1_228, 110), days_ahead=20)
    found = days_off(date(2026, 12, 25), RELEASED, over_new_year)
    assert (found[0], found[-1]) == (date(2026, 12, 28), date(2027, 1, 8))


def test_the_evening_ends_at_half_past_eight_and_online_at_nine() -> None:
    assert said(slot(3, 1_170, 1_231))["T2"].outcome is Outcome.FAIL
    assert said(slot(3, 1_230, 1_260), modes=(Mode.ONLINE,))["T2"].outcome is Outcome.PASS
    assert said(slot(3, 1_230, 1_261), modes=(Mode.ONLINE,))["T2"].outcome is Outcome.FAIL
    assert said(slot(3, 1_230, 1_260), modes=(Mode.ONLINE, Mode.OFFLINE))["T2"].outcome is Outcome.FAIL
    assert said(slot(3, 1_230, 1_260), modes=())["T2"].outcome is Outcome.UNKNOWN


def test_online_subject_lessons_are_short_with_breaks_between() -> None:
    online = (Mode.ONLINE,)
    assert said(slot(3, 1_110, 1_140), slot(3, 1_150, 1_180), modes=online)["T3"].outcome is Outcome.PASS
    assert said(slot(3, 1_110, 1_141), modes=online)["T3"].values["count"] == "1"
    assert said(slot(3, 1_110, 1_140), slot(3, 1_149, 1_179), modes=online)["T3"].outcome is Outcome.FAIL
    beside = (slot(3, 1_110, 1_140), slot(3, 1_120, 1_150))
    assert said(*beside, modes=online)["T3"].outcome is Outcome.PASS, "two classes side by side"
    assert said(slot(3, 1_110, 1_140), slot(4, 1_140, 1_170), modes=online)["T3"].outcome is Outcome.PASS
    assert said(slot(3, 1_110, 1_200))["T3"].outcome is Outcome.NOT_APPLICABLE


def test_preschoolers_are_not_taught_online_whatever_the_timetable_says() -> None:
    small = (Stage.PRESCHOOL,)
    assert said(modes=(Mode.ONLINE,), stages=small)["T4"].outcome is Outcome.FAIL
    assert said(modes=(Mode.OFFLINE,), stages=small)["T4"].outcome is Outcome.PASS


def test_nothing_is_taught_while_pupils_are_at_school() -> None:
    assert said(slot(1, 950, 970), is_subject=False)["T5"].outcome is Outcome.FAIL
    assert said(slot(1, 960, 1_000), slot(6, 540, 600), is_subject=False)["T5"].outcome is Outcome.PASS
    assert said(slot(1, 540, 600), stages=(Stage.PRESCHOOL,))["T5"].outcome is Outcome.NOT_APPLICABLE
    assert said(slot(1, 540, 600), stages=())["T5"].outcome is Outcome.UNKNOWN


def test_what_is_not_stated_is_unknown_and_never_passed() -> None:
    assert outcomes(said()) == "??..?"
    assert outcomes(said(slot(3, 1_200, 1_100))) == "??..?"
    stages = (Stage.PRESCHOOL, Stage.PRIMARY)
    assert outcomes(said(slot(3, 1_110, 1_140), modes=(), stages=stages)) == "+???+"


def test_every_rule_and_finding_has_its_words_and_the_policy_its_numbers() -> None:
    assert set(TEACHING_TEXTS) == set(TEACHING_TIME)
    assert all(text.zh and text.en for text in TEACHING_FINDINGS.values())
    minutes, rest = POLICY.numbers[:6], POLICY.numbers[6:]
    assert [number.default for number in minutes] == [1_230, 1_260, 30, 10, 480, 960]
    assert [number.default for number in rest] == [120, 220, 701, 831, 30]


@given(
    st.lists(st.builds(slot, st.integers(1, 7), st.integers(0, 1_440), st.integers(0, 1_440)), max_size=8),
    st.booleans(),
    st.sets(st.sampled_from(Mode)).map(tuple),
    st.sets(st.sampled_from(Stage)).map(tuple),
)
def test_whatever_is_stated_each_rule_says_one_thing_in_words(
    slots: list[Slot], is_subject: bool, modes: tuple[Mode, ...], stages: tuple[Stage, ...]
) -> None:
    found = said(*slots, is_subject=is_subject, modes=modes, stages=stages)
    assert list(found) == list(TEACHING_TIME)
    for check in found.values():
        item = told(check, None)
        assert item.seen_zh
        assert "{" not in item.seen_zh + item.seen
