"""What planning by night looks at (巡查排期): open sites with their levels, and who is on the way to them already.

For the duties alone, which show it to nobody; what people see of it is in ``coverage`` and ``tasks``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select

from mingjing_inspection.projections.coverage import coverage_table
from mingjing_inspection.projections.draws import draws_table
from mingjing_inspection.projections.interests import interests_table
from mingjing_inspection.projections.supervision import supervision_table
from mingjing_inspection.projections.tasks import OPEN, tasks_table


def open_sites(after: UUID) -> Select[Any]:
    """Open sites behind one, in the order of their ids, each with its institution's level."""
    sites, institutions = coverage_table.c, supervision_table.c
    return (
        select(
            *(sites[name] for name in ("site_id", "institution_id", "since", "tried_at", "entered_at")),
            sites.site_region.label("region"),
            *(institutions[name] for name in ("department", "category", "level", "is_white")),
        )
        .join_from(coverage_table, supervision_table, sites.institution_id == institutions.institution_id)
        .where(sites.closed_at.is_(None), sites.site_id > after)
        .order_by(sites.site_id)
    )


def sites_in_hand(site_ids: Sequence[UUID]) -> Select[Any]:
    """Those of some sites to which somebody goes already, and until when each of them."""
    rows = tasks_table.c
    return (
        select(rows.site_id, func.array_agg(rows.due_at).label("due"))
        .where(rows.site_id.in_(site_ids), rows.state.in_(OPEN))
        .group_by(rows.site_id)
    )


def tasks_running(after: UUID) -> Select[Any]:
    """Tasks to which somebody still has to go, behind one, in the order of their ids."""
    rows = tasks_table.c
    wanted = ("task_id", "department", "region", "category", "planned_at", "due_at", "escalation", "is_overdue")
    return (
        select(*(rows[name] for name in wanted))
        .where(rows.state.in_(OPEN), rows.task_id > after, rows.escalation != "LISTED")
        .order_by(rows.task_id)
    )


def tasks_of_rule(rule: str) -> Select[Any]:
    """Tasks that follow from one order or draw, as far as somebody still has to go."""
    rows = tasks_table.c
    return select(rows.task_id).where(rows.rule == rule, rows.state.in_(OPEN))


def drawable(region: str, department: str, category: str) -> Select[Any]:
    """Institutions of a region, department and category (empty: any), each with how many open sites it has."""
    institutions, sites = supervision_table.c, coverage_table.c
    has_site = (
        select(sites.site_id)
        .where(sites.institution_id == institutions.institution_id, sites.closed_at.is_(None))
        .exists()
    )
    statement = select(
        institutions.institution_id, institutions.name, institutions.level, has_site.label("has_site")
    ).where(institutions.region.startswith(region, autoescape=True))
    if department:
        statement = statement.where(institutions.department == department)
    if category:
        statement = statement.where(institutions.category == category)
    return statement.order_by(institutions.institution_id)


def stated_by(officers: Sequence[str]) -> Select[Any]:
    """The interests that some inspectors stated."""
    rows = interests_table.c
    return select(rows.officer, rows.institution_id, rows.kind).where(rows.officer.in_(officers))


def sites_of(institution_ids: Sequence[UUID]) -> Select[Any]:
    """The open sites of some institutions, with where they stand."""
    sites, institutions = coverage_table.c, supervision_table.c
    return (
        select(
            sites.site_id,
            sites.institution_id,
            sites.site_region.label("region"),
            institutions.department,
            institutions.category,
        )
        .join_from(coverage_table, supervision_table, sites.institution_id == institutions.institution_id)
        .where(sites.institution_id.in_(institution_ids), sites.closed_at.is_(None))
        .order_by(sites.site_id)
    )


def drawn_since(moment: datetime) -> Select[Any]:
    """Draws with a result that were frozen since a moment."""
    rows = draws_table.c
    return select(rows.draw_id).where(rows.state.in_(("DRAWN", "PUBLISHED")), rows.frozen_at >= moment)
