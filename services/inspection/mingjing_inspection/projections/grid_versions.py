"""Grid versions (网格版本): which there are, how far each is, and which is in force on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Column, Date, DateTime, Integer, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.domain.grid_version_facts import (
    FeatureDropped,
    GridsApproved,
    GridsDrafted,
    GridsProposed,
    GridsRedrawn,
    GridsReturned,
    GridsWithdrawn,
)
from mingjing_inspection.projections.schema import METADATA
from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

APPROVED = "APPROVED"

grid_versions_table = Table(
    "grid_versions",
    METADATA,
    Column("version_id", Uuid, primary_key=True),
    Column("department", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("coordinates", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("grids", Integer, nullable=False),
    Column("kept_aside", Integer, nullable=False),
    Column("drafted_by", Text, nullable=False),
    Column("drafted_at", DateTime(timezone=True), nullable=False, index=True),
    Column("proposed_by", Text, nullable=False),
    Column("approved_by", Text, nullable=False),
    Column("approved_position", BigInteger, nullable=False),
    Column("effective_on", Date),
    Column("reason", Text, nullable=False),
    Column("redraw", JSONB, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a version."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The version after the fact."""
    match fact.event:
        case GridsDrafted() as event:
            return (row or _empty(key)) | {
                "department": event.department,
                "region": event.county,
                "name": event.name,
                "coordinates": event.coordinates,
                "state": "DRAFT",
                "grids": event.grids,
                "kept_aside": event.kept_aside,
                "drafted_by": fact.meta.actor,
                "drafted_at": event.drafted_at,
            }
        case _ if row is not None:
            return row | _step(row, fact)
        case _:
            return row


GRID_VERSIONS_READ = ReadModel(
    name="grid_versions", table=grid_versions_table, nouns=("grid-version",), keys=keys, fold=fold, history=True
)


def grid_versions_in(scope: Scope, *, state: str | None = None, at: int | None = None) -> Select[Any]:
    """The versions that a caller may see, as they stood after position ``at``."""
    rows = GRID_VERSIONS_READ.at(at).c
    statement = select(*(rows[name] for name in GRID_VERSIONS_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=UNDIVIDED, region=rows.region, category=UNDIVIDED)
    )
    return statement if state is None else statement.where(rows.state == state)


def in_force_on(day: date, county: str, at: int | None = None) -> Select[Any]:
    """The versions approved for the day or before it, the one that counts first; as was known after ``at``."""
    rows = GRID_VERSIONS_READ.at(at).c
    return (
        select(rows.version_id, rows.effective_on, rows.redraw)
        .where(rows.state == APPROVED, rows.region == county, rows.effective_on <= day)
        .order_by(rows.effective_on.desc(), rows.approved_position.desc())
    )


def _empty(key: Key) -> Row:
    return {
        "version_id": key[0],
        "proposed_by": "",
        "approved_by": "",
        "approved_position": 0,
        "effective_on": None,
        "reason": "",
        "redraw": {},
    }


def _step(row: Row, fact: Recorded[Any]) -> Row:
    match fact.event:
        case FeatureDropped() as event:
            return {"grids": event.grids, "kept_aside": event.kept_aside}
        case GridsProposed():
            return {"state": "PROPOSED", "proposed_by": fact.meta.actor, "reason": ""}
        case GridsReturned() as event:
            return {"state": "DRAFT", "reason": event.reason}
        case GridsApproved() as event:
            return {
                "state": APPROVED,
                "approved_by": fact.meta.actor,
                "approved_position": fact.position,
                "effective_on": event.effective_on,
            }
        case GridsWithdrawn() as event:
            return {"state": "WITHDRAWN", "reason": event.reason}
        case GridsRedrawn() as event:
            return {"redraw": _redraw(event)}
        case _:
            return {}


def _redraw(event: GridsRedrawn) -> Row:
    done = event.redraw
    return {
        "on": event.on.isoformat(),
        "sites": done.sites,
        "moved": done.moved,
        "unchanged": done.unchanged,
        "outside": done.outside,
        "place_unknown": done.place_unknown,
        "tasks_moved": done.tasks_moved,
        "tasks_kept": done.tasks_kept,
        "because": done.because,
    }
