"""The round of an officer (今日路线): her own tasks, each with where its site stands, or was found last."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, func, or_, select

from mingjing_inspection.projections.coverage import coverage_table
from mingjing_inspection.projections.site_places import site_places_table
from mingjing_inspection.projections.tasks import OPEN, tasks_table
from mingjing_kernel.identity import OFFICIALS, Scope

ROWS_MAX = 500


def round_in(scope: Scope, officer: str) -> Select[Any]:
    """What the caller has in hand or goes along to, as far as she may see it, the most pressing first."""
    tasks, sites, places = tasks_table.c, coverage_table.c, site_places_table.c
    return (
        select(
            *(tasks[name] for name in ("task_id", "institution_id", "site_id", "kind", "state", "due_at")),
            sites.address,
            *(func.coalesce(places[name], sites[name]).label(name) for name in ("latitude_e7", "longitude_e7")),
        )
        .join_from(tasks_table, coverage_table, tasks.site_id == sites.site_id)
        .outerjoin(
            site_places_table, (places.institution_id == tasks.institution_id) & (places.site_id == tasks.site_id)
        )
        .where(
            scope.where(roles=OFFICIALS, department=tasks.department, region=tasks.region, category=tasks.category),
            or_(tasks.officer == officer, tasks.colleagues.contains([officer])),
            tasks.state.in_(OPEN),
        )
        .order_by(tasks.due_at, tasks.task_id)
        .limit(ROWS_MAX)
    )
