"""The disk fills up under load: callers wait or are told to come back, nothing acknowledged is lost, and when there is
room again everything goes on by itself."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest

from chaos.box import Box, wait_until
from chaos.drill import Drill
from chaos.load import Caller, Ledger
from chaos.test_refused_starts import mounted

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(280)]
DISK = "700m"
FULL_SECONDS = 3.0
_CHUNK = b"\0" * (1 << 20)


async def test_a_disk_that_fills_up_and_is_freed(tmp_path: Path) -> None:
    with mounted(tmp_path / "disk", DISK) as disk:
        box = Box(disk / "data")
        try:
            await asyncio.to_thread(box.start)
            caller = Caller(box.urls, Ledger())
            drill = Drill(box, caller, caller.ledger)
            async with drill.load("disk full"):
                await asyncio.to_thread(fill, disk / "ballast")
                await asyncio.to_thread(wait_until, lambda: "磁盘即将写满" in box.output.read_text(), 30, box.said)
                await asyncio.sleep(FULL_SECONDS)
                (disk / "ballast").unlink()
                await asyncio.to_thread(wait_until, lambda: "磁盘已有空间" in box.output.read_text(), 30, box.said)
                await asyncio.to_thread(box.await_back)
            await drill.assert_all_is_well()
            await caller.close()
        finally:
            box.end()


def fill(ballast: Path) -> None:
    """Until nothing fits any more."""
    with contextlib.suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(_CHUNK)
