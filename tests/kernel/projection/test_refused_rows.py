"""Rows that PostgreSQL could refuse: made fit for it where that is possible, told at once where it is not."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from sqlalchemy import Column, DateTime, MetaData, SmallInteger, Table, Text, Uuid

from kernel.log.toy import ACCOUNT, SCHEMA, Deposit, deposit, envelope, make_schema
from mingjing_kernel.log import Log, Recorded, Work
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.log.schema import read_schema_of
from mingjing_kernel.projection import NotThereYet, ReadModel, Row, Runner
from mingjing_kernel.projection.fitting import INDEXED_CHARACTERS_MAX, fitting_key
from mingjing_kernel.projection.read_model import Key
from mingjing_kernel.projection.runner import live_store
from mingjing_kernel.projection.store import create_read_schema

LIVE = read_schema_of(SCHEMA)
FAR = timezone(-timedelta(hours=22, minutes=35))
MOMENTS = {
    1: datetime(287, 7, 19, 16, 46, 46, tzinfo=FAR),
    2: datetime(2026, 11, 30, 9, 30, tzinfo=timezone(timedelta(hours=8))),
    3: datetime(1, 1, 1, 3, tzinfo=timezone(timedelta(hours=8))),
    4: datetime(9999, 12, 31, 23, tzinfo=timezone(-timedelta(hours=8))),
}
"""As facts of former releases could say them."""
SMALL_MAX = 32_767
LONG = "".join(map(chr, random.Random(1).sample(range(0x4E00, 0x9FFF), 4_000)))
"""More than an index takes, and not to be packed."""


def _seen(key: Key, row: Row | None, recorded: Recorded[Any]) -> Row:
    amount = recorded.event.amount
    note = recorded.event.note
    return {"account": key[0], "amount": amount, "note": note, "seen_at": MOMENTS.get(amount, recorded.recorded_at)}


SEEN = ReadModel(
    name="seen",
    table=Table(
        "seen",
        MetaData(),
        Column("account", Uuid, primary_key=True),
        Column("amount", SmallInteger, nullable=False),
        Column("note", Text, nullable=False, index=True),
        Column("seen_at", DateTime(timezone=True), nullable=False),
    ),
    nouns=("account",),
    keys=lambda recorded: [(recorded.id,)],
    fold=_seen,
    history=True,
)


@pytest.fixture
async def log(postgres_url: str) -> AsyncIterator[Log]:
    await make_schema(postgres_url)
    create_read_schema(postgres_url, SCHEMA, LIVE, [SEEN])
    made = Log(postgres_url, SCHEMA, [ACCOUNT])
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def runner(log: Log) -> AsyncIterator[Runner]:
    made = Runner(log, live_store(log, [SEEN]))
    await made.start()
    yield made
    await made.stop()


async def seen(log: Log, table: str) -> dict[int, datetime]:
    """What stands in a table, by amount."""
    owner = await asyncpg.connect(asyncpg_url(log.url))
    found = await owner.fetch(f'SELECT amount, seen_at FROM "{LIVE}".{table}')
    await owner.close()
    return {row["amount"]: row["seen_at"] for row in found}


async def test_a_moment_with_any_offset_is_shown_and_stops_no_list(log: Log, runner: Runner) -> None:
    for amount in MOMENTS:
        await log.handle_many([deposit(amount, amount, UUID(int=amount))])
    await runner.wait_for(len(MOMENTS))
    shown = {
        1: MOMENTS[1],
        2: MOMENTS[2],
        3: datetime.min.replace(tzinfo=UTC),
        4: datetime.max.replace(tzinfo=UTC),
    }
    assert await seen(log, "seen") == shown
    for amount in MOMENTS:  # and its past is written from what is kept in memory
        await log.handle_many([deposit(amount + 10, 5, UUID(int=amount))])
    await runner.wait_for(2 * len(MOMENTS))
    assert await seen(log, "seen_history") == shown


async def test_a_number_beyond_its_column_is_the_largest_that_there_is(log: Log, runner: Runner) -> None:
    await log.handle_many([deposit(1, 10**12, UUID(int=1)), deposit(2, SMALL_MAX, UUID(int=2))])
    await runner.wait_for(2)
    assert list(await seen(log, "seen")) == [SMALL_MAX]
    await log.handle_many([deposit(3, 5, UUID(int=1))])
    await runner.wait_for(3)
    assert (await seen(log, "seen_history")).keys() == {SMALL_MAX}


async def test_texts_too_long_for_an_index_are_shortened_and_stay_apart(log: Log, runner: Runner) -> None:
    for number, note in enumerate((LONG, LONG[::-1], LONG + "x"), start=1):
        await log.handle_many([Work(ACCOUNT, UUID(int=number), Deposit(amount=number, note=note), envelope(number))])
    await runner.wait_for(3)
    assert len(await seen(log, "seen")) == 3
    keys = {fitting_key((UUID(int=1), note)) for note in (LONG, LONG[::-1], LONG + "x", LONG)}
    assert len(keys) == 3
    assert all(len(text) == INDEXED_CHARACTERS_MAX for _, text in keys)
    assert fitting_key((UUID(int=1), "HT-1")) == (UUID(int=1), "HT-1")


async def test_a_row_that_is_refused_all_the_same_is_told_at_once_and_by_its_error(
    log: Log, runner: Runner, said_by: Callable[..., list[Any]]
) -> None:
    said = said_by("mingjing_kernel.projection.runner")
    await log.handle_many([deposit(1, 5)])
    await runner.wait_for(1)
    assert not runner.stuck
    owner = await asyncpg.connect(asyncpg_url(log.url))
    await owner.execute(f'ALTER TABLE "{LIVE}".seen ADD CONSTRAINT few CHECK (amount < 100)')
    await log.handle_many([deposit(2, 500)])
    with pytest.raises(NotThereYet):
        await runner.wait_for(2, seconds=1)
    assert runner.stuck.startswith("no event after position 1 can be folded: CheckViolationError")
    assert {line["event"] for line in said} == {"projection.stuck"}
    await owner.execute(f'ALTER TABLE "{LIVE}".seen DROP CONSTRAINT few')
    await owner.close()
    await runner.wait_for(2, seconds=20)
    assert not runner.stuck
