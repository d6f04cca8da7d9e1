"""Postings: from an account or a contract down to each line of the ledger, the fact that made it and the bank's line.

The one rule: they are derived from the log while one asks, so they are those of any past moment, too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field
from sqlalchemy import Select

from mingjing_funds.api.acting import RecordNotFound
from mingjing_funds.codec import ACCOUNTS, CONTRACTS
from mingjing_funds.domain.ledger import Book, Posting, postings
from mingjing_funds.projections.accounts import accounts_in
from mingjing_funds.projections.contracts import contracts_in
from mingjing_kernel.http import AsOf, Kit, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Aggregate, Recorded

POSTINGS_MAX = 2_000
"""Lines in one answer; ``after`` asks for what follows."""


class PostingItem(BaseModel):
    """One line of a transaction; those of one position add up to zero."""

    position: int = Field(description="Of the fact in the log")
    fact: str = Field(description="Its stored name")
    recorded_at: datetime
    day: date
    account_id: UUID
    book: Book
    book_zh: str
    part: str = Field(description="The contract, number or bank flow that it belongs to")
    amount_fen: int = Field(description="Debit positive, credit negative")


class BookSum(BaseModel):
    """What stands in a book because of the lines shown and those not shown, up to the last day asked for."""

    book: Book
    book_zh: str
    debit_fen: int
    credit_fen: int
    balance_fen: int


class Postings(BaseModel):
    """The lines, and what they come to."""

    sums: list[BookSum]
    items: list[PostingItem]
    next: int | None = Field(description="Send it as 'after' for what follows; null at the end")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which lines."""

    since: date | None
    until: date | None
    book: Book | None
    part: str | None
    after: int
    limit: int

    def counts(self, posting: Posting) -> bool:
        """Whether it is in the sums."""
        return (
            (self.until is None or posting.day <= self.until)
            and (self.book is None or posting.book is self.book)
            and (self.part is None or posting.part == self.part)
        )

    def shows(self, posting: Posting, position: int) -> bool:
        """Whether it is shown."""
        return position > self.after and (self.since is None or posting.day >= self.since)


async def wanted(
    since: date | None = None,
    until: date | None = Query(default=None, description="The end of this day of the books"),
    book: Book | None = None,
    part: str | None = None,
    after: int = Query(default=0, ge=0, description="Only facts behind this position"),
    limit: int = Query(default=500, ge=1, le=POSTINGS_MAX),
) -> Wanted:
    """The dependency of both."""
    return Wanted(since, until, book, part, after, limit)


def make_router(kit: Kit) -> Router:
    """``/accounts/{account_id}/postings`` and ``/contracts/{contract_id}/postings``."""
    router = Router(tags=["ledger 复式账"])

    @router.get("/accounts/{account_id}/postings", summary="An account's own postings, now or as of a moment")
    async def account_postings(
        account_id: UUID,
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
        wanted: Wanted = Depends(wanted),
    ) -> Postings:
        """Cash, what is in transit, instructed, in suspense; a part that is a flow is the bank's own line."""
        position = await position_of(kit, as_of)
        statement = accounts_in(scope, position)
        await _require(kit, statement.where(statement.selected_columns.account_id == account_id))
        return await _answer(kit, ACCOUNTS, account_id, position, wanted)

    @router.get("/contracts/{contract_id}/postings", summary="A contract's postings, now or as of a moment")
    async def contract_postings(
        contract_id: UUID,
        scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
        wanted: Wanted = Depends(wanted),
    ) -> Postings:
        """A family's prepayment, what its lessons have earned, what is to be paid back."""
        position = await position_of(kit, as_of)
        statement = contracts_in(scope, position)
        await _require(kit, statement.where(statement.selected_columns.contract_id == contract_id))
        return await _answer(kit, CONTRACTS, contract_id, position, wanted)

    return router


async def _require(kit: Kit, statement: Select[Any]) -> None:
    async with kit.connection() as connection:
        if (await connection.execute(statement)).first() is None:
            raise RecordNotFound


async def _answer(kit: Kit, aggregate: Aggregate, id: UUID, position: int | None, wanted: Wanted) -> Postings:
    facts = await kit.log.history(aggregate, id, position)
    made = [(fact, posting) for fact in facts for posting in postings(id, fact.event) if wanted.counts(posting)]
    shown = [(fact, posting) for fact, posting in made if wanted.shows(posting, fact.position)]
    page = _whole_facts(shown, wanted.limit)
    last = page[-1][0].position if page else 0
    return Postings(
        sums=_sums(posting for _, posting in made),
        items=[_item(fact, posting) for fact, posting in page],
        next=last if len(page) < len(shown) else None,
    )


def _whole_facts(shown: list[tuple[Recorded[Any], Posting]], limit: int) -> list[tuple[Recorded[Any], Posting]]:
    """As many lines as fit; a transaction is not torn apart, and one always fits."""
    if len(shown) <= limit:
        return shown
    beyond = shown[limit][0].position
    return [one for one in shown[:limit] if one[0].position != beyond] or [
        one for one in shown if one[0].position == beyond
    ]


def _sums(made: Iterable[Posting]) -> list[BookSum]:
    total: dict[Book, list[int]] = {}
    for posting in made:
        debit_credit = total.setdefault(posting.book, [0, 0])
        debit_credit[posting.amount_fen < 0] += abs(posting.amount_fen)
    return [
        BookSum(book=book, book_zh=book.zh, debit_fen=debit, credit_fen=credit, balance_fen=debit - credit)
        for book, (debit, credit) in sorted(total.items())
    ]


def _item(fact: Recorded[Any], posting: Posting) -> PostingItem:
    return PostingItem(
        position=fact.position,
        fact=fact.type,
        recorded_at=fact.recorded_at,
        day=posting.day,
        account_id=posting.account_id,
        book=posting.book,
        book_zh=posting.book.zh,
        part=posting.part,
        amount_fen=posting.amount_fen,
    )
