"""The follower: knows how far the read models are that another process of the service folds.

The one rule: NOTIFY makes it prompt, the checkpoint makes it right. A word that was missed costs a quarter of a second.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

import structlog

from mingjing_kernel.log.database import connect, in_short
from mingjing_kernel.projection.reached import ASK_SECONDS, TROUBLE, Reached

RETRY_SECONDS = 1.0
LOOK_SECONDS = 5.0
STUCK_SECONDS = 60.0
"""How long the lists may stand still behind the log, until whoever asks for this process's health is told."""
_log = structlog.get_logger("mingjing.projection")


class Follower(Reached):
    """Hears of each page that the runner elsewhere has folded."""

    _task: asyncio.Task[None] | None = None
    _asking: asyncio.Task[None] | None = None
    _looked_at = -1
    _since = 0.0

    async def start(self) -> None:
        """Begin; returns at once."""
        self._task = asyncio.create_task(self._run(), name=f"follower-{self.log.schema}")

    async def stop(self) -> None:
        """Hear no more."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self._listen()
            except TROUBLE as trouble:
                self.because = in_short(trouble)
                _log.warning("projection.follower_lost", schema=self.log.schema, reason=self.because)
            await asyncio.sleep(RETRY_SECONDS)

    async def _listen(self) -> None:
        connection = await connect(self.log.url, self.log.schema)
        try:
            lost = asyncio.Event()
            connection.add_termination_listener(lambda _: lost.set())
            await connection.add_listener(self.store.schema, self._hear)
            self._arrive(await self.store.position(connection))
            self.because = ""
            while not lost.is_set():
                await self._look(connection)
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_SECONDS):
                        await lost.wait()
        finally:
            connection.terminate()

    async def _look(self, connection: Any) -> None:
        """Whether the one who folds goes on: it may hang, or meet an event that it cannot fold, and be alive."""
        position, head, now = await self.store.position(connection), await self.log.head(), time.monotonic()
        if position != self._looked_at or position >= head:
            self._looked_at, self._since, self.because = position, now, ""
        elif now - self._since >= STUCK_SECONDS and not self.because:
            self.because = f"the lists have stood at {position} for {STUCK_SECONDS:g} s while the log went on"
            _log.error("projection.stands_still", schema=self.log.schema, position=position, head=head)

    def _hear(self, _connection: Any, _pid: int, _channel: str, payload: str) -> None:
        self._arrive(int(payload))

    async def _nothing_heard(self) -> None:
        """One question for all who wait, and none of them waits longer for it than she said."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        await asyncio.wait({self._asking}, timeout=ASK_SECONDS)

    async def _ask(self) -> None:
        with contextlib.suppress(*TROUBLE):  # then whoever waits is told that it is not there yet
            self._arrive(await self.store.position(self.log.pool))
