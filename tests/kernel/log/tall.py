"""A log of tens of thousands of entries in a moment: rows with made-up leaves, written past the scribe."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime

import asyncpg

from kernel.log.toy import SCHEMA
from mingjing_kernel.log.merkle import Frontier, Node, digest_of

AT = datetime(2026, 3, 1, tzinfo=UTC)
SHA256 = digest_of("sha256")


@dataclass
class TallLog:
    """Grows the tables; keeps what the memory of a scribe would hold, and all leaves for reference."""

    connection: asyncpg.Connection
    frontier: Frontier = field(default_factory=lambda: Frontier(SHA256))
    leaves: list[bytes] = field(default_factory=list)

    async def grow(self, size: int) -> None:
        first = len(self.leaves)
        fresh = [hashlib.sha256(b"%d" % number).digest() for number in range(first, size)]
        rows = [
            (first + at + 1, "account-x", first + at + 1, "toy.x.v1", b"", b"", AT, AT, leaf)
            for at, leaf in enumerate(fresh)
        ]
        columns = ["position", "stream", "version", "type", "data", "meta", "occurred_at", "recorded_at", "leaf"]
        async with self.connection.transaction():
            await self.connection.copy_records_to_table("events", records=rows, columns=columns, schema_name=SCHEMA)
            tiles = [(tile.level, tile.index, tile.hashes) for tile in self.frontier.extend(fresh)]
            await self.connection.copy_records_to_table("tiles", records=tiles, schema_name=SCHEMA)
            await self.connection.execute(
                f'UPDATE "{SCHEMA}".head SET position = $1, root = $2, peaks = $3, recorded_at = $4',
                size,
                self.frontier.root(),
                self.frontier.packed_peaks(),
                AT,
            )
        self.leaves += fresh

    @property
    def node(self) -> Node:
        """Every node from the leaves: slow, and without any cleverness."""

        def node(height: int, index: int) -> bytes:
            below = Frontier(SHA256)
            below.extend(self.leaves[index << height : (index + 1) << height])
            return below.root()

        return node
