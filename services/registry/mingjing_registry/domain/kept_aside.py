"""Kept aside 搁置: a row of an imported file that could not be taken, until someone mends or dismisses it.

One rule: the row keeps what was written, cell by cell, so that it can be read again with corrections; what it says of a
person is kept sealed, under a key of this row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_kernel.sealed import Sealed
from mingjing_registry.domain.refusals import ReasonMissing, RowSettled, RowUnknown

Form: TypeAlias = Literal["text", "number", "date"]
"""How the spreadsheet held the cell: numbers lose digits, text does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell as written, under the field that the header gave it."""

    field: str
    text: str
    form: Form = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """What is wrong with one field; the sentences for it are in ``sources.problems``."""

    code: str
    field: str
    written: str = ""
    suggestion: str = ""
    """What it could be, or what it was taken as; empty when nothing can be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where a row stood."""

    import_id: UUID
    file_name: str
    sheet: str
    row: int
    """As the spreadsheet numbers it, from 1."""
    layout: str
    register: str
    stated_on: date | None
    region: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepAside:
    """Put a row aside with its problems."""

    origin: Origin
    cells: tuple[Cell, ...]
    problems: tuple[Problem, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepPersonAside:
    """Put a row about a person aside: ``person`` are her cells, as JSON, sealed; no problem repeats them."""

    origin: Origin
    cells: tuple[Cell, ...]
    person: Sealed[str]
    problems: tuple[Problem, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleRow:
    """The row, with these corrections, was taken into the register."""

    corrections: tuple[Cell, ...]
    prevails: bool
    institution_id: UUID
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DismissRow:
    """The row will not be taken."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RowKeptAside:
    """A row was put aside."""

    origin: Origin
    cells: tuple[Cell, ...]
    problems: tuple[Problem, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRowKeptAside:
    """A row about a person was put aside."""

    origin: Origin
    cells: tuple[Cell, ...]
    person: Sealed[str]
    problems: tuple[Problem, ...]
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RowTaken:
    """A row was mended and taken."""

    corrections: tuple[Cell, ...]
    prevails: bool
    institution_id: UUID
    reason: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RowDismissed:
    """A row was dismissed."""

    reason: str
    on: date


Command: TypeAlias = KeepAside | KeepPersonAside | SettleRow | DismissRow
Event: TypeAlias = RowKeptAside | PersonRowKeptAside | RowTaken | RowDismissed


@dataclass(frozen=True, slots=True)
class Unseen:
    """No such row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Someone must look at it."""

    origin: Origin
    cells: tuple[Cell, ...]
    person: Sealed[str] | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """Taken or dismissed, and with what: the same again is no news."""

    how: Literal["taken", "dismissed"]
    reason: str
    corrections: tuple[Cell, ...] = ()


Row: TypeAlias = Unseen | Waiting | Settled


def decide(command: Command, row: Row) -> list[Event]:
    """The facts that follow."""
    match command:
        case KeepAside(origin=origin, cells=cells, problems=problems, on=on):
            aside = RowKeptAside(origin=origin, cells=cells, problems=problems, on=on)
            # The same row in the next file, or in the same file again, is the same task.
            return [aside] if isinstance(row, Unseen) else []
        case KeepPersonAside(origin=origin, cells=cells, person=person, problems=problems, on=on):
            kept = PersonRowKeptAside(origin=origin, cells=cells, person=person, problems=problems, on=on)
            return [kept] if isinstance(row, Unseen) else []
        case SettleRow():
            if row == Settled("taken", command.reason, command.corrections):
                return []
            _waiting(row)
            return [
                RowTaken(
                    corrections=command.corrections,
                    prevails=command.prevails,
                    institution_id=command.institution_id,
                    reason=command.reason,
                    on=command.on,
                )
            ]
        case DismissRow(reason=reason, on=on):
            if row == Settled("dismissed", reason):
                return []
            _waiting(row)
            if not reason.strip():
                raise ReasonMissing
            return [RowDismissed(reason=reason, on=on)]
        case _:
            assert_never(command)


def evolve(row: Row, event: Event) -> Row:
    """The row after one fact."""
    match event:
        case RowKeptAside(origin=origin, cells=cells):
            return Waiting(origin=origin, cells=cells)
        case PersonRowKeptAside(origin=origin, cells=cells, person=person):
            return Waiting(origin=origin, cells=cells, person=person)
        case RowTaken(reason=reason, corrections=corrections):
            return Settled("taken", reason, corrections)
        case RowDismissed(reason=reason):
            return Settled("dismissed", reason)
        case _:
            assert_never(event)


def subject_of(row_id: UUID) -> str:
    """Whose key seals what a row says of a person: of this one row."""
    return f"row-{row_id}"


KEPT_ASIDE: Decider[Command, Row, Event] = Decider(initial=Unseen(), decide=decide, evolve=evolve)


def _waiting(row: Row) -> Waiting:
    match row:
        case Waiting():
            return row
        case Unseen():
            raise RowUnknown
        case Settled(how=how):
            raise RowSettled(state=how)
        case _:
            assert_never(row)
