"""One range of the log, read and hashed again: what each worker process of ``verify`` does.

The one rule: a hash that was stored is never taken on trust where it can be computed. Rows come as binary COPY and
are taken apart here by hand, since this loop is what a verification spends its time in; at the first irregularity
the range is read again by the slow and thorough way.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import asyncpg
import uvloop

from mingjing_kernel.audit.note import NoteMalformed, SignatureWrong, VerifierKey, open_checkpoint, parse_note
from mingjing_kernel.audit.segment_check import SegmentCheck, fetching, read_segments
from mingjing_kernel.log.entry import EPOCH, LEAF_FORMAT
from mingjing_kernel.log.merkle import HASH_BYTES, TILE_BYTES, TILE_WIDTH, Digest, Frontier, HashName, digest_of

UNIT = TILE_WIDTH * TILE_WIDTH
"""Ranges begin at multiples of it, so that each is a whole subtree."""
READ_SECONDS_MAX = 3_600.0
_COPY_HEADER_BYTES = 19
_POSTGRES_EPOCH_MICROS = 946_684_800_000_000
"""2000-01-01 in microseconds since 1970: where PostgreSQL counts from."""
_FIXED = struct.Struct(">6xq4xq4xq4x32s4xi4xii")
"""Lengths of columns that have only one are skipped: were one different, the next position could not be right."""
_FAST = b"\x00mingjing/entry/v1\n%d\n%b\n%b\n%d\n%d\n"
"""``HEAD_FORMAT`` with stream, version and type joined, and the moments, which a batch shares."""


@dataclass(frozen=True, slots=True)
class Task:
    """What every range of one verification shares."""

    url: str
    schema: str
    snapshot: str
    hash_name: HashName
    keys: tuple[VerifierKey, ...]
    sizes: tuple[int, ...]
    """Tree sizes whose roots are wanted, besides those of the stored checkpoints."""
    trusts_tiles: bool = False
    """Where event and leaf agree and the tile does not: believe the tile."""
    trusts_content: bool = False
    """Where event and leaf disagree and there is no tile yet: believe the event."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that is not what the log committed to. ``committed`` is the leaf that it should hash to."""

    position: int
    kind: str
    """``content``, ``leaf``, ``missing``, ``doubled`` or ``tile`` (row and leaf agree, the tile does not)."""
    computed: bytes = b""
    committed: bytes = b""


@dataclass(slots=True)
class Swept:
    """One range, hashed."""

    first: int
    """Index (from 0) of its first leaf; a multiple of ``UNIT``."""
    tile_roots: list[bytes] = field(default_factory=list)
    """Of its full tiles, as the log committed to them."""
    stored_roots: dict[int, bytes] = field(default_factory=dict)
    """Tile number in this range -> root of the tile as stored, where it differs."""
    edges: dict[int, list[bytes]] = field(default_factory=dict)
    """Tree size -> peaks below a tile's height, for sizes within this range."""
    open_leaves: list[bytes] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    tiles_missing: list[int] = field(default_factory=list)
    tiles: int = 0
    checkpoints: list[tuple[int, bytes, str]] = field(default_factory=list)
    """Size, root, and what is wrong with the note (empty: nothing)."""
    recorded_first: int = 0
    recorded_last: int = 0
    backwards: list[int] = field(default_factory=list)
    """Positions recorded before their predecessor."""
    segments: int = 0
    segment_faults: list[tuple[str, int, int]] = field(default_factory=list)
    """Code of the finding, first position of the segment, position that differs."""


def sweep(task: Task, first: int, last: int) -> list[Swept]:
    """Read and hash the positions ``first`` + 1 to ``last``, in whole subtrees."""
    # Not ``loop.run``: for each range anew, its collection would copy the pages that a forked worker shares.
    return uvloop.run(_sweep(task, first, last))


async def _sweep(task: Task, first: int, last: int) -> list[Swept]:
    connection = await asyncpg.connect(
        task.url, command_timeout=READ_SECONDS_MAX, timeout=30, server_settings={"jit": "off"}
    )
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            if task.snapshot:
                await connection.execute(f"SET TRANSACTION SNAPSHOT '{task.snapshot}'")
            return [await _unit(connection, task, at, min(at + UNIT, last)) for at in range(first, last, UNIT)]
    finally:
        await connection.close()


async def _unit(connection: Any, task: Task, first: int, last: int) -> Swept:
    digest, swept = digest_of(task.hash_name), Swept(first)
    segments = SegmentCheck(digest, first, await read_segments(connection, task.schema, first, last))
    rows = FastReader(digest, first, segments)
    await connection.copy_from_query(_fast_query(task.schema, first, last), output=rows.take, format="binary")
    if rows.is_regular and rows.expected == last + 1:
        stored, computed = rows.stored, rows.computed
        swept.recorded_first, swept.recorded_last = rows.recorded_first, rows.recorded_last
        swept.backwards = rows.backwards
    else:
        stored, computed, recorded = await _read_slowly(connection, task.schema, digest, swept, first, last)
        if recorded:
            swept.recorded_first, swept.recorded_last = recorded[0], recorded[-1]
            pairs = enumerate(pairwise(recorded), first + 2)
            swept.backwards = [position for position, (before, after) in pairs if after < before]
    tiles = await _tiles(connection, task.schema, first, last)
    swept.tiles = len(tiles)
    leaves = _commit(swept, stored, computed, tiles, trusts_content=task.trusts_content)
    _hash_tiles(swept, digest, leaves, tiles, trusts_tiles=task.trusts_tiles)
    swept.segments = segments.count
    doubtful = [fault.position for fault in swept.faults]
    swept.segment_faults = await segments.faults(first, leaves, doubtful, fetching(connection, task.schema))
    swept.checkpoints = await _checkpoints(connection, task, first, last)
    sizes = {size for size, _, _ in swept.checkpoints} | {size for size in task.sizes if first < size <= last} | {last}
    swept.edges = _edges(digest, leaves, first, sizes)
    swept.open_leaves = leaves[len(leaves) - len(leaves) % TILE_WIDTH :]
    return swept


class FastReader:
    """Takes binary COPY apart while everything is as it should be; ``is_regular`` tells whether it was."""

    def __init__(self, digest: Digest, first: int, segments: SegmentCheck) -> None:
        self.stored: list[bytes] = []
        self.computed: list[bytes] = []
        self.recorded_first = self.recorded_last = 0
        self.backwards: list[int] = []
        self.expected = first + 1
        self.is_regular = True
        self._digest = digest
        self._segments = segments
        self._started = False

    async def take(self, chunk: bytes) -> None:
        """Whole rows, one after the other."""
        if not self.is_regular:
            return
        at = 0 if self._started else _COPY_HEADER_BYTES
        self._started = True
        try:
            self._take(chunk, at)
        except struct.error:
            self.is_regular = False
        self._segments.pass_by()

    def _take(self, chunk: bytes, at: int) -> None:
        unpack, fixed, epoch, digest, entry = (
            _FIXED.unpack_from,
            _FIXED.size,
            _POSTGRES_EPOCH_MICROS,
            self._digest,
            _FAST,
        )
        computed, stored = self.computed.append, self.stored.append
        heads, bodies = self._segments.heads.append, self._segments.bodies.append
        expected, last = self.expected, len(chunk) - fixed
        before, occurred_before, moments = self.recorded_last - epoch, 0, b""
        while at <= last:
            position, occurred, recorded, leaf, data_bytes, meta_bytes, names_bytes = unpack(chunk, at)
            if position != expected:
                self.is_regular = False
                return
            if recorded != before or occurred != occurred_before or not moments:
                moments = b"%d\n%d" % (occurred + epoch, recorded + epoch)
                self._pass(position, recorded + epoch)
                before, occurred_before = recorded, occurred
            start = at + fixed
            middle = start + names_bytes
            body = middle + 4
            at = body + data_bytes + meta_bytes
            head, rest = entry % (position, chunk[start:middle], moments, data_bytes, meta_bytes), chunk[body:at]
            computed(digest(head + rest))
            stored(leaf)
            heads(head)
            bodies(rest)
            expected += 1
        self.expected = expected

    def _pass(self, position: int, recorded: int) -> None:
        """Recorded time runs forward."""
        if not self.recorded_first:
            self.recorded_first = recorded
        elif recorded < self.recorded_last:
            self.backwards.append(position)
        self.recorded_last = recorded


def _fast_query(schema: str, first: int, last: int) -> str:
    return f"""SELECT position, occurred_at, recorded_at, leaf, octet_length(data), octet_length(meta),
        stream || E'\\n' || version || E'\\n' || type, data || meta
        FROM "{schema}".events WHERE position > {first:d} AND position <= {last:d} ORDER BY position"""


async def _read_slowly(
    connection: Any, schema: str, digest: Digest, swept: Swept, first: int, last: int
) -> tuple[list[bytes], list[bytes], list[int]]:
    """The same, whatever is in the table: missing rows have an empty hash, doubled ones are named."""
    count = last - first
    stored, computed, recorded = [b""] * count, [b""] * count, [0] * count
    seen: set[int] = set()
    async for row in connection.cursor(
        f'SELECT * FROM "{schema}".events WHERE position > $1 AND position <= $2 ORDER BY position', first, last
    ):
        position = row["position"]
        if position in seen:
            swept.faults.append(Fault(position, "doubled"))
            continue
        seen.add(position)
        at = position - first - 1
        stored[at], computed[at] = row["leaf"] or b"\x00", digest(row_leaf(row)) if _is_whole(row) else b"\x00"
        recorded[at] = _micros(row["recorded_at"])
    known = [moment for moment in recorded if moment]
    return stored, computed, known


def row_leaf(row: Any, **other: Any) -> bytes:
    """What a row's leaf hash covers; ``other`` replaces columns (times in microseconds)."""
    get = {**row, **other}
    return LEAF_FORMAT % (
        get["position"],
        get["stream"].encode(),
        get["version"],
        get["type"].encode(),
        other.get("occurred_at", _micros(row["occurred_at"])),
        other.get("recorded_at", _micros(row["recorded_at"])),
        len(get["data"]),
        len(get["meta"]),
        get["data"],
        get["meta"],
    )


def _is_whole(row: Any) -> bool:
    return all(value is not None for value in row.values())


def _micros(moment: Any) -> int:
    if moment is None:
        return 0
    passed = moment - EPOCH
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds  # type: ignore[no-any-return]


async def _tiles(connection: Any, schema: str, first: int, last: int) -> dict[int, bytes]:
    """The stored leaf tiles of this range, by their number in it."""
    rows = await connection.fetch(
        f'SELECT index, hashes FROM "{schema}".tiles WHERE level = 0 AND index >= $1 AND index < $2',
        first // TILE_WIDTH,
        last // TILE_WIDTH,
    )
    return {row["index"] - first // TILE_WIDTH: row["hashes"] for row in rows}


def _commit(
    swept: Swept,
    stored: Sequence[bytes],
    computed: Sequence[bytes],
    tiles: dict[int, bytes],
    *,
    trusts_content: bool,
) -> list[bytes]:
    """The leaves that the log committed to. Where row, leaf and tile disagree, two of three outvote the third."""
    if stored == computed and all(stored):
        return list(computed)
    leaves = list(computed)
    for at, (held, found) in enumerate(zip(stored, computed, strict=True)):
        if held == found and found:
            continue
        tile = tiles.get(at // TILE_WIDTH, b"")
        place = at % TILE_WIDTH * HASH_BYTES
        witness = tile[place : place + HASH_BYTES] if len(tile) == TILE_BYTES else b""
        position = swept.first + at + 1
        if not found:
            leaves[at] = witness
            swept.faults.append(Fault(position, "missing", committed=witness))
        elif witness == found or (trusts_content and not witness):
            swept.faults.append(Fault(position, "leaf", found, found))
        else:
            leaves[at] = witness or held
            swept.faults.append(Fault(position, "content", found, leaves[at]))
    return leaves


def _hash_tiles(
    swept: Swept, digest: Digest, leaves: list[bytes], tiles: dict[int, bytes], *, trusts_tiles: bool
) -> None:
    """Roots of the full tiles; where a stored tile differs, both roots, and which positions differ."""
    for number in range(len(leaves) // TILE_WIDTH):
        own = leaves[number * TILE_WIDTH : (number + 1) * TILE_WIDTH]
        swept.tile_roots.append(_root(digest, own))
        stored = tiles.get(number)
        if stored is None:
            swept.tiles_missing.append(swept.first // TILE_WIDTH + number)
        elif stored != b"".join(own):
            other = [stored[at : at + HASH_BYTES] for at in range(0, len(stored), HASH_BYTES)]
            swept.stored_roots[number] = _root(digest, other)
            base = swept.first + number * TILE_WIDTH + 1
            other = (other + [b""] * TILE_WIDTH)[:TILE_WIDTH]
            swept.faults += [
                Fault(base + at, "tile", mine, theirs)
                for at, (mine, theirs) in enumerate(zip(own, other, strict=False))
                if mine != theirs
            ]
            if trusts_tiles:
                leaves[number * TILE_WIDTH : (number + 1) * TILE_WIDTH] = other
                swept.tile_roots[number] = swept.stored_roots[number]


def _root(digest: Digest, hashes: list[bytes]) -> bytes:
    below = Frontier(digest)
    below.extend(hashes)
    return below.root()


def _edges(digest: Digest, leaves: list[bytes], first: int, sizes: Iterable[int]) -> dict[int, list[bytes]]:
    """For each size, the peaks that its last, open tile stands on; sizes in one tile share their work."""
    edges: dict[int, list[bytes]] = {}
    edge, tile, done = Frontier(digest), -1, 0
    for size in sorted(sizes):
        number, within = divmod(size - first, TILE_WIDTH)
        if number != tile:
            edge, tile, done = Frontier(digest), number, 0
        start = number * TILE_WIDTH
        edge.extend(leaves[start + done : start + within])
        done = within
        edges[size] = [peak for peak in edge.peaks if peak]
    return edges


async def _checkpoints(connection: Any, task: Task, first: int, last: int) -> list[tuple[int, bytes, str]]:
    rows = await connection.fetch(
        f'SELECT size, note FROM "{task.schema}".checkpoints WHERE size > $1 AND size <= $2 ORDER BY size', first, last
    )
    return [(row["size"], *check_note(row["note"], row["size"], task.keys)) for row in rows]


def check_note(note: str, size: int, keys: Sequence[VerifierKey]) -> tuple[bytes, str]:
    """The root that a stored checkpoint names, and what is wrong with it (empty: nothing)."""
    try:
        checkpoint = open_checkpoint(note, keys)[1] if keys else parse_note(note).checkpoint()
    except (NoteMalformed, SignatureWrong) as wrong:
        return b"", str(wrong)
    if checkpoint.size != size:
        return b"", f"it is stored as size {size} and says {checkpoint.size}"
    return checkpoint.root, ""
