"""Timeline (时间线) of an institution: visits, complaints, tasks and alerts in one order.

One row a thing, with its latest state: what happened to a task after it was planned moves the task's own row.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, DateTime, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.domain.complaint import ComplaintAttributed, ComplaintTaken, HandlingNoted
from mingjing_inspection.domain.premises import AlertNoted
from mingjing_inspection.domain.task_facts import (
    TaskAccepted,
    TaskClosed,
    TaskLocated,
    TaskPlanned,
    TaskPlannedWithoutSite,
    TaskSubmitted,
)
from mingjing_inspection.domain.task_move import TaskMoved
from mingjing_inspection.domain.task_steps import (
    TaskAssigned,
    TaskCancelled,
    TaskDeclined,
    TaskHandedOver,
    TaskReviewed,
    TaskStarted,
)
from mingjing_inspection.domain.visit import VisitCorrected, VisitReported
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

timeline_table = Table(
    "timeline",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    Column("thing_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("happened_at", DateTime(timezone=True), nullable=False, index=True),
    *scope_columns(),
    Column("state", Text, nullable=False),
    Column("grave", Boolean, nullable=False),
    Column("title", Text, nullable=False),
    Column("details", JSONB, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """The rows that a fact touches: none while nobody knows whom it is about, two when a complaint moves."""
    event = fact.event
    thing_id = event.alert_id if isinstance(event, AlertNoted) else fact.id
    for owner in _owners(event):
        if owner is not None:
            yield (owner, thing_id)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case VisitReported() as event:
            return _row(key, "VISIT", event.observation.visited_at, event) | _visit(event)
        case VisitCorrected() as event if row is not None:
            return row | _visit(event) | {"happened_at": event.observation.visited_at}
        case ComplaintTaken() as event:
            return _row(key, "COMPLAINT", event.intake.received_at, event) | _complaint(event)
        case HandlingNoted() as event if row is not None:
            return row | {"state": event.handling.status}
        case ComplaintAttributed() as event:
            return _moved(key, row, event)
        case AlertNoted() as event:
            return _row(key, "ALERT", event.raised_at, event) | _alert(event)
        case TaskPlanned() | TaskPlannedWithoutSite() as event:
            return _row(key, "TASK", event.planned_at, event) | _task(event)
        case _ if row is not None:
            return row | _step(row, fact.event)
        case _:
            return row


TIMELINE = ReadModel(
    name="timeline",
    table=timeline_table,
    nouns=("visit", "complaint", "task", "premises"),
    keys=keys,
    fold=fold,
    history=True,
)


def timeline_of(scope: Scope, institution_id: UUID, at: int | None = None) -> Select[Any]:
    """What a caller may see of one institution, as it stood after position ``at``."""
    rows = TIMELINE.at(at).c
    return select(*(rows[name] for name in TIMELINE.columns)).where(
        rows.institution_id == institution_id,
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category),
    )


def _owners(event: object) -> tuple[UUID | None, ...]:
    match event:
        case ComplaintTaken():
            return (event.attribution.institution_id,)
        case ComplaintAttributed():
            return (event.before, event.institution_id)
        case AlertNoted() | HandlingNoted() | VisitReported() | VisitCorrected():
            return (event.institution_id,)
        case TaskPlanned() | TaskPlannedWithoutSite() | TaskLocated():
            return (event.institution_id,)
        case TaskAccepted() | TaskSubmitted() | TaskClosed() | TaskMoved():
            return (event.institution_id,)
        case TaskAssigned() | TaskDeclined() | TaskHandedOver() | TaskStarted() | TaskReviewed() | TaskCancelled():
            return (event.institution_id,)
        case _:
            return ()


def _row(key: Key, kind: str, happened_at: datetime, event: Any) -> Row:
    return {
        "institution_id": key[0],
        "thing_id": key[1],
        "kind": kind,
        "happened_at": happened_at,
        "department": event.department,
        "region": event.region,
        "category": event.category,
    }


def _visit(event: VisitReported | VisitCorrected) -> Row:
    return {
        "state": event.observation.outcome.value,
        "grave": bool(event.vetoes),
        "title": event.observation.note,
        "details": {
            "failed": list(event.failed),
            "vetoes": list(event.vetoes),
            "doubts": [one.value for one in event.doubts],
            "site_id": str(event.site_id),
        },
    }


def _complaint(event: ComplaintTaken) -> Row:
    return {
        "state": "",
        "grave": event.is_urgent,
        "title": event.intake.title or event.intake.text[:60],
        "details": {
            "number": event.intake.number,
            "channel": event.intake.channel.value,
            "tracks": [track.value for track in event.tracks],
            "urgent_words": list(event.urgent_words),
        },
    }


def _moved(key: Key, row: Row | None, event: ComplaintAttributed) -> Row | None:
    if key[0] != event.institution_id:
        return None
    return _row(key, "COMPLAINT", event.received_at, event) | {
        "state": row["state"] if row else "",
        "grave": event.is_urgent,
        "title": event.title,
        "details": {"number": event.number, "channel": event.channel.value, "tracks": [], "urgent_words": []},
    }


def _alert(event: AlertNoted) -> Row:
    return {
        "state": event.severity,
        "grave": event.severity == "RED",
        "title": event.summary,
        "details": {"rule": event.rule},
    }


def _task(event: TaskPlanned | TaskPlannedWithoutSite) -> Row:
    nowhere = event if isinstance(event, TaskPlannedWithoutSite) else None
    return {
        "state": "WITHOUT_SITE" if nowhere else "PLANNED",
        "grave": nowhere is not None,
        "title": event.cause.reason,
        "details": {
            "task_kind": event.kind.value,
            "rule": event.cause.rule,
            "alert_id": str(event.cause.alert_id or ""),
            "due_at": event.due_at.isoformat(),
            "why_no_site": nowhere.why_no_site if nowhere else "",
        },
    }


def _step(row: Row, event: object) -> Row:
    match event:
        case TaskLocated():
            return {"state": "PLANNED", "grave": False, "region": event.region}
        case TaskAccepted():
            return {"state": "ACCEPTED"}
        case TaskSubmitted():
            return {"state": "SUBMITTED", "details": row["details"] | {"visit_id": str(event.visit_id)}}
        case TaskClosed():
            return {"state": "CLOSED"}
        case TaskReviewed():
            return {"state": "REVIEWED" if event.is_sound else "PLANNED"}
        case _ if (state := _IN_HAND.get(type(event))) is not None:
            return {"state": state}
        case TaskMoved():
            taken = {"state": "ASSIGNED" if event.officer else "PLANNED"} if event.taken_from else {}
            return {"region": event.region, **taken}
        case _:
            return {}


_IN_HAND: dict[type, str] = {
    TaskAssigned: "ASSIGNED",
    TaskDeclined: "DECLINED",
    TaskHandedOver: "ASSIGNED",
    TaskStarted: "IN_PROGRESS",
    TaskCancelled: "CANCELLED",
}
