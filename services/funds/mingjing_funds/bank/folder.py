"""A bank behind two folders (前置机文件交换): batches are put into one, status reports are found in the other.

The one rule: a file appears whole or not at all, under a name made of the message, so that sending again writes the
same file. What was read stays until it is acknowledged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from mingjing_funds.bank import camt055, pain001
from mingjing_funds.bank.port import BankAway, Outgoing, Report

REPORTS_MAX = 1_000
"""Reports taken at a time; the others wait for the next look."""
REPORT_BYTES_MAX = 50_000_000


@dataclass(frozen=True, slots=True)
class FolderBank:
    """``outbox`` is read by the bank's front end, ``inbox`` written by it; both exist."""

    name: str
    outbox: Path
    inbox: Path
    writes: Callable[[Outgoing], bytes] = pain001.written
    suffix: str = ".xml"

    async def send(self, outgoing: Outgoing) -> None:
        """Put the batch there. The bank tells by the message id that it has had it before."""
        content = self.writes(outgoing)
        await asyncio.to_thread(self._put, f"pain001_{outgoing.message_id}{self.suffix}", content)

    async def recall(self, outgoing: Outgoing, numbers: Iterable[str]) -> frozenset[str]:
        """Put the request beside the batch. Nobody answers through a folder at once: a report says what was stopped."""
        wanted = {item.number for item in outgoing.batch.items} & set(numbers)
        if wanted:
            message = camt055.of_items(outgoing, wanted)
            await asyncio.to_thread(self._put, f"camt055_{outgoing.message_id}.xml", message)
        return frozenset()

    async def reports(self) -> tuple[Report, ...]:
        """The reports that lie there, by name."""
        return await asyncio.to_thread(self._read)

    async def acknowledge(self, report: Report) -> None:
        """Take it away."""
        await asyncio.to_thread((self.inbox / Path(report.name).name).unlink, missing_ok=True)

    def _put(self, name: str, content: bytes) -> None:
        try:
            unfinished = self.outbox / f".{name}.part"
            unfinished.write_bytes(content)
            unfinished.replace(self.outbox / name)
        except OSError as away:
            raise BankAway(self.name) from away

    def _read(self) -> tuple[Report, ...]:
        try:
            names = sorted(path for path in self.inbox.iterdir() if path.suffix == ".xml" and path.name[0] != ".")
            return tuple(
                Report(path.name, path.read_bytes())
                for path in names[:REPORTS_MAX]
                if path.stat().st_size <= REPORT_BYTES_MAX
            )
        except OSError as away:
            raise BankAway(self.name) from away
