"""The relay: reads the log behind its own cursor and publishes what the other services are told.

The one rule: the cursor moves only after JetStream has acknowledged everything up to it. Whatever goes wrong in
between is sent again, under the same message ids, and recognised by the stream and by every inbox.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import asyncpg
import structlog
from nats.errors import Error as NatsError

from mingjing_kernel.broker.pipeline import Pipeline, PublishFailed
from mingjing_kernel.broker.publication import WINDOW_MAX, Outbox
from mingjing_kernel.broker.topology import Topology

if TYPE_CHECKING:
    from mingjing_kernel.broker.broker import Link
    from mingjing_kernel.broker.seat import Seats

IDLE_SECONDS_MAX = 1.0
RETRY_SECONDS_FIRST = 0.1
RETRY_SECONDS_MAX = 10.0
STANDBY_SECONDS = 1.0
SEAT = "relay"

_TROUBLE = (
    PublishFailed,
    NatsError,
    OSError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    TimeoutError,
)
_log = structlog.get_logger("mingjing.relay")


@dataclass(slots=True)
class RelayStatus:
    """What the relay did last, or why it did nothing."""

    active: bool = False
    position: int = 0
    published: int = 0
    sent_total: int = 0
    moved_at: datetime | None = None
    reason: str = "not started"


class CursorMoved(Exception):
    """Another process moved the cursor: it has the seat, not we."""


class Relay:
    """Publishes one service's contracts. ``run`` until cancelled."""

    def __init__(self, outbox: Outbox, link: Link, seats: Seats, topology: Topology | None = None) -> None:
        self._outbox = outbox
        self._link = link
        self._seats = seats
        self._topology = topology or Topology()
        self._log = outbox.log
        self._pipeline: Pipeline | None = None
        self._moving: asyncio.Task[None] | None = None
        self.status = RelayStatus()

    async def run(self) -> None:
        """Relay for ever. Trouble is reported, waited for with a growing delay and overcome, never raised."""
        delay = RETRY_SECONDS_FIRST
        try:
            while True:
                try:
                    if await self._seats.take(SEAT):
                        await self._relay()
                        delay = RETRY_SECONDS_FIRST
                        continue
                    self._say(self._seats.why_not())
                    delay = STANDBY_SECONDS
                except CursorMoved:
                    await self._seats.leave(SEAT)
                    self._say("another process moved the cursor; standing by")
                except _TROUBLE as trouble:
                    self._say(f"trying again in {delay:g} s: {type(trouble).__name__}: {trouble}")
                    await self._close_pipeline()
                await self._stop_moving()
                self.status.active = False
                await asyncio.sleep(delay)
                delay = min(delay * 2, RETRY_SECONDS_MAX)
        finally:
            await self._stop_moving()
            with contextlib.suppress(Exception):
                await self._close_pipeline()
            await self._seats.leave(SEAT)

    async def _relay(self) -> None:
        """Everything from the stored cursor on, until trouble or until the seat is lost."""
        await self._stop_moving()
        await self._open_pipeline()
        row = await self._log.pool.fetchrow(f'SELECT position, published FROM "{self._log.schema}".relay_cursor')
        status = self.status
        status.active, status.position, status.published = True, row["position"], row["published"]
        head = await self._log.head()
        while self._seats.holds(SEAT):
            if self._moving is not None and self._moving.done():
                await self._moved()
            if head > status.position:
                await self._catch_up(head)
            self._say(f"everything up to {status.position} is published")
            head = await self._log.wait_beyond(status.position, IDLE_SECONDS_MAX)

    async def _catch_up(self, head: int) -> None:
        """Window by window up to ``head``; while one waits for its acknowledgements, the next is derived."""
        status = self.status
        upto = min(head, status.position + WINDOW_MAX)
        deriving = asyncio.create_task(self._outbox.between(status.position, upto, status.published))
        try:
            while upto > status.position and self._seats.holds(SEAT):
                here, found = upto, await deriving
                published = found[-1].position if found else status.published
                upto = min(head, here + WINDOW_MAX)
                deriving = asyncio.create_task(self._outbox.between(here, upto, published))
                if found:
                    assert self._pipeline is not None
                    status.sent_total += await self._pipeline.send(found)
                await self._moved()
                self._moving = asyncio.create_task(self._move(status.position, here, published))
                self._say(f"published {len(found)} of {here - status.position} events up to {here}")
                status.position, status.published = here, published
        finally:
            deriving.cancel()
            await asyncio.gather(deriving, return_exceptions=True)

    async def _moved(self) -> None:
        """Wait for the stored cursor, and raise what went wrong with it. The next window need not: it may be on its way
        while the cursor of the one before is written, since what is published again is recognised.
        """
        moving, self._moving = self._moving, None
        if moving is not None:
            await moving

    async def _stop_moving(self) -> None:
        with contextlib.suppress(CursorMoved, *_TROUBLE):
            await self._moved()

    async def _move(self, before: int, position: int, published: int) -> None:
        now = self._log.now()
        moved = await self._log.pool.execute(
            f'UPDATE "{self._log.schema}".relay_cursor SET position = $1, published = $2, moved_at = $3 '
            "WHERE position = $4",
            position,
            published,
            now,
            before,
        )
        if moved != "UPDATE 1":
            raise CursorMoved
        self.status.moved_at = now

    async def _open_pipeline(self) -> None:
        """Connect, and make sure that the stream is there and as it should be."""
        client: Any = await self._link.client()
        await self._topology.ensure_stream(client.jetstream(), self._outbox.service, owner=True)
        if self._pipeline is None:
            pipeline = Pipeline(client, self._outbox.service, self._topology.limits.message_bytes_max)
            await pipeline.open()
            self._pipeline = pipeline

    async def _close_pipeline(self) -> None:
        pipeline, self._pipeline = self._pipeline, None
        if pipeline is not None:
            with contextlib.suppress(NatsError):
                await pipeline.close()

    def _say(self, reason: str) -> None:
        if reason != self.status.reason:
            self.status.reason = reason
            _log.debug("relay", service=self._outbox.service, reason=reason)
