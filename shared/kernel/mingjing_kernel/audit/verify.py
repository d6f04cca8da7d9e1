"""Verify a whole log: every leaf, tile, root, checkpoint and signature is computed again and compared.

Everything is read in one snapshot, so that a log may be verified while it is written. Ranges are whole subtrees,
hashed in parallel processes and joined. The one rule: a fault is named where it is and does not hide the next one:
where event, leaf and tile disagree, what the log committed to stands in for what was altered.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

import psycopg

from mingjing_kernel.audit.bookkeeping import check_bookkeeping, check_owners
from mingjing_kernel.audit.diagnosis import diagnose
from mingjing_kernel.audit.findings import SHOWN_MAX, Finding, finding, shortened
from mingjing_kernel.audit.joining import Joined, join
from mingjing_kernel.audit.note import COSIGNATURE, NoteMalformed, SignatureWrong, VerifierKey, parse_note, signed_by
from mingjing_kernel.audit.parked_rows import check_parked
from mingjing_kernel.audit.sweep import UNIT, Fault, Swept, Task, check_note, sweep
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.log.entry import micros
from mingjing_kernel.log.merkle import HASH_BYTES, TILE_HEIGHT, TILE_WIDTH, Digest, HashName, digest_of
from mingjing_kernel.log.segments import SEGMENT_EVENTS
from mingjing_kernel.workers import workers

ALONE_EVENTS_MAX = 2 * UNIT
"""Up to here starting processes costs more than it saves."""
RANGE_UNITS_MAX = 8
PROCESSES_MAX = 16
Progress = Callable[[int, int], None]
"""Called with (events done, events in all)."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a verification found. ``size`` and ``root`` are those that were computed, not those that were stored."""

    schema: str
    hash_name: HashName
    size: int
    root: bytes
    tiles: int
    checkpoints: int
    witnessed: int
    """Notes of witnesses that were compared."""
    segments: int
    """Segments that were compared with their rows."""
    signatures_checked: bool
    findings: tuple[Finding, ...]
    seconds: float

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not self.findings


@dataclass(frozen=True, slots=True)
class _Head:
    hash_name: HashName
    position: int
    root: bytes
    peaks: bytes
    recorded_micros: int


def verify(
    url: str,
    schema: str,
    keys: Sequence[VerifierKey],
    progress: Progress | None = None,
    *,
    witnessed: Sequence[str] = (),
    processes: int | None = None,
) -> Verified:
    """Verify one log. Blocks; from a coroutine call it in a thread.

    ``keys``: the log's own and its witnesses'; without any, signatures are not checked. ``witnessed``: notes that
    others hold of this log (``witness.notes_of``, or ``GET /log/witnessed`` of the other services).
    """
    started = time.perf_counter()
    with psycopg.connect(asyncpg_url(url), options="-c jit=off") as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        findings, parts = _verify(connection, asyncpg_url(url), schema, tuple(keys), progress, witnessed, processes)
    return replace(parts, findings=shortened(findings), seconds=time.perf_counter() - started)


def _verify(
    connection: psycopg.Connection[Any],
    url: str,
    schema: str,
    keys: tuple[VerifierKey, ...],
    progress: Progress | None,
    witnessed: Sequence[str],
    processes: int | None,
) -> tuple[list[Finding], Verified]:
    cursor = connection.cursor(binary=True)
    snapshot = _one(cursor, "SELECT pg_export_snapshot()")
    head, last = _head(cursor, schema)
    findings = list(_ends(cursor, schema, head, last))
    if head is None:
        return findings, _verified(schema, "sha256", 0, b"", keys)
    last = min(last, head.position)
    notes = [_witness_note(note, keys) for note in witnessed]
    sizes = tuple(sorted({size for _, size, _, _ in notes if 0 < size <= last}))
    task = Task(url, schema, snapshot, head.hash_name, keys, sizes)
    digest = digest_of(head.hash_name)
    with _executor(last, processes) as pool:
        pending = [pool.submit(sweep, task, *bounds) for bounds in _ranges(last, processes)]
        findings += check_bookkeeping(cursor, schema, last)
        ranges = list[Swept]()
        for future in as_completed(pending):
            ranges += future.result()
            if progress:
                progress(sum(min(UNIT, last - swept.first) for swept in ranges), last)
        task, ranges, joined = _settle(pool, task, ranges, digest, head, last)
    faults = list(_rows(cursor, schema, task, ranges, digest, settled=joined.roots.get(last) == head.root))
    # What stands beside the events is compared with them: worth doing only where they are what was committed.
    findings += faults or [*check_owners(cursor, schema), *check_parked(cursor, schema)]
    findings += [*_tree(cursor, schema, head, last, ranges, joined), *_segments(ranges)]
    findings += _checkpoints(cursor, schema, last, ranges, joined, keys)
    findings += _witnesses(notes, last, joined)
    whole = _verified(schema, head.hash_name, last, joined.roots[last], keys)
    tiles = sum(swept.tiles for swept in ranges) + len(joined.tiles)
    checkpoints = sum(len(swept.checkpoints) for swept in ranges)
    segments = sum(swept.segments for swept in ranges)
    return findings, replace(whole, tiles=tiles, checkpoints=checkpoints, witnessed=len(notes), segments=segments)


def _verified(schema: str, hash_name: HashName, size: int, root: bytes, keys: tuple[VerifierKey, ...]) -> Verified:
    return Verified(schema, hash_name, size, root, 0, 0, 0, 0, bool(keys), (), 0.0)


def _executor(size: int, processes: int | None) -> AbstractContextManager[Executor]:
    """Processes share nothing but the snapshot. Forked where that is safe: they start at once."""
    if size <= ALONE_EVENTS_MAX:
        return ThreadPoolExecutor(1)
    return workers(_processes(processes), "fork" if sys.platform == "linux" else "spawn")


def _processes(asked: int | None) -> int:
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(asked or here, PROCESSES_MAX))


def _ranges(size: int, processes: int | None) -> list[tuple[int, int]]:
    """Whole units, several each, so that all processes end at about the same time."""
    units = max(1, min(RANGE_UNITS_MAX, size // UNIT // (_processes(processes) * 4)))
    step = units * UNIT
    return [(first, min(first + step, size)) for first in range(0, size, step)]


def _head(cursor: Any, schema: str) -> tuple[_Head | None, int]:
    last = _one(cursor, f'SELECT coalesce(max(position), 0) FROM "{schema}".events')
    cursor.execute(f'SELECT hash, position, root, peaks, recorded_at FROM "{schema}".head')
    row = cursor.fetchone()
    if row is None:
        return None, last
    hash_name, position, root, peaks, recorded_at = row
    return _Head(hash_name, position, root, peaks, micros(recorded_at)), last


def _ends(cursor: Any, schema: str, head: _Head | None, last: int) -> Iterator[Finding]:
    if count := _one(cursor, f'SELECT count(*) FROM "{schema}".events WHERE position < 1'):
        yield finding("before-beginning", count=count)
    if head is None:
        yield finding("head-missing")
    elif last < head.position:
        yield finding("truncated", position=last, size=head.position)
    elif last > head.position:
        count = _one(cursor, f'SELECT count(*) FROM "{schema}".events WHERE position > {head.position:d}')
        yield finding("beyond-head", position=head.position, count=count)


def _settle(
    pool: Executor, task: Task, ranges: list[Swept], digest: Digest, head: _Head, last: int
) -> tuple[Task, list[Swept], Joined]:
    """Where event and tile disagree, the head's root tells which of them the log committed to."""
    joined = join(digest, ranges, last)
    if last != head.position or joined.roots.get(last) == head.root:
        return task, ranges, joined
    doubtful = [swept for swept in ranges if swept.stored_roots]
    edge = [swept for swept in ranges if last - swept.first <= UNIT and swept.faults]
    variants = []
    if doubtful:
        variants.append((replace(task, trusts_tiles=True), doubtful))
    if edge:
        variants.append((replace(task, trusts_content=True), edge))
    if doubtful and edge:
        variants.append((replace(task, trusts_tiles=True, trusts_content=True), [*doubtful, *edge]))
    for other, again in variants:
        firsts = {swept.first for swept in again}
        fresh = [pool.submit(sweep, other, first, min(first + UNIT, last)) for first in firsts]
        tried = [swept for swept in ranges if swept.first not in firsts] + [s for f in fresh for s in f.result()]
        attempt = join(digest, tried, last)
        if attempt.roots.get(last) == head.root:
            return other, tried, attempt
    return task, ranges, joined


def _rows(
    cursor: Any, schema: str, task: Task, ranges: list[Swept], digest: Digest, *, settled: bool
) -> Iterator[Finding]:
    faults = sorted((fault for swept in ranges for fault in swept.faults), key=lambda fault: fault.position)
    by_kind: dict[str, list[Fault]] = {}
    for fault in faults:
        by_kind.setdefault(fault.kind, []).append(fault)
    yield from _missing([fault.position for fault in by_kind.get("missing", ())])
    altered = by_kind.get("content", [])
    yield from diagnose(altered, _read(cursor, schema, altered), digest)
    for fault in by_kind.get("leaf", ()):
        yield finding("leaf-altered", position=fault.position)
    for fault in by_kind.get("doubled", ()):
        yield finding("event-doubled", position=fault.position)
    tiles = set[int]()
    for fault in by_kind.get("tile", ()):
        index = (fault.position - 1) // TILE_WIDTH
        if not settled:
            yield finding("tile-or-event", position=fault.position)
        elif task.trusts_tiles:
            yield finding("event-rewritten", position=fault.position)
        elif index not in tiles:
            tiles.add(index)
            yield finding("tile-altered", level=0, index=index, position=fault.position)
    yield from _times(ranges, {fault.position for fault in faults})


def _missing(positions: list[int]) -> Iterator[Finding]:
    """Neighbours in one sentence."""
    runs: list[list[int]] = []
    for position in positions:
        if runs and runs[-1][1] == position - 1:
            runs[-1][1] = position
        else:
            runs.append([position, position])
    for first, last in runs:
        yield finding("events-missing", position=first, last=last)


def _times(ranges: list[Swept], faulty: set[int]) -> Iterator[Finding]:
    """Recorded time runs forward; next to a row that was altered it says nothing."""
    before = 0
    for swept in sorted(ranges, key=lambda swept: swept.first):
        backwards = [swept.first + 1] if swept.recorded_first < before else []
        for position in backwards + swept.backwards:
            if not {position - 1, position} & faulty:
                yield finding("time-backwards", position=position)
        before = swept.recorded_last or before


def _read(cursor: Any, schema: str, faults: Sequence[Fault]) -> dict[int, Any]:
    positions = {fault.position for fault in faults[: SHOWN_MAX * 2]}
    if not positions:
        return {}
    cursor.execute(
        f'SELECT position, stream, version, type, data, meta, occurred_at, recorded_at FROM "{schema}".events '
        "WHERE position = ANY(%s)",
        ([*positions, *(position - 1 for position in positions)],),
    )
    names = [column.name for column in cursor.description]
    return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall() if None not in row}


def _tree(cursor: Any, schema: str, head: _Head, last: int, ranges: list[Swept], joined: Joined) -> Iterator[Finding]:
    for index in sorted(index for swept in ranges for index in swept.tiles_missing):
        yield finding("tile-missing", level=0, index=index)
    yield from _upper_tiles(cursor, schema, head, joined)
    if last != head.position:
        return
    root = head.root or joined.roots[0] if last == 0 else head.root
    if root != joined.roots[last]:
        yield finding("head-altered", what="root", size=last)
    if head.peaks != joined.peaks:
        yield finding("head-altered", what="peaks", size=last)
    if head.recorded_micros < max((swept.recorded_last for swept in ranges), default=0):
        yield finding("head-altered", what="recorded_at", size=last)


def _upper_tiles(cursor: Any, schema: str, head: _Head, joined: Joined) -> Iterator[Finding]:
    cursor.execute(f'SELECT level, index, hashes FROM "{schema}".tiles WHERE level > 0')
    stored = {(level, index): hashes for level, index, hashes in cursor.fetchall()}
    for tile in joined.tiles:
        hashes = stored.get((tile.level, tile.index))
        if hashes is None:
            yield finding("tile-missing", level=tile.level, index=tile.index)
        elif hashes != tile.hashes:
            pairs = zip(range(TILE_WIDTH), _cut(tile.hashes), _cut(hashes) + [b""] * TILE_WIDTH, strict=False)
            at = next((at for at, mine, theirs in pairs if mine != theirs), TILE_WIDTH - 1)
            position = ((tile.index * TILE_WIDTH + at) << TILE_HEIGHT * tile.level) + 1
            yield finding("tile-altered", level=tile.level, index=tile.index, position=position)
    surplus = _one(
        cursor,
        f'SELECT count(*) FROM "{schema}".tiles WHERE level NOT BETWEEN 0 AND 6 '
        f"OR index NOT BETWEEN 0 AND ({head.position:d}::bigint >> {TILE_HEIGHT} * (level % 7 + 1)) - 1",
    )
    if surplus:
        yield finding("tile-surplus", count=surplus, size=head.position)


def _segments(ranges: list[Swept]) -> Iterator[Finding]:
    for code, first, position in sorted(fault for swept in ranges for fault in swept.segment_faults):
        yield finding(code, position=position, first=first, last=first + SEGMENT_EVENTS - 1)


def _cut(hashes: bytes) -> list[bytes]:
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]


def _checkpoints(
    cursor: Any, schema: str, last: int, ranges: list[Swept], joined: Joined, keys: tuple[VerifierKey, ...]
) -> Iterator[Finding]:
    for swept in sorted(ranges, key=lambda swept: swept.first):
        for size, root, wrong in swept.checkpoints:
            if wrong:
                yield finding("checkpoint-forged", size=size, reason=wrong)
            elif root != joined.roots[size]:
                yield finding("checkpoint-differs", size=size)
    cursor.execute(f'SELECT size, note FROM "{schema}".checkpoints WHERE size > {last:d} OR size < 1 ORDER BY size')
    for size, note in cursor.fetchall():
        _, wrong = check_note(note, size, keys)
        if wrong:
            yield finding("checkpoint-forged", size=size, reason=wrong)
        elif size > last:
            yield finding("checkpoint-beyond", size=size, position=last)


def _witness_note(note: str, keys: tuple[VerifierKey, ...]) -> tuple[str, int, bytes, str]:
    """(who, size, root, what is wrong with it) of a note that others hold."""
    try:
        parsed = parse_note(note)
        checkpoint = parsed.checkpoint()
        names = {signature.name for signature in parsed.signatures} - {checkpoint.origin}
        who = ", ".join(sorted(names)) or checkpoint.origin
        root, wrong = check_note(note, checkpoint.size, keys)
        cosigners = [key for key in keys if key.kind == COSIGNATURE and key.name in names]
        signed_by(parsed, cosigners)
    except (NoteMalformed, SignatureWrong) as malformed:
        return "?", 0, b"", str(malformed)
    return who, checkpoint.size, root, wrong


def _witnesses(notes: list[tuple[str, int, bytes, str]], last: int, joined: Joined) -> Iterator[Finding]:
    for who, size, root, wrong in notes:
        if wrong:
            yield finding("witness-forged", witness=who, reason=wrong)
        elif size > last:
            yield finding("witness-beyond", witness=who, size=size, position=last)
        elif root != joined.roots[size]:
            yield finding("witness-differs", witness=who, size=size)


def _one(cursor: Any, query: str) -> Any:
    cursor.execute(query)
    row = cursor.fetchone()
    return row[0]
