"""The head row: how far the log goes, its root, and the right edge of its tree; and how it is read back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from mingjing_kernel.log.merkle import (
    HASH_BYTES,
    TILE_HEIGHT,
    TILE_WIDTH,
    Digest,
    Frontier,
    HashName,
    digest_of,
    unpack_peaks,
)


@dataclass(slots=True)
class Head:
    """The log's end as this process knows it."""

    hash_name: HashName
    recorded_at: datetime
    frontier: Frontier

    @property
    def position(self) -> int:
        """Of the last event; 0 when the log is empty."""
        return self.frontier.size


def tile_root(digest: Digest, hashes: bytes) -> bytes:
    """The root of the subtree over one tile's hashes."""
    below = Frontier(digest)
    below.extend([hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)])
    return below.root()


async def load_head(connection: Any, schema: str) -> Head:
    """Read the head row, and the open tiles that the frontier continues, in one snapshot."""
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        row = await connection.fetchrow(f'SELECT hash, position, peaks, recorded_at FROM "{schema}".head')
        size, peaks = row["position"], row["peaks"]
        open_tiles = await _open_tiles(connection, schema, size)
    frontier = Frontier(digest_of(row["hash"]), size, unpack_peaks(size, peaks), open_tiles)
    return Head(row["hash"], row["recorded_at"], frontier)


async def _open_tiles(connection: Any, schema: str, size: int) -> list[bytes]:
    """Level 0 from the events' own leaves; upper levels by hashing the full tiles below them."""
    digest = digest_of(await connection.fetchval(f'SELECT hash FROM "{schema}".head'))
    first = size - size % TILE_WIDTH
    leaves = await connection.fetch(
        f'SELECT leaf FROM "{schema}".events WHERE position > $1 AND position <= $2 ORDER BY position', first, size
    )
    tiles = [b"".join(row["leaf"] for row in leaves)]
    level, full = 0, size >> TILE_HEIGHT
    while full:
        start = full - full % TILE_WIDTH
        rows = await connection.fetch(
            f'SELECT hashes FROM "{schema}".tiles WHERE level = $1 AND index >= $2 AND index < $3 ORDER BY index',
            level,
            start,
            full,
        )
        tiles.append(b"".join(tile_root(digest, row["hashes"]) for row in rows))
        level, full = level + 1, full >> TILE_HEIGHT
    return tiles
