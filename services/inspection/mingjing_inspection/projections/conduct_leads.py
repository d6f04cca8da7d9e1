"""Restricted leads about school teachers (师德线索): for education discipline alone, whatever else somebody may see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, DateTime, Integer, Select, Table, Text, Uuid, select

from mingjing_inspection.domain.conduct_lead import (
    ConductLeadConcluded,
    ConductLeadOpened,
    ConductLeadTakenOn,
    ConductStage,
)
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.identity import Role, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, scope_index

conduct_leads_table = Table(
    "conduct_leads",
    METADATA,
    Column("lead_id", Uuid, primary_key=True),
    Column("stage", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_id", Uuid, nullable=False),
    *scope_columns(),
    Column("address", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("people", Integer, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False, index=True),
    Column("note", Text, nullable=False),
    Column("version", Integer, nullable=False),
)
scope_index(conduct_leads_table)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a lead."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case ConductLeadOpened() as event:
            return {
                "lead_id": key[0],
                "stage": ConductStage.OPEN.value,
                "source": event.source.value,
                "source_id": event.source_id,
                "department": event.department,
                "region": event.region,
                "category": event.category,
                "address": event.address,
                "summary": event.summary,
                "people": event.people,
                "opened_at": event.at,
                "note": "",
                "version": fact.version,
            }
        case ConductLeadTakenOn() if row is not None:
            return row | {"stage": ConductStage.VERIFYING.value, "version": fact.version}
        case ConductLeadConcluded() as event if row is not None:
            stage = ConductStage.SUBSTANTIATED if event.is_substantiated else ConductStage.NOT_SUBSTANTIATED
            return row | {"stage": stage.value, "note": event.note, "version": fact.version}
        case _:
            return row


CONDUCT_LEADS_READ = ReadModel(
    name="conduct_leads", table=conduct_leads_table, nouns=("conduct-lead",), keys=keys, fold=fold, history=True
)


def conduct_leads_in(scope: Scope, *, stage: str | None = None, at: int | None = None) -> Select[Any]:
    """Those that an officer of education discipline may see, as they stood after position ``at``."""
    rows = CONDUCT_LEADS_READ.at(at).c
    statement = select(*(rows[name] for name in CONDUCT_LEADS_READ.columns)).where(
        scope.where(
            roles=Role.DISCIPLINE_OFFICER, department=rows.department, region=rows.region, category=rows.category
        )
    )
    return statement if stage is None else statement.where(rows.stage == stage)
