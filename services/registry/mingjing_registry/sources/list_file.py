"""A list as a file (xlsx, xls or CSV): rows under a header whose titles are known by several names.

One rule: a list without its header is refused with the titles that were looked for; a row is never guessed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from mingjing_registry.domain.refusals import ColumnsMissing
from mingjing_registry.sources.cells import tight
from mingjing_registry.sources.days import find_day
from mingjing_registry.sources.sheet import SheetRow, Value
from mingjing_registry.sources.workbook import read_workbook

Titles = Mapping[str, Sequence[str]]
HEADER_ROWS_MAX = 10


def rows_of(content: bytes, titles: Titles, required: Sequence[str], days: Sequence[str]) -> list[dict[str, object]]:
    """Each row by field, with ``row`` as the sheet numbers it. Raises ``ColumnsMissing``, ``FileUnreadable``."""
    sheets = read_workbook(content)
    for sheet in sheets:
        for index, row in enumerate(sheet.rows[:HEADER_ROWS_MAX]):
            columns = _columns(row, titles)
            if set(required) <= set(columns.values()):
                found = (_fields(one, columns, days) for one in sheet.rows[index + 1 :])
                return [fields for fields in found if any(fields[name] for name in required)]
    titled = "、".join(titles[name][0] for name in required)
    raise ColumnsMissing(columns=titled, sheets="、".join(sheet.name for sheet in sheets))


def _columns(row: SheetRow, titles: Titles) -> dict[int, str]:
    spelled = {spelling: field for field, several in titles.items() for spelling in several}
    return {n: spelled[title] for n, cell in enumerate(row.cells) if (title := tight(str(cell))) in spelled}


def _fields(row: SheetRow, columns: Mapping[int, str], days: Sequence[str]) -> dict[str, object]:
    fields: dict[str, object] = {"row": row.number}
    for n, field in columns.items():
        cell = row.cells[n] if n < len(row.cells) else ""
        fields[field] = _day(cell) if field in days else _text(cell)
    return fields


def _day(cell: Value) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    return cell if isinstance(cell, date) else find_day(str(cell))


def _text(cell: Value) -> str:
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell).strip()
