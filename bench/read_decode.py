"""Read the log back and decode every event to its class, from sealed segments; beside it the same from the table.

Raw limit: the same rows fetched from the table and left as bytes.
"""

from __future__ import annotations

import time

import asyncpg

import deposits
from figure import Figure
from mingjing_kernel.collecting import collecting_seldom
from mingjing_kernel.log.database import asyncpg_url
from sealing import seal
from stage import Options, stage

NAME = "read-decode"
USES = {"events"}
PAGE = 5_000
_QUERY = (
    "SELECT position, stream, version, type, data, meta, occurred_at, recorded_at FROM bench.events "
    "WHERE position > $1 ORDER BY position LIMIT $2"
)


async def run(options: Options) -> Figure:
    """Measure."""
    events = options.events or 1_000_000
    with stage(options) as here:
        async with here.database("bench_read") as url:
            deposits.make_log(url)
            async with deposits.open_log(url) as log:
                await deposits.preload(log, events)
                sealed = await seal(log)
                with collecting_seldom():  # as in a service
                    raw = await _raw(url, events)
                    began, position = time.perf_counter(), 0
                    while page := await log.read(position, PAGE):
                        position = page[-1].position
                    from_table = events / (time.perf_counter() - began)
                    began = time.perf_counter()
                    async for page in log.pages(0, events, PAGE):
                        position = page[-1].position
                    took = time.perf_counter() - began
                assert position == events
    return Figure(
        name=NAME, value=events / took, unit="events/s", raw=raw, raw_is="asyncpg fetch, bytes only",
        details={"events": events, "seconds": round(took, 2), "from_table": round(from_table), **sealed},
    )  # fmt: skip


async def _raw(url: str, events: int) -> float:
    connection = await asyncpg.connect(asyncpg_url(url))
    began, position = time.perf_counter(), 0
    while page := await connection.fetch(_QUERY, position, PAGE):
        position = page[-1][0]
    took = time.perf_counter() - began
    await connection.close()
    return events / took
