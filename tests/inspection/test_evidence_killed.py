"""A real process, killed in the middle of an upload: what it acknowledged is there when the next one starts."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from inspection.conftest import ISSUER, Caller, World
from inspection.sending import CONTENT, PART, PHOTO, Device, problem, visited
from kernel.evidence.samples import sha256

START_SECONDS_MAX = 120
SERVED = Path(__file__).with_name("served.py")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@asynccontextmanager
async def served(environment: dict[str, str], headers: dict[str, str]) -> AsyncIterator[Device]:
    """The service for as long as the block lasts; then it is killed, whatever it is doing."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(sys.executable, str(SERVED), str(port), env=environment)
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False) as client:
            await answers(client, process)
            yield Device(Caller(client, headers))
    finally:
        process.send_signal(signal.SIGKILL)
        assert await process.wait() == -signal.SIGKILL


async def answers(client: httpx.AsyncClient, process: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(START_SECONDS_MAX):
        while True:
            assert process.returncode is None
            try:
                if (await client.get("/inspection/v1/health")).status_code == 200:
                    return
            except httpx.TransportError:
                await asyncio.sleep(0.1)


async def test_an_upload_survives_kill_9_at_every_step(world: World) -> None:
    headers = (await visited(world, sha256(CONTENT))).caller.headers
    settings = world.host.settings
    await world.stack.aclose()
    environment = os.environ | {
        "MINGJING_POSTGRES_URL": settings.postgres_url,
        "MINGJING_DATA_DIR": str(settings.data_dir),
        "MINGJING_ISSUER_URL": ISSUER,
        "TEST_KEY": world.public_key,
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    async with served(environment, headers) as device:
        assert (await device.declare(PHOTO, CONTENT)).status_code == 201
        assert (await device.part(PHOTO, 0, CONTENT[:PART])).status_code == 204
        under_way = asyncio.create_task(device.part(PHOTO, PART, CONTENT[PART : 2 * PART]))
        await asyncio.sleep(0)
    await asyncio.gather(under_way, return_exceptions=True)
    async with served(environment, headers) as device:
        offset = await device.offset(PHOTO)
        assert offset in (PART, 2 * PART), "the part that was under way is there wholly or not at all"
        assert (await device.part(PHOTO, offset, CONTENT[offset:])).status_code == 204
        finishing = asyncio.create_task(device.finish(PHOTO))
        await asyncio.sleep(0)
    await asyncio.gather(finishing, return_exceptions=True)
    async with served(environment, headers) as device:
        receipt = (await device.finish(PHOTO)).json()
        assert receipt["sha256"] == sha256(CONTENT)
        steps = (await device.caller.send("GET", f"/evidence/{PHOTO}/custody")).json()
        received = [step for step in steps if step["fact"] == "kernel.evidence-received.v1"]
        assert [step["position"] for step in received] == [receipt["position"]]
        shown = await device.caller.send("GET", f"/evidence/{PHOTO}/copy")
        assert (shown.status_code, shown.headers["Content-Type"]) == (200, "image/jpeg")
        stranger = Device(Caller(device.caller.client, {}))
        assert problem(await stranger.declare(PHOTO, CONTENT)) == (401, "not-signed-in")
