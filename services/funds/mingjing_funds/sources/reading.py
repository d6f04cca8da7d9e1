"""From bytes to rows of cells. The one rule: a file that cannot be read says which byte, line or sheet, and why."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO, StringIO
from itertools import islice
from typing import TypeVar
from zipfile import is_zipfile

from python_calamine import CalamineError, CalamineWorkbook

from mingjing_funds.sources.cells import text
from mingjing_funds.sources.family import COLUMNS as FAMILY_COLUMNS
from mingjing_funds.sources.kept_aside import (
    CellTooLong,
    FileEmpty,
    KeptAside,
    LineUnreadable,
    RowBroken,
    RowUnusable,
    SheetTooWide,
    SheetUnreadable,
    TextUndecodable,
    WorkbookTooLarge,
    WorkbookUnreadable,
)
from mingjing_funds.sources.unreadable import Why, why_of_workbook
from mingjing_kernel.sealed.redact import redacted
from mingjing_kernel.spreadsheet import DAMAGED, unpacked

ROWS_MAX = 1_048_576
"""A sheet of Excel has no more; a longer CSV is not one of ours."""
COLUMNS_MAX = 200

_LEFT_OUT = FAMILY_COLUMNS | {"对方户名", "对方账号"}
"""Nothing that is kept of a row may hold a family's or a payer's particulars (个人信息保护法 arts 6, 28)."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows under it; ``first`` is the number of the first row, as a person counts."""

    columns: tuple[str, ...]
    first: int
    rows: tuple[tuple[object, ...], ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One row, by column name."""

    row: int
    cells: dict[str, object]

    def __getitem__(self, column: str) -> object:
        return self.cells.get(column, "")

    def written(self) -> dict[str, str]:
        """What stands in the file, as text, for the person who mends it; families and counterparties left out."""
        return {column: redacted(text(cell)) for column, cell in self.cells.items() if column not in _LEFT_OUT}


def decoded(data: bytes) -> str:
    """The text of a CSV file: UTF-8 (with or without a mark) or GB18030."""
    if not data:
        raise FileEmpty
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return data.decode("gb18030")
    except UnicodeDecodeError as broken:
        if broken.reason.startswith("incomplete"):
            # The delivery broke off inside a character: what came before is still good.
            return data[: broken.start].decode("gb18030")
        raise TextUndecodable(offset=broken.start, byte=f"{data[broken.start]:02x}") from broken


def csv_rows(content: str) -> list[list[str]]:
    """All rows of a CSV text, empty lines included so that row numbers stay right."""
    reader = csv.reader(StringIO(content, newline=""))
    rows: list[list[str]] = []
    try:
        for row in islice(reader, ROWS_MAX):
            if len(row) > COLUMNS_MAX:
                raise SheetTooWide(sheet="CSV", found=len(row), limit=COLUMNS_MAX)
            rows.append(row)
        return rows
    except csv.Error as broken:
        if "field limit" in str(broken):
            raise CellTooLong(line=reader.line_num, limit=csv.field_size_limit()) from broken
        raise LineUnreadable(line=reader.line_num) from broken


def sheets(data: bytes) -> dict[str, list[list[object]]]:
    """All sheets of a workbook, with their empty rows. A damaged one is named; none is left out."""
    _check_unpacked(data)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
    except (CalamineError, OSError, ValueError) as broken:
        raise WorkbookUnreadable(why=why_of_workbook(broken)) from broken
    return {name: _sheet(book, name) for name in book.sheet_names}


def _sheet(book: CalamineWorkbook, name: str) -> list[list[object]]:
    try:
        sheet = book.get_sheet_by_name(name)
        if sheet.width > COLUMNS_MAX:
            raise SheetTooWide(sheet=name, found=sheet.width, limit=COLUMNS_MAX)
        return sheet.to_python(skip_empty_area=False)  # type: ignore[return-value]
    except (CalamineError, OSError, ValueError) as broken:
        raise SheetUnreadable(sheet=name, why=why_of_workbook(broken)) from broken


def _check_unpacked(data: bytes) -> None:
    """Before anything is unpacked: a stray cell in the last corner of a sheet would take all memory.

    The reader finds an archive behind whatever stands before it; so does this.
    """
    if data[:2] != b"PK" and not is_zipfile(BytesIO(data)):
        return
    try:
        found = unpacked(data)
    except DAMAGED as broken:
        raise WorkbookUnreadable(why=Why.NOT_UNPACKED) from broken
    if found.is_too_large:
        raise WorkbookTooLarge(megabytes=-(-found.size_bytes // 1_000_000), places=found.places)


def header_at(rows: Iterable[Iterable[object]], marks: frozenset[str], search_max: int = 10) -> int | None:
    """The index of the row that holds all ``marks``, looked for in the first rows only."""
    for index, row in enumerate(rows):
        if index >= search_max:
            return None
        if marks <= {text(cell) for cell in row}:
            return index
    return None


def table(rows: list[list[object]], header: int) -> Table:
    """The table under the header at this index."""
    return Table(
        columns=tuple(text(cell) for cell in rows[header]),
        first=header + 2,
        rows=tuple(tuple(row) for row in rows[header + 1 :]),
    )


def records(source: Table) -> Iterator[Record]:
    """The rows by column name; empty rows are passed over."""
    for number, row in enumerate(source.rows, source.first):
        if any(text(cell) for cell in row):
            yield Record(number, dict(zip(source.columns, row, strict=False)))


def read_each(
    found: Iterable[Record], read: Callable[[Record], Row], width: int | None = None
) -> tuple[tuple[Row, ...], tuple[KeptAside, ...]]:
    """Read every record with ``read``; those that it cannot use are kept aside with the reason."""
    rows: list[Row] = []
    kept: list[KeptAside] = []
    for record in found:
        try:
            if width is not None and len(record.cells) < width:
                raise RowBroken(found=len(record.cells), expected=width)
            rows.append(read(record))
        except RowUnusable as reason:
            kept.append(KeptAside(row=record.row, written=record.written(), reason=reason))
    return tuple(rows), tuple(kept)
