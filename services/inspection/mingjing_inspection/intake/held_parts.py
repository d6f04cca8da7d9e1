"""Held reports (待前序上报): taken by themselves as soon as the site that they are about is known.

One rule: nothing is taken that its officer could not report now; what cannot be taken is kept aside with the reason.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from mingjing_inspection.intake.doors import Doors
from mingjing_inspection.intake.grid_book import GridBook
from mingjing_inspection.intake.part_settling import Settling
from mingjing_inspection.projections.visit_parts import reports_of_known_sites
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.service.duty import Done

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit

NAME: Final = "held-parts"
LOOK_SECONDS: Final = 30.0
BATCH_MAX: Final = 500
NOTHING: Final = "no held report waits for a site that is known"


class HeldPartsDuty:
    """Looks every half minute, in whichever process holds the seat."""

    look_seconds = LOOK_SECONDS

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._settling = Settling(kit, Doors(kit))
        self._book = GridBook(kit)
        self._said = "not yet"

    async def recall(self) -> Done | None:
        """Nothing: what it took is in the log, that it looked is not."""
        return None

    async def is_due(self, now: datetime, done_on: date | None) -> bool:
        """With the first look of each day in China."""
        return done_on != shanghai_date(now)

    async def do(self, day: date) -> str:
        """The same as between two days."""
        await self.look()
        return self._said

    async def look(self) -> None:
        """At held reports whose site is known by now."""
        await self._kit.up_to_date()
        async with self._kit.connection() as connection:
            rows = (await connection.execute(reports_of_known_sites(BATCH_MAX))).all()
        taken = 0
        for row in rows:
            name = (UUID(int=row.part_id.int), row.sha256)
            taken += await self._settling.take_report(UUID(int=row.visit_id.int), name, self._book)
        aside = f", {len(rows) - taken} kept aside" if len(rows) > taken else ""
        self._said = f"{taken} held reports taken{aside}" if rows else NOTHING

    def readiness(self) -> dict[str, Any]:
        """What the last look came to."""
        return {"looked": self._said}
