"""Totals (合计): how many visits, complaints, tasks and waiting rows a caller may see."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_inspection.projections.complaints import complaints_in
from mingjing_inspection.projections.kept_aside import kept_aside_in
from mingjing_inspection.projections.tasks import tasks_in
from mingjing_inspection.projections.visits import visits_in
from mingjing_kernel.identity import Scope


async def totals(connection: AsyncConnection, scope: Scope, at: int | None = None) -> dict[str, int]:
    """By name, as it stood after position ``at``. Each is the count of the very list that the caller would get."""
    complaints, tasks = complaints_in(scope, at=at).subquery(), tasks_in(scope, at=at).subquery()
    wanted: dict[str, Select[Any]] = {
        "visits": _count(visits_in(scope, at=at).subquery()),
        "complaints": _count(complaints),
        "complaints_urgent": _count(complaints, complaints.c.is_urgent),
        "complaints_unmatched": _count(complaints, complaints.c.within_remit & complaints.c.institution_id.is_(None)),
        "tasks": _count(tasks),
        "tasks_open": _count(tasks, tasks.c.state.not_in(("CLOSED", "CANCELLED"))),
        "tasks_without_site": _count(tasks, tasks.c.state == "WITHOUT_SITE"),
        "kept_aside": _count(kept_aside_in(scope, at).subquery()),
    }
    found = (
        await connection.execute(select(*(one.scalar_subquery().label(name) for name, one in wanted.items())))
    ).mappings()
    return {name: int(count) for name, count in found.one().items()}


def _count(rows: FromClause, condition: ColumnElement[bool] | None = None) -> Select[Any]:
    statement = select(func.count()).select_from(rows)
    return statement if condition is None else statement.where(condition)
