"""One run of a complaint file: rows become complaints, refused rows are kept aside, the file itself is recorded.

One rule: a run that was cut off is repeated with the same file and ends as if it had never been cut off: every row has
a command id of its own, made of its cells under the index key.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from mingjing_inspection.codec import COMPLAINT_FILES, COMPLAINTS
from mingjing_inspection.domain.complaint import Attribution, ComplaintTaken
from mingjing_inspection.domain.complaint_file import ImportFile, KeptRow, MendRow
from mingjing_inspection.intake.sealing import findable, sealed
from mingjing_inspection.sources.complaint_file import FileOpened, RowRead, kept_aside, read_rows
from mingjing_inspection.sources.complaint_row import Desk
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Log, Outcome, Work
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.sealed.keys import Keys

ROWS_AT_ONCE_MAX = 500


@dataclass(slots=True)
class Tally:
    """What became of the rows of one run."""

    taken: int = 0
    updated: int = 0
    unchanged: int = 0
    matched: int = 0
    urgent: int = 0
    position: int = 0
    kept: list[KeptRow] = field(default_factory=list)

    def count(self, outcome: Outcome) -> None:
        """One row that was taken, changed something, or changed nothing."""
        self.position = max(self.position, outcome.position)
        taken = next((event for event in outcome.events if isinstance(event, ComplaintTaken)), None)
        if outcome.repeated or not outcome.events:
            self.unchanged += 1
        elif taken is None:
            self.updated += 1
        else:
            self.taken += 1
            self.matched += is_matched(taken.attribution)
            self.urgent += taken.is_urgent


def is_matched(attribution: Attribution) -> bool:
    """Whether the complaint has an institution."""
    return attribution.institution_id is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Who runs it, and with what."""

    log: Log
    keys: Keys
    desk: Desk
    written: Envelope
    now: datetime

    async def take(self, opened: FileOpened, name: str) -> Tally:
        """Take a whole file in."""
        read, kept = read_rows(opened.rows, self.desk)
        tally = Tally(kept=kept)
        for start in range(0, len(read), ROWS_AT_ONCE_MAX):
            await self._rows(read[start : start + ROWS_AT_ONCE_MAX], opened.file_id, tally)
        tally.kept.sort(key=lambda row: row.row)
        command = ImportFile(
            name=name,
            digest=opened.digest,
            layout=opened.layout.name,
            rows=len(opened.rows),
            counted=opened.counted,
            kept_aside=tuple(tally.kept),
            region=self.desk.region,
            department=self.desk.department,
            imported_by=self.written.actor,
            imported_at=self.now,
        )
        outcome = await self.log.handle(COMPLAINT_FILES, opened.file_id, command, self.written)
        tally.position = max(tally.position, outcome.position)
        return tally

    async def mend(self, file_id: UUID, row: RowRead) -> Outcome:
        """Take a mended row, then end its waiting. Raises the refusal that would keep it aside again.

        A cut between the two leaves the row waiting; mending it again finds the complaint taken and ends the wait.
        """
        (work,) = await self._works([row], file_id)
        await self._found([row], [await self.log.handle(work.aggregate, work.id, work.command, work.envelope)])
        command = MendRow(
            row=row.row.number,
            complaint_id=row.complaint_id,
            mended_by=self.written.actor,
            mended_at=self.now,
        )
        return await self.log.handle(COMPLAINT_FILES, file_id, command, self.written)

    async def _rows(self, rows: Sequence[RowRead], file_id: UUID, tally: Tally) -> None:
        results = await self.log.handle_many(await self._works(rows, file_id))
        await self._found(rows, results)
        for row, result in zip(rows, results, strict=True):
            if isinstance(result, Outcome):
                tally.count(result)
            elif isinstance(result, Refusal):
                tally.kept.append(kept_aside(row.row, result))
            else:
                raise result

    async def _found(self, rows: Sequence[RowRead], results: Sequence[Any]) -> None:
        """Whoever complained anew can be found."""
        new = {
            row.complaint_id: row.person
            for row, result in zip(rows, results, strict=True)
            if row.person and isinstance(result, Outcome) and result.events and not result.repeated
        }
        await findable(self.keys, new)

    async def _works(self, rows: Sequence[RowRead], file_id: UUID) -> list[Work]:
        people = {row.complaint_id: row.person for row in rows if row.person}
        complainants = await sealed(self.keys, people)
        return [
            Work(
                COMPLAINTS,
                row.complaint_id,
                replace(row.command, complainant=complainants.get(row.complaint_id)),
                self._envelope(row, file_id),
            )
            for row in rows
        ]

    def _envelope(self, row: RowRead, file_id: UUID) -> Envelope:
        written = self.written
        digest = self.keys.index().keyed("row", row.digest)  # of cells that name people: it is kept for ever
        named = (self.desk.channel.value, row.command.intake.number)
        return Envelope(
            command_id=derived_id("complaint-row", *named, digest.hex()),
            actor=written.actor,
            department=written.department,
            region=written.region,
            reason=written.reason,
            legal_basis=written.legal_basis,
            correlation=written.correlation or str(file_id),
            client=written.client,
            occurred_at=row.command.intake.received_at,
            digest=digest,
        )
