"""Linking, the small model and likeness of texts, without a database; floors on the half that nothing was fitted on."""

from __future__ import annotations

import dataclasses
import sys
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_inspection.domain.concern import MATTERS, Concern
from mingjing_inspection.domain.premises import Names
from mingjing_inspection.matching.linking import Described, Linker, Said, is_sure
from mingjing_inspection.matching.recent import Heard, Recent
from mingjing_inspection.matching.signature import alike, begins_alike, head_of, signature
from mingjing_inspection.matching.text_model import LABELS, text_model
from mingjing_inspection.sources.matching import NameIndex

BENCH = Path(__file__).parents[3] / "bench"
TANG, OTHER_TANG, XIAO = UUID(int=1), UUID(int=2), UUID(int=3)


def heard(number: int, institution_id: UUID | None, text: str = "关门了") -> Heard:
    return Heard(
        complaint_id=UUID(int=number), institution_id=institution_id,
        received_at=datetime(2026, 7, 1, 0, number % 60, tzinfo=UTC), concern=Concern.CLOSURE,
        signature=signature(text),
    )  # fmt: skip


def linker() -> Linker:
    index = NameIndex(places=("杭州",))
    many = [
        Described(institution_id=TANG, names=Names(full_name="杭州鼓瑟堂艺术培训学校"), category="art",
                  addresses=("西湖区三墩镇竞舟路961号新岚广场C座308室",)),
        Described(institution_id=OTHER_TANG, names=Names(full_name="杭州鼓瑟糖科技有限公司"), category="technology"),
        Described(institution_id=XIAO, names=Names(full_name="杭州千灯屿体育文化有限公司"), category="sport"),
    ]  # fmt: skip
    for one in many:
        index.add(one.institution_id, one.names)
    return Linker(index, many)


def test_an_exact_name_beats_one_that_sounds_the_same_and_both_are_shown() -> None:
    found = linker().candidates(Said(text="鼓瑟糖的课不退费"))
    assert [one.institution_id for one in found] == [OTHER_TANG, TANG]
    assert is_sure(found)


def test_two_that_are_equally_likely_are_not_sure() -> None:
    found = linker().candidates(Said(text="小鼓瑟一直不退费"))
    assert {one.institution_id for one in found} == {TANG, OTHER_TANG}
    assert not is_sure(found)


def test_a_road_alone_points_to_nobody_and_a_building_does() -> None:
    assert linker().candidates(Said(text="竞舟路上有家店不退费")) == []
    (found,) = linker().candidates(Said(text="竞舟路新岚广场那家画画的不退费"))
    assert found.institution_id == TANG


@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=60))
def test_whatever_is_typed_is_answered_the_same_way_twice(text: str, respondent: str, place: str) -> None:
    said = Said(text=text, respondent=respondent, place=place)
    one = linker()
    assert one.candidates(said) == one.candidates(said)
    assert text_model().read(text) == text_model().read(text)


@given(st.text(max_size=200))
def test_the_words_that_are_told_stand_in_the_text(text: str) -> None:
    reading = text_model().read(text)
    assert all(word in text for one in (*reading.labels, *reading.concerns) for word in one.words if text.isalnum())
    assert {one.label for one in reading.labels} == set(LABELS)


@given(st.text(min_size=3, max_size=200))
def test_a_text_is_like_itself(text: str) -> None:
    assert alike(signature(text)[None, :], signature(text))[0] == 1.0


@pytest.mark.parametrize("year", [1970, 2026, 2106, 2200])
def test_any_moment_may_be_asked_about(year: int) -> None:
    recent = Recent()
    recent.add(heard(1, TANG))
    one = dataclasses.replace(heard(2, TANG), received_at=datetime(year, 7, 1, tzinfo=UTC))
    found, _ = recent.like(one, 30, 50, 5)
    assert bool(found) == (year == 2026)


@given(st.lists(st.integers(0, 255), min_size=8, max_size=8), st.lists(st.integers(0, 255), min_size=8, max_size=8))
def test_the_look_at_eight_bytes_counts_equal_ones(one: list[int], other: list[int]) -> None:
    first, second = np.array(one + [0] * 56, np.uint8), np.array(other + [1] * 56, np.uint8)
    equal = sum(a == b for a, b in zip(one, other, strict=True))
    assert bool(begins_alike(np.array([head_of(second)]), first)[0]) == (equal >= 2)


def test_every_concern_says_whose_matter_it_is() -> None:
    assert set(MATTERS) == set(Concern)


def test_who_is_known_to_be_about_somebody_else_is_told_so() -> None:
    recent = Recent()
    recent.add(heard(1, TANG))
    recent.add(heard(2, None))
    beside = {one.complaint_id.int: one for one in recent.beside(heard(3, XIAO), [UUID(int=1), UUID(int=2)])}
    assert beside[1].is_about_somebody_else
    assert not beside[2].is_about_somebody_else
    assert recent.beside(heard(3, XIAO), [UUID(int=7)]) == []


def test_of_more_than_there_is_room_for_the_oldest_go() -> None:
    recent = Recent(room=4)
    for number in range(6):
        recent.add(heard(number, UUID(int=9)))
    assert (len(recent), recent.forgotten) == (4, 2)
    found, _ = recent.like(heard(99, UUID(int=9)), 30, 50, 10)
    assert {one.complaint_id.int for one in found} == {2, 3, 4, 5}


@pytest.fixture(scope="module", name="truth")
def make_truth():
    sys.path.insert(0, str(BENCH))
    import complaint_truth  # noqa: PLC0415

    return complaint_truth


def test_the_model_splits_disputes_from_tips_on_what_it_never_saw(truth) -> None:
    rows = truth.county_truth().held_out
    assert truth.split_f1(rows, [truth.model_labels(row.text) for row in rows]) >= 0.9
    by_hand = truth.written_by_hand()
    assert truth.split_f1(by_hand, [truth.model_labels(row.text) for row in by_hand]) >= 0.8


def test_institutions_are_linked_on_what_no_number_was_chosen_by(truth) -> None:
    import complaint_linking  # noqa: PLC0415

    whole = truth.county_truth()
    found, _ = complaint_linking.quality(complaint_linking.institutions(whole)[0], whole, whole.held_out)
    assert found["recall"] >= 0.95
    assert found["precision"] >= 0.98
    assert found["top3"] >= 0.99
