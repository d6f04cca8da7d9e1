"""How far the read models are, and those who wait for them to get further."""

from __future__ import annotations

import asyncio
import contextlib
import time

import asyncpg

from mingjing_kernel.log.log import Log
from mingjing_kernel.projection.store import Store
from mingjing_kernel.refusal import Refusal

TROUBLE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, TimeoutError)
"""What PostgreSQL and the way to it can do to a connection."""
REFUSED = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, asyncpg.ProgramLimitExceededError)
"""What PostgreSQL says of rows that it cannot take; it says the same each time."""
WAIT_SECONDS_MAX = 5.0
ASK_SECONDS = 0.25


class NotThereYet(Refusal):
    """The read model did not reach the position in time. Told to readers: of their own last write, or of the past."""

    sentence = "The list has not caught up with the log yet."
    remedy = "What was answered with success is safe. Read again in a few seconds."
    status = 503


class ListsBehind(Refusal):
    """A write is decided on lists that did not reach the head in time."""

    # An import may have taken its first rows by then: not completed, and harmless to repeat, holds for every write.
    sentence = "The lists that this request is decided on are behind the log at the moment, so it was not completed."
    remedy = "Send the same request again in a few seconds: nothing is carried out twice."
    status = 503


class Reached:
    """The position that the live read models show, as far as this process knows."""

    def __init__(self, log: Log, store: Store) -> None:
        self.log = log
        self.store = store
        self.position = 0
        self.because = ""
        """Why this process does not do what it is there for; empty while it does."""
        self.stuck = ""
        """Which event stops the lists, and by what error; empty while none does. Waiting does not mend it."""
        self._waiting: set[asyncio.Event] = set()

    async def start(self) -> None:
        """Begin; returns at once."""
        raise NotImplementedError

    async def stop(self) -> None:
        """End."""
        raise NotImplementedError

    async def wait_for(self, position: int, seconds: float = WAIT_SECONDS_MAX) -> None:
        """Return when the read models show ``position``. Raises ``NotThereYet`` after ``seconds``."""
        deadline = time.monotonic() + seconds
        while self.position < position:
            left = deadline - time.monotonic()
            if left <= 0:
                raise NotThereYet
            event = asyncio.Event()
            self._waiting.add(event)
            try:
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(min(left, ASK_SECONDS)):
                        await event.wait()
            finally:
                self._waiting.discard(event)
            if not event.is_set():
                await self._nothing_heard()

    async def _nothing_heard(self) -> None:
        """Somebody waits and nothing came for a while."""

    def _arrive(self, position: int) -> None:
        self.position, self.stuck = position, ""
        for event in self._waiting:
            event.set()
