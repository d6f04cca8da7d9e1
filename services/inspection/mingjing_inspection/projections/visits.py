"""Visits (巡查): what was seen at a site, as the report stands now."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.domain.visit import Doubt, Failing, Observation, VisitCorrected, VisitReported
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.evidence.facts import (
    EvidenceAttached,
    EvidenceDestroyed,
    EvidenceReceived,
    EvidenceRefused,
    EvidenceUploadLapsed,
    Thing,
)
from mingjing_kernel.evidence.state import Stage
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, scope_index

visits_table = Table(
    "visits",
    METADATA,
    Column("visit_id", Uuid, primary_key=True),
    Column("institution_id", Uuid, nullable=False, index=True),
    Column("site_id", Uuid, nullable=False, index=True),
    Column("task_id", Uuid),
    *scope_columns(),
    Column("officer", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("checklist", Text, nullable=False),
    Column("answers", JSONB, nullable=False),
    Column("failed", JSONB, nullable=False),
    Column("vetoes", JSONB, nullable=False),
    Column("failings", JSONB, nullable=False),
    Column("doubts", JSONB, nullable=False),
    Column("photos", JSONB, nullable=False),
    Column("recordings", JSONB, nullable=False),
    Column("signatures", JSONB, nullable=False),
    Column("companions", JSONB, nullable=False),
    Column("latitude_e7", BigInteger, nullable=False),
    Column("longitude_e7", BigInteger, nullable=False),
    Column("accuracy_metres", Integer, nullable=False),
    Column("is_mock", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Column("visited_at", DateTime(timezone=True), nullable=False, index=True),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("clock_skew_seconds", Integer, nullable=False),
    Column("version", Integer, nullable=False),
    Column("evidence", JSONB, nullable=False),
    Column("photos_missing", Integer, nullable=False),
    Column("files_missing", Integer, nullable=False),
    Column("bundle_id", Uuid),
    Column("forced_by", Text, nullable=False),
    Column("forced_reason", Text, nullable=False),
)
scope_index(visits_table)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a visit; what becomes of its photos is told by their evidence."""
    match fact.event:
        case EvidenceAttached() as event:
            yield from _visits((event.thing,))
        case EvidenceReceived() | EvidenceRefused() | EvidenceUploadLapsed() | EvidenceDestroyed() as event:
            yield from _visits(event.things)
        case VisitReported() | VisitCorrected():
            yield (fact.id,)
        case _:
            return


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case VisitReported() as event:
            return {
                "visit_id": key[0],
                "institution_id": event.institution_id,
                "site_id": event.site_id,
                "task_id": event.task_id,
                "department": event.department,
                "region": event.region,
                "category": event.category,
                "officer": event.officer,
                "received_at": event.received_at,
                "clock_skew_seconds": event.clock_skew_seconds,
                "version": fact.version,
                "evidence": {},
                "photos_missing": len(event.observation.photos),
                "files_missing": len(event.observation.files),
                "bundle_id": event.bundle_id,
                **_seen(event),
            }
        case VisitCorrected() as event if row is not None:
            return _counted(row | _seen(event) | {"version": fact.version})
        case EvidenceAttached() as event if row is not None:
            stage = Stage.RECEIVED if event.is_received else Stage.ON_ITS_WAY
            return _counted(row | {"evidence": row["evidence"] | {str(fact.id): _photo(event.sha256, stage)}})
        case _ if row is not None:
            return _counted(row | {"evidence": _moved(row["evidence"], fact)})
        case _:
            return row


VISITS_READ = ReadModel(
    name="visits", table=visits_table, nouns=("visit", "evidence"), keys=keys, fold=fold, history=True
)


def _visits(things: Iterable[Thing]) -> Iterable[Key]:
    yield from ((thing.id,) for thing in things if thing.kind == "visit")


def _photo(sha256: str, stage: Stage) -> Row:
    return {"sha256": sha256, "stage": stage.value}


def _moved(evidence: Row, fact: Recorded[Any]) -> Row:
    before = evidence.get(str(fact.id))
    stages = {
        EvidenceReceived: Stage.RECEIVED,
        EvidenceRefused: Stage.REFUSED,
        EvidenceUploadLapsed: Stage.LAPSED,
        EvidenceDestroyed: Stage.DESTROYED,
    }
    stage = stages.get(type(fact.event))
    if before is None or stage is None:
        return evidence
    return evidence | {str(fact.id): _photo(before["sha256"], stage)}


def _counted(row: Row) -> Row:
    """With how many photos and files nobody has the bytes of; what was destroyed by rule is not missed."""
    there = {Stage.RECEIVED.value, Stage.DESTROYED.value}
    here = {one["sha256"] for one in row["evidence"].values() if one["stage"] in there}
    signed = (one["image"] for one in row["signatures"] if one["image"])
    files = {*row["photos"], *row["recordings"], *signed}
    return row | {"photos_missing": len(set(row["photos"]) - here), "files_missing": len(files - here)}


def looks_at(site_id: UUID, limit: int) -> Select[Any]:
    """The last visits to a site, latest first: for judging a closed door; shown to nobody."""
    rows = visits_table.c
    return (
        select(rows.visit_id, rows.outcome, rows.visited_at, rows.doubts)
        .where(rows.site_id == site_id)
        .order_by(rows.visited_at.desc(), rows.visit_id.desc())
        .limit(limit)
    )


def visits_in(
    scope: Scope, *, institution_id: UUID | None = None, outcome: str | None = None, at: int | None = None
) -> Select[Any]:
    """The visits that a caller may see, as they stood after position ``at``."""
    rows = VISITS_READ.at(at).c
    statement = select(*(rows[name] for name in VISITS_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category)
    )
    if institution_id is not None:
        statement = statement.where(rows.institution_id == institution_id)
    if outcome is not None:
        statement = statement.where(rows.outcome == outcome)
    return statement


def _seen(event: VisitReported | VisitCorrected) -> Row:
    force = event.force
    return {
        **_judged(event.failed, event.vetoes, event.failings, event.doubts),
        **_observed(event.observation),
        "forced_by": force.by if force else "",
        "forced_reason": force.reason if force else "",
    }


def _judged(
    failed: tuple[str, ...], vetoes: tuple[str, ...], failings: tuple[Failing, ...], doubts: tuple[Doubt, ...]
) -> Row:
    return {
        "failed": list(failed),
        "vetoes": list(vetoes),
        "failings": [
            {
                "item": one.item,
                "severity": one.severity.value,
                "immediate_veto": one.immediate_veto,
                "legal_basis": one.legal_basis,
            }
            for one in failings
        ],
        "doubts": [doubt.value for doubt in doubts],
    }


def _observed(seen: Observation) -> Row:
    return {
        "outcome": seen.outcome.value,
        "checklist": seen.checklist,
        "answers": [
            {
                "item": answer.item,
                "finding": answer.finding.value,
                "remark": answer.remark,
                "photos": list(answer.photos),
            }
            for answer in seen.answers
        ],
        "photos": list(seen.photos),
        "recordings": list(seen.recordings),
        "signatures": [{"by": one.by.value, "image": one.image, "refusal": one.refusal} for one in seen.signatures],
        "companions": list(seen.companions),
        "latitude_e7": seen.position.latitude_e7,
        "longitude_e7": seen.position.longitude_e7,
        "accuracy_metres": seen.position.accuracy_metres,
        "is_mock": seen.position.is_mock,
        "note": seen.note,
        "visited_at": seen.visited_at,
    }
