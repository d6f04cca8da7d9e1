"""A complaint file -> its commands, oldest first, and the rows that are kept aside.

One rule: every row of the file comes out once, as a command or as a kept-aside row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from mingjing_inspection.domain.complaint import TakeComplaint
from mingjing_inspection.domain.complaint_file import Cell, KeptRow
from mingjing_inspection.domain.complaint_refusals import (
    NumberMissing,
    NumberTaken,
    ReceivedInFuture,
    TextMissing,
    TextTooLong,
    TracksMissing,
)
from mingjing_inspection.sources.complaint_row import (
    PERSONAL_FIELDS,
    AmountUnreadable,
    DateUnreadable,
    Desk,
    NumberUnreadable,
    Person,
    TimeUnreadable,
    complaint_id,
    institutions_number,
    read_person,
    read_row,
)
from mingjing_inspection.sources.layout import Layout, Row, recognise
from mingjing_inspection.sources.table import read_tables
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.sealed.redact import redacted


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRead:
    """A row that became a command. ``digest`` is the same for the same cells, in whatever file they come."""

    row: Row
    complaint_id: UUID
    digest: bytes
    command: TakeComplaint
    person: Person | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileOpened:
    """A file whose layout is known; ``counted`` is the number of rows that it claims itself."""

    file_id: UUID
    digest: str
    layout: Layout
    rows: tuple[Row, ...]
    counted: int | None


def open_file(content: bytes, remembered: Sequence[Layout] = ()) -> FileOpened:
    """Recognise a file, also by headers that people have said.

    Raises ``FileTooLarge``, ``FileUnreadable``, ``LayoutUnknown``.
    """
    layout, rows, counted = recognise(read_tables(content), remembered)
    digest = hashlib.sha256(content).hexdigest()
    return FileOpened(
        file_id=derived_id("complaint-file", digest),
        digest=digest,
        layout=layout,
        rows=tuple(sorted(rows, key=_age)),
        counted=counted,
    )


def read_rows(rows: Iterable[Row], desk: Desk) -> tuple[list[RowRead], list[KeptRow]]:
    """The commands in the order of ``rows``, and what could not be read."""
    read: list[RowRead] = []
    kept: list[KeptRow] = []
    for row in rows:
        try:
            read.append(read_one(row, desk))
        except Refusal as refusal:
            kept.append(kept_aside(row, refusal))
    return read, kept


def read_one(row: Row, desk: Desk) -> RowRead:
    """The command of one row. Raises the refusal that keeps it aside."""
    command = read_row(row.cells, desk)
    return RowRead(
        row=row,
        complaint_id=complaint_id(desk.channel, command.intake.number),
        digest=_digest(row.cells),
        command=command,
        person=read_person(row.cells, institutions_number(command.attribution)),
    )


def kept_aside(row: Row, refusal: Refusal) -> KeptRow:
    """The row as it waits to be mended, without the complainant's own data: who mends it asks for them again."""
    names = [row.cells[field] for field in PERSONAL_FIELDS if row.cells.get(field)]
    return KeptRow(
        row=row.number,
        field=refusal.field,
        rule=refusal.code(),
        values=tuple(
            Cell(field=name, text=redacted(str(value), names)) for name, value in sorted(refusal.values.items())
        ),
        cells=tuple(
            Cell(field=field, text=redacted(text, names))
            for field, text in row.cells.items()
            if field not in PERSONAL_FIELDS
        ),
    )


KEPT_FOR: Mapping[str, type[Refusal]] = MappingProxyType(
    {
        refusal.code(): refusal
        for refusal in (
            AmountUnreadable,
            DateUnreadable,
            NumberMissing,
            NumberTaken,
            NumberUnreadable,
            ReceivedInFuture,
            TextMissing,
            TextTooLong,
            TimeUnreadable,
            TracksMissing,
        )
    }
)
"""Every rule that can keep a row aside, by the name that is stored with the row."""


def _digest(cells: Mapping[str, str]) -> bytes:
    return hashlib.sha256("\x1f".join(f"{field}={cells[field]}" for field in sorted(cells)).encode()).digest()


def _age(row: Row) -> tuple[str, int]:
    """Exports list the latest first; facts go into the log in the order in which they happened."""
    return row.cells.get("received_at", "").replace("/", "-"), row.number
