"""An installation that says nothing about it believes no person's token what she may do, whichever way she comes in."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import nats
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from nats.aio.client import Client

from conftest import Databases
from kernel.access.samples import given
from kernel.broker.world import until
from mingjing_funds import acts
from mingjing_funds.api.acting import require
from mingjing_funds.codec import ACCOUNTS
from mingjing_funds.domain.account import ApplyForAccount
from mingjing_funds.service import SERVICE
from mingjing_funds.settings import FundsSettings
from mingjing_kernel.access.noted import ACCESS, NoteAccess, person_id
from mingjing_kernel.broker.bulk_port import PortCommand
from mingjing_kernel.clock import system_clock
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.identity import Scope, StaticKeys
from mingjing_kernel.log import Envelope
from mingjing_kernel.service import Host
from mingjing_kernel.service.migrating import migrate

ISSUER = "https://issuer.example"
KEY = ECKey.generate_key("P-256", {"kid": "test"})
HOLDER = {
    "institution_id": None, "institution_name": "鼓瑟里", "uscc": "", "bank": "湖畔商业银行", "account_name": "鼓瑟里",
    "department": "education", "region": "330106", "category": "",
}  # fmt: skip


def _require(scope: Scope, command: ApplyForAccount) -> None:
    require(scope, acts.APPLY_FOR_ACCOUNT, region=command.holder.region, department=command.holder.department)


@dataclass
class Doors:
    """One service at work, and its two doors."""

    host: Host
    http: httpx.AsyncClient
    nats: Client

    async def over_http(self, token: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(new_id())}
        body = {"account_id": str(new_id()), **HOLDER}
        return await self.http.post("/funds/v1/accounts", json=body, headers=headers)

    async def over_nats(self, token: str) -> dict[str, Any]:
        command = {"holder": HOLDER, "applied_on": date(2026, 3, 1)}
        request = {"id": new_id(), "command_id": new_id(), "command": command}
        content, headers = json.dumps(request, default=str).encode(), {"Authorization": f"Bearer {token}"}
        answer = await self.nats.request("funds.cmd.apply.caller", content, timeout=30, headers=headers)
        return dict(json.loads(answer.data))


@pytest.fixture
async def doors(
    databases: Databases, nats_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Doors]:
    """Funds with a bulk command, on real servers, with nothing but what it must be told."""
    monkeypatch.delenv("MINGJING_TOKEN_GRANTS", raising=False)

    def prepare(empty: str) -> None:
        asyncio.run(migrate(SERVICE, empty, say=lambda _: None))

    url = await asyncio.to_thread(databases.prepared, "funds", prepare)
    settings = FundsSettings(postgres_url=url, nats_url=nats_url, issuer_url=ISSUER, data_dir=tmp_path)
    service = replace(SERVICE, commands={"apply": PortCommand(ACCOUNTS, ApplyForAccount, _require)})
    host = Host(service, settings, parts={"http", "projections", "bulk-port"}, keys=StaticKeys(KeySet([KEY])))
    async with AsyncExitStack() as stack:
        app = host.app()
        await stack.enter_async_context(app.router.lifespan_context(app))
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://funds")
        client = await nats.connect(nats_url)
        stack.push_async_callback(client.close)
        await until(lambda: host.talking.port.is_open, "an open port")
        async with http:
            yield Doors(host, http, client)
    await asyncio.to_thread(databases.drop, url)


async def test_a_persons_token_gives_no_rights_over_http_or_the_bulk_port_and_an_event_does(doors: Doors) -> None:
    assert FundsSettings.model_fields["token_grants"].default == "services"
    now = system_clock()
    claims = {
        "iss": ISSUER, "aud": "mingjing", "sub": "p-1", "exp": int((now + timedelta(minutes=10)).timestamp()),
        "grants": [{"role": "fund-regulator", "department": "*", "region": "*", "category": "*"}],
    }  # fmt: skip
    token = str(jwt.encode({"alg": "ES256", "kid": "test"}, claims, KEY, algorithms=["ES256"]))
    assert (await doors.over_http(token)).status_code == 403
    refused = await doors.over_nats(token)
    assert (refused["status"], refused["type"]) == (403, "urn:mingjing:problem:outside-scope")
    fact = given(1, role="fund-regulator")
    circumstances = Envelope(command_id=new_id(), actor="console")
    await doors.host.log.handle(ACCESS, person_id("p-1"), NoteAccess(fact=fact), circumstances)
    assert (await doors.over_http(token)).status_code == 201
    assert "position" in await doors.over_nats(token)
