"""The reconciliation breaks of the sample county's half year, compared with the answers: these, and nothing extra.

The one rule: the looks read what the read models hold, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from funds.county_ledger import Ledger, played
from funds.county_weeks import truth
from mingjing_funds.domain.account import Column
from mingjing_funds.domain.break_terms import Found, Kind
from mingjing_funds.domain.reconciliation import breaks, crossings, stayed_behind
from mingjing_funds.intake.plan import account_id
from mingjing_funds.projections import accounts, entries, expectations
from mingjing_funds.projections.sides import Looked, sides_of
from mingjing_kernel.log import Recorded
from mingjing_kernel.working_days import RELEASED

LAST = date(2026, 6, 30)
WORDS = {
    Kind.NOT_CREDITED: "payment_not_credited",
    Kind.CREDITED_ELSEWHERE: "credited_to_wrong_account",
    Kind.UNEXPECTED_CREDIT: "unexpected_credit",
    Kind.PAYMENT_DIFFERS: "amount_differs",
    Kind.RELEASE_DIFFERS: "release_amount_differs",
    Kind.DEBIT_UNINSTRUCTED: "debit_without_instruction",
    Kind.NOT_EXECUTED: "instruction_not_executed",
    Kind.NOT_ENOUGH_MONEY: "release_failed_insufficient_funds",
}
"""The answers' own words; some depend on whether the bank put it right."""
REVERSED = {
    Kind.CREDIT_UNEXPLAINED: ("credit_without_contract", "misposted_then_reversed"),
    Kind.FEE_CHARGED: ("fee_kept", "fee_then_reversed"),
    Kind.PAID_TWICE: ("release_paid_twice", "release_paid_twice_then_reversed"),
}


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return played()


def rows(model: Any, facts: Iterable[tuple[UUID, Any]]) -> list[dict[str, Any]]:
    """A read model's rows after these facts."""
    at = datetime(2026, 1, 1, tzinfo=UTC)
    found: dict[Any, Any] = {}
    for position, (id, event) in enumerate(facts, start=1):
        fact = Recorded(position, f"account-{id}", 1, "", event, b"", at, at)
        for key in model.keys(fact):
            found[key] = model.fold(key, found.get(key), fact)
    return [row for row in found.values() if row is not None]


@pytest.fixture(scope="module")
def looked(ledger: Ledger) -> Looked:
    facts = [(id, fact) for noun, id, fact in ledger.facts if noun == "account"]
    booked = rows(entries.ENTRIES, facts)
    unexplained = [row for row in booked if row["column"] in (Column.SUSPENSE.value, Column.FEE.value)]
    banks = {row["bank"]: LAST for row in booked}
    whose = rows(accounts.ACCOUNTS_READ, facts)
    gaps = {
        id: (state.ledger.gap_fen, LAST)
        for (noun, id), state in ledger.states.items()
        if noun == "account" and state.ledger.gap_fen
    }
    look = sides_of(whose, rows(expectations.EXPECTATIONS, facts), unexplained, gaps, banks, LAST)
    held = {
        (one.account_id, day): max(
            (row["booked_at"], row["flow"], row["balance_fen"])
            for row in booked
            if row["account_id"] == one.account_id and row["booked_on"] <= day
        )[2]
        for one in look.sides
        for day in stayed_behind(one, RELEASED)
    }
    with_balances = [
        replace(one, balances={day: fen for (account, day), fen in held.items() if account == one.account_id})
        for one in look.sides
    ]
    return Looked(tuple(with_balances), look.whose)


def test_the_breaks_are_the_answers_and_nothing_extra(looked: Looked) -> None:
    crossed = crossings(looked.sides)
    found = [one for sides in looked.sides for one in breaks(sides, crossed, RELEASED)]
    answers = [
        (answer["date"], account_id(answer["account"]), answer["kind"], answer["effect"])
        for answer in truth()["reconciliation_breaks"]
    ]
    mine = [line for one in found for line in said(one)]
    assert sorted(mine, key=str) == sorted(answers, key=str)


def said(found: Found) -> list[tuple[str, UUID, str, int]]:
    """A break in the answers' words: what was put right stands there twice, once for each booking."""
    open_word, righted_word = REVERSED.get(found.kind, (WORDS.get(found.kind, found.kind), ""))
    first = (found.day.isoformat(), found.account_id, open_word, found.amount_fen)
    if found.righted_on is None:
        return [first]
    return [
        (first[0], first[1], righted_word, found.amount_fen),
        (found.righted_on.isoformat(), found.account_id, righted_word, -found.amount_fen),
    ]


def test_a_break_names_the_lines_of_every_side_that_has_one(looked: Looked) -> None:
    crossed = crossings(looked.sides)
    for sides in looked.sides:
        for one in breaks(sides, crossed, RELEASED):
            assert one.lines
            assert len({(line.side, line.reference) for line in one.lines}) == len(one.lines)
