"""Premises (被检查对象): the names by which complaints are matched, and the sites that are visited."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Select, Table, Uuid, func, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_inspection.domain.premises import InstitutionNoted, NameNoted, Names, SiteClosureNoted, SiteNoted
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

premises_table = Table(
    "premises",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    *scope_columns(),
    Column("names", JSONB, nullable=False),
    Column("other_names", JSONB, nullable=False),
    Column("sites", JSONB, nullable=False),
    Column("noted_position", BigInteger, nullable=False, index=True),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an institution."""
    if isinstance(fact.event, InstitutionNoted | NameNoted | SiteNoted | SiteClosureNoted):
        yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    before = row or {
        "institution_id": key[0],
        "department": "",
        "region": "",
        "category": "",
        "names": {},
        "other_names": [],
        "sites": [],
    }
    match fact.event:
        case InstitutionNoted() as event:
            return before | {
                "department": event.department,
                "region": event.region,
                "category": event.category,
                "names": _names(event.names),
                "noted_position": fact.position,
            }
        case NameNoted() as event:
            return before | {
                "other_names": [*before["other_names"], event.name],
                "noted_position": fact.position,
            }
        case SiteClosureNoted() as event:
            left = [known for known in before["sites"] if known["site_id"] != str(event.site_id)]
            return before | {"sites": left, "noted_position": fact.position}
        case SiteNoted() as event:
            site = {"site_id": str(event.site.site_id), "address": event.site.address, "region": event.site.region}
            others = [known for known in before["sites"] if known["site_id"] != site["site_id"]]
            return before | {"sites": [*others, site], "noted_position": fact.position}
        case _:
            return row


PREMISES_READ = ReadModel(name="premises", table=premises_table, nouns=("premises",), keys=keys, fold=fold)


async def noted_position(connection: AsyncConnection) -> int:
    """The position of the last fact about premises: a name book older than this is stale."""
    found = await connection.execute(select(func.coalesce(func.max(premises_table.c.noted_position), 0)))
    return int(found.scalar_one())


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What matching needs of one institution."""

    institution_id: UUID
    department: str
    category: str
    names: Names
    addresses: tuple[str, ...] = ()


async def all_known(connection: AsyncConnection) -> list[Known]:
    """Every institution. For matching only: it finds ids and shows no name to anybody, so it takes no scope."""
    rows = premises_table.c
    found = await connection.execute(
        select(rows.institution_id, rows.department, rows.category, rows.names, rows.other_names, rows.sites)
    )
    return [
        Known(
            # The driver's own subclass of UUID must not reach an event.
            institution_id=UUID(int=institution_id.int),
            department=department,
            category=category,
            names=Names(**names | {"former_names": (*names["former_names"], *other_names)}),
            addresses=tuple(site["address"] for site in sites),
        )
        for institution_id, department, category, names, other_names, sites in found.all()
        if names
    ]


def premises_in(scope: Scope, ids: Sequence[UUID]) -> Select[Any]:
    """Id, full name, department and category of those of some institutions that an official may see."""
    rows = premises_table.c
    return select(
        rows.institution_id, rows.names["full_name"].astext.label("name"), rows.department, rows.category
    ).where(
        rows.institution_id.in_(ids),
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category),
    )


def _names(names: Names) -> dict[str, Any]:
    return {
        "full_name": names.full_name,
        "short_name": names.short_name,
        "former_names": list(names.former_names),
        "uscc": names.uscc,
        "phone": names.phone,
    }
