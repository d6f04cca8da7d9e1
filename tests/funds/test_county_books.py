"""Half a year of the sample county as double-entry postings, compared with the answers to the fen.

The one rule: nothing is added up but postings.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from uuid import UUID

import pytest

from funds.county_ledger import Ledger, played
from funds.county_weeks import truth
from mingjing_funds.domain import account as a
from mingjing_funds.domain.ledger import Book
from mingjing_funds.domain.ledger_books import figures, restated, sums
from mingjing_funds.intake.plan import account_id
from mingjing_funds.policy.alert_rules import IN_TRANSIT_DAYS_MAX


@pytest.fixture(scope="module")
def books() -> Ledger:
    return played()


def test_every_transaction_adds_up_to_zero(books: Ledger) -> None:
    assert books.unbalanced == []
    assert len(books.posted) == len(truth()["accounts"])


def test_the_books_come_out_to_the_fen_at_every_week_end(books: Ledger) -> None:
    answers = truth()
    ends = [date.fromisoformat(end) for end in answers["period"]["week_ends"]]
    residual = [
        (number, end, name, mine, answer["weekly"][name][week])
        for number, answer in answers["accounts"].items()
        for week, end in enumerate(ends)
        for name, mine in _weekly(books, account_id(number), end, ends[-1]).items()
        if mine != answer["weekly"][name][week]
    ]
    assert residual == []


def test_no_part_of_the_books_is_on_the_wrong_side(books: Ledger) -> None:
    """What is owed to one family, one instruction, one holder is never negative, on whichever day one looks."""
    wrong: list[tuple[object, ...]] = []
    for account, posted in books.posted.items():
        opening_on = books.opened[account].opening_on
        ends = [date.fromisoformat(end) for end in truth()["period"]["week_ends"]]
        for end in (opening_on, *ends):
            owed: dict[str, int] = defaultdict(int)
            for (book, part), fen in sums(restated(posted, opening_on), end).items():
                if book in (Book.PREPAYMENT, Book.REFUND_PAYABLE):
                    owed[part] -= fen
                elif book in (Book.OWN_MONEY, Book.RELEASED, Book.INTEREST) and fen > 0:
                    wrong.append((account, end, book, part, fen))
            wrong += [(account, end, part, fen) for part, fen in owed.items() if fen < 0]
    assert wrong == []


def _weekly(books: Ledger, account: UUID, day: date, last: date) -> dict[str, int]:
    """The truth's figures. A payment that never came is not on its way: that is known by the last day."""
    opened, state = books.opened[account], books.states["account", account]
    held = figures(books.posted[account], opened.opening_on, day)
    never = sum(
        waits.amount_fen
        for waits in state.ledger.expected.values()
        if waits.direction is a.Direction.PAYMENT
        and opened.opening_on < waits.due_on <= day
        and (last - waits.due_on).days >= IN_TRANSIT_DAYS_MAX
    )
    return {
        "closing": held.cash_fen,
        "U": held.unconsumed_fen,
        "confirmed_unreleased": held.confirmed_unreleased_fen,
        "in_transit": held.in_transit_fen - never,
        "interest": held.interest_fen,
        "breaks": held.unexplained_fen - never,
    }
