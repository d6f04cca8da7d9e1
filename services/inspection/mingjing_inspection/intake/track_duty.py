"""The duty of tracks (投诉办理值守): opens what a complaint lacks, and tells whose hours have run out.

One rule: what it does is decided by the tracks themselves, under ids made of complaint and kind or of a clock's end;
two processes at once, or one that was killed half-way, do it once.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

from mingjing_inspection.codec_tracks import TRACKS
from mingjing_inspection.domain.track_commands import NoteMainClosed, RemindTrack, SuperviseTrack
from mingjing_inspection.domain.track_terms import Outcome as CameTo
from mingjing_inspection.domain.track_terms import TrackClock
from mingjing_inspection.intake.track_opening import ACTOR, BASIS, all_lacking
from mingjing_inspection.projections.complaint_tracks import merged_and_over
from mingjing_inspection.projections.track_clocks import hour_clocks
from mingjing_inspection.projections.track_openings import openings_due
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome, Work

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit
    from mingjing_kernel.service.duty import Done

NAME: Final = "complaint-tracks"
LOOK_SECONDS: Final = 5.0
ROUNDS_MAX: Final = 1_000


class TrackDuty:
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
        """At the complaints that lack a track, and at the clocks that run in hours."""
        await self._kit.up_to_date()
        noted = await self._open()
        told = await self._tell()
        closed = await self._close()
        parts = (
            f"{noted} facts about tracks noted",
            f"{told} told of a clock in hours",
            f"{closed} closed with the one that they were merged into",
        )
        found = [part for part, count in zip(parts, (noted, told, closed), strict=True) if count]
        self._said = ", ".join(found) or "nothing to do: every complaint has its tracks, no clock in hours ran out"

    def readiness(self) -> dict[str, Any]:
        """What the last look came to."""
        return {"looked": self._said}

    async def _open(self) -> int:
        noted = 0
        for _ in range(ROUNDS_MAX):
            async with self._kit.connection() as connection:
                rows = (await connection.execute(openings_due())).mappings().all()
            done = await self._done(await all_lacking(self._kit.log, rows, self._kit.now()))
            noted += done
            if not done:
                break
            await self._kit.up_to_date()
        return noted

    async def _tell(self) -> int:
        now = self._kit.now()
        async with self._kit.connection() as connection:
            rows = (await connection.execute(hour_clocks(now))).mappings().all()
        works = []
        for row in rows:
            kind = SuperviseTrack if row["due_at"] < now else RemindTrack
            id = derived_id(kind.__name__, row["track_id"], row["clock"], row["due_at"].isoformat())
            envelope = Envelope(
                command_id=id,
                actor=ACTOR,
                digest=id.bytes * 2,
                legal_basis=BASIS,
                department=row["department"],
                region=row["region"],
            )
            works.append(Work(TRACKS, row["track_id"], kind(clock=TrackClock(row["clock"]), at=now), envelope))
        return await self._done(works)

    async def _close(self) -> int:
        async with self._kit.connection() as connection:
            rows = (await connection.execute(merged_and_over())).mappings().all()
        works = []
        for row in rows:
            command = NoteMainClosed(
                outcome=CameTo(row["outcome"]), conclusion=row["said"] or "并案办结", by=ACTOR, at=self._kit.now()
            )
            id = derived_id("closed-with", row["track_id"], row["main"], command.at.isoformat())
            envelope = Envelope(
                command_id=id,
                actor=ACTOR,
                digest=id.bytes * 2,
                legal_basis=BASIS,
                department=row["department"],
                region=row["region"],
                causation=f"complaint-track-{row['main']}",
            )
            works.append(Work(TRACKS, row["track_id"], command, envelope))
        return await self._done(works)

    async def _done(self, works: Sequence[Work]) -> int:
        """Of how many something followed."""
        done = 0
        for result in await self._kit.log.handle_many(works):
            if not isinstance(result, Outcome):
                raise result
            done += bool(result.events) and not result.repeated
        return done
