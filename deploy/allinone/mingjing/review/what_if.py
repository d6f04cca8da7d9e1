"""Other numbers over the same days (阈值推演): what would have fired, beside what did, as a table and as a chart.

The one rule: only the numbers differ. Features are those that were seen then; nothing is read again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from mingjing.review.play import Review
from mingjing_funds.api import what_if_chart
from mingjing_funds.domain.alerting.thresholds import Thresholds
from mingjing_funds.intake.retelling import Told, Watching
from mingjing_funds.intake.what_if import Difference, by_week, differences
from mingjing_funds.policy.alert_thresholds import released
from mingjing_funds.policy.other_numbers import changed, otherwise


@dataclass(frozen=True, slots=True)
class WhatIf:
    """Both stories."""

    numbers: Thresholds
    before: tuple[Told, ...]
    after: tuple[Told, ...]
    differences: tuple[Difference, ...]


def numbers(written: list[str]) -> Thresholds:
    """The released numbers with some of them set otherwise; raises ``NumberNotKnown``."""
    return otherwise(released(), changed(written))


def what_if(review: Review, other: Thresholds, since: date, until: date) -> WhatIf:
    """What would have been told from ``since`` to ``until`` under other numbers."""
    again = Watching(review.watching.names, review.watching.banks, other).look_again(review.seen)
    before = tuple(one for one in review.told if since <= one.on <= until)
    after = tuple(one for one in again.told if since <= one.on <= until)
    return WhatIf(other, before, after, differences(before, after))


def chart(found: WhatIf, since: date, until: date, title_zh: str, title_en: str) -> bytes:
    """An SVG: alerts told a week, under the released numbers and under the others."""
    weeks = by_week(found.before, found.after, since, until)
    return what_if_chart.chart(weeks, title_zh, title_en).encode()
