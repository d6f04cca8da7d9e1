"""A command in one service to the visible row in another: log, relay, JetStream, inbox, log, projection.

Each service is a process of its own, as in production. 1,000 commands a second, open loop (a late answer does not slow
the next command). Raw limit (latency): two commits in a row on the same PostgreSQL; the ratio is how many of those the
whole way costs.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import time
from multiprocessing.connection import Connection

import asyncpg

import balances
import deposits
from figure import Figure, milliseconds, percentile
from mingjing_kernel import loop
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope, Log
from mingjing_kernel.log.database import asyncpg_url
from stage import Options, stage

NAME = "propagate"
USES = {"fsync_delay_ms", "seconds"}
RATE = 1_000
WARM_SECONDS = 2.0
START_SECONDS_MAX = 60.0
WAIT_SECONDS_MAX = 60.0


async def run(options: Options) -> Figure:
    """Measure."""
    seconds = options.seconds or 15.0
    teller, hearer = balances.teller(), balances.hearer()
    with stage(options, nats=True) as here:
        async with here.database("bench_propagate") as url:
            balances.make_service(url, teller)
            balances.make_service(url, hearer)
            raw = await _two_commits(url)
            totals = [int(RATE * WARM_SECONDS), int(RATE * seconds)]
            ours, theirs = multiprocessing.Pipe()
            process = multiprocessing.get_context("spawn").Process(
                target=_hear, args=(url, here.nats_url, totals, theirs), daemon=True
            )
            process.start()
            try:
                await _answer(ours, START_SECONDS_MAX)
                async with balances.running(teller, url, here.nats_url, {"http", "relay"}) as told:
                    for total in totals:
                        sent = await _drive(told.log, total)
                        seen = await _answer(ours, WAIT_SECONDS_MAX)
            finally:
                process.kill()
                process.join()
    # Commands are committed in the order in which they were handed in, so the n-th row belongs to the n-th command.
    latencies = sorted(there - here for here, there in zip(sent, seen, strict=True))
    return Figure(
        name=NAME, value=milliseconds(percentile(latencies, 0.99)), unit="ms p99", raw=milliseconds(raw),
        raw_is="ms, two commits in a row",
        details={"p50_ms": milliseconds(percentile(latencies, 0.5)), "commands": len(latencies), "rate": RATE},
    )  # fmt: skip


async def _answer(pipe: Connection, seconds: float) -> list[float]:
    if not await asyncio.to_thread(pipe.poll, seconds):
        raise TimeoutError(f"the hearing service did not answer within {seconds:g} s")
    return list(pipe.recv())


def _hear(url: str, nats_url: str, totals: list[int], pipe: Connection) -> None:
    """The other service, in its own process: says when each row was there, by the machine's one clock."""
    loop.run(_watch(url, nats_url, totals, pipe))


async def _watch(url: str, nats_url: str, totals: list[int], pipe: Connection) -> None:
    async with balances.running(balances.hearer(), url, nats_url, {"inboxes", "projections"}) as heard:
        pipe.send([])
        position = 0
        for total in totals:
            seen: list[float] = []
            while len(seen) < total:
                await heard.runner.wait_for(position + 1, WAIT_SECONDS_MAX)
                now = time.monotonic()
                seen.extend([now] * (heard.runner.position - position))
                position = heard.runner.position
            pipe.send(seen)


async def _drive(log: Log, total: int) -> list[float]:
    sent: list[float] = []

    async def send(number: int) -> None:
        envelope = Envelope(command_id=new_id(), **deposits.DETAILS)
        await log.handle(
            deposits.ACCOUNT, deposits.account(number % 256), deposits.deposit(number % 256, number), envelope
        )

    began, tasks = time.monotonic(), []
    for number in range(total):
        due = began + number / RATE
        if (wait := due - time.monotonic()) > 0:
            await asyncio.sleep(wait)
        sent.append(time.monotonic())
        tasks.append(asyncio.create_task(send(number)))
    await asyncio.gather(*tasks)
    return sent


async def _two_commits(url: str, times: int = 500) -> float:
    connection = await asyncpg.connect(asyncpg_url(url))
    await connection.execute("CREATE TABLE two (n int)")
    began = time.perf_counter()
    for number in range(times * 2):
        await connection.execute("INSERT INTO two VALUES ($1)", number)
    took = time.perf_counter() - began
    await connection.close()
    return took / times
