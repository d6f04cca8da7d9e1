"""The keeper (证据巡查): what has to happen to evidence although nobody asks: scans, deadlines, checks of the bytes.

The one rule: each round says what it did, or that there was nothing to do; trouble is said and waited for, and one
piece of evidence never keeps the others from being looked after.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from uuid import UUID

import structlog

from mingjing_kernel.evidence.blobs import BlobDamaged
from mingjing_kernel.evidence.custody import own_envelope
from mingjing_kernel.evidence.desk import EvidenceDesk
from mingjing_kernel.evidence.facts import LapseUpload, RecordScan, RecordWhole, Verdict
from mingjing_kernel.evidence.rules import EVIDENCE
from mingjing_kernel.evidence.scanner import Scanned
from mingjing_kernel.evidence.state import Kept, OnItsWay, Stage
from mingjing_kernel.log import database

ROUND_SECONDS = 5.0
RETRY_SECONDS = 30.0
BATCH = 50
SCAN_AGAIN_AFTER = timedelta(minutes=10)
"""When the scanner was away."""
LOOK_SECONDS = 60.0
"""Between two pieces of evidence whose bytes are looked at: a thousand and more a day."""
Seat = Callable[[], Awaitable[str]]
"""Takes the seat, or says why not; an empty string means that it is ours."""
Daily = Callable[[], Awaitable[object]]
"""What is due once a day, asked in each round: it knows whether the day has it already."""
_log = structlog.get_logger("mingjing.evidence")


@dataclass(frozen=True, slots=True)
class Round:
    """What a round did, for the health page."""

    scanned: int = 0
    lapsed: int = 0
    cleared: int = 0
    looked_at: int = 0
    because: str = ""


class Keeper:
    """One service's keeper; ``round`` does what is due at once."""

    def __init__(self, desk: EvidenceDesk, seat: Seat | None = None, daily: Daily | None = None) -> None:
        self._desk = desk
        self._seat = seat
        self._daily = daily
        self._after = dict.fromkeys((Stage.RECEIVED, Stage.DESTROYED), UUID(int=0))
        self.last = Round(because="not yet")

    async def run(self) -> None:
        """Rounds, until cancelled."""
        rounds = 0
        while True:
            try:
                if self._seat and (because := await self._seat()):
                    self._say(Round(because=because))
                else:
                    self._say(await self.round(looks=rounds % int(LOOK_SECONDS / ROUND_SECONDS) == 0))
                    rounds += 1
                    if self._daily:
                        await self._daily()
                await asyncio.sleep(ROUND_SECONDS)
            except Exception as trouble:
                if not database.is_away(trouble):
                    _log.exception("evidence.round_failed", service=self._desk.service)
                self._say(Round(because=f"trying again: {database.in_short(trouble)}"))
                await asyncio.sleep(RETRY_SECONDS)

    async def round(self, *, looks: bool = True) -> Round:
        """Scan what waits, end what is late, drop parts that nobody needs; with ``looks`` check the next bytes."""
        done = Round(
            scanned=await self._scan(),
            lapsed=await self._lapse(),
            cleared=await self._clear() if looks else 0,
            looked_at=await self._look() if looks else 0,
        )
        if done == Round():
            return Round(because="nothing was due")
        return done

    async def _scan(self) -> int:
        rows = self._desk.plan.lists.rows.c
        again = (rows.verdict == Verdict.NOT_SCANNED.value) & (
            rows.scanned_at < self._desk.kit.now() - SCAN_AGAIN_AFTER
        )
        waits = (rows.verdict == "") if not self._desk.scanner.address else (rows.verdict == "") | again
        done = 0
        for id, sha256 in await self._found(rows.stage == Stage.RECEIVED.value, waits):
            done += await self._scan_one(id, sha256)
        return done

    async def _scan_one(self, id: UUID, sha256: str) -> bool:
        state, version = await self._desk.kit.log.state(EVIDENCE, id)
        if not isinstance(state, Kept):
            return False
        found = await self._scanned(id, sha256)
        if found is None or (found.verdict, found.detail) == (state.verdict, state.scan_detail):
            return False
        command = RecordScan(
            verdict=found.verdict, scanner=self._desk.scanner.name, detail=found.detail, at=self._desk.kit.now()
        )
        await self._desk.kit.log.handle(EVIDENCE, id, command, own_envelope("scanned", id, version))
        if found.verdict is Verdict.INFECTED:
            _log.error("evidence.infected", evidence_id=str(id), detail=found.detail)
        return True

    async def _scanned(self, id: UUID, sha256: str) -> Scanned | None:
        if not self._desk.scanner.address:
            return Scanned(Verdict.NOT_SCANNED, "no scanner is set up")
        try:
            async with self._desk.blobs.opened(sha256) as file:
                return await self._desk.scanner.scan(file)
        except BlobDamaged as damaged:
            await self._desk.custody.alarm(id, damaged.found, "sweep")
            return None

    async def _lapse(self) -> int:
        now = self._desk.kit.now()
        rows = self._desk.plan.lists.rows.c
        late = await self._found(rows.stage == Stage.ON_ITS_WAY.value, rows.lapses_at < now)
        for id, _ in late:
            _, version = await self._desk.kit.log.state(EVIDENCE, id)
            await self._desk.kit.log.handle(EVIDENCE, id, LapseUpload(at=now), own_envelope("lapsed", id, version))
            await self._desk.blobs.drop_parts(id)
            _log.info("evidence.upload_lapsed", evidence_id=str(id))
        return len(late)

    async def _clear(self) -> int:
        """What a process left that died between a fact and its files: parts of what is not on its way, and the bytes of
        what was destroyed.
        """
        cleared = 0
        for id in await self._desk.blobs.uploads():
            state, _ = await self._desk.kit.log.state(EVIDENCE, id)
            if not isinstance(state, OnItsWay):
                await self._desk.blobs.drop_parts(id)
                cleared += 1
        for _, sha256 in await self._next(Stage.DESTROYED):
            if await self._desk.blobs.is_there(sha256):
                cleared += await self._desk.custody.drop_unreferred(sha256)
        return cleared

    async def _look(self) -> int:
        """The next piece of evidence, all of its bytes; after the last one from the beginning."""
        found = await self._next(Stage.RECEIVED)
        for id, sha256 in found:
            await self._look_at(id, sha256)
        return len(found)

    async def _look_at(self, id: UUID, sha256: str) -> None:
        digests = await self._desk.blobs.look(sha256)
        state, version = await self._desk.kit.log.state(EVIDENCE, id)
        if not isinstance(state, Kept):
            return
        if digests is None or (digests.sha256, digests.sm3) != (state.sha256, state.sm3):
            await self._desk.custody.alarm(id, digests.sha256 if digests else "", "sweep")
        elif state.is_damaged:
            envelope = own_envelope("whole", id, version)
            await self._desk.kit.log.handle(EVIDENCE, id, RecordWhole(at=self._desk.kit.now()), envelope)

    async def _next(self, stage: Stage) -> list[tuple[UUID, str]]:
        """The next one at a stage; after the last one the round begins anew."""
        rows = self._desk.plan.lists.rows.c
        found = await self._found(rows.stage == stage.value, rows.evidence_id > self._after[stage], limit=1)
        self._after[stage] = found[0][0] if found else UUID(int=0)
        return found

    async def _found(self, *conditions: object, limit: int = BATCH) -> list[tuple[UUID, str]]:
        statement = self._desk.plan.lists.ids(*conditions, limit=limit)
        async with self._desk.kit.connection() as connection:
            # The driver's own subclass of UUID must not reach an event.
            return [(UUID(int=id.int), sha256) for id, sha256 in (await connection.execute(statement)).all()]

    def _say(self, done: Round) -> None:
        if done.because != self.last.because or done.scanned or done.lapsed or done.cleared:
            _log.info("evidence.round", service=self._desk.service, **asdict(done))
        self.last = done
