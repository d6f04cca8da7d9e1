"""A staff list as a file: bytes in, rows out, each taken or to be kept aside.

One rule: what a list means depends on its bytes and confirmed columns alone, as with any register file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from mingjing_registry.domain.import_mapping import Mapping
from mingjing_registry.domain.kept_aside import Cell, Problem
from mingjing_registry.domain.refusals import TableMissing
from mingjing_registry.sources.days import find_day
from mingjing_registry.sources.layout import Layout
from mingjing_registry.sources.register_file import (
    STATED,
    Table,
    cells_of,
    filled_down,
    names_of,
    prose_of,
    read_tables,
    what_of,
)
from mingjing_registry.sources.sheet import Sheet, SheetRow
from mingjing_registry.sources.staff_rows import NOT_TAKEN, STAFF, StaffRow, examine_staff

LAYOUT = "staff"
"""Of rows that wait."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffLine:
    """One data row with what was made of it; ``row`` is ``None`` when it is to be kept aside."""

    sheet: str
    number: int
    cells: tuple[Cell, ...]
    row: StaffRow | None
    problems: tuple[Problem, ...]

    def __repr__(self) -> str:
        """Without the person."""
        return f"StaffLine({self.sheet!r}, {self.number})"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedStaff:
    """What a staff list says, in the order of its rows."""

    digest: str
    stated_on: date | None
    lines: tuple[StaffLine, ...]
    mappings: tuple[Mapping, ...] = ()
    reading: str = ""
    """Names the confirmed columns: the same bytes read in another way are another list."""


def parse_staff(content: bytes, stated_on: date | None = None) -> ParsedStaff:
    """Read a list whose columns have known names."""
    return parse_staff_tables(read_tables(content, words=STAFF), sha256(content).hexdigest(), stated_on)


def parse_staff_tables(tables: Sequence[Table], digest: str, stated_on: date | None) -> ParsedStaff:
    """The rows of all tables that can be read. Raises ``TableMissing``."""
    layouts = [(table.sheet, table.layout) for table in tables if table.layout is not None]
    if not layouts:
        raise TableMissing(sheets=names_of(tables))
    prose = [text for sheet, layout in layouts for text in prose_of(sheet, layout)]
    day = next((found for text in prose if STATED.search(text) and (found := find_day(text))), stated_on)
    lines = [
        _line(sheet, layout, row)
        for sheet, layout in layouts
        for row in filled_down(sheet, layout)
        if what_of(row) == "data"
    ]
    mappings = tuple(dict.fromkeys(table.mapping for table in tables if table.mapping and table.layout))
    return ParsedStaff(
        digest=digest,
        stated_on=day,
        lines=tuple(lines),
        mappings=mappings,
        reading=sha256(repr(mappings).encode()).hexdigest() if mappings else "",
    )


def _line(sheet: Sheet, layout: Layout, row: SheetRow) -> StaffLine:
    cells = tuple(cell for cell in cells_of(layout, row) if cell.field not in NOT_TAKEN)
    found, problems = examine_staff(cells)
    hidden = (Problem(code="hidden-row", field="*"),) if row.is_hidden else ()
    return StaffLine(sheet=sheet.name, number=row.number, cells=cells, row=found, problems=(*hidden, *problems))
