"""Load one aggregate of 1,000 events, fold it, on a log of any size (``--preload``).

Raw limit: the same rows fetched by the same index, nothing decoded or folded.
"""

from __future__ import annotations

import time

import asyncpg

import deposits
from figure import Figure, milliseconds, percentile
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope, Work
from mingjing_kernel.log.database import asyncpg_url
from stage import Options, stage

NAME = "stream-load"
USES = {"preload"}
EVENTS = 1_000
TIMES = 200


async def run(options: Options) -> Figure:
    """Measure."""
    with stage(options) as here:
        async with here.database("bench_stream") as url:
            deposits.make_log(url)
            async with deposits.open_log(url) as log:
                seconds = await deposits.preload(log, options.preload) if options.preload else 0.0
                command = deposits.DepositMany(deposits=tuple(deposits.deposit(1, at) for at in range(EVENTS)))
                envelope = Envelope(command_id=new_id(), **deposits.DETAILS)
                await log.handle_many([Work(deposits.ACCOUNT, deposits.account(1), command, envelope)])
                raw = await _raw(url)
                latencies = []
                for _ in range(TIMES):
                    began = time.perf_counter()
                    _, version = await log.state(deposits.ACCOUNT, deposits.account(1))
                    latencies.append(time.perf_counter() - began)
                assert version == EVENTS
    latencies.sort()
    return Figure(
        name=NAME, value=milliseconds(percentile(latencies, 0.5)), unit="ms p50", raw=milliseconds(raw),
        raw_is="ms, fetch only",
        details={"events": EVENTS, "p99_ms": milliseconds(percentile(latencies, 0.99)), "preload": options.preload,
                 "preload_seconds": round(seconds, 1)},
    )  # fmt: skip


async def _raw(url: str) -> float:
    connection = await asyncpg.connect(asyncpg_url(url))
    statement = await connection.prepare(
        "SELECT position, stream, version, type, data, meta, occurred_at, recorded_at FROM bench.events "
        "WHERE stream = $1 ORDER BY version"
    )
    stream = deposits.ACCOUNT.stream(deposits.account(1))
    took = []
    for _ in range(TIMES):
        began = time.perf_counter()
        await statement.fetch(stream)
        took.append(time.perf_counter() - began)
    await connection.close()
    return sorted(took)[TIMES // 2]
