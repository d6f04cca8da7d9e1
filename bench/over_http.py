"""Commands over HTTP: 64 connections of a process of its own, each POST answered after its commit.

Raw limit: the same body parsed by a bare FastAPI route under the same granian, no token, no log.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from granian.constants import Interfaces
from granian.server.embed import Server

import balances
import deposits
from figure import Figure, milliseconds, percentile
from mingjing_kernel.identifiers import new_id
from stage import Options, stage

NAME = "http"
USES = {"callers", "fsync_delay_ms", "seconds"}


async def run(options: Options) -> Figure:
    """Measure."""
    seconds, connections = options.seconds or 15.0, options.callers or 64
    raw = await _raw(connections)
    service = balances.teller()
    with stage(options, nats=True) as here:
        async with here.database("bench_http") as url:
            balances.make_service(url, service)
            host = balances.hosted(service, url, here.nats_url, {"http"})
            async with _serving(host.app()) as port:
                found = await _from_outside(port, balances.token(), connections, seconds)
                assert await host.log.head() == found["count"], "an acknowledged command is missing"
    return Figure(
        name=NAME, value=found["count"] / found["took"], unit="commands/s", raw=raw["count"] / raw["took"],
        raw_is="bare FastAPI under granian",
        details={"connections": connections, "p50_ms": found["p50_ms"], "p99_ms": found["p99_ms"]},
    )  # fmt: skip


async def _raw(connections: int) -> dict[str, Any]:
    app = FastAPI()

    @app.post("/bench/v1/accounts/{account_id}/deposits", status_code=201)
    async def nothing(account_id: str, body: balances.NewDeposit) -> dict[str, Any]:
        return {"position": 1, "version": body.amount_fen}

    async with _serving(app) as port:
        return await _from_outside(port, "none", connections, 5.0)


@asynccontextmanager
async def _serving(app: FastAPI) -> AsyncIterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
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


async def _from_outside(port: int, token: str, connections: int, seconds: float) -> dict[str, Any]:
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(Path(__file__)), str(port), str(connections), str(seconds),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, _ = await child.communicate(token.encode())
    if child.returncode:
        raise RuntimeError("the callers' process failed")
    return dict(json.loads(output))


async def call(port: int, connections: int, seconds: float, token: str) -> dict[str, Any]:
    """What the child process does: HTTP/1.1 by hand, so that the client costs little of the two cores."""
    wires = [await asyncio.open_connection("127.0.0.1", port) for _ in range(connections)]

    async def act(caller: int, number: int) -> None:
        reader, writer = wires[caller]
        deposit = deposits.deposit(caller, number)
        body = json.dumps(
            {name: getattr(deposit, name) for name in ("amount_fen", "reference", "payer", "note")}
        ).encode()
        writer.write(
            f"POST /bench/v1/accounts/{deposits.account(caller)}/deposits HTTP/1.1\r\nHost: 127.0.0.1\r\n"
            f"Authorization: Bearer {token}\r\nIdempotency-Key: {new_id()}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n".encode()
            + body
        )
        head = await reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 201"):
            raise RuntimeError((head + await reader.read(2_000)).decode())
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        await reader.readexactly(length)

    count, took, latencies = await deposits.hammer(act, connections, seconds)
    for _, writer in wires:
        writer.close()
    return {
        "count": count,
        "took": took,
        "p50_ms": milliseconds(percentile(latencies, 0.5)),
        "p99_ms": milliseconds(percentile(latencies, 0.99)),
    }


if __name__ == "__main__":
    import uvloop

    sys.stdout.write(
        json.dumps(uvloop.run(call(int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.stdin.read())))
    )
