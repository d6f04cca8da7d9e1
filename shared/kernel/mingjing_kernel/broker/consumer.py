"""The consumer: brings a source's messages to the inbox, from JetStream through FastStream, and over HTTP.

The one rule: the broker is the fast way, never the only one. Every few seconds in which nothing came, the source's
log is asked; so a deleted consumer, a deleted stream or a dead broker costs seconds and no message.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import structlog
from faststream import AckPolicy
from faststream.nats import JStream, PullSub
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeout

from mingjing_kernel.broker.broker import strict_warnings
from mingjing_kernel.broker.inbox import BATCH_MAX, NotNow
from mingjing_kernel.broker.message import Incoming, Unaddressed, incoming
from mingjing_kernel.broker.pull import Pull
from mingjing_kernel.broker.topology import Durable, Topology, subjects_of

if TYPE_CHECKING:
    from nats.aio.msg import Msg

    from mingjing_kernel.broker.broker import Link
    from mingjing_kernel.broker.inbox import Inbox
    from mingjing_kernel.broker.seat import Seats

FETCH_SECONDS_MAX = 2.0
"""Of one waiting request; one that a restarted server forgot costs so long."""
POLL_SECONDS = 5.0
STANDBY_SECONDS = 1.0
PAUSE_SECONDS = 0.5
"""After trouble with the server, so that a missing consumer does not make FastStream spin."""

_log = structlog.get_logger("mingjing.consumer")


class Consumer:
    """One source heard by one service. ``declare`` before the broker starts; ``run`` until cancelled."""

    def __init__(
        self,
        inbox: Inbox,
        durable: Durable,
        link: Link,
        seats: Seats,
        topology: Topology | None = None,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._inbox = inbox
        self._durable = durable
        self._link = link
        self._seats = seats
        self._topology = topology or Topology()
        self._poll_seconds = poll_seconds
        self._seat = f"inbox/{durable.source}"
        self._subscriber = self._declare()
        self.broker_reason = "not started"

    @property
    def is_active(self) -> bool:
        """Whether this process is the one that applies this source's messages."""
        return self._seats.holds(self._seat)

    def readiness(self) -> dict[str, Any]:
        """What an operator wants to see: how far, how far behind, and why."""
        status = self._inbox.status
        return {
            "source": status.source,
            "active": self.is_active,
            "position": status.position,
            "lag": status.lag,
            "applied_total": status.applied_total,
            "parked_total": status.parked_total,
            "applied_at": status.applied_at,
            "reason": status.reason,
            "broker": self.broker_reason,
        }

    async def run(self) -> None:
        """Hear the source for ever; trouble is reported and overcome. Raises ``TopologyDrift`` alone."""
        tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._poll())]
        try:
            done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
            for task in done:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with contextlib.suppress(NatsError, OSError):
                await self._subscriber.stop()
            await self._seats.leave(self._seat)

    async def _poll(self) -> None:
        while True:
            if await self._take_seat():
                before = self._inbox.status.position
                with contextlib.suppress(NotNow):
                    await self._inbox.catch_up()
                await self._quiet(before)
            else:
                await asyncio.sleep(STANDBY_SECONDS)

    async def _take_seat(self) -> bool:
        if self.is_active:
            return True
        if not await self._seats.take(self._seat):
            self.broker_reason = self._seats.why_not()
            return False
        self._inbox.forget_cursor()
        return True

    async def _quiet(self, position: int) -> None:
        """Return when nothing was applied for a whole interval: then the log is asked."""
        while True:
            await asyncio.sleep(self._poll_seconds)
            if self._inbox.status.position == position or not self.is_active:
                return
            position = self._inbox.status.position

    async def _listen(self) -> None:
        """Start the subscription as soon as the server is there and has what it needs."""
        while True:
            try:
                await self._ensure()
                await self._subscriber.start()
                self._subscriber.subscription = PromptPull(Pull(self._subscriber.subscription), self)
                return
            except (NatsError, OSError, TimeoutError) as trouble:
                self._trouble(trouble)
                await asyncio.sleep(PAUSE_SECONDS)

    async def _ensure(self) -> None:
        client = await self._link.client()
        await self._topology.ensure(client.jetstream(), self._durable)
        self.broker_reason = "listening"

    async def gate(self, seconds: float) -> bool:
        """Wait for the seat, up to ``seconds``: who does not apply messages must not take them either."""
        if self.is_active:
            return True
        await asyncio.sleep(min(seconds, STANDBY_SECONDS))
        return self.is_active

    async def mend(self, trouble: Exception) -> None:
        """A fetch failed: say so, pause, and make sure that what we bind to exists."""
        self._trouble(trouble)
        await asyncio.sleep(PAUSE_SECONDS)
        try:
            await self._ensure()
        except (NatsError, OSError, TimeoutError) as still:
            self._trouble(still)

    def _declare(self) -> Any:
        with strict_warnings():
            subscriber = self._link.broker.subscriber(
                subjects_of(self._durable.source),
                stream=JStream(self._durable.stream, declare=False),  # a declared stream loses its limits
                durable=self._durable.name,
                pull_sub=PullSub(batch=True, batch_size=BATCH_MAX, timeout=FETCH_SECONDS_MAX),
                ack_policy=AckPolicy.MANUAL,
                inbox_prefix=self._link.inbox,
                decoder=_untouched,
                title=self._durable.title,
            )
            subscriber(self._hear)
        return subscriber

    async def _hear(self, batch: list[Msg]) -> None:
        """Apply, then acknowledge: the consumer acknowledges everything before a message with it, so the one that
        JetStream stored last settles the batch.
        """
        try:
            await self._inbox.receive(self._readable(batch))
        except NotNow as later:
            for raw in batch:
                await raw.nak(delay=later.seconds)
            return
        await max(batch, key=_sequence).ack()

    def _readable(self, batch: list[Msg]) -> list[Incoming]:
        found = []
        for raw in batch:
            try:
                found.append(incoming(self._durable.source, raw.subject, raw.headers, raw.data))
            except Unaddressed as stranger:
                # It has no place in the source's log, so there is nothing to catch up or to park under.
                _log.warning("consumer.stranger", subject=raw.subject, reason=str(stranger))
        return found

    def _trouble(self, trouble: Exception) -> None:
        reason = f"{type(trouble).__name__}: {str(trouble) or 'no answer in time'}"
        if reason != self.broker_reason:
            self.broker_reason = reason
            _log.warning("consumer.broker_trouble", consumer=self._durable.name, reason=reason)


class PromptPull:
    """A pull subscription as FastStream drives it, made prompt and patient.

    FastStream's batch loop asks again until the batch is full or its time is over, which would hold one message back
    for seconds; here the second request of a round ends the round. And where the server answers at once that the
    consumer is gone, FastStream would ask again at once; here the consumer is mended, and time passes.
    """

    def __init__(self, pull: Pull, consumer: Consumer) -> None:
        self._pull = pull
        self._consumer = consumer

    async def fetch(self, batch: int, timeout: float | None) -> list[Msg]:
        """Messages, at least one, or ``TimeoutError``: nothing else reaches FastStream."""
        seconds = timeout or FETCH_SECONDS_MAX
        if batch < BATCH_MAX or not await self._consumer.gate(seconds):
            raise NatsTimeout
        try:
            return await self._pull.fetch(batch, seconds)
        except TimeoutError:  # nats-py's own, or Python's bare one, which is an OSError too
            raise NatsTimeout from None
        except (NatsError, OSError) as trouble:
            self._pull.forget()
            task = asyncio.current_task()
            if task is not None and task.cancelling():  # nats-py turns a cancellation into "connection closed"
                raise asyncio.CancelledError from trouble
            await self._consumer.mend(trouble)
            raise NatsTimeout from trouble

    async def unsubscribe(self) -> None:
        """Pass it on."""
        with contextlib.suppress(NatsError):
            await self._pull.unsubscribe()


async def _untouched(message: Any) -> Any:
    """Decoding is ours: the inbox reads bytes, and only those of messages that somebody reacts to."""
    return message.raw_message


def _sequence(raw: Msg) -> int:
    return int(raw.metadata.sequence.stream)
