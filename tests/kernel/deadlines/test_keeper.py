"""The keeper on a real log: it does what is due once, and counts working days anew when a notice came."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Column, MetaData, Table, Text, Uuid, select
from sqlalchemy.ext.asyncio import AsyncConnection

from kernel.log.toy import ACCOUNT, ALICE, BOB, SCHEMA, Deposit, Deposited, Withdraw, Withdrawn, envelope, make_schema
from mingjing_kernel.calendar import CALENDAR, CALENDAR_ID, ImportNotice
from mingjing_kernel.deadlines import (
    DEADLINE,
    Clock,
    DeadlineMoved,
    DeadlinePlan,
    DeadlineRule,
    Due,
    running_working_days,
)
from mingjing_kernel.deadlines.moving import deadline_id
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Log
from mingjing_kernel.log.database import make_engine
from mingjing_kernel.log.schema import read_schema_of
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_kernel.projection.runner import Runner, live_store
from mingjing_kernel.projection.store import create_read_schema
from mingjing_kernel.service.deadline_keeping import DeadlineKeeper

METADATA = MetaData()
LENT = 3
"""Working days, which an amount of as many stands for."""


def _place(key: Key, _row: Row | None, _fact: Any) -> Row:
    return {"account": key[0], "department": "education", "region": "330106", "category": "art"}


PLACES = ReadModel(
    name="places",
    table=Table(
        "places",
        METADATA,
        Column("account", Uuid, primary_key=True),
        *(Column(name, Text, nullable=False) for name in ("department", "region", "category")),
    ),
    nouns=("account",),
    keys=lambda fact: [(fact.id,)],
    fold=_place,
    history=True,
)


def _lent(_clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case Deposited(amount=amount, note=day):
            return running_working_days(date.fromisoformat(day), amount)
        case _:
            return None


def _ask_back(due: Due) -> Withdraw:
    return Withdraw(amount=LENT if due.id == ALICE else 1_000)


PLAN = DeadlinePlan((
    DeadlineRule(
        name="loan",
        zh="归还",
        en="to be given back",
        aggregate=ACCOUNT,
        listed=PLACES,
        facts=(Deposited, Withdrawn),
        clock=_lent,
        command=_ask_back,
        legal_basis="民法典第六百七十五条",
    ),
))  # fmt: skip


def keys(fact: Any) -> Any:
    return PLAN.keys(fact)


def fold(key: Key, row: Row | None, fact: Any) -> Row | None:
    return PLAN.fold(key, row, fact)


DEADLINES = PLAN.model(METADATA, keys, fold)


class Place:
    """What the keeper asks of its service: log, lists, clock."""

    def __init__(self, log: Log, runner: Runner) -> None:
        self.log = log
        self.runner = runner
        self.engine = make_engine(log.url, SCHEMA)
        self.day = date(2027, 2, 9)

    def now(self) -> datetime:
        return datetime(self.day.year, self.day.month, self.day.day, 4, tzinfo=UTC)

    def connection(self) -> AbstractAsyncContextManager[AsyncConnection]:
        return self.engine.connect()

    async def up_to_date(self, seconds: float = 10.0) -> None:
        await self.runner.wait_for(await self.log.head(), seconds)

    async def shown(self, at: int | None = None) -> list[Any]:
        await self.up_to_date()
        async with self.connection() as connection:
            return list((await connection.execute(PLAN.deadlines_in(Scope.system(), DEADLINES, at))).mappings())

    def keeper(self) -> DeadlineKeeper:
        return DeadlineKeeper(self, PLAN, DEADLINES)  # type: ignore[arg-type]


@pytest.fixture
async def place(postgres_url: str) -> AsyncIterator[Place]:
    await make_schema(postgres_url)
    models = (PLACES, DEADLINES)
    create_read_schema(postgres_url, SCHEMA, read_schema_of(SCHEMA), models)
    log = Log(postgres_url, SCHEMA, [ACCOUNT, CALENDAR, DEADLINE])
    await log.start()
    runner = Runner(log, live_store(log, models))
    await runner.start()
    made = Place(log, runner)
    yield made
    await made.engine.dispose()
    await runner.stop()
    await log.stop()


async def lend(place: Place, number: int, account: UUID = ALICE) -> None:
    await place.log.handle(ACCOUNT, account, Deposit(amount=LENT, note="2027-02-05"), envelope(number))


async def test_a_notice_moves_what_runs_and_what_was_before_stays_in_the_history(place: Place) -> None:
    await lend(place, 1)
    keeper = place.keeper()
    assert (await keeper.step()).moved == 0
    (before,) = await place.shown()
    assert before["due_on"] == date(2027, 2, 10)
    position = await place.log.head()
    notice = ImportNotice(
        year=2027, off=(date(2027, 2, 8), date(2027, 2, 9)), worked=(), source="通知", by="p", at=place.now()
    )
    await place.log.handle(CALENDAR, CALENDAR_ID, notice, envelope(2))
    assert [(await keeper.step()).moved, (await keeper.step()).moved] == [1, 0]
    (moved,) = await place.shown()
    assert (moved["due_on"], moved["moved_from"]) == (date(2027, 2, 12), date(2027, 2, 10))
    assert [row["due_on"] for row in await place.shown(position)] == [date(2027, 2, 10)]
    (fact,) = await place.log.history(DEADLINE, deadline_id(ALICE, "loan", ""))
    assert isinstance(fact.event, DeadlineMoved)

    place.day = date(2027, 2, 12)
    assert (await keeper.step()).because == "nothing is due", "the last day itself is not over"
    place.day = date(2027, 2, 13)
    assert (await keeper.step()).done == 1
    assert await place.shown() == []


async def test_two_keepers_do_it_once(place: Place) -> None:
    await lend(place, 1)
    place.day = date(2027, 3, 1)
    both = await asyncio.gather(place.keeper().step(), place.keeper().step())
    assert sum(kept.done for kept in both) == 1
    facts = await place.log.history(ACCOUNT, ALICE)
    assert [type(fact.event) for fact in facts] == [Deposited, Withdrawn]
    assert (facts[1].meta.actor, facts[1].meta.region) == ("system:deadlines", "330106")


async def test_what_is_refused_is_said_and_asked_again_tomorrow_and_hinders_nobody(place: Place) -> None:
    await lend(place, 1, BOB)
    await lend(place, 2)
    place.day = date(2027, 3, 1)
    keeper = place.keeper()
    kept = await keeper.step()
    assert (kept.done, kept.refused) == (1, 1)
    assert "refused" in kept.because
    assert keeper.readiness()["refused"] == 1
    await place.log.handle(ACCOUNT, BOB, Deposit(amount=997, note="2027-02-05"), envelope(3))
    assert (await keeper.step()).done == 0, "now it runs for 997 days"
    async with place.connection() as connection:
        assert len((await connection.execute(select(DEADLINES.table))).all()) == 1
