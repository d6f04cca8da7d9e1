"""Web pages 网页: office systems write a table as HTML and name it .xls, and Excel opens it; so do we.

One rule: the page is read as a stream and within limits, never built as a tree; nothing of it is fetched, run or
expanded, and what it draws around its tables is no data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from mingjing_kernel.spreadsheet import PLACES_MAX
from mingjing_kernel.unreadable import extent
from mingjing_registry.domain.refusals import FileTooLarge
from mingjing_registry.sources.sheet import COLUMNS_MAX, ROWS_MAX, Merged, Sheet, SheetRow

PIECE_LENGTH = 65_536
TABLES_MAX = 200
CELL_LENGTH_MAX = 32_767
"""As long as Excel keeps one."""
_BLANK = re.compile(r"[ \t\r\n\f]+")
_NO_DISPLAY = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_CELLS, _UNSEEN, _BREAKS = frozenset({"td", "th"}), frozenset({"script", "style"}), frozenset({"br", "p", "div", "li"})


def read_tables(text: str) -> tuple[Sheet, ...]:
    """Every table that has a cell, in order; none where the page has none. Raises ``FileTooLarge``."""
    tables = _Tables()
    # Decoded before, so that what the page says of its encoding does not matter any more.
    target: Any = tables  # the stubs want targets that take bytes, too; a parser of HTML never hands any over
    parser = etree.HTMLParser(target=target, encoding="utf-8", no_network=True, huge_tree=False)
    try:
        for at in range(0, len(text), PIECE_LENGTH):
            parser.feed(text[at : at + PIECE_LENGTH].encode())
        parser.close()
    except etree.LxmlError:  # what was read before still counts: browsers do the same
        tables.close()
    return tuple(table.sheet(number) for number, table in enumerate(tables.done, start=1) if table.is_filled)


@dataclass(slots=True)
class _Table:
    """One table while it is read. ``down`` says for a column in how many more rows a cell above it stands."""

    rows: list[SheetRow] = field(default_factory=list)
    merged: list[Merged] = field(default_factory=list)
    down: dict[int, int] = field(default_factory=dict)
    cells: list[str] | None = None
    is_hidden: bool = False
    text: list[str] | None = None
    span: tuple[int, int] = (1, 1)

    @property
    def is_filled(self) -> bool:
        return any(row.cells for row in self.rows)

    def sheet(self, number: int) -> Sheet:
        return Sheet(f"table {number}", tuple(self.rows), tuple(self.merged))

    def begin_row(self, *, is_hidden: bool) -> None:
        self.end_row()
        self.cells, self.is_hidden = [], is_hidden

    def begin_cell(self, attributes: Mapping[str, str]) -> None:
        if self.cells is None:
            self.begin_row(is_hidden=False)
        self.end_cell()
        self._pass_covered()
        self.text = []
        self.span = _times(attributes.get("rowspan"), ROWS_MAX), _times(attributes.get("colspan"), COLUMNS_MAX)

    def end_cell(self) -> None:
        if self.text is None or self.cells is None:
            return
        lines = (_BLANK.sub(" ", line).strip(" ") for line in "".join(self.text).split("\v"))
        (rows, columns), left, top = self.span, len(self.cells), len(self.rows)
        self.cells += ["\n".join(filter(None, lines))[:CELL_LENGTH_MAX], *[""] * (columns - 1)]
        self.text = None
        _check(len(self.rows), len(self.cells))
        if rows > 1:
            self.down |= dict.fromkeys(range(left, left + columns), rows)
        if rows > 1 or columns > 1:
            self.merged.append(Merged(top, left, top + rows - 1, left + columns - 1))

    def end_row(self) -> None:
        if self.cells is None:
            return
        self.end_cell()
        self._pass_covered()
        self.down = {column: rows - 1 for column, rows in self.down.items() if rows > 1}
        self.rows.append(SheetRow(len(self.rows) + 1, tuple(self.cells), self.is_hidden))
        self.cells = None
        _check(len(self.rows), 0)

    def end(self) -> None:
        """A cell cannot reach below the last row."""
        self.end_row()
        last = len(self.rows) - 1
        self.merged = [Merged(one.top, one.left, min(one.bottom, last), one.right) for one in self.merged]

    def _pass_covered(self) -> None:
        assert self.cells is not None
        while len(self.cells) in self.down:
            self.cells.append("")


@dataclass(slots=True)
class _Tables:
    """What the parser tells of the page. A table inside a cell is one of its own, and no text of that cell."""

    done: list[_Table] = field(default_factory=list)
    open: list[_Table] = field(default_factory=list)
    unseen: int = 0
    places: int = 0

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in _UNSEEN:
            self.unseen += 1
        elif tag == "table":
            if len(self.done) >= TABLES_MAX:
                raise FileTooLarge(limit=str(TABLES_MAX), found=str(TABLES_MAX + 1))
            self.open.append(_Table())
            self.done.append(self.open[-1])
        elif self.open and tag == "tr":
            self._count()
            self.open[-1].begin_row(is_hidden=bool(_NO_DISPLAY.search(attributes.get("style", ""))))
        elif self.open and tag in _CELLS:
            self.open[-1].begin_cell(attributes)
        elif self.open and tag in _BREAKS:
            self.data("\v")

    def end(self, tag: str) -> None:
        if tag in _UNSEEN:
            self.unseen = max(0, self.unseen - 1)
        elif not self.open:
            return
        elif tag == "table":
            self._count()
            self.open.pop().end()
        elif tag == "tr":
            self._count()
            self.open[-1].end_row()
        elif tag in _CELLS:
            self.open[-1].end_cell()
        elif tag in _BREAKS and tag != "br":
            self.data("\v")

    def data(self, text: str) -> None:
        if self.open and not self.unseen and self.open[-1].text is not None:
            self.open[-1].text.append(text)

    def close(self) -> None:
        while self.open:
            self.open.pop().end()

    def _count(self) -> None:
        """Places of all tables together: many small ones, each as wide as can be, are a large one."""
        table = self.open[-1]
        self.places += len(table.cells or ()) + len(table.down)
        if self.places > PLACES_MAX:
            raise FileTooLarge(limit=f"{PLACES_MAX:,}", found=f"{self.places:,}")


def _times(said: str | None, most: int) -> int:
    text = (said or "").strip()
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(most)) else 1
    return min(max(number, 1), most)


def _check(rows: int, columns: int) -> None:
    if rows > ROWS_MAX or columns > COLUMNS_MAX:
        raise FileTooLarge(limit=extent(ROWS_MAX, COLUMNS_MAX), found=extent(rows, columns))
