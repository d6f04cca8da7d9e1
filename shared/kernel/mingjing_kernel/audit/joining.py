"""Joining hashed ranges into one tree: its root at every wanted size, and the upper tiles it must have.

The one rule: ranges begin at multiples of a tile, so that a range is nothing but the roots of its tiles and an edge.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from mingjing_kernel.audit.sweep import Swept
from mingjing_kernel.log.merkle import TILE_WIDTH, Digest, Frontier, Tile


@dataclass(slots=True)
class Joined:
    """The whole tree: roots by size, all tiles above level 0, and the peaks as a head row holds them."""

    roots: dict[int, bytes] = field(default_factory=dict)
    tiles: list[Tile] = field(default_factory=list)
    peaks: bytes = b""


def join(digest: Digest, ranges: Sequence[Swept], size: int) -> Joined:
    """Put the ranges together, in order. ``size`` is that of the whole tree."""
    joined, upper = Joined(), Frontier(digest)
    edge: list[bytes] = []
    for swept in sorted(ranges, key=lambda swept: swept.first):
        done = 0
        for at in sorted(swept.edges):
            number = (at - swept.first) // TILE_WIDTH
            joined.tiles += upper.extend(swept.tile_roots[done:number])
            done, edge = number, swept.edges[at]
            joined.roots[at] = _root(digest, [*edge, *(peak for peak in upper.peaks if peak)])
        joined.tiles += upper.extend(swept.tile_roots[done:])
    joined.tiles = [Tile(tile.level + 1, tile.index, tile.hashes) for tile in joined.tiles]
    joined.peaks = b"".join([*edge, *upper.peaks])
    joined.roots.setdefault(0, digest(b""))
    return joined


def _root(digest: Digest, standing: list[bytes]) -> bytes:
    if not standing:
        return digest(b"")
    top = standing[0]
    for peak in standing[1:]:
        top = digest(b"\x01" + peak + top)
    return top
