"""The scribe: the one writer of a process. Group commit under one head row.

Callers hand it commands and wait. It takes whatever is pending, decides in order, and writes events, commands,
tiles and the new head in ONE statement that is fenced by the old position: the usual batch is one round trip. When
the fence or a uniqueness check fails (another process wrote, a command was repeated, the connection broke), the
same groups are decided again inside a transaction that holds the head row: that path knows everything and always
makes progress. The one rule: nobody is told of success before the commit.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

import asyncpg
import structlog

from mingjing_kernel.clock import Clock
from mingjing_kernel.log.batch import Batch, Entry, Group, Known
from mingjing_kernel.log.envelope import LogBusy, LogUnavailable, Work
from mingjing_kernel.log.head import Head, load_head

WORKS_MAX = 1_000
"""Of one batch: bounds latency and memory; 1,000 events a commit is past the knee of the curve."""
PENDING_MAX = 200_000
"""Works waiting for the scribe; beyond it callers are told to come back."""
STREAMS_CACHED_MAX = 100_000
RETRY_SECONDS_MAX = 2.0
UNAVAILABLE_AFTER_SECONDS = 30.0

_TROUBLE = (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.CannotConnectNowError,
            asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.TooManyConnectionsError, TimeoutError)

Connect = Callable[[], Any]
_log = structlog.get_logger("mingjing.scribe")


class Scribe:
    """Group commit for one log. ``start`` before use, ``stop`` drains."""

    def __init__(self, schema: str, connect: Connect, now: Clock) -> None:
        self.schema = schema
        self._connect = connect
        self._now = now
        self._pending: list[Group] = []
        self._waiting = 0
        self._wake = asyncio.Event()
        self._moved: set[asyncio.Event] = set()
        self._cache: dict[str, Entry] = {}
        self._sql = _write_statement(schema)
        self._connection: Any = None
        self._statement: Any = None
        self._head: Head | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._suspect = 0

    @property
    def position(self) -> int:
        """The last committed position that this process knows of."""
        return self._head.position if self._head else 0

    async def start(self) -> None:
        """Connect, read the head, begin to write."""
        await self._reconnect()
        self._task = asyncio.create_task(self._run(), name=f"scribe-{self.schema}")

    async def stop(self) -> None:
        """Write what is pending, then stop."""
        self._stopping = True
        self._wake.set()
        if self._task:
            await self._task
        if self._connection:
            with contextlib.suppress(*_TROUBLE):
                await self._connection.close(timeout=2)

    def submit(self, group: Group) -> None:
        """Queue a group; its future gets one result a work."""
        if self._stopping or self._waiting + len(group.works) > PENDING_MAX:
            group.done.set_exception(LogBusy())
            return
        self._pending.append(group)
        self._waiting += len(group.works)
        self._wake.set()

    def subscribe(self) -> asyncio.Event:
        """An event that is set after each commit of this process; pass it to ``unsubscribe`` when done."""
        event = asyncio.Event()
        self._moved.add(event)
        return event

    def unsubscribe(self, event: asyncio.Event) -> None:
        """Forget a subscription."""
        self._moved.discard(event)

    async def _run(self) -> None:
        while True:
            if not self._pending:
                if self._stopping:
                    return
                self._wake.clear()
                await self._wake.wait()
                continue
            groups = self._take()
            try:
                await self._commit(groups)
            except Exception as bug:
                _log.exception("scribe.batch_failed", schema=self.schema)
                _fail(groups, bug)
                self._forget_everything()

    def _take(self) -> list[Group]:
        pending, count = self._pending, 0
        for taken, group in enumerate(pending, 1):
            count += len(group.works)
            if count >= WORKS_MAX:
                break
        groups = pending[:taken]
        del pending[:taken]
        self._waiting -= count
        return groups

    async def _commit(self, groups: list[Group]) -> None:
        if self._suspect or self._connection is None or any(group.attach for group in groups):
            self._suspect = max(0, self._suspect - 1)
            await self._commit_held(groups)
            return
        try:
            await self._load_missing(groups)
            batch = self._decide(groups, {}, {})
            if not await self._write(batch):
                raise _FenceDown
        except (_FenceDown, asyncpg.UniqueViolationError):
            self._forget_everything()
            self._suspect = 8  # whoever sent one repeat tends to send more: look first for a while
            await self._commit_held(groups)
        except _TROUBLE as trouble:
            _log.warning("scribe.connection_lost", schema=self.schema, reason=str(trouble))
            await self._drop_connection()
            await self._commit_held(groups)
        else:
            self._succeed(batch)

    async def _commit_held(self, groups: list[Group]) -> None:
        """The patient path: hold the head row, learn everything, decide again. Retries while the log is away."""
        delay, waited = 0.05, 0.0
        while groups:
            try:
                if self._connection is None:
                    await self._reconnect()
                batch = await self._try_held(groups)
            except _AttachFailed as failed:
                self._forget_everything()
                failed.group.done.set_exception(failed.reason)
                groups = [group for group in groups if group is not failed.group]
            except _TROUBLE as trouble:
                await self._drop_connection()
                if waited >= UNAVAILABLE_AFTER_SECONDS:
                    _fail(groups, LogUnavailable())
                    return
                _log.warning("scribe.waiting_for_postgres", schema=self.schema, seconds=delay, reason=str(trouble))
                await asyncio.sleep(delay)
                waited, delay = waited + delay, min(delay * 2, RETRY_SECONDS_MAX)
            else:
                self._succeed(batch)
                return

    async def _try_held(self, groups: list[Group]) -> Batch:
        connection = self._connection
        async with connection.transaction():
            position = await connection.fetchval(f'SELECT position FROM "{self.schema}".head FOR UPDATE')
            if position != self._at().position:
                self._cache.clear()
                await self._catch_up(position)
            known, past = await self._known(groups)
            await self._load_missing(groups)
            batch = self._decide(groups, known, past)
            if not await self._write(batch):
                raise RuntimeError("the head moved although its row is held")
            for group in groups:
                if group.attach is not None:
                    try:
                        await group.attach(connection)
                    except _TROUBLE:
                        raise
                    except Exception as reason:
                        raise _AttachFailed(group, reason) from reason
        return batch

    def _decide(
        self, groups: list[Group], known: dict[UUID, Known], past: dict[UUID, tuple[Any, ...]]
    ) -> Batch:
        head = self._at()
        recorded_at = max(self._now(), head.recorded_at)  # recorded time never runs backwards
        batch = Batch(groups, head.frontier.copy(), head.frontier.digest, recorded_at)
        batch.decide(self._cache, known, past)
        return batch

    async def _write(self, batch: Batch) -> bool:
        rows, commands, tiles = batch.rows, batch.commands, batch.tiles
        if not commands.ids:
            return True  # every work was refused or repeated: there is nothing to remember
        frontier = batch.frontier
        moved = await self._statement.fetchval(
            self._at().position, frontier.size, frontier.root(), b"".join(frontier.peaks), batch.recorded_at,
            rows.positions, rows.streams, rows.versions, rows.types, rows.data, rows.meta, rows.occurred_at,
            rows.leaves, commands.ids, commands.digests, commands.positions, commands.versions, commands.events,
            [tile.level for tile in tiles], [tile.index for tile in tiles], [tile.hashes for tile in tiles],
        )  # fmt: skip
        return moved is not None

    def _succeed(self, batch: Batch) -> None:
        head = self._at()
        if batch.commands.ids:
            head.frontier, head.recorded_at = batch.frontier, batch.recorded_at
        for group, results in zip(batch.groups, batch.results, strict=True):
            if not group.done.done():
                group.done.set_result(results)
        if len(self._cache) > STREAMS_CACHED_MAX:
            for stream in list(islice(self._cache, STREAMS_CACHED_MAX // 4)):
                del self._cache[stream]
        for event in self._moved:
            event.set()

    async def _load_missing(self, groups: list[Group]) -> None:
        """Put every stream that these works name into the cache; a caller who expects version 0 needs no look."""
        cache, wanted = self._cache, {}
        for group in groups:
            for work in group.works:
                stream = work.aggregate.stream(work.id)
                if stream not in cache and stream not in wanted:
                    if work.envelope.expected_version == 0 and not self._connection.is_in_transaction():
                        cache[stream] = Entry(0, work.aggregate.decider.initial)
                    else:
                        wanted[stream] = work.aggregate
        if not wanted:
            return
        for stream, aggregate in wanted.items():
            cache[stream] = Entry(0, aggregate.decider.initial)
        rows = await self._connection.fetch(
            f'SELECT stream, version, type, data FROM "{self.schema}".events '
            "WHERE stream = ANY($1::text[]) ORDER BY stream, version",
            list(wanted),
        )
        for stream, version, type_, data in rows:
            aggregate, entry = wanted[stream], cache[stream]
            entry.state = aggregate.decider.evolve(entry.state, aggregate.codec.decode(type_, data))
            entry.version = version

    async def _known(self, groups: list[Group]) -> tuple[dict[UUID, Known], dict[UUID, tuple[Any, ...]]]:
        works = {work.envelope.command_id: work for group in groups for work in group.works}
        rows = await self._connection.fetch(
            f'SELECT id, digest, position, version, events FROM "{self.schema}".commands WHERE id = ANY($1::uuid[])',
            list(works),
        )
        known = {row["id"]: Known(row["digest"], row["position"], row["version"], row["events"]) for row in rows}
        past = {}
        for command_id, before in known.items():
            past[command_id] = await self._events_of(before, works[command_id])
        return known, past

    async def _events_of(self, before: Known, work: Work) -> tuple[Any, ...]:
        """The facts of a repeated command: positions of one command are contiguous."""
        if not before.events:
            return ()
        rows = await self._connection.fetch(
            f'SELECT stream, type, data FROM "{self.schema}".events WHERE position > $1 AND position <= $2 ORDER BY position',
            before.position - before.events,
            before.position,
        )
        if rows[0]["stream"] != work.aggregate.stream(work.id):
            return ()  # the id belongs to another stream's command: the digest check refuses it
        return tuple(work.aggregate.codec.decode(row["type"], row["data"]) for row in rows)

    async def _catch_up(self, position: int) -> None:
        """Another process wrote: continue the frontier over its leaves."""
        head = self._at()
        if position < head.position or position - head.position > 100_000:
            self._head = await load_head(self._connection, self.schema)
            return
        rows = await self._connection.fetch(
            f'SELECT leaf, recorded_at FROM "{self.schema}".events WHERE position > $1 ORDER BY position', head.position
        )
        head.frontier.extend(row["leaf"] for row in rows)
        head.recorded_at = max(head.recorded_at, rows[-1]["recorded_at"])

    def _at(self) -> Head:
        if self._head is None:
            raise LogUnavailable
        return self._head

    def _forget_everything(self) -> None:
        self._cache.clear()

    async def _reconnect(self) -> None:
        self._cache.clear()
        connection = await self._connect()
        self._head = await load_head(connection, self.schema)
        self._statement = await connection.prepare(self._sql)
        self._connection = connection

    async def _drop_connection(self) -> None:
        connection, self._connection, self._statement = self._connection, None, None
        self._cache.clear()
        if connection is not None:
            connection.terminate()


class _FenceDown(Exception):
    """Another process moved the head."""


class _AttachFailed(Exception):
    def __init__(self, group: Group, reason: Exception) -> None:
        super().__init__(str(reason))
        self.group, self.reason = group, reason


def _fail(groups: list[Group], reason: Exception) -> None:
    for group in groups:
        if not group.done.done():
            group.done.set_exception(reason)


def _write_statement(schema: str) -> str:
    return f"""
    WITH fence AS (
        UPDATE "{schema}".head SET position = $2, root = $3, peaks = $4, recorded_at = $5
        WHERE position = $1 RETURNING pg_notify('{schema}_log', position::text)
    ), new_events AS (
        INSERT INTO "{schema}".events
            (position, stream, version, type, data, meta, occurred_at, recorded_at, leaf)
        SELECT e.position, e.stream, e.version, e.type, e.data, e.meta, e.occurred_at, $5, e.leaf
        FROM fence, unnest($6::bigint[], $7::text[], $8::int[], $9::text[], $10::bytea[], $11::bytea[],
            $12::timestamptz[], $13::bytea[]) AS e(position, stream, version, type, data, meta, occurred_at, leaf)
    ), new_commands AS (
        INSERT INTO "{schema}".commands (id, digest, position, version, events)
        SELECT c.* FROM fence, unnest($14::uuid[], $15::bytea[], $16::bigint[], $17::int[], $18::int[]) AS c
    ), new_tiles AS (
        INSERT INTO "{schema}".tiles (level, index, hashes)
        SELECT t.* FROM fence, unnest($19::smallint[], $20::bigint[], $21::bytea[]) AS t
    )
    SELECT $2::bigint FROM fence"""
