"""Summaries of staff and materials on the institution's own record, as their own records add up.

One rule: what those records do not say (foreign staff, overseas curricula, adverts in breach) stays as it was declared:
a count that nobody made hides nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from sqlalchemy import Select

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.refusal import Refusal
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.profile import MaterialsSummary, StaffSummary
from mingjing_registry.domain.record_facts import NoteMaterials, NoteStaff
from mingjing_registry.domain.staffing import StaffCounts
from mingjing_registry.projections.summaries import Summed, changed, everybody, summed

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit
    from mingjing_kernel.service.duty import Done

LOOK_SECONDS: Final = 10.0
ROWS_MAX: Final = 500
"""Institutions counted and noted at a time."""
CHANGES_MAX: Final = 20_000
"""Facts since the last look; after more of them it is cheaper to look at everybody, in the order of ids."""
ACTOR: Final = "system:summaries"
BASIS: Final = "国办发〔2018〕80号"
_NO_STAFF: Final = StaffSummary(
    total=0, teaching=0, full_time_teachers=0, unqualified=0, in_service=0, blacklisted=0, foreigners_abroad=0,
    foreigners_unlawful=0,
)  # fmt: skip
_NO_MATERIALS: Final = MaterialsSummary(filed=0, unreviewed=0, overseas=0, ahead_of_syllabus=0)


class SummaryDuty:
    """Notes within seconds what changed; each day it looks at everybody whose summary is older than the records."""

    look_seconds = LOOK_SECONDS

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._through = 0
        """Up to where this process has counted."""

    async def recall(self) -> Done | None:
        """Nothing: each summary is on record, the day's work is not."""
        return None

    async def is_due(self, now: datetime, done_on: date | None) -> bool:
        """With the first look of each day in China."""
        return done_on != shanghai_date(now)

    async def do(self, day: date) -> str:
        """Everybody, and what it came to."""
        self._through = 0
        looked_at, noted = await self._catch_up(day)
        return f"{looked_at} counted, {noted} summaries are new" if looked_at else "no record is newer than its summary"

    async def look(self) -> None:
        """At what changed since."""
        if await self._kit.log.head() > self._through:
            await self._catch_up(shanghai_date(self._kit.now()))

    def readiness(self) -> dict[str, Any]:
        """Up to where it has counted."""
        return {"position": self._through}

    async def _catch_up(self, day: date) -> tuple[int, int]:
        head, looked_at, noted = await self._kit.log.head(), 0, 0
        await self._kit.up_to_date()  # after the head was looked at: the lists show at least so much
        async for page in self._pages(head):
            rows = [row for row in page if row.position > row.noted_at]
            for result in await self._kit.log.handle_many(await self._works(rows, day)):
                if isinstance(result, Outcome):
                    noted += bool(result.events) and not result.repeated
                elif not isinstance(result, Refusal):
                    raise result
            looked_at += len(rows)
        self._through = head
        return looked_at, noted

    async def _pages(self, head: int) -> AsyncIterator[list[Summed]]:
        """Those of whom something changed; where this process does not know, or much did, everybody."""
        if self._through and head - self._through <= CHANGES_MAX:
            ids = await self._ids(changed(self._through))
            for start in range(0, len(ids), ROWS_MAX):
                yield await self._summed(ids[start : start + ROWS_MAX])
            return
        after = UUID(int=0)
        while ids := await self._ids(everybody(after, ROWS_MAX)):
            yield await self._summed(ids)
            after = ids[-1]

    async def _ids(self, statement: Select[Any]) -> Sequence[UUID]:
        async with self._kit.connection() as connection:
            ids: Sequence[UUID] = (await connection.execute(statement)).scalars().all()
        return ids

    async def _summed(self, ids: Sequence[UUID]) -> list[Summed]:
        async with self._kit.connection() as connection:
            return await summed(connection, ids)

    async def _works(self, rows: Sequence[Summed], day: date) -> list[Work]:
        works = []
        states = await self._kit.log.states(INSTITUTIONS, [row.institution_id for row in rows]) if rows else {}
        for row in rows:
            known = states[row.institution_id]
            if not isinstance(known, Known):
                continue
            staff = staff_summary(row.staff, _declared_staff(known))
            materials = materials_summary(row.filed, row.unreviewed, _declared_materials(known))
            if known.staff or staff.total or staff.in_service or staff.blacklisted:
                works.append(_work(row, "staff-summary", NoteStaff(summary=staff, on=day)))
            if known.materials or materials.filed:
                works.append(_work(row, "materials-summary", NoteMaterials(summary=materials, on=day)))
        return works


def staff_summary(counts: StaffCounts, declared: StaffSummary | None) -> StaffSummary:
    """What the records of staff add up to."""
    subject = counts.subject_teachers - counts.subject_teachers_proved
    before = declared or _NO_STAFF
    return StaffSummary(
        total=counts.total,
        teaching=counts.teaching_research,
        full_time_teachers=counts.full_time_teachers,
        unqualified=subject + counts.other_teachers - counts.other_teachers_proved,
        in_service=counts.suspected,
        blacklisted=counts.barred,
        foreigners_abroad=before.foreigners_abroad,
        foreigners_unlawful=before.foreigners_unlawful,
    )


def materials_summary(filed: int, unreviewed: int, declared: MaterialsSummary | None) -> MaterialsSummary:
    """What the filings of materials add up to."""
    before = declared or _NO_MATERIALS
    return MaterialsSummary(
        filed=filed,
        unreviewed=unreviewed,
        overseas=before.overseas,
        ahead_of_syllabus=before.ahead_of_syllabus,
        adverts_in_breach=before.adverts_in_breach,
    )


def _declared_staff(known: Known) -> StaffSummary | None:
    content = known.application.content
    return known.staff or (content.staff if content else None)


def _declared_materials(known: Known) -> MaterialsSummary | None:
    content = known.application.content
    return known.materials or (content.materials if content else None)


def _work(row: Summed, what: str, command: NoteStaff | NoteMaterials) -> Work:
    # The same records add up to the same, in whichever process; a later change has a later position.
    command_id = derived_id(what, row.institution_id, row.position)
    envelope = Envelope(
        command_id=command_id,
        actor=ACTOR,
        department=row.department,
        region=row.region,
        reason=what,
        causation=f"registry-{row.position}",
        legal_basis=BASIS,
        digest=command_id.bytes * 2,
    )
    return Work(INSTITUTIONS, row.institution_id, command, envelope)
