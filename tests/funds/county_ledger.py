"""The sample county's half year through the deciders alone: the files in the order of their delivery, week by week.

The one rule: nothing is known before its day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any
from uuid import UUID

from funds.county_weeks import masters, postings
from mingjing_funds.domain import account as a
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import vendor_code as v
from mingjing_funds.domain.account_rules import ACCOUNT
from mingjing_funds.domain.contract_refusals import ContractUnknown
from mingjing_funds.domain.contract_rules import CONTRACT
from mingjing_funds.domain.ledger import Posting
from mingjing_funds.domain.ledger import postings as postings_of
from mingjing_funds.intake.lesson_prints import LessonPrints
from mingjing_funds.intake.plan import Directory, Step, planned
from mingjing_funds.intake.whole_rows import row_of
from mingjing_funds.projections.movement import Movement, of_account, of_contract
from mingjing_funds.sources.detect import Kind, read
from mingjing_funds.sources.statement import HUPAN
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.sealed.blind import BlindIndex

PRINTS = LessonPrints(BlindIndex(b"k" * 32))
FEED_BROKEN_ON = (date(2026, 4, 23), date(2026, 5, 20))
"""The days on which 湖畔商业银行 sent nothing and half a file; the service learns them from its deliveries."""


@dataclass
class Ledger:
    """What the deciders made of the files."""

    states: dict[tuple[str, UUID], Any] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    contracts: dict[str, UUID | None] = field(default_factory=dict)
    opened: dict[UUID, a.AccountActivated] = field(default_factory=dict)
    overtaken: Counter[UUID] = field(default_factory=Counter)
    days: dict[UUID, dict[date, Counter[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Counter))
    )
    used: dict[UUID, list[tuple[date, int]]] = field(default_factory=lambda: defaultdict(list))
    refusals: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    waiting: list[tuple[Kind, Any, Directory]] = field(default_factory=list)
    facts: list[tuple[str, UUID, Any]] = field(default_factory=list)
    """Every fact in the order of the log, with its stream."""
    posted: dict[UUID, list[Posting]] = field(default_factory=lambda: defaultdict(list))
    unbalanced: list[Any] = field(default_factory=list)
    """Facts whose postings do not add up to zero."""

    def post(self, kind: Kind, data: bytes, covers_to: date, delivered_on: date) -> None:
        """Take one file as the service does."""
        source = read(data, {number for number in self.codes.values() if number})
        assert source.kind is kind
        for kept in source.kept_aside:
            self.refusals[kept.reason.code()] += 1
        directory = Directory(
            delivered_on=delivered_on,
            covers_to=covers_to,
            vendor_accounts=self.codes,
            contract_accounts=self.contracts,
            incomplete_days={HUPAN: FEED_BROKEN_ON},
            prints=PRINTS,
        )
        if kind is Kind.PAYMENTS:
            waiting, self.waiting = self.waiting, []
            for which, row, then in waiting:
                self.use(which, (row,), then)
        self.use(kind, source.rows, directory)

    def use(self, kind: Kind, rows: Any, directory: Directory) -> None:
        """Carry out the rows."""
        by_number = {row.row: row for row in rows}
        steps, aside = planned(kind, rows, directory)
        self.refusals.update(reason.code() for _, reason in aside)
        for (number, _), together in groupby(steps, row_of):
            self.use_whole(kind, by_number[number], directory, list(together))

    def use_whole(self, kind: Kind, row: Any, directory: Directory, steps: list[Step]) -> None:
        """All steps of a row, or none."""
        states: dict[tuple[str, UUID], Any] = {}
        found: list[tuple[str, UUID, Any]] = []
        for step in steps:
            if isinstance(step.command, v.LearnCode):
                self.codes[step.command.code] = step.command.account_number
                continue
            decider: Any = ACCOUNT if step.noun == "account" else CONTRACT
            stream = step.noun, step.id
            before = states.get(stream, self.states.get(stream, decider.initial))
            try:
                facts = decider.decide(step.command, before)
            except ContractUnknown:
                return self.waiting.append((kind, row, directory))
            except Refusal as reason:
                self.refusals[reason.code()] += 1
                return None
            states[stream] = decider.fold(facts, before)
            found += [(*stream, fact) for fact in facts]
        self.states |= states
        for noun, id, fact in found:
            self.note(noun, id, fact)
        return None

    def note(self, noun: str, id: UUID, fact: Any) -> None:
        """Add up what a fact moves."""
        self.events[type(fact).__name__] += 1
        self.facts.append((noun, id, fact))
        match fact:
            case a.AccountActivated():
                self.opened[id] = fact
            case c.ContractSigned():
                self.contracts[fact.terms.contract_no] = fact.terms.account_id
                self.used[id].append((date.min, fact.opening_used))
            case c.LessonConfirmed() if not fact.is_gift:
                self.used[id].append((fact.earned_on, fact.used))
            case a.EntryBooked(expected_on=date() as due) if due <= self.opened[id].opening_on and not fact.reverses:
                self.overtaken[id] += fact.expected_fen
            case _:
                pass
        made = postings_of(id, fact)
        if sum(posting.amount_fen for posting in made):
            self.unbalanced.append(fact)
        for posting in made:
            self.posted[posting.account_id].append(posting)
        movement = of_account(id, fact) if noun == "account" else of_contract(fact)
        if isinstance(movement, Movement):
            self.days[movement.account_id][movement.day].update(movement.deltas)


@cache
def played() -> Ledger:
    """The half year, once a test run."""
    made = Ledger()
    for posting in masters():
        made.post(Kind(posting.kind), posting.data, posting.covers_to, posting.delivered_on)
    for _, week in postings():
        for posting in week:
            made.post(Kind(posting.kind), posting.data, posting.covers_to, posting.delivered_on)
    return made
