"""Half-monthly bulletin (半月通报): which period it is about, and that it was issued, with the hash of its figures.

One rule: a bulletin is issued once for a period, over the log as it stood when the period ended; whoever counts again
from that position gets the same figures, or it shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from mingjing_kernel.decider import Decider, fact
from mingjing_kernel.refusal import Invalid, NotFound, Refusal

MIDDLE: Final = 15
"""The last day of the first half of a month."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HalfMonth:
    """From its first day to the last that counts, both in China; ``is_whole`` where it is over by then."""

    begins_on: date
    ends_on: date

    @property
    def is_whole(self) -> bool:
        """Whether the next day belongs to the next period."""
        return half_month(self.ends_on + timedelta(days=1)).begins_on > self.begins_on


def half_month(on: date) -> HalfMonth:
    """The half of the month that a day is in, up to that day."""
    return HalfMonth(begins_on=on.replace(day=1 if on.day <= MIDDLE else MIDDLE + 1), ends_on=on)


def last_before(day: date) -> HalfMonth:
    """The last half of a month that was over before a day."""
    return half_month(half_month(day).begins_on - timedelta(days=1))


def halves_before(day: date, count: int) -> list[HalfMonth]:
    """The last so many halves of a month that were over before a day, the earliest first."""
    found: list[HalfMonth] = []
    while len(found) < count:
        found.append(last_before(found[-1].begins_on if found else day))
    return found[::-1]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueBulletin:
    """Issue it for a whole period; ``position`` is the last of the log that it counts."""

    period: HalfMonth
    position: int
    figures_sha256: str
    policy: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletinIssued:
    """Issued 已通报: anybody can count again up to ``position`` and compare the SHA-256 of the figures."""

    begins_on: date
    ends_on: date
    position: int
    figures_sha256: str
    policy: str
    by: str
    at: datetime


class HalfMonthNotOver(Invalid):
    """Too early."""

    sentence = "This half of the month is not over yet."
    remedy = "Ask for the figures up to today, or wait for its last day to end."
    field = "on"


class BulletinNotIssued(NotFound):
    """There is none to print."""

    sentence = "No bulletin was issued for the half of the month that ends on this day."
    remedy = "Name the 15th or the last day of a month that is over; it is issued on the day after."
    field = "on"


class BulletinDiffers(Refusal):
    """What is counted now is not what was issued."""

    sentence = "The figures counted again differ from those of the issued bulletin."
    remedy = "Do not pass this file on; have the log verified and the lists rebuilt."
    field = "on"
    status = 503


def _decide(command: IssueBulletin, issued: BulletinIssued | None) -> list[BulletinIssued]:
    if issued is not None:
        return []
    if not command.period.is_whole:
        raise HalfMonthNotOver
    return [fact(BulletinIssued, command, begins_on=command.period.begins_on, ends_on=command.period.ends_on)]


def _evolve(_issued: BulletinIssued | None, event: BulletinIssued) -> BulletinIssued:
    return event


BULLETIN: Decider[IssueBulletin, BulletinIssued | None, BulletinIssued] = Decider(None, _decide, _evolve)
