"""The world of the ledger's state machine: what is decided is kept as facts, and what they post; the bank's papers.

The one rule: a refusal leaves no trace.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from hypothesis.stateful import RuleBasedStateMachine

from funds.domain.test_account import AT, NUMBER
from mingjing_funds.domain import account as a
from mingjing_funds.domain import account_state as s
from mingjing_funds.domain import carrying
from mingjing_funds.domain import custodian as m
from mingjing_funds.domain.account_rules import ACCOUNT
from mingjing_funds.domain.contract_rules import CONTRACT
from mingjing_funds.domain.ledger import Book, Posting, postings
from mingjing_kernel.refusal import Refusal

CUSTODY, NEXT = UUID(int=100), UUID(int=101)
NUMBERS = {CUSTODY: NUMBER, NEXT: "6299000000001428678"}
OWN_FEN = 500
START = date(2026, 1, 5)


class World(RuleBasedStateMachine):
    """Two accounts of one licence and the contracts that they keep."""

    def __init__(self) -> None:
        super().__init__()
        self.facts: list[tuple[UUID, Any]] = []
        self.states: dict[UUID, Any] = {}
        self.posted: list[Posting] = []
        self.commands: list[tuple[UUID, Any]] = []
        self.statement: list[tuple[UUID, a.BookEntry]] = []
        self.opening = {CUSTODY: OWN_FEN, NEXT: OWN_FEN}
        self.bank_fen = dict(self.opening)
        self.earned: dict[UUID, int] = defaultdict(int)
        self.custodian: m.Custodian = m.Changing(CUSTODY, NEXT, "湖畔商业银行", m.Step.NEW_ACTIVE)
        self.transfers: list[tuple[int, str, str]] = []
        self.told: dict[str, int] = {}
        """What the former bank had credited of a payment when its contract was carried."""
        self.day = START
        self.numbers = 0

    def do(self, stream: UUID, command: Any) -> list[Any]:
        """One command, one stream; a refusal leaves no trace."""
        decider: Any = ACCOUNT if stream in NUMBERS else CONTRACT
        before = self.states.get(stream, decider.initial)
        if not isinstance(command, carrying.AccountCommand):  # said again, it is one request with the other account's
            self.commands.append((stream, command))
        try:
            facts = decider.decide(command, before)
        except Refusal:
            return []
        self.states[stream] = decider.fold(facts, before)
        for fact in facts:
            self.facts.append((stream, fact))
            self.post(stream, fact)
        return list(facts)

    def post(self, stream: UUID, fact: Any) -> None:
        made = postings(stream, fact)
        assert sum(posting.amount_fen for posting in made) == 0
        self.posted += made
        for posting in made:
            is_counted = stream not in NUMBERS or isinstance(fact, a.AccountActivated | m.BalanceTransferred)
            if is_counted and posting.book is Book.RELEASABLE:
                self.earned[posting.account_id] -= posting.amount_fen

    def book(self, id: UUID, amount_fen: int, summary: str, reference: str = "", is_reversal: bool = False) -> str:
        """The bank books; the paper is delivered by another rule, whenever that comes to its turn."""
        self.bank_fen[id] += amount_fen
        at: datetime = AT + timedelta(days=(self.day - START).days, minutes=len(self.statement))
        flow = f"HP{len(self.statement):05d}"
        entry = a.BookEntry(
            bank="湖畔商业银行",
            flow=flow,
            account_number=NUMBERS[id],
            booked_at=at,
            booked_on=self.day,
            amount_fen=amount_fen,
            balance_fen=self.bank_fen[id],
            summary=summary,
            reference=reference,
            tail="",
            is_reversal=is_reversal,
            digest=flow,
        )
        self.statement.append((id, entry))
        return flow

    def ledger(self, id: UUID) -> s.Ledger:
        state = self.states[id]
        assert isinstance(state, s.Active | s.Held)
        return state.ledger

    def home(self, id: UUID) -> UUID:
        """The account that keeps a family's contract."""
        found: UUID = self.states[id].terms.account_id
        return found

    def together(self, *works: tuple[UUID, Any]) -> bool:
        """All facts or none, as one transaction has it."""
        try:
            for stream, command in works:
                decider: Any = ACCOUNT if stream in NUMBERS else CONTRACT
                decider.decide(command, self.states[stream])
        except Refusal:
            return False
        for stream, command in works:
            self.do(stream, command)
        return True
