"""Where a custody account stands: states are types, and an open account carries its ledger.

The one rule: copying a state with one more entry costs the same however many there are (see ``persistent_map``).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from mingjing_funds.domain.account import Column, Direction, Holder
from mingjing_funds.domain.freeze import Freezes
from mingjing_funds.domain.persistent_map import PersistentMap
from mingjing_funds.domain.settlement import ReleaseBacked, SettlementAccountNamed
from mingjing_kernel.state import State, field


class Expectation(State, frozen=True):
    """What is awaited from the bank, and for how much."""

    direction: Direction
    amount_fen: int
    due_on: date


class Entry(State, frozen=True):
    """What is kept of a booked entry: enough to recognise a repetition, a reversal and a later explanation."""

    digest: str
    column: Column
    amount_fen: int
    booked_on: date
    reference: str
    tail: str
    number: str
    is_reversed: bool = False


class Inferred(State, frozen=True):
    """An entry that must exist: its amount (money out negative) and the day it is counted on."""

    amount_fen: int
    booked_on: date
    expectation: Expectation


class Ledger(State, frozen=True):
    """The account's columns in fen. ``released_fen`` and ``refunded_fen`` are money out, counted positive."""

    opening_fen: int
    opening_on: date
    received_fen: int = 0
    released_fen: int = 0
    refunded_fen: int = 0
    interest_fen: int = 0
    fee_fen: int = 0
    suspense_fen: int = 0
    transferred_fen: int = 0
    instructed_fen: int = 0
    """Release instructions so far, carried out or not."""
    stated_fen: int = 0
    """The balance that the bank stated with its latest booking."""
    stated_at: datetime | None = None
    gap_fen: int = 0
    inferred: dict[str, Inferred] = field(default_factory=dict)
    """What the balances show although the entries are missing, by number."""
    entries: PersistentMap[Entry] = field(default_factory=PersistentMap)
    expected: dict[str, Expectation] = field(default_factory=dict)
    met: PersistentMap[Expectation] = field(default_factory=PersistentMap)
    suspense: frozenset[str] = frozenset()
    """Flows that nothing explains yet."""
    withdrawn: dict[str, Expectation] = field(default_factory=dict)
    """Instructions that were refused or stopped; their numbers are spent."""
    sent: PersistentMap[UUID] = field(default_factory=PersistentMap)
    """What has ever gone to the bank, with the batch in which it went."""
    open_list: UUID | None = None
    """The refund list that waits for a decision."""
    backed: dict[str, ReleaseBacked] = field(default_factory=dict)
    """What stands behind the releases that wait here."""
    relied: PersistentMap[ReleaseBacked] = field(default_factory=PersistentMap)
    """What stood behind those that went to the bank: the payment may be reversed afterwards."""
    freezes: Freezes = field(default_factory=dict)
    settlement: SettlementAccountNamed | None = None
    left: frozenset[UUID] = frozenset()
    """Contracts that went over to another bank."""
    moved_to: UUID | None = None
    """Where they are."""
    came: Mapping[UUID, date] = field(default_factory=dict)
    """Contracts that came from another bank, and since when they count here."""
    came_with: Mapping[str, int] = field(default_factory=dict)
    """What that bank had credited of the payments behind them, by number."""
    spent: Mapping[str, Expectation] = field(default_factory=dict)
    """Numbers that stood for their money there."""

    def leaving_fen(self) -> int:
        """What was ordered to leave the account and has not left yet."""
        return sum(waits.amount_fen for waits in self.expected.values() if waits.direction is not Direction.PAYMENT)

    def releasing_fen(self) -> int:
        """Of that: what goes to the institution."""
        return sum(waits.amount_fen for waits in self.expected.values() if waits.direction is Direction.RELEASE)

    def under_way_fen(self) -> int:
        """Of that: what the bank has already."""
        return sum(waits.amount_fen for number, waits in self.expected.items() if number in self.sent)

    def came_back(self, number: str) -> bool:
        """Whether the bank has carried it out and reversed it."""
        return any(entry.is_reversed and entry.number == number for entry in self.entries.values())

    def balance_fen(self) -> int:
        """What the delivered entries add up to."""
        return (
            self.opening_fen
            + self.received_fen
            - self.released_fen
            - self.refunded_fen
            + self.interest_fen
            - self.fee_fen
            + self.suspense_fen
            + self.transferred_fen
            + sum(inferred.amount_fen for inferred in self.inferred.values())
        )


class Unopened(State, frozen=True):
    """There is no such account."""


class Applied(State, frozen=True):
    """Asked for (APPLIED)."""

    holder: Holder


class Agreed(State, frozen=True):
    """Agreement signed (AGREEMENT_SIGNED)."""

    holder: Holder
    minimum_fen: int


class Active(State, frozen=True):
    """Open (ACTIVE). ``hold_proposed_by`` is who asks that releases stop, as long as nobody has decided."""

    holder: Holder
    number: str
    minimum_fen: int
    opened_on: date
    ledger: Ledger
    hold_proposed_by: str = ""


class Held(State, frozen=True):
    """Open, releases stopped (RELEASE_HOLD), as ``proposed_by`` asked; ``lift_proposed_by`` asks for its end."""

    holder: Holder
    number: str
    minimum_fen: int
    opened_on: date
    ledger: Ledger
    proposed_by: str = ""
    lift_proposed_by: str = ""


class Closing(State, frozen=True):
    """On its way to being closed (CLOSING)."""

    holder: Holder
    number: str
    minimum_fen: int
    opened_on: date
    ledger: Ledger


class Closed(State, frozen=True):
    """Closed (CLOSED); terminal."""

    holder: Holder
    number: str


Open: TypeAlias = Active | Held | Closing
Account: TypeAlias = Unopened | Applied | Agreed | Active | Held | Closing | Closed
