"""A sheet as every reader of files gives it: rows of cells, and which of them are merged or hidden."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TypeAlias

ROWS_MAX = 50_000
COLUMNS_MAX = 200

Value: TypeAlias = str | int | float | bool | date | datetime | time | timedelta


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row: its number as the spreadsheet shows it (from 1), its cells, and whether a filter hides it."""

    number: int
    cells: tuple[Value, ...]
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged range of cells, 0-based and inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet with everything that is in it."""

    name: str
    rows: tuple[SheetRow, ...]
    merged: tuple[Merged, ...] = ()
