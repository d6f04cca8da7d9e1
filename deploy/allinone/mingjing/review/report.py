"""What the regulator would have been told (预警通报), for people and for programs. The one rule: the day comes first.

Institutions that were told in red come first, by the day of the first red alert, with every step that led there; then
the others, one line an alert. Nothing is judged here: whether it was a runaway is for the reader to say.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from mingjing.review.play import Review
from mingjing_funds.domain.alert import Severity
from mingjing_funds.domain.alerting import life_facts as facts
from mingjing_funds.domain.alerting.catalogue import COMPOSITE, NAMES, version_of
from mingjing_funds.domain.alerting.finding import Finding
from mingjing_funds.intake.retelling import Told, Watching

_WHAT = {
    facts.AlertRaised: ("触发", "raised"),
    facts.AlertWorsened: ("升级", "worsened"),
    facts.AlertReturned: ("再现", "returned"),
}


@dataclass(frozen=True, slots=True)
class Case:
    """Everything that was told of one institution, oldest first."""

    account: UUID
    name: str
    told: tuple[Told, ...]

    @property
    def first_red_on(self) -> date | None:
        """The morning of the first red alert."""
        return next((one.on for one in self.told if _severity(one) is Severity.RED), None)

    @property
    def suspected_on(self) -> date | None:
        """The morning on which everything together was red (F32): this is what a runaway looks like."""
        return next((one.on for one in self.told if one.event.said.rule == COMPOSITE), None)


def cases(review: Review) -> list[Case]:
    """Suspected runaways first, then red alerts, then the rest, each by day."""
    by_account: dict[UUID, list[Told]] = defaultdict(list)
    for one in review.told:
        by_account[one.account].append(one)
    found = [
        Case(account, review.names.get(account, str(account)), tuple(sorted(told, key=lambda one: one.on)))
        for account, told in by_account.items()
    ]
    return sorted(found, key=lambda case: (_order(case), case.name))


def _order(case: Case) -> tuple[date, date, date]:
    return case.suspected_on or date.max, case.first_red_on or date.max, case.told[0].on


def lines_of(one: Told) -> tuple[str, str]:
    """One thing that was told, in Chinese and in English."""
    told = one.event.said
    zh, en = NAMES[told.rule]
    did_zh, did_en = _WHAT[type(one.event)]
    severity, why = _severity(one), facts.sentences(told, one.event.since)
    return (
        f"{one.on} {severity.zh} {told.rule_version} {zh}{did_zh}：{why.zh}。",
        f"{one.on} {severity.value} {told.rule_version} {en}, {did_en}: {why.en}.",
    )


def _severity(one: Told) -> Severity:
    assert one.event.said.severity is not None
    return one.event.said.severity


def explained(review: Review, institution: str, day: date | None) -> list[str]:
    """What every rule saw of an institution on a day (the last one where none is named), and the facts before it."""
    mine = [account for account, name in review.names.items() if institution in name]
    if len(mine) != 1:
        return [
            f"“{institution}” 对应 {len(mine)} 家机构，请写全名。",
            f"“{institution}” names {len(mine)} institutions; write the whole name.",
            *sorted(review.names[account] for account in mine)[:_CANDIDATES_MAX],
        ]
    account = mine[0]
    days = [seen for who, seen in review.seen if who == account and (day is None or seen.day <= day)]
    if not days:
        return ["该日没有评估。", "Nothing was evaluated on that day."]
    again = Watching(review.watching.names, review.watching.banks, review.watching.thresholds)
    found: dict[str, Finding] = {}
    for seen in days:
        found = again.look(account, seen)
    last = days[-1].day
    facts_before = [
        f"  {on} {what}" for on, _, what in review.followed if last - _FACTS_BEFORE < on <= last + timedelta(days=1)
    ]
    numbers = again.thresholds.version
    lines = [f"{review.names[account]} {last}（阈值 thresholds {numbers}）"]
    for rule, finding in found.items():
        mark = finding.severity.value if finding.severity else "?" if finding.is_unknown else "quiet"
        lines += [f"{version_of(rule)} {mark}：{finding.because.zh}", f"    {finding.because.en}"]
    return [*lines, f"此前{_FACTS_BEFORE.days}天的事实 facts of {_FACTS_BEFORE.days} days before:", *facts_before]


_FACTS_BEFORE = timedelta(days=14)
_CANDIDATES_MAX = 20


def as_json(review: Review) -> dict[str, Any]:
    """The whole review for a program."""
    return {
        "days": review.days,
        "institutions": [
            {
                "account_id": str(case.account),
                "name": case.name,
                "suspected_on": case.suspected_on.isoformat() if case.suspected_on else None,
                "first_red_on": case.first_red_on.isoformat() if case.first_red_on else None,
                "told": [_told(one) for one in case.told],
            }
            for case in cases(review)
        ],
        "feeds": [{"on": on.isoformat(), "bank": bank, "because": why} for on, bank, why in review.watching.feeds],
        "quiet": dict(sorted(review.watching.quiet.items())),
        "cannot_tell": dict(sorted(review.watching.unknown.items())),
        "complaints_unmatched": review.unmatched,
        "rows_kept_aside": review.kept_aside,
        "files_not_read": [{"path": path, "because": reason} for path, reason in review.skipped],
    }


def _told(one: Told) -> dict[str, Any]:
    told = one.event.said
    return {
        "on": one.on.isoformat(),
        "day": told.day.isoformat(),
        "rule": told.rule_version,
        "severity": _severity(one).value,
        "what": _WHAT[type(one.event)][1],
        "since": one.event.since.isoformat(),
        "thresholds": told.thresholds_version,
        "threshold": told.threshold,
        "measures": {each.name: each.value for each in told.measures},
        "because_zh": told.because_zh,
        "because_en": told.because_en,
    }
