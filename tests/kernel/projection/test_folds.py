"""Live, rebuilt, replayed and folded by hand: the same rows, at every position."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from kernel.log.toy import SCHEMA, deposit
from kernel.projection.reading import BALANCES, MODELS, TALLIES, by_hand, by_query, some_works
from mingjing_kernel.log import Log
from mingjing_kernel.log.schema import read_schema_of
from mingjing_kernel.log.sealer import Sealer
from mingjing_kernel.log.segments import SEGMENT_EVENTS
from mingjing_kernel.projection import Follower, NotThereYet, Runner
from mingjing_kernel.projection.rebuild import Rebuilt, is_current, rebuild, replay
from mingjing_kernel.projection.runner import live_store, use_json
from mingjing_kernel.projection.store import CheckpointMoved, Store

LIVE = read_schema_of(SCHEMA)
SHIFTED = """SELECT * FROM "{0}".noted FULL JOIN (
        SELECT coalesce(note, '') AS note, count(*) AS accounts, sum(amount) AS amount FROM "{0}".balances GROUP BY 1
    ) AS counted USING (note)
    WHERE (noted.accounts, noted.amount) IS DISTINCT FROM (coalesce(counted.accounts, 0), coalesce(counted.amount, 0))
"""
"""Sums that are not what a count of all rows gives."""


async def check_all(log: Log, owner: Any, *positions: int) -> None:
    """What the tables hold is what a fold by hand gives, now and at these positions."""
    head = await log.head()
    assert await owner.fetch(SHIFTED.format(LIVE)) == []
    for model in MODELS:
        assert await by_query(owner, model, LIVE) == await by_hand(log, model, head)
        for position in positions:
            assert await by_query(owner, model, LIVE, position) == await by_hand(log, model, position)


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_live_rebuild_and_replay_give_the_same_rows(log: Log, runner: Runner, owner: Any, seed: int) -> None:
    chance, first = random.Random(seed), 0
    for _ in range(12):
        count = chance.choice([1, 2, 7, 40])
        await log.handle_many(some_works(chance, first, count))
        first += count
        if chance.random() < 0.5:
            await runner.wait_for(await log.head())
        if chance.random() < 0.3:
            await runner.wait_for(await log.head())  # in the middle of a page the cache is all there is
            runner.store.forget()
    head = await log.head()
    await runner.wait_for(head)
    positions = [0, 1, head, *(chance.randint(1, head) for _ in range(6))]
    await check_all(log, owner, *positions)
    done: list[tuple[int, int]] = []
    replayed = await replay(log, MODELS, lambda at, whole: done.append((at, whole)))
    assert (replayed.differences, replayed.events, replayed.tables) == (0, head, 5)
    assert done[-1] == (head, head)
    assert replayed.rows > 0
    assert await rebuild(log, MODELS) == Rebuilt(head, 0)
    await check_all(log, owner, *positions)
    assert await is_current(owner, SCHEMA, MODELS)


async def test_a_replay_shows_the_row_that_was_touched(log: Log, runner: Runner, owner: Any) -> None:
    await log.handle_many([deposit(number) for number in range(5)])
    await runner.wait_for(5)
    await owner.execute(f'UPDATE "{LIVE}".balances SET amount = amount + 1')
    replayed = await replay(log, MODELS)
    assert replayed.differences == 2
    assert {(one.table, one.side) for one in replayed.examples} == {
        ("balances", "仅在现有的表中 only in the live table"),
        ("balances", "仅在重演中 only in the replay"),
    }
    assert '"amount":6' in "".join(one.row for one in replayed.examples)
    assert await owner.fetchval("SELECT to_regnamespace('toy_replay')") is None
    assert await rebuild(log, MODELS) == Rebuilt(5, 2)
    assert (await replay(log, MODELS)).differences == 0


async def test_nobody_waits_for_a_replay(log: Log, runner: Runner, owner: Any) -> None:
    await log.handle_many([deposit(number) for number in range(5)])
    await runner.wait_for(5)
    async with owner.transaction():  # keeps the replay in the middle of its comparison
        await owner.execute(f'LOCK TABLE "{LIVE}".balances_history IN ACCESS EXCLUSIVE MODE')
        replaying = asyncio.create_task(replay(log, MODELS))
        await until_somebody_waits_for(owner, f'"{LIVE}".balances_history')
        await log.handle_many([deposit(5, account=UUID(int=99))])
        await runner.wait_for(6)
        assert not replaying.done()
    replayed = await replaying
    assert (replayed.differences, replayed.events) == (0, 5)
    await check_all(log, owner)


async def until_somebody_waits_for(connection: Any, table: str) -> None:
    """Return when a lock on the table was asked for and not granted."""
    async with asyncio.timeout(20):
        waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = $1::regclass"
        while not await connection.fetchval(waiting, table):  # noqa: ASYNC110  (only the database knows)
            await asyncio.sleep(0.01)


async def test_rebuild_and_replay_fold_the_same_from_segments_and_leave_a_broken_one_aside(
    log: Log, runner: Runner, owner: Any
) -> None:
    chance = random.Random(9)
    await log.handle_many(some_works(chance, 0, 4_000))
    head = await log.head()
    assert head > 2 * SEGMENT_EVENTS
    await runner.wait_for(head, seconds=20)
    sealer = Sealer(log)
    while await sealer.step():
        pass
    assert await rebuild(log, MODELS) == Rebuilt(head, 0)
    assert (await replay(log, MODELS)).differences == 0
    await owner.execute(f'ALTER TABLE "{SCHEMA}".segments DISABLE TRIGGER ALL')
    await owner.execute(f'UPDATE "{SCHEMA}".segments SET payload = substr(payload, 2) WHERE first = 1')
    assert await rebuild(log, MODELS) == Rebuilt(head, 0)
    assert (await replay(log, MODELS)).differences == 0
    await check_all(log, owner, head)


async def test_a_rebuild_of_other_models_says_that_it_cannot_compare(log: Log, runner: Runner, owner: Any) -> None:
    await log.handle_many([deposit(number) for number in range(5)])
    await runner.wait_for(5)
    await owner.execute(f"UPDATE \"{LIVE}\".projection SET fingerprint = 'of an older release'")
    rebuilt = await rebuild(log, MODELS)
    assert (rebuilt.events, rebuilt.differences) == (5, None)
    assert "the models changed" in rebuilt.sentence()


async def test_a_rebuild_compares_where_the_live_tables_stand(log: Log, runner: Runner) -> None:
    await log.handle_many([deposit(number) for number in range(5)])
    await runner.wait_for(5)
    await runner.stop()
    await log.handle_many([deposit(number) for number in range(5, 9)])
    assert await rebuild(log, MODELS) == Rebuilt(9, 0)


async def test_a_rebuild_swaps_while_the_runner_runs_and_writers_write(log: Log, runner: Runner, owner: Any) -> None:
    chance = random.Random(5)
    await log.handle_many(some_works(chance, 0, 200))
    rebuilt = 0

    async def write() -> None:
        for step in range(30):
            await log.handle_many(some_works(chance, 1_000 + step * 10, 10))

    async def swap() -> None:
        nonlocal rebuilt
        for _ in range(3):
            assert not (await rebuild(log, MODELS)).differences  # none at all while nothing was folded yet
            rebuilt += 1

    await asyncio.gather(write(), swap())
    assert rebuilt == 3
    await runner.wait_for(await log.head(), seconds=20)
    await check_all(log, owner)
    assert (await replay(log, MODELS)).differences == 0


async def test_a_rebuild_gives_way_to_a_long_query_and_comes_back(log: Log, runner: Runner, owner: Any) -> None:
    await log.handle_many([deposit(number) for number in range(5)])
    await runner.wait_for(5)
    async with owner.transaction():
        await owner.fetch(f'SELECT * FROM "{LIVE}".balances')
        swapping = asyncio.create_task(rebuild(log, MODELS))
        done, _ = await asyncio.wait([swapping], timeout=3)
        assert not done
    assert await swapping == Rebuilt(5, 0)
    await check_all(log, owner)


async def test_a_store_that_is_not_where_the_page_begins_says_so(log: Log, owner: Any) -> None:
    await log.handle_many([deposit(number) for number in range(5)])
    store = Store(LIVE, MODELS)
    with pytest.raises(CheckpointMoved):
        async with owner.transaction():
            await store.apply(owner, await log.read(2, 3))
    async with owner.transaction():
        await store.apply(owner, await log.read(0, 5))
    with pytest.raises(CheckpointMoved):
        async with owner.transaction():
            await store.apply(owner, await log.read(0, 5))
    assert await store.position(owner) == 5


async def test_a_checkpoint_that_moved_is_read_again(log: Log, runner: Runner, owner: Any) -> None:
    await log.handle_many([deposit(1)])
    await runner.wait_for(1)
    async with owner.transaction():  # another hand folds the next events before the runner does
        page = owner.execute(f'LOCK TABLE "{LIVE}".projection IN ACCESS EXCLUSIVE MODE')
        await page
        await log.handle_many([deposit(2), deposit(3)])
        await Store(LIVE, MODELS).apply(owner, await log.read(1, 2))
    await log.handle_many([deposit(4)])
    await runner.wait_for(4, seconds=20)
    await check_all(log, owner)


async def test_whoever_waits_too_long_is_told(log: Log, runner: Runner) -> None:
    await log.handle_many([deposit(1)])
    await runner.wait_for(1)
    with pytest.raises(NotThereYet):
        await runner.wait_for(2, seconds=0.01)
    waiting = asyncio.create_task(runner.wait_for(2, seconds=10))
    await log.handle_many([deposit(2)])
    await waiting


async def test_a_process_that_does_not_fold_hears_how_far_another_is(log: Log, runner: Runner) -> None:
    follower = Follower(log, live_store(log, MODELS))
    await follower.start()
    await log.handle_many([deposit(1)])
    await follower.wait_for(1, seconds=10)
    with pytest.raises(NotThereYet):
        await follower.wait_for(2, seconds=0.01)
    waiting = asyncio.create_task(follower.wait_for(2, seconds=10))
    await log.handle_many([deposit(2)])
    await waiting
    assert (follower.position, follower.because) == (2, "")
    await follower.stop()


async def test_a_process_that_does_not_fold_says_that_nobody_does(
    log: Log, runner: Runner, owner: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The other process lives, and hangs."""
    for name in ("LOOK_SECONDS", "STUCK_SECONDS"):
        monkeypatch.setattr(f"mingjing_kernel.projection.follower.{name}", 0.2)
    follower = Follower(log, live_store(log, MODELS))
    await log.handle_many([deposit(1)])
    await follower.start()
    await follower.wait_for(1, seconds=10)
    hang = owner.transaction()
    await hang.start()
    await owner.execute(f'SELECT FROM "{LIVE}".projection FOR UPDATE')
    await log.handle_many([deposit(2)])
    await until(lambda: "have stood at 1" in follower.because)
    await hang.rollback()
    await follower.wait_for(2, seconds=20)
    await until(lambda: not follower.because)
    await follower.stop()


async def test_a_process_that_hears_nothing_asks_the_checkpoint(log: Log, runner: Runner, owner: Any) -> None:
    follower = Follower(log, live_store(log, MODELS))
    await log.handle_many([deposit(1)])
    await follower.wait_for(1, seconds=10)  # it was never started


async def test_one_runner_works_and_the_next_takes_over(log: Log, runner: Runner, owner: Any) -> None:
    heir = Runner(log, live_store(log, MODELS))
    await log.handle_many([deposit(1)])
    await runner.wait_for(1)
    await heir.start()
    await runner.stop()
    await log.handle_many([deposit(2)])
    await heir.wait_for(2, seconds=20)
    await heir.stop()
    await check_all(log, owner)


async def test_tables_of_another_release_are_left_alone_until_they_fit(
    log: Log, runner: Runner, owner: Any, said_by: Callable[..., list[Any]]
) -> None:
    await log.handle_many([deposit(1)])
    await runner.wait_for(1)
    assert not runner.because
    ours = runner.store.fingerprint
    said = said_by("mingjing_kernel.projection.runner")  # before the change: it may look at any moment
    await owner.execute(f"UPDATE \"{LIVE}\".projection SET fingerprint = 'of another release'")
    await log.handle_many([deposit(2)])
    await until(lambda: "another release" in runner.because)
    await asyncio.sleep(1.5)  # it looks again each second, and does not say so again
    assert [line["because"] for line in said if line["event"] == "projection.standing_by"] == [runner.because]
    assert await runner.store.position(owner) == 1
    with pytest.raises(NotThereYet):
        await runner.wait_for(2, seconds=0.1)
    await owner.execute(f'UPDATE "{LIVE}".projection SET fingerprint = $1', ours)
    await runner.wait_for(2, seconds=20)
    assert not runner.because
    await check_all(log, owner)


async def test_the_old_release_makes_room_for_the_new_one(log: Log, runner: Runner, owner: Any) -> None:
    await log.handle_many([deposit(1)])
    await runner.wait_for(1)
    models = [BALANCES]  # the next release has no tallies
    heir = Runner(log, live_store(log, models))
    await heir.start()
    await until(lambda: "another release" in heir.because)
    assert await rebuild(log, models) == Rebuilt(1, None, "读模型的定义已改变 the models changed")
    await log.handle_many([deposit(2)])
    await heir.wait_for(2, seconds=20)
    await until(lambda: "another release" in runner.because)
    await log.handle_many([deposit(3)])
    await heir.wait_for(3, seconds=20)
    assert (await replay(log, models)).differences == 0
    assert not heir.because
    await heir.stop()


async def test_a_page_that_another_release_would_fold_is_given_up(log: Log, owner: Any) -> None:
    await log.handle_many([deposit(1)])
    with pytest.raises(CheckpointMoved, match="another release"):
        async with owner.transaction():
            await Store(LIVE, [BALANCES]).apply(owner, await log.read(0, 1))
    assert await Store(LIVE, MODELS).position(owner) == 0


async def until(holds: Callable[[], bool]) -> None:
    """Return when it is so."""
    async with asyncio.timeout(20):
        while not holds():  # noqa: ASYNC110  (a runner has no event for this)
            await asyncio.sleep(0.02)


async def test_a_killed_connection_folds_nothing_twice(log: Log, runner: Runner, owner: Any) -> None:
    for number in range(40):
        await log.handle_many([deposit(number)])
        if number % 10 == 5:
            await owner.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted "
                "AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
            )
    await runner.wait_for(40, seconds=30)
    await check_all(log, owner)


async def test_keys_of_another_type_than_their_columns_are_refused(log: Log, owner: Any) -> None:
    """Else the fold of the next page would be told that there is no row."""
    await log.handle_many([deposit(1)])
    store = Store(LIVE, MODELS)
    async with owner.transaction():
        await store.apply(owner, await log.read(0, 1))
    wrong = type(BALANCES)(
        name="tallies",
        table=TALLIES.table.to_metadata(type(TALLIES.table.metadata)()),
        nouns=("account",),
        keys=lambda recorded: [("all", recorded.occurred_at.date().isoformat())],
        fold=TALLIES.fold,
    )
    await use_json(owner)
    await log.handle_many([deposit(2)])
    mistaken = Store(LIVE, [wrong])
    await owner.execute(f'UPDATE "{LIVE}".projection SET fingerprint = $1', mistaken.fingerprint)
    with pytest.raises(TypeError, match="not of the columns' types"):
        async with owner.transaction():
            await mistaken.apply(owner, await log.read(1, 1))


def test_a_model_without_history_does_not_answer_for_the_past() -> None:
    plain = type(BALANCES)(
        name="plain",
        table=BALANCES.table.to_metadata(type(BALANCES.table.metadata)(), name="plain"),
        nouns=(),
        keys=BALANCES.keys,
        fold=BALANCES.fold,
    )
    assert plain.at(None) is plain.table
    with pytest.raises(ValueError, match="keeps no history"):
        plain.at(3)


def test_a_model_is_named_as_its_table_with_its_key_first() -> None:
    with pytest.raises(ValueError, match="same name as its table"):
        type(BALANCES)(name="other", table=BALANCES.table, nouns=(), keys=BALANCES.keys, fold=BALANCES.fold)
