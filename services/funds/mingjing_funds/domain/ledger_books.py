"""Books (账簿): the sums of postings, and the figures of an account that follow from them.

The one rule: a figure is a sum of postings up to a day; nothing is counted beside the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from mingjing_funds.domain.ledger import Book, Posting

_ARRIVED = frozenset({Book.PAYMENTS_IN_TRANSIT, Book.REFUNDS_IN_TRANSIT})
"""What is on its way between families and the account: an opening balance has counted it as arrived."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one account holds and owes at the end of a day, in fen; owed amounts are positive."""

    cash_fen: int
    in_transit_fen: int
    refunds_in_transit_fen: int
    own_money_fen: int
    prepayment_fen: int
    refund_payable_fen: int
    releasable_fen: int
    released_fen: int
    interest_fen: int
    fee_fen: int
    suspense_fen: int
    undelivered_fen: int
    moved_fen: int
    """What came from another bank beyond what came with contracts; what went to one stands against it."""

    @property
    def unconsumed_fen(self) -> int:
        """U: what families could still get back, asked for or not."""
        return self.prepayment_fen + self.refund_payable_fen

    @property
    def confirmed_unreleased_fen(self) -> int:
        """What lessons have earned and the bank has not paid out."""
        return self.releasable_fen + self.released_fen

    @property
    def unexplained_fen(self) -> int:
        """What cash differs by from everything that has a reason."""
        return self.suspense_fen + self.undelivered_fen + self.refunds_in_transit_fen - self.fee_fen


def restated(postings: Iterable[Posting], opening_on: date) -> Iterator[Posting]:
    """The postings of one account as its opening balance makes them read.

    Money announced up to the opening day was in the opening balance, and so stands as releasable against what
    families had paid by then; money announced by then that came later was not in it, and was on its way.
    """
    for posting in postings:
        if posting.book not in _ARRIVED:
            yield posting
        elif posting.day <= opening_on:
            yield replace(posting, book=Book.RELEASABLE)
        else:
            yield posting
            if posting.due_on is not None and posting.due_on <= opening_on:
                yield replace(posting, amount_fen=-posting.amount_fen, day=opening_on)
                yield replace(posting, book=Book.RELEASABLE, part="", day=opening_on)


def sums(postings: Iterable[Posting], day: date = date.max) -> Mapping[tuple[Book, str], int]:
    """What stands in each part of each book at the end of a day; debits are positive. Parts at zero are left out."""
    total: dict[tuple[Book, str], int] = {}
    for posting in postings:
        if posting.day <= day:
            key = (posting.book, posting.part)
            total[key] = total.get(key, 0) + posting.amount_fen
    return {key: fen for key, fen in total.items() if fen}


def figures(postings: Iterable[Posting], opening_on: date, day: date = date.max) -> Figures:
    """The figures of one account."""
    book: dict[Book, int] = dict.fromkeys(Book, 0)
    for (name, _), fen in sums(restated(postings, opening_on), day).items():
        book[name] += fen
    return Figures(
        cash_fen=book[Book.CUSTODY_CASH],
        in_transit_fen=book[Book.PAYMENTS_IN_TRANSIT],
        refunds_in_transit_fen=-book[Book.REFUNDS_IN_TRANSIT],
        own_money_fen=-book[Book.OWN_MONEY],
        prepayment_fen=-book[Book.PREPAYMENT],
        refund_payable_fen=-book[Book.REFUND_PAYABLE],
        releasable_fen=-book[Book.RELEASABLE],
        released_fen=-book[Book.RELEASED],
        interest_fen=-book[Book.INTEREST],
        fee_fen=book[Book.FEES],
        suspense_fen=-book[Book.SUSPENSE],
        undelivered_fen=-book[Book.UNDELIVERED],
        moved_fen=-book[Book.MOVED],
    )


def shortfall_fen(held: Figures, frozen_fen: int = 0) -> int:
    """Invariant A: what is missing for available balance plus money on its way to cover U; zero when nothing is."""
    available = held.cash_fen - min(frozen_fen, max(held.cash_fen, 0))
    return max(held.unconsumed_fen - available - held.in_transit_fen, 0)
