"""Families who look institutions up, as a process of its own: HTTP/1.1 by hand, so that it costs little of its core.

It imports nothing of the product, and is run by ``public_lookup.py`` with port, connections, seconds, whether names are
asked for again and again, and the names on its standard input.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

import uvloop

from figure import milliseconds, percentile

ORDER = 50_000


async def look_up(port: int, callers: int, seconds: float, names: Sequence[str], *, is_known: bool) -> dict[str, Any]:
    """Each request from an address of its own, for one name: the n-th best known in proportion to 1/n, or each once and
    then no more.
    """
    wires = [await asyncio.open_connection("127.0.0.1", port) for _ in range(callers)]
    draw, latencies, size, turn = random.Random(5), list[float](), 0, 0
    requests = [f"GET /?q={quote(name)} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: ".encode() for name in names]
    weights = [1 / (place + 1) for place in range(len(names))]
    many = range(len(names))
    order = draw.choices(many, weights, k=ORDER) if is_known else draw.sample(many, len(names))
    until = time.perf_counter() + seconds

    async def family(caller: int) -> None:
        nonlocal turn, size
        reader, writer = wires[caller]
        while (began := time.perf_counter()) < until and (is_known or turn < len(order)):
            turn += 1
            address = f"{10 + turn % 200}.{turn // 200 % 250}.{turn // 50_000 % 250}.{caller}"
            writer.write(requests[order[turn % len(order)]] + address.encode() + b"\r\n\r\n")
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.startswith(b"HTTP/1.1 200"):
                raise RuntimeError(head.decode())
            length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
            size += len(await reader.readexactly(length))
            latencies.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(family(caller) for caller in range(callers)))
    took = time.perf_counter() - began
    for _, writer in wires:
        writer.close()
    latencies.sort()
    return {
        "count": len(latencies), "took": took, "bytes": size, "p50_ms": milliseconds(percentile(latencies, 0.5)),
        "p99_ms": milliseconds(percentile(latencies, 0.99)),
    }  # fmt: skip


if __name__ == "__main__":
    os.sched_setaffinity(0, {(os.cpu_count() or 1) - 1})
    port, callers, seconds, is_known = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4] == "1"
    asked_for = json.loads(sys.stdin.read())
    sys.stdout.write(json.dumps(uvloop.run(look_up(port, callers, seconds, asked_for, is_known=is_known))))
