"""Where folded rows live: loading the rows that a page of events touches, writing back what changed.

Rows travel as JSON documents (``json_populate_recordset``): one argument and one statement a table, whatever its
columns are. The one rule: what a page changed and the checkpoint are written in one transaction, by one writer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import msgspec
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from mingjing_kernel.log.envelope import Recorded
from mingjing_kernel.log.schema import role_of
from mingjing_kernel.projection.fitting import Fitting, fitting_key
from mingjing_kernel.projection.read_model import Key, ReadModel, Row, metadata_of, own_fingerprint

ROWS_CACHED_MAX = 400_000
_JSON = msgspec.json.Encoder(order="sorted")


class CheckpointMoved(RuntimeError):
    """The read models were rebuilt, by this release or another, or are written by somebody else; look at them again."""


@dataclass(eq=False, slots=True)
class _Held:
    """One row, or that there is none, and since which position. Looked up once an event: hashing its key is dear."""

    key: Key
    row: Row | None = None
    since: int = 0
    is_changed: bool = False


@dataclass(eq=False, slots=True)
class _Kept:
    """One read model's rows as far as they are cached, and what the page at hand changed in them."""

    model: ReadModel
    rows: dict[Key, _Held] = field(default_factory=dict)
    missing: list[Key] = field(default_factory=list)
    changed: list[_Held] = field(default_factory=list)
    past: list[Row] = field(default_factory=list)
    sums: dict[Key, Row] = field(default_factory=dict)
    """By how much the page shifts each row of the tally."""
    fitting: Fitting = field(init=False)

    def __post_init__(self) -> None:
        """Know what fits the columns."""
        self.fitting = Fitting(self.model)

    def held(self, key: Key) -> _Held:
        """The row's place in the cache; its row may still have to be loaded."""
        found = self.rows.get(key)
        if found is None:
            found = self.rows[key] = _Held(key)
            self.missing.append(key)
        return found

    def fold(self, held: _Held, recorded: Recorded[Any]) -> None:
        """One event for one row."""
        before = held.row
        after = self.model.fold(held.key, before, recorded)
        if after is before or after == before:
            return
        after = after and self.fitting.row(after)
        if before is not None and self.model.history and held.since != recorded.position:
            # An event may touch a row twice: what stood in between stood at no position.
            self.past.append({**before, "from_position": held.since, "to_position": recorded.position})
        self._shift(before, -1)
        self._shift(after, 1)
        held.row, held.since = after, recorded.position
        if not held.is_changed:
            held.is_changed = True
            self.changed.append(held)

    def _shift(self, row: Row | None, sign: int) -> None:
        """What a row adds to its sums, or added; zeros too, so that which rows there are depends on no page's end."""
        tally = self.model.tally
        if tally is None or row is None:
            return
        amounts = tally.amounts(row)
        sums = self.sums.setdefault(tally.of(row), dict.fromkeys(amounts, 0))
        for name, amount in amounts.items():
            sums[name] += sign * amount

    def document(self, held: _Held, row: Row) -> Row:
        """The row as it travels to its table."""
        model = self.model
        if len(row) != len(model.columns):
            raise ValueError(f"read model {model.name}: the fold returned {sorted(row)}, the table has {model.columns}")
        return {**row, "from_position": held.since} if model.history else row

    def settle(self) -> None:
        """The page is written, or given up."""
        for held in self.changed:
            held.is_changed = False
        self.changed, self.past, self.missing, self.sums = [], [], [], {}


@dataclass
class Store:
    """The read models of one service in one PostgreSQL schema (the live one or a shadow)."""

    schema: str
    models: Sequence[ReadModel]
    fresh: bool = False
    """True while every row is in the cache (a rebuild from nothing): then nothing needs loading."""
    _kept: list[_Kept] = field(init=False)
    _by_noun: dict[str, list[_Kept]] = field(init=False)

    def __post_init__(self) -> None:
        """Sort the models by the nouns that they read."""
        self._kept = [_Kept(model) for model in self.models]
        self._by_noun = {}
        for kept in self._kept:
            for noun in kept.model.nouns:
                self._by_noun.setdefault(noun, []).append(kept)

    @cached_property
    def fingerprint(self) -> str:
        """Of the models as this process began with them."""
        return own_fingerprint(self.models)

    async def position(self, connection: Any) -> int:
        """The checkpoint."""
        return int(await connection.fetchval(f'SELECT position FROM "{self.schema}".projection'))

    async def fits(self, connection: Any) -> bool:
        """Whether the tables were made by these very models."""
        made_by = await connection.fetchval(f'SELECT fingerprint FROM "{self.schema}".projection')
        return bool(made_by == self.fingerprint)

    async def apply(self, connection: Any, page: Sequence[Recorded[Any]]) -> None:
        """Fold a page and write what changed, with the checkpoint, inside the caller's transaction."""
        # First the checkpoint, which is also the lock: a rebuild that waits for it finds no row of ours half-locked.
        moved = await connection.fetchval(
            f'UPDATE "{self.schema}".projection SET position = $1 WHERE position = $2 AND fingerprint = $3'
            f" RETURNING position, pg_notify('{self.schema}', position::text)",
            page[-1].position,
            page[0].position - 1,
            self.fingerprint,
        )
        if moved is None:
            before = page[0].position - 1
            raise CheckpointMoved(f"{self.schema}: the read models are not at {before}, or are another release's")
        touched = [
            (kept, kept.held(key), recorded)
            for recorded in page
            for kept in self._by_noun.get(recorded.stream[:-37], ())
            for key in map(fitting_key, kept.model.keys(recorded))
        ]
        await self._load(connection)
        for kept, held, recorded in touched:
            kept.fold(held, recorded)
        await self._write(connection)
        for kept in self._kept:
            kept.settle()
        if sum(len(kept.rows) for kept in self._kept) > ROWS_CACHED_MAX:
            self.forget()

    def forget(self) -> None:
        """Drop the cache: after a rollback, or when it grew too large."""
        for kept in self._kept:
            kept.rows.clear()
            kept.settle()
        self.fresh = False

    async def _load(self, connection: Any) -> None:
        """Bring the rows that a page touches into the cache; a store that began empty holds them all."""
        for kept in self._kept:
            keys, kept.missing = kept.missing, []
            if keys and not self.fresh:
                await self._load_rows(connection, kept, keys)

    async def _load_rows(self, connection: Any, kept: _Kept, keys: list[Key]) -> None:
        model = kept.model
        wanted = _JSON.encode([dict(zip(model.key_columns, key, strict=True)) for key in keys]).decode()
        names, table = _names(model.key_columns), self._table(model.name)
        rows = await connection.fetch(
            f"SELECT * FROM {table} WHERE ({names}) IN (SELECT {names} FROM {_rows(table)})", wanted
        )
        for row in rows:
            key = tuple(row[name] for name in model.key_columns)
            held = kept.rows.get(key)
            if held is None:  # then its fold would be told that there is no row
                raise TypeError(f"read model {model.name}: the keys are not of the columns' types: {key}")
            held.row = {name: row[name] for name in model.columns}
            if model.history:
                held.since = row["from_position"]

    async def _write(self, connection: Any) -> None:
        """What a page changed, in one statement: most pages are small, and each way to the server costs more than what
        is written there.
        """
        writes = [write for kept in self._kept for write in self._writes(kept)]
        if not writes:
            return
        parts = [sql.replace("$1", f"${place}") for place, (sql, _) in enumerate(writes, start=1)]
        *first, last = parts
        named = ", ".join(f"w{place} AS ({part})" for place, part in enumerate(first))
        statement = f"WITH {named} {last}" if named else last
        await connection.execute(statement, *(_JSON.encode(rows).decode() for _, rows in writes))

    def _writes(self, kept: _Kept) -> Iterator[tuple[str, list[Row]]]:
        """Statements and their rows; no two of a page meet at one row of a table."""
        model = kept.model
        keys = _names(model.key_columns)
        gone = [dict(zip(model.key_columns, held.key, strict=True)) for held in kept.changed if held.row is None]
        if gone:
            table = self._table(model.name)
            yield f"DELETE FROM {table} WHERE ({keys}) IN (SELECT {keys} FROM {_rows(table)})", gone
        here = [kept.document(held, held.row) for held in kept.changed if held.row is not None]
        if here:
            names = (*model.columns, "from_position") if model.history else model.columns
            updates = ", ".join(f'"{n}" = EXCLUDED."{n}"' for n in names if n not in model.key_columns)
            conflict = f"ON CONFLICT ({keys}) " + (f"DO UPDATE SET {updates}" if updates else "DO NOTHING")
            yield f"{self._insert(model.name, names)} {conflict}", here
        if kept.past:
            yield self._insert(f"{model.name}_history", (*model.columns, "from_position", "to_position")), kept.past
        if model.tally is not None and kept.sums:
            columns = model.tally.table.columns
            key_names = [column.name for column in model.tally.table.primary_key.columns]
            names = tuple(column.name for column in columns)
            shifts = ", ".join(f'"{n}" = before."{n}" + EXCLUDED."{n}"' for n in names if n not in key_names)
            rows = [{**dict(zip(key_names, key, strict=True)), **sums} for key, sums in kept.sums.items()]
            insert = self._insert(model.tally.table.name, names, "before")
            yield f"{insert} ON CONFLICT ({_names(key_names)}) DO UPDATE SET {shifts}", rows

    def _table(self, name: str) -> str:
        return f'"{self.schema}"."{name}"'

    def _insert(self, name: str, columns: Sequence[str], alias: str = "") -> str:
        table, names = self._table(name), _names(columns)
        renamed = f" AS {alias}" if alias else ""
        return f"INSERT INTO {table}{renamed} ({names}) SELECT {names} FROM {_rows(table)}"


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _rows(table: str) -> str:
    return f"json_populate_recordset(NULL::{table}, $1::json)"


def create_read_schema(url: str, service: str, schema: str, models: Sequence[ReadModel]) -> None:
    """Make an empty set of read models (dropping what is there), owned by whoever ``url`` names."""
    engine = create_engine(make_url(url).set(drivername="postgresql+psycopg"))
    try:
        with engine.begin() as connection:
            connection.execute(text(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE'))
            connection.execute(text(f'CREATE SCHEMA "{schema}"'))
            connection.execute(text(f'SET LOCAL search_path TO "{schema}", public'))
            metadata_of(models).create_all(connection, tables=[t for m in models for t in m.tables()], checkfirst=False)
            connection.execute(
                text(f'CREATE TABLE "{schema}".projection (position bigint NOT NULL, fingerprint text NOT NULL)')
            )
            connection.execute(
                text(f'INSERT INTO "{schema}".projection VALUES (0, :mark)'), {"mark": own_fingerprint(models)}
            )
            role = role_of(service)
            connection.execute(text(f'GRANT USAGE ON SCHEMA "{schema}" TO "{role}"'))
            connection.execute(
                text(f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "{schema}" TO "{role}"')
            )
    finally:
        engine.dispose()
