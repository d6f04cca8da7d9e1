"""Parts kept (待处理上报): what devices sent that was not taken at once, what it waits for, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Integer, Select, Table, Text, Uuid, select

from mingjing_inspection.domain.visit_part import (
    KeptPart,
    PartDismissed,
    PartHeld,
    PartKeptAside,
    PartStage,
    PartTaken,
)
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_inspection.projections.site_places import site_places_table
from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

visit_parts_table = Table(
    "visit_parts",
    METADATA,
    Column("part_id", Uuid, primary_key=True),
    Column("sha256", Text, primary_key=True),
    Column("visit_id", Uuid, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("bundle_id", Uuid),
    *scope_columns()[:2],
    Column("officer", Text, nullable=False),
    Column("stage", Text, nullable=False, index=True),
    Column("waits_for_site", Uuid),
    Column("waits_for_version", Integer),
    Column("why", Text, nullable=False),
    Column("why_zh", Text, nullable=False),
    Column("why_en", Text, nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("settled_by", Text, nullable=False),
    Column("settled_reason", Text, nullable=False),
    Column("is_forced", Boolean, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a part and content."""
    match fact.event:
        case PartHeld() | PartKeptAside() as event:
            yield (event.part.part_id, event.part.sha256)
        case PartTaken() | PartDismissed() as event:
            yield (event.part_id, event.sha256)
        case _:
            return


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case PartHeld() as event:
            waits = {
                "waits_for_site": event.waits_for.site_id,
                "waits_for_version": event.waits_for.visit_version or None,
            }
            return _lying(fact, event.part) | {"stage": PartStage.HELD.value} | waits
        case PartKeptAside() as event:
            stage = PartStage.CONTESTED if event.is_contested else PartStage.ASIDE
            why = {"why": event.why.code, "why_zh": event.why.zh, "why_en": event.why.en}
            return _lying(fact, event.part) | {"stage": stage.value} | why
        case PartTaken() as event if row is not None:
            return _settled(row, PartStage.TAKEN, event) | {"is_forced": event.is_forced}
        case PartDismissed() as event if row is not None:
            return _settled(row, PartStage.DISMISSED, event)
        case _:
            return row


VISIT_PARTS_READ = ReadModel(
    name="visit_parts", table=visit_parts_table, nouns=("visit-part",), keys=keys, fold=fold, history=True
)


def visit_parts_in(scope: Scope, *, stage: str | None = None, at: int | None = None) -> Select[Any]:
    """The parts that a caller may see, as they stood after position ``at``."""
    rows = VISIT_PARTS_READ.at(at).c
    statement = select(*(rows[name] for name in VISIT_PARTS_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=UNDIVIDED)
    )
    return statement if stage is None else statement.where(rows.stage == stage)


def reports_of_known_sites(limit: int) -> Select[Any]:
    """Held reports whose site is known by now: for the duty that takes them, which shows them to nobody."""
    rows, sites = visit_parts_table.c, site_places_table.c
    return (
        select(rows.part_id, rows.sha256, rows.visit_id)
        .where(
            rows.stage == PartStage.HELD.value,
            rows.waits_for_site.is_not(None),
            select(sites.site_id).where(sites.site_id == rows.waits_for_site).exists(),
        )
        .order_by(rows.received_at, rows.part_id)
        .limit(limit)
    )


def _lying(fact: Recorded[Any], part: KeptPart) -> Row:
    return {
        "part_id": part.part_id,
        "sha256": part.sha256,
        "visit_id": fact.id,
        "kind": part.kind.value,
        "bundle_id": part.bundle_id,
        "department": part.department,
        "region": part.region,
        "officer": part.officer,
        "waits_for_site": None,
        "waits_for_version": None,
        "why": "",
        "why_zh": "",
        "why_en": "",
        "size_bytes": len(part.content),
        "received_at": part.received_at,
        "settled_by": "",
        "settled_reason": "",
        "is_forced": False,
    }


def _settled(row: Row, stage: PartStage, event: PartTaken | PartDismissed) -> Row:
    return row | {"stage": stage.value, "settled_by": event.by, "settled_reason": event.reason}
