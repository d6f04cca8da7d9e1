"""Fold a whole log into read models from nothing, as ``rebuild`` and ``audit replay`` do; 1 event in 50 a new row.

Measured from sealed segments, and before that from the table. Raw limit: the same rows fetched from the table and
decoded, nothing folded.
"""

from __future__ import annotations

import time

import balances
import deposits
from figure import Figure
from mingjing_kernel.log import Log
from mingjing_kernel.log.schema import read_schema_of
from mingjing_kernel.projection.rebuild import rebuild
from mingjing_kernel.projection.store import create_read_schema
from mingjing_kernel.service import Service
from sealing import seal
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
                from_table = events / await _rebuild(log, service, options, events)
                create_read_schema(url, service.name, read_schema_of(service.name), service.read_models)  # anew
                sealed = await seal(log)
                took = await _rebuild(log, service, options, events)
    return Figure(
        name=NAME, value=events / took, unit="events/s", raw=raw, raw_is="read and decode only",
        details={"events": events, "seconds": round(took, 2), "from_table": round(from_table), **sealed},
    )  # fmt: skip


async def _rebuild(log: Log, service: Service, options: Options, events: int) -> float:
    began = time.perf_counter()
    folded = await rebuild(log, service.read_models, options.progress)
    assert folded.events == events
    return time.perf_counter() - began


async def _raw(log: Log, events: int) -> float:
    began, position = time.perf_counter(), 0
    while page := await log.read(position, 10_000):
        position = page[-1].position
    return events / (time.perf_counter() - began)
