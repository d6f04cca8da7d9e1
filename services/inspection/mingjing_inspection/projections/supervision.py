"""Supervision (监管档位): how closely each institution is looked at, and where it stands; keeps its past."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.domain.premises import InstitutionNoted
from mingjing_inspection.domain.supervision import (
    BlacklistStandingNoted,
    WatchBegun,
    WatchEnded,
    WhitelistStandingNoted,
    level_of,
)
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, scope_index

supervision_table = Table(
    "supervision",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False, index=True),
    Column("is_white", Boolean, nullable=False),
    Column("listings", JSONB, nullable=False),
    Column("watches", JSONB, nullable=False),
)
scope_index(supervision_table)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an institution."""
    if isinstance(
        fact.event, InstitutionNoted | WhitelistStandingNoted | BlacklistStandingNoted | WatchBegun | WatchEnded
    ):
        yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    before = row or {
        "institution_id": key[0],
        "department": "",
        "region": "",
        "category": "",
        "name": "",
        "is_white": False,
        "listings": [],
        "watches": [],
    }
    after = before | _said(before, fact.event)
    level = level_of(is_white=after["is_white"], is_black=bool(after["listings"]), is_watched=bool(after["watches"]))
    return after | {"level": level.value}


def _said(before: Row, event: object) -> Row:
    match event:
        case InstitutionNoted():
            return {
                "department": event.department,
                "region": event.region,
                "category": event.category,
                "name": event.names.full_name,
            }
        case WhitelistStandingNoted():
            return {"is_white": event.is_on}
        case BlacklistStandingNoted():
            left = [one for one in before["listings"] if one != str(event.listing_id)]
            return {"listings": [*left, str(event.listing_id)] if event.is_on else left}
        case WatchBegun():
            watch = {"alert_id": str(event.alert_id), "rule": event.rule, "since": event.at.isoformat()}
            return {"watches": [*before["watches"], watch]}
        case WatchEnded():
            return {"watches": [one for one in before["watches"] if one["alert_id"] != str(event.alert_id)]}
        case _:
            return {}


SUPERVISION_READ = ReadModel(
    name="supervision",
    table=supervision_table,
    nouns=("premises", "supervision"),
    keys=keys,
    fold=fold,
    history=True,
)


def supervision_in(
    scope: Scope, *, level: str | None = None, institution_id: UUID | None = None, at: int | None = None
) -> Select[Any]:
    """The institutions that a caller may see, as they stood after position ``at``."""
    rows = SUPERVISION_READ.at(at).c
    statement = select(*(rows[name] for name in SUPERVISION_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category)
    )
    if level is not None:
        statement = statement.where(rows.level == level)
    if institution_id is not None:
        statement = statement.where(rows.institution_id == institution_id)
    return statement
