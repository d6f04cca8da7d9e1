"""Who may do what crosses to the other services over the real broker, or over HTTP where the broker lost it; a service
that starts again needs neither of them to know."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import nats
import pytest
from granian.constants import Interfaces
from granian.server.embed import Server

from conftest import Databases
from mingjing.first_grants import INSTALLER, demo_grants, demo_subject
from mingjing.issuer import make_issuer
from mingjing.keys import client_key_file
from mingjing_console import service as console
from mingjing_kernel.access.noted import ACCESS, person_id
from mingjing_kernel.clock import system_clock
from mingjing_kernel.identifiers import derived_id, new_id
from mingjing_kernel.service import Host, Service
from mingjing_kernel.service.migrating import migrate
from mingjing_registry import service as registry

DEADLINE_SECONDS = 60.0
AUDITOR = demo_subject("auditor")
FIRST = {"first_administrators": (demo_subject(INSTALLER),)}


@dataclass
class County:
    """A console, whoever hears it, and the issuer, on real ports of this machine."""

    directory: Path
    nats_url: str
    client: httpx.AsyncClient
    databases: dict[str, str]
    urls: dict[str, str]
    tokens: dict[str, str] = field(default_factory=dict)

    @asynccontextmanager
    async def running(self, service: Service, *parts: str, **more: Any) -> AsyncIterator[Host]:
        """The service at work, until the end of the ``with``."""
        settings = service.settings(
            postgres_url=self.databases[service.name],
            nats_url=self.nats_url,
            issuer_url=self.urls["issuer"],
            console_url=self.urls["console"],
            funds_url=self.urls["nobody"],
            data_dir=self.directory,
            token_grants="services",
            client_id=f"service-{service.name}",
            client_jwk_file=client_key_file(self.directory, f"service-{service.name}"),
            **more,
        )
        host = Host(service, settings, parts={"http", "projections", *parts})
        async with serving(host.app(), self.urls[service.name]):
            yield host

    async def ask(self, person: str, method: str, url: str, **more: Any) -> httpx.Response:
        """As a demo person, with a token that says who it is and nothing else."""
        if person not in self.tokens:
            form = {"grant_type": "client_credentials", "client_id": person}
            self.tokens[person] = (await self.client.post(f"{self.urls['issuer']}/token", data=form)).json()[
                "access_token"
            ]
        headers = {"Authorization": f"Bearer {self.tokens[person]}", "Idempotency-Key": str(new_id())}
        return await self.client.request(method, url, headers=headers, **more)

    async def install(self) -> None:
        answer = await self.ask(INSTALLER, "POST", self.address("console", "/grants"), json={"grants": demo_grants()})
        assert answer.status_code == 201, answer.text

    async def take(self, key: str) -> None:
        """An administrator takes the first grant of a demo person back."""
        grant = derived_id("demo-grant", key, 0)
        url = self.address("console", f"/grants/{grant}/taking")
        answer = await self.ask("administrator", "POST", url, json={"reason": "调离"})
        assert answer.status_code == 201, answer.text

    async def until(self, person: str, status: int) -> None:
        """Until the registry answers somebody so."""
        await until(lambda: self._answers(person, status))

    async def reads(self, person: str) -> int:
        """What the registry answers to somebody at an address that an auditor may read."""
        return (await self.ask(person, "GET", self.address("registry", "/log/contracts?after=0"))).status_code

    def address(self, service: str, path: str) -> str:
        return f"{self.urls[service]}/{service}/v1{path}"

    async def _answers(self, person: str, status: int) -> bool:
        return (await self.reads(person)) == status


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not await condition():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.02)


@asynccontextmanager
async def serving(app: Any, url: str) -> AsyncIterator[None]:
    """The application at its address, with its lifespan."""
    port = int(url.rpartition(":")[2])
    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI, log_enabled=False)
    task = asyncio.create_task(server.serve())
    await until(lambda: _listens(port))
    try:
        yield
    finally:
        server.stop()  # type: ignore[no-untyped-call]
        await task


async def _listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def free_url() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
async def county(databases: Databases, nats_url: str, tmp_path: Path) -> AsyncIterator[County]:
    """Fresh databases, an empty broker, and the development issuer."""
    made: dict[str, str] = {}
    urls = {name: free_url() for name in ("issuer", "console", "registry", "nobody")}
    for service in (console.SERVICE, registry.SERVICE):
        made[service.name] = databases.fresh()
        await migrate(service, made[service.name], say=lambda _: None)
    issuer = make_issuer(urls["issuer"], tmp_path)
    async with httpx.AsyncClient(timeout=30, trust_env=False) as client, serving(issuer, urls["issuer"]):
        yield County(tmp_path, nats_url, client, made, urls)
    for url in made.values():
        await asyncio.to_thread(databases.drop, url)


async def test_what_is_given_and_taken_at_the_console_counts_in_the_other_services(county: County) -> None:
    async with county.running(console.SERVICE, "relay", **FIRST), county.running(registry.SERVICE, "inboxes") as there:
        assert await county.reads("auditor") == 403
        await county.install()
        await county.until("auditor", 200)
        assert await county.reads("inspector") == 403
        await county.take("auditor")
        await county.until("auditor", 403)
        noted = await there.log.history(ACCESS, person_id(AUDITOR))
        assert [fact.type for fact in noted] == ["kernel.grant-noted.v1", "kernel.grant-taken-noted.v1"]
        assert noted[-1].meta.causation.startswith("console-")


async def test_an_ended_sign_in_is_refused_everywhere_and_a_locked_person_kept_out(county: County) -> None:
    async with county.running(console.SERVICE, "relay", **FIRST), county.running(registry.SERVICE, "inboxes"):
        await county.install()
        await county.until("auditor", 200)
        await next_second()
        revocation = {"person": AUDITOR, "what": "person", "reason": "手机丢失"}
        url = county.address("console", f"/revocations/{new_id()}")
        assert (await county.ask("administrator", "PUT", url, json=revocation)).status_code == 201
        await county.until("auditor", 401)
        await next_second()
        del county.tokens["auditor"]
        await county.until("auditor", 200)
        lock = county.address("console", f"/locks/{AUDITOR}")
        assert (await county.ask("administrator", "POST", lock, json={"reason": "核查"})).status_code == 201
        await county.until("auditor", 403)


async def test_what_the_broker_lost_is_fetched_over_http(county: County) -> None:
    async with county.running(console.SERVICE, "relay", **FIRST) as source:
        await county.install()

        async def is_published() -> bool:
            return bool(source.talking.relay.status.position >= await source.log.head())

        await until(is_published)
        await _purge(county.nats_url)
        async with county.running(registry.SERVICE, "inboxes"):
            await county.take("inspector")  # shows the gap
            await county.until("auditor", 200)


async def test_a_service_that_starts_again_knows_it_without_console_and_broker(county: County) -> None:
    async with county.running(console.SERVICE, "relay", **FIRST), county.running(registry.SERVICE, "inboxes"):
        await county.install()
        await county.until("auditor", 200)
    async with county.running(registry.SERVICE):
        assert await county.reads("auditor") == 200
        assert await county.reads("inspector") == 403


async def next_second() -> None:
    """Tokens say in whole seconds when they were issued."""
    began = system_clock()

    async def is_over() -> bool:
        return system_clock() > began + timedelta(seconds=1)

    await until(is_over)


async def _purge(url: str) -> None:
    client = await nats.connect(url)
    try:
        await client.jetstream().purge_stream("CONSOLE")
    finally:
        await client.close()
