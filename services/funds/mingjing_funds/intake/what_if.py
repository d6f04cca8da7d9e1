"""Two stories of the same days (阈值推演): what was told under the numbers in force, and under others.

The one rule: only the numbers differ. Features are those that were seen then; nothing is read again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from mingjing_funds.domain.alerting.catalogue import NAMES
from mingjing_funds.intake.retelling import Told

WEEK: Final = timedelta(days=7)


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
