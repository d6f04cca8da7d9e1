"""Contracts about rectifications -> commands: what inspection ordered is noted beside the annual check.

One rule: an order is no penalty and changes nothing of a licence; who reviews and decides is a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from mingjing_contracts.inspection_cases import (
    RectificationFailedV1,
    RectificationOrderedV1,
    RectificationPassedV1,
)
from mingjing_kernel.broker.message import Message, Reaction
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.log import Work
from mingjing_registry.codec import INSPECTION_ORDERS
from mingjing_registry.domain.inspection_order import NoteInspectionOrder, NoteInspectionOrderEnded

ORDERED: Final = "inspection-order"
"""Why it is noted; a code, put into words where somebody reads it."""
CHECKING: Final = "民办教育促进法第四十一条"


def order_noted(message: Message[RectificationOrderedV1], _services: Any) -> list[Work]:
    """Something is to be put right by a day."""
    told = message.contract
    command = NoteInspectionOrder(
        institution_id=told.institution_id,
        deadline=told.deadline,
        ordered_on=told.ordered_on,
        on=shanghai_date(message.occurred_at),
    )
    envelope = message.envelope("registry-note-inspection-order", reason=ORDERED, legal_basis=CHECKING)
    return [Work(INSPECTION_ORDERS, told.rectification_id, command, envelope)]


def order_ended(message: Message[RectificationPassedV1 | RectificationFailedV1], _services: Any) -> list[Work]:
    """It is put right, or not."""
    told = message.contract
    command = NoteInspectionOrderEnded(
        institution_id=told.institution_id,
        is_passed=isinstance(told, RectificationPassedV1),
        ended_on=told.on,
        on=shanghai_date(message.occurred_at),
    )
    envelope = message.envelope("registry-note-inspection-order-ended", reason=ORDERED, legal_basis=CHECKING)
    return [Work(INSPECTION_ORDERS, told.rectification_id, command, envelope)]


ORDERS_INBOUND: Mapping[type[Any], Reaction] = MappingProxyType(
    {
        RectificationOrderedV1: order_noted,
        RectificationPassedV1: order_ended,
        RectificationFailedV1: order_ended,
    }
)
