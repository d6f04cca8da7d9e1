"""Complaint file (投诉导出文件): an export that was taken in, and its rows that could not be.

One rule: no row disappears. A row is a complaint, or it is kept aside with the reason and what to do, until it is
mended.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias, assert_never
from uuid import UUID

from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import NotFound, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a kept-aside row: our name of the field and the text that stood there."""

    field: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptRow:
    """A row that could not be taken: where it stands, which field, which rule (a problem type), what stood there.

    ``values`` fill the rule's sentence, which is put together where somebody reads it, in their language. ``cells``
    never hold the complainant's name or telephone.
    """

    row: int
    field: str
    rule: str
    values: tuple[Cell, ...]
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFile:
    """Record what became of a file. ``digest`` is its SHA-256, ``counted`` what its last row claims."""

    name: str
    digest: str
    layout: str
    rows: int
    counted: int | None
    kept_aside: tuple[KeptRow, ...]
    region: str
    department: str
    imported_by: str
    imported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MendRow:
    """The row was put right and taken as ``complaint_id``."""

    row: int
    complaint_id: UUID
    mended_by: str
    mended_at: datetime


Command: TypeAlias = ImportFile | MendRow


@dataclass(frozen=True, slots=True, kw_only=True)
class FileImported:
    """A file was taken in. ``missing_rows``: how many rows fewer than its own count were found."""

    name: str
    digest: str
    layout: str
    rows: int
    missing_rows: int
    kept_aside: int
    region: str
    department: str
    imported_by: str
    imported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RowKeptAside:
    """A row waits to be mended."""

    kept: KeptRow
    region: str
    department: str
    kept_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RowMended:
    """A kept-aside row became a complaint."""

    row: int
    complaint_id: UUID
    mended_by: str
    mended_at: datetime


Event: TypeAlias = FileImported | RowKeptAside | RowMended


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintFile:
    """``layout`` is empty as long as nothing was imported; ``waiting`` are the rows to be mended,
    ``mended`` the others, each with its complaint in ``complaints``.
    """

    layout: str = ""
    waiting: tuple[KeptRow, ...] = ()
    mended: tuple[KeptRow, ...] = ()
    complaints: tuple[UUID, ...] = ()

    def row(self, number: int) -> KeptRow | None:
        """The kept-aside row with this number, mended or not."""
        return next((kept for kept in (*self.waiting, *self.mended) if kept.row == number), None)


class RowNotKept(NotFound):
    """No such row waits."""

    sentence = "Row {row} of this file does not wait to be mended."
    remedy = "Open the kept-aside list of the file again."
    field = "row"


class RowAlreadyMended(Refusal):
    """Somebody mended it before."""

    sentence = "Row {row} was mended before."
    remedy = "Look the complaint up by its number."
    field = "row"


def decide(command: Command, file: ComplaintFile) -> list[Event]:
    """The facts that follow; a file that was imported before changes nothing."""
    match command:
        case ImportFile():
            return [] if file.layout else _import(command)
        case MendRow():
            return _mend(command, file)
        case _:
            assert_never(command)


def evolve(file: ComplaintFile, event: Event) -> ComplaintFile:
    """The file after a fact."""
    match event:
        case FileImported():
            return replace(file, layout=event.layout)
        case RowKeptAside():
            return replace(file, waiting=(*file.waiting, event.kept))
        case RowMended():
            mended = tuple(kept for kept in file.waiting if kept.row == event.row)
            return replace(
                file,
                waiting=tuple(kept for kept in file.waiting if kept.row != event.row),
                mended=(*file.mended, *mended),
                complaints=(*file.complaints, event.complaint_id),
            )
        case _:
            assert_never(event)


COMPLAINT_FILE: Decider[Command, ComplaintFile, Event] = Decider(initial=ComplaintFile(), decide=decide, evolve=evolve)


def _import(command: ImportFile) -> list[Event]:
    missing = max(0, command.counted - command.rows) if command.counted is not None else 0
    imported = FileImported(
        name=command.name,
        digest=command.digest,
        layout=command.layout,
        rows=command.rows,
        missing_rows=missing,
        kept_aside=len(command.kept_aside),
        region=command.region,
        department=command.department,
        imported_by=command.imported_by,
        imported_at=command.imported_at,
    )
    kept = [
        RowKeptAside(kept=row, region=command.region, department=command.department, kept_at=command.imported_at)
        for row in command.kept_aside
    ]
    return [imported, *kept]


def _mend(command: MendRow, file: ComplaintFile) -> list[Event]:
    if file.row(command.row) is None:
        raise RowNotKept(row=command.row)
    if not any(kept.row == command.row for kept in file.waiting):
        if command.complaint_id not in file.complaints:
            raise RowAlreadyMended(row=command.row)
        return []
    return [
        RowMended(
            row=command.row,
            complaint_id=command.complaint_id,
            mended_by=command.mended_by,
            mended_at=command.mended_at,
        )
    ]
