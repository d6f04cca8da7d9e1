"""Orders of inspection 检查责令整改, for whoever reviews an annual check: what is open, put right, not put right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, Select, Table, Text, Uuid, select

from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain.inspection_order import InspectionOrderEnded, InspectionOrderNoted
from mingjing_registry.projections.institutions import INSTITUTIONS_READ
from mingjing_registry.projections.schema import METADATA

inspection_orders_table = Table(
    "inspection_orders",
    METADATA,
    Column("order_id", Uuid, primary_key=True),
    Column("institution_id", Uuid, nullable=False, index=True),
    Column("state", Text, nullable=False),
    Column("ordered_on", Date),
    Column("deadline", Date),
    Column("ended_on", Date),
    Column("told_on", Date, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an order."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact; how it ended may be told before that it began."""
    event: InspectionOrderNoted | InspectionOrderEnded = fact.event
    before = row or {
        "order_id": key[0],
        "institution_id": event.institution_id,
        "state": "open",
        "ordered_on": None,
        "deadline": None,
        "ended_on": None,
        "told_on": event.on,
    }
    if isinstance(event, InspectionOrderNoted):
        return before | {"ordered_on": event.ordered_on, "deadline": event.deadline}
    return before | {"state": "passed" if event.is_passed else "failed", "ended_on": event.ended_on}


INSPECTION_ORDERS_READ = ReadModel(
    name="inspection_orders",
    table=inspection_orders_table,
    nouns=("inspection-order",),
    keys=keys,
    fold=fold,
    history=True,
)


def inspection_orders_in(
    scope: Scope, *, institution_id: UUID | None = None, state: str = "", at: int | None = None
) -> Select[Any]:
    """The orders to institutions that an official may see."""
    rows, of = INSPECTION_ORDERS_READ.at(at).alias("ordered").c, INSTITUTIONS_READ.at(at).alias("ordered_to").c
    statement = (
        select(*(rows[name] for name in INSPECTION_ORDERS_READ.columns), of.name.label("institution_name"))
        .where(rows.institution_id == of.institution_id)
        .where(scope.where(roles=OFFICIALS, department=of.department, region=of.region, category=of.category))
    )
    if institution_id is not None:
        statement = statement.where(rows.institution_id == institution_id)
    return statement.where(rows.state == state) if state else statement
