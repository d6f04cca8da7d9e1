"""Checkpoints: at least every minute in which something changed, the log says under its signature what it holds.

The one rule: nothing is signed that does not continue what was signed before. The root is computed from the tiles
and must be the head's, and the last checkpoint must be provably a prefix; otherwise it refuses, loudly.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import asyncpg
import structlog

from mingjing_kernel.audit.note import Checkpoint, NoteMalformed, Signer, parse_note
from mingjing_kernel.audit.tiles import BeyondTheLog, TileMissing, Tiles
from mingjing_kernel.log import Log
from mingjing_kernel.log.merkle import check_consistency, digest_of

INTERVAL_SECONDS = 60.0
Publish = Callable[[bytes], Awaitable[None]]
_log = structlog.get_logger("mingjing.checkpoints")


class HistoryChanged(RuntimeError):
    """The log is not a continuation of what it signed before: it was tampered with. Nothing more is signed."""


@dataclass(frozen=True, slots=True)
class Written:
    """What a round did: the note and its size, or why there is none."""

    size: int
    note: str = ""
    because: str = ""


class Checkpointer:
    """Writes one log's checkpoints for as long as it runs; ``write`` makes one at once."""

    def __init__(
        self, log: Log, signer: Signer, interval: float = INTERVAL_SECONDS, publish: Publish | None = None
    ) -> None:
        self.log = log
        self.signer = signer
        self.interval = interval
        self.last: Written | None = None
        """What the last round did: for the health page."""
        self._publish = publish
        self._unpublished = ""
        self._tiles: Tiles | None = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin; returns at once."""
        self._task = asyncio.create_task(self._run(), name=f"checkpoints-{self.log.schema}")

    async def stop(self) -> None:
        """Stop, after a last checkpoint over what was written since the one before."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        self._task = None
        with contextlib.suppress(OSError, asyncpg.PostgresError, asyncpg.InterfaceError, HistoryChanged, TimeoutError):
            await self.write()

    async def write(self) -> Written:
        """One round: a checkpoint over the committed head, unless nothing changed. Raises ``HistoryChanged``."""
        schema = self.log.schema
        row = await self.log.pool.fetchrow(
            f"""SELECT h.hash, h.position, h.root, c.size, c.note
            FROM "{schema}".head h LEFT JOIN LATERAL
                (SELECT size, note FROM "{schema}".checkpoints ORDER BY size DESC LIMIT 1) c ON true"""
        )
        size, before = row["position"], row["size"]
        if size == 0:
            written = Written(0, because="the log is empty")
        elif before == size:
            written = Written(size, row["note"], because=f"nothing changed since the checkpoint of size {size}")
        else:
            await self._check(row)
            written = await self._store(Checkpoint(self.signer.name, size, row["root"]))
        self._say(written)
        await self._send()
        return written

    async def _check(self, row: Any) -> None:
        """The tree as the tiles have it is the head's, and continues the last checkpoint."""
        tiles = self._tiles = self._tiles or Tiles(self.log.schema, digest_of(row["hash"]))
        size, before = row["position"], row["size"]
        if before is not None and before > size:
            raise HistoryChanged(f"a checkpoint of size {before} was signed, the log ends at {size}")
        try:
            root = await tiles.root(self.log.pool, size)
            if root != row["root"]:
                raise HistoryChanged(f"the head's root at size {size} is not the root of the tiles")
            if before is not None:
                signed = parse_note(row["note"]).checkpoint()
                path = await tiles.consistency(self.log.pool, before, size)
                if not check_consistency(tiles.digest, before, size, signed.root, root, path):
                    raise HistoryChanged(f"the log does not continue the checkpoint of size {before}")
        except (TileMissing, BeyondTheLog, NoteMalformed) as damaged:
            raise HistoryChanged(str(damaged)) from damaged

    async def _store(self, checkpoint: Checkpoint) -> Written:
        note = self.signer.sign(checkpoint).render()
        stored = await self.log.pool.fetchval(
            f"""INSERT INTO "{self.log.schema}".checkpoints (size, note, recorded_at) VALUES ($1, $2, $3)
            ON CONFLICT (size) DO NOTHING RETURNING size""",
            checkpoint.size,
            note,
            self.log.now(),
        )
        if stored is None:
            return Written(checkpoint.size, because="another process was first")
        self._unpublished = note
        return Written(checkpoint.size, note)

    def _say(self, written: Written) -> None:
        if not written.because:
            _log.info("checkpoint.written", schema=self.log.schema, size=written.size)
        elif self.last is None or self.last.because != written.because:
            _log.info("checkpoint.not_written", schema=self.log.schema, because=written.because)
        self.last = written

    async def _send(self) -> None:
        if self._publish is None or not self._unpublished:
            return
        try:
            await self._publish(self._unpublished.encode())
        except Exception as trouble:
            _log.warning("checkpoint.not_published", schema=self.log.schema, reason=str(trouble))
        else:
            self._unpublished = ""

    async def _run(self) -> None:
        while True:
            try:
                await self.write()
            except (
                OSError,
                asyncpg.PostgresError,
                asyncpg.InterfaceError,
                asyncpg.InternalClientError,
                TimeoutError,
            ) as trouble:
                _log.warning("checkpoint.interrupted", schema=self.log.schema, reason=str(trouble))
            except HistoryChanged as changed:
                self.last = Written(0, because=str(changed))
                _log.error("checkpoint.refused", schema=self.log.schema, because=str(changed))
            except Exception:
                _log.exception("checkpoint.failed", schema=self.log.schema)
            await asyncio.sleep(self.interval)


async def latest_checkpoint(connection: Any, schema: str, at_least: int = 0) -> str | None:
    """The newest note whose size is ``at_least`` this, or none."""
    note = await connection.fetchval(
        f'SELECT note FROM "{schema}".checkpoints WHERE size >= $1 ORDER BY size DESC LIMIT 1', at_least
    )
    return None if note is None else str(note)
