"""The console alone, with a clock that tests move and nobody's grants in any token."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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
from mingjing_console.provider import Tokens
from mingjing_console.service import SERVICE
from mingjing_console.session import COOKIE
from mingjing_console.settings import ConsoleSettings
from mingjing_console.signing_in import SignIn
from mingjing_kernel.identifiers import derived_id, new_id
from mingjing_kernel.identity import StaticKeys
from mingjing_kernel.projection.rebuild import Replayed, replay
from mingjing_kernel.sealed.keyfile import make_key_file
from mingjing_kernel.service import Host
from mingjing_kernel.service.migrating import migrate

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ISSUER = "http://issuer.test"
FIRST, FIRST_TOO, ADMIN, OTHER_ADMIN = "installer", "installer-too", "admin-county", "admin-education"
_KEY = ECKey.generate_key("P-256", {"kid": "test"})


def grant_id(number: int) -> UUID:
    return derived_id("grant-of-a-test", number)


def body(person: str, role: str = "inspector", **more: Any) -> dict[str, Any]:
    return {
        "person": person,
        "name": f"{person}（演示）",
        "role": role,
        "department": "*",
        "region": "330106",
        "reason": "任命",
        "legal_basis": "任字〔2026〕1号",
        **more,
    }


@dataclass
class Desk:
    """The console and whoever calls it."""

    host: Host
    client: httpx.AsyncClient
    clock: list[datetime] = field(default_factory=lambda: [NOW])
    position: str = "0"

    async def ask(self, who: str, method: str, path: str, **more: Any) -> httpx.Response:
        """One request by somebody whose token says who it is and nothing else."""
        headers = {
            "Authorization": f"Bearer {self.token(who)}",
            "Idempotency-Key": str(new_id()),
            "Mingjing-Position": self.position,
            **more.pop("headers", {}),
        }
        answer = await self.client.request(method, f"/console/v1{path}", headers=headers, **more)
        self.position = answer.headers.get("Mingjing-Position", self.position)
        return answer

    async def give(self, who: str, number: int, person: str, role: str = "inspector", **more: Any) -> httpx.Response:
        return await self.ask(who, "PUT", f"/grants/{grant_id(number)}", json=body(person, role, **more))

    async def mine(self, who: str, **headers: str) -> list[str]:
        """The roles that somebody has now."""
        answer = await self.ask(who, "GET", "/me", headers=headers)
        assert answer.status_code == 200, answer.text
        return [grant["role"] for grant in answer.json()["grants"]]

    async def cookie(self, who: str) -> str:
        """What the browser of somebody who has signed in holds."""
        tokens = Tokens(access=self.token(who), until=self.clock[0] + timedelta(hours=1), subject=who, name=who)
        secret = await SignIn(self.host).store.begin(tokens, device="Firefox on Linux", address="10.0.0.1")
        return f"{COOKIE}={secret}"

    def token(self, who: str) -> str:
        seconds = int(self.clock[0].timestamp())
        claims = {
            "iss": ISSUER,
            "aud": "mingjing",
            "sub": who,
            "name": who,
            "sid": f"session-of-{who}",
            "iat": seconds,
            "exp": seconds + 600,
        }
        return jwt.encode({"alg": "ES256", "kid": "test"}, claims, _KEY, algorithms=["ES256"])

    async def replayed(self) -> Replayed:
        """The lists folded anew and compared."""
        await self.host.runner.wait_for(await self.host.log.head())
        return await replay(self.host.log, SERVICE.read_models)


@pytest.fixture
async def desk(databases: Databases, tmp_path: Path) -> AsyncIterator[Desk]:
    """A fresh console in which nobody is an administrator yet."""

    def prepare(url: str) -> None:
        asyncio.run(migrate(SERVICE, url, say=lambda _: None))

    url = await asyncio.to_thread(databases.prepared, "console", prepare)
    settings = ConsoleSettings(
        postgres_url=url,
        issuer_url=ISSUER,
        data_dir=tmp_path,
        token_grants="services",
        first_administrators=(FIRST, FIRST_TOO),
        console_url="http://console",
    )
    make_key_file(settings.key_file("sealing"))
    clock = [NOW]
    host = _host(settings, clock)
    transport = httpx.ASGITransport(host.app(), raise_app_exceptions=True)
    await host.client.aclose()
    # The pages ask the console's own service as anybody would.
    host.client = httpx.AsyncClient(transport=transport, base_url="http://console")
    async with host.running(), httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield Desk(host, client, clock)
    await asyncio.to_thread(databases.drop, url)


@asynccontextmanager
async def another_process(desk: Desk) -> AsyncIterator[Desk]:
    """One more of the same service over the same database."""
    host = _host(desk.host.settings, desk.clock)
    transport = httpx.ASGITransport(host.app(), raise_app_exceptions=True)
    async with host.running(), httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield Desk(host, client, desk.clock)


def _host(settings: ConsoleSettings, clock: list[datetime]) -> Host:
    parts = {"http", "projections"}
    return Host(SERVICE, settings, parts=parts, now=lambda: clock[0], keys=StaticKeys(KeySet([_KEY])))


@pytest.fixture
async def office(desk: Desk) -> Desk:
    """The same with an administrator of the county, and one of a department in it."""
    assert (await desk.give(FIRST, 1, ADMIN, "administrator")).status_code == 201
    given = await desk.give(ADMIN, 2, OTHER_ADMIN, "administrator", department="education")
    assert given.status_code == 201, given.text
    return desk
