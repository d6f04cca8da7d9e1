"""One caller alone: the cost of one durable command, nothing to share a commit with. Raw: one asyncpg connection."""

from __future__ import annotations

import append_concurrent
import deposits
from figure import Figure
from stage import Options, stage

NAME = "append-single"
USES = {"fsync_delay_ms", "seconds"}


async def run(options: Options) -> Figure:
    """Measure."""
    with stage(options) as here:
        async with here.database("bench_single") as url:
            raw = await deposits.raw_inserts(url, connections=1)
    alone = Options(seconds=options.seconds or 15.0, callers=1, fsync_delay_ms=options.fsync_delay_ms)
    figure = await append_concurrent.run(alone)
    return Figure(
        name=NAME, value=figure.value, unit=figure.unit, raw=raw, raw_is="asyncpg inserts, 1 connection",
        details=figure.details,
    )  # fmt: skip
