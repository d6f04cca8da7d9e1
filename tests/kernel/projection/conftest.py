"""Fixtures of the projections' tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest

from kernel.log.toy import ACCOUNT, SCHEMA, make_schema
from kernel.projection.reading import MODELS
from mingjing_kernel.log import Log
from mingjing_kernel.log.database import asyncpg_url
from mingjing_kernel.log.schema import read_schema_of
from mingjing_kernel.projection.runner import Runner, live_store, use_json
from mingjing_kernel.projection.store import create_read_schema


@pytest.fixture
async def log(postgres_url: str) -> AsyncIterator[Log]:
    """A log of toy accounts with empty read models."""
    await make_schema(postgres_url)
    create_read_schema(postgres_url, SCHEMA, read_schema_of(SCHEMA), MODELS)
    made = Log(postgres_url, SCHEMA, [ACCOUNT])
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def runner(log: Log) -> AsyncIterator[Runner]:
    """The live projections, running."""
    made = Runner(log, live_store(log, MODELS))
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def owner(log: Log) -> AsyncIterator[Any]:
    """A connection that sees everything."""
    connection = await asyncpg.connect(asyncpg_url(log.url))
    await use_json(connection)
    yield connection
    await connection.close()
