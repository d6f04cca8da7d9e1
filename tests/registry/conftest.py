"""The registry at work on a real database: HTTP in, read models out, no broker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from conftest import Databases
from mingjing.county import County
from mingjing_kernel.broker.message import Message
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.identity import StaticKeys
from mingjing_kernel.log import Outcome
from mingjing_kernel.projection.rebuild import Replayed, replay
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_kernel.service import Host
from mingjing_kernel.service.migrating import migrate
from mingjing_registry.service import SERVICE
from mingjing_registry.settings import RegistrySettings

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
ISSUER = "https://issuer.example"
_KEY = ECKey.generate_key("P-256", {"kid": "test"})


@dataclass
class Caller:
    """Somebody who talks to the service and sees own writes."""

    client: httpx.AsyncClient
    headers: dict[str, str]
    position: str = "0"

    async def read(self, path: str, **params: Any) -> httpx.Response:
        """A read that waits for the own last write."""
        headers = self.headers | {"Mingjing-Position": self.position}
        return await self.client.get(f"/registry/v1{path}", params=params, headers=headers)

    async def get(self, path: str, **params: Any) -> Any:
        """The same, its JSON."""
        answer = await self.read(path, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, body: Any = None, *, key: UUID | None = None, reason: str = "") -> httpx.Response:
        """A write, with a key of its own unless one is given."""
        headers = self.headers | {"Idempotency-Key": str(key or new_id()), "Mingjing-Reason": quote(reason)}
        answer = await self.client.post(f"/registry/v1{path}", headers=headers, json=body)
        self.position = answer.headers.get("Mingjing-Position", self.position)
        return answer

    async def send(self, content: bytes, name: str = "", *, key: UUID | None = None) -> httpx.Response:
        """A file."""
        media = {"Content-Type": "application/octet-stream"}
        headers = self.headers | media | {"Idempotency-Key": str(key or new_id())}
        answer = await self.client.post("/registry/v1/imports", params={"name": name}, headers=headers, content=content)
        self.position = answer.headers.get("Mingjing-Position", self.position)
        return answer


@dataclass
class World:
    """The service, its callers, and what the other services tell it."""

    host: Host
    client: httpx.AsyncClient
    told: int = 0

    def caller(
        self,
        role: str,
        department: str = "*",
        region: str = "330106",
        own: str = "education",
        subject: str = "",
        organisation: str = "",
    ) -> Caller:
        """Somebody with one grant, called as the role is unless ``subject`` says otherwise."""
        seconds = int(NOW.timestamp())
        grant = {"role": role, "department": department, "region": region, "category": "*"}
        holder = {"organisation": organisation} if organisation else {}
        claims = {
            "iss": ISSUER,
            "aud": "mingjing",
            "sub": subject or role,
            "exp": seconds + 600,
            "grants": [grant | holder],
            "department": own,
            "region": region,
        }
        token = jwt.encode({"alg": "ES256", "kid": "test"}, claims, _KEY, algorithms=["ES256"])
        return Caller(self.client, {"Authorization": f"Bearer {token}"})

    @property
    def public(self) -> Caller:
        """Nobody in particular."""
        return Caller(self.client, {})

    async def tell(self, *contracts: Any) -> None:
        """What follows when another service tells this one something."""
        for contract in contracts:
            self.told += 1
            message = Message(contract, contract.service(), self.told, contract.subject, NOW)
            works = SERVICE.inbound[type(contract)](message, self.host)
            works = await works if asyncio.iscoroutine(works) else works
            results = await self.host.log.handle_many(works)
            assert all(isinstance(one, Outcome) for one in results), results
        await self.host.runner.wait_for(await self.host.log.head())

    async def replayed(self) -> Replayed:
        """The read models folded anew and compared."""
        await self.host.runner.wait_for(await self.host.log.head())
        return await replay(self.host.log, SERVICE.read_models)


@pytest.fixture
async def world(databases: Databases, tmp_path: Path) -> AsyncIterator[World]:
    """A fresh registry."""

    def prepare(url: str) -> None:
        asyncio.run(migrate(SERVICE, url, say=lambda _: None))

    url = await asyncio.to_thread(databases.prepared, "registry", prepare)
    settings = RegistrySettings(postgres_url=url, issuer_url=ISSUER, data_dir=tmp_path)
    for name in ("sealing", "index"):
        make_key_file(settings.key_file(name))
    host = Host(SERVICE, settings, parts={"http", "projections"}, now=lambda: NOW, keys=StaticKeys(KeySet([_KEY])))
    transport = httpx.ASGITransport(host.app(), raise_app_exceptions=True)
    async with host.running(), httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield World(host, client)
    await asyncio.to_thread(databases.drop, url)


@pytest.fixture(scope="session")
def registry_files() -> dict[str, bytes]:
    """The county's register files by name, in the order of their numbers."""
    with County() as county:
        paths = sorted(one.path for one in county.deliveries() if one.folder == "registry")
        return {path.rpartition("/")[2]: county.read(path) for path in paths}
