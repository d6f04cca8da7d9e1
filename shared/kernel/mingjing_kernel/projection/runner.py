"""The runner: keeps the live read models up with the log, and lets readers wait for their own writes.

One runner a service (an advisory lock says so), one checkpoint for all its read models: they are consistent with
each other at every moment. Woken by the scribe and by NOTIFY; a slow poll catches what both missed.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

import msgspec
import structlog

from mingjing_kernel.log.database import connect, in_short
from mingjing_kernel.log.log import Log
from mingjing_kernel.log.schema import read_schema_of
from mingjing_kernel.projection.reached import REFUSED, TROUBLE, Reached
from mingjing_kernel.projection.store import CheckpointMoved, Store

PAGE_EVENTS_MAX = 2_000
RETRY_SECONDS_MAX = 5.0
_log = structlog.get_logger("mingjing.projection")


class Runner(Reached):
    """Folds the log into the live read models for as long as it runs."""

    def __init__(self, log: Log, store: Store) -> None:
        super().__init__(log, store)
        self._connection: Any = None
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin; returns at once."""
        self._task = asyncio.create_task(self._run(), name=f"projection-{self.log.schema}")

    async def stop(self) -> None:
        """Stop after the page at hand."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._connection:
            with contextlib.suppress(*TROUBLE):
                await self._connection.close(timeout=2)

    async def advance(self) -> int:
        """Fold one page; returns how many events it had."""
        page = await self.log.read(self.position, PAGE_EVENTS_MAX, self._connection)
        if page:
            try:
                async with self._connection.transaction():
                    await self.store.apply(self._connection, page)
            except BaseException:
                self.store.forget()
                raise
            self._arrive(page[-1].position)
        return len(page)

    async def _run(self) -> None:
        delay = 0.1
        while True:
            try:
                await self._seize()
                while True:
                    if await self.advance():
                        delay = 0.1  # only now: an event that cannot be folded is met again after each connection
                    else:
                        await self.log.wait_beyond(self.position, 1.0)
            except CheckpointMoved as moved:
                _log.info("projection.checkpoint_moved", schema=self.log.schema, because=str(moved))
            except Exception as trouble:
                self._interrupted(trouble, delay)
            await asyncio.sleep(delay)
            delay = min(delay * 2, RETRY_SECONDS_MAX)

    def _interrupted(self, trouble: Exception, delay: float) -> None:
        """Say whether it is the way to PostgreSQL, which mends itself, or an event, for which somebody must wake."""
        if isinstance(trouble, TROUBLE) and not isinstance(trouble, REFUSED):
            _log.warning("projection.interrupted", schema=self.log.schema, reason=in_short(trouble), seconds=delay)
            return
        self.stuck = f"no event after position {self.position} can be folded: {in_short(trouble)}"
        _log.error("projection.stuck", schema=self.log.schema, after=self.position, exc_info=trouble)

    async def _seize(self) -> None:
        """Become the one runner of this service; wait while another process is, or the tables are not ours."""
        if self._connection is not None:
            self._connection.terminate()
        self._connection = await connect(self.log.url, self.log.schema)
        await use_json(self._connection)
        while because := await self._why_not():
            if because != self.because:
                _log.info("projection.standing_by", schema=self.log.schema, because=because)
                self.because = because
            self.position = await self.store.position(self._connection)
            await asyncio.sleep(1.0)
        self.because = ""
        self.store.forget()
        self.position = await self.store.position(self._connection)

    async def _why_not(self) -> str:
        """Why this process must not fold now; empty when it holds the lock and may."""
        if not await self.store.fits(self._connection):
            return "the tables were made by another release; standing by"
        # Only now: while an upgrade goes on, the lock is for the release that can fold.
        if not await self._connection.fetchval(
            "SELECT pg_try_advisory_lock(hashtext($1))", f"{self.log.schema}.projection"
        ):
            return "another process does this; standing by"
        return ""


async def use_json(connection: Any) -> None:
    """Let jsonb columns come back as lists and dicts."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: msgspec.json.encode(value).decode(),
        decoder=msgspec.json.decode,
    )


def live_store(log: Log, models: Any) -> Store:
    """The store of the live read models."""
    return Store(read_schema_of(log.schema), models)
