"""A read model: a table, the keys that an event touches, and a pure fold of one row.

The one rule: a fold sees its own row and the event, nothing else. That makes it order-proof within a key, testable
without a database, and the same whether it runs live, in a rebuild or in an audit.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, Column, FromClause, MetaData, Table, and_, select, union_all
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable, ExecutableDDLElement

from mingjing_kernel.log.envelope import Recorded
from mingjing_kernel.projection.sources import sources_of

FINGERPRINTS_REMEMBERED_MAX = 16

Key: TypeAlias = tuple[Any, ...]
Row: TypeAlias = dict[str, Any]
Keys: TypeAlias = Callable[[Recorded[Any]], Iterable[Key]]
Fold: TypeAlias = Callable[[Key, Row | None, Recorded[Any]], Row | None]


@dataclass(frozen=True, eq=False)
class Tally:
    """Sums over the rows of a read model, shifted as its rows change: a fold sees its own row alone, and this is how
    rows add up all the same, without a count of all of them for each answer.

    ``of`` says to which row of ``table`` a row adds, ``amounts`` what it adds to each column that is not of the key. A
    row that added something once stays, with zeros when nothing adds to it any more. There are no sums of the past.
    """

    table: Table
    of: Callable[[Row], Key]
    amounts: Callable[[Row], dict[str, int]]


@dataclass(frozen=True, eq=False)
class ReadModel:
    """One question's answer, kept ready.

    ``table``'s primary key columns stand first, in the order of ``keys``' tuples. ``fold`` returns the row after the
    event, or ``None`` for no row. With ``history`` every former version of a row is kept with the positions between
    which it stood, so that lists answer ``as_of``; ``at(position)`` is the list as it was then.
    """

    name: str
    table: Table
    nouns: tuple[str, ...]
    keys: Keys
    fold: Fold
    history: bool = False
    tally: Tally | None = None
    past: Table | None = field(init=False, default=None)
    columns: tuple[str, ...] = field(init=False)
    key_columns: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        """Check the table's shape; add what history needs."""
        key = tuple(column.name for column in self.table.primary_key.columns)
        columns = tuple(column.name for column in self.table.columns)
        if self.name != self.table.name or not key or columns[: len(key)] != key:
            raise ValueError(f"read model {self.name}: same name as its table, primary key columns first")
        object.__setattr__(self, "columns", columns)
        object.__setattr__(self, "key_columns", key)
        if self.history:
            object.__setattr__(self, "past", _past_table(self.table, key))
            self.table.append_column(Column("from_position", BigInteger, nullable=False))

    def at(self, position: int | None) -> FromClause:
        """The rows as they stood after ``position``; the live table when it is ``None``."""
        if position is None:
            return self.table
        if self.past is None:
            raise ValueError(f"read model {self.name} keeps no history")
        live = select(*(self.table.c[name] for name in self.columns)).where(self.table.c.from_position <= position)
        gone = select(*(self.past.c[name] for name in self.columns)).where(
            and_(self.past.c.from_position <= position, self.past.c.to_position > position)
        )
        return union_all(live, gone).subquery(self.name)

    def tables(self) -> tuple[Table, ...]:
        """Every table that holds this model."""
        own = (self.table,) if self.past is None else (self.table, self.past)
        return own if self.tally is None else (*own, self.tally.table)

    def functions(self) -> tuple[Callable[..., Any], ...]:
        """What makes its rows."""
        return (
            (self.keys, self.fold) if self.tally is None else (self.keys, self.fold, self.tally.of, self.tally.amounts)
        )


def _past_table(table: Table, key: Sequence[str]) -> Table:
    columns = [Column(c.name, c.type, primary_key=c.name in key, nullable=c.nullable) for c in table.columns]
    return Table(
        f"{table.name}_history",
        table.metadata,
        *columns,
        Column("from_position", BigInteger, primary_key=True),
        Column("to_position", BigInteger, nullable=False),
    )


def fingerprint(models: Sequence[ReadModel]) -> str:
    """Changes with a table, an index, or any source that a fold stands on: a domain module, a policy, the codec.

    Then the read models must be rebuilt, never altered. It changes with a comment, too: a rebuild too many costs time,
    and a rebuild too few shows rows that no replay would give.
    """
    seen = hashlib.sha256()
    for model in sorted(models, key=lambda model: model.name):
        for table in model.tables():
            indexes = sorted(table.indexes, key=lambda index: str(index.name))
            statements: list[ExecutableDDLElement] = [CreateTable(table), *map(CreateIndex, indexes)]
            for statement in statements:
                seen.update(str(statement.compile(dialect=postgresql.dialect())).encode())  # type: ignore[no-untyped-call]
    for name, text in sources_of(function for model in models for function in model.functions()).items():
        seen.update(f"{name}\0{text}\0".encode())
    return seen.hexdigest()


def own_fingerprint(models: Sequence[ReadModel]) -> str:
    """Of the models as this process began with them: an upgrade may put other sources in their place meanwhile."""
    return _own_fingerprint(tuple(models))


@functools.lru_cache(FINGERPRINTS_REMEMBERED_MAX)
def _own_fingerprint(models: tuple[ReadModel, ...]) -> str:
    return fingerprint(models)


def metadata_of(models: Sequence[ReadModel]) -> MetaData:
    """The one MetaData that a service's read models share."""
    found = {id(model.table.metadata): model.table.metadata for model in models}
    if len(found) > 1:
        raise ValueError("the read models of one service share one MetaData")
    return next(iter(found.values())) if found else MetaData()
