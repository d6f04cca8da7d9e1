"""What the suggestions remember (受理提示记忆): the complaints of this service, read from its log as it grows.

The one rule: nothing is remembered that the log does not say. A process that starts reads it from the beginning, at
most ``FACTS_MAX`` facts at a time between which others have their turn; until then it answers with what it knows and
says how far that reaches.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import structlog

from mingjing_inspection.domain.complaint import ComplaintAttributed, ComplaintTaken
from mingjing_inspection.matching.recent import Heard, Recent
from mingjing_inspection.matching.signature import signature
from mingjing_inspection.matching.text_model import text_model
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.log import Recorded
from mingjing_kernel.service.duty import Done

if TYPE_CHECKING:
    from mingjing_kernel.http import Kit

NAME: Final = "complaint-suggestions"
LOOK_SECONDS: Final = 2.0
FACTS_MAX: Final = 500
NEAR_MAX: Final = 500
"""Facts that whoever asks waits for; of more, it is said how many are missing."""
KEPT_FOR: Final = timedelta(days=200)
"""Longer than the policy lets anybody look back: what is older is passed over."""
_log = structlog.get_logger("mingjing.suggestions")


class SuggestionDuty:
    """The memory of one process, kept up to date."""

    look_seconds = LOOK_SECONDS

    def __init__(self, kit: Kit) -> None:
        self.recent = Recent()
        self.position = 0
        self._kit = kit
        self._lock = asyncio.Lock()
        self._reading: asyncio.Task[None] | None = None

    async def recall(self) -> Done | None:
        """Nothing: each process reads for itself."""
        return None

    async def is_due(self, now: datetime, done_on: date | None) -> bool:
        """Once a day it says what it has at hand."""
        return done_on != shanghai_date(now)

    async def do(self, day: date) -> str:
        """Read on, and what there is."""
        await self.catch_up()
        return f"{len(self.recent)} complaints at hand, {self.recent.forgotten} older ones let go"

    async def look(self) -> None:
        """Read on."""
        await self.catch_up()

    def readiness(self) -> dict[str, Any]:
        """Up to where the log was read, how many complaints are at hand, and how many there was no more room for."""
        return {"position": self.position, "complaints": len(self.recent), "forgotten": self.recent.forgotten}

    async def behind(self) -> int:
        """How many facts are not read yet. A few are read at once; for many, reading goes on while others ask."""
        head = await self._kit.log.head()
        if head - self.position <= NEAR_MAX:
            await self.catch_up()
        elif self._reading is None or self._reading.done():
            self._reading = asyncio.create_task(self._on())
        return max(0, head - self.position)

    async def _on(self) -> None:
        try:
            await self.catch_up()
        except Exception:
            _log.exception("suggestions.reading-failed", position=self.position)

    async def catch_up(self) -> None:
        """Read whatever is new; of several who ask at once, one does."""
        async with self._lock:
            until = await self._kit.log.head()
            while self.position < until and (page := await self._kit.log.read(self.position, FACTS_MAX)):
                told = [fact for fact in page if self._counts(fact)]
                for one in await asyncio.to_thread(_heard, told) if told else ():
                    if isinstance(one, Heard):
                        self.recent.add(one)
                    else:
                        self.recent.attribute(one.id, one.event.institution_id)
                self.position = page[-1].position

    def _counts(self, fact: Recorded[Any]) -> bool:
        match fact.event:
            case ComplaintTaken() as taken:
                return taken.intake.received_at >= self._kit.now() - KEPT_FOR
            case ComplaintAttributed():
                return True
            case _:
                return False


def _heard(facts: Sequence[Recorded[Any]]) -> list[Heard | Recorded[Any]]:
    """What is kept of each complaint that was taken; whatever else was said of one, as it is."""
    return [heard(fact) if isinstance(fact.event, ComplaintTaken) else fact for fact in facts]


def heard(fact: Recorded[Any]) -> Heard:
    """What is kept of a complaint."""
    taken: ComplaintTaken = fact.event
    return Heard(
        complaint_id=fact.id,
        institution_id=taken.attribution.institution_id,
        received_at=taken.intake.received_at,
        concern=text_model().concern(f"{taken.intake.title}。{taken.intake.text}"),
        signature=signature(taken.intake.text),
    )
