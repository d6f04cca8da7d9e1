"""Moved codes 变更过的信用代码: codes that an institution was given after it was registered, or once had.

Not a list for people: only taking lists in and giving codes ask it. One rule: a code that a conversion ended stays its
holder's for ever; one that was never its own is free for whoever it belongs to.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias
from uuid import UUID

from sqlalchemy import BigInteger, Column, Table, Text, Uuid, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain.credit_code import CodeGiven, CodeGround
from mingjing_registry.projections.schema import METADATA

ASKED_MAX = 1_000
"""Codes looked up by one query."""
Hold: TypeAlias = Literal["held", "former", "mistaken"]

moved_codes_table = Table(
    "moved_codes",
    METADATA,
    Column("uscc", Text, primary_key=True),
    Column("institution_id", Uuid, primary_key=True),
    Column("hold", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a code and an institution."""
    if isinstance(fact.event, CodeGiven):
        yield from ((uscc, fact.id) for uscc in (fact.event.before, fact.event.uscc) if uscc)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """Which of the two codes of a fact this is, and so what is left of the institution's hold on it."""
    event = fact.event
    assert isinstance(event, CodeGiven)
    hold: Hold = "mistaken" if event.ground is CodeGround.CORRECTION else "former"
    if key[0] == event.uscc:
        hold = "held"
    return {"uscc": key[0], "institution_id": key[1], "hold": hold, "position": fact.position}


MOVED_CODES_READ = ReadModel(name="moved_codes", table=moved_codes_table, nouns=("institution",), keys=keys, fold=fold)


@dataclass(frozen=True, slots=True)
class Lead:
    """Where one code leads: to its holder, or past ``mistaken``, whose it never was, to where it registers anew."""

    institution_id: UUID
    mistaken: UUID | None = None


async def leads_of(connection: AsyncConnection, codes: Collection[str]) -> dict[str, Lead]:
    """Those of the codes that lead elsewhere than to where they would register."""
    rows, found = moved_codes_table.c, dict[str, list[tuple[UUID, str]]]()
    wanted = sorted({code for code in codes if code})
    for first in range(0, len(wanted), ASKED_MAX):
        statement = (
            select(rows.uscc, rows.institution_id, rows.hold)
            .where(rows.uscc.in_(wanted[first : first + ASKED_MAX]))
            .order_by(rows.position)
        )
        for uscc, institution_id, hold in (await connection.execute(statement)).all():
            # The driver's UUID is a subclass that no event may carry.
            found.setdefault(uscc, []).append((UUID(bytes=institution_id.bytes), hold))
    return {uscc: _lead(uscc, holds) for uscc, holds in found.items()}


def _lead(uscc: str, holds: list[tuple[UUID, str]]) -> Lead:
    """The present holder before the former one, and either before whose it never was."""
    for wanted in ("held", "former"):
        for institution_id, hold in holds:
            if hold == wanted:
                return Lead(institution_id)
    last = holds[-1][0]
    return Lead(derived_id("institution", uscc, "freed-by", last), mistaken=last)
