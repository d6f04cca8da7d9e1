"""Naming what was altered: which column, which byte, what stood there before.

A hash cannot be turned back, but small changes can be undone by trial: whichever trial gives the leaf that the log
committed to is what stood there, with certainty. The one rule: what no trial explains is reported as unexplained.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from mingjing_kernel.audit.findings import Finding, finding
from mingjing_kernel.audit.sweep import Fault, row_leaf
from mingjing_kernel.log.entry import LEAF_FORMAT, micros, moment
from mingjing_kernel.log.merkle import Digest

DIAGNOSED_MAX = 8
"""Rows whose bytes are tried one by one: a third of a second each."""
BYTES_TRIED_MAX = 2_048
VERSIONS_TRIED = 5_000
_FIRST_PART = LEAF_FORMAT[: LEAF_FORMAT.index(b"%d")]


def diagnose(faults: Sequence[Fault], rows: Mapping[int, Any], digest: Digest) -> list[Finding]:
    """A finding for each altered row: swapped pairs first, then single columns and bytes, then the unexplained."""
    found, swapped = _swapped(faults, rows, digest)
    tried = 0
    for fault in faults:
        if fault.position in swapped:
            continue
        row, explained = rows.get(fault.position), None
        if row is not None and fault.committed and tried < DIAGNOSED_MAX:
            tried += 1
            explained = _explain(fault, row, rows.get(fault.position - 1), digest)
        found.append(explained or finding("content-altered", position=fault.position))
    return found


def _swapped(faults: Sequence[Fault], rows: Mapping[int, Any], digest: Digest) -> tuple[list[Finding], set[int]]:
    """Pairs whose contents stand at each other's position."""
    found: list[Finding] = []
    done: set[int] = set()
    wanted = {fault.committed: fault.position for fault in faults if fault.committed}
    for fault in faults:
        row = rows.get(fault.position)
        if row is None or fault.position in done:
            continue
        for other in faults:
            if other.position > fault.position and other.position not in done and other.position in rows:
                there = digest(row_leaf(row, position=other.position))
                here = digest(row_leaf(rows[other.position], position=fault.position))
                if wanted.get(there) == other.position and wanted.get(here) == fault.position:
                    found.append(finding("swapped", position=fault.position, other=other.position))
                    done |= {fault.position, other.position}
                    break
    return found, done


def _explain(fault: Fault, row: Any, before: Any, digest: Digest) -> Finding | None:
    for column, value in _columns(row, before):
        if digest(row_leaf(row, **{column: value})) == fault.committed:
            shown = [moment(v).isoformat() if column.endswith("_at") else v for v in (_now(row, column), value)]
            return finding("column-altered", position=fault.position, column=column, now=shown[0], before=shown[1])
    for column in ("data", "meta", "type", "stream"):
        if trial := _byte(row, column, fault.committed, digest):
            at, now, was = trial
            return finding(
                "byte-altered",
                position=fault.position,
                column=column,
                byte=at,
                now=f"0x{now:02x}",
                before=f"0x{was:02x}",
            )
    return None


def _columns(row: Any, before: Any) -> Iterator[tuple[str, int]]:
    """Values that a number or a moment may have had: the neighbour's, one bit flipped, a little more or less."""
    occurred, recorded = micros(row["occurred_at"]), micros(row["recorded_at"])
    yield "occurred_at", recorded
    yield "recorded_at", occurred
    if before is not None:
        yield "recorded_at", micros(before["recorded_at"])
    for version in range(max(1, row["version"] - VERSIONS_TRIED), row["version"] + VERSIONS_TRIED):
        yield "version", version
    for bit in range(56):
        yield "occurred_at", occurred ^ 1 << bit
        yield "recorded_at", recorded ^ 1 << bit
    for step in (1, 60, 3_600, 28_800, 86_400):
        for sign in (-1_000_000, 1_000_000):
            yield "occurred_at", occurred + sign * step
            yield "recorded_at", recorded + sign * step


def _now(row: Any, column: str) -> int:
    value = row[column]
    return value if isinstance(value, int) else micros(value)


def _byte(row: Any, column: str, committed: bytes, digest: Digest) -> tuple[int, int, int] | None:
    """Which one byte of a column, set to which value, gives the committed leaf: (place, now, before)."""
    held = row[column]
    raw = held.encode() if isinstance(held, str) else held
    whole = _entry(row)
    start = _start_of(row, column)
    trial = bytearray(whole)
    for at in range(min(len(raw), BYTES_TRIED_MAX)):
        now = trial[start + at]
        for was in range(256):
            if was != now:
                trial[start + at] = was
                if digest(bytes(trial)) == committed:
                    return at, now, was
        trial[start + at] = now
    return None


def _entry(row: Any) -> bytes:
    return row_leaf(row)


def _start_of(row: Any, column: str) -> int:
    """Where a column's bytes begin in the entry."""
    stream = len(_FIRST_PART) + len(str(row["position"])) + 1
    type_ = stream + len(row["stream"].encode()) + 1 + len(str(row["version"])) + 1
    whole = len(row_leaf(row))
    meta = whole - len(row["meta"])
    return {"stream": stream, "type": type_, "meta": meta, "data": meta - len(row["data"])}[column]
