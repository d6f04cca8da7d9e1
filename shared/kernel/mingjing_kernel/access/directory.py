"""The access directory: who may do what, in memory, folded from the service's own log.

It is read from the streams of persons at the start and follows the log from there. What this process writes is in it
before the next request is decided; what another process of the same service writes is in it as soon as its NOTIFY
arrives (milliseconds), or after ``POLL_SECONDS`` of the log where the notification was lost.

The one rule: it fails closed. While it has not been read, or could not look at the log for ``STALE_SECONDS_MAX``, it
answers with ``AccessNotRead``: neither "everything" nor "nothing".
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

import structlog

from mingjing_kernel.access.facts import FACTS, Fact
from mingjing_kernel.access.refusals import AccessNotRead
from mingjing_kernel.access.standing import Standing
from mingjing_kernel.log.database import in_short
from mingjing_kernel.log.log import Log

STALE_SECONDS_MAX = 30.0
BREATH_SECONDS = 0.02
"""Between two looks: a log that takes thousands of facts a second is not asked for each of them."""
LOOK_SECONDS = 1.0
RETRY_SECONDS_MAX = 5.0
PAGE_FACTS = 5_000
_log = structlog.get_logger("mingjing.access")


class Directory:
    """Follows one log for as long as it runs. A log that holds no facts about access has an empty one, always ready."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._nouns = sorted({one.noun for one in log.aggregates if _names(one)})
        self._names = sorted({name for one in log.aggregates for name in _names(one)})
        self.standing = Standing()
        self.position = 0
        """Of the log: everything up to here is in ``standing``."""
        self._written = 0
        self._is_read = not self._names
        self._seen_at = 0.0
        self._because = "not read yet"
        self._turn = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        for aggregate in log.aggregates:
            if _names(aggregate):
                log.watch(aggregate, self._note_written)

    async def start(self) -> None:
        """Read what is there, then follow. A log that cannot be read is tried again; until then nobody is let in."""
        if not self._names:
            return
        with contextlib.suppress(Exception):
            await self._look(await self._log.head())
        self._task = asyncio.create_task(self._follow(), name=f"access-{self._log.schema}")

    async def stop(self) -> None:
        """Let nobody in any more."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._is_read, self._because = False, "the service is ending"

    async def current(self) -> Standing:
        """How things stand now, with all that this process wrote. Raises ``AccessNotRead``."""
        if self._written > self.position:
            await self._look(self._written)
        if not self._is_read:
            raise AccessNotRead(reason=self._because)
        if self._task is not None and time.monotonic() - self._seen_at > STALE_SECONDS_MAX:
            raise AccessNotRead(reason=f"its log could not be looked at for {STALE_SECONDS_MAX:g} s")
        return self.standing

    async def said_since(self, connection: Any, position: int) -> list[Fact]:
        """What was said after a position, as a transaction sees it: for what must still be so at its commit."""
        rows = await connection.fetch(
            f'SELECT type, data FROM "{self._log.schema}".events WHERE position > $1 AND type = ANY($2::text[]) '
            "ORDER BY position",
            position,
            self._names,
        )
        return [self._log.decode(row["type"], row["data"]) for row in rows]

    def readiness(self) -> dict[str, Any]:
        """How far it got, for the health page."""
        standing = self.standing
        return {
            "is_read": self._is_read,
            "position": self.position,
            "grants": len(standing.grants),
            **({} if self._is_read else {"because": self._because}),
        }

    def _note_written(self, position: int) -> None:
        self._written = max(self._written, position)

    async def _follow(self) -> None:
        delay = 0.1
        while True:
            try:
                head = (
                    await self._log.wait_beyond(self.position, LOOK_SECONDS)
                    if self._is_read
                    else await self._log.head()
                )
                await self._look(head)
                delay = 0.1
                await asyncio.sleep(BREATH_SECONDS)
            except Exception as trouble:  # whatever it was: who stops following would decide on old grants for ever
                self._because = in_short(trouble)
                _log.warning("access.not_followed", schema=self._log.schema, reason=self._because, seconds=delay)
                await asyncio.sleep(delay)
                delay = min(delay * 2, RETRY_SECONDS_MAX)

    async def _look(self, head: int) -> None:
        """Everything up to ``head`` is in the standing afterwards; one at a time, in order."""
        async with self._turn:
            if not self._is_read:
                await self._read(head)
            while self.position < head and await self._page(head):
                continue
            self._seen_at = time.monotonic()

    async def _read(self, head: int) -> None:
        """At the start: by the streams, through the index on them, so that a long log costs nothing."""
        began, standing = time.monotonic(), Standing()
        ranges = " OR ".join(f"(stream >= '{noun}-' AND stream < '{noun}.')" for noun in self._nouns)
        rows = await self._log.pool.fetch(
            f'SELECT type, data FROM "{self._log.schema}".events WHERE ({ranges}) AND position <= $1 '
            "AND type = ANY($2::text[]) ORDER BY position",
            head,
            self._names,
        )
        for row in rows:
            standing.apply(self._log.decode(row["type"], row["data"]))
        self.standing, self.position, self._is_read = standing, head, True
        seconds = round(time.monotonic() - began, 3)
        _log.info("access.read", schema=self._log.schema, facts=len(rows), grants=len(standing.grants), seconds=seconds)

    async def _page(self, head: int) -> bool:
        """The next facts up to ``head``; whether there may be more."""
        rows = await self._log.pool.fetch(
            f'SELECT position, type, data FROM "{self._log.schema}".events WHERE position > $1 AND position <= $2 '
            f"AND type = ANY($3::text[]) ORDER BY position LIMIT {PAGE_FACTS}",
            self.position,
            head,
            self._names,
        )
        for row in rows:
            self.standing.apply(self._log.decode(row["type"], row["data"]))
            self.position = row["position"]
        if len(rows) == PAGE_FACTS:
            return True
        self.position = head
        return False


def _names(aggregate: Any) -> list[str]:
    """Stored names of facts about access among those of an aggregate."""
    return [name for name, kind in aggregate.codec.types.items() if kind in FACTS]
