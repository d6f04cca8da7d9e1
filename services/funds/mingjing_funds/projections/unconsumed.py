"""What a pupil has paid for and not used (未消课时) of one subject with one institution: P5 counts charges together.

Here the subject is the category of the contract; of school subjects the charging checks tell one from another by the
courses, where these name them.

The one rule: a pupil is a subject of one institution, so her contracts there are all that is asked. Only the taking
of a contract asks it, so it takes no scope.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, Text, any_, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_funds.domain.charge import Unconsumed
from mingjing_funds.projections.contracts import contracts_table
from mingjing_funds.projections.lessons_used import lessons_used_table

CHARGES_MAX = 100
"""Of one pupil and subject with something left: nobody has as many."""
_NAMES = ("contract_no", "lessons_left", "left_fen", "starts_on", "ends_on", "course")
_OVER = ("completed", "refunded", "transferred")


class Left(NamedTuple):
    """A contract with lessons left, and when it was signed."""

    contract_id: UUID
    signed_at: datetime
    charge: Unconsumed


async def unconsumed_charges(
    connection: AsyncConnection, pupil: str, category: str, but: Collection[UUID | None]
) -> tuple[Unconsumed, ...]:
    """Her other contracts of this subject with lessons left, paid or only signed."""
    rows = contracts_table.c
    wanted = (
        _left()
        .where(rows.pupil == pupil, rows.category == category, rows.contract_id.not_in([id for id in but if id]))
        .limit(CHARGES_MAX)
    )
    return tuple(_charge(row) for row in (await connection.execute(wanted)).mappings())


async def unconsumed_by_pupil(
    connection: AsyncConnection, pupils: Collection[str]
) -> dict[tuple[str, str], list[Left]]:
    """The same of many pupils in one question, by pupil and subject, each with its contract."""
    rows = contracts_table.c
    wanted = _left().where(rows.pupil == any_(literal(sorted(pupils), ARRAY(Text)))).add_columns(
        rows.contract_id, rows.pupil, rows.category, rows.signed_at
    )  # fmt: skip
    found: dict[tuple[str, str], list[Left]] = {}
    for row in (await connection.execute(wanted)).mappings():
        left = Left(UUID(int=row["contract_id"].int), row["signed_at"], _charge(row))
        found.setdefault((row["pupil"], row["category"]), []).append(left)
    return found


def _left() -> Select[Any]:
    """Contracts with lessons left, in the order of their signing."""
    rows, used = contracts_table.c, lessons_used_table.c
    return (
        select(
            rows.contract_no,
            (rows.lessons - used.used).label("lessons_left"),
            (rows.price_fen - used.earned_fen - rows.refunded_fen).label("left_fen"),
            rows.starts_on,
            rows.ends_on,
            rows.course,
        )
        .join_from(contracts_table, lessons_used_table, used.contract_id == rows.contract_id)
        .where(rows.state.not_in(_OVER), rows.lessons > used.used)
        .order_by(rows.signed_at, rows.contract_id)
    )


def _charge(row: Mapping[Any, Any]) -> Unconsumed:
    return Unconsumed(**{name: row[name] for name in _NAMES})
