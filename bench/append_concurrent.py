"""256 callers, one event a command: load, decide, append through ``Log.handle``, real commits.

Raw limit: asyncpg single-row inserts over 32 connections, same payload, no order, no hash, no idempotency.
``--preload N`` fills the log first; ``--fsync-delay-ms D`` lets PostgreSQL wait before each flush.
"""

from __future__ import annotations

from typing import Any

import deposits
from figure import Figure, milliseconds, percentile
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope
from mingjing_kernel.loop import calm_collector
from stage import Options, stage

NAME = "append-concurrent"
USES = {"callers", "fsync_delay_ms", "preload", "seconds"}


async def run(options: Options) -> Figure:
    """Measure."""
    callers, seconds = options.callers or 256, options.seconds or 60.0
    with stage(options) as here:
        async with here.database("bench_append") as url:
            raw = await deposits.raw_inserts(url)
            deposits.make_log(url)
            async with deposits.open_log(url) as log:
                details: dict[str, Any] = {"callers": callers, "preload": options.preload}
                if options.preload:
                    details["preload_seconds"] = round(await deposits.preload(log, options.preload), 1)
                calm_collector()

                async def act(caller: int, number: int) -> None:
                    envelope = Envelope(command_id=new_id(), **deposits.DETAILS)
                    await log.handle(
                        deposits.ACCOUNT, deposits.account(caller), deposits.deposit(caller, number), envelope
                    )

                count, took, latencies = await deposits.hammer(act, callers, seconds)
                assert await log.head() == count + options.preload, "an acknowledged command is missing"
    details |= {
        "seconds": round(took, 1),
        "p50_ms": milliseconds(percentile(latencies, 0.50)),
        "p99_ms": milliseconds(percentile(latencies, 0.99)),
        "fsync_delay_ms": options.fsync_delay_ms,
    }
    return Figure(
        name=NAME, value=count / took, unit="commands/s", raw=raw, raw_is="asyncpg inserts, 32 connections",
        details=details,
    )  # fmt: skip
