"""A lock outlives the process that made it, and its release reaches the others."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

import asyncpg
import pytest

from mingjing_kernel.access.kept_locks import KeptLocks, create_lockouts
from mingjing_kernel.identity.lockout import FIRST, FORGIVEN_AFTER, Lockout
from mingjing_kernel.identity.refusals import LockedOut
from mingjing_kernel.log import Log
from mingjing_kernel.log.database import asyncpg_url

ADDRESS, OTHER = "198.51.100.7", "198.51.100.8"


class Time:
    def __init__(self) -> None:
        self.now = datetime(2026, 7, 1, 9, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now


async def make_table(url: str) -> None:
    """As the migration does, whose rights are its owner's."""
    connection = await asyncpg.connect(asyncpg_url(url))
    try:
        for statement in create_lockouts("here"):
            await connection.execute(statement)
    finally:
        await connection.close()


@pytest.fixture
async def table(log: Log, log_url: str) -> Log:
    """A log with its table of locks."""
    await make_table(log_url)
    return log


@asynccontextmanager
async def process(log: Log, time: Time) -> AsyncIterator[tuple[Lockout, KeptLocks]]:
    """Another process of the same service: nothing in common but the table."""
    lockout = Lockout(time, address_failures_max=3)
    kept = KeptLocks(log, lockout, time)
    await kept.start()
    yield lockout, kept
    await kept.stop()


def is_locked(lockout: Lockout, address: str = ADDRESS) -> bool:
    try:
        lockout.require_open(address)
    except LockedOut:
        return True
    return False


def lock(lockout: Lockout, address: str = ADDRESS) -> None:
    while not is_locked(lockout, address):
        lockout.failed(address)


async def test_a_lock_is_known_after_a_restart_and_opens_by_time_all_the_same(table: Log) -> None:
    time = Time()
    async with process(table, time) as (lockout, _):
        lock(lockout)
    async with process(table, time) as (lockout, _):
        assert is_locked(lockout)
        assert not is_locked(lockout, OTHER)
        time.now += FIRST
        assert not is_locked(lockout)
        lock(lockout)
        (record,) = lockout.locked()
        assert (record.rounds, record.until) == (2, time.now + 2 * FIRST), "the second time is for longer"


async def test_a_lock_and_its_release_reach_the_other_processes(table: Log) -> None:
    time = Time()
    async with process(table, time) as (one, kept_by_one), process(table, time) as (other, kept_by_other):
        lock(one)
        await kept_by_one.exchange()
        await kept_by_other.exchange()
        assert is_locked(other)
        assert other.release(ADDRESS)
        await kept_by_other.exchange()
        await kept_by_one.exchange()
        assert not is_locked(one)


async def test_what_is_forgiven_is_forgiven_everywhere_and_the_table_forgets(table: Log) -> None:
    time = Time()
    async with process(table, time) as (one, kept_by_one), process(table, time) as (other, kept_by_other):
        for _ in range(10):
            one.failed(OTHER, "console")
        lock(one)
        await kept_by_one.exchange()
        await kept_by_other.exchange()
        assert {record.client for record in other.locked()} == {"", "console"}
        time.now += timedelta(hours=1)
        one.succeeded(OTHER, "console")
        await kept_by_one.exchange()
        assert await table.pool.fetchval("SELECT count(*) FROM \"here\".lockouts WHERE client <> ''") == 0
        time.now += FORGIVEN_AFTER + timedelta(hours=1)
        lock(one, "203.0.113.1")
        await kept_by_one.exchange()
        rows = await table.pool.fetch('SELECT address FROM "here".lockouts')
        assert [row["address"] for row in rows] == ["203.0.113.1"]


async def test_without_the_table_the_process_locks_alone_and_tells_later(log: Log, log_url: str) -> None:
    time = Time()
    lockout = Lockout(time, address_failures_max=3)
    kept = KeptLocks(log, lockout, time)
    lock(lockout)
    with pytest.raises(Exception, match="lockouts"):
        await kept.exchange()
    assert is_locked(lockout)
    assert "lockouts" in kept.because
    await make_table(log_url)
    await kept.exchange()
    assert kept.because == ""
    async with process(log, time) as (next_start, _):
        assert is_locked(next_start)
