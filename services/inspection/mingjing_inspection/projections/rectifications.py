"""Rectifications (整改台账): what each institution has to put right until when, and what was struck off 销号.

One rule: an official sees what stands within the own grants, an institution its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import Column, Date, DateTime, Integer, Select, Table, Text, Uuid, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.domain import rectification_facts as r
from mingjing_inspection.domain.rectification import Pause, Stage
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.identity import OFFICIALS, Role, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, scope_index

By: TypeAlias = Literal["department", "town"]
TOWN_DIGITS: Final = 9
OPEN: Final = (Stage.ORDERED, Stage.IN_PROGRESS, Stage.SELF_REPORTED, Stage.RECHECK)

rectifications_table = Table(
    "rectifications",
    METADATA,
    Column("rectification_id", Uuid, primary_key=True),
    Column("stage", Text, nullable=False),
    Column("institution_id", Uuid, nullable=False, index=True),
    Column("site_id", Uuid),
    *scope_columns(),
    Column("name", Text, nullable=False),
    Column("finding_id", Uuid),
    Column("summary", Text, nullable=False),
    Column("requirements", JSONB, nullable=False),
    Column("legal_basis", Text, nullable=False),
    Column("pause", Text, nullable=False),
    Column("reaction", Text, nullable=False),
    Column("ordered_on", Date),
    Column("deadline", Date, index=True),
    Column("served_on", Date),
    Column("reported_on", Date),
    Column("photos", JSONB, nullable=False),
    Column("ended_on", Date),
    Column("said", Text, nullable=False),
    Column("began_at", DateTime(timezone=True), nullable=False, index=True),
    Column("version", Integer, nullable=False),
)
scope_index(rectifications_table)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a rectification."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case r.RectificationProposed() as event:
            pause = Pause.PROPOSED if event.proposes_pause else Pause.NONE
            stands = {"stage": Stage.PROPOSED.value, "pause": pause.value, "reaction": event.reaction}
            return _row(key, event.grounds, fact) | stands
        case r.RectificationOrdered() as event:
            before = row or _row(key, event.grounds, fact)
            return before | _ordered(event) | {"version": fact.version}
        case _ if row is not None:
            return row | _step(fact.event) | {"version": fact.version}
        case _:
            return row


RECTIFICATIONS_READ = ReadModel(
    name="rectifications",
    table=rectifications_table,
    nouns=("rectification",),
    keys=keys,
    fold=fold,
    history=True,
)


def rectifications_in(
    scope: Scope, *, institution_id: UUID | None = None, stage: str | None = None, at: int | None = None
) -> Select[Any]:
    """The rectifications that a caller may see, as they stood after position ``at``."""
    rows = RECTIFICATIONS_READ.at(at).c
    statement = select(*(rows[name] for name in RECTIFICATIONS_READ.columns)).where(_seen(scope, rows))
    if institution_id is not None:
        statement = statement.where(rows.institution_id == institution_id)
    if stage is not None:
        statement = statement.where(rows.stage == stage)
    return statement


def rectifications_of_finding(finding_id: UUID, institution_id: UUID | None) -> Select[Any]:
    """Which were ordered, or proposed, because of a finding; for no caller, but for a reaction."""
    rows = rectifications_table.c
    return (
        select(rows.rectification_id)
        .where(rows.institution_id == institution_id, rows.finding_id == finding_id)
        .order_by(rows.rectification_id)
    )


def rectification_ledger(scope: Scope, today: Any, *, by: By = "department", at: int | None = None) -> Select[Any]:
    """How many were ordered, are open, overdue, struck off, failed; one row a department or town."""
    rows = RECTIFICATIONS_READ.at(at).c
    key = (rows.department if by == "department" else func.left(rows.region, TOWN_DIGITS)).label("key")
    is_open = rows.stage.in_([stage.value for stage in OPEN])
    counts = {
        "proposed": rows.stage == Stage.PROPOSED.value,
        "ordered": rows.ordered_on.is_not(None),
        "open": is_open,
        "overdue": is_open & (rows.deadline < today),
        "passed": rows.stage == Stage.PASSED.value,
        "failed": rows.stage == Stage.FAILED.value,
    }
    counted = (func.count().filter(condition).label(name) for name, condition in counts.items())
    return select(key, *counted).where(_seen(scope, rows)).group_by(key).order_by(key)


def _seen(scope: Scope, rows: Any) -> Any:
    place = {"department": rows.department, "region": rows.region, "category": rows.category}
    return or_(
        scope.where(roles=OFFICIALS, **place),
        # What a machine proposes is between officials until one of them has ordered it.
        scope.where(roles=Role.INSTITUTION, **place, holder=rows.institution_id) & rows.ordered_on.is_not(None),
    )


def _row(key: Key, grounds: r.Grounds, fact: Recorded[Any]) -> Row:
    return {
        "rectification_id": key[0],
        "stage": "",
        "institution_id": grounds.institution_id,
        "site_id": grounds.site_id,
        "department": grounds.department,
        "region": grounds.region,
        "category": grounds.category,
        "name": grounds.name,
        "finding_id": grounds.finding_id,
        "summary": grounds.summary,
        "requirements": [],
        "legal_basis": "",
        "pause": Pause.NONE.value,
        "reaction": "",
        "ordered_on": None,
        "deadline": None,
        "served_on": None,
        "reported_on": None,
        "photos": [],
        "ended_on": None,
        "said": "",
        "began_at": fact.recorded_at,
        "version": fact.version,
    }


def _ordered(event: r.RectificationOrdered) -> Row:
    return {
        "stage": Stage.ORDERED.value,
        "requirements": list(event.requirements),
        "legal_basis": event.legal_basis,
        "ordered_on": event.on,
        "deadline": event.deadline,
    }


def _step(event: r.Event) -> Row:
    match event:
        case r.RecruitingPauseDecided():
            return {"pause": (Pause.ORDERED if event.is_paused else Pause.DECLINED).value, "said": event.reason}
        case r.RectificationDeclined():
            return {"stage": Stage.DECLINED.value, "ended_on": event.on, "said": event.reason}
        case r.RectificationServed():
            return {"stage": Stage.IN_PROGRESS.value, "served_on": event.served_on, "said": event.manner}
        case r.RectificationSelfReported():
            shown = {"reported_on": event.on, "photos": list(event.photos), "said": event.measures}
            return {"stage": Stage.SELF_REPORTED.value, **shown}
        case r.RectificationReminded():
            return {}
        case r.RectificationLapsed():
            return {"stage": Stage.RECHECK.value}
        case r.RectificationRechecked():
            stage = Stage.PASSED if event.is_passed else Stage.FAILED
            return {"stage": stage.value, "ended_on": event.on, "said": event.note}
        case _:
            return {}
