"""The funds service at work on a real database: HTTP in, read models out, no broker."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from conftest import Databases
from mingjing_funds.codec import ACCOUNTS
from mingjing_funds.domain.account import BookEntry
from mingjing_funds.service import SERVICE
from mingjing_funds.settings import FundsSettings
from mingjing_kernel.broker.message import Message
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.identity import StaticKeys
from mingjing_kernel.log import Envelope, Outcome
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

    async def read(self, path: str, **params: Any) -> httpx.Response:
        """A read that waits for the own last write."""
        headers = self.headers | {"Mingjing-Position": self.position}
        return await self.client.get(f"/funds/v1{path}", params=params, headers=headers)

    async def get(self, path: str, **params: Any) -> Any:
        """The same, its JSON."""
        return (await self.read(path, **params)).json()

    async def send(self, method: str, path: str, key: UUID | None = None, **more: Any) -> httpx.Response:
        """A write, with a key of its own unless one is given."""
        headers = self.headers | {"Idempotency-Key": str(key or new_id())} | more.pop("headers", {})
        answer = await self.client.request(method, f"/funds/v1{path}", headers=headers, **more)
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
        subject: str = "",
        region: str = "330106",
        department: str = "*",
        also: tuple[str, str] | None = None,
        organisation: str = "",
        category: str = "*",
    ) -> Caller:
        """Somebody with one grant, and perhaps also another role in another region."""
        grants = [(role, region), also] if also else [(role, region)]
        holder = {"organisation": organisation} if organisation else {}
        seconds = int(NOW.timestamp())
        claims = {
            "iss": ISSUER,
            "aud": "mingjing",
            "sub": subject or role,
            "exp": seconds + 600,
            "grants": [
                {"role": name, "department": department, "region": place, "category": category, **holder}
                for name, place in grants
            ],
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

    async def credited(
        self, before_fen: int, amount_fen: int = 299_900, flow: str = "HP-JF1", is_reversal: bool = False
    ) -> None:
        """The bank has booked the payment JF1; ``before_fen`` is what the account had before."""
        entry = BookEntry(
            bank="湖畔商业银行",
            flow=flow,
            account_number="6299000000009999999",
            booked_at=NOW,
            booked_on=NOW.date(),
            amount_fen=amount_fen,
            balance_fen=before_fen + amount_fen,
            summary="学费",
            reference="JF1",
            tail="",
            is_reversal=is_reversal,
            digest=flow,
        )
        written = Envelope(command_id=new_id(), actor="bank")
        assert isinstance(await self.host.log.handle(ACCOUNTS, UUID(int=0x10), entry, written), Outcome)
        await self.host.runner.wait_for(await self.host.log.head())

    async def replayed(self) -> Replayed:
        """The read models folded anew and compared."""
        await self.host.runner.wait_for(await self.host.log.head())
        return await replay(self.host.log, SERVICE.read_models)


@pytest.fixture
async def world(databases: Databases, tmp_path: Path) -> AsyncIterator[World]:
    """A fresh funds service."""

    def prepare(url: str) -> None:
        asyncio.run(migrate(SERVICE, url, say=lambda _: None))

    url = await asyncio.to_thread(databases.prepared, "funds", prepare)
    settings = FundsSettings(postgres_url=url, issuer_url=ISSUER, data_dir=tmp_path)
    for name in ("sealing", "index"):
        make_key_file(settings.key_file(name))
    host = Host(SERVICE, settings, parts={"http", "projections"}, now=lambda: NOW, keys=StaticKeys(KeySet([_KEY])))
    transport = httpx.ASGITransport(host.app(), raise_app_exceptions=True)
    async with host.running(), httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60) as client:
        yield World(host, client)
    await asyncio.to_thread(databases.drop, url)
