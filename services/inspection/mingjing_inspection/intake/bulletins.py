"""Issuing the half-monthly bulletin (半月通报, X20): once for each half of a month, on the day after its last.

One rule: it counts the log as it stood when the period ended, and keeps the position and the hash of what it counted;
a day says what it issued, or why nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from mingjing_inspection.codec import BULLETINS
from mingjing_inspection.domain.bulletin import BulletinIssued, HalfMonth, IssueBulletin
from mingjing_inspection.intake.missed_bulletins import name_of, to_issue, told
from mingjing_inspection.policy.bulletin_rules import BULLETIN_RULE
from mingjing_inspection.projections.bulletin import Figures, Span, bulletin_figures
from mingjing_kernel.clock import end_of
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope, Recorded
from mingjing_kernel.policy import POLICY, policy_id

ACTOR: Final = "system:bulletin"
BASIS: Final = "中办发〔2021〕40号"
REACTION: Final = "X20"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was counted, up to which position, and by which version of the policy."""

    period: HalfMonth
    position: int
    figures: Figures
    policy: str

    @property
    def sha256(self) -> str:
        """Of the figures as canonical JSON."""
        text = json.dumps(asdict(self.figures), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def bulletin_id(period: HalfMonth) -> UUID:
    """One for each half of a month."""
    return derived_id("bulletin", period.begins_on.isoformat())


async def counted(kit: Kit, scope: Scope, period: HalfMonth, position: int | None = None) -> Counted:
    """The figures of a period as they were known when its last day ended: the same whenever one asks.

    Of a day that is not over, as they are known now.
    """
    await kit.up_to_date()
    ends = end_of(period.ends_on)
    at = position
    if at is None:  # of a day that goes on there is no last position yet: whatever is written by now
        at = await kit.log.position_at(ends) if ends < kit.now() else await kit.log.head()
    region = kit.settings.county_code
    known = (await kit.log.state(POLICY, policy_id(BULLETIN_RULE), at))[0]  # what was decided later counts later
    numbers = known.on(BULLETIN_RULE, period.ends_on, region)
    span = Span(
        begins=end_of(period.begins_on - timedelta(days=1)), ends=ends, ends_on=period.ends_on, repeat=numbers["repeat"]
    )
    async with kit.connection() as connection:
        figures = await bulletin_figures(connection, scope, span, at=at)
    return Counted(period=period, position=at, figures=figures, policy=numbers.version)


async def issued(kit: Kit, period: HalfMonth) -> Recorded[BulletinIssued] | None:
    """The fact, if it was issued."""
    facts = await kit.log.history(BULLETINS, bulletin_id(period))
    return facts[0] if facts and period.is_whole else None


async def issue_daily(kit: Kit, day: date) -> str:
    """Issue what is due, and what an outage missed; a day on which nothing is due says so."""
    periods, left = await to_issue(kit, BULLETINS, bulletin_id, day)
    return told([await _issue(kit, period) for period in periods], left, day, "bulletin")


async def _issue(kit: Kit, period: HalfMonth) -> str:
    made = await counted(kit, Scope.system(), period)
    command = IssueBulletin(
        period=period,
        position=made.position,
        figures_sha256=made.sha256,
        policy=made.policy,
        by=ACTOR,
        at=kit.now(),
    )
    id = derived_id("issue-bulletin", period.begins_on.isoformat())
    envelope = Envelope(
        command_id=id,
        actor=ACTOR,
        region=kit.settings.county_code,
        reason=REACTION,
        legal_basis=BASIS,
        digest=id.bytes * 2,
    )
    await kit.log.handle(BULLETINS, bulletin_id(period), command, envelope)
    return f"issued the bulletin of {name_of(period)}: {len(made.figures.departments)} departments"


def ratio(part: int, whole: int) -> int | None:
    """In hundredths of a per cent; nothing of nothing is no ratio."""
    return part * 10_000 // whole if whole else None


def ratios(line: dict[str, Any]) -> dict[str, int | None]:
    """What follows from the counts of a line."""
    return {
        "coverage_bp": ratio(line["visited"], line["sites"]),
        "issue_bp": ratio(line["with_issues"], line["entered"]),
        "repeat_bp": ratio(line["repeated"], line["findings"]),
        "rectified_bp": ratio(line["passed"], line["ordered"]),
    }
