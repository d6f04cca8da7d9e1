"""The recorder: takes note of reads and writes them into the log, in batches.

The one rule: who cannot be put on record does not read. A full queue and a lost database refuse the read (503). A
single thing is on disk before its reader has it; of lists, a kill -9 can lose what came in the last second, and no
more than ``BATCH_READS``, for that many are written at once; an ordinary stop loses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Sequence
from typing import Any

import structlog

from mingjing_kernel.clock import Clock
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.identity import Principal
from mingjing_kernel.log import Envelope, Log, Work
from mingjing_kernel.reads.noted import IDS_MAX, READS, READS_MAX, NoteReads, Read
from mingjing_kernel.refusal import Refusal

BATCH_READS = 500
BATCH_SECONDS = 1.0
QUEUE_READS_MAX = 5_000
RETRY_SECONDS = 1.0
STOP_SECONDS_MAX = 4.0
TEXT_LENGTH_MAX = 500
_logger = structlog.get_logger("mingjing.reads")


class ReadUnrecorded(Refusal):
    """The read cannot be put on record, so it does not take place."""

    status = 503
    sentence = "This cannot be shown at the moment: who reads it must be put on record, and the log is behind."
    remedy = "Ask again in a few seconds; tell the administrator if it goes on."
    rule = "GB/T 22239 8.1.4.3"


class Recorder:
    """Notes reads for one service."""

    def __init__(self, log: Log, now: Clock, home_region: str = "") -> None:
        self._log = log
        self._now = now
        self._home_region = home_region
        self._queue: deque[Read] = deque()
        self._wake, self._full = asyncio.Event(), asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self.noted = 0
        self.because = "nothing restricted was read yet"

    async def note(
        self,
        principal: Principal,
        kind: str,
        *,
        form: str = "item",
        ids: Sequence[str] = (),
        query: str = "",
        count: int = 1,
        purpose: str = "",
        fields: Sequence[str] = (),
    ) -> None:
        """Put a read on record before its answer goes out. Raises ``ReadUnrecorded``, and for a single thing whatever
        keeps it from the log (``LogUnavailable``).
        """
        read = Read(
            at=self._now(),
            reader=principal.subject,
            department=principal.department,
            region=principal.region or self._home_region,
            kind=kind,
            form=form,
            ids=tuple(ids) if len(ids) <= IDS_MAX else (),
            query=query,
            count=count,
            fields=tuple(fields),
            purpose=purpose[:TEXT_LENGTH_MAX],
        )
        if form == "item":
            await self._write([read])
            return
        if len(self._queue) >= QUEUE_READS_MAX:
            _logger.error("reads.refused", waiting=len(self._queue), because=self.because)
            raise ReadUnrecorded
        self._queue.append(read)
        self._wake.set()
        if len(self._queue) >= BATCH_READS:
            self._full.set()

    async def start(self) -> None:
        """Begin to write what is noted."""
        self._task = asyncio.create_task(self._run(), name=f"reads-{self._log.schema}")

    async def stop(self) -> None:
        """Write what waits, then end; what cannot be written in time is said."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._task = None
        try:
            async with asyncio.timeout(STOP_SECONDS_MAX):
                while self._queue:
                    await self._flush()
        except Exception as trouble:  # whatever it was: the loss must be said
            _logger.critical("reads.lost", reads=len(self._queue), reason=f"{type(trouble).__name__}: {trouble}")

    def readiness(self) -> dict[str, Any]:
        """How many were noted, how many wait, and why."""
        return {"noted": self.noted, "waiting": len(self._queue), "because": self.because}

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(BATCH_SECONDS):
                    await self._full.wait()
            self._wake.clear()
            self._full.clear()
            try:
                await self._flush()
            except Exception as trouble:  # they stay in the queue; when it is full, nobody reads any more
                self.because = f"{type(trouble).__name__}: {trouble}"
                _logger.warning("reads.waiting", waiting=len(self._queue), reason=self.because)
                await asyncio.sleep(RETRY_SECONDS)
            if self._queue:
                self._wake.set()

    async def _flush(self) -> None:
        """One batch. What fails, or is cancelled, stays in the queue; noted twice is better than not at all."""
        batch = [self._queue[at] for at in range(min(BATCH_READS, len(self._queue)))]
        if batch:
            await self._write(batch)
            for _ in batch:
                self._queue.popleft()

    async def _write(self, reads: Sequence[Read]) -> None:
        works = [
            Work(READS, new_id(), NoteReads(reads=part), Envelope(command_id=new_id(), actor="system:reads"))
            for part in (tuple(reads[at : at + READS_MAX]) for at in range(0, len(reads), READS_MAX))
        ]
        for result in await self._log.handle_many(works):
            if isinstance(result, Exception):
                raise result
        self.noted += len(reads)
        self.because = ""
