"""Fixtures of the log's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from kernel.log.toy import ACCOUNT, SCHEMA, make_schema
from mingjing_kernel.log import Log


@pytest.fixture
async def log(postgres_url: str) -> AsyncIterator[Log]:
    """A log of toy accounts on a fresh database."""
    await make_schema(postgres_url)
    made = Log(postgres_url, SCHEMA, [ACCOUNT])
    await made.start()
    yield made
    await made.stop()


@pytest.fixture
async def other(log: Log) -> AsyncIterator[Log]:
    """A second process of the same service, as far as the log can tell."""
    made = Log(log.url, SCHEMA, [ACCOUNT])
    await made.start()
    yield made
    await made.stop()
