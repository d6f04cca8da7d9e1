"""Long stretches of the log, in order: from sealed segments as far as they reach, from the table beyond.

The one rule: a segment that is not what was written is left aside and said so, and its range is read from the table.
A replay neither fails nor folds anything else because a copy is damaged.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from typing import TYPE_CHECKING, Any

import structlog

from mingjing_kernel.log.envelope import Recorded
from mingjing_kernel.log.merkle import Digest, digest_of
from mingjing_kernel.log.segments import SEGMENT_EVENTS, Columns, SegmentBroken, range_of, unpack

if TYPE_CHECKING:
    from mingjing_kernel.log.log import Log

COLUMNS = "position, stream, version, type, data, meta, occurred_at, recorded_at"
PAGE_EVENTS_MAX = 10_000
SEGMENTS_MAX = 8
"""Fetched at once: a few hundred kilobytes as a rule."""
_logger = structlog.get_logger("mingjing.log")


async def read_pages(
    log: Log, source: Any, after: int, until: int, events: int
) -> AsyncGenerator[list[Recorded[Any]], None]:
    """What ``Log.pages`` yields. ``source`` is a pool or a connection, free between two pages."""
    page: list[Recorded[Any]] = []
    async for piece in _pieces(log, source, after, until, events):
        page += piece
        if len(page) >= events:
            yield page
            page = []
    if page:
        yield page


async def _pieces(log: Log, source: Any, at: int, until: int, events: int) -> AsyncIterator[list[Recorded[Any]]]:
    digest = digest_of(await source.fetchval(f'SELECT hash FROM "{log.schema}".head'))
    while at < until and (segments := await _segments(log, source, at, until)):
        for first, payload, said in segments:
            last = min(first + SEGMENT_EVENTS - 1, until)
            columns = _columns(log, digest, first, payload, said)
            if columns is None:
                continue  # the next stretch of the table begins before it
            async for piece in _from_table(log, source, at, first - 1, events):
                yield piece
            at = max(at, first - 1)
            yield log.recorded_columns(columns)[at - first + 1 : last - first + 1]
            at = last
        reach = min(range_of(segments[-1][0])[1], until)
        if at < reach:  # the last of them was broken: what it should hold comes from the table, too
            async for piece in _from_table(log, source, at, reach, events):
                yield piece
            at = reach
    async for piece in _from_table(log, source, at, until, events):
        yield piece


async def _segments(log: Log, source: Any, after: int, until: int) -> list[tuple[int, bytes, bytes]]:
    """First position, payload and digest of the next few from the one that the next event belongs to."""
    rows = await source.fetch(
        f"""SELECT first, payload, digest FROM "{log.schema}".segments
        WHERE first BETWEEN $1 AND $2 AND first % {SEGMENT_EVENTS} = 1 AND last = first + {SEGMENT_EVENTS - 1}
        ORDER BY first LIMIT {SEGMENTS_MAX}""",
        range_of(after + 1)[0],
        until,
    )
    return [tuple(row) for row in rows]


def _columns(log: Log, digest: Digest, first: int, payload: bytes, said: bytes) -> Columns | None:
    try:
        if digest(payload) != said:
            raise SegmentBroken("it does not match its digest")
        return unpack(payload, first)
    except SegmentBroken as broken:
        because = f"{broken}; the table is read instead. Run: mingjing audit verify {log.schema}"
        _logger.warning("segment.broken", schema=log.schema, first=first, because=because)
        return None


async def _from_table(log: Log, source: Any, after: int, until: int, events: int) -> AsyncIterator[list[Recorded[Any]]]:
    """Up to and with ``until``, whatever is missing there."""
    while after < until:
        rows = await source.fetch(
            f'SELECT {COLUMNS} FROM "{log.schema}".events WHERE position > $1 AND position <= $2 '
            "ORDER BY position LIMIT $3",
            after,
            until,
            events,
        )
        if not rows:
            return
        after = rows[-1][0]
        yield log.recorded_all(rows)
