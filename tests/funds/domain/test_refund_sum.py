from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mingjing_funds.domain.order import Clauses
from mingjing_funds.domain.refund_sum import Ending, Fault, PriceBasis, RefundSum, refund_sum

LISTED = Clauses(model_text="GF-2021-2604", list_lesson_fen=200_00, is_list_price_agreed=True)
ENDING = Ending(paid_fen=2_999_00, lessons=24, used=7, on=date(2026, 3, 1), fault=Fault.FAMILY)


def found(ending: Ending) -> tuple[PriceBasis, int, int, int]:
    result = refund_sum(ending)
    return result.basis, result.from_custody_fen, result.beyond_fen, result.kept_fen


def test_without_clauses_the_lessons_had_are_worth_what_was_paid_for_them() -> None:
    assert found(ENDING) == (PriceBasis.ACTUAL, 2_124_30, 0, 0)


@pytest.mark.parametrize(
    ("change", "basis", "custody", "beyond", "kept"),
    [
        ({"clauses": LISTED}, PriceBasis.LIST, 1_599_00, 0, 525_30),
        ({"clauses": LISTED, "fault": Fault.INSTITUTION}, PriceBasis.ACTUAL, 2_124_30, 0, 0),
        ({"clauses": replace(LISTED, is_list_price_agreed=False)}, PriceBasis.ACTUAL, 2_124_30, 0, 0),
        ({"clauses": replace(LISTED, full_refund_until=date(2026, 3, 1))}, PriceBasis.NOTHING, 2_124_30, 874_70, 0),
        ({"clauses": replace(LISTED, full_refund_lessons_max=7)}, PriceBasis.NOTHING, 2_124_30, 874_70, 0),
        ({"clauses": replace(LISTED, full_refund_lessons_max=6)}, PriceBasis.LIST, 1_599_00, 0, 525_30),
        ({"clauses": replace(LISTED, list_lesson_fen=900_00)}, PriceBasis.LIST, 0, 0, 2_124_30),
        ({"given_back_fen": 124_30}, PriceBasis.ACTUAL, 2_000_00, 0, 0),
    ],
)
def test_the_basis_follows_fault_and_clauses(
    change: dict, basis: PriceBasis, custody: int, beyond: int, kept: int
) -> None:
    assert found(replace(ENDING, **change)) == (basis, custody, beyond, kept)


clauses = st.none() | st.builds(
    Clauses,
    model_text=st.just("GF-2021-2604"),
    list_lesson_fen=st.integers(0, 500_00),
    is_list_price_agreed=st.booleans(),
    full_refund_until=st.none() | st.just(date(2026, 3, 1)),
    full_refund_lessons_max=st.none() | st.integers(0, 10),
)


@settings(deadline=None)
@given(st.integers(1, 9_999_99), st.integers(1, 60), st.data(), clauses, st.sampled_from(Fault))
def test_custody_never_pays_more_than_is_left_and_no_part_is_negative(
    paid: int, lessons: int, data: st.DataObject, agreed: Clauses | None, fault: Fault
) -> None:
    used = data.draw(st.integers(0, lessons))
    left = paid - paid * used // lessons
    back = data.draw(st.integers(0, left))
    result: RefundSum = refund_sum(
        replace(ENDING, paid_fen=paid, lessons=lessons, used=used, given_back_fen=back, fault=fault, clauses=agreed)
    )
    assert result.from_custody_fen + result.kept_fen == left - back
    assert min(result.from_custody_fen, result.beyond_fen, result.kept_fen, result.consumed_fen) >= 0
    assert fault is Fault.FAMILY or result.kept_fen == 0
