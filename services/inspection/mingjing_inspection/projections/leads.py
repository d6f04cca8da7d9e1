"""Leads (线索) for enforcement: what was signalled, where, and what came of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, DateTime, Integer, Select, Table, Text, Uuid, select

from mingjing_inspection.domain.lead import LeadConcluded, LeadOpened, LeadStage, LeadVerificationStarted
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, scope_index

leads_table = Table(
    "leads",
    METADATA,
    Column("lead_id", Uuid, primary_key=True),
    Column("stage", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("source_id", Uuid, nullable=False),
    Column("institution_id", Uuid, index=True),
    Column("site_id", Uuid),
    *scope_columns(),
    Column("address", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("reaction", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False, index=True),
    Column("note", Text, nullable=False),
    Column("version", Integer, nullable=False),
)
scope_index(leads_table)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a lead."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case LeadOpened() as event:
            return {
                "lead_id": key[0],
                "stage": event.stage.value,
                "origin": event.origin.value,
                "source_id": event.source_id,
                "institution_id": event.place.institution_id,
                "site_id": event.place.site_id,
                "department": event.department,
                "region": event.place.region,
                "category": event.place.category,
                "address": event.place.address,
                "summary": event.summary,
                "reaction": event.reaction,
                "opened_at": event.at,
                "note": "",
                "version": fact.version,
            }
        case LeadVerificationStarted() if row is not None:
            return row | {"stage": LeadStage.VERIFYING.value, "version": fact.version}
        case LeadConcluded() as event if row is not None:
            stage = LeadStage.CASE_PROPOSED if event.is_case_proposed else LeadStage.NOT_SUBSTANTIATED
            return row | {"stage": stage.value, "note": event.note, "version": fact.version}
        case _:
            return row


LEADS_READ = ReadModel(name="leads", table=leads_table, nouns=("lead",), keys=keys, fold=fold, history=True)


def leads_in(scope: Scope, *, stage: str | None = None, at: int | None = None) -> Select[Any]:
    """The leads that a caller may see, as they stood after position ``at``."""
    rows = LEADS_READ.at(at).c
    statement = select(*(rows[name] for name in LEADS_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category)
    )
    return statement if stage is None else statement.where(rows.stage == stage)
