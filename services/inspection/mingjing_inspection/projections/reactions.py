"""Reactions (联动记录): what messages of other services led to, or why to nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, DateTime, Select, Table, Text, Uuid, select

from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

reactions_table = Table(
    "reactions",
    METADATA,
    Column("reaction_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("reaction", Text, nullable=False),
    Column("occasion", Text, nullable=False),
    Column("institution_id", Uuid),
    Column("why", Text, nullable=False),
    Column("noted_at", DateTime(timezone=True), nullable=False, index=True),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a reaction and occasion."""
    yield (fact.id,)


def fold(key: Key, _row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    event = fact.event
    return {
        "reaction_id": key[0],
        "department": event.department,
        "region": event.region,
        "category": event.category,
        "reaction": event.reaction,
        "occasion": event.occasion,
        "institution_id": event.institution_id,
        "why": event.why,
        "noted_at": event.at,
    }


REACTIONS_READ = ReadModel(
    name="reactions", table=reactions_table, nouns=("reaction",), keys=keys, fold=fold, history=True
)


def reactions_in(
    scope: Scope, *, reaction: str | None = None, is_idle: bool | None = None, at: int | None = None
) -> Select[Any]:
    """What an official may see of them, as it stood after position ``at``; ``is_idle``: those that did nothing."""
    rows = REACTIONS_READ.at(at).c
    statement = select(*(rows[name] for name in REACTIONS_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category)
    )
    if reaction is not None:
        statement = statement.where(rows.reaction == reaction)
    if is_idle is not None:
        statement = statement.where(rows.why != "" if is_idle else rows.why == "")
    return statement
