from hypothesis import given
from hypothesis import strategies as st

from mingjing_funds.domain.money import cumulative_release_fen, lesson_release_fen


def test_the_example_of_the_rule_comes_out_to_the_fen() -> None:
    paid = 2_999_00
    each = [lesson_release_fen(paid, 24, k - 1, k) for k in range(1, 25)]
    assert each[:4] == [12495, 12496, 12496, 12496]
    assert paid - cumulative_release_fen(paid, 24, 7) == 212430


@given(paid=st.integers(1, 10**9), lessons=st.integers(1, 200))
def test_the_lessons_release_exactly_the_price_and_never_a_negative_part(paid: int, lessons: int) -> None:
    each = [lesson_release_fen(paid, lessons, k, k + 1) for k in range(lessons)]
    assert sum(each) == paid
    assert all(fen >= 0 for fen in each)
