"""How much a spreadsheet unpacks to, found out before a reader unpacks it.

The one rule: readers make room for every place between a sheet's first and last cell, so one stray cell in the last
corner of a sheet would take all the memory there is and end the process; whoever reads files asks here first.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import dataclass

ZIP_MAGIC = b"PK\x03\x04"
UNPACKED_BYTES_MAX = 200_000_000
"""A small archive that unpacks to this much is an attack or a mistake."""
PLACES_MAX = 12_000_000
"""Rows times columns between the first and the last cell of one sheet."""
_SHEET = re.compile(r".+\.xml", re.IGNORECASE)
"""The workbook says which files are its sheets, and may say anything."""
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
"""A cell with something in it; those that have a colour only end with ``/>`` and take no room."""
DAMAGED = (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error)
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

    Raises what ``DAMAGED`` names.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        size = sum(entry.file_size for entry in archive.infolist())
        if size > UNPACKED_BYTES_MAX:
            return Unpacked(size, 0)
        pages = (archive.read(name) for name in archive.namelist() if _SHEET.fullmatch(name))
        return Unpacked(size, max(map(_places, pages), default=0))


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
