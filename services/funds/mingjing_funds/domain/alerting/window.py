"""Sums by day over the last weeks. The one rule: a window never holds more days than it looks back.

Days on which nothing happened take no room, so an account that is quiet costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from mingjing_kernel.state import State

WEEK = 7


class Window(State, frozen=True):
    """Amounts by day, oldest first, none older than ``days`` before the latest."""

    days: int
    sums: tuple[tuple[int, int], ...] = ()
    """Ordinal of the day, and what was added up on it."""

    def add(self, day: date, amount: int) -> Window:
        """The window with an amount more on a day, which may lie before the latest one."""
        at = day.toordinal()
        latest = max(at, self.sums[-1][0]) if self.sums else at
        if not amount or at <= latest - self.days:
            return self
        if self.sums and self.sums[-1][0] == at and self.sums[0][0] > latest - self.days:
            return Window(self.days, (*self.sums[:-1], (at, self.sums[-1][1] + amount)))
        kept = [one for one in self.sums if one[0] > latest - self.days]
        for place, (when, sum_then) in enumerate(kept):
            if when == at:
                kept[place] = (at, sum_then + amount)
                break
            if when > at:
                kept.insert(place, (at, amount))
                break
        else:
            kept.append((at, amount))
        return Window(self.days, tuple(kept))

    def raised_to(self, day: date, amount: int) -> Window:
        """The window in which a day has at least this amount: for greatest values instead of sums."""
        at = day.toordinal()
        before = next((one for when, one in self.sums if when == at), 0)
        return self.add(day, amount - before) if amount > before else self

    def over(self, day: date, days: int) -> int:
        """What was added up on the last so many days, ``day`` included; a later day is not looked at."""
        last = day.toordinal()
        return sum(amount for when, amount in self.sums if last - days < when <= last)

    def most_on_a_day(self, day: date, days: int) -> int:
        """The greatest sum of one day among the last so many."""
        last = day.toordinal()
        return max((amount for when, amount in self.sums if last - days < when <= last), default=0)

    def weeks(self, day: date, count: int) -> tuple[int, ...]:
        """Sums of weeks of seven days, the one that ends on ``day`` first."""
        last = day.toordinal()
        found = [0] * count
        for when, amount in self.sums:
            back = (last - when) // WEEK
            if when <= last and back < count:
                found[back] += amount
        return tuple(found)


def usual(weeks: tuple[int, ...]) -> int:
    """The median of the weeks before the latest one, rounded down: what is usual here."""
    return middle(weeks[1:])


def middle(amounts: Sequence[int]) -> int:
    """The median, rounded down to a whole amount; nothing of nothing is 0."""
    ordered = sorted(amounts)
    half = len(ordered) // 2
    if not ordered:
        return 0
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) // 2
