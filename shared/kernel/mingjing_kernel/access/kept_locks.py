"""Locks that outlive a restart (锁定留存): what one process locked or released, its next start and its neighbours know.

The one rule: ``Lockout`` in memory decides, at once; the table is told, and asked, every second. A table that cannot be
reached locks nobody out and lets nobody in who is locked here. Failures that led to no lock yet are not kept.
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime
from typing import Any

import structlog

from mingjing_kernel.clock import Clock
from mingjing_kernel.identity.lockout import FORGIVEN_AFTER, RECORDS_MAX, Key, Lockout, Record
from mingjing_kernel.log import Log
from mingjing_kernel.log.database import in_short
from mingjing_kernel.log.schema import role_of

EXCHANGE_SECONDS = 1.0
RETRY_SECONDS = 10.0
STOP_SECONDS_MAX = 2.0
_log = structlog.get_logger("mingjing.lockout")


def create_lockouts(schema: str) -> list[str]:
    """Statements for a service's migration."""
    return [
        f"""CREATE TABLE "{schema}".lockouts (
            address text COLLATE "C" NOT NULL,
            client text COLLATE "C" NOT NULL,
            rounds integer NOT NULL,
            until timestamptz NOT NULL,
            PRIMARY KEY (address, client))""",
        f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{schema}".lockouts TO "{role_of(schema)}"',
    ]


class KeptLocks:
    """The locks of one service, in this process and in its table."""

    def __init__(self, log: Log, lockout: Lockout, now: Clock) -> None:
        self._log, self._lockout, self._now = log, lockout, now
        self._table = f'"{log.schema}".lockouts'
        self._seen: frozenset[Key] = frozenset()
        self._turn = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self.because = "not read yet"
        """Why the table is not as this process is; empty when it is."""

    async def start(self) -> None:
        """Know what was locked before the first request comes; a table that is away is tried again."""
        with contextlib.suppress(Exception):
            await self.exchange()
        self._task = asyncio.create_task(self._run(), name=f"locks-{self._log.schema}")

    async def stop(self) -> None:
        """With what was locked last."""
        if self._task is None:
            return
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)
        with contextlib.suppress(Exception):
            async with asyncio.timeout(STOP_SECONDS_MAX):
                await self.exchange()

    async def exchange(self) -> None:
        """Write what changed here, learn what changed elsewhere."""
        async with self._turn:
            changed = self._lockout.take_changed()
            try:
                found = await self._written(changed)
            except BaseException as trouble:
                self._lockout.put_back(changed)
                self.because = in_short(trouble)
                raise
            kept = {record.key: record for record in found}
            whole = len(found) < RECORDS_MAX  # else what is missing may stand all the same
            self._lockout.adopt(kept.values(), gone=self._seen - kept.keys() if whole else frozenset())
            self._seen, self.because = frozenset(kept), ""

    async def _written(self, changed: dict[Key, Record | None]) -> list[Record]:
        released = [key for key, record in changed.items() if record is None]
        locked = [record for record in changed.values() if record is not None and record.until is not None]
        async with self._log.pool.acquire() as connection, connection.transaction():
            if released:
                await connection.executemany(f"DELETE FROM {self._table} WHERE address = $1 AND client = $2", released)
            if locked:
                rows = [(one.address, one.client, one.rounds, one.until) for one in locked]
                await connection.executemany(
                    f"""INSERT INTO {self._table} AS kept (address, client, rounds, until) VALUES ($1, $2, $3, $4)
                    ON CONFLICT (address, client) DO UPDATE SET rounds = greatest(kept.rounds, EXCLUDED.rounds),
                        until = greatest(kept.until, EXCLUDED.until)""",
                    rows,
                )
                await self._forget_old(connection)
            rows = await connection.fetch(
                f"SELECT address, client, rounds, until FROM {self._table} WHERE until > $1"
                " ORDER BY until DESC LIMIT $2",
                self._oldest(),
                RECORDS_MAX,
            )
        return [_record(row) for row in rows]

    async def _forget_old(self, connection: Any) -> None:
        """What is forgiven by now, and what is more than is ever looked at: the first to open goes first."""
        await connection.execute(f"DELETE FROM {self._table} WHERE until <= $1", self._oldest())
        await connection.execute(
            f"""DELETE FROM {self._table} WHERE (address, client) IN (
                SELECT address, client FROM {self._table} ORDER BY until DESC OFFSET $1)""",
            RECORDS_MAX,
        )

    def _oldest(self) -> datetime:
        return self._now() - FORGIVEN_AFTER

    async def _run(self) -> None:
        while True:
            try:
                await asyncio.sleep(EXCHANGE_SECONDS if not self.because else RETRY_SECONDS)
                before = self.because
                await self.exchange()
                if before:
                    _log.info("lockout.kept_again", schema=self._log.schema, locked=len(self._seen))
            except Exception as trouble:  # whatever it was: the locks of this process count all the same
                _log.warning("lockout.not_kept", schema=self._log.schema, reason=in_short(trouble))


def _record(row: Any) -> Record:
    until = row["until"]
    return Record(row["address"], row["client"], since=until, last=until, rounds=row["rounds"], until=until)
