"""What inspection ordered and how it ended is noted once, in whatever order it is told."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from mingjing_contracts.inspection_cases import (
    RectificationFailedV1,
    RectificationOrderedV1,
    RectificationPassedV1,
)
from mingjing_kernel.broker.message import Message
from mingjing_kernel.log import Meta, Recorded
from mingjing_registry.codec import INSPECTION_ORDERS
from mingjing_registry.domain.inspection_order import INSPECTION_ORDER, NoteInspectionOrder, NoteInspectionOrderEnded
from mingjing_registry.messaging.inbound import INBOUND
from mingjing_registry.projections.inspection_orders import fold

AT = datetime(2026, 7, 1, 2, tzinfo=UTC)
ORDER, MUDUO = UUID(int=5), UUID(int=1)
ORDERED = RectificationOrderedV1(
    rectification_id=ORDER,
    institution_id=MUDUO,
    site_id=UUID(int=2),
    finding_id=None,
    department="culture-tourism-sport",
    region="330106109001001",
    category="art",
    deadline=date(2026, 7, 16),
    ordered_on=date(2026, 7, 1),
)
FAILED = RectificationFailedV1(rectification_id=ORDER, institution_id=MUDUO, on=date(2026, 7, 20))
PASSED = RectificationPassedV1(rectification_id=ORDER, institution_id=MUDUO, on=date(2026, 7, 20))


def heard(contract: Any) -> Any:
    (work,) = INBOUND[type(contract)](Message(contract, "inspection", 7, contract.subject, AT), None)  # type: ignore[misc]
    assert work.aggregate is INSPECTION_ORDERS
    assert work.id == ORDER
    return work.command


def row_after(*contracts: Any) -> Any:
    state, row = INSPECTION_ORDER.initial, None
    for contract in contracts:
        for event in INSPECTION_ORDER.decide(heard(contract), state):
            state = INSPECTION_ORDER.evolve(state, event)
            recorded = Recorded(1, "", 1, "", event, Meta(command_id=ORDER, actor="system:inspection"), AT, AT)
            row = fold((ORDER,), row, recorded)
    return row


def test_an_order_is_open_until_inspection_says_how_it_ended() -> None:
    assert isinstance(heard(ORDERED), NoteInspectionOrder)
    assert isinstance(heard(FAILED), NoteInspectionOrderEnded)
    assert row_after(ORDERED)["state"] == "open"
    assert row_after(ORDERED, PASSED)["state"] == "passed"
    failed = row_after(ORDERED, FAILED, PASSED)
    assert (failed["state"], failed["deadline"], failed["ended_on"]) == ("failed", date(2026, 7, 16), date(2026, 7, 20))


@given(st.lists(st.sampled_from([ORDERED, FAILED]), min_size=4, max_size=8))
def test_however_often_and_in_whatever_order_it_is_told_the_row_is_the_same(told: list[Any]) -> None:
    row = row_after(*told, ORDERED, FAILED)
    assert (row["state"], row["ordered_on"], row["deadline"]) == ("failed", date(2026, 7, 1), date(2026, 7, 16))
