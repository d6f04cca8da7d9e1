"""A guess: which field each column of an unknown table holds, by its words, its likeness to known words, its cells.

One rule: a guess says why, and is never taken for an answer: a person confirms it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal, TypeAlias

from mingjing_registry.domain.import_mapping import REPEATABLE, Kind
from mingjing_registry.domain.licence_number import is_licence_number
from mingjing_registry.sources.cells import cell, tight
from mingjing_registry.sources.headers import SEPARATOR, Header, key_of
from mingjing_registry.sources.layout import REGISTER, Vocabulary
from mingjing_registry.sources.numbers import is_uscc
from mingjing_registry.sources.sheet import Sheet

Why: TypeAlias = Literal["remembered", "known", "similar", "content", ""]
"""What the guess stands on: the sender's earlier mapping, a known word, a word like it, the cells; nothing."""

ROWS_LOOKED_AT = 200
SAMPLES_MAX = 3
SAMPLE_LENGTH_MAX = 60
SHARE_MIN = 0.6
"""Of the filled cells that must look like the field."""
LIKENESS_MIN = 0.7
_STRENGTH: dict[Why, int] = {"remembered": 4, "known": 3, "content": 2, "similar": 1, "": 0}

_LOOKS: tuple[tuple[str, Callable[[str], object]], ...] = (
    ("uscc", lambda text: is_uscc(text.upper())),
    ("id_number", re.compile(r"[1-9]\d{9}[\d*]{4}\d{3}[\dX]").fullmatch),
    ("phone", re.compile(r"1[3-9]\d{9}([/、,;]\d+)*|0\d{2,3}-?\d{7,8}").fullmatch),
    ("licence_number", is_licence_number),
    ("validity", re.compile(r"\d{4}[-./年]\d{1,2}[-./月]\d{1,2}日?[-~～—至]+\d{4}.*").fullmatch),
    ("sites", re.compile(r".*(街道|镇|乡|路|街|巷|大道).*\d+号.*").fullmatch),
    ("name", re.compile(r".{4,}(公司|学校|中心|培训部|俱乐部|工作室|幼儿园|棋院)(\(.*\))?").fullmatch),
)
"""What cells of a field look like; the first that most cells match is meant."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuessedColumn:
    """One column with what it probably holds, and cells of it to judge by."""

    label: str
    field: str
    why: Why
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """How a table can probably be read."""

    kind: Kind
    columns: tuple[GuessedColumn, ...]
    missing: tuple[str, ...]
    """Fields that the kind needs and no column seems to hold."""


def guess(sheet: Sheet, header: Header, earlier: Mapping[str, str], words: Vocabulary = REGISTER) -> Guess:
    """The columns of a table; ``earlier`` is what this sender's columns of the same label were confirmed to be."""
    columns = [_column(sheet, header, at, earlier, words) for at in range(len(header.labels))]
    columns = _each_field_once(columns)
    present, needed = {column.field for column in columns}, words.needed
    kind = max(needed, key=lambda kind: (len(needed[kind] & present) / len(needed[kind]), kind == "register"))
    if kind == "notices" and "matter" not in present:
        kind = "register"
    return Guess(kind=kind, columns=tuple(columns), missing=tuple(sorted(needed[kind] - present)))


def _column(sheet: Sheet, header: Header, at: int, earlier: Mapping[str, str], words: Vocabulary) -> GuessedColumn:
    label, texts = header.labels[at], _texts(sheet, header, at)
    samples = tuple(text[:SAMPLE_LENGTH_MAX] for text in list(dict.fromkeys(texts))[:SAMPLES_MAX])
    field, why = _field(label, texts, earlier, words)
    return GuessedColumn(label=label, field=field, why=why, samples=samples)


def _field(label: str, texts: Sequence[str], earlier: Mapping[str, str], words: Vocabulary) -> tuple[str, Why]:
    if label in earlier:
        return earlier[label], "remembered"
    if (known := words.field_of(label)) is not None:
        return known, "known"
    if (seen := _by_content(texts, words)) is not None:
        return seen, "content"
    similar = _similar(label, words)
    return (similar, "similar") if similar else ("", "")


def _texts(sheet: Sheet, header: Header, at: int) -> list[str]:
    rows = sheet.rows[header.data_row - 1 :][:ROWS_LOOKED_AT]
    cells = (row.cells[at] for row in rows if at < len(row.cells))
    return [text for value in cells if (text := cell("", value).text.strip())]


def _by_content(texts: Sequence[str], words: Vocabulary) -> str | None:
    if not texts:
        return None
    tidy = [tight(text) for text in texts]
    for field, looks in _LOOKS:
        if field in words.synonyms and sum(bool(looks(text)) for text in tidy) >= SHARE_MIN * len(tidy):
            return field
    return None


def _similar(label: str, words: Vocabulary) -> str:
    """The field of the known word that is most like the label: one within the other, or nearly the same letters."""
    whole = key_of(label.replace(SEPARATOR, ""))
    if not whole:
        return ""
    likeness, field = max(
        ((_likeness(whole, word), field) for field, some in words.synonyms.items() for word in some if len(word) > 1),
        key=lambda found: found[0],
    )
    return field if likeness >= LIKENESS_MIN else ""


def _likeness(label: str, word: str) -> float:
    if word in label or label in word:
        # 培训机构办学许可证编号 holds 许可证编号 and 编号: the longer one says more.
        return LIKENESS_MIN + 0.3 * min(len(word), len(label)) / max(len(word), len(label))
    return SequenceMatcher(None, label, word).ratio()


def _each_field_once(columns: Sequence[GuessedColumn]) -> list[GuessedColumn]:
    """Of two columns that seem to be one field the one with the better reason is it, the first of equals."""
    best: dict[str, int] = {}
    for at, column in enumerate(columns):
        held = best.get(column.field)
        if held is None or _STRENGTH[column.why] > _STRENGTH[columns[held].why]:
            best[column.field] = at
    return [
        column
        if best[column.field] == at or column.field in REPEATABLE
        else GuessedColumn(label=column.label, field="", why="", samples=column.samples)
        for at, column in enumerate(columns)
    ]
