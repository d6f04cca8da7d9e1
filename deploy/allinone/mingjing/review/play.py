"""A county's half year played day by day (逐日推演): facts in, features, rules, and the life of every alert.

The one rule: at the end of a day only that is known which had been sent by the next morning, and it is told then.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

from mingjing.county.county import Delivery
from mingjing.review.books import Books
from mingjing.review.directory import People, registered
from mingjing.review.files import Files, Skipped, county_files, deliveries, period
from mingjing.review.outside import closing_asked, complained, staffed
from mingjing_funds.domain import contract as c
from mingjing_funds.domain.alerting.features import Features
from mingjing_funds.domain.alerting.fold import told
from mingjing_funds.domain.alerting.heard import Heard, Known
from mingjing_funds.domain.alerting.observe import features
from mingjing_funds.domain.alerting.peers import free_days, holidays
from mingjing_funds.domain.alerting.state import UNKNOWN, State
from mingjing_funds.intake.retelling import Told, Watching
from mingjing_funds.policy.alert_thresholds import released
from mingjing_kernel.working_days import RELEASED

FREE_DAYS_BACK = 130


@dataclass
class Review:
    """What came of the play."""

    names: Mapping[UUID, str]
    watching: Watching
    first: date
    last: date
    seen: list[tuple[UUID, Features]] = field(default_factory=list)
    """What the rules looked at, oldest first: enough to ask them again under other numbers."""
    followed: list[tuple[date, UUID, str]] = field(default_factory=list)
    """Facts about the institution that is followed: the morning, the account and what it was."""
    unmatched: int = 0
    kept_aside: int = 0
    skipped: Skipped = field(default_factory=list)

    @property
    def days(self) -> int:
        """How many days were played."""
        return (self.last - self.first).days + 1

    @property
    def told(self) -> list[Told]:
        """What would have been told, oldest first."""
        return self.watching.told


Progress = Callable[[date], None]


@dataclass
class Player:
    """Everything that is known while it is played."""

    books: Books
    people: People
    review: Review
    folders: frozenset[str]
    """Whose files there are: nothing follows from the silence of somebody who was never asked."""
    follow: str = ""
    states: dict[UUID, State] = field(default_factory=lambda: defaultdict(lambda: UNKNOWN))
    lessons: dict[bool, Counter[date]] = field(default_factory=lambda: defaultdict(Counter))
    _free: dict[tuple[date, bool], frozenset[date]] = field(default_factory=dict)

    def hear(self, heard: list[tuple[UUID, Heard]]) -> None:
        """Facts of one day."""
        for account, one in heard:
            self.states[account] = told(self.states[account], one)
            if isinstance(one.fact, c.LessonConfirmed):
                self.lessons[account in self.people.subject][one.fact.held_on] += 1
            if self.follow and self.follow in self.people.names.get(account, ""):
                self.review.followed.append((one.on + timedelta(days=1), account, shown(one)))

    def close(self, day: date) -> None:
        """The end of a day: every rule on every account, and what follows from it."""
        for account, state in self.states.items():
            if not state.is_open and not state.owed_fen and state.licence is None:
                continue
            seen = features(state, day, self._known(account, day))
            self.review.seen.append((account, seen))
            self.review.watching.look(account, seen)

    def _known(self, account: UUID, day: date) -> Known:
        lessons_to = self.books.lessons_to
        return Known(
            bank_to=self.books.bank_to.get(self.books.banks.get(account, "")),
            lessons_to=lessons_to,
            complaints_to=day if "complaints" in self.folders else None,
            registry_to=day if "registry" in self.folders else None,
            free_days=self._free_days(lessons_to, account in self.people.subject) if lessons_to else frozenset(),
        )

    def _free_days(self, until: date, is_subject: bool) -> frozenset[date]:
        key = (until, is_subject)
        if key not in self._free:
            since = until - timedelta(days=FREE_DAYS_BACK)
            quiet = free_days(self.lessons[is_subject], self.review.first, until)
            self._free[key] = frozenset(day for day in quiet if day > since) | holidays(since, until, RELEASED)
        return self._free[key]


def shown(heard: Heard) -> str:
    """A fact in a line: its name and what it says of itself, without the ids."""
    fact = heard.fact
    said = {name: getattr(fact, name) for name in _SHOWN if hasattr(fact, name)}
    return f"{type(fact).__name__} " + ", ".join(f"{name}={value}" for name, value in said.items())


_SHOWN: tuple[str, ...] = (
    *("direction", "column", "number", "lesson_no", "refund_no", "rule", "amount_fen", "booked_on", "due_on"),
    *("held_on", "paid_on", "words", "staff", "what", "since", "until", "valid_to"),
)


def play(path: Path, until: date | None = None, progress: Progress = lambda _day: None, follow: str = "") -> Review:
    """The county at ``path``, from its first day to its last or ``until``; facts of who is named so are kept."""
    with county_files(path) as files:
        sent = deliveries(files)
        first, last = period(sent)
        books = Books(files)
        books.begin(sent, first)
        people = People()
        for account, fact in books.opened.items():
            people.open_account(account, fact)
        watching = Watching(people.names, books.banks, released())
        review = Review(people.names, watching, first=first, last=min(until or last, last), skipped=books.skipped)
        player = Player(books, people, review, frozenset(one.folder for one in sent), follow)
        books.subject = people.subject
        player.hear(list(books.begun()))
        later = _outside(files, sent, people, review, last)
        day = first
        while day <= review.last:
            player.hear(books.day(day, sent))
            player.hear(later.get(day, []))
            player.close(day)
            progress(day)
            day += timedelta(days=1)
        review.kept_aside = books.kept_aside
        return review


def _outside(
    files: Files, sent: list[Delivery], people: People, review: Review, last: date
) -> dict[date, list[tuple[UUID, Heard]]]:
    """What registers, hotlines and staff rolls say, by the day on which they said it."""
    later: dict[date, list[tuple[UUID, Heard]]] = defaultdict(list)
    for account, one in registered(files, sent, people, review.first, review.skipped):
        later[one.on].append((account, one))
    outside = complained(files, sent, people, review.skipped)
    review.unmatched = outside.unmatched
    staff, closing = staffed(files, sent, people, review.first), closing_asked(files, sent, people, last)
    for source in (outside.facts, staff, closing):
        for day, heard in source.items():
            later[day] += heard
    return later
