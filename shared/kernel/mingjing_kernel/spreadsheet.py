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
_SHEET = re.compile(r".+\.xml", re.IGNORECASE)
"""The workbook says which files are its sheets, and may say anything."""
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
"""A cell with something in it; those that have a colour only end with ``/>`` and take no room."""
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
            page = _inflated(content, entry)
            if _SHEET.fullmatch(entry.filename):
                places = max(places, _places(page))
        return Unpacked(size, places)


def _check_directory(entries: Sequence[zipfile.ZipInfo], length: int) -> None:
    """Two entries over the same bytes make a small file unpack to a large one, and a name twice two files of one."""
    if len(entries) > ENTRIES_MAX:
        raise zipfile.BadZipFile(f"more than {ENTRIES_MAX} entries")
    if len({entry.filename for entry in entries}) < len(entries):
        raise zipfile.BadZipFile("two entries with one name")
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
    columns, rows = set[bytes](), list[int]()
    for column, row in _CELL.findall(page):
        columns.add(column)
        rows.append(int(row))
    if not rows:
        return 0
    numbers = [_number(column) for column in columns]
    return (max(rows) - min(rows) + 1) * (max(numbers) - min(numbers) + 1)


def _number(letters: bytes) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
