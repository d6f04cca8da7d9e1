"""Bulletins that an outage missed (补发通报): which halves of a month are still to be issued.

One rule: from the first bulletin that was issued on, each half of a month has one, and whoever comes back after an
outage makes up for those that it missed, the earliest first. What was before the first one is made up for by nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

from mingjing_inspection.domain.bulletin import BulletinIssued, HalfMonth, halves_before, last_before
from mingjing_inspection.domain.complaint_bulletin import ComplaintBulletinIssued
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.documents.document import in_words
from mingjing_kernel.http import Kit
from mingjing_kernel.log import Aggregate

LOOKED_AT_MAX: Final = 48
"""Halves of a month that are looked back at: two years."""
MADE_UP_MAX: Final = 6
"""Issued in one day beside the last one: each counts a whole county."""


async def to_issue(
    kit: Kit, aggregate: Aggregate, id_of: Callable[[HalfMonth], UUID], day: date
) -> tuple[list[HalfMonth], int]:
    """The periods to issue on a day, the earliest first, and how many missed ones are left for the next days."""
    periods = halves_before(day, LOOKED_AT_MAX)
    facts = await kit.log.states_of([(aggregate, id_of(one)) for one in periods])
    stand = [fact is not None for fact in facts]
    since = stand.index(True) if True in stand else len(periods) - 1
    missed = [one for one, stands in zip(periods[since:-1], stand[since:-1], strict=True) if not stands]
    last = [] if stand[-1] else [periods[-1]]
    return [*missed[:MADE_UP_MAX], *last], max(0, len(missed) - MADE_UP_MAX)


def told(done: Sequence[str], left: int, day: date, what: str) -> str:
    """The day's work in one line: what was issued, or that everything stands."""
    if not done:
        return f"nothing issued: the {what} of {name_of(last_before(day))} stands"
    return "; ".join(done) + (f"; {left} missed ones are left for the next days" if left else "")


def name_of(period: HalfMonth) -> str:
    """From its first day to its last."""
    return f"{period.begins_on.isoformat()} to {period.ends_on.isoformat()}"


def made_up_on(issued: BulletinIssued | ComplaintBulletinIssued | None) -> date | None:
    """补发日期: the day on which it was issued, where the one after it was due by then, too; else ``None``."""
    on = shanghai_date(issued.at) if issued else None
    return on if issued and on and last_before(on).ends_on > issued.ends_on else None


def made_up_words(issued: BulletinIssued | ComplaintBulletinIssued) -> str:
    """What the document says of it; nothing of one that was issued on its day."""
    on = made_up_on(issued)
    return f"本期通报未能按时印发，于{in_words(on)}补发；统计截至期末，与按时印发者口径相同。" if on else ""
