"""A county's half year played day by day (逐日推演): facts in, features, rules, and the life of every alert.

The one rule: at the end of a day only that is known which had been sent by the next morning, and it is told then.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from mingjing.county.county import FIRST_DAY, LAST_DAY
from mingjing.review.books import Books
from mingjing.review.directory import People, registered
from mingjing.review.files import county_files, deliveries
from mingjing.review.outside import complained, staffed
from mingjing_funds.domain import contract as c
from mingjing_funds.domain.alert import Subject
from mingjing_funds.domain.alerting import life_facts as facts
from mingjing_funds.domain.alerting.catalogue import COMPOSITE, a_day_later, evaluate, fired_by, version_of
from mingjing_funds.domain.alerting.features import Features
from mingjing_funds.domain.alerting.finding import Finding
from mingjing_funds.domain.alerting.fold import told
from mingjing_funds.domain.alerting.heard import Heard, Known
from mingjing_funds.domain.alerting.life import LIFE
from mingjing_funds.domain.alerting.observe import features
from mingjing_funds.domain.alerting.peers import free_days, holidays
from mingjing_funds.domain.alerting.rules_composite import Fired
from mingjing_funds.domain.alerting.state import UNKNOWN, State
from mingjing_funds.domain.alerting.thresholds import Thresholds
from mingjing_funds.policy.alert_thresholds import released, sized
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.working_days import RELEASED

FREE_DAYS_BACK = 130
ABOUT_THE_BANK = "F21"


@dataclass(frozen=True, slots=True)
class Told:
    """What the regulator would have been told, on the morning after the day that it is about."""

    on: date
    account: UUID
    event: facts.AlertRaised | facts.AlertWorsened | facts.AlertReturned


@dataclass
class Review:
    """What came of the play."""

    names: Mapping[UUID, str]
    told: list[Told] = field(default_factory=list)
    quiet: Counter[str] = field(default_factory=Counter)
    """Evaluations by rule that were quiet."""
    unknown: Counter[str] = field(default_factory=Counter)
    """Evaluations by rule that could not tell."""
    feeds: list[tuple[date, str, str]] = field(default_factory=list)
    """Morning, bank, and how far it was behind: about the bank and not about any institution."""
    unmatched: int = 0
    kept_aside: int = 0
    days: int = 0


Progress = Callable[[date], None]


@dataclass
class Player:
    """Everything that is known while it is played."""

    books: Books
    people: People
    review: Review
    thresholds: Thresholds
    states: dict[UUID, State] = field(default_factory=lambda: defaultdict(lambda: UNKNOWN))
    fired: dict[UUID, tuple[Fired, ...]] = field(default_factory=lambda: defaultdict(tuple))
    watches: dict[tuple[UUID, str], facts.Watch] = field(default_factory=dict)
    lessons: dict[bool, Counter[date]] = field(default_factory=lambda: defaultdict(Counter))
    silent: set[str] = field(default_factory=set)
    _free: dict[tuple[date, bool], frozenset[date]] = field(default_factory=dict)

    def hear(self, heard: list[tuple[UUID, Heard]]) -> None:
        """Facts of one day."""
        for account, one in heard:
            self.states[account] = told(self.states[account], one)
            if isinstance(one.fact, c.LessonConfirmed):
                self.lessons[account in self.people.subject][one.fact.held_on] += 1

    def close(self, day: date) -> None:
        """The end of a day: every rule on every account, and what follows from it."""
        for account, state in self.states.items():
            if not state.is_open and not state.owed_fen:
                continue
            seen = features(state, day, self._known(account, day))
            before = a_day_later(self.fired[account], 1, self.thresholds.decay_days)
            numbers = sized(self.thresholds, seen.peak_owed_fen)
            found = evaluate(seen, numbers, before)
            self.fired[account] = fired_by({name: one for name, one in found.items() if name != COMPOSITE}, before)
            for rule, finding in found.items():
                self._watch(account, rule, finding, seen, numbers)

    def _watch(self, account: UUID, rule: str, finding: Finding, seen: Features, numbers: Thresholds) -> None:
        if finding.severity is None:
            (self.review.unknown if finding.is_unknown else self.review.quiet)[rule] += 1
            if (account, rule) not in self.watches:
                return
        if rule == ABOUT_THE_BANK:
            self._feed(account, finding, seen.day)
            return
        watch = self.watches.get((account, rule), LIFE.initial)
        command = facts.Observe(
            alert_id=derived_id("review-alert", rule, account, seen.day),
            subject=self._subject(account),
            said=said(rule, finding, seen.day, numbers),
        )
        events = LIFE.decide(command, watch)
        self.watches[account, rule] = LIFE.fold(events, watch)
        for event in events:
            if isinstance(event, facts.AlertRaised | facts.AlertWorsened | facts.AlertReturned):
                self.review.told.append(Told(seen.day + timedelta(days=1), account, event))

    def _feed(self, account: UUID, finding: Finding, day: date) -> None:
        bank = self.books.banks.get(account, "")
        if bank not in self.silent:
            self.silent.add(bank)
            self.review.feeds.append((day + timedelta(days=1), bank, finding.because.en))

    def _subject(self, account: UUID) -> Subject:
        name = self.people.names.get(account, "")
        return Subject(account_id=account, institution_id=None, institution_name=name, department="", region="")

    def _known(self, account: UUID, day: date) -> Known:
        lessons_to = self.books.lessons_to
        return Known(
            bank_to=self.books.bank_to.get(self.books.banks.get(account, "")),
            lessons_to=lessons_to,
            complaints_to=day,
            registry_to=day,
            free_days=self._free_days(lessons_to, account in self.people.subject) if lessons_to else frozenset(),
        )

    def _free_days(self, until: date, is_subject: bool) -> frozenset[date]:
        key = (until, is_subject)
        if key not in self._free:
            since = until - timedelta(days=FREE_DAYS_BACK)
            quiet = free_days(self.lessons[is_subject], FIRST_DAY, until)
            self._free[key] = frozenset(day for day in quiet if day > since) | holidays(since, until, RELEASED)
        return self._free[key]


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


def play(path: Path, until: date = LAST_DAY, progress: Progress = lambda _day: None) -> Review:
    """The county at ``path``, from its first day to ``until``."""
    with county_files(path) as files:
        sent = deliveries(files)
        books = Books(files)
        books.begin(sent, FIRST_DAY)
        people = People()
        for account, fact in books.opened.items():
            people.open_account(account, fact)
        player = Player(books, people, Review(people.names), released())
        player.hear(list(books.begun()))
        later = _by_day(registered(files, sent, people, FIRST_DAY))
        outside = complained(files, sent, people)
        for source in (outside.facts, staffed(files, sent, people, FIRST_DAY)):
            for day, heard in source.items():
                later[day] += heard
        day = FIRST_DAY
        while day <= until:
            player.hear(books.day(day, sent))
            player.hear(later.get(day, []))
            player.close(day)
            progress(day)
            day += timedelta(days=1)
        player.review.unmatched = outside.unmatched
        player.review.kept_aside = books.kept_aside
        player.review.days = (until - FIRST_DAY).days + 1
        return player.review


def _by_day(heard: list[tuple[UUID, Heard]]) -> dict[date, list[Any]]:
    found: dict[date, list[Any]] = defaultdict(list)
    for account, one in heard:
        found[one.on].append((account, one))
    return found
