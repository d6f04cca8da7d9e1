"""Whose staff or filings changed since their summary was noted on the institution's own stream.

Not a list for people: the duty that notes the summaries asks it.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_registry.projections.dossiers import dossiers_table
from mingjing_registry.projections.filings import filings_table
from mingjing_registry.projections.staff import staff_table


def unsummarised(since: int) -> Select[Any]:
    """Institutions of which something changed after ``since`` and after the last summary, in that order."""
    staff, filings, of = staff_table.c, filings_table.c, dossiers_table.c
    changed = union_all(
        select(staff.institution_id, staff.position).where(staff.position > since),
        select(filings.institution_id, filings.position).where(filings.position > since),
    ).subquery()
    last = func.max(changed.c.position)
    return (
        select(changed.c.institution_id, last.label("position"), of.department, of.region)
        .join(dossiers_table, of.institution_id == changed.c.institution_id)
        .group_by(changed.c.institution_id, of.department, of.region, of.noted_at)
        .having(last > of.noted_at)
        .order_by(last)
    )


async def materials_of(connection: AsyncConnection, institution_id: UUID) -> tuple[int, int]:
    """How many training materials are on file or handed in, and how many of them nobody has looked at."""
    rows = filings_table.c
    waits = rows.state == "filed"
    counted = select(func.count().filter(waits | (rows.state == "accepted")), func.count().filter(waits))
    statement = counted.where(rows.institution_id == institution_id, rows.kind == "material")
    filed, unreviewed = (await connection.execute(statement)).one()
    return int(filed), int(unreviewed)
