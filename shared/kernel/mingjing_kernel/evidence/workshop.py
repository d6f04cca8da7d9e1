"""One worker process for files that strangers made: examining them, and drawing their display copies.

The one rule: whatever a file does to its reader, it does it there: memory and time are limited, and a worker that is
lost is replaced. Nobody waits in a line without an end.
"""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager
from typing import Any, TypeVar

import structlog

from mingjing_kernel.evidence.refusals import WorkshopBusy
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.workers import workers

MEMORY_BYTES_MAX = 3 * 1024 * 1024 * 1024
"""Of addresses, not of pages: Python and its libraries take a good part of it without touching it."""
SECONDS_MAX = 60.0
WAITING_MAX = 16
Answer = TypeVar("Answer")
_log = structlog.get_logger("mingjing.evidence")


class Workshop:
    """The worker, started with the first file."""

    def __init__(self) -> None:
        self._pool: ProcessPoolExecutor | None = None
        self._context: AbstractContextManager[ProcessPoolExecutor] | None = None
        self._one = asyncio.Lock()
        self._waiting = 0

    async def run(self, act: Callable[..., Answer], *arguments: Any, seconds: float = SECONDS_MAX) -> Answer:
        """``act(*arguments)`` over there. Raises its refusal, or ``WorkshopBusy`` when it fails or takes too long."""
        if self._waiting >= WAITING_MAX:
            raise WorkshopBusy
        self._waiting += 1
        try:
            async with self._one:
                return await self._carry_out(act, arguments, seconds)
        finally:
            self._waiting -= 1

    async def _carry_out(self, act: Callable[..., Answer], arguments: tuple[Any, ...], seconds: float) -> Answer:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(seconds):
                return await loop.run_in_executor(self._started(), _limited, act, arguments)
        except Refusal:
            raise
        except (TimeoutError, BrokenProcessPool, MemoryError) as lost:
            _log.warning("evidence.worker_lost", act=act.__name__, because=type(lost).__name__)
            await asyncio.to_thread(self._end, lost)
            raise WorkshopBusy from lost
        except asyncio.CancelledError as gone:
            await asyncio.to_thread(self._end, gone)  # whoever asked has left; the next one must not wait for it
            raise

    async def stop(self) -> None:
        """End the worker, in the middle of whatever it does."""
        await asyncio.to_thread(self._end, RuntimeError("stopped"))

    def _started(self) -> ProcessPoolExecutor:
        if self._pool is None:
            self._context = workers(1, "spawn")
            self._pool = self._context.__enter__()
        return self._pool

    def _end(self, reason: BaseException) -> None:
        context, self._context, self._pool = self._context, None, None
        if context is None:
            return
        try:
            context.__exit__(type(reason), reason, reason.__traceback__)
        except BaseException as same:
            if same is not reason:
                raise


def _limited(act: Callable[..., Answer], arguments: tuple[Any, ...]) -> Answer:
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY_BYTES_MAX if hard == resource.RLIM_INFINITY else min(MEMORY_BYTES_MAX, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
    return act(*arguments)
