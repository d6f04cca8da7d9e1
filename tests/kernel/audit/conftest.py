"""Fixtures of the audit's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest

from conftest import Databases
from kernel.audit.burgled import Burgled, prepare, prepare_sm3
from kernel.log.toy import ACCOUNT, SCHEMA, make_schema
from mingjing_kernel.log import Log


@pytest.fixture
def burgled(databases: Databases) -> Iterator[Burgled]:
    url = databases.prepared("audit", prepare)
    yield Burgled(url)
    databases.drop(url)


@pytest.fixture
def burgled_sm3(databases: Databases) -> Iterator[Burgled]:
    url = databases.prepared("audit-sm3", prepare_sm3)
    yield Burgled(url)
    databases.drop(url)


@pytest.fixture
async def log(postgres_url: str) -> AsyncIterator[Log]:
    """A log of toy accounts on a fresh database."""
    await make_schema(postgres_url)
    made = Log(postgres_url, SCHEMA, [ACCOUNT])
    await made.start()
    yield made
    await made.stop()
