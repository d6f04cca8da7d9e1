"""Commands over NATS with replies: 256 callers in a process of their own, each waits for its reply.

Raw limit: the same requests answered at once by a handler that does nothing.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any

import msgspec
import nats

import balances
import deposits
from figure import Figure, milliseconds, percentile
from mingjing_kernel.broker.bulk_port import Request
from mingjing_kernel.identifiers import new_id
from stage import Options, stage

NAME = "bulk-port"
USES = {"callers", "fsync_delay_ms", "seconds"}


async def run(options: Options) -> Figure:
    """Measure."""
    seconds, callers = options.seconds or 15.0, options.callers or 256
    service = balances.teller()
    with stage(options, nats=True) as here:
        raw = await _raw(here.nats_url, callers)
        async with here.database("bench_port") as url:
            balances.make_service(url, service)
            async with balances.running(service, url, here.nats_url, {"bulk-port"}) as host:
                found = await _from_outside(
                    here.nats_url, "bench.cmd.deposit.caller", balances.token(), callers, seconds
                )
                assert await host.log.head() == found["count"], "an acknowledged command is missing"
    return Figure(
        name=NAME, value=found["count"] / found["took"], unit="commands/s", raw=raw, raw_is="echo over NATS",
        details={"callers": callers, "p50_ms": found["p50_ms"], "p99_ms": found["p99_ms"]},
    )  # fmt: skip


async def _raw(url: str, callers: int) -> float:
    client = await nats.connect(url)

    async def echo(message: Any) -> None:
        await message.respond(b'{"position":1,"version":1}')

    await client.subscribe("raw.echo", cb=echo)
    found = await _from_outside(url, "raw.echo", "none", callers, 5.0)
    await client.close()
    return float(found["count"] / found["took"])


async def _from_outside(url: str, subject: str, token: str, callers: int, seconds: float) -> dict[str, Any]:
    """Callers live in another process, as they do in life."""
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(Path(__file__)), url, subject, str(callers), str(seconds),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    output, _ = await child.communicate(token.encode())
    if child.returncode:
        raise RuntimeError("the callers' process failed")
    return dict(json.loads(output))


async def call(url: str, subject: str, callers: int, seconds: float, token: str) -> dict[str, Any]:
    """What the child process does."""
    client = await nats.connect(url)
    headers = {"Authorization": f"Bearer {token}"}
    encode = msgspec.json.Encoder().encode

    async def act(caller: int, number: int) -> None:
        command = msgspec.Raw(encode(deposits.deposit(caller, number)))
        request = Request(deposits.account(caller), new_id(), command)
        reply = await client.request(subject, encode(request), timeout=30, headers=headers)
        if not reply.data.startswith(b'{"position"'):
            raise RuntimeError(reply.data.decode())

    count, took, latencies = await deposits.hammer(act, callers, seconds)
    await client.close()
    return {
        "count": count,
        "took": took,
        "p50_ms": milliseconds(percentile(latencies, 0.5)),
        "p99_ms": milliseconds(percentile(latencies, 0.99)),
    }


if __name__ == "__main__":
    import uvloop

    address, where, many, long = sys.argv[1:5]
    sys.stdout.write(json.dumps(uvloop.run(call(address, where, int(many), float(long), sys.stdin.read()))))
