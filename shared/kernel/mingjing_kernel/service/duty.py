"""Duties (自动任务): what a service does by itself, each in whichever process holds the duty's seat.

The one rule: a duty says every day what it did, or that it did nothing and why; whether anything is left to do is
decided in the log, by commands whose ids are made of the day. Trouble is said and waited for, and holds up no other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import structlog

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.log import database

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit
    from mingjing_kernel.service.host import Host

LOOK_SECONDS = 300.0
RETRY_SECONDS = 60.0
Seat = Callable[[], Awaitable[str]]
_log = structlog.get_logger("mingjing.duty")


@dataclass(frozen=True, slots=True)
class Done:
    """What the last day's work of a duty came to."""

    on: date | None = None
    said: str = "not yet"


class Duty(Protocol):
    """One of them in one process. Routers of the service reach it as ``kit.duties[name]``."""

    @property
    def look_seconds(self) -> float:
        """Between two looks."""
        ...

    async def recall(self) -> Done | None:
        """The last day's work, where the log has it on record: a process that has just started knows of none."""
        ...

    async def is_due(self, now: datetime, done_on: date | None) -> bool:
        """Whether the day's work waits; ``done_on`` is the day of which this process knows."""
        ...

    async def do(self, day: date) -> str:
        """The day's work, and what it came to in one line. Doing it twice must be harmless."""
        ...

    async def look(self) -> None:
        """What is done between two days' works, each time somebody looks."""
        ...

    def readiness(self) -> dict[str, Any]:
        """More about how far it got: for the health page."""
        ...


MakeDuty: TypeAlias = Callable[["Kit"], Duty]
DoDaily: TypeAlias = Callable[["Kit", date], Awaitable[str]]


class OnceADay:
    """A duty that is one function, and does nothing between two days."""

    look_seconds = LOOK_SECONDS

    def __init__(self, kit: Kit, do: DoDaily) -> None:
        self._kit = kit
        self._do = do

    async def recall(self) -> Done | None:
        """Nothing: what it did is in the log, that it was this day's work is not."""
        return None

    async def is_due(self, now: datetime, done_on: date | None) -> bool:
        """With the first look of each day in China."""
        return done_on != shanghai_date(now)

    async def do(self, day: date) -> str:
        """Whatever the function says that it came to."""
        return await self._do(self._kit, day)

    async def look(self) -> None:
        """Nothing."""

    def readiness(self) -> dict[str, Any]:
        """Nothing more than its keeper knows."""
        return {}


def once_a_day(do: DoDaily) -> MakeDuty:
    """A row of ``Service.duties``: ``{"roster-reconciliation": once_a_day(reconcile_daily)}``."""

    def make(kit: Kit) -> Duty:
        return OnceADay(kit, do)

    return make


class DutyKeeper:
    """Sees to it that one duty is done in this process; ``step`` does at once what waits."""

    def __init__(self, name: str, duty: Duty, kit: Kit, seat: Seat | None = None) -> None:
        self._name = name
        self._duty = duty
        self._kit = kit
        self._seat = seat
        self.last = Done()
        self._because = ""
        """Why nothing can be done just now; empty as soon as it can."""

    async def run(self) -> None:
        """Until cancelled. Trouble is said and waited for, never raised."""
        while True:
            try:
                await asyncio.sleep(await self._round())
            except Exception as trouble:
                if not database.is_away(trouble):
                    _log.exception("duty.failed", duty=self._name)
                self._because = f"trying again: {database.in_short(trouble)}"
                await asyncio.sleep(RETRY_SECONDS)

    async def _round(self) -> float:
        if self._seat and (because := await self._seat()):
            self._because = because
            return RETRY_SECONDS
        await self.step()
        self._because = ""
        return self._duty.look_seconds

    async def step(self) -> Done:
        """The day's work where it waits, else a look."""
        now = self._kit.now()
        if self.last.on is None:
            self.last = await self._duty.recall() or self.last
        if not await self._duty.is_due(now, self.last.on):
            await self._duty.look()
            return self.last
        day = shanghai_date(now)
        self.last = Done(day, await self._duty.do(day))
        _log.info("duty.done", duty=self._name, on=day.isoformat(), said=self.last.said)
        return self.last

    def readiness(self) -> dict[str, Any]:
        """When it was done last, what came of it, and what the duty itself adds."""
        on = self.last.on.isoformat() if self.last.on else None
        return {"on": on, "said": self._because or self.last.said, **self._duty.readiness()}


def make_keeper(host: Host, name: str, duty: Duty) -> DutyKeeper:
    """Of one duty; only who holds the seat does it, everybody may be asked."""

    async def seat() -> str:
        return "" if await host.seats.take(name) else host.seats.why_not()

    return DutyKeeper(name, duty, host, seat)
