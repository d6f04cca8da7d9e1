"""Visits to hot-spots (热点网格巡查): who is to go where and when, and what was seen."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Date, DateTime, Integer, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.domain.hotspot import HotspotVisitPlanned, HotspotVisitReported
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, scope_index

PLANNED, MADE = "PLANNED", "MADE"

hotspot_visits_table = Table(
    "hotspot_visits",
    METADATA,
    Column("visit_id", Uuid, primary_key=True),
    Column("state", Text, nullable=False),
    *scope_columns(),
    Column("slot", Text, nullable=False),
    Column("day", Date, nullable=False),
    Column("begins", Integer, nullable=False),
    Column("ends", Integer, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False, index=True),
    Column("leads_naming", Integer, nullable=False),
    Column("leads_open", Integer, nullable=False),
    Column("threshold", Integer, nullable=False),
    Column("policy", Text, nullable=False),
    Column("places", JSONB, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("officer", Text, nullable=False),
    Column("visited_at", DateTime(timezone=True)),
    Column("version", Integer, nullable=False),
)
scope_index(hotspot_visits_table)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a visit."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case HotspotVisitPlanned() as event:
            return {
                "visit_id": key[0],
                "state": PLANNED,
                "department": event.department,
                "region": event.grid,
                "category": event.category,
                "slot": event.when.slot.value,
                "day": event.when.day,
                "begins": event.when.begins,
                "ends": event.when.ends,
                "due_at": event.due_at,
                "leads_naming": event.when.leads,
                "leads_open": event.leads_open,
                "threshold": event.threshold,
                "policy": event.policy,
                "places": [{"lead_id": str(one.lead_id), "address": one.address} for one in event.places],
                "outcome": "",
                "note": "",
                "officer": "",
                "visited_at": None,
                "version": fact.version,
            }
        case HotspotVisitReported() as event if row is not None:
            return row | {
                "state": MADE,
                "outcome": event.outcome.value,
                "note": event.note,
                "officer": event.by,
                "visited_at": event.visited_at,
                "version": fact.version,
            }
        case _:
            return row


HOTSPOT_VISITS_READ = ReadModel(
    name="hotspot_visits", table=hotspot_visits_table, nouns=("hotspot-visit",), keys=keys, fold=fold, history=True
)


def hotspot_visits_in(
    scope: Scope,
    *,
    state: str | None = None,
    overdue_at: datetime | None = None,
    due_after: datetime | None = None,
    at: int | None = None,
) -> Select[Any]:
    """The visits that a caller may see, as they stood after position ``at``; ``overdue_at``: not made by then."""
    rows = HOTSPOT_VISITS_READ.at(at).c
    statement = select(*(rows[name] for name in HOTSPOT_VISITS_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category)
    )
    if state is not None:
        statement = statement.where(rows.state == state)
    if overdue_at is not None:
        statement = statement.where(rows.state == PLANNED, rows.due_at < overdue_at)
    if due_after is not None:
        statement = statement.where(rows.due_at > due_after)
    return statement
