"""Pulling from JetStream with one request always open: what has come is taken at once, what comes next is on its way.

nats-py's ``fetch`` asks twice for every batch and makes a task, a timer and a random name for each message: a third of
what an inbox costs. Here a request for many messages stays open until they have come or its time is over, and a batch
is whatever lies in the subscription's queue (``_pending_queue``, ``_pending_size``, ``_nms``, ``_deliver``: what
``fetch`` itself reads; the broker assumptions watch them).

The one rule: a request that may be lost is forgotten when its time is over, so nothing here waits for ever.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import msgspec
from nats.errors import Error as NatsError
from nats.errors import TimeoutError as NatsTimeout

if TYPE_CHECKING:
    from nats.aio.msg import Msg

STATUS = "Status"
TIME_OVER = ("404", "408")
"""No messages; the request's time is over."""


class RequestEnded(NatsError):
    """The server ended a request before its time: the consumer was deleted, or a leader changed, or nobody answers."""


class Pull:
    """One durable's messages, by a subscription as ``JetStreamContext.pull_subscribe`` makes it."""

    def __init__(self, subscription: Any) -> None:
        self._subscription = subscription
        self._inbox: Any = subscription._sub
        self._left = 0
        self._ends = 0.0
        self._trouble: RequestEnded | None = None

    async def fetch(self, most: int, seconds: float) -> list[Msg]:
        """At least one message, at most ``most``. Raises ``NatsTimeout`` after ``seconds``, ``RequestEnded``."""
        deadline = time.monotonic() + seconds
        while True:
            if found := self._taken(most):
                return found
            if trouble := self._trouble:
                self._trouble = None
                raise trouble
            now = time.monotonic()
            if now >= deadline:
                raise NatsTimeout
            if self._left <= 0 or now >= self._ends:
                await self._ask(most, seconds)
            try:
                first = await self._inbox.next_msg(timeout=max(0.001, min(deadline, self._ends) - now))
            except TimeoutError:
                continue
            if self._is_message(first):
                return [first, *self._taken(most - 1)]

    def forget(self) -> None:
        """After trouble: whatever was asked for may not come."""
        self._left = 0

    async def unsubscribe(self) -> None:
        """Stop; an open request dies with its time."""
        await self._subscription.unsubscribe()

    async def _ask(self, most: int, seconds: float) -> None:
        self._left, self._ends = most, time.monotonic() + seconds
        request = msgspec.json.encode({"batch": most, "expires": int(seconds * 1_000_000_000)})
        await self._subscription._nc.publish(self._subscription._nms, request, self._subscription._deliver)

    def _taken(self, most: int) -> list[Msg]:
        """What lies there already."""
        queue, found = self._inbox._pending_queue, list[Any]()
        while len(found) < most and not queue.empty():
            message = queue.get_nowait()
            self._inbox._pending_size -= len(message.data)
            if self._is_message(message):
                found.append(message)
        return found

    def _is_message(self, message: Msg) -> bool:
        """Whether it is one, or the server's word on a request. A bad word waits until what came before is taken."""
        status = (message.headers or {}).get(STATUS) if not message.data else None
        if status is None:
            self._left -= 1
            return True
        self._left = 0
        if status not in TIME_OVER:
            self._trouble = RequestEnded(f"{status} {(message.headers or {}).get('Description', '')}".strip())
        return False
