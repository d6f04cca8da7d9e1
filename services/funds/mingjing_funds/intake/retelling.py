"""The rules and the alerts' lives over what was seen (重述): once while playing, and again under other numbers.

The one rule: nothing is looked at but the features. The same features and the same numbers tell the same story.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from mingjing_funds.domain.alert import Subject
from mingjing_funds.domain.alerting import life_facts as facts
from mingjing_funds.domain.alerting.catalogue import COMPOSITE, a_day_later, evaluate, fired_by, version_of
from mingjing_funds.domain.alerting.features import Features
from mingjing_funds.domain.alerting.finding import Finding
from mingjing_funds.domain.alerting.life import LIFE
from mingjing_funds.domain.alerting.rules_composite import Fired
from mingjing_funds.domain.alerting.thresholds import Thresholds
from mingjing_funds.intake.watching import unasked
from mingjing_funds.policy.alert_thresholds import RELEASED_SIZES, Sizes, sized
from mingjing_kernel.identifiers import derived_id

ABOUT_THE_BANK = "F21"


@dataclass(frozen=True, slots=True)
class Told:
    """What the regulator would have been told, on the morning after the day that it is about."""

    on: date
    account: UUID
    event: facts.AlertRaised | facts.AlertWorsened | facts.AlertReturned


@dataclass
class Watching:
    """Every rule on every account, day after day."""

    names: Mapping[UUID, str]
    banks: Mapping[UUID, str]
    """Whose silence is told once a bank; where none is named it is told of each account, as the service does."""
    thresholds: Thresholds
    told: list[Told] = field(default_factory=list)
    quiet: Counter[str] = field(default_factory=Counter)
    """Evaluations by rule that were quiet."""
    unknown: Counter[str] = field(default_factory=Counter)
    """Evaluations by rule that could not tell."""
    feeds: list[tuple[date, str, str]] = field(default_factory=list)
    """Morning, bank, and how far it was behind: about the bank and not about any institution."""
    fired: dict[UUID, tuple[Fired, ...]] = field(default_factory=lambda: defaultdict(tuple))
    watches: dict[tuple[UUID, str], facts.Watch] = field(default_factory=dict)
    _silent: set[tuple[date, str]] = field(default_factory=set)

    def look(
        self, account: UUID, seen: Features, large: Thresholds | None = None, sizes: Sizes = RELEASED_SIZES
    ) -> dict[str, Finding]:
        """What every rule says of one account and day, and what follows for its alerts; ``large`` are the numbers in
        force there for a large institution, where they are not the same everywhere.
        """
        numbers = sized(large or self.thresholds, seen.peak_owed_fen, sizes)
        before = a_day_later(self.fired[account], 1, numbers.decay_days)
        silent = unasked(seen)
        found = {rule: said for rule, said in evaluate(seen, numbers, before).items() if rule not in silent}
        self.fired[account] = fired_by({name: one for name, one in found.items() if name != COMPOSITE}, before)
        for rule, finding in found.items():
            self._watch(account, rule, finding, seen.day, numbers)
        return found

    def look_again(self, seen: Iterable[tuple[UUID, Features]]) -> Watching:
        """The same days once more, under these numbers."""
        for account, one in seen:
            self.look(account, one)
        return self

    def _watch(self, account: UUID, rule: str, finding: Finding, day: date, numbers: Thresholds) -> None:
        if finding.severity is None:
            (self.unknown if finding.is_unknown else self.quiet)[rule] += 1
            if finding.is_unknown or (account, rule) not in self.watches:
                return  # who cannot tell has not seen that an alert is over
        if rule == ABOUT_THE_BANK and self.banks:
            self._feed(account, finding, day)
            return
        watch = self.watches.get((account, rule), LIFE.initial)
        command = facts.Observe(
            alert_id=derived_id("review-alert", rule, account, day),
            subject=self._subject(account),
            said=said(rule, finding, day, numbers),
        )
        events = LIFE.decide(command, watch)
        self.watches[account, rule] = LIFE.fold(events, watch)
        self.told += [
            Told(day + timedelta(days=1), account, event)
            for event in events
            if isinstance(event, facts.AlertRaised | facts.AlertWorsened | facts.AlertReturned)
        ]

    def _feed(self, account: UUID, finding: Finding, day: date) -> None:
        key = (day, self.banks.get(account, ""))
        if key not in self._silent:
            self._silent.add(key)
            self.feeds.append((day + timedelta(days=1), key[1], finding.because.en))

    def _subject(self, account: UUID) -> Subject:
        name = self.names.get(account, "")
        return Subject(account_id=account, institution_id=None, institution_name=name, department="", region="")


def said(rule: str, finding: Finding, day: date, numbers: Thresholds) -> facts.Said:
    """A finding as an alert carries it."""
    return facts.Said(
        rule=rule,
        rule_version=version_of(rule),
        thresholds_version=numbers.version,
        day=day,
        severity=finding.severity,
        measures=tuple(facts.Measure(name=name, value=value) for name, value in finding.measures),
        threshold=finding.threshold,
        because_zh=finding.because.zh,
        because_en=finding.because.en,
    )
