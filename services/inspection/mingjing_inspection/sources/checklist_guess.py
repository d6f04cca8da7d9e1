"""A guess at a checklist whose header nobody knows: which field each column may hold, and on what that stands.

One rule: a guess says why, and is never taken for an answer: a person confirms it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final, Literal, TypeAlias

from mingjing_inspection.domain.checklist_mapping import COLUMNS_MAX, NEEDED, Header
from mingjing_inspection.domain.checklist_versions import CODE
from mingjing_inspection.sources.checklist_file import HEADERS, SEVERITY_WORDS, labels_of
from mingjing_inspection.sources.layout import HEADER_ROWS_MAX
from mingjing_inspection.sources.table import Table

Why: TypeAlias = Literal["remembered", "known", "content", "similar", ""]
CELLS_MIN: Final = 3
"""Of a header: a title line has one."""
ROWS_LOOKED_AT: Final = 200
SAMPLES_MAX: Final = 3
SAMPLE_CHARACTERS_MAX: Final = 60
LIKENESS_MIN: Final = 0.6
SHARE_MIN: Final = 0.6
_RANK: Mapping[Why, int] = {"remembered": 4, "known": 3, "content": 2, "similar": 1, "": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class GuessedColumn:
    """One column, what it may hold, why, and cells to judge by."""

    label: str
    field: str
    why: Why
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """How a table can probably be read; ``missing`` no column seems to hold."""

    sheet: str
    row: int
    columns: tuple[GuessedColumn, ...]
    missing: tuple[str, ...]

    @property
    def header(self) -> Header:
        """As it is remembered."""
        return tuple(one.label for one in self.columns)


def guess(tables: Sequence[Table], earlier: Mapping[str, str]) -> Guess | None:
    """The likeliest header of all sheets; ``earlier`` are this sender's labels as they were confirmed elsewhere."""
    guesses = [
        _at(table, at, earlier)
        for table in tables
        for at, row in enumerate(table.rows[:HEADER_ROWS_MAX])
        if sum(bool(cell.strip()) for cell in row) >= CELLS_MIN and len(labels_of(row)) <= COLUMNS_MAX
    ]
    return max(guesses, key=lambda one: (sum(bool(it.field) for it in one.columns), -one.row), default=None)


def _at(table: Table, at: int, earlier: Mapping[str, str]) -> Guess:
    columns = [_column(table, at, place, label, earlier) for place, label in enumerate(labels_of(table.rows[at]))]
    best: dict[str, int] = {}
    for place, one in enumerate(columns):
        held = best.get(one.field)
        if held is None or _RANK[one.why] > _RANK[columns[held].why]:
            best[one.field] = place
    once = [
        one if best[one.field] == place else GuessedColumn(label=one.label, field="", why="", samples=one.samples)
        for place, one in enumerate(columns)
    ]
    missing = tuple(sorted(NEEDED - {one.field for one in once}))
    return Guess(sheet=table.sheet, row=table.first_line + at, columns=tuple(once), missing=missing)


def _column(table: Table, at: int, place: int, label: str, earlier: Mapping[str, str]) -> GuessedColumn:
    below = table.rows[at + 1 : at + 1 + ROWS_LOOKED_AT]
    cells = [row[place].strip() for row in below if place < len(row) and row[place].strip()]
    samples = tuple(text[:SAMPLE_CHARACTERS_MAX] for text in dict.fromkeys(cells))[:SAMPLES_MAX]
    found, why = _field(label, cells, earlier)
    return GuessedColumn(label=label, field=found, why=why, samples=samples)


def _field(label: str, cells: Sequence[str], earlier: Mapping[str, str]) -> tuple[str, Why]:
    if earlier.get(label):
        return earlier[label], "remembered"
    for field, words in HEADERS.items():
        if label.lower() in {word.lower() for word in words}:
            return field, "known"
    if cells and _share(cells, lambda text: bool(CODE.fullmatch(text))):
        return "code", "content"
    if cells and _share(cells, lambda text: text.lower() in SEVERITY_WORDS):
        return "severity", "content"
    likeness, field = max((_likeness(label, word), field) for field, words in HEADERS.items() for word in words)
    return (field, "similar") if label and likeness >= LIKENESS_MIN else ("", "")


def _share(cells: Sequence[str], looks: Callable[[str], bool]) -> bool:
    return sum(looks(text) for text in cells) >= SHARE_MIN * len(cells)


def _likeness(label: str, word: str) -> float:
    one, other = label.lower(), word.lower()
    if one and (one in other or other in one):
        return LIKENESS_MIN + 0.4 * min(len(one), len(other)) / max(len(one), len(other))
    return SequenceMatcher(None, one, other).ratio()
