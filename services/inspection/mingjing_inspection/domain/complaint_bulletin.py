"""Half-monthly bulletin of complaints (投诉半月通报): its figures, frozen in the fact that issues it.

One rule: what was issued stands in the log, figure by figure; it counts what became known between two positions, so
that no complaint falls between two bulletins, and whoever counts again gets the same, or it shows.
Sources: domain reference, statistics (half-monthly exposure); SAMR Order 20 (2019), art. 34 (analysis is published).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from mingjing_inspection.domain.bulletin import HalfMonth, HalfMonthNotOver
from mingjing_kernel.decider import Decider, fact

LINES_MAX: Final = 500
TOPICS_MAX: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """One line: everything (``by`` is ``all``), or one channel, kind, department, town, category, matter, institution.

    ``late`` and ``open`` stand as they stood when the period ended; the others happened in it.
    """

    by: str
    key: str
    complaints: int
    """投诉举报件数: messages that became known; one may be handled as several."""
    received: int
    """受理: tracks that became known."""
    earlier: int
    """Of them, received before the period and told of in it 补录."""
    closed: int
    closed_elsewhere: int
    repeated: int
    """重复: of those that became known, merged or linked with another one."""
    substantiated: int
    unsubstantiated: int
    agreed: int
    terminated: int
    called_back: int
    satisfied: int
    dissatisfied: int
    refund_fen: int
    kept: int
    """按期: clocks that ended in time."""
    missed: int
    """超期: clocks that ended late."""
    overdue_open: int
    """超期未办: clocks that had run out and still ran, whenever their complaint was received."""
    open: int
    listed: int
    pupils: int
    """合同学员 of the institutions of which they are known."""
    pupils_of: int
    """How many institutions these are."""
    about_known: int
    """Complaints about these institutions: what is shared by ``pupils``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HotTopic:
    """A group of messages that say alike, with the complaints that stand for it: their text is masked when printed."""

    concern: str
    words: tuple[str, ...]
    size: int
    institutions: int
    complaints: tuple[UUID, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueComplaintBulletin:
    """Issue it for a whole period; ``since_position`` and ``position`` are the last of the log before and in it."""

    period: HalfMonth
    since_position: int
    position: int
    figures_sha256: str
    tallies: tuple[Tally, ...]
    topics: tuple[HotTopic, ...]
    policy: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintBulletinIssued:
    """Issued 已通报, with every figure; SHA-256 of the tallies as canonical JSON."""

    begins_on: date
    ends_on: date
    since_position: int
    position: int
    figures_sha256: str
    tallies: tuple[Tally, ...]
    topics: tuple[HotTopic, ...]
    policy: str
    by: str
    at: datetime


def _decide(command: IssueComplaintBulletin, issued: ComplaintBulletinIssued | None) -> list[ComplaintBulletinIssued]:
    if issued is not None:
        return []
    if not command.period.is_whole:
        raise HalfMonthNotOver
    period = command.period
    return [fact(ComplaintBulletinIssued, command, begins_on=period.begins_on, ends_on=period.ends_on)]


def _evolve(_issued: ComplaintBulletinIssued | None, event: ComplaintBulletinIssued) -> ComplaintBulletinIssued:
    return event


COMPLAINT_BULLETIN: Decider[IssueComplaintBulletin, ComplaintBulletinIssued | None, ComplaintBulletinIssued] = Decider(
    None, _decide, _evolve
)
