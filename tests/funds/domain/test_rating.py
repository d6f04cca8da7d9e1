"""A rating: once a contract and term, changed a few times, answered by the institution; what many come to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingjing_funds.domain import rating as r
from mingjing_funds.domain.rating_sum import Summed, content_permille, mean_hundredths
from mingjing_kernel.refusal import Refusal

AT = datetime(2026, 7, 1, 2, tzinfo=UTC)
OF = r.Of(institution_id=UUID(int=1), department="education", region="330106", category="art", term="2026-spring")
RATE = r.Rate(of=OF, institution_stars=2, lesson_stars=4, text="退费慢", editions_max=2, rated_at=AT)
ANSWER = r.AnswerRating(text="已改进", answered_by="木铎轩", answered_at=AT)


def after(*commands: Any) -> r.Rating:
    rating = r.RATING.initial
    for command in commands:
        for event in r.decide(command, rating):
            rating = r.evolve(rating, event)
    return rating


def refused(kind: type[Refusal], command: Any, *before: Any) -> None:
    with pytest.raises(kind) as found:
        r.decide(command, after(*before))
    assert type(found.value) is kind


def test_it_is_changed_a_few_times_and_a_second_click_is_no_change() -> None:
    assert r.decide(RATE, after(RATE)) == []
    (changed,) = r.decide(replace(RATE, lesson_stars=1), after(RATE))
    assert isinstance(changed, r.Rated)
    assert changed.edition == 2
    refused(r.RatedOftenEnough, replace(RATE, text="三"), RATE, replace(RATE, text="二"))
    for stars in (0, 6):
        refused(r.StarsOutOfRange, replace(RATE, institution_stars=stars))
        refused(r.StarsOutOfRange, replace(RATE, lesson_stars=stars))
    refused(r.RatingTextTooLong, replace(RATE, text="字" * (r.TEXT_CHARACTERS_MAX + 1)))


def test_the_institution_answers_what_stands_and_a_change_takes_the_answer_away() -> None:
    refused(r.RatingNotGiven, ANSWER)
    refused(r.AnswerMissing, replace(ANSWER, text=" "), RATE)
    assert r.decide(ANSWER, after(RATE, ANSWER)) == []
    assert after(RATE, ANSWER).answer == "已改进"
    assert after(RATE, ANSWER, replace(RATE, institution_stars=5)).answer == ""


@pytest.mark.parametrize(
    ("day", "term"),
    [
        (date(2026, 1, 31), "2025-autumn"),
        (date(2026, 2, 1), "2026-spring"),
        (date(2026, 7, 31), "2026-spring"),
        (date(2026, 8, 1), "2026-autumn"),
        (date(2026, 12, 31), "2026-autumn"),
    ],
)
def test_january_belongs_to_the_autumn_term(day: date, term: str) -> None:
    assert r.term_of(day, 2, 8) == term


def test_known_values_of_wilsons_bound() -> None:
    """By the textbook: 10 of 10 is 0.7225, 9 of 10 is 0.5958, 90 of 100 is 0.8256, 5 of 10 is 0.2366."""
    for k, n, bound in ((10, 10, 722), (9, 10, 595), (90, 100, 825), (5, 10, 236), (0, 10, 0), (0, 0, 0)):
        assert content_permille(Summed(count=n, content=k, institution_stars=0, lesson_stars=0)) == bound


@given(st.integers(1, 2_000), st.data())
def test_the_bound_is_below_the_share_and_grows_with_it(n: int, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    bound = content_permille(Summed(count=n, content=k, institution_stars=0, lesson_stars=0))
    assert 0 <= bound * n <= 1_000 * k
    if k < n:
        assert bound <= content_permille(Summed(count=n, content=k + 1, institution_stars=0, lesson_stars=0))


@given(st.lists(st.integers(1, 5), max_size=50), st.integers(0, 50))
def test_a_mean_lies_between_one_and_five_and_few_ratings_lie_near_the_middle(stars: list[int], weight: int) -> None:
    mean = mean_hundredths(sum(stars), len(stars), weight)
    if stars or weight:
        assert 100 <= mean <= 500
    assert mean_hundredths(5, 1, 5) == 333
