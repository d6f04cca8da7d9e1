"""Nodes of the tree from storage: full tiles, and at the right edge the leaves of the last events.

The one rule: a proof costs two reads whatever the log's size: first it is worked out which subtrees it needs, then
all of them are fetched at once. Roots of full tiles never change, so those that the edge needs are remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import structlog

from mingjing_kernel.log.head import tile_root
from mingjing_kernel.log.merkle import (
    HASH_BYTES,
    TILE_BYTES,
    TILE_HEIGHT,
    TILE_WIDTH,
    Digest,
    Frontier,
    Node,
    consistency_path,
    inclusion_path,
    subtree_root,
)
from mingjing_kernel.refusal import NotFound, Refusal

Place = tuple[int, int]
"""(level, index) of a tile, or (height, index) of a node."""
Answer = TypeVar("Answer")
ROOTS_REMEMBERED_MAX = 20_000
_log = structlog.get_logger("mingjing.tiles")


class TileMissing(Refusal):
    """The log has no tile, or not all leaves, where its size says that there is one: it was tampered with.

    A refusal with a type of its own, for a witness takes nobody else's word that a log cannot prove what it signed.
    """

    sentence = "This log can prove nothing here: hashes of its entries {first} to {last} are missing or cut."
    remedy = "Change nothing. Run mingjing audit verify, keep what it says, and call the auditor."
    status = 500


class BeyondTheLog(NotFound):
    """A proof was asked for entries that the log does not have."""

    sentence = "The log has {size} entries; {asked} is beyond its end."
    remedy = "Ask for a size that a checkpoint of this log names."


class Tiles:
    """The tree of one log as its tables hold it."""

    def __init__(self, schema: str, digest: Digest) -> None:
        self.schema = schema
        self.digest = digest
        self._roots: dict[Place, bytes] = {}

    async def inclusion(self, connection: Any, index: int, size: int) -> list[bytes]:
        """Audit path of leaf ``index`` (from 0) in the tree of ``size``. Raises ``BeyondTheLog``."""
        return await self._worked_out(connection, size, lambda node: inclusion_path(self.digest, node, index, size))

    async def consistency(self, connection: Any, old: int, new: int) -> list[bytes]:
        """Proof that the tree of ``old`` entries is a prefix of that of ``new``. Raises ``BeyondTheLog``."""
        return await self._worked_out(connection, new, lambda node: consistency_path(self.digest, node, old, new))

    async def root(self, connection: Any, size: int) -> bytes:
        """The root over the first ``size`` entries, from the tiles. Raises ``BeyondTheLog``."""
        if size == 0:
            return self.digest(b"")
        return await self._worked_out(connection, size, lambda node: subtree_root(self.digest, node, 0, size))

    async def _worked_out(self, connection: Any, size: int, work: Callable[[Node], Answer]) -> Answer:
        """Run ``work`` twice: once to learn which nodes it asks for, once with them."""
        end = int(await connection.fetchval(f'SELECT position FROM "{self.schema}".head'))
        if size > end:
            raise BeyondTheLog(size=end, asked=size)
        wanted: set[Place] = set()

        def note_down(height: int, index: int) -> bytes:
            wanted.add((height, index))
            return b""

        work(note_down)
        nodes = await self._nodes(connection, wanted, end)
        return work(lambda height, index: nodes[height, index])

    async def _nodes(self, connection: Any, wanted: Iterable[Place], end: int) -> dict[Place, bytes]:
        spans = {place: _span(*place) for place in wanted}
        full = {(level, first >> TILE_HEIGHT) for level, first, _ in spans.values() if _is_full(level, first, end)}
        edge = {level for level, first, _ in spans.values() if not _is_full(level, first, end)}
        below = {place for level in edge if level for place in _below(level, end)}
        tiles = await self._tiles(connection, full | {place for place in below if place not in self._roots})
        self._remember({place: tile_root(self.digest, tiles[place]) for place in below if place in tiles})
        rows = {level: b"".join(self._roots[place] for place in _below(level, end)) for level in edge if level}
        if 0 in edge:
            rows[0] = await self._last_leaves(connection, end)
        return {
            place: self._node(
                tiles[level, first >> TILE_HEIGHT] if _is_full(level, first, end) else rows[level],
                first % TILE_WIDTH,
                count,
            )
            for place, (level, first, count) in spans.items()
        }

    def _node(self, row: bytes, first: int, count: int) -> bytes:
        """Root over ``count`` neighbouring hashes of one tile's row."""
        hashes = [row[at * HASH_BYTES : (at + 1) * HASH_BYTES] for at in range(first, first + count)]
        if count == 1:
            return hashes[0]
        below = Frontier(self.digest)
        below.extend(hashes)
        return below.root()

    async def _tiles(self, connection: Any, places: set[Place]) -> dict[Place, bytes]:
        if not places:
            return {}
        rows = await connection.fetch(
            f"""SELECT t.level, t.index, t.hashes FROM unnest($1::smallint[], $2::bigint[]) AS w(level, index)
            JOIN "{self.schema}".tiles t USING (level, index)""",
            [level for level, _ in places],
            [index for _, index in places],
        )
        found = {(row["level"], row["index"]): row["hashes"] for row in rows}
        for place in sorted(places):
            if len(found.get(place, b"")) != TILE_BYTES:
                level, index = place
                width: int = TILE_WIDTH ** (level + 1)
                raise self._missing(index * width + 1, (index + 1) * width)
        return found

    async def _last_leaves(self, connection: Any, end: int) -> bytes:
        first = end - end % TILE_WIDTH
        rows = await connection.fetch(
            f'SELECT leaf FROM "{self.schema}".events WHERE position > $1 AND position <= $2 ORDER BY position',
            first,
            end,
        )
        if len(rows) != end - first:
            raise self._missing(first + 1, end)
        return b"".join(row["leaf"] for row in rows)

    def _missing(self, first: int, last: int) -> TileMissing:
        """Told to whoever asks, and to our own log: it is ours to look into."""
        _log.error("tile.missing", schema=self.schema, first=first, last=last)
        return TileMissing(first=first, last=last)

    def _remember(self, roots: dict[Place, bytes]) -> None:
        if len(self._roots) + len(roots) > ROOTS_REMEMBERED_MAX:
            self._roots.clear()
        self._roots.update(roots)


def _span(height: int, index: int) -> tuple[int, int, int]:
    """Which hashes of which level a node stands over: (level, first hash, how many)."""
    level, within = divmod(height, TILE_HEIGHT)
    return level, index << within, 1 << within


def _is_full(level: int, first: int, end: int) -> bool:
    """Whether the tile that holds hash ``first`` of ``level`` is full, in a log of ``end`` entries."""
    return first >> TILE_HEIGHT < end >> (TILE_HEIGHT * (level + 1))


def _below(level: int, end: int) -> list[Place]:
    """The full tiles whose roots are the hashes of the open tile of ``level``."""
    count = end >> (TILE_HEIGHT * level)
    return [(level - 1, index) for index in range(count - count % TILE_WIDTH, count)]
