"""Lessons are compared, and nobody can be guessed from what is compared."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from mingjing_funds.domain.lesson_print import agree, written
from mingjing_funds.intake.lesson_prints import LessonPrints
from mingjing_funds.sources.lessons import LessonLine, LessonWord
from mingjing_kernel.sealed.blind import BlindIndex

LINE = LessonLine(
    row=2,
    lesson_no="KX1",
    contract_no="HT1",
    held_on=date(2026, 1, 5),
    units=1,
    is_gift=False,
    word=LessonWord.CONFIRMED,
    how="家长确认",
    confirmed_at=None,
    taught=("17:00", "18:30", "正课", "叶辉明"),
    pupil="张*泽",
)
PRINTS = LessonPrints(BlindIndex(b"k" * 32))
hexadecimal = st.text("0123456789abcdef", max_size=16)
contents = st.builds(written, hexadecimal.filter(bool), hexadecimal) | hexadecimal


def test_another_pupil_teacher_or_time_is_another_lesson() -> None:
    for change in ({"pupil": "姜*然"}, {"taught": ("17:00", "18:30", "正课", "邓浩")}, {"pupil": ""}):
        assert not agree(PRINTS.of(LINE), PRINTS.of(replace(LINE, **change)))
    assert agree(PRINTS.of(LINE), PRINTS.of(replace(LINE, row=9, word=LessonWord.PENDING)))


def test_a_row_that_leaves_the_pupil_out_is_compared_by_the_rest() -> None:
    left_out = PRINTS.of(replace(LINE, pupil=None))
    assert agree(PRINTS.of(LINE), left_out)
    assert agree(left_out, PRINTS.of(LINE))
    assert not agree(left_out, PRINTS.of(replace(LINE, taught=("08:00", "09:30", "正课", "叶辉明"))))


def test_what_stood_before_the_key_cannot_be_told_apart_from_what_comes_now() -> None:
    assert agree("4ad1c0ffee12", PRINTS.of(LINE))
    assert not agree("4ad1c0ffee12", "4ad1c0ffee13")


def test_a_name_says_nothing_without_the_key_and_links_no_two_contracts() -> None:
    other_key = LessonPrints(BlindIndex(b"x" * 32))
    assert PRINTS.of(LINE).split(".")[2] != other_key.of(LINE).split(".")[2]
    assert PRINTS.of(LINE).split(".")[2] != PRINTS.of(replace(LINE, contract_no="HT2")).split(".")[2]
    assert "张*泽" not in repr(LINE)
    assert PRINTS.of_words("") == ""
    assert "张承泽" not in PRINTS.of_words("张承泽 17:00")


@given(contents, contents)
def test_agreeing_is_mutual_and_with_oneself(one: str, other: str) -> None:
    assert agree(one, one)
    assert agree(one, other) == agree(other, one)
