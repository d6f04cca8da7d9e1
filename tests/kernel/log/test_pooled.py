"""Pooled connections: kept under a rush, and never handed out once the server has closed them."""

from __future__ import annotations

import asyncio

import asyncpg
from sqlalchemy import text

from kernel.log.toy import SCHEMA, make_schema
from mingjing_kernel.log.database import POOL_CONNECTIONS_MAX, make_engine

PID = text("SELECT pg_backend_pid()")


async def test_a_connection_that_the_server_has_closed_is_not_handed_out(postgres_url: str) -> None:
    await make_schema(postgres_url)
    engine, burglar = make_engine(postgres_url, SCHEMA), await asyncpg.connect(postgres_url)
    async with engine.connect() as connection:
        before = (await connection.execute(PID)).scalar_one()
    await burglar.execute("SELECT pg_terminate_backend($1)", before)
    for _ in range(200):  # until the server has let go of it
        if not await burglar.fetchval("SELECT count(*) FROM pg_stat_activity WHERE pid = $1", before):
            break
        await asyncio.sleep(0.05)
    async with engine.connect() as connection:
        assert (await connection.execute(PID)).scalar_one() != before
    await burglar.close()
    await engine.dispose()


async def test_a_rush_opens_no_connection_twice(postgres_url: str) -> None:
    await make_schema(postgres_url)
    engine = make_engine(postgres_url, SCHEMA)
    seen = []

    async def ask() -> None:
        for _ in range(5):
            async with engine.connect() as connection:
                seen.append((await connection.execute(PID)).scalar_one())

    await asyncio.gather(*(ask() for _ in range(4 * POOL_CONNECTIONS_MAX)))
    assert len(seen) == 20 * POOL_CONNECTIONS_MAX
    assert len(set(seen)) <= 2 * POOL_CONNECTIONS_MAX
    await engine.dispose()
