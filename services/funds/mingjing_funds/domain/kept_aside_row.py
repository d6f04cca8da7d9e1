"""A row of a file that could not be used (搁置), until it is mended, comes right by itself or is dismissed.

The one rule: the row keeps what was written, so that it can be read again; nothing that was sent disappears.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Invalid, NotFound, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One cell as it was written."""

    column: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """Why the row was not used: the refusal's stable code, its field, rule and values; sentences are rendered later."""

    code: str
    field: str
    rule: str
    sentence: str
    remedy: str
    values: tuple[Written, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepAside:
    """Keep a row aside. ``waits_for`` is the contract or account number whose arrival would make it usable."""

    file_id: UUID
    kind: str
    row: int
    covers_to: date
    cells: tuple[Written, ...]
    reason: Reason
    waits_for: str
    region: str
    department: str
    category: str
    """Of what the row concerns; empty where nobody known is concerned."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeRow:
    """The row was used after all, with these corrections (none when it came right by itself)."""

    corrections: tuple[Written, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissRow:
    """A person decides that the row will not be used."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowKeptAside:
    """A row waits for a person or for what it refers to."""

    file_id: UUID
    kind: str
    row: int
    covers_to: date
    cells: tuple[Written, ...]
    reason: Reason
    waits_for: str
    region: str
    department: str
    category: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTaken:
    """The row was used after all."""

    corrections: tuple[Written, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDismissed:
    """The row will not be used."""

    reason: str


Command: TypeAlias = KeepAside | TakeRow | DismissRow
Event: TypeAlias = RowKeptAside | RowTaken | RowDismissed


@dataclass(frozen=True, slots=True)
class Unseen:
    """No such row was kept aside."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody must look at it."""

    kept: RowKeptAside


@dataclass(frozen=True, slots=True)
class Settled:
    """Used or dismissed; terminal."""

    how: Literal["taken", "dismissed"]


Row: TypeAlias = Unseen | Waiting | Settled


class RowUnknown(NotFound):
    """No such row was kept aside."""

    sentence = "No row was kept aside under this number."
    remedy = "Look at the list of kept-aside rows."
    field = "row_id"


class RowSettled(Refusal):
    """The row was settled before."""

    sentence = "This row was settled already ({how})."
    remedy = "Nothing needs to be done."
    field = "row_id"


class DismissalUnexplained(Invalid):
    """Dismissing a row needs a reason."""

    sentence = "Dismissing a row needs a reason."
    remedy = "Say why the row is not used; it stands in the record."
    field = "reason"


def decide(command: Command, row: Row) -> list[Event]:
    """Which facts follow."""
    match command:
        case KeepAside():
            if not isinstance(row, Unseen):
                return []
            kept = RowKeptAside(
                file_id=command.file_id,
                kind=command.kind,
                row=command.row,
                covers_to=command.covers_to,
                cells=command.cells,
                reason=command.reason,
                waits_for=command.waits_for,
                region=command.region,
                department=command.department,
                category=command.category,
            )
            return [kept]
        case TakeRow():
            _waiting(row)
            return [RowTaken(corrections=command.corrections)]
        case DismissRow():
            _waiting(row)
            if not command.reason.strip():
                raise DismissalUnexplained
            return [RowDismissed(reason=command.reason)]
        case _:
            assert_never(command)


def evolve(row: Row, event: Event) -> Row:
    """The row after a fact."""
    match event:
        case RowKeptAside():
            return Waiting(event)
        case RowTaken():
            return Settled("taken")
        case RowDismissed():
            return Settled("dismissed")
        case _:
            assert_never(event)


KEPT_ASIDE_ROW: Decider[Command, Row, Event] = Decider(initial=Unseen(), decide=decide, evolve=evolve)


def _waiting(row: Row) -> Waiting:
    match row:
        case Waiting():
            return row
        case Unseen():
            raise RowUnknown
        case Settled():
            raise RowSettled(how=row.how)
        case _:
            assert_never(row)
