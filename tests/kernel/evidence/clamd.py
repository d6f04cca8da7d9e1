"""A daemon that speaks ClamAV's INSTREAM, for tests: it finds the test signature and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from kernel.evidence.samples import EICAR
from mingjing_kernel.evidence.scanner import CHUNK_BYTES, Scanner

Daemon = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def clamd(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """INSTREAM as clamd answers it: finds the test signature, refuses what is larger than it takes."""
    assert await reader.readexactly(10) == b"zINSTREAM\0"
    content = b""
    while length := int.from_bytes(await reader.readexactly(4), "big"):
        assert length <= CHUNK_BYTES
        content += await reader.readexactly(length)
    if len(content) > 1_000_000:
        writer.write(b"INSTREAM size limit exceeded. ERROR\0")
    elif EICAR in content:
        writer.write(b"stream: Eicar-Test-Signature FOUND\0")
    else:
        writer.write(b"stream: OK\0")
    await writer.drain()
    writer.close()


async def rude(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Hangs up in the middle."""
    await reader.readexactly(10)
    writer.close()


@asynccontextmanager
async def daemon(answers: Daemon, tmp_path: Path) -> AsyncIterator[Scanner]:
    socket = tmp_path / "clamd.ctl"
    server = await asyncio.start_unix_server(answers, path=socket)
    async with server:
        yield Scanner(f"unix://{socket}")
