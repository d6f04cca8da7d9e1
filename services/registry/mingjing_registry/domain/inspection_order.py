"""Orders of inspection 检查责令整改: what the inspection service ordered an institution to put right, and how it ended.

One rule: noted as it is told and judged by nobody here; whoever reviews an annual check sees what was not put right.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from mingjing_kernel.decider import Decider, fact


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteInspectionOrder:
    """Inspection says that it was ordered."""

    institution_id: UUID
    deadline: date
    ordered_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteInspectionOrderEnded:
    """Inspection says how it ended."""

    institution_id: UUID
    is_passed: bool
    ended_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionOrderNoted:
    """Ordered 责令整改, to be put right by a day."""

    institution_id: UUID
    deadline: date
    ordered_on: date
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectionOrderEnded:
    """Put right 已销号, or not 未整改到位."""

    institution_id: UUID
    is_passed: bool
    ended_on: date
    on: date


Command: TypeAlias = NoteInspectionOrder | NoteInspectionOrderEnded
Event: TypeAlias = InspectionOrderNoted | InspectionOrderEnded


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What is known of it; told in whatever order, each thing counts once."""

    is_noted: bool = False
    is_ended: bool = False


def _decide(command: Command, order: Order) -> list[Event]:
    if isinstance(command, NoteInspectionOrder):
        return [] if order.is_noted else [fact(InspectionOrderNoted, command)]
    return [] if order.is_ended else [fact(InspectionOrderEnded, command)]


def _evolve(order: Order, event: Event) -> Order:
    if isinstance(event, InspectionOrderNoted):
        return Order(is_noted=True, is_ended=order.is_ended)
    return Order(is_noted=order.is_noted, is_ended=True)


INSPECTION_ORDER: Decider[Command, Order, Event] = Decider(Order(), _decide, _evolve)
