"""Headers: which rows of a sheet name its columns, and what each column is called, group titles included.

One rule: a column's label is the path from its group down (``办学许可证›编号``), whether the group's cell is merged or
only empty to its right; so the same words under another group are another column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from mingjing_registry.sources.sheet import Sheet, SheetRow, Value

HEADER_WITHIN_ROWS = 15
"""Titles and empty rows may come first, but not more than these."""
DEPTH_MAX = 3
LABEL_LENGTH_MAX = 30
"""A longer cell is a sentence or data."""
WIDTH_MIN = 2
"""A row with a single filled cell is a title."""
SEPARATOR = "›"

_DATA = re.compile(r"\d{4}")
_IN_BRACKETS = re.compile(r"\(.*?\)|㎡|m2")


@dataclass(frozen=True, slots=True)
class Header:
    """Where the header stands (rows from 1, the first of them and how many) and the label of each column."""

    first_row: int
    depth: int
    labels: tuple[str, ...]

    @property
    def data_row(self) -> int:
        """Number (from 1) of the first row under the header."""
        return self.first_row + self.depth


def key_of(value: Value) -> str:
    """A header cell as it is compared: half-width, without spaces, units and what stands in brackets."""
    if not isinstance(value, str):
        return "" if value == "" else str(value)
    text = label_of(value)
    return _IN_BRACKETS.sub("", text) or text


def label_of(value: Value) -> str:
    """A header cell as it is shown and remembered: half-width, without spaces."""
    if not isinstance(value, str):
        return str(value)
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", value))


def find_header(sheet: Sheet, is_known: Callable[[str], bool]) -> Header | None:
    """The header: the row with most known words, else the first wide row of words; with the rows that belong to it."""
    rows = sheet.rows[:HEADER_WITHIN_ROWS]
    hits = [sum(is_known(key_of(value)) for value in row.cells) for row in rows]
    # A single known word may stand in a row of data as well.
    best = hits.index(max(hits)) if max(hits, default=0) >= WIDTH_MIN else _first_wide(rows)
    return None if best is None else header_at(sheet, best + 1, is_known)


def header_at(sheet: Sheet, row: int, is_known: Callable[[str], bool], depth: int = 0) -> Header:
    """The header of which ``row`` (from 1) is one; ``depth`` when somebody said how many rows it takes from there."""
    index = row - 1
    if depth:
        return Header(row, depth, _labels(sheet.rows[index : index + depth]))
    if index and _continues(sheet.rows[index - 1], sheet.rows[index], is_known):
        index -= 1
    last = index
    while (
        last + 1 < min(len(sheet.rows), index + DEPTH_MAX)
        and _width(sheet.rows[last + 1]) > 0
        and _continues(sheet.rows[last], sheet.rows[last + 1], is_known)
    ):
        last += 1
    return Header(index + 1, last - index + 1, _labels(sheet.rows[index : last + 1]))


def _first_wide(rows: Sequence[SheetRow]) -> int | None:
    widest = max((_width(row) for row in rows), default=0)
    if widest < WIDTH_MIN:
        return None
    wide = (at for at, row in enumerate(rows) if _width(row) > widest // 2 and _is_words(row))
    return next(wide, None)


def _continues(upper: SheetRow, lower: SheetRow, is_known: Callable[[str], bool]) -> bool:
    """Whether ``lower`` belongs to the header that ``upper`` begins: known words, or titles below a group's."""
    if _width(upper) < WIDTH_MIN:
        return False
    filled = [key for value in lower.cells if (key := key_of(value))]
    if filled and all(is_known(key) for key in filled):
        return True
    if not filled or not _is_words(lower) or not _is_words(upper):
        return False
    pairs = list(zip(_padded(upper, lower), _padded(lower, upper), strict=True))
    is_grouped = any(below and not above for above, below in pairs)
    return is_grouped and any(above and not below for above, below in pairs)


def _padded(row: SheetRow, other: SheetRow) -> list[str]:
    keys = [key_of(value) for value in row.cells]
    return keys + [""] * (len(other.cells) - len(keys))


def _is_words(row: SheetRow) -> bool:
    """Short texts only: neither numbers, days and codes nor sentences."""
    filled = [value for value in row.cells if value != ""]
    return bool(filled) and all(
        isinstance(value, str) and len(label_of(value)) <= LABEL_LENGTH_MAX and not _DATA.search(value)
        for value in filled
    )


def _width(row: SheetRow) -> int:
    return sum(value != "" for value in row.cells)


def _labels(rows: Sequence[SheetRow]) -> tuple[str, ...]:
    width = max((len(row.cells) for row in rows), default=0)
    grid = [[label_of(row.cells[at]) if at < len(row.cells) else "" for at in range(width)] for row in rows]
    for upper, lower in pairwise(grid):
        _spread(upper, lower)
    labels = []
    for at in range(width):
        path = dict.fromkeys(line[at] for line in grid if line[at])
        labels.append(SEPARATOR.join(path))
    while labels and not labels[-1]:
        labels.pop()
    return tuple(labels)


def _spread(upper: list[str], lower: list[str]) -> None:
    """A group's title stands over its first column only: write it over the others."""
    group = ""
    for at, title in enumerate(upper):
        if title:
            group = title if lower[at] else ""
        elif lower[at]:
            upper[at] = group
