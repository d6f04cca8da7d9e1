"""The sealer: packs every closed range of the log into a segment, in the service's process, beside its writing.

The one rule: only what the log committed to is sealed. Each entry is hashed and must be its stored leaf; where one is
not, nothing is sealed there and beyond, loudly, until somebody has looked.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import structlog

from mingjing_kernel.log import database
from mingjing_kernel.log.entry import HEAD_FORMAT, micros
from mingjing_kernel.log.log import Log
from mingjing_kernel.log.merkle import TILE_WIDTH, Digest, digest_of
from mingjing_kernel.log.segments import ENTRIES_BYTES_MAX, SEGMENT_EVENTS, SegmentBroken, pack

IDLE_SECONDS = 1.0
"""Between two looks at a log that grows: nobody waits for a segment."""
REST_SHARE = 3
"""After each segment it rests three times as long as that took: at most a quarter of a core, while people write."""
RETRY_SECONDS = 60.0
STANDBY_SECONDS = 5.0
Seat = Callable[[], Awaitable[str]]
"""Takes the seat, or says why not; an empty string means that it is ours."""
_logger = structlog.get_logger("mingjing.sealer")


class NotTheLog(RuntimeError):
    """A row is not what its leaf says: it was altered, or is gone. Nothing is sealed over it."""


@dataclass(frozen=True, slots=True)
class Sealed:
    """How far the log is sealed, and why no farther."""

    position: int
    because: str = ""


class Sealer:
    """Seals one log's closed ranges for as long as it runs; ``step`` seals one at once."""

    def __init__(self, log: Log, seat: Seat | None = None) -> None:
        self.log = log
        self.last = Sealed(0, "not yet")
        """What the last step did: for the health page."""
        self._seat = seat
        self._at = 0
        """Everything up to here is sealed, or is too large to be."""
        self._told = 0
        self._head = 0
        self._digest: Digest | None = None

    async def step(self) -> bool:
        """Seal the next closed range; false when there is none. Raises ``NotTheLog``."""
        self._head = await self.log.head()
        if self._head >= self._at + SEGMENT_EVENTS:
            self._at = await self._sealed()
        if self._head < self._at + SEGMENT_EVENTS:
            self._say(Sealed(self._at, "no further range is closed yet"))
            return False
        self._digest = self._digest or digest_of(await self._value(f'SELECT hash FROM "{self.log.schema}".head'))
        try:
            heads, bodies = await self._entries(self._digest, self._at)
            await self._store(self._at, *await asyncio.to_thread(_pack, self._digest, heads, bodies))
        except SegmentBroken as too_large:
            _logger.warning("segment.too_large", schema=self.log.schema, first=self._at + 1, because=str(too_large))
        self._at += SEGMENT_EVENTS
        self.last = Sealed(self._at)
        return True

    async def run(self) -> None:
        """Seal whatever closes, until cancelled. Trouble is said and waited for, never raised."""
        while True:
            try:
                await asyncio.sleep(await self._round())
            except NotTheLog as altered:
                self.last = Sealed(self._at, str(altered))
                _logger.error("segment.refused", schema=self.log.schema, because=str(altered))
                await asyncio.sleep(RETRY_SECONDS)
            except Exception as trouble:
                if not database.is_away(trouble):
                    _logger.exception("segment.failed", schema=self.log.schema)
                self.last = Sealed(self._at, f"trying again: {database.in_short(trouble)}")
                await asyncio.sleep(STANDBY_SECONDS)

    async def _round(self) -> float:
        """One step, or a wait for news; returns how long to rest."""
        if self._seat and (because := await self._seat()):
            self._say(Sealed(self._at, because))
            return STANDBY_SECONDS
        began = time.perf_counter()
        if await self.step():
            return REST_SHARE * (time.perf_counter() - began)
        await self.log.wait_beyond(self._head, STANDBY_SECONDS)
        return IDLE_SECONDS

    async def _sealed(self) -> int:
        """The end of the segments that lie end to end from where this sealer stands."""
        return int(
            await self._value(
                f"""SELECT coalesce((SELECT s.first + {SEGMENT_EVENTS - 1} FROM "{self.log.schema}".segments s
                WHERE s.first > $1 AND s.first % {SEGMENT_EVENTS} = 1
                AND EXISTS (SELECT FROM "{self.log.schema}".segments n WHERE n.first = $1 + 1)
                AND NOT EXISTS (SELECT FROM "{self.log.schema}".segments n WHERE n.first = s.first + {SEGMENT_EVENTS})
                ORDER BY s.first LIMIT 1), $1)""",
                self._at,
            )
        )

    async def _entries(self, digest: Digest, after: int) -> tuple[list[bytes], list[bytes]]:
        """Heads and bodies of one range, a tile at a time, so that those who write need not wait for it."""
        heads, bodies, size = list[bytes](), list[bytes](), 0
        for at in range(after, after + SEGMENT_EVENTS, TILE_WIDTH):
            rows = await self.log.pool.fetch(
                f'SELECT * FROM "{self.log.schema}".events WHERE position > $1 AND position <= $2 ORDER BY position',
                at,
                at + TILE_WIDTH,
            )
            size += _take(digest, at, rows, heads, bodies)
            if size > ENTRIES_BYTES_MAX:
                raise SegmentBroken(f"more than {ENTRIES_BYTES_MAX} bytes")
            await asyncio.sleep(0)
        return heads, bodies

    async def _store(self, after: int, payload: bytes, digest: bytes) -> None:
        """Two who seal the same range write the same bytes; the second is not needed."""
        await self.log.pool.execute(
            f"""INSERT INTO "{self.log.schema}".segments (first, last, payload, digest) VALUES ($1, $2, $3, $4)
            ON CONFLICT (first) DO NOTHING""",
            after + 1,
            after + SEGMENT_EVENTS,
            payload,
            digest,
        )

    async def _value(self, query: str, *arguments: Any) -> Any:
        return await self.log.pool.fetchval(query, *arguments)

    def _say(self, sealed: Sealed) -> None:
        """In our own log a line for all that was sealed at a stretch, not one a segment."""
        if sealed.position > self._told:
            _logger.info("segment.sealed", schema=self.log.schema, position=sealed.position)
        elif sealed.because != self.last.because:
            _logger.info("segment.not_sealed", schema=self.log.schema, because=sealed.because)
        self.last, self._told = sealed, sealed.position


def _take(digest: Digest, after: int, rows: Sequence[Any], heads: list[bytes], bodies: list[bytes]) -> int:
    """Adds a tile's entries; returns how many bytes they are."""
    size = 0
    for expected, row in zip(range(after + 1, after + TILE_WIDTH + 1), rows, strict=False):
        position, stream, version, type_, data, meta, occurred_at, recorded_at, leaf = row
        if None in (stream, type_, version, data, meta, occurred_at, recorded_at):
            raise NotTheLog(f"position {expected} has an empty column")
        moments = micros(occurred_at), micros(recorded_at)
        head = HEAD_FORMAT % (position, stream.encode(), version, type_.encode(), *moments, len(data), len(meta))
        body = data + meta
        if position != expected or digest(head + body) != leaf:
            raise NotTheLog(f"position {expected} is not what its leaf says: it was altered, or is missing")
        heads.append(head)
        bodies.append(body)
        size += len(head) + len(body)
    if len(rows) != TILE_WIDTH:
        raise NotTheLog(f"positions after {after} are missing: {len(rows)} of {TILE_WIDTH} are there")
    return size


def _pack(digest: Digest, heads: list[bytes], bodies: list[bytes]) -> tuple[bytes, bytes]:
    payload = pack(heads, bodies)
    return payload, digest(payload)
