"""The alert rules as a duty (预警值守): within seconds about every account of which something was heard, and each night
about all of them, because many rules speak when nothing happens.

The one rule: a process that asks twice, or two processes at once, raise nothing twice: what follows is decided by the
watch of each rule and account.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from mingjing_funds.domain.alerting.life_facts import AlertRaised, AlertReturned, AlertWorsened
from mingjing_funds.intake.memory import Memory
from mingjing_funds.intake.watching import Asked, asked
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Outcome

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit
    from mingjing_kernel.service.duty import Done

LOOK_SECONDS: Final = 10.0
BATCH_MAX: Final = 5_000
ACTOR: Final = "system:alert-rules"
BASIS: Final = "国办发〔2018〕80号"
TOLD: Final = (AlertRaised, AlertWorsened, AlertReturned)
NAME: Final = "alert-rules"


class AlertDuty:
    """Asks the rules in whichever process holds the seat."""

    look_seconds = LOOK_SECONDS

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self.memory = Memory()
        self._past: Memory | None = None
        """For days that are over: asked day after day, it goes on from the one before."""

    async def recall(self) -> Done | None:
        """Nothing: what it told is in the log, that it asked is not."""
        return None

    async def is_due(self, now: datetime, done_on: date | None) -> bool:
        """With the first look of each day in China."""
        return done_on != shanghai_date(now)

    async def do(self, day: date) -> str:
        """Every account, at the end of the day before."""
        await self.memory.catch_up(self._kit.log)
        last = day - timedelta(days=1)
        every = self.memory.accounts()
        if not every:
            return "no custody account is open"
        found, facts = await self._ask(every, last)
        told = sum(isinstance(fact, TOLD) for fact in facts)
        silent = [f"{bank} since {since}" for bank, since in sorted(self.memory.silent_banks(last).items())]
        banks = f"; silent banks: {', '.join(silent)}" if silent else ""
        asked_about = f"{found.answers} answers about {found.accounts} of {len(every)} accounts"
        return f"{asked_about}, {told} alerts raised or worse{banks}"

    async def look(self) -> None:
        """At the accounts of which something was heard."""
        await self.memory.catch_up(self._kit.log)
        touched, self.memory.touched = self.memory.touched, set()
        try:
            await self._ask(touched, shanghai_date(self._kit.now()))
        except BaseException:
            self.memory.touched |= touched
            raise

    async def memory_at(self, day: date) -> Memory:
        """What is known of the end of a day: of one that is long over, read from the log once more."""
        if day >= shanghai_date(self._kit.now()) - timedelta(days=1):
            await self.memory.catch_up(self._kit.log)
            return self.memory
        memory = self._past = self._past or Memory(until=day)
        await memory.catch_up(self._kit.log)
        if not memory.reaches(day):  # looked at after reading: somebody else may have asked for another day meanwhile
            memory = self._past = Memory(until=day)
            await memory.catch_up(self._kit.log)
        memory.advance(day)
        return memory

    def readiness(self) -> dict[str, Any]:
        """Up to where the log was heard."""
        return {"position": self.memory.position}

    async def _ask(self, accounts: Collection[UUID], day: date) -> tuple[Asked, list[Any]]:
        id = derived_id("funds-alert-rules", day)
        written = Envelope(command_id=id, actor=ACTOR, digest=id.bytes * 2, legal_basis=BASIS)
        found = await asked(self.memory, self._kit.log, accounts, day, written)
        facts: list[Any] = []
        for first in range(0, len(found.works), BATCH_MAX):
            for result in await self._kit.log.handle_many(found.works[first : first + BATCH_MAX]):
                if not isinstance(result, Outcome):
                    raise result
                facts += [] if result.repeated else result.events
        return found, facts
