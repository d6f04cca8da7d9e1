"""Two processes of one service write the same log at once; one is killed. Order, ids and refusals hold across both."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chaos.box import Box, wait_until
from chaos.drill import Drill
from chaos.load import Caller
from mingjing.servers import places
from mingjing.service_process import answers

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(240)]
START_SECONDS_MAX = 90
TOGETHER_SECONDS = 2.0


async def test_two_processes_write_one_log_and_one_dies(drill: Drill) -> None:
    with second("registry", drill.box) as (child, url):
        await asyncio.to_thread(wait_until, lambda: answers(f"{url}/registry/v1/health"), START_SECONDS_MAX)
        there = Caller({**drill.box.urls, "registry": url}, drill.ledger)
        here_load, there_load = drill.load("here"), drill.load("there", caller=there)
        async with here_load, there_load:
            await asyncio.sleep(TOGETHER_SECONDS)
            child.kill()
            child.wait()
            there.move(drill.box.urls)  # what was not answered is asked of the other one, with the same ids
        await there.close()
    assert here_load.told
    assert there_load.told
    await drill.assert_all_is_well()


@contextmanager
def second(service: str, box: Box) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """One more process of a service, told what the first was told, but for its port."""
    port = places.port_for(box.data / "no-such-file")
    environment = {**box.told(service), "MINGJING_HTTP_PORT": str(port), "MINGJING_MIGRATE_AT_START": "false"}
    with (box.installation.log / f"{service}-second.log").open("ab") as output:
        child = subprocess.Popen(
            [sys.executable, "-m", f"mingjing_{service}", "serve"],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield child, f"http://127.0.0.1:{port}"
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
