"""From log to JetStream: the relay publishes a backlog, every message acknowledged before its cursor moves.

Raw limit: nats-py publishing the same bytes with 1,000 acknowledgements outstanding.
"""

from __future__ import annotations

import asyncio
import time

import nats

import balances
import deposits
from figure import Figure
from stage import Options, stage

NAME = "relay"
USES = {"events"}
WINDOW = 1_000


async def run(options: Options) -> Figure:
    """Measure."""
    events = options.events or 200_000
    service = balances.teller()
    with stage(options, nats=True) as here:
        raw = await _raw(here.nats_url, events // 4)
        async with here.database("bench_relay") as url:
            balances.make_service(url, service)
            async with deposits.open_log(url) as log:
                await deposits.preload(log, events)
            began = time.perf_counter()
            async with balances.running(service, url, here.nats_url, {"relay"}) as host:
                while host.talking.relay.status.published < events:  # noqa: ASYNC110  the relay has no bell
                    await asyncio.sleep(0.02)
                took = time.perf_counter() - began
    return Figure(
        name=NAME, value=events / took, unit="messages/s", raw=raw, raw_is="nats-py, window of 1,000",
        details={"events": events, "seconds": round(took, 2)},
    )  # fmt: skip


async def _raw(url: str, messages: int) -> float:
    client = await nats.connect(url)
    jetstream = client.jetstream(publish_async_max_pending=WINDOW * 2)
    await jetstream.add_stream(name="RAW", subjects=["raw.>"])
    data, began = b"x" * 200, time.perf_counter()
    window = []
    for number in range(messages):
        window.append(await jetstream.publish_async("raw.x", data, headers={"Nats-Msg-Id": f"raw-{number}"}))
        if len(window) == WINDOW:
            await asyncio.gather(*window)
            window.clear()
    await asyncio.gather(*window)
    took = time.perf_counter() - began
    await jetstream.delete_stream("RAW")
    await client.close()
    return messages / took
