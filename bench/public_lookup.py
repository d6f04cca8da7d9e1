"""Public look-ups a second on one core: the page that a family gets, out of a nation's registry, over loopback HTTP.

Console and registry run in this process, held to one core; the callers have the other. Asked for are 500 names, the
better known the more often (Zipf), each of which was asked for once before; what those cost that nobody asked for
before stands in the details. Raw limit: a bare route of the same framework under the same granian that answers with as
many bytes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import socket
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from granian.constants import Interfaces
from granian.server.embed import Server
from starlette.responses import HTMLResponse

import nation
from figure import Figure
from mingjing_console.service import SERVICE as CONSOLE
from mingjing_kernel.identity import StaticKeys
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_kernel.service import Host, Service
from mingjing_kernel.service.migrating import migrate
from mingjing_registry.service import SERVICE as REGISTRY
from registry_scale import ISSUER, KEYS, RATE, quieten
from stage import Options, stage

NAME = "public-lookup"
USES = {"callers", "events", "seconds"}
CALLERS, SECONDS, RAW_SECONDS, NEW_SECONDS, WARM_SECONDS_MAX = 64, 15.0, 5.0, 5.0, 120.0
NAMES = 500
_PARTS = {"http"}


async def run(options: Options) -> Figure:
    """Measure; ``--events`` is how many institutions there are."""
    with stage(options) as here:
        async with here.database("bench_registry") as registry_url, here.database("bench_console") as console_url:
            await migrate(REGISTRY, registry_url, say=lambda _: None)
            await migrate(CONSOLE, console_url, say=lambda _: None)
            known = await nation.fill(registry_url, options.events or nation.INSTITUTIONS, options.progress)
            await nation.settle(registry_url)
            return await measured(registry_url, console_url, known, options)


async def measured(registry_url: str, console_url: str, known: Sequence[nation.Known], options: Options) -> Figure:
    """Over filled databases."""
    callers, draw = options.callers or CALLERS, random.Random(11)
    asked = [one.name for one in draw.sample(list(known), min(NAMES, len(known)))]
    fresh = [one.name for one in known]
    async with _town(registry_url, console_url) as port:
        with _one_core():
            new = await _from_outside(port, callers, NEW_SECONDS, fresh, is_known=False)
            await _from_outside(port, callers, WARM_SECONDS_MAX, asked, is_known=False)
            found = await _from_outside(port, callers, options.seconds or SECONDS, asked, is_known=True)
    raw = await _raw(callers, found["bytes"] // max(found["count"], 1), asked)
    return Figure(
        name=NAME, value=found["count"] / found["took"], unit="look-ups/s", raw=raw["count"] / raw["took"],
        raw_is="a bare FastAPI route, same bytes",
        details={
            "connections": callers, "names": len(asked), "bytes": found["bytes"] // max(found["count"], 1),
            "p50_ms": found["p50_ms"], "p99_ms": found["p99_ms"],
            "first_asked_per_s": round(new["count"] / new["took"]), "first_asked_p50_ms": new["p50_ms"],
            "first_asked_p99_ms": new["p99_ms"],
        },
    )  # fmt: skip


async def _raw(callers: int, size: int, asked: Sequence[str]) -> dict[str, Any]:
    app, body = FastAPI(), "x" * size

    @app.get("/")
    async def nothing(q: str = "") -> HTMLResponse:
        return HTMLResponse(body)

    async with _serving(app) as port:
        with _one_core():
            return await _from_outside(port, callers, RAW_SECONDS, asked, is_known=True)


@contextmanager
def _one_core() -> Iterator[None]:
    """This process is held to one core while it serves."""
    before = os.sched_getaffinity(0)
    _hold({min(before)})
    try:
        yield
    finally:
        _hold(before)


def _hold(cores: set[int]) -> None:
    for thread in Path("/proc/self/task").iterdir():
        os.sched_setaffinity(int(thread.name), cores)


@asynccontextmanager
async def _town(registry_url: str, console_url: str) -> AsyncIterator[int]:
    """Registry and console at work; the console's port."""
    quieten()
    with tempfile.TemporaryDirectory(prefix="mingjing-bench-") as place:
        ports = {name: _free_port() for name in ("registry", "console")}
        more = {f"{name}_url": f"http://127.0.0.1:{port}" for name, port in ports.items()}
        async with contextlib.AsyncExitStack() as stack:
            for service, url in ((REGISTRY, registry_url), (CONSOLE, console_url)):
                host = _host(service, url, Path(place), more)
                await stack.enter_async_context(_serving(host.app(), ports[service.name]))
            yield ports["console"]


def _host(service: Service, url: str, place: Path, more: dict[str, Any]) -> Host:
    settings: Any = service.settings(
        postgres_url=url, issuer_url=ISSUER, data_dir=place, trusted_proxies=("127.0.0.1",), rate_caller=RATE,
        rate_address=RATE, **more,
    )  # fmt: skip
    for name in ("sealing", "index"):
        if not settings.key_file(name).exists():
            make_key_file(settings.key_file(name))
    return Host(service, settings, parts=_PARTS, keys=StaticKeys(KEYS))


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@asynccontextmanager
async def _serving(app: FastAPI, port: int = 0) -> AsyncIterator[int]:
    port = port or _free_port()
    server = Server(app, port=port, interface=Interfaces.ASGI, log_enabled=False)
    serving = asyncio.create_task(server.serve())
    while True:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            break
        except OSError:
            await asyncio.sleep(0.05)
    yield port
    server.stop()  # type: ignore[no-untyped-call]
    await serving


async def _from_outside(
    port: int, callers: int, seconds: float, names: Sequence[str], *, is_known: bool
) -> dict[str, Any]:
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(Path(__file__).with_name("families.py")), str(port), str(callers), str(seconds),
        str(int(is_known)),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, _ = await child.communicate(json.dumps(list(names)).encode())
    if child.returncode:
        raise RuntimeError("the callers' process failed")
    return dict(json.loads(output))
