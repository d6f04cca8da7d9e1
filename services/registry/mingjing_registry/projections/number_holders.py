"""Holders of licence numbers: whose a number is or was, and how it stands, for whoever is about to give or take it.

Not a list for people. One rule: a number that ended is known for ever, so nobody else teaches under it.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_registry.domain.ended_number import FINAL
from mingjing_registry.projections.institutions import institutions_table
from mingjing_registry.projections.search_terms import NUMBER_MARK, search_terms_table

ASKED_MAX = 500
"""Numbers looked up by one query: each is a look into the index of terms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberHolder:
    """An institution that has or had a number; ``state`` is its licence's, or what ended the number."""

    institution_id: UUID
    name: str
    state: str
    is_over: bool
    """Revoked or cancelled: nobody teaches under the number any more."""
    until: str = ""
    """The day it ended, empty while it stands."""


async def holders_of(connection: AsyncConnection, numbers: Collection[str]) -> dict[str, tuple[NumberHolder, ...]]:
    """Everybody who has or had one of the numbers, by number."""
    wanted = sorted({number for number in numbers if number})
    found: dict[str, list[NumberHolder]] = {}
    for first in range(0, len(wanted), ASKED_MAX):
        asked = wanted[first : first + ASKED_MAX]
        for number, holder in await _held(connection, asked):
            found.setdefault(number, []).append(holder)
    return {number: tuple(holders) for number, holders in found.items()}


async def _held(connection: AsyncConnection, numbers: list[str]) -> list[tuple[str, NumberHolder]]:
    rows, terms = institutions_table.c, search_terms_table.c
    marked = select(terms.institution_id).where(terms.pairs.overlap([NUMBER_MARK + number for number in numbers]))
    statement = select(rows.institution_id, rows.name, rows.licence_number, rows.licence_state, rows.ended_numbers)
    statement = statement.where(rows.institution_id.in_(marked)).order_by(rows.institution_id)
    asked = frozenset(numbers)
    return [
        (number, holder)
        for row in (await connection.execute(statement)).all()
        for number, holder in _of(row)
        if number in asked
    ]


def _of(row: Any) -> list[tuple[str, NumberHolder]]:
    ended = {one["number"]: (one["how"], one["on"]) for one in row.ended_numbers}
    present = {row.licence_number: (row.licence_state, "")} if row.licence_number not in ended else {}
    return [
        (
            number,
            NumberHolder(
                institution_id=UUID(bytes=row.institution_id.bytes),  # the driver's is a subclass
                name=row.name,
                state=state,
                is_over=number in ended and state in FINAL,
                until=until,
            ),
        )
        for number, (state, until) in (ended | present).items()
    ]
