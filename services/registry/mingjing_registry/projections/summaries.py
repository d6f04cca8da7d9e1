"""What the records of an institution's staff and filings add up to, and up to which position of the log they say so.

Not a list for people: the duty that notes the summaries asks it. One rule: a page of institutions is one question.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, literal, select, union
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_registry.domain.staffing import StaffCounts
from mingjing_registry.projections.dossiers import dossiers_table
from mingjing_registry.projections.filings import filings_table
from mingjing_registry.projections.staff import kinds_of, staff_table

_KINDS = tuple(field.name for field in fields(StaffCounts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Summed:
    """One institution: what its records add up to, and after which position its summary was noted last."""

    institution_id: UUID
    department: str
    region: str
    noted_at: int
    position: int
    """Of the last of these records that changed; 0 where there is none."""
    staff: StaffCounts
    filed: int
    unreviewed: int


def everybody(after: UUID, limit: int) -> Select[Any]:
    """The ids of the next institutions in the order of their ids."""
    rows = dossiers_table.c
    return select(rows.institution_id).where(rows.institution_id > after).order_by(rows.institution_id).limit(limit)


def changed(since: int) -> Select[Any]:
    """The ids of those of whose staff or filings a record changed after ``since``."""
    staff, filings = staff_table.c, filings_table.c
    either = union(
        select(staff.institution_id).where(staff.position > since),
        select(filings.institution_id).where(filings.position > since),
    ).subquery()
    return select(either.c.institution_id)


async def summed(connection: AsyncConnection, ids: Sequence[UUID]) -> list[Summed]:
    """These institutions, counted together."""
    of, zero = dossiers_table.c, literal(0)
    staff, filings = _staff(ids).subquery("members"), _filings(ids).subquery("filed")
    position = func.greatest(func.coalesce(staff.c.position, zero), func.coalesce(filings.c.position, zero))
    statement = (
        select(
            *(of.institution_id, of.department, of.region, of.noted_at, position.label("position")),
            *(func.coalesce(staff.c[name], zero).label(name) for name in _KINDS),
            func.coalesce(filings.c.filed, zero).label("filed"),
            func.coalesce(filings.c.unreviewed, zero).label("unreviewed"),
        )
        .outerjoin_from(dossiers_table, staff, staff.c.institution_id == of.institution_id)
        .outerjoin(filings, filings.c.institution_id == of.institution_id)
        .where(of.institution_id.in_(ids))
        .order_by(of.institution_id)
    )
    return [_row(row) for row in (await connection.execute(statement)).mappings()]


def _staff(ids: Sequence[UUID]) -> Select[Any]:
    rows = staff_table.c
    counted = select(rows.institution_id, func.max(rows.position).label("position"), *kinds_of(rows))
    return counted.where(rows.institution_id.in_(ids)).group_by(rows.institution_id)


def _filings(ids: Sequence[UUID]) -> Select[Any]:
    """How many training materials are on file or handed in, and how many of them nobody has looked at."""
    rows = filings_table.c
    material, waits = rows.kind == "material", rows.state == "filed"
    return (
        select(
            rows.institution_id,
            func.max(rows.position).label("position"),
            func.count().filter(material, waits | (rows.state == "accepted")).label("filed"),
            func.count().filter(material, waits).label("unreviewed"),
        )
        .where(rows.institution_id.in_(ids))
        .group_by(rows.institution_id)
    )


def _row(row: Any) -> Summed:
    return Summed(
        # The driver's UUID is a subclass that no event may carry.
        institution_id=UUID(bytes=row["institution_id"].bytes),
        **{name: row[name] for name in ("department", "region", "noted_at", "position", "filed", "unreviewed")},
        staff=StaffCounts(**{name: row[name] for name in _KINDS}),
    )
