"""What a verification asks of SQL: versions without gaps, commands that own every event once, no surplus.

The one rule: each question is one pass over a table or an index; only when its answer is wrong is it asked again in
detail.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mingjing_kernel.audit.findings import SHOWN_MAX, Finding, finding
from mingjing_kernel.audit.segment_check import check_places

HOP_ROWS = 40
"""Finding the next stream in the index costs as much as reading so many entries of it."""


def check_bookkeeping(cursor: Any, schema: str, size: int) -> Iterator[Finding]:
    """Everything that does not need the events' bytes; ``size`` is how many events there are."""
    yield from _versions(cursor, schema, size)
    yield from _commands(cursor, schema, size)
    yield from check_places(cursor, schema, size)


def _versions(cursor: Any, schema: str, size: int) -> Iterator[Finding]:
    """Each stream counts 1..n."""
    if _has_long_streams(cursor, schema, size) and _ends_add_up(cursor, schema, size):
        return
    cursor.execute(
        f"""SELECT stream FROM "{schema}".events GROUP BY stream
        HAVING count(*) <> max(version) OR min(version) <> 1 OR sum(version) <> count(*) * (count(*) + 1) / 2
        LIMIT {SHOWN_MAX}"""
    )
    for (stream,) in cursor.fetchall():
        cursor.execute(f'SELECT version FROM "{schema}".events WHERE stream = %s ORDER BY version', (stream,))
        versions = [version for (version,) in cursor.fetchall()]
        wrong = next(
            (expected for expected, held in enumerate(versions, 1) if held != expected),
            len(versions) + 1,
        )
        yield finding("version-gap", stream=stream, version=wrong)


def _has_long_streams(cursor: Any, schema: str, size: int) -> bool:
    """Whether hopping from stream to stream through the unique index costs less than reading all of it.

    A negative ``n_distinct`` is a share of the rows, 0 means that the table was not looked at yet.
    """
    cursor.execute(
        """SELECT s.n_distinct FROM pg_stats s JOIN pg_indexes i USING (schemaname, tablename)
        WHERE schemaname = %s AND tablename = 'events' AND attname = 'stream'
        AND i.indexdef ~ '^CREATE UNIQUE INDEX .* USING btree \\(stream, version\\)$'""",
        (schema,),
    )
    row = cursor.fetchone()
    return row is not None and (0 < row[0] * HOP_ROWS < size or -1 < row[0] * HOP_ROWS < 0)


def _ends_add_up(cursor: Any, schema: str, size: int) -> bool:
    """Versions are distinct (the unique index says so) and begin at 1; if the highest of all streams add up to the
    number of events, none has a gap.
    """
    cursor.execute(
        f"""WITH RECURSIVE streams AS (
            (SELECT stream, version FROM "{schema}".events ORDER BY stream, version LIMIT 1)
            UNION ALL
            SELECT next.stream, next.version FROM streams, LATERAL (
                SELECT stream, version FROM "{schema}".events e WHERE e.stream > streams.stream
                ORDER BY stream, version LIMIT 1) AS next)
        SELECT coalesce(sum((SELECT max(version) FROM "{schema}".events e WHERE e.stream = streams.stream)), 0)
            = {size:d} AND coalesce(min(version), 1) = 1 FROM streams"""
    )
    return bool(cursor.fetchone()[0])


def _commands(cursor: Any, schema: str, size: int) -> Iterator[Finding]:
    """The commands' ranges lie end to end over the whole log.

    They do exactly when the multiset of their ends and 0 is that of their starts and the log's size; sums of hashes
    compare the two without sorting.
    """
    cursor.execute(
        f"""SELECT coalesce(sum(events), 0) = {size:d}
            AND coalesce(sum(hashint8extended(position, 1)), 0) + hashint8extended(0, 1)
              = coalesce(sum(hashint8extended(position - events, 1)), 0) + hashint8extended({size:d}, 1)
            AND coalesce(min(events), 1) > 0
        FROM "{schema}".commands WHERE events <> 0"""
    )
    if cursor.fetchone()[0]:
        return
    cursor.execute(
        f"""SELECT before, start FROM (
            SELECT position - events AS start, lag(position, 1, 0::bigint) OVER (ORDER BY position, events) AS before
            FROM "{schema}".commands WHERE events <> 0
            UNION ALL SELECT {size:d}, coalesce(max(position), 0) FROM "{schema}".commands WHERE events <> 0) AS ranges
        WHERE before <> start ORDER BY before LIMIT {SHOWN_MAX}"""
    )
    for before, start in cursor.fetchall():
        yield finding("command-gap", position=min(before, start), last=max(before, start))


def check_owners(cursor: Any, schema: str) -> Iterator[Finding]:
    """Each command that wrote something is the one that its last event names: the ids that retries are recognised by
    are covered by the tree through the events' circumstances.
    """
    cursor.execute(
        f"""SELECT c.position FROM "{schema}".commands c JOIN "{schema}".events e ON e.position = c.position
        WHERE c.events <> 0 AND position(convert_to(c.id::text, 'UTF8') IN e.meta) = 0
        ORDER BY c.position LIMIT {SHOWN_MAX}"""
    )
    for (position,) in cursor.fetchall():
        yield finding("command-altered", position=position)
