"""The self-verifier: once a day it lets a process of its own compute the whole log again, and records what came out.

The one rule: it never gets in the way. The process is niced, alone and bounded in memory, the first run waits some
minutes after a start, and one of several processes holds the seat; but that it did not run is recorded too.
"""

from __future__ import annotations

import asyncio
import os
import resource
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from mingjing_kernel.audit.note import VerifierKey
from mingjing_kernel.audit.self_standing import STREAM_ID, Standing, standing
from mingjing_kernel.audit.self_verification import (
    SELF_VERIFICATION,
    Command,
    Found,
    RecordNoVerification,
    RecordVerification,
)
from mingjing_kernel.audit.verify import Verified, verify
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope, Log
from mingjing_kernel.workers import workers

EVERY = timedelta(hours=24)
AGAIN_AFTER = timedelta(hours=1)
"""After a run that could not take place."""
LOOK_SECONDS = 60.0
RUN_SECONDS_MAX = 6 * 3_600.0
NICENESS = 19
BECAUSE_LENGTH_MAX = 500
Seat = Callable[[], Awaitable[str]]
"""Takes the seat, or says why not; an empty string means that it is ours."""
Notes = Callable[[], Awaitable[Sequence[str]]]
"""What the witnesses hold of this log, as far as they answer."""
_logger = structlog.get_logger("mingjing.self_verifier")


@dataclass(frozen=True, slots=True)
class Assignment:
    """What the process needs to know."""

    url: str
    schema: str
    keys: tuple[VerifierKey, ...]
    witnessed: tuple[str, ...]
    memory_bytes_max: int


class SelfVerifier:
    """Verifies one log for as long as it runs; ``verify_now`` does it at once."""

    def __init__(
        self,
        log: Log,
        keys: Callable[[], tuple[VerifierKey, ...]],
        notes: Notes,
        seat: Seat,
        *,
        first_seconds: float,
        memory_mib: int,
    ) -> None:
        self.log = log
        self.because = "the first run waits some minutes after the start"
        self._keys = keys
        self._notes = notes
        self._seat = seat
        self._first_seconds = first_seconds
        self._memory_bytes_max = memory_mib * 1024 * 1024

    async def run(self) -> None:
        """Verify whenever a day has passed, until cancelled. Trouble is said and waited for, never raised."""
        await asyncio.sleep(self._first_seconds)
        while True:
            try:
                self.because = await self._seat() or await self._step()
            except Exception as trouble:  # the database is away: the reader sees the age, and it is tried again
                self.because = f"{type(trouble).__name__}: {trouble}"
                _logger.warning("self_verifier.interrupted", schema=self.log.schema, reason=self.because)
            await asyncio.sleep(LOOK_SECONDS)

    async def verify_now(self) -> Standing:
        """One run, on record. What it found is an event; that it could not run is one too."""
        _logger.info("self_verifier.started", schema=self.log.schema)
        try:
            async with asyncio.timeout(RUN_SECONDS_MAX):
                verified = await self._verified()
        except Exception as failed:
            because = f"{type(failed).__name__}: {failed}"[:BECAUSE_LENGTH_MAX]
            _logger.error("self_verifier.failed", schema=self.log.schema, because=because)
            await self._record(RecordNoVerification(because=because, at=self.log.now()))
        else:
            say = _logger.info if verified.is_clean else _logger.critical
            say("self_verifier.ended", schema=self.log.schema, size=verified.size, findings=len(verified.findings))
            await self._record(_recorded(verified, self.log.now()))
        return await standing(self.log, self.log.now())

    async def _step(self) -> str:
        now = self.log.now()
        seen = await standing(self.log, now)
        if seen.at is not None and now - seen.at < EVERY:
            return f"the last run ended at {seen.at.isoformat()}; once a day is enough"
        if seen.failed_at is not None and now - seen.failed_at < AGAIN_AFTER:
            return f"the last run could not take place ({seen.failed_because}); it is tried again within the hour"
        if await self.log.head() == 0:
            return "the log is empty"
        await self.verify_now()
        return ""

    async def _verified(self) -> Verified:
        notes = tuple(await self._notes())  # before the log itself: they must not be newer than it
        task = Assignment(self.log.url, self.log.schema, self._keys(), notes, self._memory_bytes_max)
        with workers(1, "spawn") as pool:
            return await asyncio.wrap_future(pool.submit(verify_alone, task))

    async def _record(self, command: Command) -> None:
        envelope = Envelope(command_id=new_id(), actor="system:self-verification")
        await self.log.handle(SELF_VERIFICATION, STREAM_ID, command, envelope)


def verify_alone(task: Assignment) -> Verified:
    """In a process of its own: last in line for the processor, and within its memory."""
    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_DATA, (task.memory_bytes_max, task.memory_bytes_max))
    return verify(task.url, task.schema, task.keys, witnessed=task.witnessed, processes=1)


def _recorded(verified: Verified, at: datetime) -> RecordVerification:
    return RecordVerification(
        size=verified.size,
        root=verified.root.hex(),
        checkpoints=verified.checkpoints,
        witnessed=verified.witnessed,
        are_signatures_checked=verified.signatures_checked,
        findings=tuple(Found(code=one.code, zh=one.zh, en=one.en) for one in verified.findings),
        duration_milliseconds=int(verified.seconds * 1_000),
        at=at,
    )
