"""Why a table of somebody's (a spreadsheet, a text file) cannot be read, and where, in both languages.

One rule: what a library says is looked up, never passed on: its English means nothing to who must mend the file.
"""

from __future__ import annotations

import csv
from typing import Final

EMPTY: Final = "the file is empty"
NO_TABLE: Final = "it is neither a spreadsheet nor a text table"
LOCKED: Final = "it is locked with a password"
DAMAGED: Final = "the spreadsheet is damaged"
CUT_OFF: Final = "the spreadsheet ends too early: it was cut off on its way"
CELL_TOO_LONG: Final = "a cell is too long"
QUOTE_OPEN: Final = "a quotation mark is opened and never closed"
QUOTE_INSIDE: Final = "a quotation mark stands in the middle of a cell"
TABLE_DAMAGED: Final = "the text table is damaged"

_TELLTALES: Final = (
    ("field larger than", CELL_TOO_LONG),
    ("unexpected end of data", QUOTE_OPEN),
    ("expected after", QUOTE_INSIDE),
    ("not a zip file", CUT_OFF),
    ("end of input", CUT_OFF),
    ("password", LOCKED),
    ("encrypted", LOCKED),
)


class InBoth(str):
    """A value that knows its Chinese: the edge shows ``zh`` in the Chinese sentence."""

    __slots__ = ("zh",)

    def __new__(cls, en: str, zh: str) -> InBoth:
        """English first."""
        text = super().__new__(cls, en)
        text.zh = zh  # type: ignore[attr-defined]
        return text


def why(broken: BaseException) -> str:
    """What a library's complaint means: a sentence of the kernel's catalogue."""
    said = str(broken)
    known = (meaning for telltale, meaning in _TELLTALES if telltale in said)
    return next(known, TABLE_DAMAGED if isinstance(broken, csv.Error) else DAMAGED)


def at_byte(number: int) -> InBoth:
    """The byte, counted from 0."""
    return InBoth(f"byte {number}", f"第 {number} 字节")


def at_row(number: int) -> InBoth:
    """The row as a person counts it."""
    return InBoth(f"row {number}", f"第 {number} 行")


def in_sheet(name: str) -> InBoth:
    """The sheet."""
    return InBoth(f"sheet {name}", f"工作表“{name}”")


def extent(rows: int, columns: int) -> InBoth:
    """So many rows and columns."""
    return InBoth(f"{rows:,} rows, {columns:,} columns", f"{rows:,} 行、{columns:,} 列")


def megabytes(size_bytes: int) -> InBoth:
    """A size, rounded up."""
    text = f"{-(-size_bytes // 1_000_000):,} MB"
    return InBoth(text, text)


def unpacked_size(size_bytes: int, places: int) -> InBoth:
    """Bytes after unpacking, and the cells of the widest sheet."""
    return InBoth(
        f"{size_bytes:,} bytes unpacked, {places:,} cells", f"解压后 {size_bytes:,} 字节、{places:,} 个单元格"
    )
