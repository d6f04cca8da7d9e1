"""Publishing with many messages under way at once, and an acknowledgement for every one of them.

The one rule: ``send`` returns when JetStream has acknowledged every message, or raises; there is no third end.

nats-py's ``publish_async`` keeps a future, a random token and a semaphore a message, and checks every header with a
regular expression: 8 k messages/s of ours. Here one subscription counts acknowledgements, and messages are written
to the client's buffer a hundred at a time (``_send_command``, ``_flush_pending``: what ``publish`` itself calls; the
broker assumptions watch them).
"""

from __future__ import annotations

import asyncio
from itertools import islice
from typing import TYPE_CHECKING, Any

import msgspec
import structlog
from nats.errors import Error as NatsError

from mingjing_kernel.broker.message import wire_headers

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from nats.aio.client import Client
    from nats.aio.msg import Msg

    from mingjing_kernel.broker.publication import Publication

UNDER_WAY_MAX = 1_000
"""Messages sent and not acknowledged yet: past the knee of the curve, and a bounded loss when the server dies."""
CHUNK_MESSAGES = 100
"""Written at once."""
HEADER_BYTES_MAX = 1_024
ACK_SECONDS_MAX = 5.0
"""Without any acknowledgement for so long, the server is taken for lost."""

_log = structlog.get_logger("mingjing.relay")


class PublishFailed(Exception):
    """JetStream did not take a message: no stream, no room, no answer. Nothing is lost: the cursor stays."""


class Pipeline:
    """Publishes one service's messages over a connected client. ``open`` before use."""

    def __init__(self, client: Client, service: str, bytes_max: int) -> None:
        """``bytes_max``: of one message's body, as the stream takes it."""
        self._client = client
        self._service = service
        self._bytes_max = bytes_max - HEADER_BYTES_MAX
        self._prefix = client.new_inbox()
        self._subscription: Any = None
        self._round = 0
        self._under_way = 0
        self._trouble: str | None = None
        self._news = asyncio.Event()

    async def open(self) -> None:
        """Listen for acknowledgements."""
        self._subscription = await self._client.subscribe(f"{self._prefix}.>", cb=self._on_ack)

    async def close(self) -> None:
        """Stop listening."""
        subscription, self._subscription = self._subscription, None
        if subscription is not None and self._client.is_connected:
            await subscription.unsubscribe()

    async def send(self, publications: Sequence[Publication]) -> int:
        """Publish in order, wait for all acknowledgements, return how many were sent. Raises ``PublishFailed``; then
        any part may be stored, and sending the same again is harmless (``Nats-Msg-Id``).

        A message that is too big for the stream is left out: the next one shows the gap, and consumers fetch it from
        the log over HTTP.
        """
        self._round += 1  # acknowledgements of a round that failed are not counted for this one
        self._under_way, self._trouble = 0, None
        fitting = [item for item in publications if self._fits(item)]
        rest = iter(fitting)
        try:
            while chunk := list(islice(rest, CHUNK_MESSAGES)):
                await self._until_under_way(UNDER_WAY_MAX - len(chunk))
                self._under_way += len(chunk)
                await self._write(b"".join(self._encoded(chunk)))
            await self._until_under_way(0)
        except NatsError as lost:
            raise PublishFailed(f"{type(lost).__name__}: {lost}") from lost
        return len(fitting)

    def _fits(self, item: Publication) -> bool:
        if len(item.data) <= self._bytes_max:
            return True
        _log.warning("relay.too_big_for_the_stream", position=item.position, bytes=len(item.data))
        return False

    def _encoded(self, chunk: list[Publication]) -> Iterator[bytes]:
        service, reply = self._service, f"{self._prefix}.{self._round}"
        for item in chunk:
            lines = wire_headers(service, item.position, item.previous, item.subject, item.time)
            head = f"NATS/1.0\r\n{lines}\r\n".encode()
            size = len(head)
            yield f"HPUB {item.subject} {reply} {size} {size + len(item.data)}\r\n".encode()
            yield head
            yield item.data
            yield b"\r\n"

    async def _write(self, commands: bytes) -> None:
        if not self._client.is_connected:
            raise PublishFailed("the connection to NATS is down")
        await self._client._send_command(commands)
        await self._client._flush_pending()

    async def _until_under_way(self, most: int) -> None:
        while self._under_way > most and self._trouble is None:
            self._news.clear()
            try:
                async with asyncio.timeout(ACK_SECONDS_MAX):
                    await self._news.wait()
            except TimeoutError:
                raise PublishFailed(f"no acknowledgement for {ACK_SECONDS_MAX:g} s") from None
        if self._trouble is not None:
            raise PublishFailed(self._trouble)

    async def _on_ack(self, answer: Msg) -> None:
        if answer.subject != f"{self._prefix}.{self._round}":
            return
        data = answer.data
        if not data or b'"error"' in data:
            self._trouble = _reason(data)
        self._under_way -= 1
        self._news.set()


def _reason(data: bytes) -> str:
    """An empty answer is the server's "no responders": nobody stores this subject."""
    if not data:
        return "no stream takes this subject"
    return str(msgspec.json.decode(data).get("error", {}).get("description", data))
