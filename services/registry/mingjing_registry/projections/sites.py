"""Sites 教学点: where teaching is proposed, approved or over, by town and grid."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, Integer, Select, Table, Text, Uuid, select

from mingjing_kernel.identity import EVERYONE, OFFICIALS, UNDIVIDED, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, page_index, scope_index
from mingjing_registry.domain.site import SiteApproved, SiteClosed, SiteProposed, SiteSigned
from mingjing_registry.domain.site_area import SiteAreaChecked, SiteAreaWaived, SiteMeasured
from mingjing_registry.projections.schema import METADATA

sites_table = Table(
    "sites",
    METADATA,
    Column("site_id", Uuid, primary_key=True),
    Column("institution_id", Uuid, nullable=False, index=True),
    Column("region", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("town_code", Text, nullable=False),
    Column("grid_code", Text, nullable=False),
    Column("area_m2", Integer),
    Column("stated_m2", Integer),
    Column("students_max", Integer),
    Column("measured_at", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("register", Text, nullable=False),
    Column("approved_on", Date),
    Column("closed_on", Date),
    Column("version", Integer, nullable=False),
)


scope_index(sites_table)
page_index(sites_table, "address", "site_id")


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a site."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case SiteProposed() | SiteApproved() as event:
            approved = isinstance(event, SiteApproved)
            return {
                "site_id": key[0],
                "institution_id": event.institution_id,
                # A grid officer's grant is a prefix of the grid; without a grid the town or nothing decides.
                "region": event.place.grid_code or event.place.town_code,
                "address": event.place.address,
                "town_code": event.place.town_code,
                "grid_code": event.place.grid_code,
                "area_m2": event.area_m2,
                "stated_m2": event.area_m2,
                "students_max": row["students_max"] if row and approved else None,
                "measured_at": "",
                "state": "approved" if approved else "proposed",
                "register": event.register if isinstance(event, SiteApproved) else "",
                "approved_on": event.on if approved else None,
                "closed_on": None,
                "version": fact.version,
            }
        case SiteClosed() as event if row is not None:
            return row | {"state": "closed", "closed_on": event.on, "version": fact.version}
        case SiteMeasured(area_m2=area_m2, students_max=students_max, site_check_reference=check) if row is not None:
            measured = {"area_m2": area_m2, "students_max": students_max, "measured_at": check}
            return row | measured | {"version": fact.version}
        case SiteSigned(site_check_reference=check) if row is not None and row["measured_at"] not in {"", check}:
            # Signed for on another check, at which nobody measured: what the first one found counts no more.
            as_stated = {"area_m2": row["stated_m2"], "students_max": None, "measured_at": ""}
            return row | as_stated | {"version": fact.version}
        case SiteSigned() | SiteAreaWaived() | SiteAreaChecked() if row is not None:
            return row | {"version": fact.version}
        case _:
            return row


SITES_READ = ReadModel(name="sites", table=sites_table, nouns=("site",), keys=keys, fold=fold, history=True)

PUBLISHED = ("site_id", "institution_id", "address", "approved_on")


def sites_in(
    scope: Scope,
    *,
    institution_id: UUID | None = None,
    site_id: UUID | None = None,
    state: str = "",
    at: int | None = None,
) -> Select[Any]:
    """The sites that an official may see."""
    rows = SITES_READ.at(at).c
    statement = select(*(rows[name] for name in SITES_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=UNDIVIDED, region=rows.region, category=UNDIVIDED)
    )
    if institution_id is not None:
        statement = statement.where(rows.institution_id == institution_id)
    if site_id is not None:
        statement = statement.where(rows.site_id == site_id)
    return statement.where(rows.state == state) if state else statement


def published(scope: Scope, institution_id: UUID, at: int | None = None) -> Select[Any]:
    """Where the public may find an institution."""
    rows = SITES_READ.at(at).c
    return select(*(rows[name] for name in PUBLISHED)).where(
        rows.institution_id == institution_id,
        rows.state == "approved",
        scope.where(roles=EVERYONE, department=UNDIVIDED, region=rows.region, category=UNDIVIDED),
    )


def door(scope: Scope, site_id: UUID, at: int | None = None) -> Select[Any]:
    """One approved site, for whoever scans the code at its door."""
    rows = SITES_READ.at(at).c
    return select(*(rows[name] for name in PUBLISHED)).where(
        rows.site_id == site_id,
        rows.state == "approved",
        scope.where(roles=EVERYONE, department=UNDIVIDED, region=rows.region, category=UNDIVIDED),
    )
