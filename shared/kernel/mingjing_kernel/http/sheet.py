"""A list as an XLSX that prints well: A4 landscape, the header on every page, title, day and page numbers around it.

The one rule: title and day stand in the page's header, not in cells, so the same file is a clean table for whoever
reads it by machine.
"""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, TypeAlias

import xlsxwriter  # type: ignore[import-untyped]

A4 = 9
WIDTH_MIN, WIDTH_MAX = 8.0, 48.0
"""In characters of Latin script; a Chinese one takes two."""
ROWS_MEASURED_MAX = 500
PART_LENGTH_MAX = 80
"""Of a page header's part; Excel takes 255 characters for all of them."""
CELL_LENGTH_MAX = 32_767
"""Excel's own limit."""
_WIDE = frozenset("WF")
_WORDS = {
    "zh": ("截至", "导出", "第 &P 页，共 &N 页"),
    "en": ("As of", "Exported", "Page &P of &N"),
}
_FORMATS = {"yuan": "#,##0.00", "date": "yyyy-mm-dd", "moment": "yyyy-mm-dd hh:mm:ss", "integer": "0"}
_WIDTHS = {"date": 11.0, "moment": 19.0}

Cell: TypeAlias = str | int | date | datetime | None


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands around the printed table."""

    title: str = ""
    as_of: str = ""
    """Which day the list shows; empty for the present."""
    exported_at: str = ""
    language: Literal["zh", "en"] = "zh"


class PrintedSheet:
    """A workbook with one sheet, written row by row in constant memory; ``close`` gives its bytes."""

    def __init__(self, headings: Sequence[str], kinds: Sequence[str], heading: Heading) -> None:
        self._target = io.BytesIO()
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        self._book = xlsxwriter.Workbook(self._target, options)
        self._sheet = self._book.add_worksheet()
        self._kinds = kinds
        self._formats = [self._format(kind) for kind in kinds]
        self._widths = [max(_width(text), _WIDTHS.get(kind, 0.0)) for text, kind in zip(headings, kinds, strict=True)]
        bold = self._book.add_format({"bold": True, "text_wrap": True, "valign": "vcenter", "bottom": 1})
        for at, text in enumerate(headings):
            self._sheet.write_string(0, at, text, bold)
        self._down = 1
        self._lay_out(heading)

    def write(self, rows: Sequence[Sequence[Cell]]) -> None:
        """Append rows."""
        for row in rows:
            for at, value in enumerate(row):
                self._write(at, value)
            self._down += 1

    def close(self) -> bytes:
        """The file."""
        for at, width in enumerate(self._widths):
            self._sheet.set_column(at, at, min(max(width + 1.0, WIDTH_MIN), WIDTH_MAX))
        if self._down > 1:
            self._sheet.autofilter(0, 0, self._down - 1, len(self._widths) - 1)
        self._book.close()
        return self._target.getvalue()

    def _format(self, kind: str) -> Any:
        shape = {"valign": "top", "text_wrap": kind == "text"}
        return self._book.add_format({**shape, **({"num_format": _FORMATS[kind]} if kind in _FORMATS else {})})

    def _write(self, at: int, value: Cell) -> None:
        sheet, down, style = self._sheet, self._down, self._formats[at]
        match value:
            case None:
                return
            case int() as number:
                # A spreadsheet only knows floats; up to 15 digits they are exact to the fen.
                number_or_yuan = number / 100 if self._kinds[at] == "yuan" else number
                sheet.write_number(down, at, number_or_yuan, style)
                self._measure(at, f"{number_or_yuan:,}")
            case datetime() | date() as moment:
                sheet.write_datetime(down, at, moment, style)
            case str() as text:
                sheet.write_string(down, at, text[:CELL_LENGTH_MAX], style)
                self._measure(at, text)

    def _measure(self, at: int, text: str) -> None:
        if self._down <= ROWS_MEASURED_MAX and self._widths[at] < WIDTH_MAX:
            self._widths[at] = max(self._widths[at], _width(text[: int(WIDTH_MAX)]))

    def _lay_out(self, heading: Heading) -> None:
        sheet = self._sheet
        sheet.freeze_panes(1, 0)
        sheet.set_paper(A4)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)  # as wide as the paper, as long as it takes
        sheet.repeat_rows(0)
        sheet.set_margins(left=0.4, right=0.4, top=0.8, bottom=0.6)
        as_of, exported, pages = _WORDS[heading.language]
        day = f"{as_of} {_part(heading.as_of)}" if heading.as_of else ""
        # A digit right after the font size would belong to it.
        sheet.set_header(f'&C&"-,Bold"&14 {_part(heading.title)}&R&9 {day}')
        sheet.set_footer(f"&L&9 {exported} {_part(heading.exported_at)}&R&9 {pages}")


def _width(text: str) -> float:
    """How wide a text is, in Latin characters."""
    return float(sum(2 if unicodedata.east_asian_width(letter) in _WIDE else 1 for letter in text))


def _part(text: str) -> str:
    """Of a page header, where ``&`` is the sign of commands."""
    return text[:PART_LENGTH_MAX].replace("&", "&&")
