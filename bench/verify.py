"""Verify a whole log, sealed: every leaf, tile and root recomputed, every segment compared, in one process a core.

Raw limit: the same rows copied out of PostgreSQL over one connection, nothing computed.
"""

from __future__ import annotations

import asyncio
import time

import psycopg

import deposits
from figure import Figure
from mingjing_kernel.audit.verify import verify
from mingjing_kernel.log.database import asyncpg_url
from sealing import seal
from stage import Options, stage

NAME = "verify"
USES = {"events"}
_COPY = (
    "COPY (SELECT position, stream, version, type, data, meta, occurred_at, recorded_at, leaf FROM bench.events "
    "ORDER BY position) TO STDOUT (FORMAT binary)"
)


async def run(options: Options) -> Figure:
    """Measure."""
    events = options.events or 1_000_000
    with stage(options) as here:
        async with here.database("bench_verify") as url:
            deposits.make_log(url)
            async with deposits.open_log(url) as log:
                await deposits.preload(log, events)
                sealed = await seal(log)
            raw = await asyncio.to_thread(_raw, url, events)
            found = await asyncio.to_thread(verify, url, deposits.SCHEMA, (), options.progress)
            assert found.is_clean, found.findings
            assert found.size == events
    return Figure(
        name=NAME, value=events / found.seconds, unit="events/s", raw=raw, raw_is="COPY out, one connection",
        details={"events": events, "seconds": round(found.seconds, 2), "tiles": found.tiles, **sealed},
    )  # fmt: skip


def _raw(url: str, events: int) -> float:
    with psycopg.connect(asyncpg_url(url)) as connection, connection.cursor() as cursor:
        began = time.perf_counter()
        with cursor.copy(_COPY) as copy:
            for _ in copy:
                pass
        return events / (time.perf_counter() - began)
