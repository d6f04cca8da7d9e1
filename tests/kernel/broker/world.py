"""The toy services on real servers: what each test of the broker starts from."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI
from nats.js import JetStreamContext

from kernel.broker.toy import COUNTER, INBOUND, OUTBOUND, TALLY, TALLY_ID, Services, Tally, make_schema
from mingjing_kernel.broker.broker import Link, make_broker
from mingjing_kernel.broker.catchup import HttpSource, make_catchup_router
from mingjing_kernel.broker.consumer import Consumer
from mingjing_kernel.broker.inbox import Inbox
from mingjing_kernel.broker.parked_message import PARKED_MESSAGE
from mingjing_kernel.broker.parking import Parking
from mingjing_kernel.broker.publication import Outbox
from mingjing_kernel.broker.reacting import Reactions
from mingjing_kernel.broker.relay import Relay
from mingjing_kernel.broker.seat import Seats
from mingjing_kernel.broker.topology import Durable
from mingjing_kernel.http.app import take_in
from mingjing_kernel.log import Log

DEADLINE_SECONDS = 20.0
POLL_SECONDS = 0.2
"""Of the consumers under test; the product's is 5."""


async def until(condition: Callable[[], bool | Awaitable[bool]], what: str = "") -> None:
    """Wait for a condition, with a deadline."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while True:
        answer = condition()
        if await answer if not isinstance(answer, bool) else answer:
            return
        assert time.monotonic() < deadline, f"not within {DEADLINE_SECONDS:g} s: {what or condition}"
        await asyncio.sleep(0.01)


@dataclass
class World:
    """Two logs in one database, a broker, and whatever a test starts."""

    url: str
    nats_url: str
    source: Log
    target: Log
    services: Services
    outbox: Outbox
    http: httpx.AsyncClient
    reactions: Reactions
    http_requests: list[str] = field(default_factory=list)
    _stack: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)

    def link(self, name: str) -> Link:
        link = Link(make_broker(self.nats_url, name))
        self._stack.push_async_callback(link.close)
        return link

    async def jetstream(self) -> JetStreamContext:
        """To look at the server, or to spoil it."""
        js: JetStreamContext = (await self.link("test").client()).jetstream()
        return js

    def running(self, work: Awaitable[None]) -> asyncio.Task[None]:
        task = asyncio.ensure_future(work)

        async def end() -> None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

        self._stack.push_async_callback(end)
        return task

    def seats(self, log: Log) -> Seats:
        seats = Seats(log)
        self._stack.push_async_callback(seats.close)
        return seats

    async def relay(self) -> Relay:
        relay = Relay(self.outbox, self.link("relay"), self.seats(self.source))
        self.running(relay.run())
        return relay

    def inbox(self, **settings: Any) -> Inbox:
        settings.setdefault("retry_seconds_first", 0.02)
        return Inbox(
            self.target, "source", self.reactions, HttpSource(self.http, "source", "http://source"), **settings
        )

    async def consumer(self, *, poll_seconds: float = POLL_SECONDS, **settings: Any) -> Consumer:
        consumer = Consumer(
            self.inbox(**settings),
            Durable("source", "target"),
            self.link("consumer"),
            self.seats(self.target),
            poll_seconds=poll_seconds,
        )
        self.running(consumer.run())
        return consumer

    def parking(self) -> Parking:
        return Parking(self.target, {"source": self.reactions})

    async def tally(self) -> Tally:
        state: Tally = (await self.target.state(TALLY, TALLY_ID))[0]
        return state

    async def heard(self, *amounts: int) -> None:
        """Wait until exactly these amounts were recorded, in this order."""
        wanted = tuple(amounts)

        async def complete() -> bool:
            return len((await self.tally()).amounts) >= len(wanted)

        await until(complete, f"{len(wanted)} amounts")
        assert (await self.tally()).amounts == wanted

    async def cursor(self) -> int:
        return await self.target.pool.fetchval("SELECT position FROM target.inbox_cursors WHERE source = 'source'") or 0


@contextlib.asynccontextmanager
async def make_world(url: str, nats_url: str) -> AsyncIterator[World]:
    await make_schema(url, "source", "target")
    source, target = Log(url, "source", [COUNTER]), Log(url, "target", [TALLY, PARKED_MESSAGE])
    await source.start()
    await target.start()
    outbox = Outbox(source, "source", OUTBOUND)
    app = FastAPI()
    take_in(app, make_catchup_router(outbox, lambda: None), "/source/v1")
    requests: list[str] = []

    async def note(request: httpx.Request) -> None:
        requests.append(str(request.url))

    services = Services(target)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app), base_url="http://source", event_hooks={"request": [note]}
    ) as http:
        reactions = Reactions("source", INBOUND, services)
        world = World(url, nats_url, source, target, services, outbox, http, reactions, requests)
        try:
            yield world
        finally:
            await world._stack.aclose()
            await target.stop()
            await source.stop()
