"""Look-ups by code and name: who waits for a code, and who has one.

Not a list for people: only registering, giving codes and taking lists in ask it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_registry.domain.name import brand_of, matches
from mingjing_registry.projections.institutions import institutions_table
from mingjing_registry.projections.names import names_table

ASKED_MAX = 1_000
"""Codes looked up by one query."""
_SAME_TRADE = 2
"""Of ``matches``: the same brand, and no trade that says otherwise."""


async def awaiting_code(connection: AsyncConnection) -> Mapping[str, Mapping[UUID, str]]:
    """Who is registered without a code, or converted and without the new one yet: by the brand of each of its names,
    because a list seldom spells the name as the application did; with the name that it has.
    """
    rows, names = institutions_table.c, names_table.c
    statement = (
        select(names.brand, rows.institution_id, rows.name)
        .join_from(institutions_table, names_table, names.institution_id == rows.institution_id)
        .where(rows.name != "", rows.code_state != "stands")
    )
    found = dict[str, dict[UUID, str]]()
    for brand, institution_id, name in await connection.execute(statement.order_by(rows.institution_id)):
        found.setdefault(brand, {})[UUID(bytes=institution_id.bytes)] = name
    return found


async def registered_codes(connection: AsyncConnection, codes: Collection[str]) -> set[str]:
    """Those of the codes under which somebody stands in the register."""
    rows = institutions_table.c
    wanted = sorted({code for code in codes if code})
    found: set[str] = set()
    for first in range(0, len(wanted), ASKED_MAX):
        statement = select(rows.uscc).where(rows.uscc.in_(wanted[first : first + ASKED_MAX]))
        found.update((await connection.execute(statement)).scalars())
    return found


async def code_of(connection: AsyncConnection, name: str) -> tuple[str, str]:
    """Name and code of the institution that is called so now, give or take place, legal form and a trade left out;
    both empty where there is none, or it has no code. What it was called before is free for others.
    """
    rows = institutions_table.c
    statement = select(rows.name, rows.uscc).where(rows.short_name == brand_of(name), rows.uscc != "")
    for known, uscc in await connection.execute(statement.order_by(rows.name != name, rows.institution_id)):
        if max(matches(name, known), matches(known, name)) >= _SAME_TRADE:
            return known, uscc
    return "", ""


async def applicants_called(connection: AsyncConnection, name: str) -> list[UUID]:
    """Who has no code, is called exactly so now, and was not refused: the file that an applicant of this name has."""
    rows = institutions_table.c
    statement = select(rows.institution_id).where(
        rows.name == name, rows.code_state != "stands", rows.uscc == "", rows.licence_state != "refused"
    )
    found = (await connection.execute(statement.order_by(rows.institution_id))).scalars()
    return [UUID(bytes=institution_id.bytes) for institution_id in found]
