"""Issuing the half-monthly bulletin of complaints (投诉半月通报): one a half of a month, on the day after its last.

One rule: it counts the log as it stood when the period ended, from where it stood when the one before did; the figures
themselves go into the log. A day says what it issued, or why nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

from mingjing_inspection.codec import PREMISES_KNOWN
from mingjing_inspection.codec_figures import COMPLAINT_BULLETINS
from mingjing_inspection.domain.bulletin import HalfMonth, last_before
from mingjing_inspection.domain.complaint_bulletin import (
    ComplaintBulletinIssued,
    HotTopic,
    IssueComplaintBulletin,
    Tally,
)
from mingjing_inspection.intake.bulletins import ratio
from mingjing_inspection.intake.hot_topics import said_between, topics_of
from mingjing_inspection.matching.topics import MESSAGES_MAX
from mingjing_inspection.policy.complaint_bulletin_rules import COMPLAINT_BULLETIN_RULE
from mingjing_inspection.policy.complaint_times import instrument_on
from mingjing_inspection.projections.complaint_tallies import BY, Stretch, complaint_tallies
from mingjing_kernel.clock import end_of
from mingjing_kernel.http import Kit
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope, Recorded
from mingjing_kernel.policy import POLICY, Numbers, policy_id
from mingjing_kernel.sealed.keys import Keys

ACTOR: Final = "system:complaint-bulletin"
BASES: Final[Mapping[str, str]] = {
    "SAMR-20": "中办发〔2021〕40号；市场监督管理投诉举报处理暂行办法（总局令第20号）第三十四条",
    "SAMR-121": "中办发〔2021〕40号；《市场监督管理投诉举报处理办法》（总局令第121号）",
}
"""By the instrument of the period's last day."""
REACTION: Final = "X20"
PER: Final = 1_000
"""Pupils that complaints are told per."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What was counted, between which positions, and by which version of the policy."""

    period: HalfMonth
    stretch: Stretch
    tallies: tuple[Tally, ...]
    policy: str
    topics_max: int

    @property
    def sha256(self) -> str:
        """Of the figures as canonical JSON."""
        return sha256_of(self.tallies)


def sha256_of(tallies: Sequence[Tally]) -> str:
    """Of figures as canonical JSON: keys sorted, no blanks."""
    lines = [asdict(one) for one in tallies]
    text = json.dumps(lines, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def complaint_bulletin_id(period: HalfMonth) -> UUID:
    """One for each half of a month."""
    return derived_id("complaint-bulletin", period.begins_on.isoformat())


async def counted(kit: Kit, scope: Scope, period: HalfMonth) -> Counted:
    """The figures of a period as they were known when its last day ended: the same whenever one asks. Of a day that is
    not over, as they are known now.
    """
    await kit.up_to_date()
    begins, ends = end_of(period.begins_on - timedelta(days=1)), end_of(period.ends_on)
    until = await kit.log.position_at(ends) if ends < kit.now() else await kit.log.head()
    stretch = Stretch(since=await kit.log.position_at(begins), until=until, begins=begins, ends=min(ends, kit.now()))
    numbers = await _numbers(kit, period, until)
    tallies: list[Tally] = []
    async with kit.connection() as connection:
        for by in BY:
            lines = await complaint_tallies(connection, scope, stretch, by)
            tallies += _most(lines, numbers) if by == "institution" else lines
    return Counted(
        period=period, stretch=stretch, tallies=tuple(tallies), policy=numbers.version, topics_max=numbers["topics"]
    )


async def issued(kit: Kit, period: HalfMonth) -> Recorded[ComplaintBulletinIssued] | None:
    """The fact, if it was issued."""
    facts = await kit.log.history(COMPLAINT_BULLETINS, complaint_bulletin_id(period))
    return facts[0] if facts and period.is_whole else None


async def issue_complaints_daily(kit: Kit, day: date) -> str:
    """Issue what is due; a day on which nothing is due says so."""
    period = last_before(day)
    name = f"{period.begins_on.isoformat()} to {period.ends_on.isoformat()}"
    if await issued(kit, period) is not None:
        return f"nothing issued: the bulletin of complaints of {name} stands"
    made = await counted(kit, Scope.system(), period)
    topics = await _topics(kit, made)
    command = IssueComplaintBulletin(
        period=period,
        since_position=made.stretch.since,
        position=made.stretch.until,
        figures_sha256=made.sha256,
        tallies=made.tallies,
        topics=topics,
        policy=made.policy,
        by=ACTOR,
        at=kit.now(),
    )
    id = derived_id("issue-complaint-bulletin", period.begins_on.isoformat())
    envelope = Envelope(
        command_id=id,
        actor=ACTOR,
        region=kit.settings.county_code,
        reason=REACTION,
        legal_basis=BASES[instrument_on(period.ends_on).name],
        digest=id.bytes * 2,
    )
    await kit.log.handle(COMPLAINT_BULLETINS, complaint_bulletin_id(period), command, envelope)
    whole = sum(one.complaints for one in made.tallies if one.by == "all")
    return f"issued the bulletin of complaints of {name}: {whole} complaints, {len(topics)} topics"


async def names_then(kit: Kit, ids: Sequence[str], position: int) -> dict[str, str]:
    """The full names of institutions as they were known at a position; the id of one whose name was not known."""
    found = {}
    for key in ids:
        premises = (await kit.log.state(PREMISES_KNOWN, UUID(key), position))[0]
        found[key] = premises.names.full_name if premises.names else key
    return found


def rates(line: Mapping[str, Any]) -> dict[str, int | None]:
    """What follows from the counts of a line, in hundredths: of a per cent, or of a complaint per 1,000 pupils.

    On time is told of everything that was to be done: what is late and still open lowers it.
    """
    due = line["kept"] + line["missed"] + line["overdue_open"]
    return {
        "on_time_bp": ratio(line["kept"], due),
        "substantiated_bp": ratio(line["substantiated"], line["substantiated"] + line["unsubstantiated"]),
        "repeated_bp": ratio(line["repeated"], line["received"]),
        "satisfied_bp": ratio(line["satisfied"], line["called_back"]),
        "agreed_bp": ratio(line["agreed"], line["agreed"] + line["terminated"]),
        "per_1000_pupils_hundredths": per_1000(line["about_known"], line["pupils"]),
    }


def per_1000(complaints: int, pupils: int) -> int | None:
    """Complaints per 1,000 pupils, in hundredths; of no known pupils it is nothing."""
    return complaints * PER * 100 // pupils if pupils else None


def _most(lines: Sequence[Tally], numbers: Numbers) -> list[Tally]:
    """The institutions that are named: from so many complaints on, so many at most."""
    named = [one for one in lines if one.key and one.complaints >= numbers["least"]]
    return named[: numbers["institutions"]]


async def _numbers(kit: Kit, period: HalfMonth, position: int) -> Numbers:
    """What was decided later counts later."""
    known = (await kit.log.state(POLICY, policy_id(COMPLAINT_BULLETIN_RULE), position))[0]
    numbers: Numbers = known.on(COMPLAINT_BULLETIN_RULE, period.ends_on, kit.settings.county_code)
    return numbers


async def _topics(kit: Kit, made: Counted) -> tuple[HotTopic, ...]:
    stretch = made.stretch
    rows = await said_between(kit, Scope.system(), stretch.begins, stretch.ends, stretch.until)
    found = await topics_of(Keys(kit), rows[:MESSAGES_MAX], made.topics_max)
    return tuple(
        HotTopic(
            concern=one.concern.value,
            words=one.words,
            size=one.size,
            institutions=one.institutions,
            complaints=tuple(each.complaint_id for each in one.speaking),
        )
        for one in found
    )
