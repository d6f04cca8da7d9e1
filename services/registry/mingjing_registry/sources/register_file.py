"""A register file: bytes in, rows out, and nothing lost on the way (every row is taken, merged, kept aside or named
as a title, divider, total or note).

One rule: what a file means depends on its bytes alone, not on its name, the day or the state of the register.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Mapping as Mapped
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from mingjing_registry.domain.division import Division
from mingjing_registry.domain.import_mapping import Mapping
from mingjing_registry.domain.kept_aside import Cell, Problem
from mingjing_registry.domain.refusals import LayoutUnknown, TableMissing
from mingjing_registry.sources.cells import cell, plain, tight
from mingjing_registry.sources.days import find_day
from mingjing_registry.sources.duplicates import Line, without_duplicates
from mingjing_registry.sources.headers import Header
from mingjing_registry.sources.layout import REGISTER, Layout, Vocabulary, header_of, laid_out, recognise
from mingjing_registry.sources.rows import InstitutionRow, examine
from mingjing_registry.sources.sheet import Sheet, SheetRow
from mingjing_registry.sources.workbook import read_workbook

NO_MAPPINGS: Final[Mapped[tuple[str, ...], Mapping]] = MappingProxyType({})
PREVIEW: Final = "/imports/previews"
_TOTAL = re.compile(r"^(合计|小计|总计|共计)")
STATED = re.compile(r"(统计截止|截至|更新日期|填报日期)[:]?")
_KEEPERS = (
    ("education", "教育局"),
    ("culture-tourism-sport", "文化和广电|文旅|体育局|文广"),
    ("science", "科技局|科学技术局"),
)
"""Who keeps a list, from the words of its titles and notes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A row that is no data: ``title``, ``header``, ``blank``, ``divider``, ``total`` or ``note``."""

    sheet: str
    number: int
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """What a file says. ``lines`` are its data rows in order; the kept-aside ones have no ``row``."""

    digest: str
    register: str
    stated_on: date | None
    lines: tuple[Line, ...]
    skipped: tuple[Skipped, ...]
    mappings: tuple[Mapping, ...] = ()
    """What a person confirmed and this reading stands on."""

    reading: str = ""
    """Names the mappings: the same bytes read in another way are another import."""

    @property
    def taken(self) -> tuple[Line, ...]:
        """Rows that the register can take."""
        return tuple(line for line in self.lines if line.row is not None)

    @property
    def kept_aside(self) -> tuple[Line, ...]:
        """Rows that a person must mend."""
        return tuple(line for line in self.lines if line.row is None and not line.is_merged)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One sheet, with how it is read: by known words, by a confirmed ``mapping``, or (no ``layout``) not at all."""

    sheet: Sheet
    header: Header | None
    layout: Layout | None
    mapping: Mapping | None = None

    @property
    def has_rows(self) -> bool:
        """True when there is something under what could be a header."""
        return self.header is not None and self.header.data_row <= len(self.sheet.rows)

    @property
    def is_unread(self) -> bool:
        """True when there is data that nobody knows how to read."""
        return self.layout is None and self.mapping is None and self.has_rows


def read_tables(
    content: bytes, mappings: Mapped[tuple[str, ...], Mapping] = NO_MAPPINGS, words: Vocabulary = REGISTER
) -> tuple[Table, ...]:
    """The sheets of a file; what a person confirmed for a header counts for more than known words."""
    return tuple(_table(sheet, mappings, words) for sheet in read_workbook(content))


def _table(sheet: Sheet, mappings: Mapped[tuple[str, ...], Mapping], words: Vocabulary) -> Table:
    header = header_of(sheet, words)
    if header is None:
        return Table(sheet=sheet, header=None, layout=None)
    mapping = mappings.get(header.labels)
    if mapping is not None and not mapping.is_left_out and mapping.kind not in words.kinds:
        mapping = None  # said of another sort of file
    if mapping is not None and mapping.is_left_out:
        return Table(sheet=sheet, header=header, layout=None, mapping=mapping)
    if mapping is not None:
        return Table(sheet=sheet, header=header, layout=laid_out(sheet, header, mapping, words), mapping=mapping)
    return Table(sheet=sheet, header=header, layout=recognise(sheet, header, words))


def parse(
    content: bytes,
    division: Division,
    stated_on: date | None = None,
    mappings: Mapped[tuple[str, ...], Mapping] = NO_MAPPINGS,
    preview: str = PREVIEW,
) -> ParsedFile:
    """Read a register file; ``stated_on`` is asked for only when the file does not say which day it describes.
    ``preview``: where a file of this sort is looked at whose layout is not known.
    """
    tables = read_tables(content, mappings)
    if not any(table.layout for table in tables) and any(table.has_rows for table in tables):
        raise LayoutUnknown(sheets=names_of(tables), preview=preview)
    return parse_tables(tables, sha256(content).hexdigest(), division, stated_on)


def names_of(tables: Iterable[Table]) -> str:
    """The sheets, as a refusal names them."""
    return "、".join(table.sheet.name for table in tables)


def parse_tables(tables: Sequence[Table], digest: str, division: Division, stated_on: date | None) -> ParsedFile:
    """The rows of all tables that can be read. Raises ``TableMissing``."""
    layouts = [(table.sheet, table.layout) for table in tables if table.layout is not None]
    if not layouts:
        raise TableMissing(sheets=names_of(tables))
    prose = [text for sheet, layout in layouts for text in prose_of(sheet, layout)]
    day = next((found for text in prose if STATED.search(text) and (found := find_day(text))), stated_on)
    lines: list[Line] = []
    skipped: list[Skipped] = []
    for sheet, layout in layouts:
        skipped += _above(sheet, layout)
        for row in filled_down(sheet, layout):
            what = what_of(row)
            if what == "data":
                lines.append(_line(sheet, layout, row, division, day))
            else:
                skipped.append(Skipped(sheet=sheet.name, number=row.number, what=what))
    mappings = tuple(dict.fromkeys(table.mapping for table in tables if table.mapping and table.layout))
    return ParsedFile(
        digest=digest,
        register=_keeper(prose),
        stated_on=day,
        lines=tuple(_beside_revoked(without_duplicates(lines))),
        skipped=tuple(skipped),
        mappings=mappings,
        reading=sha256(repr(mappings).encode()).hexdigest() if mappings else "",
    )


def _line(sheet: Sheet, layout: Layout, row: SheetRow, division: Division, day: date | None) -> Line:
    cells = cells_of(layout, row)
    examined = examine(layout.kind, cells, division, day)
    hidden = (Problem(code="hidden-row", field="*"),) if row.is_hidden else ()
    return Line(
        sheet=sheet.name,
        number=row.number,
        kind=layout.kind,
        cells=cells,
        row=examined.row,
        problems=(*hidden, *examined.problems),
    )


def cells_of(layout: Layout, row: SheetRow) -> tuple[Cell, ...]:
    """The cells of a row by field."""
    found = {constant.field: Cell(field=constant.field, text=constant.text) for constant in layout.constants}
    values = row.cells
    for column, field in layout.columns:
        if field == "serial" or column >= len(values):
            continue
        held = cell(field, values[column])
        if (before := found.get(field)) is not None:
            # Two columns of one field (场所1, 场所2) are one cell with two lines.
            held = replace(before, text=f"{before.text}\n{held.text}")
        found[field] = held
    return tuple(found.values())


def filled_down(sheet: Sheet, layout: Layout) -> Iterator[SheetRow]:
    """The rows under the header, with the value of a vertically merged cell in every row that it spans."""
    columns = {column for column, _ in layout.columns}
    spans = [
        span
        for span in sheet.merged
        if span.left == span.right and span.left in columns and span.top >= layout.data_row - 1
    ]
    above = {(at, span.left): span.top for span in spans for at in range(span.top + 1, span.bottom + 1)}
    spanned = {at for at, _ in above}
    for row in sheet.rows[layout.data_row - 1 :]:
        if row.number - 1 not in spanned:
            yield row
            continue
        cells = list(row.cells)
        for column in columns:
            top = above.get((row.number - 1, column))
            if top is not None and column < len(cells) and cells[column] == "":
                cells[column] = sheet.rows[top].cells[column]
        yield replace(row, cells=tuple(cells))


def what_of(row: SheetRow) -> str:
    """Data, or what else a row under the header is."""
    filled = [value for value in row.cells if value != ""]
    if not filled:
        return "blank"
    first = tight(str(filled[0]))
    if _TOTAL.match(first):
        return "total"
    if len(filled) == 1:
        return "divider" if first.startswith(("—", "-", "=")) else "note"
    return "data"


def _above(sheet: Sheet, layout: Layout) -> list[Skipped]:
    titles = (
        Skipped(sheet=sheet.name, number=row.number, what="title" if any(row.cells) else "blank")
        for row in sheet.rows[: layout.header_row - 1]
    )
    headers = range(layout.header_row, layout.data_row)
    return [*titles, *(Skipped(sheet=sheet.name, number=number, what="header") for number in headers)]


def prose_of(sheet: Sheet, layout: Layout) -> Iterator[str]:
    """Titles above the header and notes under the table: they say who keeps the list and for which day."""
    for row in sheet.rows:
        filled = [value for value in row.cells if value != ""]
        if len(filled) == 1 and not layout.header_row <= row.number < layout.data_row:
            yield plain(str(filled[0]))


def _keeper(prose: Sequence[str]) -> str:
    for text in prose:
        for department, words in _KEEPERS:
            if re.search(words, text):
                return department
    return ""


def _beside_revoked(lines: Sequence[Line]) -> Iterator[Line]:
    """Ask for a look at an institution run by the person, under the telephone, of a revoked one 换马甲."""
    revoked = {}
    for line in lines:
        if isinstance(line.row, InstitutionRow) and line.row.standing == "revoked":
            particulars = line.row.particulars
            revoked[particulars.legal_representative, particulars.phone] = particulars.name
    for line in lines:
        row = line.row
        if isinstance(row, InstitutionRow) and row.standing == "licensed":
            twin = revoked.get((row.particulars.legal_representative, row.particulars.phone))
            if twin and all((row.particulars.legal_representative, row.particulars.phone)):
                problem = Problem(code="resembles-revoked", field="legal_representative", suggestion=twin)
                yield replace(line, problems=(*line.problems, problem))
                continue
        yield line
