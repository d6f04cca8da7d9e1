"""Rectification rules: ordered by a served notice, ended by a look, noted when its time has passed.

One rule: a look that finds it not put right ends nothing; a penalty is a decision of its own.
"""

from __future__ import annotations

from datetime import date
from typing import assert_never

from mingjing_registry.domain.licence import ExpireLicence, Licence, LicenceEvent, Rectifying
from mingjing_registry.domain.licence_refusals import DeadlineNotAhead
from mingjing_registry.domain.licensing import evolve_licence, expire, given, order_of, unhindered
from mingjing_registry.domain.rectification import (
    Command,
    EndRectification,
    LapseRectification,
    OrderRectification,
    RectificationEnded,
    RectificationLapsed,
    RectificationOrdered,
)
from mingjing_registry.domain.refusals import DecisionNotServed


def decide_rectification(command: Command, licence: Licence) -> list[LicenceEvent]:
    """The facts that follow."""
    match command:
        case OrderRectification():
            return _order(command, licence)
        case EndRectification():
            return _end(command, licence)
        case LapseRectification():
            return _lapse(command, licence)
        case _:
            assert_never(command)


def _order(command: OrderRectification, licence: Licence) -> list[LicenceEvent]:
    if isinstance(licence, Rectifying) and licence.reference == command.reference:
        return []
    unhindered(OrderRectification, licence)
    if not command.reference or command.served_on is None or command.served_on > command.on:
        raise DecisionNotServed
    if command.deadline <= command.on:
        raise DeadlineNotAhead(deadline=command.deadline)
    return [
        RectificationOrdered(
            reference=command.reference,
            served_on=command.served_on,
            deadline=command.deadline,
            matter=given(command.matter),
            legal_basis=given(command.legal_basis),
            on=command.on,
        )
    ]


def _end(command: EndRectification, licence: Licence) -> list[LicenceEvent]:
    unhindered(EndRectification, licence)
    order = order_of(licence)
    if order is not None and not command.passed and order.looked_at == command.reference:
        return []
    ended = RectificationEnded(
        passed=command.passed, reference=command.reference, reason=given(command.reason), on=command.on
    )
    # While it was to be put right its last day may have come: then it ends as expired.
    return [ended, *expire(ExpireLicence(on=command.on), evolve_licence(licence, ended))]


def _lapse(command: LapseRectification, licence: Licence) -> list[LicenceEvent]:
    due = rectification_due_on(licence)
    order = order_of(licence)
    if order is None or due is None or command.on <= due:
        return []
    return [RectificationLapsed(reference=order.reference, deadline=order.deadline, on=command.on)]


def rectification_due_on(licence: Licence) -> date | None:
    """The last day of a rectification whose end has not been noted."""
    order = order_of(licence)
    return order.deadline if order is not None and not order.lapsed else None
