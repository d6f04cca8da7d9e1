"""Look-ups by code and name: who waits for a code, and who has one.

Not a list for people: only registering, giving codes and taking lists in ask it.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_registry.projections.institutions import institutions_table

ASKED_MAX = 1_000
"""Codes looked up by one query."""


async def awaiting_code(connection: AsyncConnection) -> dict[str, UUID]:
    """Who is registered without a code, or converted and without the new one yet, by name."""
    rows = institutions_table.c
    statement = select(rows.name, rows.institution_id).where(rows.name != "", rows.code_state != "stands")
    found = (await connection.execute(statement.order_by(rows.institution_id))).all()
    return {name: UUID(bytes=institution_id.bytes) for name, institution_id in found}


async def registered_codes(connection: AsyncConnection, codes: Collection[str]) -> set[str]:
    """Those of the codes under which somebody stands in the register."""
    rows = institutions_table.c
    wanted = sorted({code for code in codes if code})
    found: set[str] = set()
    for first in range(0, len(wanted), ASKED_MAX):
        statement = select(rows.uscc).where(rows.uscc.in_(wanted[first : first + ASKED_MAX]))
        found.update((await connection.execute(statement)).scalars())
    return found


async def code_of(connection: AsyncConnection, name: str) -> str:
    """The code of the institution of exactly this name; empty where there is none, or it has none."""
    rows = institutions_table.c
    statement = select(rows.uscc).where(rows.name == name, rows.uscc != "").order_by(rows.institution_id).limit(1)
    return (await connection.execute(statement)).scalar_one_or_none() or ""
