"""Callers in a process of their own, over real connections: HTTP/1.1 by hand, so that they cost little of two cores.

``serving`` answers on a port of loopback under granian, ``from_outside`` runs a benchmark's own file as the callers.
"""

from __future__ import annotations

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvloop
from granian.constants import Interfaces
from granian.server.embed import Server

_POSITION = b"\r\nmingjing-position:"
_LENGTH = b"\r\ncontent-length:"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``position`` is the log's after what was asked, 0 where the answer names none."""

    status: int
    body: bytes
    position: int


class Wire:
    """One connection that is kept."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def to(cls, port: int) -> Wire:
        """Connect to loopback."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, method: str, path: str, token: str, body: bytes = b"", **headers: str) -> Answer:
        """One request and its whole answer; ``headers`` with ``_`` for ``-``."""
        given = {"Host": "127.0.0.1", "Authorization": f"Bearer {token}", "Content-Length": str(len(body))}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in given.items())
        self._writer.write(head.encode() + b"\r\n" + body)
        answered = await self._reader.readuntil(b"\r\n\r\n")
        whole = await self._reader.readexactly(_number(answered, _LENGTH))
        return Answer(int(answered.split(b" ", 2)[1]), whole, _number(answered, _POSITION))

    def close(self) -> None:
        """Hang up."""
        self._writer.close()


def _number(head: bytes, name: bytes) -> int:
    return int(head.lower().partition(name)[2].partition(b"\r\n")[0] or 0)


@asynccontextmanager
async def serving(app: Any, *, with_lifespan: bool = True) -> AsyncIterator[int]:
    """The app on a free port; without lifespan where its host runs already."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    interface = Interfaces.ASGI if with_lifespan else Interfaces.ASGINL
    server = Server(app, port=port, interface=interface, backlog=2_048, log_enabled=False)
    running = asyncio.create_task(server.serve())
    while True:
        try:
            (await Wire.to(port)).close()
            break
        except OSError:
            await asyncio.sleep(0.05)
    yield port
    server.stop()  # type: ignore[no-untyped-call]
    await running


async def from_outside(script: str, port: int, told: Any) -> dict[str, Any]:
    """Run a benchmark's file as the callers; what they found."""
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        sys.executable, str(Path(script)), str(port), stdin=pipe, stdout=pipe, limit=2**26
    )
    output, _ = await child.communicate(json.dumps(told).encode())
    if child.returncode:
        raise RuntimeError("the callers' process failed")
    return dict(json.loads(output))


def call(callers: Callable[[int, Any], Awaitable[dict[str, Any]]]) -> None:
    """What the callers' process does: told on its standard input, it tells on its standard output."""

    async def found() -> dict[str, Any]:
        return await callers(int(sys.argv[1]), json.load(sys.stdin))

    sys.stdout.write(json.dumps(uvloop.run(found())))
