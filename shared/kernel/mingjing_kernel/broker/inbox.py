"""The inbox: applies one source's messages exactly once and in order, whatever the broker does.

The one rule: **the cursor is the inbox**. It moves in the transaction that writes what follows from the messages, by
compare-and-set. Behind it everything is done; a message whose predecessor is beyond it shows a gap, which is filled
from the source's log.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import structlog

from mingjing_kernel.broker import parked
from mingjing_kernel.broker.carrying_out import carry_out
from mingjing_kernel.broker.catchup import Source, SourceUnavailable
from mingjing_kernel.broker.message import Incoming
from mingjing_kernel.broker.reacting import Hopeless, KeepsFailing, Reacted, Reactions
from mingjing_kernel.log.envelope import LogBusy, LogUnavailable, Move, Work

if TYPE_CHECKING:
    from mingjing_kernel.log import Log

BATCH_MAX = 256
TRIES_MAX = 6
"""With the delays below: half a minute. Then the message that fails is parked, and the ones behind it go on."""
RETRY_SECONDS_FIRST = 1.0
RETRY_SECONDS_MAX = 30.0

_logger = structlog.get_logger("mingjing.inbox")


class NotNow(Exception):
    """Nothing was applied; give the messages back and try again after ``seconds``."""

    def __init__(self, seconds: float, reason: str) -> None:
        super().__init__(reason)
        self.seconds = seconds


class CursorMoved(Exception):
    """Another process applied the same messages: theirs counts, ours was rolled back."""


@dataclass(slots=True)
class InboxStatus:
    """How far one source is heard, and why no further."""

    source: str
    position: int = 0
    head: int = 0
    applied_total: int = 0
    parked_total: int = 0
    applied_at: datetime | None = None
    reason: str = "nothing heard yet"

    @property
    def lag(self) -> int:
        """Positions of the source's log that are known of and not looked at yet."""
        return max(0, self.head - self.position)


class Inbox:
    """One source's messages into one service's log."""

    def __init__(
        self,
        log: Log,
        source: str,
        reactions: Reactions,
        upstream: Source,
        *,
        tries_max: int = TRIES_MAX,
        retry_seconds_first: float = RETRY_SECONDS_FIRST,
    ) -> None:
        self._log = log
        self._reactions = reactions
        self._upstream = upstream
        self._tries_max = tries_max
        self._retry_seconds_first = retry_seconds_first
        self._turn = asyncio.Lock()
        self._cursor: int | None = None
        self._failures = 0
        self._not_before = 0.0
        self.status = InboxStatus(source)

    async def receive(self, messages: Sequence[Incoming]) -> None:
        """Apply what is new among ``messages``. Returns after the commit; raises ``NotNow``."""
        async with self._turn:
            latest = {message.position: message for message in messages}
            self.status.head = max(self.status.head, *latest) if latest else self.status.head
            await self._guarded(self._apply, [latest[position] for position in sorted(latest)])

    async def catch_up(self) -> None:
        """Ask the source for everything after the cursor. Raises ``NotNow``."""
        async with self._turn:
            await self._guarded(self._fetch, None)

    def forget_cursor(self) -> None:
        """Read it again before the next use: somebody else may have worked meanwhile."""
        self._cursor = None

    async def _guarded(self, act: Any, argument: Any) -> None:
        """The failure policy, once: trouble gives everything back, with a growing delay that no second path evades."""
        wait = self._not_before - time.monotonic()
        if wait > 0:
            raise NotNow(wait, self.status.reason)
        try:
            await act(argument)
        except CursorMoved:
            self._cursor = None
            self._say("another process applied these messages first")
            raise NotNow(self._retry_seconds_first, self.status.reason) from None
        except SourceUnavailable as away:
            # Only a gap needs the source. What the broker brings without one must not wait for it.
            self._say(f"the gap stays open: {away}")
            raise NotNow(self._retry_seconds_first, self.status.reason) from away
        except Exception as trouble:
            if not isinstance(trouble, LogUnavailable | LogBusy):
                self._failures += 1  # a log that is away says nothing about the message
            delay = min(self._retry_seconds_first * 2 ** max(0, self._failures - 1), RETRY_SECONDS_MAX)
            self._not_before = time.monotonic() + delay
            self._say(f"trying again in {delay:g} s: {type(trouble).__name__}: {trouble}")
            raise NotNow(delay, self.status.reason) from trouble
        self._failures = 0

    async def _apply(self, messages: Sequence[Incoming]) -> None:
        cursor = await self._position()
        fresh = [message for message in messages if message.position > cursor]
        while fresh:
            unbroken = _unbroken(fresh, cursor)
            if unbroken:
                cursor = await self._commit(fresh[:unbroken], fresh[unbroken - 1].position)
            else:
                cursor = await self._fetch(fresh[0].previous)
            fresh = [message for message in fresh if message.position > cursor]

    async def _fetch(self, upto: int | None) -> int:
        """Fill the gap up to a position, or up to the source's end."""
        cursor = await self._position()
        while True:
            page = await self._upstream.page(cursor)
            self.status.head = page.head
            if page.head < cursor:
                raise SourceUnavailable(
                    f"the log of {self.status.source} ends at {page.head}, but we have heard it up to {cursor}: "
                    "was it restored from an older backup?"
                )
            for start in range(0, len(page.messages), BATCH_MAX):
                batch = page.messages[start : start + BATCH_MAX]
                cursor = await self._commit(batch, batch[-1].position)
            if page.upto > cursor:
                cursor = await self._commit((), page.upto)
            if upto is None and page.upto >= page.head:
                self._say(f"everything up to {page.upto} is applied")
                return cursor
            if upto is not None and cursor >= upto:
                return cursor
            if page.upto <= page.after:
                raise SourceUnavailable(f"{self.status.source} has nothing after {cursor}, {upto} was announced")

    async def _commit(self, messages: Sequence[Incoming], upto: int) -> int:
        """React to unbroken messages and move the cursor, in one transaction."""
        if self._failures >= self._tries_max and len(messages) > 1:
            # Something in here keeps failing: go one by one, so that only the culprit is parked.
            for message in messages:
                upto = await self._commit([message], message.position)
            return upto
        while messages:
            reacted = await self._react(messages)
            done, messages = messages[: reacted.taken], messages[reacted.taken :]
            await self._write(reacted, done[-1].position if messages else upto)
            self.status.applied_total += len(done)
            self._say(f"applied {len(done)} messages up to {done[-1].position}")
        if upto > await self._position():
            await self._write(Reacted(), upto)
        return upto

    async def _react(self, messages: Sequence[Incoming]) -> Reacted:
        try:
            return await self._reactions.to(messages)
        except Exception as trouble:
            if self._failures < self._tries_max:
                raise
            # Only a single message comes here: the batch was taken apart above.
            reason = KeepsFailing(tries=self._failures, trouble=f"{type(trouble).__name__}: {trouble}")
            return Reacted(hopeless=[Hopeless(messages[0], reason, self._failures)], taken=1)

    async def _write(self, reacted: Reacted, upto: int) -> None:
        before = await self._position()
        now = self._log.now()

        def parking(hopeless: Sequence[Hopeless]) -> list[Work]:
            return parked.park_works(self._log.schema, hopeless, now)

        async def settle(connection: Any, hopeless: Sequence[Hopeless]) -> None:
            moved = await connection.execute(
                f'UPDATE "{self._log.schema}".inbox_cursors SET position = $1, applied_at = $2 '
                "WHERE source = $3 AND position = $4",
                upto,
                now,
                self.status.source,
                before,
            )
            if moved != "UPDATE 1":
                raise CursorMoved
            await parked.park(connection, self._log.schema, hopeless, now)

        move = Move(self.status.source, before, upto, now)
        hopeless = await carry_out(self._log, reacted, parking, settle, move)
        self._cursor = self.status.position = upto
        self.status.applied_at = now
        self.status.parked_total += len(hopeless)
        for item in hopeless:
            _logger.warning(
                "inbox.parked",
                source=self.status.source,
                position=item.message.position,
                code=item.reason.code(),
                reason=item.sentence.en,
            )

    async def _position(self) -> int:
        if self._cursor is None:
            table = f'"{self._log.schema}".inbox_cursors'
            await self._log.pool.execute(
                f"INSERT INTO {table} VALUES ($1, 0, $2) ON CONFLICT DO NOTHING", self.status.source, self._log.now()
            )
            self._cursor = await self._log.pool.fetchval(
                f"SELECT position FROM {table} WHERE source = $1", self.status.source
            )
            self.status.position = self._cursor or 0
        return self._cursor or 0

    def _say(self, reason: str) -> None:
        if reason != self.status.reason:
            self.status.reason = reason
            _logger.debug("inbox", source=self.status.source, reason=reason)


def _unbroken(messages: Sequence[Incoming], cursor: int) -> int:
    """How many messages from the first on follow the cursor without a gap. Repeats within the batch do no harm."""
    for count, message in enumerate(messages):
        if message.previous > cursor:
            return count
        cursor = max(cursor, message.position)
    return len(messages)
