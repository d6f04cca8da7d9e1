"""Findings 发现汇总: what records say of foreign staff, overseas curricula and adverts, on the institution's record.

One rule: a count replaces what was declared only where a record says anything at all; a permit that ran out is counted
on the day after, though nobody wrote anything.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import Select

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain.record_facts import Breaches, Foreigners, NoteFindings
from mingjing_registry.projections.foreign_staff import breaches_by_institution, foreigners_by_institution

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit
    from mingjing_kernel.service.duty import Done

LOOK_SECONDS: Final = 10.0
ROWS_MAX: Final = 500
"""Institutions noted at a time."""
ACTOR: Final = "system:findings"
BASIS: Final = "中办发〔2021〕40号"


class FindingsDuty:
    """Notes within seconds what changed; each day it counts everybody's, for permits run out."""

    look_seconds = LOOK_SECONDS

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._through = 0
        """Up to where this process has counted."""

    async def recall(self) -> Done | None:
        """Nothing: each count is on record, the day's work is not."""
        return None

    async def is_due(self, now: datetime, done_on: date | None) -> bool:
        """With the first look of each day in China."""
        return done_on != shanghai_date(now)

    async def do(self, day: date) -> str:
        """Everybody of whom a record says anything."""
        looked_at, noted = await self._note(day, 0)
        if not looked_at:
            return "no record says anything of foreign staff, curricula or adverts"
        return f"{looked_at} counted, {noted} are news"

    async def look(self) -> None:
        """At what changed since."""
        if await self._kit.log.head() > self._through:
            await self._note(shanghai_date(self._kit.now()), self._through)

    def readiness(self) -> dict[str, Any]:
        """Up to where it has counted."""
        return {"position": self._through}

    async def _note(self, day: date, since: int) -> tuple[int, int]:
        head = await self._kit.log.head()
        await self._kit.up_to_date()
        foreigners = {
            id: Foreigners(**counts) for id, counts in (await self._counts(foreigners_by_institution(day, since)))
        }
        breaches = {id: Breaches(**counts) for id, counts in (await self._counts(breaches_by_institution(since)))}
        ids, noted = sorted(foreigners.keys() | breaches.keys()), 0
        for start in range(0, len(ids), ROWS_MAX):
            works = [
                self._work(id, NoteFindings(foreigners=foreigners.get(id), breaches=breaches.get(id), on=day), head)
                for id in ids[start : start + ROWS_MAX]
            ]
            for result in await self._kit.log.handle_many(works):
                if not isinstance(result, Outcome):
                    raise result
                noted += bool(result.events) and not result.repeated
        self._through = head
        return len(ids), noted

    async def _counts(self, statement: Select[Any]) -> list[tuple[UUID, dict[str, int]]]:
        async with self._kit.connection() as connection:
            rows = (await connection.execute(statement)).mappings().all()
        return [
            (UUID(bytes=row["institution_id"].bytes), {name: row[name] for name in row if name != "institution_id"})
            for row in rows
        ]

    def _work(self, id: UUID, command: NoteFindings, head: int) -> Work:
        command_id = derived_id("findings", id, head, command.on, repr((command.foreigners, command.breaches)))
        envelope = Envelope(command_id=command_id, actor=ACTOR, legal_basis=BASIS, digest=command_id.bytes * 2)
        return Work(INSTITUTIONS, id, command, envelope)
