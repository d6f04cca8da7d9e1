"""Findings (问题案卷): where each stands, who has it, and until when.

One rule: a finding is seen by the department whose file it is and by the one that has it to handle.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, Column, DateTime, Integer, Select, Table, Text, Uuid, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.domain import finding_facts as f
from mingjing_inspection.domain.finding import Stage
from mingjing_inspection.domain.finding_terms import Limit, Step
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.clock import end_of, shanghai_date
from mingjing_kernel.deadlines import DeadlineMoved
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, scope_index

HOUR_CLOCKS_MAX: Final = 500
RULES: Final = {f"finding-{step.value.lower()}": step for step in Step}
"""Names of the deadline rules, by the step that each waits for."""

findings_table = Table(
    "findings",
    METADATA,
    Column("finding_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("visit_id", Uuid, index=True),
    Column("item", Text, nullable=False),
    Column("is_still_failed", Boolean, nullable=False),
    Column("institution_id", Uuid, index=True),
    Column("site_id", Uuid),
    *scope_columns(),
    Column("handler_department", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("matter", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("is_veto", Boolean, nullable=False),
    Column("urgency", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("photos", JSONB, nullable=False),
    Column("reported_by", Text, nullable=False),
    Column("reported_at", DateTime(timezone=True), nullable=False, index=True),
    Column("is_seen_on_site", Boolean, nullable=False),
    Column("verified_at", DateTime(timezone=True)),
    Column("written_off_at", DateTime(timezone=True)),
    Column("closed_at", DateTime(timezone=True), index=True),
    Column("step", Text, nullable=False),
    Column("due_at", DateTime(timezone=True), index=True),
    Column("remind_at", DateTime(timezone=True)),
    Column("is_in_hours", Boolean, nullable=False),
    Column("is_reminded", Boolean, nullable=False),
    Column("is_supervised", Boolean, nullable=False),
    Column("supervised", Integer, nullable=False),
    Column("proposes_listing", Boolean, nullable=False),
    Column("is_listed", Boolean, nullable=False),
    Column("round", Integer, nullable=False),
    Column("returns", Integer, nullable=False),
    Column("suggested_department", Text, nullable=False),
    Column("is_rework", Boolean, nullable=False),
    Column("is_extended", Boolean, nullable=False),
    Column("said", Text, nullable=False),
    Column("rating", Text, nullable=False),
    Column("version", Integer, nullable=False),
)
scope_index(findings_table)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a finding; a notice that moves its clock is told by the list of deadlines."""
    if not isinstance(fact.event, DeadlineMoved):
        yield (fact.id,)
    elif fact.event.rule in RULES:
        yield (fact.event.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    event = fact.event
    if isinstance(event, f.FindingReported):
        return _reported(key, event, fact)
    if row is None:
        return None
    if isinstance(event, DeadlineMoved):
        moves = row["step"] == RULES[event.rule].value and not row["is_in_hours"]
        return row | {"due_at": end_of(event.due_on)} if moves else row
    return row | _step(row, event) | {"version": fact.version}


FINDINGS_READ = ReadModel(
    name="findings", table=findings_table, nouns=("finding", "deadline"), keys=keys, fold=fold, history=True
)


def findings_in(
    scope: Scope,
    *,
    stage: str | None = None,
    institution_id: UUID | None = None,
    visit_id: UUID | None = None,
    is_open: bool | None = None,
    overdue_at: datetime | None = None,
    at: int | None = None,
) -> Select[Any]:
    """The findings that a caller may see, as they stood after position ``at``."""
    rows = FINDINGS_READ.at(at).c
    place = {"region": rows.region, "category": rows.category}
    statement = select(*(rows[name] for name in FINDINGS_READ.columns)).where(
        or_(
            scope.where(roles=OFFICIALS, department=rows.department, **place),
            scope.where(roles=OFFICIALS, department=rows.handler_department, **place),
        )
    )
    if stage is not None:
        statement = statement.where(rows.stage == stage)
    if institution_id is not None:
        statement = statement.where(rows.institution_id == institution_id)
    if visit_id is not None:
        statement = statement.where(rows.visit_id == visit_id)
    if is_open is not None:
        is_over = rows.stage.in_((Stage.CLOSED.value, Stage.WRITTEN_OFF.value))
        statement = statement.where(~is_over if is_open else is_over)
    if overdue_at is not None:
        statement = statement.where(rows.due_at < overdue_at)
    return statement


def hour_clocks(now: datetime) -> Select[Any]:
    """Clocks in hours of which somebody is to be told; days are counted by the keeper of deadlines."""
    rows = findings_table.c
    late = (rows.due_at < now) & ~rows.is_supervised
    soon = (rows.remind_at < now) & ~rows.is_reminded
    columns = (rows.finding_id, rows.step, rows.round, rows.due_at, rows.department, rows.region)
    return select(*columns).where(rows.is_in_hours, late | soon).order_by(rows.due_at).limit(HOUR_CLOCKS_MAX)


def closed_between(
    department: str, region: str, since: datetime, until: datetime, at: int, count_max: int
) -> Select[Any]:
    """Everything that was closed then and there, as it stood after position ``at``: what a sample is drawn from."""
    rows = FINDINGS_READ.at(at).c
    return (
        select(rows.finding_id)
        .where(
            rows.stage == Stage.CLOSED.value,
            rows.department == department,
            rows.region.startswith(region, autoescape=True),
            rows.closed_at >= since,
            rows.closed_at < until,
        )
        .order_by(rows.finding_id)
        .limit(count_max)
    )


def _reported(key: Key, event: f.FindingReported, fact: Recorded[Any]) -> Row:
    return {
        "finding_id": key[0],
        "number": f"WT{shanghai_date(fact.recorded_at).year}-{fact.position}",
        "stage": Stage.REPORTED.value,
        "origin": event.source.origin.value,
        "visit_id": event.source.visit_id,
        "item": event.source.item,
        "is_still_failed": True,
        **_place(event),
        "handler_department": "",
        "matter": event.matter.value,
        "severity": event.severity.value,
        "is_veto": event.is_veto,
        "urgency": event.urgency.value,
        "summary": event.summary,
        "photos": list(event.photos),
        "reported_by": event.by,
        "reported_at": event.at,
        "is_seen_on_site": False,
        "verified_at": None,
        "written_off_at": None,
        "closed_at": None,
        "supervised": 0,
        "proposes_listing": False,
        "is_listed": False,
        "round": 0,
        "returns": 0,
        "suggested_department": "",
        "is_rework": False,
        "is_extended": False,
        "said": "",
        "rating": "",
        "version": fact.version,
        **_clock(event.limit),
    }


def _place(event: f.FindingReported) -> Row:
    return {
        "institution_id": event.place.institution_id,
        "site_id": event.place.site_id,
        "department": event.department,
        "region": event.place.region,
        "category": event.place.category,
        "address": event.place.address,
    }


def _clock(limit: Limit | None) -> Row:
    return {
        "step": limit.step.value if limit else "",
        "due_at": limit.due_at if limit else None,
        "remind_at": limit.remind_at if limit else None,
        "is_in_hours": limit is not None and limit.hours is not None,
        "is_reminded": False,
        "is_supervised": False,
    }


def _at(stage: Stage, **more: Any) -> Row:
    return {"stage": stage.value, **more}


def _step(row: Row, event: f.Event) -> Row:
    match event:
        case f.FindingSourceCorrected():
            return {"is_still_failed": event.is_still_failed}
        case f.FindingVerified():
            seen = {"verified_at": event.at, "is_seen_on_site": event.is_on_site, "said": event.note}
            return _at(Stage.VERIFIED, **seen, **_clock(event.limit))
        case f.FindingWrittenOff():
            return _at(Stage.WRITTEN_OFF, written_off_at=event.at, said=event.reason, **_clock(None))
        case f.FindingDispatched() | f.FindingAllotted():
            given = {"handler_department": event.department, "urgency": event.urgency.value, "round": event.round}
            return _at(Stage.DISPATCHED, said=event.reason, **given, **_clock(event.limit))
        case f.FindingReturned():
            back = {"returns": event.times, "suggested_department": event.suggested_department}
            return _at(Stage.RETURNED, handler_department="", said=event.reason, **back, **_clock(event.limit))
        case _:
            return _handling_step(row, event)


def _handling_step(row: Row, event: f.Event) -> Row:
    match event:
        case f.HandlingStarted():
            return _at(Stage.HANDLING)
        case f.FindingExtended():
            return {"is_extended": True, "said": event.reason, **_clock(event.limit)}
        case f.FindingFedBack():
            return _at(Stage.FED_BACK, said=event.measures, **_clock(event.limit))
        case f.FindingRechecked(is_passed=True):
            return _at(Stage.RECHECKED, said=event.note)
        case f.FindingRechecked():
            return _again(event.note, event.limit)
        case _:
            return _late_step(row, event)


def _late_step(row: Row, event: f.Event) -> Row:
    match event:
        case f.FindingClosed():
            said = {"said": event.conclusion, "rating": event.rating.value}
            return _at(Stage.CLOSED, closed_at=event.at, **said, **_clock(None))
        case f.FindingReopened():
            return _again(event.reason, event.limit)
        case f.FindingReinspected() if not event.is_fixed:
            return _again(event.note, event.limit)
        case f.FindingReminded():
            return {"is_reminded": True}
        case f.FindingSupervised():
            proposes = row["proposes_listing"] or event.proposes_listing
            told = {"is_reminded": True, "is_supervised": True}
            return {**told, "supervised": event.times, "proposes_listing": proposes}
        case f.FindingListed():
            return {"is_listed": True}
        case _:
            return {}


def _again(said: str, limit: Limit | None) -> Row:
    return _at(Stage.REOPENED, is_rework=True, handler_department="", closed_at=None, said=said, **_clock(limit))
