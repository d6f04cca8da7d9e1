"""Rebuild and replay: fold the whole log anew, beside the live read models, and compare or swap.

``replay`` proves that the live rows are a fold of the log: zero differences, or which. ``rebuild`` is blue-green:
readers see the old rows until one transaction puts the new ones in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import asyncpg
import structlog

from mingjing_kernel.collecting import collecting_seldom
from mingjing_kernel.log.database import connect
from mingjing_kernel.log.log import Log
from mingjing_kernel.log.schema import read_schema_of
from mingjing_kernel.projection.read_model import ReadModel, own_fingerprint
from mingjing_kernel.projection.runner import use_json
from mingjing_kernel.projection.store import Store, create_read_schema
from mingjing_kernel.refusal import Refusal

PAGE_EVENTS_MAX = 10_000
DIFFERENCES_SHOWN_MAX = 20
COMPARE_SECONDS_MAX = 3_600.0
"""Of one statement over a whole table."""
SWAP_TRIES_MAX = 30
SWAP_LOCK_SECONDS_MAX = 2
"""Readers queue behind a swap that waits for a long query, so it gives way and tries again."""
_log = structlog.get_logger("mingjing.rebuild")
Progress = Callable[[int, int], None]
"""Called with (events done, events in all)."""


class Side(StrEnum):
    """Where a row stands that the other side does not have; told as it is written here."""

    LIVE = "仅在现有的表中 only in the live table"
    REPLAY = "仅在重演中 only in the replay"


@dataclass(frozen=True, slots=True)
class Difference:
    """A row that the live table and the replay do not share."""

    table: str
    side: Side
    row: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replay found."""

    events: int
    tables: int
    rows: int
    differences: int
    examples: tuple[Difference, ...]


class MadeByAnotherRelease(Refusal):
    """The live tables follow other rules than ours: a comparison would only show that."""

    sentence = "The lists of {service} were made by another release than this one, so they cannot be compared."
    remedy = "Start this release once, or run mingjing-{service} migrate: the lists are made anew. Then replay."
    status = 503


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild did. ``differences``: rows that the old and the new tables did not share, at the same position;
    ``None`` when nothing could be compared, ``because`` says why not."""

    events: int
    differences: int | None
    because: str = ""

    def sentence(self) -> str:
        """How the rows that were swapped in compare with those before them."""
        if self.differences is None:
            return f"未与旧表比较 not compared: {self.because}"
        return f"与旧表相差 {self.differences} 行 {self.differences} rows differ from the old tables"


async def replay(log: Log, models: Sequence[ReadModel], progress: Progress | None = None) -> Replayed:
    """Fold the log up to the live checkpoint into shadow tables and compare row by row; the shadow is dropped.

    Raises ``MadeByAnotherRelease``.
    """
    shadow, live = f"{log.schema}_replay", read_schema_of(log.schema)
    connection = await _owner(log)
    try:
        if not await is_current(connection, log.schema, models):
            raise MadeByAnotherRelease(service=log.schema)
        create_read_schema(log.url, log.schema, shadow, models)
        return await _compare_with_live(log, Store(shadow, models, fresh=True), connection, live, progress)
    finally:
        await connection.execute(f'DROP SCHEMA IF EXISTS "{shadow}" CASCADE')
        await connection.close()


async def rebuild(log: Log, models: Sequence[ReadModel], progress: Progress | None = None) -> Rebuilt:
    """Fold the log into a shadow schema, compare it with the live tables, swap it in."""
    shadow, live = f"{log.schema}_shadow", read_schema_of(log.schema)
    create_read_schema(log.url, log.schema, shadow, models)
    connection = await _owner(log)
    try:
        store = Store(shadow, models, fresh=True)
        differences, because = await _difference_to_live(log, store, connection, live, progress)
        for attempt in range(1, SWAP_TRIES_MAX + 1):
            await _fold_until(log, store, connection, await log.head(), progress)
            try:
                await _swap(log, store, connection, live)
                break
            except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
                store.forget()  # the shadow is back where it was before the swap
                _log.info("rebuild.swap_waits", schema=live, attempt=attempt, because="a long query reads the old rows")
                if attempt == SWAP_TRIES_MAX:
                    raise
        return Rebuilt(await Store(live, models).position(connection), differences, because)
    finally:
        await connection.close()


async def _difference_to_live(
    log: Log, store: Store, connection: Any, live: str, progress: Progress | None
) -> tuple[int | None, str]:
    """How many rows differ where the live tables stand; else why nothing can be compared."""
    if not await connection.fetchval("SELECT to_regclass($1)", f'"{live}".projection'):
        return None, "没有旧表 there are no old tables"
    if not await is_current(connection, log.schema, store.models):
        return None, "读模型的定义已改变 the models changed"
    if await Store(live, store.models).position(connection) == 0:
        return None, "旧表为空 the old tables are empty"
    found = await _compare_with_live(log, store, connection, live, progress)
    for example in found.examples:
        _log.warning("rebuild.row_differs", schema=live, table=example.table, side=example.side.value)
    return found.differences, ""


async def _compare_with_live(log: Log, store: Store, connection: Any, live: str, progress: Progress | None) -> Replayed:
    """Fold up to the live checkpoint and compare there, row by row.

    One snapshot sees the live tables and their checkpoint, so the live projections need not stand still meanwhile. The
    lock is taken before the snapshot and lets readers and folds pass: only a swap, after which the snapshot would see
    none of the new tables' rows, has to come before it or wait.
    """
    await _fold_until(log, store, connection, await Store(live, store.models).position(connection), progress)
    async with connection.transaction(isolation="repeatable_read"):
        await connection.execute(f'LOCK TABLE "{live}".projection IN ACCESS SHARE MODE')
        until = await Store(live, store.models).position(connection)
        await _fold_until(log, store, connection, until, None)
        return await _compare(connection, store.models, live, store.schema, until)


async def _swap(log: Log, store: Store, connection: Any, live: str) -> None:
    """Hold the live projections still, fold the last events, put the new tables in the old ones' place."""
    async with connection.transaction():
        await connection.execute(f"SET LOCAL lock_timeout = '{SWAP_LOCK_SECONDS_MAX}s'")
        if await connection.fetchval("SELECT to_regclass($1)", f'"{live}".projection'):
            await connection.execute(f'LOCK TABLE "{live}".projection IN ACCESS EXCLUSIVE MODE')
        await _fold_until(log, store, connection, await log.head(), None)
        await connection.execute(f'DROP SCHEMA IF EXISTS "{live}" CASCADE')
        await connection.execute(f'ALTER SCHEMA "{store.schema}" RENAME TO "{live}"')


async def is_current(connection: Any, schema: str, models: Sequence[ReadModel]) -> bool:
    """Whether the live tables were made by these very models."""
    live = read_schema_of(schema)
    if not await connection.fetchval("SELECT to_regclass($1)", f'"{live}".projection'):
        return False
    return bool(await connection.fetchval(f'SELECT fingerprint FROM "{live}".projection') == own_fingerprint(models))


async def _owner(log: Log) -> Any:
    """A connection with the migrating user's rights, not the service's role."""
    connection = await connect(log.url, log.schema)
    await connection.execute("RESET ROLE")
    await connection.execute("SET ROLE NONE")
    await use_json(connection)
    return connection


async def _fold_until(log: Log, store: Store, connection: Any, until: int, progress: Progress | None) -> None:
    position = await store.position(connection)
    with collecting_seldom():
        async with aclosing(log.pages(position, until, PAGE_EVENTS_MAX, connection)) as pages:
            async for page in pages:
                async with connection.transaction():
                    await store.apply(connection, page)
                if progress:
                    progress(page[-1].position, until)


async def _compare(connection: Any, models: Sequence[ReadModel], live: str, shadow: str, until: int) -> Replayed:
    found: list[Difference] = []
    count, rows = 0, 0
    tables = [table.name for model in models for table in model.tables()]
    for table in tables:
        rows += await connection.fetchval(f'SELECT count(*) FROM "{shadow}"."{table}"', timeout=COMPARE_SECONDS_MAX)
        for side, left, right in ((Side.LIVE, live, shadow), (Side.REPLAY, shadow, live)):
            query = f'TABLE "{left}"."{table}" EXCEPT TABLE "{right}"."{table}"'
            extra = await connection.fetch(
                f"SELECT row_to_json(d)::text AS row FROM ({query}) AS d", timeout=COMPARE_SECONDS_MAX
            )
            count += len(extra)
            found += [Difference(table, side, row["row"]) for row in extra[:DIFFERENCES_SHOWN_MAX]]
    return Replayed(until, len(tables), rows, count, tuple(found[:DIFFERENCES_SHOWN_MAX]))
