"""The inspection service at work on a real database: HTTP in, read models out, no broker."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from conftest import Databases
from mingjing_inspection.service import SERVICE
from mingjing_inspection.settings import InspectionSettings
from mingjing_kernel.audit.keys import make_signing_key
from mingjing_kernel.broker.message import Message
from mingjing_kernel.clock import Clock
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.identity import StaticKeys
from mingjing_kernel.log import Outcome
from mingjing_kernel.projection.rebuild import Replayed, replay
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_kernel.service import Host
from mingjing_kernel.service.migrating import migrate

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
ISSUER = "https://issuer.example"
_KEY = ECKey.generate_key("P-256", {"kid": "test"})


@dataclass
class Caller:
    """Somebody who has signed in, talking to the service; sees own writes."""

    client: httpx.AsyncClient
    headers: dict[str, str]
    position: str = "0"

    async def get(self, path: str, **params: Any) -> Any:
        """The JSON answer to a read that waits for the own last write."""
        headers = self.headers | {"Mingjing-Position": self.position}
        return (await self.client.get(f"/inspection/v1{path}", params=params, headers=headers)).json()

    async def send(self, method: str, path: str, key: UUID | None = None, **more: Any) -> httpx.Response:
        """A write, with a key of its own unless one is given."""
        headers = self.headers | {"Idempotency-Key": str(key or new_id())} | more.pop("headers", {})
        answer = await self.client.request(method, f"/inspection/v1{path}", headers=headers, **more)
        self.position = answer.headers.get("Mingjing-Position", self.position)
        return answer


@dataclass
class Time:
    """The service's clock."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


@dataclass
class World:
    """The service, its callers, and what the other services tell it."""

    host: Host
    client: httpx.AsyncClient
    time: Time
    told: int = 0
    stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def again(self, **settings: Any) -> None:
        """A new process over the same database and the same disk; nothing of the old one's memory is left."""
        told = self.host.settings.model_copy(update=settings)
        await self.stack.aclose()
        self.stack = AsyncExitStack()
        self.host, self.client = await started(self.stack, told, self.time)

    @property
    def public_key(self) -> str:
        """With which another process checks the callers' tokens."""
        return json.dumps(_KEY.as_dict(private=False))

    def later(self, **time: int) -> None:
        """The clock moves on."""
        self.time.now += timedelta(**time)

    async def caught_up(self) -> None:
        """Until the lists show everything."""
        await self.host.runner.wait_for(await self.host.log.head())

    def caller(
        self,
        role: str,
        subject: str = "",
        region: str = "330106",
        department: str = "*",
        kind: str = "person",
        organisation: str = "",
    ) -> Caller:
        """Somebody with one grant; ``organisation``: for whom an outsider acts."""
        own = {"organisation": organisation} if organisation else {}
        seconds = int(self.time.now.timestamp())
        claims = {
            "iss": ISSUER,
            "aud": "mingjing",
            "sub": subject or role,
            "kind": kind,
            "exp": seconds + 600,
            "grants": [{"role": role, "department": department, "region": region, "category": "*", **own}],
            "department": "education",
            "region": region,
        }
        token = jwt.encode({"alg": "ES256", "kid": "test"}, claims, _KEY, algorithms=["ES256"])
        return Caller(self.client, {"Authorization": f"Bearer {token}"})

    async def tell(self, contract: Any) -> list[Any]:
        """What follows when another service tells this one a contract."""
        self.told += 1
        message = Message(contract, contract.service(), self.told, contract.subject, NOW)
        works = SERVICE.inbound[type(contract)](message, self.host)
        works = await works if asyncio.iscoroutine(works) else works
        results = await self.host.log.handle_many(works)
        assert all(isinstance(one, Outcome) for one in results), results
        await self.host.runner.wait_for(await self.host.log.head())
        return results

    async def replayed(self) -> Replayed:
        """The read models folded anew and compared."""
        await self.host.runner.wait_for(await self.host.log.head())
        return await replay(self.host.log, SERVICE.read_models)


@pytest.fixture
async def world(databases: Databases, tmp_path: Path) -> AsyncIterator[World]:
    """A fresh inspection service."""

    def prepare(url: str) -> None:
        asyncio.run(migrate(SERVICE, url, say=lambda _: None))

    url = await asyncio.to_thread(databases.prepared, "inspection", prepare)
    settings = InspectionSettings(postgres_url=url, issuer_url=ISSUER, data_dir=tmp_path)
    for name in ("sealing", "index"):
        make_key_file(settings.key_file(name))
    make_signing_key(settings.key_file("inspection-signing"))
    stack, time = AsyncExitStack(), Time()
    host, client = await started(stack, settings, time)
    made = World(host, client, time, stack=stack)
    yield made
    await made.stack.aclose()
    await asyncio.to_thread(databases.drop, url)


async def started(stack: AsyncExitStack, settings: InspectionSettings, now: Clock) -> tuple[Host, httpx.AsyncClient]:
    """One process of the service, for as long as the stack lasts."""
    host = Host(SERVICE, settings, parts={"http", "projections"}, now=now, keys=StaticKeys(KeySet([_KEY])))
    transport = httpx.ASGITransport(host.app(), raise_app_exceptions=True)
    await stack.enter_async_context(host.running())
    return host, await stack.enter_async_context(httpx.AsyncClient(transport=transport, base_url="http://test"))
