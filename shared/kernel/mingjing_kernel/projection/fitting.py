"""Rows as PostgreSQL can hold them.

The one rule: one fact that says something absurd must not stop every list of a service. Requests have limits, and a
fact that passed them all the same (a device gone mad, a broken file, a former release) is shown as near as its column
allows; the log keeps what was said. And a fold is told the same of a row from the cache and from its table.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import MINYEAR, UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Index, Integer, SmallInteger, String
from sqlalchemy.sql import visitors

from mingjing_kernel.projection.read_model import Key, ReadModel, Row

INDEXED_CHARACTERS_MAX = 600
"""A B-tree takes 2,704 bytes of a row; a Chinese character has three or four."""
_DIGEST_CHARACTERS = 16
_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


class Fitting:
    """What fits the columns of one read model."""

    def __init__(self, model: ReadModel) -> None:
        kinds = {name: model.table.columns[name].type for name in model.columns}
        self._moments = tuple(name for name, kind in kinds.items() if isinstance(kind, DateTime))
        self._numbers = tuple((name, _largest(kind)) for name, kind in kinds.items() if isinstance(kind, Integer))
        self._texts = tuple(_indexed(model).items())

    def row(self, row: Row) -> Row:
        """The row itself, or the nearest that the table holds."""
        others: Row = {
            name: _utc(value) for name in self._moments if (value := row.get(name)) and value.tzinfo is not UTC
        }
        for name, largest in self._numbers:
            if (value := row.get(name)) and not -largest <= value <= largest:
                others[name] = largest if value > 0 else -largest
        for name, characters_max in self._texts:
            if (value := row.get(name)) and len(value) > characters_max:
                others[name] = _short(value, characters_max)
        return {**row, **others} if others else row


def fitting_key(key: Key) -> Key:
    """The key under which a row stands: the same for the same texts, different for others."""
    for part in key:
        if type(part) is str and len(part) > INDEXED_CHARACTERS_MAX:
            return tuple(_short(one, INDEXED_CHARACTERS_MAX) if type(one) is str else one for one in key)
    return key


def _short(text: str, characters_max: int) -> str:
    if len(text) <= characters_max:
        return text
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_DIGEST_CHARACTERS]
    return f"{text[: characters_max - _DIGEST_CHARACTERS - 1]}…{digest}"


def _utc(moment: datetime) -> datetime:
    """Not every offset that Python writes is read by PostgreSQL."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return _FIRST if moment.year == MINYEAR else _LAST


def _largest(kind: Integer) -> int:
    bits = 63 if isinstance(kind, BigInteger) else 15 if isinstance(kind, SmallInteger) else 31
    return int(2**bits - 1)


def _indexed(model: ReadModel) -> dict[str, int]:
    """How long the texts in each B-tree may be, whoever stands beside them there."""
    keys = [name for name in model.key_columns if _is_text(model.table.columns[name])]
    found: dict[str, int] = {}
    for table in model.tables()[: 1 if model.past is None else 2]:
        for index in table.indexes:
            names = [name for name in _texts_of(index) if name in model.columns]
            for name in names:
                found[name] = min(found.get(name, INDEXED_CHARACTERS_MAX), INDEXED_CHARACTERS_MAX // len(names))
    return found | dict.fromkeys(keys, INDEXED_CHARACTERS_MAX)  # as ``fitting_key`` has them


def _texts_of(index: Index) -> Iterator[str]:
    if index.dialect_options["postgresql"].get("using") in ("gin", "gist"):
        return
    for expression in index.expressions:
        for part in visitors.iterate(None if isinstance(expression, str) else expression):
            if isinstance(part, Column) and _is_text(part):
                yield part.name


def _is_text(column: Column[Any]) -> bool:
    return isinstance(column.type, String)
