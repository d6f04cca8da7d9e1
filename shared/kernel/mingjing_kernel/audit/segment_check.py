"""Segments beside the rows that they are copies of: what ``verify`` says about them.

The one rule: a segment is compared byte by byte with rows that were just hashed. Only where the two differ are its
entries hashed, too, and compared with what the log committed to: an altered row does not make its copy wrong.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import Any

from mingjing_kernel.audit.findings import SHOWN_MAX, Finding, finding
from mingjing_kernel.log.merkle import Digest
from mingjing_kernel.log.segments import SEGMENT_EVENTS, SegmentBroken, leaves_of, open_payload, range_of

PAYLOAD_BYTES_MAX = 1 << 20
"""Of a segment that is fetched with its range's others; a larger one is fetched alone, afterwards."""
Fetch = Callable[[int], Awaitable[bytes]]
"""The payload of the segment that begins at a position."""


class SegmentCheck:
    """The segments of one range, while its rows pass by; ``heads`` and ``bodies`` are theirs, in order."""

    def __init__(self, digest: Digest, after: int, segments: Sequence[Sequence[Any]]) -> None:
        """Of each segment: first position, digest, payload (``None`` when it is large)."""
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self.count = len(segments)
        self._digest = digest
        self._next = after + 1
        self._said = {first: said for first, said, _ in segments}
        self._payloads = {first: payload for first, _, payload in segments if payload is not None}
        self._equal: set[int] = set()

    def pass_by(self) -> None:
        """Compare every range whose rows are all here."""
        done = 0
        while len(self.heads) - done >= SEGMENT_EVENTS:
            first, whole = self._next, slice(done, done + SEGMENT_EVENTS)
            payload = self._payloads.pop(first, None)
            if payload is not None and self._is(first, payload, self.heads[whole], self.bodies[whole]):
                self._equal.add(first)
            self._next += SEGMENT_EVENTS
            done += SEGMENT_EVENTS
        del self.heads[:done], self.bodies[:done]

    def _is(self, first: int, payload: bytes, heads: list[bytes], bodies: list[bytes]) -> bool:
        try:
            if self._digest(payload) != self._said[first]:
                return False
            return open_payload(payload) == (sum(map(len, heads)), b"".join(heads + bodies))
        except SegmentBroken:
            return False

    async def faults(
        self, after: int, leaves: Sequence[bytes], doubtful: Iterable[int], fetch: Fetch
    ) -> list[tuple[str, int, int]]:
        """Code, first position of the segment, position that differs; ``leaves`` are what the log committed to.

        ``doubtful`` are the positions whose rows are not that: to be equal to them means nothing.
        """
        self._equal -= {range_of(position)[0] for position in doubtful}
        found = []
        for first in sorted(self._said.keys() - self._equal):
            payload = await fetch(first)
            if self._digest(payload) != self._said[first]:
                found.append(("segment-altered", first, first))
            elif at := self._difference(payload, leaves[first - after - 1 : first - after - 1 + SEGMENT_EVENTS]):
                found.append(("segment-differs", first, first + at - 1))
        return found

    def _difference(self, payload: bytes, leaves: Sequence[bytes]) -> int:
        """Which entry (from 1) is not what the log committed to; 0 means none. An empty leaf is one nobody knows."""
        at = 0
        try:
            for at, (leaf, entry) in enumerate(zip_longest(leaves, leaves_of(*open_payload(payload))), 1):
                if entry is None or (leaf and self._digest(entry) != leaf):
                    return at
        except SegmentBroken:
            return at + 1
        return 0


async def read_segments(connection: Any, schema: str, after: int, until: int) -> list[Any]:
    """Of the segments that begin in a range: first position, digest, payload (``None`` when it is large)."""
    rows: list[Any] = await connection.fetch(
        f"""SELECT first, digest, CASE WHEN octet_length(payload) <= {PAYLOAD_BYTES_MAX} THEN payload END AS payload
        FROM "{schema}".segments WHERE {_WELL_PLACED} AND first > $1 AND last <= $2 ORDER BY first""",
        after,
        until,
    )
    return rows


def fetching(connection: Any, schema: str) -> Fetch:
    """The payload of one segment."""

    async def fetch(first: int) -> bytes:
        payload: bytes = await connection.fetchval(f'SELECT payload FROM "{schema}".segments WHERE first = $1', first)
        return payload

    return fetch


def check_places(cursor: Any, schema: str, size: int) -> Iterator[Finding]:
    """Segments that hold no range of this log, so that nobody reads them."""
    cursor.execute(
        f"""SELECT first, last FROM "{schema}".segments WHERE last > {size:d} OR NOT ({_WELL_PLACED})
        ORDER BY first LIMIT {SHOWN_MAX}"""
    )
    for first, last in cursor.fetchall():
        yield finding("segment-misplaced", position=first, last=last, size=size)


_WELL_PLACED = f"(first > 0 AND first % {SEGMENT_EVENTS} = 1 AND last = first + {SEGMENT_EVENTS - 1})"
