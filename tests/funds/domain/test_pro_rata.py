from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingjing_funds.domain.pro_rata import shares_fen

CLAIMS = st.dictionaries(st.text(max_size=3), st.integers(0, 10_000_00), max_size=30)


def test_three_equal_claims_on_ten_fen_leave_the_odd_fen_to_the_first() -> None:
    assert shares_fen(10, {"a": 5, "b": 5, "c": 5}) == {"a": 4, "b": 3, "c": 3}


def test_the_largest_remainder_gets_the_fen() -> None:
    assert shares_fen(100, {"a": 101, "b": 99, "c": 300}) == {"a": 20, "b": 20, "c": 60}


def test_nobody_gets_more_than_the_claim() -> None:
    assert shares_fen(1_000, {"a": 1, "b": 2}) == {"a": 1, "b": 2}
    assert shares_fen(0, {"a": 1}) == {"a": 0}
    assert shares_fen(5, {}) == {}


def test_negative_amounts_are_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="negative"):
        shares_fen(-1, {"a": 1})
    with pytest.raises(ValueError, match="negative"):
        shares_fen(1, {"a": -1})


@settings(deadline=None)
@given(st.integers(0, 300_000_00), CLAIMS)
def test_shares_add_up_and_each_is_the_proportion_to_the_fen(available: int, claims: dict[str, int]) -> None:
    shares, owed = shares_fen(available, claims), sum(claims.values())
    assert list(shares) == list(claims)
    assert sum(shares.values()) == min(available, owed)
    for who, share in shares.items():
        assert 0 <= share <= claims[who]
        if available < owed:
            assert abs(share - Fraction(available * claims[who], owed)) < 1
