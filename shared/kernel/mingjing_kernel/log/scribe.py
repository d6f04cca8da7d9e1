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
from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

import asyncpg
import structlog

from mingjing_kernel.clock import Clock
from mingjing_kernel.log import recall
from mingjing_kernel.log.attachment import AttachmentFailed, attach
from mingjing_kernel.log.batch import NOTHING, Batch, Entry, Group
from mingjing_kernel.log.database import in_short
from mingjing_kernel.log.envelope import Aggregate, LogBusy, LogUnavailable
from mingjing_kernel.log.head import Head, load_head
from mingjing_kernel.log.merkle import Frontier
from mingjing_kernel.log.pen import Pen

WORKS_MAX = 1_000
"""Of one batch: bounds latency and memory; 1,000 events a commit is past the knee of the curve."""
WORKS_FIRST_MAX = 128
"""Of a batch that could leave at once: PostgreSQL should not wait until all of a crowd is decided. The rest is decided
while this one is on its way, and the two take turns from then on."""
PENDING_MAX = 200_000
"""Works waiting for the scribe; beyond it callers are told to come back."""
STREAMS_CACHED_MAX = 100_000
RETRY_SECONDS_MAX = 2.0
UNAVAILABLE_AFTER_SECONDS = 30.0

_TROUBLE = (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, asyncpg.CannotConnectNowError,
            asyncpg.AdminShutdownError, asyncpg.CrashShutdownError, asyncpg.InsufficientResourcesError,
            asyncpg.ReadOnlySQLTransactionError, asyncpg.InternalClientError, TimeoutError)  # fmt: skip

_COLLISION = (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError)
"""Somebody else was quicker. The patient path finds out who."""

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
        self._vouched: set[str] = set()
        self._connection: Any = None
        self._reader: Any = None
        self._pen: Any = None
        self._head: Head | None = None
        self._tip: Frontier | None = None
        self._open: Batch | None = None
        self._flying: Batch | None = None
        self._flight: asyncio.Task[bool] | None = None
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._suspect = 0
        self._away_since = 0.0

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
        for connection in (self._connection, self._reader):
            if connection is not None:
                with contextlib.suppress(*_TROUBLE):
                    await connection.close(timeout=2)

    def submit(self, group: Group) -> None:
        """Queue a group; its future gets one result a work."""
        if self._task is None:
            group.done.set_exception(RuntimeError("this log was started for reading only"))
            return
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
        """Decide what arrives while the commit before is on its way; write when it is through."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._step()
            except Exception:
                _log.exception("scribe.batch_failed", schema=self.schema)
                self._start_over()
            if self._stopping and not (self._pending or self._open or self._flight):
                return

    async def _step(self) -> None:
        flight = self._flight
        if flight is not None and flight.done():
            await self._land(flight)
        if self._suspect or self._connection is None or (self._pending and self._pending[0].is_held):
            if self._flight is None and self._open is not None:
                await self._launch(self._open)  # decided first, written first: the cache holds its outcome already
            elif self._flight is None:
                await self._patiently()
            return
        if self._pending:
            await self._decide_pending()
        if self._flight is None and self._open is not None:
            await self._launch(self._open)
            if self._pending:
                await _leave_the_loop()

    async def _patiently(self) -> None:
        if self._connection is not None and (self._reader is None or self._reader.is_closed()):
            with contextlib.suppress(*_TROUBLE):
                self._reader = await self._connect()
        if groups := self._take():
            self._suspect = max(0, self._suspect - 1)
            await self._commit_held(groups)
        if self._pending:
            self._wake.set()

    async def _decide_pending(self) -> None:
        most = WORKS_MAX if self._flight else WORKS_FIRST_MAX
        groups = self._take(most - (self._open.works if self._open else 0))
        if not groups:
            return
        if not await self._load_missing(groups, self._reader):
            self._give_back(groups)  # the reader is away, or a row cannot be read: the patient path will know
            return
        if self._open is None:
            self._open = self._new_batch()
        for group in groups:
            self._open.add(group, self._cache, {})
        if self._pending:
            self._wake.set()

    async def _launch(self, batch: Batch) -> None:
        self._open = None
        # A caller said "new" and nothing was written there, so no unique key will check it: look before answering.
        unproven = [stream for stream in self._vouched if not self._cache.get(stream, NOTHING).version]
        self._vouched.clear()
        if unproven or batch.is_held:
            self._forget(batch, unproven)
            await self._commit_held(batch.groups)
            self._wake.set()
            return
        self._flying = batch
        batch.close()
        self._tip = batch.frontier
        self._flight = asyncio.create_task(self._fly(batch))
        self._flight.add_done_callback(lambda _: self._wake.set())

    async def _land(self, flight: asyncio.Task[bool]) -> None:
        """The commit is through, or it is not: then what flew and what was decided on top of it is decided anew."""
        batch, self._flight, self._flying = self._flying, None, None
        if batch is None:
            return
        trouble = flight.exception()
        if trouble is None and flight.result():
            self._succeed(batch)
            return
        groups = [*batch.groups, *(self._open.groups if self._open else ())]
        self._forget(batch, ())
        if self._open is not None:
            self._forget(self._open, self._vouched)
        self._open = None
        self._vouched.clear()
        if isinstance(trouble, _TROUBLE):
            _log.warning("scribe.connection_lost", schema=self.schema, reason=in_short(trouble))
            await self._drop_connection()
        elif trouble is not None and not isinstance(trouble, _COLLISION):
            _fail(groups, trouble)
            raise trouble
        self._suspect = 4  # whoever sent one repeat tends to send more: look first for a while
        await self._commit_held(groups)

    def _take(self, room: int = WORKS_MAX) -> list[Group]:
        """Groups from the front of the queue; those with an attachment only when they are the first."""
        pending, count, taken = self._pending, 0, 0
        held = bool(pending and pending[0].is_held)
        for group in pending:
            if count and (count + len(group.works) > room or group.is_held != held):
                break
            if room <= 0:
                break
            count += len(group.works)
            taken += 1
        groups = pending[:taken]
        del pending[:taken]
        self._waiting -= count
        return groups

    def _give_back(self, groups: list[Group]) -> None:
        """Back to the front of the queue, for the patient path."""
        self._pending[:0] = groups
        self._waiting += sum(len(group.works) for group in groups)
        self._suspect = max(1, self._suspect)
        self._wake.set()

    def _start_over(self) -> None:
        """A bug: its callers were told. What was decided meanwhile is decided again; what flies lands by itself."""
        groups = self._open.groups if self._open else []
        self._open = None
        self._cache.clear()
        self._give_back(groups)

    async def _commit_held(self, groups: list[Group]) -> None:
        """The patient path: hold the head row, learn everything, decide again. Retries while the log is away."""
        delay, now = 0.05, asyncio.get_running_loop().time
        while groups:
            try:
                if self._connection is None:
                    await self._reconnect()
                batch = await self._try_held(groups)
            except AttachmentFailed as failed:
                self._cache.clear()
                _fail([failed.group], failed.reason)
                groups = [group for group in groups if group is not failed.group]
            except _TROUBLE as trouble:
                await self._drop_connection()
                self._away_since = self._away_since or now()
                if now() - self._away_since >= UNAVAILABLE_AFTER_SECONDS:  # since it went, not for each batch anew
                    _fail(groups, LogUnavailable())
                    return
                _log.warning("scribe.waiting_for_postgres", schema=self.schema, seconds=delay, reason=in_short(trouble))
                await asyncio.sleep(delay)
                delay = min(delay * 2, RETRY_SECONDS_MAX)
            except asyncpg.DeadlockDetectedError:
                self._cache.clear()  # we were the ones that PostgreSQL sent back: again
            except Exception as bug:
                _fail(groups, bug)
                raise
            else:
                self._away_since = 0.0
                self._tip = batch.frontier
                self._succeed(batch)
                return

    async def _try_held(self, groups: list[Group]) -> Batch:
        connection = self._connection
        async with connection.transaction():
            position = await connection.fetchval(f'SELECT position FROM "{self.schema}".head FOR UPDATE')
            if position != self._at().position:
                await self._catch_up(position)
            self._tip = self._at().frontier
            past = await recall.past_commands(connection, self.schema, groups)
            await self._load_missing(groups, connection)
            batch = self._new_batch()
            for group in groups:
                batch.add(group, self._cache, past)
            batch.close()
            if not await self._pen.write(batch):
                raise RuntimeError("the head moved although its row is held")
            for group, results in zip(batch.groups, batch.results, strict=True):
                await attach(group, connection, results)
        return batch

    def _new_batch(self) -> Batch:
        recorded_at = max(self._now(), self._at().recorded_at)  # recorded time never runs backwards
        if self._flying:
            recorded_at = max(recorded_at, self._flying.recorded_at)
        return Batch(self._tip or self._at().frontier, recorded_at)

    async def _fly(self, batch: Batch) -> bool:
        if batch.refused and await recall.is_overtaken(self._connection, self.schema, batch):
            return False
        return bool(await self._pen.write(batch, moves=True))

    def _succeed(self, batch: Batch) -> None:
        head = self._at()
        if len(batch):
            head.frontier, head.recorded_at = batch.frontier, batch.recorded_at
        for group, results in zip(batch.groups, batch.results, strict=True):
            if not group.done.done():
                group.done.set_result(results)
        if len(self._cache) > STREAMS_CACHED_MAX and self._open is None:
            for stream in list(islice(self._cache, STREAMS_CACHED_MAX // 4)):
                del self._cache[stream]
        for event in self._moved:
            event.set()

    async def _load_missing(self, groups: list[Group], connection: Any) -> bool:
        """Put every stream that these works name into the cache. False when the connection is away."""
        cache, wanted = self._cache, dict[str, Aggregate]()
        held = connection is self._connection
        for group in groups:
            for work in group.works:
                stream = work.aggregate.stream(work.id)
                if stream in cache or stream in wanted:
                    continue
                if work.envelope.expected_version == 0 and not held:
                    cache[stream] = Entry(0, work.aggregate.decider.initial)  # its caller vouches; the key checks
                    self._vouched.add(stream)
                else:
                    wanted[stream] = work.aggregate
        if not wanted:
            return True
        try:
            cache.update(await recall.streams(connection, self.schema, wanted))
        except Exception:
            if held:
                raise
            return False
        return True

    def _forget(self, batch: Batch, more: Iterable[str]) -> None:
        """What was decided and not written: its streams are loaded again when they are needed."""
        for stream in (*batch.rows.streams, *more):
            self._cache.pop(stream, None)

    async def _catch_up(self, position: int) -> None:
        """Another process wrote: continue the frontier over its leaves, forget the streams that it touched."""
        head = self._at()
        if position < head.position or position - head.position > 100_000:
            self._cache.clear()
            self._head = await load_head(self._connection, self.schema)
            return
        rows = await self._connection.fetch(
            f'SELECT leaf, recorded_at, stream FROM "{self.schema}".events WHERE position > $1 ORDER BY position',
            head.position,
        )
        head.frontier.extend([row["leaf"] for row in rows])
        head.recorded_at = max(head.recorded_at, rows[-1]["recorded_at"])
        for row in rows:
            self._cache.pop(row["stream"], None)

    def _at(self) -> Head:
        if self._head is None:
            raise LogUnavailable
        return self._head

    async def _reconnect(self) -> None:
        self._cache.clear()
        if self._reader is None or self._reader.is_closed():
            self._reader = await self._connect()
        connection = await self._connect()
        self._head = await load_head(connection, self.schema)
        self._tip = self._head.frontier
        self._pen = Pen(self.schema, connection)
        self._connection = connection

    async def _drop_connection(self) -> None:
        self._cache.clear()
        for connection in (self._connection, self._reader):
            if connection is not None:
                connection.terminate()
        self._connection = self._reader = self._pen = None


async def _leave_the_loop() -> None:
    """Let a task that was just made run to its first wait, and the event loop send what it wrote."""
    for _ in range(2):
        await asyncio.sleep(0)


def _fail(groups: list[Group], reason: BaseException) -> None:
    for group in groups:
        if not group.done.done():
            group.done.set_exception(reason)
