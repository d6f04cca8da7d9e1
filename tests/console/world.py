"""All four services in one process, with real databases and no broker: what one tells, the test hands to the others."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from conftest import Databases
from mingjing.county import County
from mingjing_console import service as console
from mingjing_console.provider import Tokens
from mingjing_console.session import COOKIE
from mingjing_console.signing_in import SignIn
from mingjing_contracts.funds import AlertRaisedV1
from mingjing_funds import service as funds
from mingjing_inspection import service as inspection
from mingjing_inspection.codec import PREMISES_KNOWN
from mingjing_inspection.domain.checklist import PATROL_V1
from mingjing_kernel.broker.message import Message
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.identity import StaticKeys
from mingjing_kernel.log import Outcome
from mingjing_kernel.service import Host, Service
from mingjing_kernel.service.migrating import migrate
from mingjing_registry import service as registry

NOW = datetime(2026, 7, 1, 2, 0, tzinfo=UTC)
SERVICES = (registry.SERVICE, inspection.SERVICE, funds.SERVICE, console.SERVICE)
ISSUER = "http://issuer.test"
XLSX = {"Content-Type": "application/octet-stream"}
CLOSED = "杭州西湖区鼓瑟里音乐培训学校有限公司"
"""An institution of the sample county that two families say is shut."""
_KEY = ECKey.generate_key("P-256", {"kid": "test"})


def token(*roles: str, name: str = "苏小暑", organisation: str = "") -> str:
    seconds = int(NOW.timestamp())
    own = {"organisation": organisation} if organisation else {}
    grants = [{"role": role, "department": "*", "region": "330106", "category": "*", **own} for role in roles]
    claims = {
        "iss": ISSUER,
        "aud": "mingjing",
        "sub": name,
        "name": name,
        "exp": seconds + 600,
        "grants": grants,
        "department": "education",
        "region": "330106",
    }
    return jwt.encode({"alg": "ES256", "kid": "test"}, claims, _KEY, algorithms=["ES256"])


@dataclass
class County2026:
    """The running county."""

    hosts: dict[str, Host]
    client: httpx.AsyncClient
    """Reaches every service by its name: ``http://registry/…``."""
    ids: dict[str, UUID] = field(default_factory=dict)
    """Institutions by name."""

    async def send(self, role: str, method: str, address: str, **more: Any) -> httpx.Response:
        """A write by somebody with one role."""
        headers = {"Authorization": f"Bearer {token(role)}", "Idempotency-Key": str(new_id())}
        answer = await self.client.request(method, address, headers=headers | more.pop("headers", {}), **more)
        assert answer.is_success, answer.text
        return answer

    async def cookie(self, *roles: str, name: str = "苏小暑", organisation: str = "") -> dict[str, str]:
        """The cookie of a browser in which somebody with these roles has signed in."""
        store = SignIn(self.hosts["console"]).store
        signed = token(*roles, name=name, organisation=organisation)
        tokens = Tokens(access=signed, until=NOW + timedelta(hours=1), subject="p-console", name=name)
        return {COOKIE: await store.begin(tokens, device="Firefox on Linux", address="10.0.0.1")}

    async def caught_up(self, name: str) -> None:
        """The read models of a service show everything."""
        host = self.hosts[name]
        await host.runner.wait_for(await host.log.head(), seconds=60)

    async def pass_on(self) -> None:
        """Hand everything that the registry told to the inspection service, as relay and inbox would."""
        source, target = self.hosts["registry"], self.hosts["inspection"]
        works = []
        for fact in await source.log.read(0, 100_000):
            make = registry.SERVICE.outbound.get(type(fact.event))
            contract = make(fact) if make else None
            if contract is not None and type(contract) in inspection.SERVICE.inbound:
                message = Message(contract, "registry", fact.position, contract.subject, fact.occurred_at)
                works += inspection.SERVICE.inbound[type(contract)](message, target)
        results = await target.log.handle_many(works)
        assert all(isinstance(one, Outcome) for one in results)
        await self.caught_up("inspection")

    async def raise_alert(self, institution_id: UUID, name: str) -> None:
        """The funds service says RED."""
        contract = AlertRaisedV1(
            alert_id=UUID(int=77),
            rule="F02",
            rule_version="F02-v1",
            severity="RED",
            account_id=UUID(int=78),
            institution_id=institution_id,
            institution_name=name,
            department="culture-tourism-sport",
            region="330106",
            balance_fen=100_00,
            unconsumed_fen=900_00,
            threshold_fen=900_00,
            explanation_zh="余额 ¥100.00，未消课负债 ¥900.00，差 ¥800.00",
            explanation_en="Balance 100.00, unconsumed 900.00",
            on=date(2026, 6, 30),
        )
        target = self.hosts["inspection"]
        works = await inspection.SERVICE.inbound[AlertRaisedV1](
            Message(contract, "funds", 1, contract.subject, NOW), target
        )
        await target.log.handle_many(works)
        await self.caught_up("inspection")


async def host_of(service: Service, databases: Databases, directory: Path, stack: AsyncExitStack) -> Host:
    url = databases.fresh()
    stack.callback(databases.drop, url)
    await migrate(service, url, say=lambda _: None)
    settings = service.settings(
        postgres_url=url,
        issuer_url=ISSUER,
        data_dir=directory,
        registry_url="http://registry",
        inspection_url="http://inspection",
        funds_url="http://funds",
        console_url="http://console",
        trusted_proxies=("127.0.0.1",),
    )
    parts = {"http", "projections"}
    return Host(service, settings, parts=parts, now=lambda: NOW, keys=StaticKeys(KeySet([_KEY])))


async def fill(county: County2026) -> None:
    with County() as files:
        for one in sorted(files.deliveries(), key=lambda delivery: delivery.path):
            address = {"registry": "http://registry/registry/v1/imports"}.get(one.folder)
            address = address or {"complaints": "http://inspection/inspection/v1/complaint-files"}.get(one.folder)
            if address and one.folder == "registry":
                await county.send("licensing-officer", "POST", address, content=files.read(one.path), headers=XLSX)
        await county.caught_up("registry")
        await county.pass_on()
        for one in files.deliveries():
            if one.folder == "complaints":
                address = "http://inspection/inspection/v1/complaint-files"
                await county.send("hotline-operator", "POST", address, content=files.read(one.path), headers=XLSX)
    await _happenings(county)


async def _happenings(county: County2026) -> None:
    headers = {"Authorization": f"Bearer {token('auditor')}"}
    listed = await county.client.get("http://registry/registry/v1/institutions?limit=500", headers=headers)
    county.ids = {row["name"]: UUID(row["institution_id"]) for row in listed.json()["items"]}
    institution_id = county.ids[CLOSED]
    await county.raise_alert(institution_id, CLOSED)
    premises, _ = await county.hosts["inspection"].log.state(PREMISES_KNOWN, institution_id)
    body = {
        "institution_id": str(institution_id),
        "site_id": str(premises.sites[0].site_id),
        "observation": {
            "outcome": "DOOR_CLOSED",
            "checklist": PATROL_V1.version,
            "photos": ["a" * 64],
            "position": {"latitude_e7": 302741500, "longitude_e7": 1201551500, "accuracy_metres": 8},
            "visited_at": "2026-06-30T02:00:00+00:00",
            "note": "<script>alert(1)</script> 卷帘门拉下",
        },
        "device_sent_at": "2026-06-30T02:05:00+00:00",
    }
    await county.send("grid-officer", "PUT", f"http://inspection/inspection/v1/visits/{new_id()}", json=body)
    account = {
        "account_id": str(new_id()),
        "institution_id": str(institution_id),
        "institution_name": CLOSED,
        "bank": "湖畔商业银行",
        "account_name": CLOSED,
        "department": "culture-tourism-sport",
        "region": "330106",
    }
    await county.send("fund-regulator", "POST", "http://funds/funds/v1/accounts", json=account)
    for name in ("registry", "inspection", "funds"):
        await county.caught_up(name)
