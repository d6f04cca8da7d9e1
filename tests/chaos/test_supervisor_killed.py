"""kill -9 of ``mingjing up`` itself: nothing stays behind that stops the next start, nothing acknowledged is lost."""

from __future__ import annotations

import asyncio

import pytest

from chaos.box import wait_until
from chaos.drill import Drill
from mingjing.servers import places

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(280)]
LOAD_SECONDS = (0.5, 1.5)


async def test_the_next_start_works_and_finds_everything(drill: Drill) -> None:
    box, chance = drill.box, drill.chance("supervisor")
    async with drill.load("supervisor killed"):
        await asyncio.sleep(chance.uniform(*LOAD_SECONDS))
        await asyncio.to_thread(box.kill_supervisor)
        addresses = dict(box.urls)
        seconds = await asyncio.to_thread(box.start)
        assert box.urls == addresses  # callers who hold an address find the service there again
    print(f"second start: {seconds:.1f} s")  # noqa: T201
    await drill.assert_all_is_well()


async def test_a_start_cut_short_stops_nothing(drill: Drill) -> None:
    """The command is killed at several moments of its start; the one after comes up all the same."""
    box, chance = drill.box, drill.chance("start cut short")
    addresses = dict(box.urls)
    await asyncio.to_thread(box.kill_supervisor)
    for _ in range(3):
        child = box.launch()
        await asyncio.sleep(chance.uniform(0.2, 3.0))
        child.kill()
        child.wait()
    await asyncio.to_thread(box.start)
    assert box.urls == addresses
    async with drill.load("start cut short"):
        pass
    await drill.assert_all_is_well()


async def test_a_port_taken_meanwhile_is_given_up_for_another(drill: Drill) -> None:
    """Somebody else sits on the port of a service when everything starts again."""
    box = drill.box
    assert await asyncio.to_thread(box.stop) == 0
    port = int(box.urls["registry"].rpartition(":")[2])
    intruder = await asyncio.start_server(lambda *_: None, "127.0.0.1", port)
    async with intruder:
        await asyncio.to_thread(box.start)
        assert box.urls["registry"].rpartition(":")[2] != str(port)
        drill.caller.move(box.urls)
        async with drill.load("port taken"):
            pass
    await asyncio.to_thread(wait_until, lambda: places.port_is_free(port), 10)
    await drill.assert_all_is_well()
