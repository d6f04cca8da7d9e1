"""The log as the rest of a service sees it: hand in commands, read facts, wait for news."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable, Coroutine, Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, TypeAlias
from uuid import UUID

import structlog

from mingjing_kernel.clock import Clock, system_clock
from mingjing_kernel.codec import UnknownEvent
from mingjing_kernel.identity.hands import NOBODY
from mingjing_kernel.log import database
from mingjing_kernel.log.batch import Group
from mingjing_kernel.log.envelope import (
    Aggregate,
    Attach,
    Envelope,
    MomentNotYetCome,
    Move,
    Outcome,
    PositionNotYetWritten,
    Recorded,
    Result,
    Settle,
    Standing,
    Work,
)
from mingjing_kernel.log.pages import COLUMNS, PAGE_EVENTS_MAX, read_pages
from mingjing_kernel.log.scribe import Scribe
from mingjing_kernel.log.segments import Columns
from mingjing_kernel.log.streams import Streams

POLL_SECONDS = 1.0
"""How long a lost notification can hide news."""
SETTLED_AFTER = timedelta(seconds=1)
"""A batch takes its recorded time when it is opened and is committed well within this."""
SETTLE_STEP_SECONDS = 0.05
Carry: TypeAlias = Callable[[Sequence[Work]], Coroutine[Any, Any, list[Result]]]
"""Carries out works in one transaction."""
_logger = structlog.get_logger("mingjing.log")


class Log:
    """One service's log.

    ``start(writing=False)`` is for processes that only read (a relay, a rebuild, an audit).
    """

    def __init__(self, url: str, schema: str, aggregates: Iterable[Aggregate], now: Clock = system_clock) -> None:
        self.url = url
        self.schema = schema
        self.aggregates = tuple(aggregates)
        self.now = now
        self.pool: Any = None
        self._decoders = {
            name: aggregate.codec.decoder(name)
            for aggregate in self.aggregates
            for name in (*aggregate.codec.types, *aggregate.codec.retired)
        }
        self._streams = Streams(self)
        self._scribe = Scribe(schema, lambda: database.connect(url, schema), now)
        self._writing = False
        self._watches: dict[Aggregate, Callable[[int], None]] = {}
        self._news = self._scribe.subscribe()
        self._heard = 0
        self._waiters: set[asyncio.Event] = set()
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, *, writing: bool = True) -> None:
        """Connect; with ``writing`` also start the scribe."""
        self.pool = await database.make_pool(self.url, self.schema)
        self._writing = writing
        if writing:
            await self._scribe.start()
        self._heard = await self.head()
        self._tasks = [asyncio.create_task(self._listen()), asyncio.create_task(self._spread())]

    async def stop(self) -> None:
        """Write what was handed in, then close."""
        if self._writing:
            await self._scribe.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.pool:
            await self.pool.close()

    def watch(self, aggregate: Aggregate, written: Callable[[int], None]) -> None:
        """Call ``written(position)`` after each commit of this process to streams of this kind, before whoever asked
        for it goes on: for what must never be older than this process's own last write.
        """
        self._watches[aggregate] = written

    async def handle(self, aggregate: Aggregate, id: UUID, command: Any, envelope: Envelope) -> Outcome:
        """Carry out one command. Raises its refusal, ``VersionConflict``, ``CommandIdReused``, ``LogUnavailable``."""
        done: asyncio.Future[list[Result]] = asyncio.get_running_loop().create_future()
        self._scribe.submit(Group((Work(aggregate, id, command, envelope),), done))
        result = (await done)[0]
        if isinstance(result, Outcome):
            if (written := self._watches.get(aggregate)) is not None:
                written(result.position)
            return result
        raise result

    async def handle_many(
        self,
        works: Sequence[Work],
        attach: Attach | None = None,
        *,
        settle: Settle | None = None,
        move: Move | None = None,
        hangs: bool = False,
    ) -> list[Result]:
        """Carry out commands in order, in one transaction; one result each, an exception where one was refused.

        ``attach(connection)`` may write more in the same transaction; when it raises, nothing of this call is
        written and its exception is raised here. ``settle(connection, results)`` is the same for a caller who must
        write down what became of each work; it may be called again when the transaction has to be tried again.
        ``move`` is what ``settle`` comes to when no work is refused; then it is written with the facts in one
        statement, and ``settle`` is not called. A cursor that stands elsewhere by then is left to ``settle``.
        ``hangs``: all others hang on the first: where it is refused nothing is written, and each is refused with it.
        """
        if move is not None and settle is None:
            raise ValueError("a move that cannot be made at once is left to settle, and there is none")
        if attach is not None:
            settle = _without_results(attach)
        if not works and settle is None:
            return []
        done: asyncio.Future[list[Result]] = asyncio.get_running_loop().create_future()
        self._scribe.submit(Group(works, done, settle, move, hangs))
        results = await done
        if self._watches:
            self._tell_watches(works, results)
        return results

    def _tell_watches(self, works: Sequence[Work], results: Sequence[Result]) -> None:
        watches = self._watches
        for work, result in zip(works, results, strict=True):
            if work.aggregate in watches and isinstance(result, Outcome):
                watches[work.aggregate](result.position)

    async def handle_stream(
        self, works: Iterable[Work], a_transaction: int, carry: Carry | None = None
    ) -> AsyncGenerator[tuple[int, list[Result]], None]:
        """Carry out many commands in order, so many a transaction; yields each transaction's results and which work its
        first one is. While one is committed the next is handed in, so whoever stops in the middle, or is told of a
        failure, must reckon with one more being carried out: send everything again. Close it (``aclosing``).
        ``carry`` carries out one transaction's in the place of ``handle_many``.
        """
        rest, at = iter(works), 0
        ahead: asyncio.Task[list[Result]] | None = None
        try:
            while True:
                chunk = list(islice(rest, a_transaction))
                behind, ahead = ahead, asyncio.create_task((carry or self.handle_many)(chunk)) if chunk else None
                if behind is not None:
                    results = await behind
                    yield at, results
                    at += len(results)
                if ahead is None:
                    return
                await asyncio.sleep(0)  # it hands its commands in before more of them are made
        finally:
            if ahead is not None:  # it is with the scribe: what became of it is known before anybody sends it again
                await asyncio.gather(ahead, return_exceptions=True)

    async def head(self) -> int:
        """The position of the last event."""
        return int(await self.pool.fetchval(f'SELECT position FROM "{self.schema}".head'))

    async def require_written(self, position: int, field: str) -> None:
        """Raise ``PositionNotYetWritten`` for a position beyond the head, which ``field`` of a request named."""
        if position <= max(self._heard, self._scribe.position):
            return
        head = await self.head()
        if position > head:
            raise PositionNotYetWritten(position=position, head=head, field=field)

    async def read(self, after: int, limit: int, connection: Any = None) -> list[Recorded[Any]]:
        """Events after a position, in order, without gaps."""
        rows = await (connection or self.pool).fetch(
            f'SELECT {COLUMNS} FROM "{self.schema}".events WHERE position > $1 ORDER BY position LIMIT $2',
            after,
            limit,
        )
        return self.recorded_all(rows)

    def pages(
        self, after: int, until: int, events: int = PAGE_EVENTS_MAX, connection: Any = None
    ) -> AsyncGenerator[list[Recorded[Any]], None]:
        """Events after a position up to another, ``events`` or a few more at a time: from sealed segments as far as
        they reach, and from the table beyond. For whoever reads long stretches; the newest are cheaper by ``read``.
        """
        return read_pages(self, connection or self.pool, after, until, events)

    def recorded(self, row: Sequence[Any]) -> Recorded[Any]:
        """Decode one row in the order of the log's columns."""
        position, stream, version, type_, data, meta, occurred_at, recorded_at = row
        return Recorded(position, stream, version, type_, self.decode(type_, data), meta, occurred_at, recorded_at)

    def recorded_all(self, rows: Sequence[Sequence[Any]]) -> list[Recorded[Any]]:
        """The same for a page: the loop that replays and rebuilds spend their time in."""
        decoders = self._decoders
        try:
            return [
                Recorded(position, stream, version, type_, decoders[type_](data), meta, occurred_at, recorded_at)
                for position, stream, version, type_, data, meta, occurred_at, recorded_at in rows
            ]
        except KeyError as unknown:
            raise UnknownEvent(str(unknown)) from None

    def recorded_columns(self, columns: Columns) -> list[Recorded[Any]]:
        """The same for what a segment holds."""
        decoders = self._decoders
        positions, streams, versions, types, data, *rest = columns
        try:
            events = [decoders[type_](body) for type_, body in zip(types, data, strict=True)]
        except KeyError as unknown:
            raise UnknownEvent(str(unknown)) from None
        return list(map(Recorded, positions, streams, versions, types, events, *rest))

    def decode(self, type_: str, data: bytes) -> Any:
        """The event behind a stored name. Raises ``UnknownEvent``."""
        decoder = self._decoders.get(type_)
        if decoder is None:
            raise UnknownEvent(type_)
        return decoder(data)

    async def history(self, aggregate: Aggregate, id: UUID, until: int | None = None) -> list[Recorded[Any]]:
        """All facts of one stream, up to a position."""
        rows = await self.pool.fetch(
            f'SELECT {COLUMNS} FROM "{self.schema}".events WHERE stream = $1 AND position <= $2 ORDER BY version',
            aggregate.stream(id),
            until if until is not None else 1 << 62,
        )
        return self.recorded_all(rows)

    async def latest(
        self, streams: Sequence[str], *, until: int, limit: int, types: Sequence[str] | None = None
    ) -> list[Recorded[Any]]:
        """Facts of several streams up to a position, the latest first; of some stored names only, where they are given.

        Which they are is found through the index on streams, whatever the planner thinks of a short list.
        """
        rows = await self.pool.fetch(
            f'WITH mine AS MATERIALIZED (SELECT position FROM "{self.schema}".events WHERE stream = ANY($1::text[]) '
            "AND position <= $2 AND ($4::text[] IS NULL OR type = ANY($4::text[]))) "
            f'SELECT {COLUMNS} FROM "{self.schema}".events WHERE position IN '
            "(SELECT position FROM mine ORDER BY position DESC LIMIT $3) ORDER BY position DESC",
            list(streams),
            until,
            limit,
            None if types is None else list(types),
        )
        return self.recorded_all(rows)

    async def facts_of(self, command_id: UUID) -> list[Recorded[Any]]:
        """What a command came to, where it was carried out before: whoever asks again is told the same."""
        return list((await self._streams.of_commands([command_id])).get(command_id, ()))

    async def state(self, aggregate: Aggregate, id: UUID, until: int | None = None) -> tuple[Any, int]:
        """The state of one stream and its version, now or as it was at a position."""
        if until is None:
            (found,) = await self._streams.of([aggregate.stream(id)])
            return found.state(aggregate), len(found.facts)
        facts = await self.history(aggregate, id, until)
        return aggregate.decider.fold(fact.event for fact in facts), len(facts)

    async def states(self, aggregate: Aggregate, ids: Sequence[UUID]) -> dict[UUID, Any]:
        """The states of many streams in one query, for whoever shows what commands would come to. Ask for a thousand
        or so at a time.
        """
        found = await self._streams.of([aggregate.stream(id) for id in ids])
        return {id: one.state(aggregate) for id, one in zip(ids, found, strict=True)}

    async def states_of(self, wanted: Sequence[tuple[Aggregate, UUID]]) -> list[Any]:
        """The states of several things of different kinds in one query: what a command is decided on beside its own."""
        found = await self._streams.of([aggregate.stream(id) for aggregate, id in wanted])
        return [one.state(aggregate) for (aggregate, _), one in zip(wanted, found, strict=True)]

    async def standing(self, aggregate: Aggregate, id: UUID) -> Standing:
        """The same with who had a hand in what, for whoever asks which acts are possible now."""
        facts, hands = await self.history(aggregate, id), NOBODY
        if aggregate.separation is not None:
            for fact in facts:
                if fact.type in aggregate.telling:
                    hands = aggregate.separation.after(fact.event, fact.meta, hands)
        return Standing(aggregate.decider.fold(fact.event for fact in facts), len(facts), hands)

    async def state_as_of(self, aggregate: Aggregate, id: UUID, moment: datetime) -> tuple[Any, int]:
        """The state as it was recorded at a moment: the same answer whenever one asks."""
        return await self.state(aggregate, id, await self.position_at(moment))

    async def position_at(self, moment: datetime) -> int:
        """The last position that was recorded at or before a moment: the same answer whenever one asks.

        Recorded time never runs backwards, so it is found by bisection; a commit that is under way may still carry a
        time before now, so a question about the last moments waits. Raises ``MomentNotYetCome``.
        """
        if moment > self.now():
            raise MomentNotYetCome(moment=moment.isoformat())
        while not await self._is_settled(moment):  # noqa: ASYNC110  (another process may hold the commit)
            await asyncio.sleep(SETTLE_STEP_SECONDS)
        low, high = 0, await self.head()
        while low < high:
            middle = (low + high + 1) // 2
            at = await self.pool.fetchval(f'SELECT recorded_at FROM "{self.schema}".events WHERE position = $1', middle)
            low, high = (middle, high) if at <= moment else (low, middle - 1)
        return low

    async def _is_settled(self, moment: datetime) -> bool:
        """Whether no commit can come any more whose recorded time is ``moment`` or earlier."""
        if self.now() - moment >= SETTLED_AFTER:
            return True
        recorded_at = await self.pool.fetchval(f'SELECT recorded_at FROM "{self.schema}".head')
        return bool(recorded_at > moment)

    async def wait_beyond(self, position: int, timeout: float) -> int:
        """The head as soon as it is beyond ``position``, or whatever it is after ``timeout`` seconds."""
        known = max(self._heard, self._scribe.position)
        if known > position:
            return known
        event = asyncio.Event()
        self._waiters.add(event)
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(timeout, POLL_SECONDS)):
                    await event.wait()
        finally:
            self._waiters.discard(event)
        known = max(self._heard, self._scribe.position)
        if known <= position:
            self._heard = known = max(known, await self.head())
        return known

    async def _spread(self) -> None:
        """Pass each of the scribe's commits on to those who wait."""
        while True:
            await self._news.wait()
            self._news.clear()
            self._tell()

    def _tell(self) -> None:
        for event in self._waiters:
            event.set()

    async def _listen(self) -> None:
        """Hear of commits of other processes; a lost connection costs at most the poll interval."""
        connection: Any = None
        while True:
            try:
                connection = await database.connect(self.url, self.schema)
                await connection.add_listener(f"{self.schema}_log", self._on_notify)
                lost = asyncio.Event()
                connection.add_termination_listener(lambda _, lost=lost: lost.set())
                await lost.wait()
            except Exception as trouble:  # whatever it was: a process that stopped listening would be late for ever
                _logger.warning("log.listener_lost", schema=self.schema, reason=database.in_short(trouble))
                await asyncio.sleep(POLL_SECONDS)
            finally:
                if connection is not None:
                    connection.terminate()

    def _on_notify(self, _connection: Any, _pid: int, _channel: str, payload: str) -> None:
        self._heard = max(self._heard, int(payload))
        self._tell()


def _without_results(attach: Attach) -> Settle:
    async def settle(connection: Any, _results: list[Result]) -> None:
        await attach(connection)

    return settle
