"""What a pupil has paid for and not used (未消课时) of one course with one institution: P5 counts charges together.

The one rule: a pupil is a subject of one institution, so her contracts there are all that is asked. Only the signing of
a contract asks it, so it takes no scope.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.domain.charge import Unconsumed
from mingjing_funds.projections.contracts import contracts_table
from mingjing_funds.projections.lessons_used import lessons_used_table

CHARGES_MAX = 100
"""Of one pupil and course with something left: nobody has as many."""
_OVER = ("completed", "refunded", "transferred")


async def unconsumed_charges(connection: AsyncConnection, pupil: str, course: str, but: UUID) -> tuple[Unconsumed, ...]:
    """Her other contracts of this course with lessons left, paid or only signed."""
    rows, used = contracts_table.c, lessons_used_table.c
    wanted = (
        select(
            rows.contract_no,
            (rows.lessons - used.used).label("lessons_left"),
            (rows.price_fen - used.earned_fen - rows.refunded_fen).label("left_fen"),
            rows.starts_on,
            rows.ends_on,
        )
        .join_from(contracts_table, lessons_used_table, used.contract_id == rows.contract_id)
        .where(rows.pupil == pupil, rows.course == course, rows.contract_id != but, rows.state.not_in(_OVER))
        .where(rows.lessons > used.used)
        .order_by(rows.signed_at, rows.contract_id)
        .limit(CHARGES_MAX)
    )
    found = (await connection.execute(wanted)).mappings()
    return tuple(Unconsumed(**row) for row in found)
