"""Tables: the cells of an exported file as text, whatever the file's format.

One rule: a file that cannot be read says where and why (sheet, line, byte); nothing is guessed silently.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from mingjing_kernel.refusal import Invalid

FILE_BYTES_MAX = 32 * 1024 * 1024
ROWS_MAX = 200_000
ZIP_MAGIC = b"PK\x03\x04"
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

    sentence = "The file cannot be read: {why}."
    remedy = "Export it again as XLSX or CSV (UTF-8 or GB18030) and send it unchanged."
    field = "file"


def read_tables(content: bytes) -> list[Table]:
    """All tables in a file. Raises ``FileTooLarge``, ``FileUnreadable``."""
    if len(content) > FILE_BYTES_MAX:
        raise FileTooLarge(maximum=f"{FILE_BYTES_MAX // 1024 // 1024} MB")
    if not content.strip():
        raise FileUnreadable(why="it is empty")
    tables = _spreadsheet(content) if content[:4] in (ZIP_MAGIC, OLE_MAGIC) else [_text(content)]
    if any(len(table.rows) > ROWS_MAX for table in tables):
        raise FileTooLarge(maximum=f"{ROWS_MAX} rows")
    return tables


def _spreadsheet(content: bytes) -> list[Table]:
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        return [
            Table(name, _rows(book.get_sheet_by_name(name).to_python(skip_empty_area=False)))
            for name in book.sheet_names
        ]
    except PasswordError as locked:
        raise FileUnreadable(why="it is locked with a password") from locked
    except (CalamineError, OSError) as broken:
        raise FileUnreadable(why=f"the spreadsheet is damaged ({broken})") from broken


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
        raise FileUnreadable(why=f"a zero byte stands at byte {content.index(0)}")
    try:
        rows = [tuple(cell.strip() for cell in row) for row in csv.reader(io.StringIO(text, newline=""), strict=True)]
    except csv.Error as broken:
        raise FileUnreadable(why=f"the text table is damaged ({broken})") from broken
    return Table("", tuple(rows))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as not_utf8:
        try:
            return content.decode("gb18030")
        except UnicodeDecodeError as not_gb:
            why = f"byte {not_utf8.start} is not UTF-8 and byte {not_gb.start} is not GB18030"
            raise FileUnreadable(why=why) from not_gb
