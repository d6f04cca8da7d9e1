"""Where else somebody works: the records at other institutions that may be the same person's.

One rule: these are ids for a list that asks its own scope what of them it may show.
"""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_kernel.sealed.marks import subject_marks
from mingjing_registry.projections.alike import are_alike, is_in_part
from mingjing_registry.projections.staff import staff_table


async def records_elsewhere(connection: AsyncConnection, member_ids: Collection[UUID]) -> dict[UUID, list[UUID]]:
    """By record, the employed records of the same person elsewhere, as far as the numbers say."""
    rows, other = staff_table.alias("one").c, staff_table.alias("other").c
    here, there = (subject_marks.alias(name).c for name in ("here", "there"))
    apart = (rows.member_id.in_(member_ids), other.institution_id != rows.institution_id, other.is_employed)
    shown = (rows.member_id, other.member_id.label("other_id"))
    same = select(*shown).where(
        *apart, other.identity_digest == rows.identity_digest, ~is_in_part(rows.identity_digest)
    )
    alike = select(*shown).where(*apart, are_alike(rows, other, here, there))
    found: dict[UUID, list[UUID]] = {}
    for row in await connection.execute(same.union(alike).order_by("member_id", "other_id")):
        found.setdefault(row.member_id, []).append(row.other_id)
    return found
