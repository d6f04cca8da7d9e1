"""How many people complain, against a count by hand."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from mingjing_inspection.domain.complainant_count import (
    COMPLAINANT_COUNT,
    WINDOWS,
    ComplainantsCounted,
    CountComplainants,
    Paper,
    counted,
)

TODAY = date(2026, 7, 1)
PAPERS = st.lists(
    st.builds(
        Paper,
        on=st.integers(-2, 70).map(lambda back: TODAY - timedelta(days=back)),
        person=st.sampled_from(["", "a", "b", "c"]),
        words=st.frozensets(st.sampled_from(["gone", "loan"])),
    ),
    max_size=30,
)


@given(PAPERS)
def test_a_person_counts_once_in_each_window_and_word_and_papers_of_nobody_apart(papers: list[Paper]) -> None:
    told = {(one.word, one.days): (one.people, one.unnamed) for one in counted(papers, TODAY)}
    for word in ("", "gone", "loan"):
        for days in WINDOWS:
            within = [one for one in papers if 0 <= (TODAY - one.on).days < days and (not word or word in one.words)]
            by_hand = len({one.person for one in within if one.person}), sum(one.person == "" for one in within)
            assert told.get((word, days), (0, 0)) == by_hand
    assert all(people or unnamed for people, unnamed in told.values())
    assert len(told) == len(counted(papers, TODAY)), "each window and word once"


def test_it_is_told_when_it_changes_and_then_only() -> None:
    voices = counted([Paper(TODAY, "a", frozenset({"gone"}))], TODAY)
    command = CountComplainants(institution_id=UUID(int=1), voices=voices, on=TODAY)
    (fact,) = COMPLAINANT_COUNT.decide(command, COMPLAINANT_COUNT.initial)
    state = COMPLAINANT_COUNT.evolve(COMPLAINANT_COUNT.initial, fact)
    assert isinstance(fact, ComplainantsCounted)
    assert COMPLAINANT_COUNT.decide(command, state) == []
    nobody = CountComplainants(institution_id=UUID(int=1), voices=(), on=TODAY)
    assert len(COMPLAINANT_COUNT.decide(nobody, state)) == 1
