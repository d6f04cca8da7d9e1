"""Release policies (拨付规则): how much of what lessons have earned may go to the institution on a day.

Pure. The one rule: whatever the policy, never beyond C(k) = floor(P·k / N); a policy only holds money back for longer.
Sources: PER_LESSON national app, Jiangsu, Futian; WEEKLY Xiamen; MONTHLY Beijing 2023; STAGED Tianjin-Binhai; END_PLUS
Wuhu; HYBRID Jiangsu.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias

from mingjing_funds.domain.charging import months_after
from mingjing_funds.domain.money import cumulative_release_fen
from mingjing_kernel.working_days import RELEASED, WorkingDays

_WEEK = 7


class ReleaseKind(StrEnum):
    """Which rule (拨付方式)."""

    PER_LESSON = "per-lesson"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    STAGED = "staged"
    END_PLUS = "end-plus"
    HYBRID = "hybrid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """From this share of the lessons on (``of`` being all), so many per cent of the price may have gone."""

    lessons: int
    of: int
    percent: int


THIRDS = (
    Stage(lessons=1, of=3, percent=30),
    Stage(lessons=2, of=3, percent=60),
    Stage(lessons=1, of=1, percent=100),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleasePolicy:
    """The rule in force for a contract and its numbers; ``settle_weekday`` 0 is Monday."""

    version: str
    kind: ReleaseKind = ReleaseKind.PER_LESSON
    settle_weekday: int = 6
    stages: tuple[Stage, ...] = THIRDS
    end_working_days: int = 15


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """Paid lesson units that were confirmed, and the day from which they count."""

    on: date
    units: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A paid contract and its confirmed lessons. ``opening_used`` were used before records begin.

    A disputed lesson is not among them: it stops its own money and no other.
    """

    paid_fen: int
    lessons: int
    starts_on: date
    ends_on: date
    confirmed: tuple[Confirmed, ...] = ()
    opening_used: int = 0

    def used(self, until: date) -> int:
        """k at the end of a day."""
        return self.opening_used + sum(one.units for one in self.confirmed if one.on <= until)

    def earned_fen(self, until: date) -> int:
        """C(k) at the end of a day."""
        return cumulative_release_fen(self.paid_fen, self.lessons, self.used(until))


Rule: TypeAlias = Callable[[Delivered, date, ReleasePolicy, WorkingDays], int]


def allowed_fen(delivered: Delivered, on: date, policy: ReleasePolicy, calendar: WorkingDays = RELEASED) -> int:
    """What may have gone to the institution in all by the end of a day. Never more than C(k), never falls."""
    return min(RULES[policy.kind](delivered, on, policy, calendar), delivered.earned_fen(on))


def releasable_fen(
    delivered: Delivered,
    on: date,
    policy: ReleasePolicy,
    *,
    released_fen: int,
    headroom_fen: int | None = None,
    is_frozen: bool = False,
    calendar: WorkingDays = RELEASED,
) -> int:
    """What may go now, on top of what has gone.

    ``headroom_fen`` is what the account holds beyond all that it owes to families: HYBRID leaves the rest untouched,
    and asks for it. ``is_frozen``: a dispute about a refund of this contract stops all of its releases (X9).
    """
    if is_frozen:
        return 0
    due = max(allowed_fen(delivered, on, policy, calendar) - released_fen, 0)
    if policy.kind is not ReleaseKind.HYBRID:
        return due
    if headroom_fen is None:
        raise ValueError("a hybrid release asks how much the account holds beyond what it owes")
    return min(due, max(headroom_fen, 0))


def _per_lesson(delivered: Delivered, on: date, _policy: ReleasePolicy, _calendar: WorkingDays) -> int:
    return delivered.earned_fen(on)


def _weekly(delivered: Delivered, on: date, policy: ReleasePolicy, _calendar: WorkingDays) -> int:
    """What was confirmed by the last settlement day, that day included."""
    settled = on - timedelta(days=(on.weekday() - policy.settle_weekday) % _WEEK)
    return delivered.earned_fen(settled)


def _monthly(delivered: Delivered, on: date, _policy: ReleasePolicy, _calendar: WorkingDays) -> int:
    """The share of the period that has gone by, month by month from its first day; all of it once it is over."""
    if on > delivered.ends_on:
        return delivered.paid_fen
    days = (delivered.ends_on - delivered.starts_on).days + 1
    gone, months = 0, 1
    while (boundary := months_after(delivered.starts_on, months)) <= on:
        gone, months = (boundary - delivered.starts_on).days, months + 1
    return delivered.paid_fen * min(gone, days) // days


def _staged(delivered: Delivered, on: date, policy: ReleasePolicy, _calendar: WorkingDays) -> int:
    used = delivered.used(on)
    reached = [stage.percent for stage in policy.stages if used * stage.of >= delivered.lessons * stage.lessons]
    return delivered.paid_fen * max(reached, default=0) // 100


def _end_plus(delivered: Delivered, on: date, policy: ReleasePolicy, calendar: WorkingDays) -> int:
    """Everything, so many working days after the last lesson; nothing before."""
    if delivered.used(on) < delivered.lessons:
        return 0
    last = _completed_on(delivered)
    return delivered.paid_fen if on > calendar.after(last, policy.end_working_days) else 0


def _completed_on(delivered: Delivered) -> date:
    used, last = delivered.opening_used, delivered.starts_on
    for one in sorted(delivered.confirmed, key=lambda one: one.on):
        if used >= delivered.lessons:
            break
        used, last = used + one.units, one.on
    return last


RULES: Mapping[ReleaseKind, Rule] = MappingProxyType(
    {
        ReleaseKind.PER_LESSON: _per_lesson,
        ReleaseKind.WEEKLY: _weekly,
        ReleaseKind.MONTHLY: _monthly,
        ReleaseKind.STAGED: _staged,
        ReleaseKind.END_PLUS: _end_plus,
        ReleaseKind.HYBRID: _per_lesson,
    }
)
