"""Tables: the cells of an exported file as text, whatever the file's format.

One rule: a file that cannot be read says where and why (sheet, line, byte); nothing is guessed silently.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from python_calamine import CalamineError, CalamineWorkbook

from mingjing_kernel.refusal import Invalid
from mingjing_kernel.spreadsheet import DAMAGED as ARCHIVE_DAMAGED
from mingjing_kernel.spreadsheet import PLACES_MAX, UNPACKED_BYTES_MAX, ZIP_MAGIC, unpacked
from mingjing_kernel.unreadable import (
    EMPTY,
    NO_TABLE,
    InBoth,
    at_byte,
    at_row,
    in_sheet,
    megabytes,
    unpacked_size,
    why,
)

NO_TEXT: Final = "the text is neither UTF-8 nor GB18030"
FILE_BYTES_MAX = 32 * 1024 * 1024
ROWS_MAX = 200_000
COLUMNS_MAX = 1_000
"""No platform exports so many; a line of nothing but commas would take hundreds of megabytes."""
OLE_MAGIC = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text cells; ``first_line`` is the line or row number of ``rows[0]`` as a person counts it."""

    sheet: str
    rows: tuple[tuple[str, ...], ...]
    first_line: int = 1


class FileTooLarge(Invalid):
    """More bytes or rows than one import takes."""

    sentence = "The file is larger than one import takes ({maximum})."
    remedy = "Export a shorter period and send several files."
    field = "file"
    status = 413


class FileUnreadable(Invalid):
    """Neither a spreadsheet nor a text table."""

    sentence = "The file cannot be read at {where}: {why}."
    remedy = "Export it again as XLSX or CSV (UTF-8 or GB18030) and send it unchanged."
    field = "file"


def read_tables(content: bytes) -> list[Table]:
    """All tables in a file. Raises ``FileTooLarge``, ``FileUnreadable``."""
    if len(content) > FILE_BYTES_MAX:
        raise FileTooLarge(maximum=megabytes(FILE_BYTES_MAX))
    if not content.strip():
        raise FileUnreadable(where=at_byte(0), why=EMPTY)
    tables = _spreadsheet(content) if content[:4] in (ZIP_MAGIC, OLE_MAGIC) else [_text(content)]
    if any(len(table.rows) > ROWS_MAX for table in tables):
        raise FileTooLarge(maximum=InBoth(f"{ROWS_MAX:,} rows", f"{ROWS_MAX:,} 行"))
    return tables


def _spreadsheet(content: bytes) -> list[Table]:
    try:
        if content[:4] == ZIP_MAGIC and unpacked(content).is_too_large:
            raise FileTooLarge(maximum=unpacked_size(UNPACKED_BYTES_MAX, PLACES_MAX))
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, *ARCHIVE_DAMAGED) as broken:
        raise FileUnreadable(where=at_byte(0), why=why(broken)) from broken
    return [_sheet(book, name) for name in book.sheet_names]


def _sheet(book: CalamineWorkbook, name: str) -> Table:
    try:
        return Table(name, _rows(book.get_sheet_by_name(name).to_python(skip_empty_area=False)))
    except (CalamineError, OSError, ValueError) as broken:
        raise FileUnreadable(where=in_sheet(name), why=why(broken)) from broken


def _rows(cells: Iterable[Iterable[object]]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_shown(cell) for cell in row) for row in cells)


def _shown(cell: object) -> str:
    match cell:
        case datetime():
            return cell.strftime("%Y-%m-%d %H:%M:%S")
        case date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return str(int(cell))  # spreadsheets keep every number as a float
        case _:
            return str(cell).strip()


def _text(content: bytes) -> Table:
    text = _decoded(content)
    if "\x00" in text:
        raise FileUnreadable(where=at_byte(content.index(0)), why=NO_TABLE)
    rows: list[tuple[str, ...]] = []
    try:
        for row in csv.reader(io.StringIO(text, newline=""), strict=True):
            if len(rows) >= ROWS_MAX or len(row) > COLUMNS_MAX:
                raise FileTooLarge(maximum=InBoth(f"{ROWS_MAX:,} rows", f"{ROWS_MAX:,} 行"))
            rows.append(tuple(cell.strip() for cell in row))
    except csv.Error as broken:
        raise FileUnreadable(where=at_row(len(rows) + 1), why=why(broken)) from broken
    return Table("", tuple(rows))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as broken:
        raise FileUnreadable(where=at_byte(broken.start), why=NO_TEXT) from broken
