"""A log that notes what is said about access, on a real PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import asyncpg
import pytest

from mingjing_kernel.access.noted import ACCESS
from mingjing_kernel.log import Log
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.log.schema import create_log


async def _prepare(url: str) -> None:
    connection = await asyncpg.connect(asyncpg_url(url))
    try:
        for statement in create_log("here"):
            await connection.execute(statement)
    finally:
        await connection.close()


def log_at(url: str) -> Log:
    return Log(url, "here", [ACCESS])


@pytest.fixture
async def log_url(postgres_url: str) -> str:
    """A database with an empty log ``here``."""
    await _prepare(postgres_url)
    return postgres_url


@pytest.fixture
async def log(log_url: str) -> AsyncIterator[Log]:
    """The log, started."""
    made = log_at(log_url)
    await made.start()
    yield made
    await asyncio.shield(made.stop())
