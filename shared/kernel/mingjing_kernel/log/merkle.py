"""The Merkle tree of RFC 6962 over the log's leaf hashes: frontier, tiles, proofs.

The one rule: nothing here reads or writes storage. Proofs ask a ``node(height, index)`` function for hashes of
complete subtrees, whoever holds them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

HashName: TypeAlias = Literal["sha256", "sm3"]
Digest: TypeAlias = Callable[[bytes], bytes]
Node: TypeAlias = Callable[[int, int], bytes]
"""Hash of the complete subtree of 2**height leaves that starts at leaf ``index * 2**height``."""

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT
HASH_BYTES = 32
"""Of SHA-256 and of SM3 alike."""
TILE_BYTES = TILE_WIDTH * HASH_BYTES


def digest_of(name: HashName) -> Digest:
    """SHA-256 from hashlib; SM3 (GB/T 32905) from OpenSSL through ``cryptography``."""
    if name == "sha256":
        fresh = hashlib.sha256().copy  # a copy of an empty hash costs an eighth less than a new one

        def sha256(data: bytes) -> bytes:
            state = fresh()
            state.update(data)
            return state.digest()

        return sha256
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415  (only who asks for SM3 pays for it)

    algorithm = hashes.SM3()

    def sm3(data: bytes) -> bytes:
        state = hashes.Hash(algorithm)
        state.update(data)
        return state.finalize()

    return sm3


@dataclass(frozen=True, slots=True)
class Tile:
    """256 hashes of one level, side by side; level 0 holds leaf hashes."""

    level: int
    index: int
    hashes: bytes


@dataclass(slots=True)
class Frontier:
    """The right edge of the tree: enough to append for ever and to know the root.

    ``peaks[h]`` is the root of the complete subtree of 2**h leaves at the right edge where bit ``h`` of ``size`` is
    set, else empty; ``open_tiles`` are the hashes of each level's tile that is not full yet.
    """

    digest: Digest
    size: int = 0
    peaks: list[bytes] = field(default_factory=list)
    open_tiles: list[bytes] = field(default_factory=lambda: [b""])

    def copy(self) -> Frontier:
        """An independent copy: a batch works on one and throws it away when the commit fails."""
        return Frontier(self.digest, self.size, self.peaks.copy(), self.open_tiles.copy())

    def extend(self, leaves: list[bytes]) -> list[Tile]:
        """Append leaf hashes, a level at a time; returns the tiles that became full."""
        digest, full = self.digest, list[Tile]()
        fresh, height = leaves, 0
        while fresh:
            if height % TILE_HEIGHT == 0:
                full += self._fill(height // TILE_HEIGHT, fresh)
            if height == len(self.peaks):
                self.peaks.append(b"")
            nodes = [self.peaks[height], *fresh] if self.peaks[height] else fresh
            self.peaks[height] = nodes[-1] if len(nodes) & 1 else b""
            pairs = iter(nodes)  # zip drops the odd last one, which stays behind as the peak
            fresh = [digest(b"\x01" + left + right) for left, right in zip(pairs, pairs, strict=False)]
            height += 1
        self.size += len(leaves)
        return full

    def _fill(self, level: int, fresh: list[bytes]) -> list[Tile]:
        """Lay hashes into the open tile of ``level``; cut off those that are full."""
        if level == len(self.open_tiles):
            self.open_tiles.append(b"")
        row = self.open_tiles[level] + b"".join(fresh)
        count, width = len(row) // TILE_BYTES, TILE_BYTES
        self.open_tiles[level] = row[count * width :]
        first = (self.size >> (TILE_HEIGHT * level)) >> TILE_HEIGHT
        return [Tile(level, first + at, row[at * width : (at + 1) * width]) for at in range(count)]

    def root(self) -> bytes:
        """The tree head (RFC 6962 §2.1): of an empty tree, the hash of nothing."""
        standing = [peak for peak in self.peaks if peak]
        if not standing:
            return self.digest(b"")
        top = standing[0]
        for peak in standing[1:]:
            top = self.digest(b"\x01" + peak + top)
        return top

    def packed_peaks(self) -> bytes:
        """The standing peaks, lowest first: how the head row keeps them."""
        return b"".join(self.peaks)


def unpack_peaks(size: int, packed: bytes) -> list[bytes]:
    """The way back from ``packed_peaks``: one hash for each set bit of ``size``."""
    hashes = (packed[at : at + HASH_BYTES] for at in range(0, len(packed), HASH_BYTES))
    return [next(hashes) if size >> height & 1 else b"" for height in range(size.bit_length())]


def leaf_hash(digest: Digest, entry: bytes) -> bytes:
    """RFC 6962 §2.1: leaf and inner hashes are told apart by their first byte."""
    return digest(b"\x00" + entry)


def subtree_root(digest: Digest, node: Node, start: int, end: int) -> bytes:
    """Root of the leaves ``[start, end)``, where ``start`` is aligned to the enclosing power of two."""
    width = end - start
    if width & (width - 1) == 0:
        height = width.bit_length() - 1
        return node(height, start >> height)
    middle = start + _split(width)
    left = subtree_root(digest, node, start, middle)
    return digest(b"\x01" + left + subtree_root(digest, node, middle, end))


def inclusion_path(digest: Digest, node: Node, index: int, size: int) -> list[bytes]:
    """Audit path of leaf ``index`` (from 0) in the tree of ``size`` leaves (RFC 6962 §2.1.1)."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree_root(digest, node, middle, end))
            end = middle
        else:
            path.append(subtree_root(digest, node, start, middle))
            start = middle
    return path[::-1]


def consistency_path(digest: Digest, node: Node, old: int, new: int) -> list[bytes]:
    """Proof that the tree of ``old`` leaves is a prefix of the tree of ``new`` (RFC 6962 §2.1.2)."""
    if not 0 <= old <= new:
        raise ValueError(f"a tree of {old} cannot be a prefix of a tree of {new}")
    if old in (0, new):
        return []
    path: list[bytes] = []
    start, end, whole = 0, new, True
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(subtree_root(digest, node, middle, end))
            end = middle
        else:
            path.append(subtree_root(digest, node, start, middle))
            start, whole = middle, False
    if not whole:
        path.append(subtree_root(digest, node, start, end))
    return path[::-1]


def check_inclusion(digest: Digest, leaf: bytes, index: int, size: int, path: list[bytes], root: bytes) -> bool:
    """Whether ``leaf`` is entry ``index`` of the tree of ``size`` with this root (RFC 9162 §2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, current = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if node & 1 or node == last:
            current = digest(b"\x01" + sibling + current)
            while node and not node & 1:
                node >>= 1
                last >>= 1
        else:
            current = digest(b"\x01" + current + sibling)
        node >>= 1
        last >>= 1
    return last == 0 and current == root


def check_consistency(digest: Digest, old: int, new: int, old_root: bytes, new_root: bytes, path: list[bytes]) -> bool:
    """Whether the old tree is a prefix of the new one (RFC 9162 §2.1.4.2)."""
    if old == new:
        return not path and old_root == new_root
    if old == 0:
        return not path
    if not 0 < old < new or not path:
        return False
    proof = [old_root, *path] if old & (old - 1) == 0 else path
    node, last = old - 1, new - 1
    while node & 1:
        node >>= 1
        last >>= 1
    first = second = proof[0]
    for sibling in proof[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first = digest(b"\x01" + sibling + first)
            second = digest(b"\x01" + sibling + second)
            while node and not node & 1:
                node >>= 1
                last >>= 1
        else:
            second = digest(b"\x01" + second + sibling)
        node >>= 1
        last >>= 1
    return last == 0 and first == old_root and second == new_root


def _split(width: int) -> int:
    """The largest power of two below ``width``."""
    return 1 << ((width - 1).bit_length() - 1)
