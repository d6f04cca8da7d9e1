"""The fixture of the running county; what it is made of stands in ``world``."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import httpx
import pytest

from conftest import Databases
from console.world import SERVICES, County2026, fill, host_of
from mingjing_kernel.sealed.keyfile import make_key_file


@pytest.fixture(scope="session")
async def county(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[County2026]:
    """The sample county: registers and complaints taken in, one visit, one red alert, one custody account."""
    directory = tmp_path_factory.mktemp("county")
    for name in ("sealing", "index"):
        make_key_file(directory / "keys" / f"{name}.key")
    async with AsyncExitStack() as stack:
        hosts = {service.name: await host_of(service, databases, directory, stack) for service in SERVICES}
        mounts = {f"http://{name}": httpx.ASGITransport(host.app()) for name, host in hosts.items()}
        client = await stack.enter_async_context(httpx.AsyncClient(mounts=mounts, timeout=60))
        for host in hosts.values():
            await host.client.aclose()
            host.client = client
            await stack.enter_async_context(host.running())
        made = County2026(hosts, client)
        await fill(made)
        yield made
