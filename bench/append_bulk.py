"""Bulk ingest: files of many records, hashed, idempotent, decided; 50 events a command, 20 commands a call.

Raw limit: ``INSERT … SELECT unnest`` of 1,000 rows a commit, same payload, no hash.
"""

from __future__ import annotations

import deposits
from figure import Figure
from mingjing_kernel.loop import calm_collector
from stage import Options, stage

NAME = "append-bulk"
USES = {"events", "fsync_delay_ms"}


async def run(options: Options) -> Figure:
    """Measure."""
    events = options.events or 1_500_000
    with stage(options) as here:
        async with here.database("bench_bulk") as url:
            raw = await deposits.raw_unnest(url)
            deposits.make_log(url)
            async with deposits.open_log(url) as log:
                calm_collector()
                took = await deposits.preload(log, events)
                assert await log.head() == events, "an acknowledged event is missing"
    return Figure(
        name=NAME, value=events / took, unit="events/s", raw=raw, raw_is="unnest of 1,000",
        details={"events": events, "seconds": round(took, 1), "events_a_command": 50},
    )  # fmt: skip
