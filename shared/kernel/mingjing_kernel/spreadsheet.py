"""How much a spreadsheet unpacks to, found out before a reader unpacks it.

The one rule: readers make room for every place between a sheet's first and last cell, so one stray cell in the last
corner of a sheet would take all the memory there is and end the process; whoever reads files asks here first.

An archive says itself how much it unpacks to, and may lie: a reader that believes the data and not the directory then
unpacks without end. So everything is unpacked here, piece by piece and within the limit, and compared with what was
said.
"""

from __future__ import annotations

import io
import re
import struct
import xml.parsers.expat
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

ZIP_MAGIC = b"PK\x03\x04"
UNPACKED_BYTES_MAX = 200_000_000
"""A small archive that unpacks to this much is an attack or a mistake."""
ENTRIES_MAX = 5_000
"""Files in one archive; a workbook has a few for each of its sheets."""
PLACES_MAX = 12_000_000
"""Rows times columns between the first and the last cell of one sheet."""
_LENGTHS_AT, _HEADER_BYTES = 26, 30
"""Of an entry's own header (APPNOTE.TXT 4.3.7)."""
_TAG = re.compile(rb"<(?:[\w.-]+:)?c(?=[\s/>])")
"""Where a cell begins, in XML or in what only looks like it."""
_CELL = re.compile(
    rb"""<(?:[\w.-]+:)?c(?=[\s/>])(?:[^<>"'\s/]|/(?!>)|\s(?!\s*r\s*=)|"[^"<]*"|'[^'<]*')*+"""
    rb"""(?:\s+r\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["'])?((?:[^<>"']|"[^"<]*"|'[^'<]*')*+)>"""
)
"""A whole cell: its column and row where it names them, and its end: ``/`` where it has a colour only, which takes no
room. Possessive, so that no page costs more than one pass."""
_ROW = re.compile(rb"""<(?:[\w.-]+:)?row\s[^<>]*?\br\s*=\s*["']([0-9]{1,7})["']""")
_SHEET_DATA = b"sheetData"
"""What every sheet has, and readers look for."""
_OPEN_DOCUMENT = "content.xml"
_BINARY = "workbook.bin"
DAMAGED = (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error,
           zlib.error)  # fmt: skip
"""What a damaged or locked archive raises."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """Size of an archive: bytes once unpacked, and the places of its widest sheet."""

    size_bytes: int
    places: int

    @property
    def is_too_large(self) -> bool:
        """Whether reading it would cost more memory than a file deserves."""
        return self.size_bytes > UNPACKED_BYTES_MAX or self.places > PLACES_MAX


def unpacked(content: bytes) -> Unpacked:
    """What an .xlsx unpacks to; sheets are looked at only if the archive's own count stays below the limit.

    Raises what ``DAMAGED`` names, also for an archive that lies about its sizes.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        entries = archive.infolist()
        size = sum(entry.file_size for entry in entries)
        if size > UNPACKED_BYTES_MAX:
            return Unpacked(size, 0)
        _check_directory(entries, len(content))
        places = 0
        for entry in entries:
            # The workbook says which entries are its sheets, and may name any: so all are looked at.
            page = _inflated(content, entry)
            if entry.filename.lower().endswith(".xml") or _SHEET_DATA in page:
                places = max(places, _places(page))
            if entry.filename.lower().endswith(_OPEN_DOCUMENT):
                places = max(places, _Repeated(page).places)
        return Unpacked(size, places)


def _check_directory(entries: Sequence[zipfile.ZipInfo], length: int) -> None:
    """Two entries over the same bytes make a small file unpack to a large one, and a name twice two files of one."""
    if len(entries) > ENTRIES_MAX:
        raise zipfile.BadZipFile(f"more than {ENTRIES_MAX} entries")
    if len({entry.filename for entry in entries}) < len(entries):
        raise zipfile.BadZipFile("two entries with one name")
    if any(entry.filename.lower().endswith(_BINARY) for entry in entries):
        raise zipfile.BadZipFile("binary workbooks are not read here: what they unpack to cannot be seen")
    if sum(entry.compress_size for entry in entries) > length:
        raise zipfile.BadZipFile("entries overlap")


def _inflated(content: bytes, entry: zipfile.ZipInfo) -> bytes:
    """An entry's bytes, by what the data is and not by what the directory says it is."""
    head = entry.header_offset  # what stands before an archive is counted in
    if content[head : head + 4] != ZIP_MAGIC:
        raise zipfile.BadZipFile(f"{entry.filename[:80]!r} does not begin where the directory says")
    name_length, extra_length = struct.unpack_from("<HH", content, head + _LENGTHS_AT)
    begins = head + _HEADER_BYTES + name_length + extra_length
    packed = content[begins : begins + entry.compress_size]
    if entry.flag_bits & 1:
        raise zipfile.BadZipFile("the archive is locked with a password")
    if entry.compress_type == zipfile.ZIP_STORED:
        data = packed
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, entry.file_size + 1)
    else:
        raise NotImplementedError("that compression method is not supported")
    if len(data) != entry.file_size:
        raise zipfile.BadZipFile(f"{entry.filename[:80]!r} is not as long as the directory says")
    if zlib.crc32(data) != entry.CRC:
        raise zipfile.BadZipFile(f"{entry.filename[:80]!r} is damaged: its CRC differs")
    return data


def _places(page: bytes) -> int:
    """Rows times columns between the first and the last cell of an Excel sheet; 0 for what is no sheet."""
    found = _CELL.findall(page)
    if len(found) != len(_TAG.findall(page)):
        raise zipfile.BadZipFile("a cell is not well-formed")  # a reader that takes it may see another place
    if any(end.endswith(b"/") for end in {end for _, _, end in found}):
        found = [one for one in found if not one[2].endswith(b"/")]
    columns, rows = {column for column, _, _ in found}, {row for _, row, _ in found}
    are_implied = b"" in columns
    numbers = [_number(column) for column in columns if column]
    lines = [int(row) for row in rows if row]
    if are_implied:  # cells follow each other, from the row that says its number
        numbers += [1, max(len(_TAG.findall(part)) for part in page.split(b"<row"))]
        lines += [1, *map(int, _ROW.findall(page)), page.count(b"<row")]
    if not numbers or not lines:
        return 0
    return (max(lines) - min(lines) + 1) * (max(numbers) - min(numbers) + 1)


class _Repeated:
    """The places of the widest sheet of an OpenDocument, which says "this cell, so many times; this row, so often"."""

    def __init__(self, page: bytes) -> None:
        self.places = 0
        self._begin_table()
        parser = xml.parsers.expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.CharacterDataHandler = self._hear
        try:
            parser.Parse(page, True)
        except xml.parsers.expat.ExpatError as broken:
            raise zipfile.BadZipFile(str(broken)) from broken

    def _begin_table(self) -> None:
        self._row = self._first = self._last = self._width = 0
        self._begin_row({})

    def _begin_row(self, attributes: dict[str, str]) -> None:
        self._times, self._column, self._filled = _times(attributes, "rows"), 0, 0

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        match name.rpartition(":")[2]:
            case "table":
                self._begin_table()
            case "table-row":
                self._begin_row(attributes)
            case "table-cell" | "covered-table-cell":
                self._column += _times(attributes, "columns")
                if any(key.endswith("value-type") for key in attributes):
                    self._filled = self._column
            case _:
                pass

    def _hear(self, text: str) -> None:
        if text.strip():
            self._filled = self._column

    def _end(self, name: str) -> None:
        if name.rpartition(":")[2] != "table-row":
            return
        if self._filled:
            self._first = self._first or self._row + 1
            self._last, self._width = self._row + self._times, max(self._width, self._filled)
            self.places = max(self.places, (self._last - self._first + 1) * self._width)
        self._row += self._times


def _times(attributes: dict[str, str], what: str) -> int:
    said = next((value for key, value in attributes.items() if key.endswith(f"number-{what}-repeated")), "1")
    return int(said) if said.isascii() and said.isdigit() else PLACES_MAX + 1


def _number(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
