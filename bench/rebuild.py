"""Fold a whole log into read models from nothing, as ``rebuild`` and ``audit replay`` do; 1 event in 50 a new row.

Raw limit: the same rows fetched and decoded, nothing folded.
"""

from __future__ import annotations

import time

import balances
import deposits
from figure import Figure
from mingjing_kernel.log import Log
from mingjing_kernel.projection.rebuild import rebuild
from stage import Options, stage

NAME = "rebuild"
USES = {"events"}


async def run(options: Options) -> Figure:
    """Measure."""
    events = options.events or 1_000_000
    service = balances.teller()
    with stage(options) as here:
        async with here.database("bench_rebuild") as url:
            balances.make_service(url, service)
            async with deposits.open_log(url) as log:
                await deposits.preload(log, events)
                raw = await _raw(log, events)
                began = time.perf_counter()
                folded = await rebuild(log, service.read_models, options.progress)
                took = time.perf_counter() - began
                assert folded.events == events
    return Figure(
        name=NAME, value=events / took, unit="events/s", raw=raw, raw_is="read and decode only",
        details={"events": events, "seconds": round(took, 2)},
    )  # fmt: skip


async def _raw(log: Log, events: int) -> float:
    began, position = time.perf_counter(), 0
    while page := await log.read(position, 10_000):
        position = page[-1].position
    return events / (time.perf_counter() - began)
