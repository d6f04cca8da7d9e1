"""Summaries of staff and materials on the institution's own record, as their own records add up.

One rule: what those records do not say (foreign staff, overseas curricula, adverts in breach) stays as it was declared:
a count that nobody made hides nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work
from mingjing_kernel.refusal import Refusal
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain.institution import Known
from mingjing_registry.domain.profile import MaterialsSummary, StaffSummary
from mingjing_registry.domain.record_facts import NoteMaterials, NoteStaff
from mingjing_registry.domain.staffing import StaffCounts
from mingjing_registry.projections.staff import counts_of
from mingjing_registry.projections.summaries import materials_of, unsummarised

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit
    from mingjing_kernel.service.duty import Done

LOOK_SECONDS: Final = 10.0
ROWS_MAX: Final = 200
"""Institutions counted and noted at a time."""
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
        await self._kit.up_to_date()
        looked_at = noted = 0
        while rows := await self._page():
            for result in await self._kit.log.handle_many(await self._works(rows, day)):
                if isinstance(result, Outcome):
                    noted += bool(result.events) and not result.repeated
                elif not isinstance(result, Refusal):
                    raise result
            self._through, looked_at = rows[-1].position, looked_at + len(rows)
        return looked_at, noted

    async def _page(self) -> Sequence[Any]:
        async with self._kit.connection() as connection:
            page: Sequence[Any] = (await connection.execute(unsummarised(self._through).limit(ROWS_MAX))).all()
        return page

    async def _works(self, rows: Sequence[Any], day: date) -> list[Work]:
        works = []
        async with self._kit.connection() as connection:
            for row in rows:
                id = UUID(bytes=row.institution_id.bytes)
                known, _ = await self._kit.log.state(INSTITUTIONS, id)
                if not isinstance(known, Known):
                    continue
                staff = staff_summary(await counts_of(connection, id), _declared_staff(known))
                materials = materials_summary(*await materials_of(connection, id), _declared_materials(known))
                if known.staff or staff.total or staff.in_service or staff.blacklisted:
                    works.append(_work(row, id, "staff-summary", NoteStaff(summary=staff, on=day)))
                if known.materials or materials.filed:
                    works.append(_work(row, id, "materials-summary", NoteMaterials(summary=materials, on=day)))
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


def _work(row: Any, id: UUID, what: str, command: NoteStaff | NoteMaterials) -> Work:
    # The same records add up to the same, in whichever process; a later change has a later position.
    command_id = derived_id(what, id, row.position)
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
    return Work(INSTITUTIONS, id, command, envelope)
