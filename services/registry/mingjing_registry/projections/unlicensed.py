"""Unlicensed premises 无证办学场所: where inspection found somebody teaching without a licence, as of any position."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, Date, DateTime, Integer, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain.unlicensed import Event, UnlicensedWithdrawn
from mingjing_registry.projections.schema import METADATA, scope_columns

unlicensed_table = Table(
    "unlicensed_leads",
    METADATA,
    Column("lead_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("address", Text, nullable=False),
    Column("venue", Text, nullable=False),
    Column("cover", Text, nullable=False),
    Column("photos", JSONB, nullable=False),
    Column("found_at", DateTime(timezone=True), nullable=False),
    Column("noted_at", DateTime(timezone=True), nullable=False, index=True),
    Column("withdrawn_on", Date),
    Column("version", Integer, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a lead of inspection."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The last that was told."""
    event: Event = fact.event
    if isinstance(event, UnlicensedWithdrawn):
        return row | {"withdrawn_on": event.withdrawn_on, "version": fact.version} if row else None
    premises = event.premises
    return {
        "lead_id": key[0],
        "department": premises.department,
        "region": premises.region,
        "category": premises.category,
        "address": premises.address,
        "venue": premises.venue,
        "cover": premises.cover,
        "photos": list(premises.photos),
        "found_at": premises.found_at,
        "noted_at": event.noted_at,
        "withdrawn_on": None,
        "version": fact.version,
    }


UNLICENSED_READ = ReadModel(
    name="unlicensed_leads", table=unlicensed_table, nouns=("unlicensed-lead",), keys=keys, fold=fold, history=True
)


def unlicensed_in(
    scope: Scope, *, region: str = "", is_withdrawn: bool | None = None, at: int | None = None
) -> Select[Any]:
    """Those that an official may see, as they stood after position ``at``."""
    rows = UNLICENSED_READ.at(at).c
    statement = select(*(rows[name] for name in UNLICENSED_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category)
    )
    if is_withdrawn is not None:
        statement = statement.where(rows.withdrawn_on.is_not(None) == is_withdrawn)
    return statement.where(rows.region.startswith(region, autoescape=True)) if region else statement
