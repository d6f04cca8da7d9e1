"""What a verification asks of SQL: versions without gaps, commands that own every event once, no surplus.

The one rule: each question is one pass over a table or an index; only when its answer is wrong is it asked again in
detail.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mingjing_kernel.audit.findings import SHOWN_MAX, Finding, finding
from mingjing_kernel.log.merkle import Digest


def check_bookkeeping(cursor: Any, schema: str, size: int, digest: Digest) -> Iterator[Finding]:
    """Everything that does not need the events' bytes; ``size`` is how many events there are."""
    yield from _versions(cursor, schema)
    yield from _commands(cursor, schema, size)
    yield from _segments(cursor, schema, digest)


def _versions(cursor: Any, schema: str) -> Iterator[Finding]:
    """Each stream counts 1..n. Distinct versions (a unique key) whose highest is their number have no gap."""
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


def _segments(cursor: Any, schema: str, digest: Digest) -> Iterator[Finding]:
    expected = 1
    cursor.execute(f'SELECT first, last FROM "{schema}".segments ORDER BY first')
    for first, last in cursor.fetchall():
        if first != expected or last < first:
            yield finding("segment-damaged", position=first, last=last, reason=f"it should begin at {expected}")
        expected = last + 1
        cursor.execute(f'SELECT payload, digest FROM "{schema}".segments WHERE first = %s', (first,))
        payload, stored = cursor.fetchone()
        if digest(payload) != stored:
            yield finding("segment-damaged", position=first, last=last, reason="its payload was altered")
