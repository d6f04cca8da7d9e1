"""What a service does by itself once a day (每日任务), in whichever process holds the seat.

The one rule: each duty says every day what it did, or that it did nothing and why; whether the day is done already is
decided in its own log, by a command whose id is made of the day.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import structlog

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.log import database

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit
    from mingjing_kernel.service.definition import Service
    from mingjing_kernel.service.host import Host

LOOK_SECONDS = 300.0
RETRY_SECONDS = 60.0
Seat = Callable[[], Awaitable[str]]
_log = structlog.get_logger("mingjing.daily")


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """Something that is done once a day. ``do(kit, day)`` says what it came to; doing it twice must be harmless."""

    name: str
    do: Callable[[Any, date], Awaitable[str]]


@dataclass(frozen=True, slots=True)
class Done:
    """What the last look at a duty came to."""

    on: date | None = None
    said: str = "not yet"


class Days:
    """Carries out one service's duties; ``step`` does at once what the day still asks for."""

    def __init__(self, kit: Kit, duties: tuple[Duty, ...], seat: Seat | None = None) -> None:
        self._kit = kit
        self._duties = duties
        self._seat = seat
        self.last: dict[str, Done] = {duty.name: Done() for duty in duties}

    async def run(self) -> None:
        """Until cancelled. Trouble with one duty is said, waited for, and does not hold up the others."""
        while True:
            because = await self._seat() if self._seat else ""
            if because:
                self.last = {name: Done(done.on, because) for name, done in self.last.items()}
            troubled = False if because else await self.step()
            await asyncio.sleep(RETRY_SECONDS if because or troubled else LOOK_SECONDS)

    async def step(self) -> bool:
        """Do each duty that has not been done today; whether one met trouble."""
        day, troubled = shanghai_date(self._kit.now()), False
        for duty in self._duties:
            if self.last[duty.name].on == day:
                continue
            try:
                self.last[duty.name] = Done(day, await duty.do(self._kit, day))
                _log.info("daily.done", duty=duty.name, on=day.isoformat(), said=self.last[duty.name].said)
            except Exception as trouble:
                troubled = True
                if not database.is_away(trouble):
                    _log.exception("daily.failed", duty=duty.name)
                self.last[duty.name] = Done(self.last[duty.name].on, f"trying again: {database.in_short(trouble)}")
        return troubled

    def readiness(self) -> dict[str, Any]:
        """When each duty was done last, and what came of it."""
        return {
            name: {"on": done.on.isoformat() if done.on else None, "said": done.said}
            for name, done in self.last.items()
        }


def make_days(host: Host, service: Service) -> Days | None:
    """The duties of a service that has any."""

    async def seat() -> str:
        return "" if await host.seats.take("daily") else host.seats.why_not()

    return Days(host, service.daily, seat) if service.daily else None
