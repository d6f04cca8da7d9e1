"""Two stories of the same days (阈值推演): what was told under the numbers in force, and under others.

The one rule: only the numbers differ. Both look at the same features, day after day; an alert that stood already when
the period begins counts on its first day, in both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from mingjing_funds.domain.alert import Subject
from mingjing_funds.domain.alerting.catalogue import COMPOSITE, NAMES
from mingjing_funds.domain.alerting.rules_composite import Fired
from mingjing_funds.domain.alerting.thresholds import DEFAULTS, Thresholds
from mingjing_funds.intake.memory import LATER_MAX, Memory, Seen, fired_before
from mingjing_funds.intake.retelling import Told, Watching
from mingjing_funds.intake.watching import Place, thresholds
from mingjing_funds.policy.alert_thresholds import Sizes
from mingjing_funds.policy.other_numbers import otherwise
from mingjing_kernel.breathing import Breath
from mingjing_kernel.log import Log
from mingjing_kernel.refusal import Invalid

WEEK: Final = timedelta(days=7)
DAYS_MAX: Final = 92
LOOKS_MAX: Final = 20_000
"""Accounts times days of one question: each is asked of every rule, twice."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One rule: how often it was told before and after, and about whom it differs."""

    rule: str
    before: int
    after: int
    gained: frozenset[UUID]
    lost: frozenset[UUID]


@dataclass(frozen=True, slots=True)
class Week:
    """Alerts told in seven days from a day on, under both."""

    since: date
    before: int
    after: int


def differences(before: Sequence[Told], after: Sequence[Told]) -> tuple[Difference, ...]:
    """The rules that were told otherwise, in the order of the catalogue."""
    found = []
    for rule in NAMES:
        mine = [one for one in before if one.event.said.rule == rule]
        theirs = [one for one in after if one.event.said.rule == rule]
        had, has = frozenset(one.account for one in mine), frozenset(one.account for one in theirs)
        found.append(Difference(rule, len(mine), len(theirs), has - had, had - has))
    return tuple(one for one in found if one.before != one.after or one.gained or one.lost)


def by_week(before: Sequence[Told], after: Sequence[Told], since: date, until: date) -> tuple[Week, ...]:
    """How many were told in each week of the period, the last one as long as it is."""
    had, has = _counted(before, since), _counted(after, since)
    return tuple(
        Week(since + WEEK * place, had[place], has[place]) for place in range((until - since).days // WEEK.days + 1)
    )


def _counted(told: Sequence[Told], since: date) -> Counter[int]:
    return Counter((one.on - since).days // WEEK.days for one in told)


class WhatIfTooLarge(Invalid):
    """So many accounts over so many days."""

    sentence = "{accounts} accounts over {days} days are more than one question may look at ({maximum} together)."
    remedy = "Ask about a shorter period, a smaller region or one institution."
    field = "since"


class WhatIfTooFarBack(Invalid):
    """Too much has happened since the period began."""

    sentence = "More than {maximum} facts are later than {since}; they cannot be played day by day at once."
    remedy = "Begin the period later, or ask about it as of a position soon after its end."
    field = "since"


@dataclass(frozen=True, slots=True)
class Play:
    """One question: which days, which accounts, which numbers otherwise, as known at which position."""

    since: date
    until: date
    may_see: Callable[[Subject], bool]
    values: Mapping[str, int]
    to: int

    @property
    def days(self) -> int:
        """How many."""
        return (self.until - self.since).days + 1


@dataclass
class Both:
    """The two stories while they are told."""

    before: Watching
    after: Watching
    subjects: dict[UUID, Subject] = field(default_factory=dict)
    looks: int = 0

    def look(self, seen: Seen, large: Thresholds, sizes: Sizes, values: Mapping[str, int]) -> None:
        """One account and day, in both."""
        account = seen.subject.account_id
        if account not in self.subjects:
            self.subjects[account] = seen.subject
            fired = _fired(seen)
            self.before.fired[account], self.after.fired[account] = fired, fired
        self.looks += 1
        self.before.look(account, seen.features, large, sizes)
        self.after.look(account, seen.features, otherwise(large, values), sizes)


def nobody() -> Both:
    """Two stories in which nobody is looked at."""
    return Both(Watching({}, {}, DEFAULTS), Watching({}, {}, DEFAULTS))


def _fired(seen: Seen) -> tuple[Fired, ...]:
    """What had fired before the period, for the composite score; it grows a day older with the first look."""
    before = fired_before(seen.fired, seen.features.day)
    return tuple(one._replace(days_ago=one.days_ago - 1) for one in before if one.rule != COMPOSITE)


async def told_otherwise(log: Log, play: Play) -> Both:
    """Every day of the period, each account that the caller may see. Raises ``WhatIfTooLarge``, ``WhatIfTooFarBack``:
    there is one log to read and one process to ask.
    """
    memory = Memory(until=play.since)
    await memory.catch_up(log, play.to)
    if not memory.is_whole:
        raise WhatIfTooFarBack(maximum=LATER_MAX, since=play.since.isoformat())
    both = nobody()
    for back in range(play.days):
        day = play.since + timedelta(days=back)
        memory.advance(day)
        await _day(log, memory, play, day, both)
    return both


async def _day(log: Log, memory: Memory, play: Play, day: date, both: Both) -> None:
    mine = [
        account
        for account in sorted(set(memory.accounts()))
        if (about := memory.subject(account)) is not None and play.may_see(about)
    ]
    if len(mine) * play.days > LOOKS_MAX:
        raise WhatIfTooLarge(accounts=len(mine), days=play.days, maximum=LOOKS_MAX)
    free = memory.free()
    numbers: dict[Place, tuple[Thresholds, Sizes]] = {}
    breath = Breath()
    for account in mine:
        seen = memory.seen(account, day, free)
        if seen is None:
            continue
        place = (seen.subject.region, seen.subject.category)
        if place not in numbers:
            numbers |= await thresholds(log, [place], day, play.to)
        both.look(seen, *numbers[place], play.values)
        if breath.is_due:
            await breath.taken()
