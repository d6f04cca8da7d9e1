"""Append-only twice over: the service's role may not, and the owner's hand is stopped by the trigger."""

from __future__ import annotations

import asyncpg
import pytest

from kernel.log.toy import ALICE, SCHEMA, check_whole, deposit, owner
from mingjing_kernel.log import Log
from mingjing_kernel.log.schema import APPEND_ONLY, create_log

COLUMNS = {"events": "position", "commands": "id", "tiles": "level", "checkpoints": "size", "segments": "first"}
CHANGES = [
    *(f'UPDATE "{SCHEMA}".{table} SET {column} = {column}' for table, column in COLUMNS.items()),
    *(f'DELETE FROM "{SCHEMA}".{table}' for table in (*APPEND_ONLY, "head")),
    *(f'TRUNCATE "{SCHEMA}".{table}' for table in (*APPEND_ONLY, "head")),
]
FORBIDDEN = [
    f'DELETE FROM "{SCHEMA}".witnessed',
    f"INSERT INTO \"{SCHEMA}\".head VALUES (true, 'sha256', 0, '', '', now())",
    f'ALTER TABLE "{SCHEMA}".events DISABLE TRIGGER ALL',
    f'DROP TABLE "{SCHEMA}".events',
    f'CREATE TABLE "{SCHEMA}".mine (x int)',
    f'DROP FUNCTION "{SCHEMA}".refuse_change() CASCADE',
]


async def test_neither_the_owner_nor_the_service_changes_what_is_written(log: Log) -> None:
    work = deposit(1, 1, ALICE)
    await log.handle(work.aggregate, work.id, work.command, work.envelope)
    connection = await owner(log)
    for change in CHANGES:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
            await connection.execute(change)
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await log.pool.execute(change)
    await connection.close()
    assert len(await check_whole(log)) == 1


async def test_the_service_may_insert_and_select_and_nothing_else(log: Log) -> None:
    for act in FORBIDDEN:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await log.pool.execute(act)
    assert await log.pool.fetchval("SELECT current_user") == f"mingjing_{SCHEMA}"


def test_a_log_has_one_of_two_hashes() -> None:
    with pytest.raises(ValueError, match="sha256 or sm3"):
        create_log(SCHEMA, "md5")
