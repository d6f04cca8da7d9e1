"""The malware scanner (恶意代码扫描): ClamAV's daemon over its socket, by setting.

The protocol is clamd's INSTREAM: chunks with their length before them, a chunk of none at the end, one line back. The
one rule: no answer is no answer; nothing is called clean because the scanner was away.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from mingjing_kernel.evidence.facts import Verdict

CHUNK_BYTES = 256 * 1024
SECONDS_MAX = 120.0
ANSWER_BYTES_MAX = 4_096


@dataclass(frozen=True, slots=True)
class Scanned:
    """What came of a scan; ``is_final`` is false when it should be tried again."""

    verdict: Verdict
    detail: str
    is_final: bool = True


class Scanner:
    """``unix:///run/clamav/clamd.ctl`` or ``tcp://host:3310``; an empty address scans nothing and says so."""

    def __init__(self, address: str) -> None:
        self.address = address

    @property
    def name(self) -> str:
        """What stands in the log as the scanner."""
        return f"clamd {self.address}" if self.address else "none"

    async def scan(self, file: Path) -> Scanned:
        """Look at a file. Never raises for a scanner that is away."""
        if not self.address:
            return Scanned(Verdict.NOT_SCANNED, "no scanner is set up")
        try:
            async with asyncio.timeout(SECONDS_MAX):
                return _read(await self._asked(file))
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as away:
            return Scanned(Verdict.NOT_SCANNED, f"the scanner is away: {type(away).__name__}", is_final=False)

    async def _asked(self, file: Path) -> str:
        reader, writer = await self._connected()
        try:
            writer.write(b"zINSTREAM\0")
            with file.open("rb") as opened:
                while chunk := await asyncio.to_thread(opened.read, CHUNK_BYTES):
                    writer.write(len(chunk).to_bytes(4, "big") + chunk)
                    await writer.drain()
            writer.write(bytes(4))
            await writer.drain()
            return (await reader.readuntil(b"\0"))[:-1].decode("utf-8", "replace")
        finally:
            writer.close()

    async def _connected(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        parts = urlsplit(self.address)
        if parts.scheme == "unix":
            return await asyncio.open_unix_connection(parts.path, limit=ANSWER_BYTES_MAX)
        return await asyncio.open_connection(parts.hostname, parts.port, limit=ANSWER_BYTES_MAX)


def _read(answer: str) -> Scanned:
    """``stream: OK``, ``stream: Eicar-Signature FOUND``, or an error such as a size limit."""
    said = answer.removeprefix("stream:").strip()
    if said == "OK":
        return Scanned(Verdict.CLEAN, "")
    if said.endswith(" FOUND"):
        return Scanned(Verdict.INFECTED, said.removesuffix(" FOUND")[:200])
    return Scanned(Verdict.NOT_SCANNED, f"the scanner did not look: {said[:200]}")
