"""JetStream's directory is deleted while NATS is down: everything catches up from the logs, once each."""

from __future__ import annotations

import asyncio
import shutil
import signal

import psutil
import pytest

from chaos.box import Box, wait_until
from chaos.drill import Drill

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(200)]
BEFORE_SECONDS = 1.0


async def test_a_deleted_relay_costs_no_fact(drill: Drill) -> None:
    load = drill.load("relay lost")
    async with load:
        await asyncio.sleep(BEFORE_SECONDS)
        await asyncio.to_thread(_delete_streams, drill.box)
        await asyncio.to_thread(drill.box.await_back)
        await asyncio.sleep(BEFORE_SECONDS)
    assert load.told
    await drill.assert_all_is_well()


async def test_services_go_on_while_there_is_no_relay(drill: Drill) -> None:
    """NATS hangs instead of dying: nothing is published, nobody is refused, and later nothing is missing."""
    broker = await asyncio.to_thread(wait_until, lambda: drill.box.process_of("nats"), 30)
    load = drill.load("relay hangs")
    broker.send_signal(signal.SIGSTOP)
    try:
        async with load:
            await asyncio.sleep(BEFORE_SECONDS)
    finally:
        broker.send_signal(signal.SIGCONT)
    assert load.told
    await drill.assert_all_is_well()


def _delete_streams(box: Box) -> None:
    """Kill NATS and take its directory before the supervisor starts it again."""
    broker = wait_until(lambda: box.process_of("nats"), 30)
    store = box.installation.nats / "store"
    broker.kill()
    wait_until(lambda: _has_ended(broker), 30)
    shutil.rmtree(store)


def _has_ended(found: psutil.Process) -> bool:
    return not found.is_running() or found.status() == psutil.STATUS_ZOMBIE
