"""Cursors that move with facts, and long runs of commands: on a real PostgreSQL."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Sequence
from contextlib import aclosing
from typing import Any

import pytest

from kernel.log.toy import SCHEMA, TooPoor, check_whole, deposit, owner, withdraw
from mingjing_kernel.broker.schema import create_broker_tables
from mingjing_kernel.clock import system_clock
from mingjing_kernel.log import Log, Outcome
from mingjing_kernel.log.envelope import Move, VersionConflict

SOURCE = "upstream"


class Elsewhere(Exception):
    """What the toy inbox raises when its cursor does not stand where it was."""


@pytest.fixture
async def moving(log: Log) -> Log:
    """A log beside which an inbox has heard its source up to 10."""
    connection = await owner(log)
    for statement in create_broker_tables(SCHEMA):
        await connection.execute(statement)
    await connection.execute(f"INSERT INTO \"{SCHEMA}\".inbox_cursors VALUES ('{SOURCE}', 10, now())")
    await connection.close()
    return log


class Inbox:
    """Settles as the real one does, and remembers that it was asked to."""

    def __init__(self, before: int, after: int) -> None:
        self.move = Move(SOURCE, before, after, system_clock())
        self.told: list[list[Any]] = []

    async def settle(self, connection: Any, results: Sequence[object]) -> None:
        self.told.append([type(result) for result in results])
        moved = await connection.execute(
            f'UPDATE "{SCHEMA}".inbox_cursors SET position = $1 WHERE source = $2 AND position = $3',
            self.move.after,
            SOURCE,
            self.move.before,
        )
        if moved != "UPDATE 1":
            raise Elsewhere


async def position(log: Log) -> int:
    return int(await log.pool.fetchval(f'SELECT position FROM "{SCHEMA}".inbox_cursors'))


async def test_a_cursor_moves_with_its_facts_and_nobody_has_to_settle(moving: Log) -> None:
    inbox = Inbox(10, 12)
    results = await moving.handle_many([deposit(1), deposit(2)], settle=inbox.settle, move=inbox.move)
    assert [result.position for result in results] == [1, 2]
    assert (await position(moving), inbox.told) == (12, [])
    further = Inbox(12, 15)
    assert await moving.handle_many([], settle=further.settle, move=further.move) == []
    assert (await position(moving), further.told) == (15, [])
    assert len(await check_whole(moving)) == 2


async def test_a_cursor_that_stands_elsewhere_fails_its_own_group_and_no_other(moving: Log) -> None:
    late = Inbox(9, 12)
    lost, kept = await asyncio.gather(
        moving.handle_many([deposit(1)], settle=late.settle, move=late.move),
        moving.handle_many([deposit(2)]),
        return_exceptions=True,
    )
    assert isinstance(lost, Elsewhere)
    assert [type(result) for result in kept] == [Outcome]
    assert await position(moving) == 10
    assert len(await check_whole(moving)) == 1
    assert [result.repeated for result in await moving.handle_many([deposit(1)])] == [False]


async def test_a_refused_work_is_settled_with_what_was_said_to_it(moving: Log) -> None:
    inbox = Inbox(10, 12)
    results = await moving.handle_many([deposit(1, 5), withdraw(2, 99)], settle=inbox.settle, move=inbox.move)
    assert [type(result) for result in results] == [Outcome, TooPoor]
    assert (await position(moving), inbox.told) == (12, [[Outcome, TooPoor]])
    assert len(await check_whole(moving)) == 1


async def test_of_two_processes_that_apply_the_same_messages_one_wins(moving: Log, other: Log) -> None:
    inboxes = [Inbox(10, 12), Inbox(10, 12)]
    answers = await asyncio.gather(
        moving.handle_many([deposit(1)], settle=inboxes[0].settle, move=inboxes[0].move),
        other.handle_many([deposit(1)], settle=inboxes[1].settle, move=inboxes[1].move),
        return_exceptions=True,
    )
    assert sorted(type(answer).__name__ for answer in answers) == ["Elsewhere", "list"]
    assert (await position(moving), len(await check_whole(moving))) == (12, 1)


async def test_a_long_run_is_carried_out_in_order_some_commands_a_transaction(log: Log) -> None:
    works = [deposit(number, number) for number in range(1, 24)]
    chunks = [(at, results) async for at, results in log.handle_stream(works, 5)]
    assert [(at, len(results)) for at, results in chunks] == [(0, 5), (5, 5), (10, 5), (15, 5), (20, 3)]
    assert [result.position for _, results in chunks for result in results] == list(range(1, 24))
    assert [chunk async for chunk in log.handle_stream([], 5)] == []
    again = [result.repeated async for _, results in log.handle_stream(works, 7) for result in results]
    assert again == [True] * 23


def test_a_refusal_survives_the_way_from_another_process() -> None:
    met = pickle.loads(pickle.dumps(VersionConflict(expected=1, actual=2)))
    assert (type(met), met.values) == (VersionConflict, {"expected": 1, "actual": 2})
    assert str(met) == str(VersionConflict(expected=1, actual=2))


async def test_where_only_a_cursor_moves_the_time_of_the_head_stays_that_of_its_last_event(moving: Log) -> None:
    await moving.handle_many([deposit(1)])
    before = await moving.pool.fetchrow(f'SELECT * FROM "{SCHEMA}".head')
    inbox = Inbox(10, 12)
    await moving.handle_many([], settle=inbox.settle, move=inbox.move)
    assert (await position(moving), inbox.told) == (12, [])
    assert await moving.pool.fetchrow(f'SELECT * FROM "{SCHEMA}".head') == before


async def test_whoever_leaves_a_long_run_finds_one_transaction_more_done_and_can_send_all_again(
    log: Log,
) -> None:
    works = [deposit(number, number) for number in range(1, 16)]
    async with aclosing(log.handle_stream(works, 5)) as chunks:
        async for at, results in chunks:
            assert (at, len(results)) == (0, 5)
            break
    assert await log.head() == 10
    repeated = [result.repeated async for _, results in log.handle_stream(works, 5) for result in results]
    assert repeated == [True] * 10 + [False] * 5
    assert len(await check_whole(log)) == 15


async def test_a_move_without_a_settlement_is_refused(moving: Log) -> None:
    with pytest.raises(ValueError, match="settle"):
        await moving.handle_many([deposit(1)], move=Inbox(10, 12).move)
