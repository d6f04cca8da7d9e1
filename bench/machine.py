"""What this machine is like today: steps through objects that lie scattered over 64 MiB, as an interpreter takes them.

Raw limit: the same steps through objects that fit into the first cache. A low ratio says that memory is slow here, by
its make or by its neighbours, and with it everything that makes many small objects. The details are the other prices
that the figures of the other benchmarks are made of.
"""

from __future__ import annotations

import hashlib
import mmap
import os
import random
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from figure import Figure
from stage import Options

NAME = "machine"
USES: set[str] = set()
STEPS = 1_000_000
CELL_BYTES = 64
"""Of a list with one element."""
TIMES = 3
PAGE_BYTES = 4_096


async def run(_: Options) -> Figure:
    """Measure; the best of three, since a busy neighbour is not what is asked for."""
    far, near = _steps(64 << 20), _steps(16 << 10)
    return Figure(
        name=NAME, value=far, unit="steps/s", raw=near, raw_is="steps/s within 16 KiB",
        details={
            "far_ns": round(1e9 / far),
            "near_ns": round(1e9 / near),
            "page_fault_ns": round(_page_fault() * 1e9),
            "sha256_400_bytes_ns": round(_each(lambda: hashlib.sha256(_BLOCK).digest(), 200_000) * 1e9),
            "system_call_ns": round(_each(os.getppid, 200_000) * 1e9),
            "fdatasync_8_kib_us": round(_flush() * 1e6),
            "cores": os.cpu_count(),
        },
    )  # fmt: skip


_BLOCK = bytes(400)


def _steps(size: int) -> float:
    cells: list[list[Any]] = [[None] for _ in range(size // CELL_BYTES)]
    order = list(range(len(cells)))
    random.Random(1).shuffle(order)
    for here, there in zip(order, order[1:] + order[:1], strict=True):
        cells[here][0] = cells[there]
    found = max(_walk(cells[0]) for _ in range(TIMES))
    for cell in cells:  # a ring of a million cells is no work for the collector
        cell.clear()
    return found


def _walk(cell: list[Any]) -> float:
    began = time.perf_counter()
    for _ in range(STEPS):
        cell = cell[0]
    return STEPS / (time.perf_counter() - began)


def _page_fault() -> float:
    size = 64 << 20
    with mmap.mmap(-1, size) as memory:
        first, again = (_touch(memory, size) for _ in range(2))
    return (first - again) / (size // PAGE_BYTES)


def _touch(memory: mmap.mmap, size: int) -> float:
    began = time.perf_counter()
    for at in range(0, size, PAGE_BYTES):
        memory[at] = 1
    return time.perf_counter() - began


def _each(act: Callable[[], object], times: int) -> float:
    def once() -> float:
        began = time.perf_counter()
        for _ in range(times):
            act()
        return (time.perf_counter() - began) / times

    return min(once() for _ in range(TIMES))


def _flush() -> float:
    with tempfile.TemporaryDirectory(prefix="mingjing-bench-") as place, (Path(place) / "flushed").open("wb") as file:
        file.write(bytes(8_192))
        file.flush()

        def act() -> None:
            os.pwrite(file.fileno(), bytes(8_192), 0)
            os.fdatasync(file.fileno())

        return _each(act, 300)
