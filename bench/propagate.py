"""A command in one service to the visible row in another: log, relay, JetStream, inbox, log, projection.

1,000 commands a second, open loop (a late answer does not slow the next command). Raw limit (latency): two commits in
a row on the same PostgreSQL; the ratio is how many of those the whole way costs.
"""

from __future__ import annotations

import asyncio
import time

import asyncpg

import balances
import deposits
from figure import Figure, milliseconds, percentile
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.service import Host
from stage import Options, stage

NAME = "propagate"
USES = {"fsync_delay_ms", "seconds"}
RATE = 1_000


async def run(options: Options) -> Figure:
    """Measure."""
    seconds = options.seconds or 15.0
    teller, hearer = balances.teller(), balances.hearer()
    with stage(options, nats=True) as here:
        async with here.database("bench_propagate") as url:
            balances.make_service(url, teller)
            balances.make_service(url, hearer)
            raw = await _two_commits(url)
            first = balances.running(teller, url, here.nats_url, {"http", "relay"})
            second = balances.running(hearer, url, here.nats_url, {"inboxes", "projections"})
            async with first as here_told, second as there:
                await _drive(here_told, there, 2.0)  # warm
                latencies = await _drive(here_told, there, seconds)
    latencies.sort()
    return Figure(
        name=NAME, value=milliseconds(percentile(latencies, 0.99)), unit="ms p99", raw=milliseconds(raw),
        raw_is="ms, two commits in a row",
        details={"p50_ms": milliseconds(percentile(latencies, 0.5)), "commands": len(latencies), "rate": RATE},
    )  # fmt: skip


async def _drive(told: Host, heard: Host, seconds: float) -> list[float]:
    sent: list[float] = []
    base = heard.runner.position
    seen: list[float] = []
    total = int(RATE * seconds)

    async def watch() -> None:
        while len(seen) < total:
            await heard.runner.wait_for(base + len(seen) + 1, 30.0)
            now = time.perf_counter()
            seen.extend([now] * (heard.runner.position - base - len(seen)))

    async def send(number: int) -> None:
        envelope = Envelope(command_id=new_id(), **deposits.DETAILS)
        await told.log.handle(
            deposits.ACCOUNT, deposits.account(number % 256), deposits.deposit(number % 256, number), envelope
        )

    watching = asyncio.create_task(watch())
    began, tasks = time.perf_counter(), []
    for number in range(total):
        due = began + number / RATE
        if (wait := due - time.perf_counter()) > 0:
            await asyncio.sleep(wait)
        sent.append(time.perf_counter())
        tasks.append(asyncio.create_task(send(number)))
    await asyncio.gather(*tasks)
    await watching
    # Commands are committed in the order in which they were handed in, so the n-th row belongs to the n-th command.
    return [there - here for here, there in zip(sent, seen, strict=True)]


async def _two_commits(url: str, times: int = 500) -> float:
    connection = await asyncpg.connect(asyncpg_url(url))
    await connection.execute("CREATE TABLE two (n int)")
    began = time.perf_counter()
    for number in range(times * 2):
        await connection.execute("INSERT INTO two VALUES ($1)", number)
    took = time.perf_counter() - began
    await connection.close()
    return took / times
