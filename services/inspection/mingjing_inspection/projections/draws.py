"""Double-random draws (双随机抽查): every one that was ever frozen, annulled ones too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Integer, Select, Table, Text, Uuid, select

from mingjing_inspection.domain.draw_facts import (
    DrawAnnulled,
    DrawCommitted,
    DrawFrozen,
    DrawPublished,
    LotsDrawn,
)
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.identity import EVERYONE, OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

draws_table = Table(
    "draws",
    METADATA,
    Column("draw_id", Uuid, primary_key=True),
    Column("attempt", Integer, primary_key=True),
    Column("state", Text, nullable=False),
    Column("plan", Text, nullable=False),
    Column("title", Text, nullable=False),
    *scope_columns(),
    Column("candidates", Integer, nullable=False),
    Column("inspectors", Integer, nullable=False),
    Column("selected", Integer, nullable=False),
    Column("left_out", Integer, nullable=False),
    Column("population_hash", Text, nullable=False),
    Column("policy_version", Text, nullable=False),
    Column("frozen_at", DateTime(timezone=True), nullable=False),
    Column("commitment", Text, nullable=False),
    Column("public_source", Text, nullable=False),
    Column("public_value_due_at", DateTime(timezone=True)),
    Column("public_value", Text, nullable=False),
    Column("annulled_because", Text, nullable=False),
)
PUBLIC = ("COMMITTED", "DRAWN", "PUBLISHED", "ANNULLED")
"""States that anybody may know of: from the commitment on nothing about a draw is a secret but names and seed."""


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a draw: each attempt of a plan is one."""
    yield (fact.id, fact.event.attempt)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case DrawFrozen() as event:
            return _frozen(key, event)
        case DrawCommitted() as event if row is not None:
            return row | {
                "state": "COMMITTED",
                "commitment": event.commitment,
                "public_source": event.public_source,
                "public_value_due_at": event.public_value_due_at,
            }
        case LotsDrawn() as event if row is not None:
            return row | {"state": "DRAWN", "public_value": event.public_value}
        case DrawPublished() if row is not None:
            return row | {"state": "PUBLISHED"}
        case DrawAnnulled() as event if row is not None:
            return row | {"state": "ANNULLED", "annulled_because": event.reason}
        case _:
            return row


def _frozen(key: Key, event: DrawFrozen) -> Row:
    return {
        "draw_id": key[0],
        "attempt": key[1],
        "state": "FROZEN",
        "plan": event.plan,
        "title": event.title,
        "department": event.department,
        "region": event.region,
        "category": event.category,
        "candidates": event.candidates or len(event.pool.candidates),
        "inspectors": len(event.pool.inspectors),
        "selected": event.pool.select,
        "left_out": event.left_out or len(event.pool.left_out),
        "population_hash": event.population_hash,
        "policy_version": event.policy_version,
        "frozen_at": event.at,
        "commitment": "",
        "public_source": "",
        "public_value_due_at": None,
        "public_value": "",
        "annulled_because": "",
    }


DRAWS_READ = ReadModel(name="draws", table=draws_table, nouns=("draw",), keys=keys, fold=fold, history=True)


def draws_in(scope: Scope, *, draw_id: UUID | None = None, at: int | None = None) -> Select[Any]:
    """The draws that an official may see, as they stood after position ``at``."""
    rows = DRAWS_READ.at(at).c
    statement = select(*(rows[name] for name in DRAWS_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category)
    )
    return statement if draw_id is None else statement.where(rows.draw_id == draw_id)


def public_draws(scope: Scope, *, at: int | None = None) -> Select[Any]:
    """The draws that anybody may look up, as they stood after position ``at``."""
    rows = DRAWS_READ.at(at).c
    return select(*(rows[name] for name in DRAWS_READ.columns)).where(
        rows.state.in_(PUBLIC),
        scope.where(roles=EVERYONE, department=rows.department, region=rows.region, category=rows.category),
    )
