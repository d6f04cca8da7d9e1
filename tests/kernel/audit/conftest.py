"""Fixtures of the audit's tests."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from conftest import Databases
from kernel.audit.burgled import COSIGNER, ORIGIN, SIGNER, Burgled, prepare, prepare_sm3
from kernel.audit.watched import Hands, Watched
from kernel.log.toy import ACCOUNT, SCHEMA, make_schema
from mingjing_kernel.audit.alarm import WITNESS
from mingjing_kernel.audit.checkpoints import Checkpointer
from mingjing_kernel.audit.router import make_log_router
from mingjing_kernel.audit.witness import Source, Witness
from mingjing_kernel.http import make_app
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


@pytest.fixture
async def watched(log: Log) -> AsyncIterator[Watched]:
    """The toy log over its real routes, and a neighbour whose clock the test sets."""
    await make_schema(log.url, "neighbour")
    clock = Hands()
    neighbour = Log(log.url, "neighbour", [ACCOUNT, WITNESS], clock)
    await neighbour.start()
    app = make_app(title="T", version="1", package="mingjing_kernel", routers=[make_log_router(log, SIGNER)])
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app))
    made = Watched(log, neighbour, Checkpointer(log, SIGNER), Witness(neighbour, COSIGNER, {}), client, clock)
    made.witness = Witness(neighbour, COSIGNER, {ORIGIN: Source((SIGNER.vkey,), made.fetch)})
    yield made
    await client.aclose()
    await neighbour.stop()
