"""Inspection tasks (检查任务): who must go where until when, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, DateTime, Integer, Select, Table, Text, Uuid, exists, func, select, tuple_
from sqlalchemy.dialects.postgresql import JSONB, aggregate_order_by

from mingjing_inspection.domain.grid_post import Post
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
    Escalation,
    TaskAssigned,
    TaskCancelled,
    TaskDeclined,
    TaskEscalated,
    TaskHandedOver,
    TaskReviewed,
    TaskStarted,
)
from mingjing_inspection.projections.grid_posts import grid_posts_table, in_office
from mingjing_inspection.projections.interests import interests_table
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, scope_index

tasks_table = Table(
    "tasks",
    METADATA,
    Column("task_id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("institution_id", Uuid, index=True),
    Column("site_id", Uuid),
    Column("why_no_site", Text, nullable=False),
    *scope_columns(),
    Column("planned_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False, index=True),
    Column("alert_id", Uuid),
    Column("rule", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("officer", Text, nullable=False),
    Column("visit_id", Uuid),
    Column("outcome", Text, nullable=False),
    Column("conclusion", Text, nullable=False),
    Column("colleagues", JSONB, nullable=False),
    Column("escalation", Text, nullable=False),
    Column("is_overdue", Boolean, nullable=False),
    Column("note", Text, nullable=False),
    Column("declined_by", JSONB, nullable=False),
    Column("version", Integer, nullable=False),
)
GOING = (Post.OFFICER.value, Post.DEPUTY.value)
"""Posts of a grid whose holders go; the deputy where the officer does not."""
OPEN = ("WITHOUT_SITE", "PLANNED", "DECLINED", "ASSIGNED", "ACCEPTED", "IN_PROGRESS")
"""States in which somebody still has to go."""
scope_index(tasks_table)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a task."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case TaskPlanned() as event:
            return _planned(key, event) | {"state": "PLANNED", "site_id": event.site_id, "version": fact.version}
        case TaskPlannedWithoutSite() as event:
            why = {"state": "WITHOUT_SITE", "why_no_site": event.why_no_site}
            return _planned(key, event) | why | {"version": fact.version}
        case _ if row is not None:
            return row | _step(row, fact.event) | {"version": fact.version}
        case _:
            return row


TASKS_READ = ReadModel(name="tasks", table=tasks_table, nouns=("task",), keys=keys, fold=fold, history=True)


def tasks_in(
    scope: Scope,
    *,
    institution_id: UUID | None = None,
    state: str | None = None,
    alert_id: UUID | None = None,
    officer: str | None = None,
    rule: str | None = None,
    is_overdue: bool | None = None,
    at: int | None = None,
) -> Select[Any]:
    """The tasks that a caller may see, as they stood after position ``at``."""
    rows = TASKS_READ.at(at).c
    statement = select(*(rows[name] for name in TASKS_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category)
    )
    if institution_id is not None:
        statement = statement.where(rows.institution_id == institution_id)
    if state is not None:
        statement = statement.where(rows.state == state)
    if alert_id is not None:
        statement = statement.where(rows.alert_id == alert_id)
    if officer is not None:
        statement = statement.where(rows.officer == officer)
    if rule is not None:
        statement = statement.where(rows.rule == rule)
    if is_overdue is not None:
        statement = statement.where(rows.is_overdue.is_(is_overdue))
    return statement


def _planned(key: Key, event: TaskPlanned | TaskPlannedWithoutSite) -> Row:
    return {
        "task_id": key[0],
        "kind": event.kind.value,
        "institution_id": event.institution_id,
        "site_id": None,
        "why_no_site": "",
        "department": event.department,
        "region": event.region,
        "category": event.category,
        "planned_at": event.planned_at,
        "due_at": event.due_at,
        "alert_id": event.cause.alert_id,
        "rule": event.cause.rule,
        "reason": event.cause.reason,
        "officer": "",
        "visit_id": None,
        "outcome": "",
        "conclusion": "",
        "colleagues": [],
        "escalation": "",
        "is_overdue": False,
        "note": "",
        "declined_by": [],
    }


def _step(row: Row, event: object) -> Row:
    match event:
        case TaskLocated():
            return {
                "state": "PLANNED",
                "institution_id": event.institution_id,
                "site_id": event.site_id,
                "region": event.region,
            }
        case TaskAccepted():
            return {"state": "ACCEPTED", "officer": event.officer}
        case TaskSubmitted():
            return {
                "state": "SUBMITTED",
                "officer": event.officer,
                "visit_id": event.visit_id,
                "outcome": event.outcome.value,
            }
        case TaskClosed():
            return {"state": "CLOSED", "conclusion": event.conclusion}
        case TaskMoved():
            next_state = "ASSIGNED" if event.officer else "PLANNED"
            taken = {"state": next_state, "officer": event.officer, "colleagues": []} if event.taken_from else {}
            return {"region": event.region, **taken}
        case _:
            return _in_hand(row, event)


def _in_hand(row: Row, event: object) -> Row:
    match event:
        case TaskAssigned():
            return {"state": "ASSIGNED", "officer": event.officer, "colleagues": list(event.colleagues)}
        case TaskDeclined():
            declined = sorted({*row["declined_by"], event.officer})
            return {"state": "DECLINED", "officer": "", "colleagues": [], "note": event.reason, "declined_by": declined}
        case TaskHandedOver():
            return {"state": "ASSIGNED", "officer": event.to, "note": event.reason}
        case TaskStarted():
            return {"state": "IN_PROGRESS"}
        case TaskReviewed():
            back: Row = {} if event.is_sound else {"officer": "", "colleagues": [], "visit_id": None, "outcome": ""}
            return {"state": "REVIEWED" if event.is_sound else "PLANNED", "note": event.remark, **back}
        case TaskCancelled():
            return {"state": "CANCELLED", "note": event.reason}
        case TaskEscalated():
            late = {} if event.step is Escalation.REMINDED else {"is_overdue": True}
            return {"escalation": event.step.value, **late}
        case _:
            return {}


def unassigned(
    kinds: Collection[str], day: date, limit: int, after: tuple[datetime, UUID] | None = None
) -> Select[Any]:
    """Tasks of these kinds that nobody has, and who may be asked on a day; the most urgent first, those behind one.

    ``people`` are the officer of the grid and then her deputy, as ``posts`` says. Whoever declined the task, or has an
    interest in the institution, is not among them, and a task of whom nobody is left is not in the answer.
    """
    rows, held, stated = tasks_table.c, grid_posts_table.c, interests_table.c
    has_interest = exists(
        select(stated.interest_id).where(stated.officer == held.person, stated.institution_id == rows.institution_id)
    )
    officer_first = held.post.desc()
    statement = (
        select(
            *(rows[name] for name in ("task_id", "version", "due_at", "department", "region", "category")),
            func.array_agg(aggregate_order_by(held.person, officer_first)).label("people"),
            func.array_agg(aggregate_order_by(held.post, officer_first)).label("posts"),
        )
        .join_from(tasks_table, grid_posts_table, held.region == rows.region)
        .where(rows.officer == "", rows.state.in_(("PLANNED", "DECLINED")), rows.kind.in_(kinds), *in_office(day))
        .where(held.post.in_(GOING), ~rows.declined_by.has_key(held.person), ~has_interest)
        .group_by(rows.task_id)
        .order_by(rows.due_at, rows.task_id)
        .limit(limit)
    )
    return statement if after is None else statement.where(tuple_(rows.due_at, rows.task_id) > after)
