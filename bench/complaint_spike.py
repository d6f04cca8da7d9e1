"""Hotline days and their bursts: complaints come when they come, whether the desk keeps up or not.

``--events`` complaints a month (300,000), evenly; then ten times as many for ``--seconds`` (600); then the month's pace
again. Each goes from the first ring to the closing and is found again (``complaint-lifecycle``). Whoever comes while
others wait is not held back: what piles up is told, and every error ends it. A short form: ``--seconds 60``. Raw limit:
as many events by ``INSERT … SELECT unnest``, without a rule or a list.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import funds_stage
import wire
from complaint_lifecycle import Desk, hotline, preload, told
from figure import Figure, milliseconds, percentile
from stage import Options, stage
from wire import Wire

NAME = "complaint-spike"
USES = {"events", "preload", "seconds", "fsync_delay_ms"}
A_MONTH, MONTH_SECONDS = 300_000, 30 * 24 * 3_600
BURST, BURST_SECONDS = 10, 600.0
CALM_SHARE = 5
"""The calm before and the calm after are a fifth of the burst each."""


async def run(options: Options) -> Figure:
    """Measure."""
    seconds, a_month = options.seconds or BURST_SECONDS, options.events or A_MONTH
    with stage(options) as here:
        async with here.database("bench_spike") as url, hotline(url) as host:
            await preload(host, options.preload)
            head = await host.log.head()
            async with wire.serving(host.app(), with_lifespan=False) as port:
                given = told(rate=a_month / MONTH_SECONDS, seconds=seconds)
                found = await wire.from_outside(__file__, port, given)
            events = await host.log.head() - head
            await host.runner.wait_for(await host.log.head(), funds_stage.LISTS_SECONDS)
        async with here.database("bench_spike_raw") as url:
            began = time.perf_counter()
            await funds_stage.bare_inserts(url, events)
            raw = time.perf_counter() - began
    assert not found["wrong"], found["wrong"][:3]
    return Figure(
        name=NAME, value=found["in_burst"] / found["burst_took"], unit="lifecycles/s", raw=found["came"] / raw,
        raw_is="unnest of as many events",
        details={
            "asked_per_s": round(BURST * a_month / MONTH_SECONDS, 3), "a_month": a_month, "burst_seconds": seconds,
            "came": found["came"], "errors": 0, "stored_before": options.preload, "events": events,
            "waiting_max": found["waiting_max"], "requests": found["requests"],
            "lifecycle_p50_ms": found["lifecycle_p50_ms"], "lifecycle_p99_ms": found["lifecycle_p99_ms"],
            "request_p99_ms": found["request_p99_ms"],
        },
    )  # fmt: skip


class Spike:
    """Arrivals by the clock; nobody waits for anybody else's answer."""

    def __init__(self, desk: Desk, rate: float, seconds: float) -> None:
        self._desk = desk
        self._rate = rate
        self._seconds = seconds
        self._waiting = 0
        self._came = self._waiting_max = 0

    async def come(self) -> dict[str, Any]:
        """Calm, burst, calm; returns when the last one is closed."""
        calm = self._seconds / CALM_SHARE
        before = await self._arrivals(self._rate, calm)
        began = time.perf_counter()
        burst = await self._arrivals(self._rate * BURST, self._seconds)
        after = asyncio.create_task(self._arrivals(self._rate, calm))
        in_burst = sorted(await asyncio.gather(*burst))
        burst_took = max(self._seconds, time.perf_counter() - began)
        await asyncio.gather(*before, *await after)
        return self._desk.told() | {
            "in_burst": len(in_burst), "burst_took": burst_took, "came": self._came, "waiting_max": self._waiting_max,
            "lifecycle_p50_ms": milliseconds(percentile(in_burst, 0.5)),
            "lifecycle_p99_ms": milliseconds(percentile(in_burst, 0.99)),
        }  # fmt: skip

    async def _arrivals(self, rate: float, seconds: float) -> list[asyncio.Task[float]]:
        """One at a time, evenly, at least one."""
        began, tasks = time.perf_counter(), []
        for number in range(max(1, round(rate * seconds))):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            tasks.append(asyncio.create_task(self._one()))
        await asyncio.sleep(max(0.0, began + seconds - time.perf_counter()))
        return tasks

    async def _one(self) -> float:
        self._came, self._waiting = self._came + 1, self._waiting + 1
        self._waiting_max = max(self._waiting_max, self._waiting)
        began, line = time.perf_counter(), await Wire.to(self._desk.port)
        await self._desk.lifecycle(line)
        line.close()
        self._waiting -= 1
        return time.perf_counter() - began


async def come(port: int, given: dict[str, Any]) -> dict[str, Any]:
    """What the callers' process does."""
    return await Spike(Desk(port, given["tokens"]), given["rate"], given["seconds"]).come()


if __name__ == "__main__":
    wire.call(come)
