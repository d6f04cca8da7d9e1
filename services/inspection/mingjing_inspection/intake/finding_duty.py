"""The duty of findings (案卷值守): opens a finding for each failed item of a visit, and tells whose hours have run out.

One rule: what it does is decided by the findings themselves, under ids made of visit, item and version or of a clock's
end; two processes at once, or one that was killed half-way, do it once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from mingjing_inspection.codec import CHECKLIST_VERSIONS, CHECKLISTS_ID, FINDINGS
from mingjing_inspection.domain.checklist import CHECKLISTS, Checklist, Severity
from mingjing_inspection.domain.finding_commands import (
    Command,
    NoteSourceCorrected,
    RemindFinding,
    ReportFinding,
    SuperviseFinding,
)
from mingjing_inspection.domain.finding_terms import Origin, Place, Source, Step, matter_of
from mingjing_inspection.intake.finding_limits import limits_at
from mingjing_inspection.projections.finding_deadlines import BASIS
from mingjing_inspection.projections.findings import hour_clocks
from mingjing_inspection.projections.visit_issues import issues_due
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit
    from mingjing_kernel.service.duty import Done

NAME: Final = "findings"
LOOK_SECONDS: Final = 10.0
ROUNDS_MAX: Final = 100
ACTOR: Final = "system:findings"


class FindingDuty:
    """Looks every few seconds, in whichever process holds the seat."""

    look_seconds = LOOK_SECONDS

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._said = "not yet"

    async def recall(self) -> Done | None:
        """Nothing: what it did is in the log, that it looked is not."""
        return None

    async def is_due(self, now: datetime, done_on: date | None) -> bool:
        """With the first look of each day in China."""
        return done_on != shanghai_date(now)

    async def do(self, day: date) -> str:
        """The same as between two days; the day has no work of its own."""
        await self.look()
        return self._said

    async def look(self) -> None:
        """At the items that failed, and at the clocks that run in hours."""
        await self._kit.up_to_date()
        opened, noted = await self._open()
        told = await self._tell()
        parts = (f"{opened} findings opened", f"{noted} corrections noted", f"{told} told of a clock in hours")
        found = [part for part, count in zip(parts, (opened, noted, told), strict=True) if count]
        self._said = ", ".join(found) or "nothing to do: every failed item has its finding, no clock in hours ran out"

    def readiness(self) -> dict[str, Any]:
        """What the last look came to."""
        return {"looked": self._said}

    async def _open(self) -> tuple[int, int]:
        opened = noted = 0
        for _ in range(ROUNDS_MAX):
            async with self._kit.connection() as connection:
                rows = (await connection.execute(issues_due())).mappings().all()
            works = [await self._work(row) for row in rows]
            done = await self._done(works)
            opened += sum(isinstance(work.command, ReportFinding) for work in done)
            noted += sum(isinstance(work.command, NoteSourceCorrected) for work in done)
            if not done:
                break
            await self._kit.up_to_date()
        return opened, noted

    async def _work(self, row: Any) -> Work:
        command: Command
        if row["told_version"]:
            command = NoteSourceCorrected(
                visit_version=row["visit_version"], is_still_failed=row["is_failed"], at=self._kit.now()
            )
        else:
            command = await self._report(row)
        id = derived_id("finding-of-visit", row["finding_id"], row["visit_version"])
        return Work(FINDINGS, row["finding_id"], command, self._envelope(id, row, f"visit-{row['visit_id']}"))

    async def _report(self, row: Any) -> ReportFinding:
        at = row["received_at"] if row["visit_version"] == 1 else self._kit.now()
        checklist = await self._checklist(row["checklist"])
        asked = checklist.item(row["item"]) if checklist else None
        title = asked.title_zh if asked else row["item"]
        limits = await limits_at(self._kit.log, at, row["region"], row["category"])
        return ReportFinding(
            place=Place(
                institution_id=row["institution_id"],
                site_id=row["site_id"],
                region=row["region"],
                category=row["category"],
            ),
            department=row["department"],
            matter=matter_of(row["item"]),
            severity=asked.severity if asked else Severity.YELLOW,
            is_veto=row["is_veto"],
            summary=f"{title}：{row['remark']}" if row["remark"] else title,
            photos=tuple(dict.fromkeys(row["photos"])),
            source=Source(
                origin=Origin.VISIT,
                visit_id=row["visit_id"],
                visit_version=row["visit_version"],
                item=row["item"],
            ),
            by=row["officer"],
            at=at,
            limit=limits.verify(at),
        )

    async def _checklist(self, version: str) -> Checklist | None:
        """The one that was answered: a shipped one, or one that was proposed and decided on here."""
        if version in CHECKLISTS:
            return CHECKLISTS[version]
        versions = (await self._kit.log.state(CHECKLIST_VERSIONS, CHECKLISTS_ID))[0]
        found: Checklist | None = versions.checklist(version)
        return found

    async def _tell(self) -> int:
        now = self._kit.now()
        async with self._kit.connection() as connection:
            rows = (await connection.execute(hour_clocks(now))).mappings().all()
        works = []
        for row in rows:
            is_over = row["due_at"] < now
            kind = SuperviseFinding if is_over else RemindFinding
            id = derived_id(kind.__name__, row["finding_id"], row["step"], row["round"], row["due_at"].isoformat())
            command = kind(step=Step(row["step"]), at=now)
            works.append(Work(FINDINGS, row["finding_id"], command, self._envelope(id, row, "")))
        return len(await self._done(works))

    async def _done(self, works: Sequence[Work]) -> list[Work]:
        """Those of which something followed."""
        done = []
        for work, result in zip(works, await self._kit.log.handle_many(works), strict=True):
            if not isinstance(result, Outcome):
                raise result
            if result.events and not result.repeated:
                done.append(work)
        return done

    def _envelope(self, id: Any, row: Any, causation: str) -> Envelope:
        return Envelope(
            command_id=id,
            actor=ACTOR,
            digest=id.bytes * 2,  # two processes word the same command at two moments
            legal_basis=BASIS,
            department=row["department"],
            region=row["region"],
            causation=causation,
        )
