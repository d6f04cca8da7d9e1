"""One account and one day once more (重演): what every rule saw, as it was known then, and the facts that led there.

The one rule: nothing is reckoned in another way than when the rules were asked. The log is read from its beginning up
to a position by the same memory, and the same functions answer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from mingjing_funds.domain.alert import Subject
from mingjing_funds.domain.alerting.features import Features
from mingjing_funds.domain.alerting.finding import Finding
from mingjing_funds.domain.alerting.heard import Heard
from mingjing_funds.domain.alerting.thresholds import Thresholds
from mingjing_funds.intake.fact_days import day_of
from mingjing_funds.intake.memory import Memory
from mingjing_funds.intake.watching import answers_of, thresholds, unasked
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.log import Log, Recorded

FACTS_MAX: Final = 200
"""Facts shown; of more, the latest."""


@dataclass(frozen=True, slots=True)
class Led:
    """A fact that changed what is remembered of the account, and the day on which it was true."""

    day: date
    fact: Recorded[Any]


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the rules saw and said. Without ``features`` nobody had opened the account by then."""

    subject: Subject | None
    features: Features | None
    numbers: Thresholds | None
    found: dict[str, Finding]
    silent: Mapping[str, tuple[str, str]]
    """Rules that have nothing to say of it, and why: it is being closed, its bank is silent, or another bank keeps
    what they look at."""
    led: tuple[Led, ...]


class Following(Memory):
    """A memory that keeps the facts by which it changed its mind about one account.

    Of others it remembers what everybody shares (lessons of a day, what banks and files told) and no books: those of
    ``beside``, between which contracts may go over, excepted.
    """

    def __init__(
        self, account: UUID, institution_id: UUID | None, until: date | None = None, beside: Iterable[UUID] = ()
    ) -> None:
        super().__init__(until)
        self.account = account
        self._mine = frozenset((account, *beside))
        self.institution_id = institution_id
        """Whose account it is by now: what was told of it before the account came is part of the story."""
        self.led: deque[Led] = deque(maxlen=FACTS_MAX)

    def hear(self, fact: Recorded[Any]) -> None:
        """The same; a fact after which something else is known of the account is kept."""
        before = self._remembered()
        super().hear(fact)
        if any(one is not other for one, other in zip(before, self._remembered(), strict=True)):
            self.led.append(Led(day_of(fact.event) or shanghai_date(fact.occurred_at), fact))

    def _tell(self, account: UUID, heard: Heard) -> None:
        if account in self._mine:
            super()._tell(account, heard)

    def _remembered(self) -> tuple[object, ...]:
        holder = self._holders.get(self.account)
        whose = self.institution_id or (holder.institution_id if holder else None)
        bank_to = self._bank_to.get(holder.bank) if holder else None
        about = self._outside.particulars.get(whose) if whose else None
        told = (self._states.get(self.account), self._freezes.get(self.account), self._outside.state(whose))
        return holder, bank_to, about, *told


@dataclass(frozen=True, slots=True)
class Whose:
    """Which account, or what an institution without one is watched under; and whose it is, where that is known."""

    account_id: UUID
    institution_id: UUID | None
    beside: frozenset[UUID] = frozenset()
    """The other accounts of the same institution, as known by now."""


async def replayed(log: Log, whose: Whose, day: date, to: int, known_on: date) -> Replayed:
    """The account at the end of ``day`` as known at a position of the log, which was reached on ``known_on``.

    Of a day that was over by then, what became true only later is left out, as it was when the rules were asked.
    """
    account = whose.account_id
    until = None if day >= known_on - timedelta(days=1) else day
    memory = Following(account, whose.institution_id, until, whose.beside)
    await memory.catch_up(log, to)
    subject, seen = memory.subject(account), memory.seen(account, day, memory.free())
    led = tuple(one for one in memory.led if one.day <= day)
    if seen is None:
        return Replayed(subject, None, None, {}, {}, led)
    place = (seen.subject.region, seen.subject.category)
    numbers, found = answers_of(seen, *(await thresholds(log, [place], day, to))[place])
    return Replayed(seen.subject, seen.features, numbers, found, unasked(seen.features), led)
