"""Campaigns (专项行动): what was ordered; how far it got is in the list of its tasks (``rule = campaign:<id>``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, DateTime, Integer, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

campaigns_table = Table(
    "campaigns",
    METADATA,
    Column("campaign_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("departments", JSONB, nullable=False),
    Column("sites", Integer, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("reason", Text, nullable=False),
    Column("ordered_by", Text, nullable=False),
    Column("ordered_at", DateTime(timezone=True), nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a campaign."""
    yield (fact.id,)


def fold(key: Key, _row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    event = fact.event
    return {
        "campaign_id": key[0],
        "department": event.department,
        "region": event.region,
        "category": event.category,
        "kind": event.kind.value,
        "title": event.title,
        "departments": list(event.departments),
        "sites": event.sites,
        "due_at": event.due_at,
        "reason": event.reason,
        "ordered_by": event.by,
        "ordered_at": event.at,
    }


CAMPAIGNS_READ = ReadModel(
    name="campaigns", table=campaigns_table, nouns=("campaign",), keys=keys, fold=fold, history=True
)


def campaigns_in(scope: Scope, *, at: int | None = None) -> Select[Any]:
    """The campaigns that an official may see, as they stood after position ``at``."""
    rows = CAMPAIGNS_READ.at(at).c
    return select(*(rows[name] for name in CAMPAIGNS_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category)
    )
