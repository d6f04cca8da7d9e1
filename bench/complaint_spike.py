"""Hotline days and their bursts: complaints come when they come, whether the desk keeps up or not.

``--events`` complaints a month (300,000), evenly; then ten times as many for ``--seconds`` (600); then the month's pace
again. Each goes from the first ring to the closing and is found again (``complaint-lifecycle``). Whoever comes while
others wait is not held back: what piles up is told, and every error ends it. A short form: ``--seconds 60``. Raw limit:
as many events by ``INSERT … SELECT unnest``, without a rule or a list.
"""

from __future__ import annotations

import asyncio
import time

import httpx

import funds_stage
from complaint_lifecycle import Desk, hotline, preload
from figure import Figure, milliseconds, percentile
from mingjing_kernel.service import Host
from stage import Options, stage

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
            spike = Spike(host, a_month / MONTH_SECONDS, seconds)
            await spike.come()
            events = await host.log.head() - head
            await host.runner.wait_for(await host.log.head(), funds_stage.LISTS_SECONDS)
        async with here.database("bench_spike_raw") as url:
            began = time.perf_counter()
            await funds_stage.bare_inserts(url, events)
            raw = time.perf_counter() - began
    desk, burst = spike.desk, sorted(spike.in_burst)
    assert not desk.wrong, desk.wrong[:3]
    requests = sorted(desk.requests)
    return Figure(
        name=NAME, value=len(burst) / spike.burst_took, unit="lifecycles/s", raw=spike.came / raw,
        raw_is="unnest of as many events",
        details={
            "asked_per_s": round(BURST * a_month / MONTH_SECONDS, 3), "a_month": a_month, "burst_seconds": seconds,
            "came": spike.came, "errors": len(desk.wrong), "stored_before": options.preload, "events": events,
            "waiting_max": spike.waiting_max, "requests": len(requests),
            "lifecycle_p50_ms": milliseconds(percentile(burst, 0.5)),
            "lifecycle_p99_ms": milliseconds(percentile(burst, 0.99)),
            "request_p99_ms": milliseconds(percentile(requests, 0.99)),
        },
    )  # fmt: skip


class Spike:
    """Arrivals by the clock; nobody waits for anybody else's answer."""

    def __init__(self, host: Host, rate: float, seconds: float) -> None:
        self.desk = Desk(host, seconds)
        self._host = host
        self._rate = rate
        self._seconds = seconds
        self._waiting = 0
        self.in_burst: list[float] = []
        self.came = self.waiting_max = 0
        self.burst_took = seconds

    async def come(self) -> None:
        """Calm, burst, calm; returns when the last one is closed."""
        transport = httpx.ASGITransport(self._host.app(), raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://bench", timeout=120) as client:
            calm = self._seconds / CALM_SHARE
            before = await self._arrivals(client, self._rate, calm)
            began = time.perf_counter()
            burst = await self._arrivals(client, self._rate * BURST, self._seconds)
            after = asyncio.create_task(self._arrivals(client, self._rate, calm))
            self.in_burst = list(await asyncio.gather(*burst))
            self.burst_took = max(self._seconds, time.perf_counter() - began)
            await asyncio.gather(*before, *await after)

    async def _arrivals(self, client: httpx.AsyncClient, rate: float, seconds: float) -> list[asyncio.Task[float]]:
        """One at a time, evenly, at least one."""
        began, tasks = time.perf_counter(), []
        for number in range(max(1, round(rate * seconds))):
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
            tasks.append(asyncio.create_task(self._one(client)))
        await asyncio.sleep(max(0.0, began + seconds - time.perf_counter()))
        return tasks

    async def _one(self, client: httpx.AsyncClient) -> float:
        self.came, self._waiting = self.came + 1, self._waiting + 1
        self.waiting_max = max(self.waiting_max, self._waiting)
        began = time.perf_counter()
        await self.desk.lifecycle(client)
        self._waiting -= 1
        return time.perf_counter() - began
