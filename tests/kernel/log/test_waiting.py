"""Whoever waits for the next position can always be told to stop."""

from __future__ import annotations

import asyncio

from kernel.log.toy import deposit
from mingjing_kernel.log import Log


async def test_whoever_is_told_to_stop_as_the_news_comes_stops(log: Log) -> None:
    async def follow() -> None:
        position = 0
        while True:
            position = await log.wait_beyond(position, 60)

    follower = asyncio.create_task(follow())
    while not log._waiters:  # noqa: ASYNC110  (it has just been made)
        await asyncio.sleep(0)
    log._tell()
    await asyncio.sleep(0)  # the event is heard, and the follower has not gone on yet
    follower.cancel()
    await asyncio.wait({follower}, timeout=10)
    assert follower.cancelled()


async def test_the_head_is_told_as_soon_as_it_is_beyond(log: Log) -> None:
    waiting = asyncio.create_task(log.wait_beyond(0, 60))
    await log.handle_many([deposit(1)])
    assert await waiting == 1
    assert await log.wait_beyond(1, 0.05) == 1
