"""A log and its neighbour, who watches it: what the witness's tests begin with."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from kernel.audit.burgled import ORIGIN
from kernel.log.toy import deposit
from mingjing_kernel.audit.alarm import (
    WITNESS,
    WitnessAlarmed,
)
from mingjing_kernel.audit.checkpoints import Checkpointer
from mingjing_kernel.audit.note import Checkpoint, parse_note
from mingjing_kernel.audit.witness import Witness, over_http
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Log

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
MOMENT = timedelta(seconds=1)


@dataclass
class Hands:
    """A clock that goes when it is told to."""

    at: datetime = AT

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Watched:
    """A log, its neighbour who watches it over its real routes, and what goes wrong between them."""

    log: Log
    neighbour: Log
    checkpointer: Checkpointer
    witness: Witness
    client: httpx.AsyncClient
    clock: Hands
    lies: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    async def grow(self, count: int) -> None:
        start = await self.log.head()
        await self.log.handle_many([deposit(start + number) for number in range(count)])
        await self.checkpointer.write()

    async def fetch(self, path: str) -> bytes:
        self.asked.append(path)
        for beginning, lie in self.lies.items():
            if path.startswith(beginning):
                if isinstance(lie, Exception):
                    raise lie
                return bytes(lie)
        return await over_http(self.client, "http://toy")(path)

    async def alarms(self) -> list[WitnessAlarmed]:
        facts = await self.neighbour.history(WITNESS, derived_id(ORIGIN))
        return [fact.event for fact in facts if isinstance(fact.event, WitnessAlarmed)]

    async def held(self) -> Checkpoint:
        note = await self.neighbour.pool.fetchval("SELECT note FROM neighbour.witnessed")
        return parse_note(note).checkpoint()
