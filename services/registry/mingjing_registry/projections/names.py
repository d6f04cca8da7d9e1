"""Names 名称: every name and spelling of every institution, to find who a file or a caller means.

Not a list for people: only this service's own matching asks it, so it takes no scope beyond the system's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Table, Text, Uuid, any_, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain.institution import InstitutionAmended, InstitutionRegistered, NameNoted
from mingjing_registry.domain.name import brand_of, matches
from mingjing_registry.projections.schema import METADATA

CANDIDATES_MAX = 50

names_table = Table(
    "names",
    METADATA,
    Column("institution_id", Uuid, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("brand", Text, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class Match:
    """Who a spoken name means: exactly one, or the candidates that fit equally well."""

    institution_id: UUID | None
    candidates: tuple[str, ...]


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a name."""
    match fact.event:
        case InstitutionRegistered(particulars=particulars) | InstitutionAmended(particulars=particulars):
            for name in dict.fromkeys((particulars.name, *particulars.former_names)):
                yield (fact.id, name)
        case NameNoted(name=name):
            yield (fact.id, name)
        case _:
            return


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """A name that was ever used keeps leading to its institution."""
    return {"institution_id": key[0], "name": key[1], "brand": brand_of(key[1])}


NAMES_READ = ReadModel(name="names", table=names_table, nouns=("institution",), keys=keys, fold=fold)


async def meant_by(connection: AsyncConnection, scope: Scope, spoken: str) -> Match:
    """Whom a spoken name means."""
    rows = names_table.c
    statement = (
        select(rows.institution_id, rows.name)
        .where(
            or_(rows.name == spoken, rows.brand == brand_of(spoken)),
            scope.where(roles=OFFICIALS, department=UNDIVIDED, region=UNDIVIDED, category=UNDIVIDED),
        )
        .limit(CANDIDATES_MAX)
    )
    found = (await connection.execute(statement)).all()
    # The driver's UUID is a subclass that no event may carry.
    return best([(UUID(bytes=row.institution_id.bytes), row.name) for row in found], spoken)


async def meant_by_each(connection: AsyncConnection, spoken: Collection[str]) -> dict[str, Match]:
    """Whom each of many spoken names means, by one query."""
    rows, brands = names_table.c, {name: brand_of(name) for name in spoken}
    wanted = (rows.name == _any_of(brands)) | (rows.brand == _any_of(set(brands.values())))
    named: dict[str, list[tuple[UUID, str]]] = {}
    for row in await connection.execute(select(rows.institution_id, rows.name, rows.brand).where(wanted)):
        institution = (UUID(bytes=row.institution_id.bytes), row.name)
        named.setdefault(row.brand, []).append(institution)
    return {name: best(named.get(brand, ()), name) for name, brand in brands.items()}


def _any_of(texts: Collection[str]) -> Any:
    return any_(literal(list(texts), ARRAY(Text)))


def best(names: Iterable[tuple[UUID, str]], spoken: str) -> Match:
    """The one institution whose best name fits better than any other's."""
    fits: dict[UUID, tuple[int, str]] = {}
    for institution_id, name in names:
        fit = matches(spoken, name)
        if fit > fits.get(institution_id, (0, ""))[0]:
            fits[institution_id] = (fit, name)
    top = max((fit for fit, _ in fits.values()), default=0)
    winners = [institution_id for institution_id, (fit, _) in fits.items() if fit == top]
    only = winners[0] if len(winners) == 1 else None
    return Match(only, tuple(sorted(fits[institution_id][1] for institution_id in winners)))
