"""Site places (教学点位置): where each site stands and in which grid, and why in no other.

A site that has no position, or one that lies in no grid, stays by the grid that the registry stated.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Integer, Select, Table, Text, Uuid, func, select, tuple_

from mingjing_inspection.domain.premises import SiteClosureNoted, SiteNoted
from mingjing_inspection.domain.site_place import SitePlaced, SitesResolved
from mingjing_inspection.projections.schema import METADATA
from mingjing_inspection.projections.tasks import tasks_table
from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

PLACE_UNKNOWN = "place-unknown"
"""Nobody has said where it stands."""
IN_NO_GRID = "in-no-grid"
"""Where it stands no grid is in force."""

site_places_table = Table(
    "site_places",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    Column("site_id", Uuid, primary_key=True),
    Column("address", Text, nullable=False),
    Column("region", Text, nullable=False, index=True),
    Column("stated_region", Text, nullable=False),
    Column("grid", Text, nullable=False),
    Column("former_region", Text, nullable=False),
    Column("why", Text, nullable=False, index=True),
    Column("longitude_e7", Integer),
    Column("latitude_e7", Integer),
    Column("source", Text, nullable=False),
    Column("version_id", Uuid),
    Column("since", DateTime(timezone=True), nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a site."""
    match fact.event:
        case SiteNoted() as event:
            yield (fact.id, event.site.site_id)
        case SiteClosureNoted() | SitePlaced() as event:
            yield (fact.id, event.site_id)
        case SitesResolved() as event:
            yield from ((fact.id, one.site_id) for one in event.sites)
        case _:
            return


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The site after the fact."""
    match fact.event:
        case SiteNoted() as event:
            return _noted(key, row, event)
        case SiteClosureNoted():
            return None
        case SitePlaced() as event if row is not None:
            where = {"longitude_e7": event.longitude_e7, "latitude_e7": event.latitude_e7, "source": event.source.value}
            return _in_grid(row | where, event.grid, event.version_id) | {"since": event.placed_at}
        case SitesResolved() as event if row is not None:
            grid = next(one.grid for one in event.sites if one.site_id == key[1])
            return _in_grid(row, grid, event.version_id) | {"since": event.resolved_at}
        case _:
            return row


SITE_PLACES_READ = ReadModel(
    name="site_places", table=site_places_table, nouns=("premises",), keys=keys, fold=fold, history=True
)


def site_places_in(scope: Scope, *, why: str | None = None, region: str = "", at: int | None = None) -> Select[Any]:
    """The sites that a caller may see, as they stood after ``at``; only those that stay where they are for a reason,
    or those of a region. Where an approved site stands is published, so the region alone limits it.
    """
    rows = SITE_PLACES_READ.at(at).c
    statement = select(*(rows[name] for name in SITE_PLACES_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=UNDIVIDED, region=rows.region, category=UNDIVIDED)
    )
    if region:
        statement = statement.where(rows.region.startswith(region, autoescape=True))
    return statement if why is None else statement.where(rows.why == why)


def places_after(after: tuple[UUID, UUID], limit: int) -> Select[Any]:
    """Every site with a position, so many at a time, by institution: for looking at all of them anew."""
    rows = site_places_table.c
    return (
        select(rows.institution_id, rows.site_id, rows.longitude_e7, rows.latitude_e7, rows.grid)
        .where(rows.longitude_e7.is_not(None), tuple_(rows.institution_id, rows.site_id) > after)
        .order_by(rows.institution_id, rows.site_id)
        .limit(limit)
    )


def count_places() -> Select[Any]:
    """How many sites there are, placed or not."""
    return select(func.count()).select_from(site_places_table)


def approved_at(address: str, county: str) -> Select[Any]:
    """Whether an approved site stands at an address in a county: for a reaction, which shows no row."""
    rows = site_places_table.c
    return select(rows.site_id).where(rows.address == address, rows.region.startswith(county, autoescape=True)).limit(1)


def tasks_elsewhere(done: Iterable[str]) -> Select[Any]:
    """Tasks in none of the states ``done`` that stand in another region than their site."""
    tasks, rows = tasks_table.c, site_places_table.c
    return (
        select(tasks.task_id, rows.region, rows.since)
        .join(site_places_table, (rows.site_id == tasks.site_id) & (rows.institution_id == tasks.institution_id))
        .where(tasks.state.not_in(tuple(done)), tasks.region != rows.region)
        .order_by(tasks.task_id)
    )


def _noted(key: Key, row: Row | None, event: SiteNoted) -> Row:
    site = event.site
    stated = {"address": site.address, "stated_region": site.region}
    if row is not None and row["address"] == site.address:
        return row | stated | {"region": row["grid"] or site.region}
    return stated | {
        "institution_id": key[0],
        "site_id": key[1],
        "region": site.region,
        "grid": "",
        "former_region": row["region"] if row else "",
        "why": PLACE_UNKNOWN,
        "longitude_e7": None,
        "latitude_e7": None,
        "source": "",
        "version_id": None,
        "since": event.noted_at,
    }


def _in_grid(row: Row, grid: str, version_id: UUID | None) -> Row:
    region = grid or row["stated_region"]
    return row | {
        "grid": grid,
        "why": "" if grid else IN_NO_GRID,
        "version_id": version_id,
        "region": region,
        "former_region": row["region"] if region != row["region"] else row["former_region"],
    }
