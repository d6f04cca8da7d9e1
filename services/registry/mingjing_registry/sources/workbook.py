"""Workbook: the sheets and cells of a file, whatever its format (xlsx, xls, ods by calamine; CSV by the stdlib; HTML by
lxml, see ``web_page.py``).

One rule: a file that cannot be read is refused with the byte or the sheet and the reason, never half read.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from mingjing_kernel.spreadsheet import DAMAGED as ARCHIVE_DAMAGED
from mingjing_kernel.spreadsheet import PLACES_MAX, UNPACKED_BYTES_MAX, ZIP_MAGIC, unpacked
from mingjing_kernel.unreadable import (
    EMPTY,
    NO_TABLE,
    at_byte,
    at_row,
    extent,
    in_sheet,
    megabytes,
    unpacked_size,
    why,
)
from mingjing_registry.domain.refusals import FileTooLarge, FileUnreadable
from mingjing_registry.sources.sheet import COLUMNS_MAX, ROWS_MAX, Merged, Sheet, SheetRow
from mingjing_registry.sources.web_page import read_tables

NO_TEXT: Final = "the text is neither UTF-8 nor UTF-16 nor GB18030"
WEB_PAGE: Final = "it is a web page or XML file without a table that can be read"
BYTES_MAX = 20_000_000
OLE_MAGIC = b"\xd0\xcf\x11\xe0"
DELIMITERS = (",", "\t", ";")
SAMPLE_LENGTH = 20_000
SAMPLE_LINES = 20
ZEROS_MIN = 4
"""Fewer are no sign of UTF-16."""
_WEB_PAGE = re.compile(r"\s*<(!doctype|!--|html|table|\?xml|meta|head|body|style|div|center)", re.IGNORECASE)
"""Office systems write web pages and name them .xls; Excel opens them, so their senders do not know."""


def read_workbook(content: bytes) -> tuple[Sheet, ...]:
    """All sheets, in order; ``FileUnreadable`` or ``FileTooLarge`` when that is not possible."""
    if not content:
        raise FileUnreadable(where=at_byte(0), why=EMPTY)
    if len(content) > BYTES_MAX:
        raise FileTooLarge(limit=megabytes(BYTES_MAX), found=megabytes(len(content)))
    if content[:4] in (ZIP_MAGIC, OLE_MAGIC):
        return _spreadsheet(content)
    text = _decoded(content)
    return _web_page(text) if _WEB_PAGE.match(text) else (_csv(text, content),)


def _spreadsheet(content: bytes) -> tuple[Sheet, ...]:
    hidden = _hidden_rows(content) if content[:4] == ZIP_MAGIC else {}
    try:
        book = CalamineWorkbook.from_object(io.BytesIO(content))
    except (CalamineError, OSError, ValueError) as broken:
        raise FileUnreadable(where=at_byte(0), why=why(broken)) from broken
    sheets = []
    for index, name in enumerate(book.sheet_names):
        try:
            sheets.append(_sheet(name, book.get_sheet_by_index(index), hidden.get(index, frozenset())))
        except (CalamineError, OSError, ValueError) as broken:
            raise FileUnreadable(where=in_sheet(name), why=why(broken)) from broken
    return tuple(sheets)


def _sheet(name: str, sheet: CalamineSheet, hidden: frozenset[int]) -> Sheet:
    if sheet.height > ROWS_MAX or sheet.width > COLUMNS_MAX:
        raise FileTooLarge(limit=extent(ROWS_MAX, COLUMNS_MAX), found=extent(sheet.height, sheet.width))
    if sheet.start is None:
        return Sheet(name, ())
    rows = tuple(
        SheetRow(number, tuple(cells), number in hidden)
        for number, cells in enumerate(sheet.to_python(skip_empty_area=False), start=1)
    )
    ranges = sheet.merged_cell_ranges or []
    return Sheet(name, rows, tuple(Merged(*top, *bottom) for top, bottom in ranges))


_HIDDEN = re.compile(rb'<row\b(?=[^>]*\bhidden="(?:1|true)")[^>]*\br="(\d+)"')


def _hidden_rows(content: bytes) -> dict[int, frozenset[int]]:
    """Rows that a clerk's filter hides, by sheet index; calamine reads them but does not tell.

    Sheet files are taken in their numeric order, which is the order of the tabs in what Excel and WPS write.
    """
    try:
        found = unpacked(content)
        if found.is_too_large:
            limit, size = unpacked_size(UNPACKED_BYTES_MAX, PLACES_MAX), unpacked_size(found.size_bytes, found.places)
            raise FileTooLarge(limit=limit, found=size)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            pattern = re.compile(r"xl/worksheets/sheet(\d+)\.xml")
            named = ((pattern.fullmatch(name), name) for name in archive.namelist())
            names = [name for _, name in sorted((int(hit[1]), name) for hit, name in named if hit)]
            pages = [archive.read(name) for name in names]
    except ARCHIVE_DAMAGED as broken:
        raise FileUnreadable(where=at_byte(0), why=why(broken)) from broken
    return {index: frozenset(map(int, _HIDDEN.findall(page))) for index, page in enumerate(pages) if b"hidden" in page}


def _web_page(text: str) -> tuple[Sheet, ...]:
    sheets = read_tables(text)
    if not sheets:
        raise FileUnreadable(where=at_byte(0), why=WEB_PAGE)
    return sheets


def _csv(text: str, content: bytes) -> Sheet:
    if "\x00" in text:
        raise FileUnreadable(where=at_byte(content.index(0)), why=NO_TABLE)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    return Sheet("csv", tuple(SheetRow(number, tuple(cells)) for number, cells in _records(reader)))


def _delimiter(text: str) -> str:
    """What stands between the cells: what most of the first lines have equally often; a comma where nothing does."""
    lines = [line for line in text[:SAMPLE_LENGTH].splitlines() if line.strip()][:SAMPLE_LINES]

    def agreement(delimiter: str) -> int:
        counts = Counter(count for line in lines if (count := line.count(delimiter)))
        return max((count * lines for count, lines in counts.items()), default=0)

    return max(DELIMITERS, key=agreement)


def _records(reader: Iterator[Sequence[str]]) -> Iterator[tuple[int, Sequence[str]]]:
    number = 0
    try:
        for number, cells in enumerate(reader, start=1):
            if number > ROWS_MAX or len(cells) > COLUMNS_MAX:
                raise FileTooLarge(limit=extent(ROWS_MAX, COLUMNS_MAX), found=extent(number, len(cells)))
            yield number, cells
    except csv.Error as broken:
        raise FileUnreadable(where=at_row(number + 1), why=why(broken)) from broken


def _decoded(content: bytes) -> str:
    """UTF-16 (Excel's "Unicode text"), UTF-8 (with or without BOM), else GB18030, as Chinese Windows writes it."""
    if (wide := _wide(content)) is not None:
        return wide
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        return content.decode("gb18030")
    except UnicodeDecodeError as broken:
        raise FileUnreadable(where=at_byte(broken.start), why=NO_TEXT) from broken


def _wide(content: bytes) -> str | None:
    """UTF-16 by its byte order mark, or by the zero bytes on one side of its commas; ``None`` for anything else."""
    if content[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        encoding = "utf-16"
    else:
        head = content[:SAMPLE_LENGTH]
        even, odd = head[::2].count(0), head[1::2].count(0)
        # 一 is U+4E00: a few zeros stand on the other side, too.
        if max(even, odd) < max(ZEROS_MIN, len(head) // 40, 5 * min(even, odd)):
            return None
        encoding = "utf-16-le" if odd > even else "utf-16-be"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as broken:
        raise FileUnreadable(where=at_byte(broken.start), why=NO_TEXT) from broken
