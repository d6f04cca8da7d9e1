"""Who does the work: one process at a time holds the seat (a PostgreSQL advisory lock), the others stand by.

The one rule: the seat saves work, it does not protect facts. Cursors move by compare-and-set in their own
transaction, so two processes that both believe to hold a seat still cannot do anything twice.
"""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING, Any

import asyncpg

from mingjing_kernel.log import database

if TYPE_CHECKING:
    from mingjing_kernel.log import Log

TROUBLE = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, TimeoutError)


class Seats:
    """The seats of one process in one service, all held by one connection of their own."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._connection: Any = None
        self._held: set[str] = set()
        self._lock = asyncio.Lock()
        self.trouble = ""
        """Why nobody can sit down at all; empty when the database answers."""

    async def take(self, name: str) -> bool:
        """Whether this process holds the seat now, trying to take it when it is free. Never raises for a lost
        database: without one nobody holds a seat.
        """
        async with self._lock:
            if self.holds(name):
                return True
            try:
                if self._connection is None or self._connection.is_closed():
                    self._held.clear()
                    self._connection = await database.connect(self._log.url, self._log.schema)
                taken = await self._connection.fetchval(
                    "SELECT pg_try_advisory_lock(hashtextextended($1, 0))", self._key(name)
                )
            except TROUBLE as trouble:
                self.trouble = f"{type(trouble).__name__}: {trouble}"
                await self._drop()
                return False
            self.trouble = ""
            if taken:
                self._held.add(name)
            return bool(taken)

    def why_not(self) -> str:
        """Why ``take`` gave no seat, for whoever looks at the readiness."""
        return f"the database is away: {self.trouble}" if self.trouble else "another process does this; standing by"

    def holds(self, name: str) -> bool:
        """Whether this process holds the seat, as far as it can know without asking."""
        return name in self._held and self._connection is not None and not self._connection.is_closed()

    async def leave(self, name: str) -> None:
        """Let somebody else sit down."""
        async with self._lock:
            if self.holds(name):
                with contextlib.suppress(*TROUBLE):
                    await self._connection.execute(
                        "SELECT pg_advisory_unlock(hashtextextended($1, 0))", self._key(name)
                    )
            self._held.discard(name)

    async def close(self) -> None:
        """Leave every seat."""
        async with self._lock:
            await self._drop()

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        self._held.clear()
        if connection is not None:
            with contextlib.suppress(*TROUBLE):
                await connection.close(timeout=2)

    def _key(self, name: str) -> str:
        return f"mingjing/{self._log.schema}/{name}"
