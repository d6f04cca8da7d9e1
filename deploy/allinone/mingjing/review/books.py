"""The books of a county: its files through the deciders of the funds service, as facts about accounts by day.

The one rule: a file is used on the day on which it arrives and an order on the day of its date, as the service would;
nothing is known before its day.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from mingjing.county.county import Delivery
from mingjing.county.county import Kind as Timing
from mingjing.county.weekly import ORDERS, SILENCE_DAYS
from mingjing.review.files import Files, Skipped
from mingjing_funds.domain import account as a
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import vendor_code as v
from mingjing_funds.domain.account_rules import ACCOUNT
from mingjing_funds.domain.alerting.heard import Heard, TeachingTimeBroken
from mingjing_funds.domain.contract_refusals import ContractUnknown
from mingjing_funds.domain.contract_rules import CONTRACT
from mingjing_funds.intake.lesson_prints import LessonPrints
from mingjing_funds.intake.plan import Directory, planned
from mingjing_funds.sources.detect import Kind, read
from mingjing_funds.sources.lessons import LessonWord
from mingjing_funds.sources.statement import HUPAN
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.sealed.blind import BlindIndex
from mingjing_kernel.working_days import RELEASED

ROOMS_CLOSE = "20:30"
"""Lessons in rooms end by then (S1:193, L03); the table has no column for lessons online."""
GIVEN = (LessonWord.PENDING, LessonWord.CONFIRMED, LessonWord.AUTO_CONFIRMED, LessonWord.DISPUTED)
_CODES, _ACCOUNTS = "机构编码对照表", "托管账户清单"
_KEY = b"review"
"""Prints of lessons are compared within one run and never stored: this key keeps no secret."""


@dataclass
class Books:
    """What the deciders have made of the files so far."""

    files: Files
    states: dict[tuple[str, UUID], Any] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    contracts: dict[str, UUID | None] = field(default_factory=dict)
    opened: dict[UUID, a.AccountActivated] = field(default_factory=dict)
    banks: dict[UUID, str] = field(default_factory=dict)
    bank_to: dict[str, date] = field(default_factory=dict)
    lessons_to: date | None = None
    incomplete: dict[str, tuple[date, ...]] = field(default_factory=lambda: defaultdict(tuple))
    subject: set[UUID] = field(default_factory=set)
    """Who teaches school subjects: never on weekends, holidays and in vacations."""
    kept_aside: int = 0
    skipped: Skipped = field(default_factory=list)
    _waiting: list[tuple[Kind, Any, Directory]] = field(default_factory=list)
    _heard: list[tuple[UUID, Heard]] = field(default_factory=list)
    _prints: LessonPrints = field(default_factory=lambda: LessonPrints(BlindIndex(_KEY * 6)))
    _out_of_hours: set[str] = field(default_factory=set)
    _orders: dict[str, dict[date, bytes]] = field(default_factory=dict)

    def begin(self, sent: list[Delivery], first: date) -> None:
        """Codes, accounts, and the orders by their days."""
        for word in (_CODES, _ACCOUNTS):  # a damaged account number is completed from the codes
            for one in sent:
                if word in one.path:
                    self._use_file(one.path, first, first)
        for kind, (word, columns) in ORDERS.items():
            path = next((one.path for one in sent if word in one.path and one.folder == "orders"), None)
            if path is not None:
                self._orders[kind] = by_day(self.files.read(path), columns, first)

    def day(self, day: date, sent: list[Delivery]) -> list[tuple[UUID, Heard]]:
        """What becomes known of which account with the orders of a day and the files that cover up to it."""
        after = day + timedelta(days=1)
        self._heard = []
        for kind, days in self._orders.items():
            if (rows := days.get(day)) is not None:
                self._use(Kind(kind), read(rows, self._numbers()), day, after)
        for one in sent:
            if one.kind is not Timing.MASTER and one.folder in ("bank", "lessons") and one.covers_to == day:
                self._use_file(one.path, day, after)
        return self._heard

    def _numbers(self) -> set[str]:
        return {number for number in self.codes.values() if number}

    def _use_file(self, path: str, covers_to: date, delivered_on: date) -> None:
        try:
            source = read(self.files.read(path), self._numbers())
        except Refusal as reason:
            self.skipped.append((path, str(reason)))
            return
        if source.kind is Kind.STATEMENT and source.bank:
            self._delivered(source.bank, source.booked_on or covers_to, source.missing)
        if source.kind is Kind.LESSONS:
            self.lessons_to = max(covers_to, self.lessons_to or covers_to)
        self._use(source.kind, source, covers_to, delivered_on)

    def _delivered(self, bank: str, day: date, missing: int) -> None:
        """How far a bank has spoken; a day of one that sends every day and did not, and half a file, are gaps."""
        before = self.bank_to.get(bank)
        if missing:
            self.incomplete[bank] = (*self.incomplete[bank], day)
        if before is not None and bank == HUPAN:
            lost = tuple(before + timedelta(days=count) for count in range(1, (day - before).days))
            self.incomplete[bank] = (*self.incomplete[bank], *lost)
        self.bank_to[bank] = max(day, before or day)

    def _use(self, kind: Kind, source: Any, covers_to: date, delivered_on: date) -> None:
        directory = Directory(
            delivered_on=delivered_on,
            covers_to=covers_to,
            vendor_accounts=self.codes,
            contract_accounts=self.contracts,
            incomplete_days=dict(self.incomplete),
            prints=self._prints,
        )
        self.kept_aside += len(source.kept_aside)
        if kind is Kind.PAYMENTS:
            waiting, self._waiting = self._waiting, []
            for which, row, then in waiting:
                self._rows(which, (row,), then)
        self._rows(kind, source.rows, directory)
        if kind is Kind.LESSONS:
            self._hours(source.rows, delivered_on)

    def _rows(self, kind: Kind, rows: Any, directory: Directory) -> None:
        by_number = {row.row: row for row in rows}
        steps, aside = planned(kind, rows, directory)
        self.kept_aside += len(aside)
        for step in steps:
            if isinstance(step.command, v.LearnCode):
                self.codes[step.command.code] = step.command.account_number
                continue
            decider: Any = ACCOUNT if step.noun == "account" else CONTRACT
            before = self.states.get((step.noun, step.id), decider.initial)
            try:
                facts = decider.decide(step.command, before)
            except ContractUnknown:
                self._waiting.append((kind, by_number[step.row], directory))
                continue
            except Refusal:
                self.kept_aside += 1
                continue
            self.states[step.noun, step.id] = decider.fold(facts, before)
            for fact in facts:
                self._note(step.noun, step.id, fact, directory.covers_to)

    def _note(self, noun: str, id: UUID, fact: Any, day: date) -> None:
        if isinstance(fact, a.AccountActivated):
            self.opened[id] = fact
            self.banks[id] = fact.holder.bank
        if isinstance(fact, c.ContractSigned):
            self.contracts[fact.terms.contract_no] = fact.terms.account_id
        account = id if noun == "account" else self._account_of(id)
        if account is not None:
            self._heard.append((account, Heard(day, fact, str(id))))

    def _account_of(self, contract: UUID) -> UUID | None:
        state = self.states["contract", contract]
        return state.terms.account_id if isinstance(state, c.Signed | c.Paid) else None

    def _hours(self, rows: Any, on: date) -> None:
        """Lessons out of hours: past the hour at which rooms close, or school subjects on a day off."""
        broken: dict[UUID, int] = defaultdict(int)
        for row in rows:
            account = self.contracts.get(row.contract_no)
            if account is None or row.word not in GIVEN or row.lesson_no in self._out_of_hours:
                continue
            is_day_off = account in self.subject and not RELEASED.is_working(row.held_on)
            if row.taught[1] > ROOMS_CLOSE or is_day_off:
                self._out_of_hours.add(row.lesson_no)
                broken[account] += 1
        for account, lessons in broken.items():
            self._heard.append((account, Heard(on, TeachingTimeBroken(lessons=lessons))))

    def begun(self) -> Iterator[tuple[UUID, Heard]]:
        """What the lists of the first day said."""
        yield from self._heard


def by_day(data: bytes, columns: tuple[str, ...], first: date) -> dict[date, bytes]:
    """The rows of an export as daily exports would have had them: a row on each day on which it was news.

    What lies before the first day stands on the first day. An unanswered refund request is news again after the
    silence that counts as agreement.
    """
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))
    at = [rows[0].index(column) for column in columns]
    found: dict[date, list[list[str]]] = defaultdict(list)
    for row in rows[1:]:
        days = [date.fromisoformat(row[index][:10]) for index in at if len(row) > index and row[index]]
        if len(columns) > 1 and days:
            days.append(days[0] + timedelta(days=SILENCE_DAYS))
        for day in sorted({max(day, first) for day in days}):
            found[day].append(row)
    return {day: _written([rows[0], *news]) for day, news in found.items()}


def _written(rows: list[list[str]]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return ("\ufeff" + out.getvalue()).encode()
