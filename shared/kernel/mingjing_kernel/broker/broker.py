"""The one module that makes FastStream brokers: nothing about NATS is left to a default that loses facts.

The one rule: no other file calls ``NatsBroker(...)`` in the product (an architecture test sees to it). Deliveries are
settled by the inbox, by hand; the broker-wide policy is the safe one for whatever else somebody may subscribe.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import warnings
from typing import TYPE_CHECKING, Any

import nats
from faststream import AckPolicy
from faststream.nats import NatsBroker
from faststream.nats.security import NatsSecurity
from nats.errors import ConnectionClosedError
from nats.errors import Error as NatsError

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncIterator, Iterator

    from nats.js import JetStreamContext

    from mingjing_kernel.broker.topology import Operator

CONNECT_SECONDS_MAX = 5
RECONNECT_WAIT_SECONDS = 1
RECONNECT_ATTEMPTS_FOR_EVER = -1
"""A relay that gives up after 60 tries is a relay that somebody must restart at night."""
PING_SECONDS = 20
PINGS_MISSED_MAX = 2
DRAIN_SECONDS_MAX = 10
GRACE_SECONDS_MAX = 15.0
PENDING_BYTES_MAX = 16 * 1024 * 1024
"""Of what waits to be written to the socket; the relay's window keeps it far below."""


def make_broker(url: str, name: str, *, description: str = "", tls: ssl.SSLContext | None = None) -> NatsBroker:
    """A broker for one service, not connected yet. ``name`` is what the server's monitoring shows, and what begins the
    subjects on which it is answered: so the server can keep one service from reading another's answers.

    ``url`` may name several servers, divided by commas. ``tls`` for servers with a certificate of our own authority.
    """
    with strict_warnings():
        return NatsBroker(
            url.split(",") if "," in url else url,
            name=name,
            inbox_prefix=inbox_prefix(name),
            security=NatsSecurity(ssl_context=tls) if tls is not None else None,
            allow_reconnect=True,
            connect_timeout=CONNECT_SECONDS_MAX,
            reconnect_time_wait=RECONNECT_WAIT_SECONDS,
            max_reconnect_attempts=RECONNECT_ATTEMPTS_FOR_EVER,
            ping_interval=PING_SECONDS,
            max_outstanding_pings=PINGS_MISSED_MAX,
            drain_timeout=DRAIN_SECONDS_MAX,
            graceful_timeout=GRACE_SECONDS_MAX,
            pending_size=PENDING_BYTES_MAX,
            # The default rejects (JetStream: forgets) a message after one exception.
            ack_policy=AckPolicy.NACK_ON_ERROR,
            # Handlers get what they ask for by hand; no signature is inspected, no body converted on the way.
            apply_types=False,
            logger=logging.getLogger("mingjing.broker"),
            log_level=logging.DEBUG,
            description=description or None,
        )


def inbox_prefix(name: str) -> str:
    """What the subjects begin with on which a client is answered."""
    return f"_INBOX.{name}"


def make_operator(url: str, tls: ssl.SSLContext | None = None) -> Operator:
    """Connects as the user that makes streams and consumers, and only while there is something to make."""

    @contextlib.asynccontextmanager
    async def connected() -> AsyncIterator[JetStreamContext]:
        client = await nats.connect(
            url.split(","),
            name="mingjing-operator",
            connect_timeout=CONNECT_SECONDS_MAX,
            allow_reconnect=False,
            inbox_prefix=inbox_prefix("mingjing-operator"),
            tls=tls,
        )
        try:
            yield client.jetstream()
        finally:
            await client.close()
            await asyncio.sleep(0)  # its socket closes in the next round of the loop

    return connected


@contextlib.contextmanager
def strict_warnings() -> Iterator[None]:
    """FastStream says "this option has no effect" as a ``RuntimeWarning``: here it is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        yield


class Link:
    """A service's one connection to NATS, made when it is first needed and shared by its relay and its consumers."""

    def __init__(self, broker: NatsBroker, name: str = "") -> None:
        """``name`` as ``make_broker`` got it: FastStream gives pulls an inbox of its own unless it is told ours."""
        self.broker = broker
        self.inbox = f"{inbox_prefix(name) if name else '_INBOX'}.".encode()
        self._lock = asyncio.Lock()
        self._client: Any = None
        self._is_closing = False

    async def client(self) -> Any:
        """The nats-py client, connected; waits as long as the server is away. Raises once the link is being closed:
        a part that still wants to talk must not open it again.
        """
        if self._is_closing:
            raise ConnectionClosedError
        async with self._lock:  # two callers at once would open two connections and lose one
            self._client = await self.broker.connect()
        return self._client

    async def close(self) -> None:
        """Let running handlers finish, then disconnect."""
        self._is_closing = True
        with contextlib.suppress(NatsError):  # a connection that is just being made again cannot be drained
            await self.broker.stop()
        if self._client is not None and not self._client.is_closed:
            await self._client.close()
