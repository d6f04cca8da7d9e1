"""Where folded rows live: loading the rows that a page of events touches, writing back what changed.

Rows travel as JSON documents (``json_populate_recordset``): one argument and one statement a table, whatever its
columns are. The one rule: what a page changed and the checkpoint are written in one transaction, by one writer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from mingjing_kernel.log.envelope import Recorded
from mingjing_kernel.log.schema import role_of
from mingjing_kernel.projection.read_model import Key, ReadModel, Row, fingerprint, metadata_of

ROWS_CACHED_MAX = 400_000
_JSON = msgspec.json.Encoder(order="sorted")


class CheckpointMoved(RuntimeError):
    """The read models were rebuilt, or are written by somebody else; read the checkpoint again."""


@dataclass
class Store:
    """The read models of one service in one PostgreSQL schema (the live one or a shadow)."""

    schema: str
    models: Sequence[ReadModel]
    fresh: bool = False
    """True while every row is in the cache (a rebuild from nothing): then nothing needs loading."""
    _rows: dict[tuple[str, Key], Row | None] = field(default_factory=dict)
    _since: dict[tuple[str, Key], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Sort the models by the nouns that they read."""
        self._by_noun: dict[str, list[ReadModel]] = {}
        for model in self.models:
            for noun in model.nouns:
                self._by_noun.setdefault(noun, []).append(model)

    async def position(self, connection: Any) -> int:
        """The checkpoint."""
        return int(await connection.fetchval(f'SELECT position FROM "{self.schema}".projection'))

    async def apply(self, connection: Any, page: Sequence[Recorded[Any]]) -> None:
        """Fold a page and write what changed, with the checkpoint, inside the caller's transaction."""
        # First the checkpoint, which is also the lock: a rebuild that waits for it finds no row of ours half-locked.
        moved = await connection.execute(
            f'UPDATE "{self.schema}".projection SET position = $1 WHERE position = $2',
            page[-1].position,
            page[0].position - 1,
        )
        if moved != "UPDATE 1":
            raise CheckpointMoved(f"{self.schema}: the read models are not at {page[0].position - 1}")
        touched = self._touched(page)
        await self._load(connection, touched)
        changed, past = self._fold(touched)
        for model in self.models:
            await self._write(connection, model, changed.get(model.name, {}))
            if past.get(model.name):
                await self._write_past(connection, model, past[model.name])
        if len(self._rows) > ROWS_CACHED_MAX:
            self.forget()

    def forget(self) -> None:
        """Drop the cache: after a rollback, or when it grew too large."""
        self._rows.clear()
        self._since.clear()
        self.fresh = False

    def _touched(self, page: Sequence[Recorded[Any]]) -> list[tuple[ReadModel, Key, Recorded[Any]]]:
        by_noun = self._by_noun
        return [
            (model, key, recorded)
            for recorded in page
            for model in by_noun.get(recorded.stream[:-37], ())
            for key in model.keys(recorded)
        ]

    async def _load(self, connection: Any, touched: Iterable[tuple[ReadModel, Key, Recorded[Any]]]) -> None:
        missing: dict[str, tuple[ReadModel, list[Key]]] = {}
        for model, key, _ in touched:
            place = (model.name, key)
            if place not in self._rows:
                self._rows[place] = None
                if not self.fresh:
                    missing.setdefault(model.name, (model, []))[1].append(key)
        for model, keys in missing.values():
            wanted = _JSON.encode([dict(zip(model.key_columns, key, strict=True)) for key in keys]).decode()
            names = ", ".join(f'"{name}"' for name in model.key_columns)
            table = f'"{self.schema}"."{model.name}"'
            rows = await connection.fetch(
                f"SELECT * FROM {table} WHERE ({names}) IN "
                f"(SELECT {names} FROM json_populate_recordset(NULL::{table}, $1::json))",
                wanted,
            )
            for row in rows:
                place = (model.name, tuple(row[name] for name in model.key_columns))
                if place not in self._rows:  # then its fold would be told that there is no row
                    raise TypeError(f"read model {model.name}: the keys are not of the columns' types: {place[1]}")
                self._rows[place] = {name: row[name] for name in model.columns}
                if model.history:
                    self._since[place] = row["from_position"]

    def _fold(
        self, touched: Iterable[tuple[ReadModel, Key, Recorded[Any]]]
    ) -> tuple[dict[str, dict[Key, Row | None]], dict[str, list[Row]]]:
        changed: dict[str, dict[Key, Row | None]] = {}
        past: dict[str, list[Row]] = {}
        rows = self._rows
        for model, key, recorded in touched:
            place = (model.name, key)
            before = rows[place]
            after = model.fold(key, before, recorded)
            if after == before:
                continue
            if model.history:
                if before is not None and self._since[place] != recorded.position:  # an event may touch a row twice
                    past.setdefault(model.name, []).append(
                        {**before, "from_position": self._since[place], "to_position": recorded.position}
                    )
                self._since[place] = recorded.position
            rows[place] = after
            changed.setdefault(model.name, {})[key] = after
        return changed, past

    async def _write(self, connection: Any, model: ReadModel, changed: dict[Key, Row | None]) -> None:
        if not changed:
            return
        table = f'"{self.schema}"."{model.name}"'
        keys = ", ".join(f'"{name}"' for name in model.key_columns)
        gone = [dict(zip(model.key_columns, key, strict=True)) for key, row in changed.items() if row is None]
        if gone:
            await connection.execute(
                f"DELETE FROM {table} WHERE ({keys}) IN "
                f"(SELECT {keys} FROM json_populate_recordset(NULL::{table}, $1::json))",
                _JSON.encode(gone).decode(),
            )
        names = (*model.columns, "from_position") if model.history else model.columns
        here = [self._document(model, key, row) for key, row in changed.items() if row is not None]
        if here:
            columns = ", ".join(f'"{name}"' for name in names)
            updates = ", ".join(f'"{n}" = EXCLUDED."{n}"' for n in names if n not in model.key_columns)
            on_conflict = f"DO UPDATE SET {updates}" if updates else "DO NOTHING"
            await connection.execute(
                f"INSERT INTO {table} ({columns}) "
                f"SELECT {columns} FROM json_populate_recordset(NULL::{table}, $1::json) "
                f"ON CONFLICT ({keys}) {on_conflict}",
                _JSON.encode(here).decode(),
            )

    def _document(self, model: ReadModel, key: Key, row: Row) -> Row:
        if len(row) != len(model.columns):
            raise ValueError(f"read model {model.name}: the fold returned {sorted(row)}, the table has {model.columns}")
        return {**row, "from_position": self._since[model.name, key]} if model.history else row

    async def _write_past(self, connection: Any, model: ReadModel, rows: list[Row]) -> None:
        table = f'"{self.schema}"."{model.name}_history"'
        columns = ", ".join(f'"{name}"' for name in (*model.columns, "from_position", "to_position"))
        await connection.execute(
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM json_populate_recordset(NULL::{table}, $1::json)",
            _JSON.encode(rows).decode(),
        )


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
                text(f'INSERT INTO "{schema}".projection VALUES (0, :mark)'), {"mark": fingerprint(models)}
            )
            role = role_of(service)
            connection.execute(text(f'GRANT USAGE ON SCHEMA "{schema}" TO "{role}"'))
            connection.execute(
                text(f'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "{schema}" TO "{role}"')
            )
    finally:
        engine.dispose()
