"""Coverage (巡查覆盖): of every site, when somebody was there last, inside and at the door; keeps its past.

A site stands here from its approval on, so that one which nobody ever visited is seen at once.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    FromClause,
    Integer,
    Select,
    Table,
    Text,
    Uuid,
    and_,
    func,
    select,
)

from mingjing_inspection.domain.premises import SiteClosureNoted, SiteNoted
from mingjing_inspection.domain.visit import Outcome, VisitCorrected, VisitReported
from mingjing_inspection.projections.schema import METADATA
from mingjing_inspection.projections.supervision import SUPERVISION_READ
from mingjing_inspection.projections.visits import VISITS_READ
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

ENTERED = (Outcome.NO_ISSUE.value, Outcome.ISSUES.value)
"""Outcomes of a visit that got in."""

coverage_table = Table(
    "coverage",
    METADATA,
    Column("site_id", Uuid, primary_key=True),
    Column("institution_id", Uuid, nullable=False, index=True),
    Column("address", Text, nullable=False),
    Column("site_region", Text, nullable=False),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("closed_at", DateTime(timezone=True)),
    Column("visits", Integer, nullable=False),
    Column("tried_at", DateTime(timezone=True)),
    Column("entered_at", DateTime(timezone=True)),
    Column("last_visit_id", Uuid),
    Column("last_officer", Text, nullable=False),
    Column("last_outcome", Text, nullable=False),
    Column("latitude_e7", BigInteger),
    Column("longitude_e7", BigInteger),
)
_UNSEEN: Row = {
    "address": "",
    "site_region": "",
    "closed_at": None,
    "visits": 0,
    "tried_at": None,
    "entered_at": None,
    "last_visit_id": None,
    "last_officer": "",
    "last_outcome": "",
    "latitude_e7": None,
    "longitude_e7": None,
}


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a site."""
    match fact.event:
        case SiteNoted() as event:
            yield (event.site.site_id,)
        case SiteClosureNoted() | VisitReported() | VisitCorrected() as event:
            yield (event.site_id,)
        case _:
            return


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case SiteNoted() as event:
            before = row or {"site_id": key[0], "since": event.noted_at, **_UNSEEN}
            return before | {
                "institution_id": fact.id,
                "address": event.site.address,
                "site_region": event.site.region,
                "closed_at": None,
            }
        case SiteClosureNoted() as event if row is not None:
            return row | {"closed_at": event.noted_at}
        case VisitReported() as event if row is not None:
            return _visited(row | {"visits": row["visits"] + 1}, fact.id, event.officer, event)
        case VisitCorrected() as event if row is not None and row["last_visit_id"] == fact.id:
            return _visited(row, fact.id, row["last_officer"], event)
        case _:
            return row


def _visited(row: Row, visit_id: UUID, officer: str, event: VisitReported | VisitCorrected) -> Row:
    """The latest visit counts, in whatever order the reports came in."""
    seen = event.observation
    after = dict(row)
    if seen.outcome.value in ENTERED:
        after["entered_at"] = _later(row["entered_at"], seen.visited_at)
    if row["last_visit_id"] != visit_id and row["tried_at"] is not None and seen.visited_at < row["tried_at"]:
        return after
    after |= {
        "tried_at": seen.visited_at,
        "last_visit_id": visit_id,
        "last_officer": officer,
        "last_outcome": seen.outcome.value,
    }
    if not seen.position.is_mock:
        after |= {"latitude_e7": seen.position.latitude_e7, "longitude_e7": seen.position.longitude_e7}
    return after


def _later(one: datetime | None, other: datetime) -> datetime:
    return other if one is None else max(one, other)


COVERAGE_READ = ReadModel(
    name="coverage",
    table=coverage_table,
    nouns=("premises", "visit"),
    keys=keys,
    fold=fold,
    history=True,
)
_SHOWN = tuple(name for name in COVERAGE_READ.columns if name not in ("site_region", "closed_at"))


def coverage_in(
    scope: Scope,
    *,
    institution_id: UUID | None = None,
    level: str | None = None,
    region: str = "",
    at: int | None = None,
) -> Select[Any]:
    """The open sites of the institutions that a caller may see, as they stood after position ``at``."""
    sites, institutions = COVERAGE_READ.at(at), SUPERVISION_READ.at(at)
    statement = (
        select(
            *(sites.c[name] for name in _SHOWN),
            sites.c.site_region.label("region"),
            *(institutions.c[name] for name in ("name", "level", "is_white", "department", "category")),
        )
        .join_from(sites, institutions, sites.c.institution_id == institutions.c.institution_id)
        .where(
            sites.c.closed_at.is_(None),
            sites.c.site_region.startswith(region, autoescape=True),
            _within(scope, sites, institutions),
        )
    )
    if institution_id is not None:
        statement = statement.where(sites.c.institution_id == institution_id)
    if level is not None:
        statement = statement.where(institutions.c.level == level)
    return statement


def covered(scope: Scope, begins: datetime, ends: datetime, *, region: str = "", at: int | None = None) -> Select[Any]:
    """A line for each level: sites, those visited and those entered in a period, those that nobody ever visited."""
    sites, institutions, visits = COVERAGE_READ.at(at), SUPERVISION_READ.at(at), VISITS_READ.at(at).alias("seen")
    inside = visits.c.outcome.in_(ENTERED)
    seen = (
        select(visits.c.site_id, func.bool_or(inside).label("was_entered"))
        .where(visits.c.visited_at >= begins, visits.c.visited_at < ends)
        .group_by(visits.c.site_id)
        .subquery("in_period")
    )
    return (
        select(
            institutions.c.level,
            func.count().label("sites"),
            func.count(seen.c.site_id).label("visited"),
            func.count().filter(seen.c.was_entered).label("entered"),
            func.count().filter(sites.c.visits == 0).label("never"),
        )
        .join_from(sites, institutions, sites.c.institution_id == institutions.c.institution_id)
        .outerjoin(seen, seen.c.site_id == sites.c.site_id)
        .where(
            and_(sites.c.since < ends, sites.c.closed_at.is_(None) | (sites.c.closed_at >= begins)),
            sites.c.site_region.startswith(region, autoescape=True),
            _within(scope, sites, institutions),
        )
        .group_by(institutions.c.level)
        .order_by(institutions.c.level)
    )


def covered_by(scope: Scope, begins: datetime, ends: datetime, *, at: int | None = None) -> Select[Any]:
    """A line for each department: sites that stood there in a period, and those of them that were visited in it."""
    sites, institutions, visits = COVERAGE_READ.at(at), SUPERVISION_READ.at(at), VISITS_READ.at(at).alias("seen")
    seen = (
        select(visits.c.site_id)
        .where(visits.c.site_id == sites.c.site_id, visits.c.visited_at > begins, visits.c.visited_at <= ends)
        .exists()
    )
    key = institutions.c.department.label("key")
    return (
        select(key, func.count().label("sites"), func.count().filter(seen).label("visited"))
        .join_from(sites, institutions, sites.c.institution_id == institutions.c.institution_id)
        .where(
            and_(sites.c.since <= ends, sites.c.closed_at.is_(None) | (sites.c.closed_at > begins)),
            _within(scope, sites, institutions),
        )
        .group_by(key)
    )


def _within(scope: Scope, sites: FromClause, institutions: FromClause) -> Any:
    """A site stands in its own grid, and under its institution's department."""
    return scope.where(
        roles=OFFICIALS,
        department=institutions.c.department,
        region=sites.c.site_region,
        category=institutions.c.category,
    )
