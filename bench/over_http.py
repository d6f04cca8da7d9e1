"""Commands over HTTP: 64 connections of a process of its own, each POST answered after its commit.

Raw limit: the same body parsed by a bare FastAPI route under the same granian, no token, no log.
"""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI

import balances
import deposits
import wire
from figure import Figure, milliseconds, percentile
from mingjing_kernel.identifiers import new_id
from stage import Options, stage
from wire import Wire

NAME = "http"
USES = {"callers", "fsync_delay_ms", "seconds"}
JSON = "application/json"


async def run(options: Options) -> Figure:
    """Measure."""
    seconds, connections = options.seconds or 15.0, options.callers or 64
    raw = await _raw(connections)
    service = balances.teller()
    with stage(options, nats=True) as here:
        async with here.database("bench_http") as url:
            balances.make_service(url, service)
            host = balances.hosted(service, url, here.nats_url, {"http"})
            async with wire.serving(host.app()) as port:
                found = await _called(port, balances.token(), connections, seconds)
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

    async with wire.serving(app) as port:
        return await _called(port, "none", connections, 5.0)


async def _called(port: int, token: str, connections: int, seconds: float) -> dict[str, Any]:
    return await wire.from_outside(__file__, port, {"token": token, "connections": connections, "seconds": seconds})


async def call(port: int, told: Any) -> dict[str, Any]:
    """What the child process does."""
    connections, seconds, token = told["connections"], told["seconds"], told["token"]
    lines = [await Wire.to(port) for _ in range(connections)]

    async def act(caller: int, number: int) -> None:
        deposit = deposits.deposit(caller, number)
        body = {name: getattr(deposit, name) for name in ("amount_fen", "reference", "payer", "note")}
        path = f"/bench/v1/accounts/{deposits.account(caller)}/deposits"
        answer = await lines[caller].ask(
            "POST", path, token, json.dumps(body).encode(), Idempotency_Key=str(new_id()), Content_Type=JSON
        )
        if answer.status != 201:
            raise RuntimeError(answer.body.decode())

    count, took, latencies = await deposits.hammer(act, connections, seconds)
    for line in lines:
        line.close()
    return {
        "count": count,
        "took": took,
        "p50_ms": milliseconds(percentile(latencies, 0.5)),
        "p99_ms": milliseconds(percentile(latencies, 0.99)),
    }


if __name__ == "__main__":
    wire.call(call)
