"""Closed doors: when a report says that a door was shut, whether that makes two running."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import structlog

from mingjing_inspection.codec import CLOSED_DOORS, PREMISES_KNOWN, VISITS
from mingjing_inspection.domain.closed_door import Look, NoteClosedDoor
from mingjing_inspection.domain.premises import Premises
from mingjing_inspection.domain.visit import Doubt, Outcome, Reported
from mingjing_inspection.intake.circumstances import hours_in_force
from mingjing_inspection.projections.visits import looks_at
from mingjing_kernel.calendar import calendar_known
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope
from mingjing_kernel.log import Outcome as Recording
from mingjing_kernel.refusal import Refusal

LOOKS_MAX = 50
"""Visits of one site that are looked at; a report that comes later than so many others makes no pair."""
WHO = "system:closed-doors"
_LOG = structlog.get_logger("mingjing.inspection.doors")


@dataclass(frozen=True, slots=True)
class Doors:
    """Notes pairs of visits that found a door shut."""

    kit: Kit

    async def note(self, visit_id: UUID) -> Recording | None:
        """After a report or a correction: None where the visit found no door shut."""
        visit, _ = await self.kit.log.state(VISITS, visit_id)
        if not isinstance(visit, Reported) or visit.observation.outcome is not Outcome.DOOR_CLOSED:
            return None
        premises: Premises = (await self.kit.log.state(PREMISES_KNOWN, visit.institution_id))[0]
        site = premises.site(visit.site_id)
        region = site.region if site else premises.region
        hours = await hours_in_force(self.kit.log, visit.observation.visited_at, region, premises.category)
        command = NoteClosedDoor(
            institution_id=visit.institution_id,
            department=premises.department,
            region=region,
            category=premises.category,
            visit_id=visit_id,
            looks=await self._looks(visit_id, visit),
            hours=hours,
            noted_at=self.kit.now(),
        )
        # Asked again it leaves nothing: which pairs are noted stands in the site's own stream.
        written = Envelope(command_id=new_id(), actor=WHO)
        return await self.kit.log.handle(CLOSED_DOORS, visit.site_id, command, written)

    async def _looks(self, visit_id: UUID, visit: Reported) -> tuple[Look, ...]:
        """In the order of their times, the visit itself among them, whatever the lists show of it yet."""
        try:
            await self.kit.up_to_date()
        except Refusal as late:  # the report stands; what is noted of it may miss the visit of a moment ago
            _LOG.warning("closed_doors.lists_behind", visit_id=str(visit_id), because=late.code())
        async with self.kit.connection() as connection:
            rows = (await connection.execute(looks_at(visit.site_id, LOOKS_MAX))).mappings().all()
        calendar = await calendar_known(self.kit.log)
        others = [
            Look(
                visit_id=UUID(int=row["visit_id"].int),
                outcome=Outcome(row["outcome"]),
                visited_at=row["visited_at"],
                is_working_day=calendar.is_working(shanghai_date(row["visited_at"])),
                doubts=frozenset(Doubt(one) for one in row["doubts"]),
            )
            for row in rows
            if row["visit_id"] != visit_id
        ]
        own = Look(
            visit_id=visit_id,
            outcome=visit.observation.outcome,
            visited_at=visit.observation.visited_at,
            is_working_day=calendar.is_working(shanghai_date(visit.observation.visited_at)),
            doubts=visit.doubts,
        )
        return tuple(sorted((*others, own), key=lambda look: (look.visited_at, look.visit_id)))
