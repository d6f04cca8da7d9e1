"""Half a year of the sample county through the deciders alone, compared with the answers to the fen.

The one rule: files are fed in the order of their delivery, week by week; nothing is known before its day.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import pytest

from funds.county_weeks import masters, postings, truth
from mingjing_funds.domain import account as a
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import vendor_code as v
from mingjing_funds.domain.account_rules import ACCOUNT
from mingjing_funds.domain.contract_refusals import ContractUnknown
from mingjing_funds.domain.contract_rules import CONTRACT
from mingjing_funds.intake.lesson_prints import LessonPrints
from mingjing_funds.intake.plan import Directory, account_id, contract_id, planned
from mingjing_funds.projections.movement import COLUMNS, Movement, of_account, of_contract
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
        for step in steps:
            if isinstance(step.command, v.LearnCode):
                self.codes[step.command.code] = step.command.account_number
                continue
            decider = ACCOUNT if step.noun == "account" else CONTRACT
            before = self.states.get((step.noun, step.id), decider.initial)
            try:
                facts = decider.decide(step.command, before)
            except ContractUnknown:
                self.waiting.append((kind, by_number[step.row], directory))
                continue
            except Refusal as reason:
                self.refusals[reason.code()] += 1
                continue
            self.states[step.noun, step.id] = decider.fold(facts, before)
            for fact in facts:
                self.note(step.noun, step.id, fact)

    def note(self, noun: str, id: UUID, fact: Any) -> None:
        """Add up what a fact moves."""
        self.events[type(fact).__name__] += 1
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
        movement = of_account(id, fact) if noun == "account" else of_contract(fact)
        if isinstance(movement, Movement):
            self.days[movement.account_id][movement.day].update(movement.deltas)


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    made = Ledger()
    for posting in masters():
        made.post(Kind(posting.kind), posting.data, posting.covers_to, posting.delivered_on)
    for _, week in postings():
        for posting in week:
            made.post(Kind(posting.kind), posting.data, posting.covers_to, posting.delivered_on)
    return made


def test_every_account_comes_out_to_the_fen_at_every_week_end(ledger: Ledger) -> None:
    answers = truth()
    ends = [date.fromisoformat(end) for end in answers["period"]["week_ends"]]
    residual = [
        (number, end, name, mine, answer["weekly"][name][week])
        for number, answer in answers["accounts"].items()
        for week, end in enumerate(ends)
        for name, mine in figures(ledger, account_id(number), end, ends[-1]).items()
        if mine != answer["weekly"][name][week]
    ]
    assert residual == []


def test_every_contract_has_used_what_the_answers_say(ledger: Ledger) -> None:
    answers = truth()
    ends = [date.fromisoformat(end) for end in answers["period"]["week_ends"]]
    residual = []
    for number, (_, _, _, _, weekly, _) in answers["contracts"].items():
        stream = contract_id(number)
        paid_on = ledger.states["contract", stream].paid_on
        for week, end in enumerate(ends):
            used = max((k for day, k in ledger.used[stream] if max(day, paid_on) <= end), default=0)
            if used != weekly[week]:
                residual.append((number, end, used, weekly[week]))
    assert residual == []


def test_what_cannot_be_used_is_kept_aside_and_nothing_else(ledger: Ledger) -> None:
    assert ledger.refusals == {
        "row-broken": 1,
        "rows-missing": 1,
        "moment-unreadable": 3,
        "date-not-yet-come": 1,
        "nothing-to-refund": 4,
    }
    assert len(ledger.waiting) == 6
    assert ledger.events["LessonSetAside"] == 15
    assert ledger.events["ChargingRuleBroken"] == 6


def figures(ledger: Ledger, account: UUID, day: date, last: date) -> dict[str, int]:
    """The truth's figures for one account at the end of a day."""
    opened, state = ledger.opened[account], ledger.states["account", account]
    start = opened.opening_on
    moved = dict.fromkeys(COLUMNS, 0)
    brought = dict.fromkeys(COLUMNS, 0)
    for on, deltas in ledger.days[account].items():
        if on <= day:
            for name, fen in deltas.items():
                (moved if on > start else brought)[name] += fen
    never = sum(
        waits.amount_fen
        for waits in state.ledger.expected.values()
        if waits.direction is a.Direction.PAYMENT and start < waits.due_on <= day and (last - waits.due_on).days >= 4
    )
    owed = brought["paid_fen"] - brought["earned_fen"] - brought["returned_fen"]
    unconsumed = owed + moved["paid_fen"] - moved["earned_fen"] - moved["returned_fen"]
    unreleased = opened.opening_fen - opened.minimum_fen - owed + ledger.overtaken[account]
    unreleased += moved["earned_fen"] - moved["executed_fen"]
    in_transit = moved["awaited_fen"] + ledger.overtaken[account] - moved["credited_fen"] - never
    closing = opened.opening_fen + moved["received_fen"] + moved["interest_fen"] + moved["suspense_fen"]
    closing += moved["gap_fen"] - moved["released_fen"] - moved["refunded_fen"] - moved["fee_fen"]
    explained = opened.minimum_fen + moved["interest_fen"] + unconsumed + unreleased - in_transit
    return {
        "closing": closing,
        "U": unconsumed,
        "confirmed_unreleased": unreleased,
        "in_transit": in_transit,
        "interest": moved["interest_fen"],
        "breaks": closing - explained,
    }
