"""What auditors and holders of receipts see."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from conftest import Databases
from console.world import County2026, host_of, token
from mingjing_console import service as console
from mingjing_inspection import service as inspection
from mingjing_kernel.audit.check_proof import check_case
from mingjing_kernel.audit.keys import make_signing_key
from mingjing_kernel.sealed.keyfile import make_key_file

FILED = {
    "number": "330126070100077",
    "channel": "WEB",
    "received_at": "2026-07-01T01:00:00+00:00",
    "declared": "投诉",
    "text": "鼓瑟里音乐培训学校不退费",
}


async def opened(county: County2026, path: str, *roles: str) -> httpx.Response:
    held = await county.cookie(*roles) if roles else {}
    cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in held.items())} if held else {}
    return await county.client.get(f"http://console{path}", headers=cookies)


@pytest.fixture
async def county(databases: Databases, tmp_path: Path) -> AsyncIterator[County2026]:
    """An inspection service with its keys, and the console; the other services are away."""
    for name in ("sealing", "index"):
        make_key_file(tmp_path / "keys" / f"{name}.key")
    make_signing_key(tmp_path / "keys" / "inspection-signing.key")
    async with AsyncExitStack() as stack:
        services = (inspection.SERVICE, console.SERVICE)
        hosts = {service.name: await host_of(service, databases, tmp_path, stack) for service in services}
        away = httpx.MockTransport(lambda _: httpx.Response(503))
        mounts: dict[str, httpx.AsyncBaseTransport] = {"http://registry": away, "http://funds": away}
        mounts |= {f"http://{name}": httpx.ASGITransport(host.app()) for name, host in hosts.items()}
        client = await stack.enter_async_context(httpx.AsyncClient(mounts=mounts, timeout=60))
        for host in hosts.values():
            await host.client.aclose()
            host.client = client
            await stack.enter_async_context(host.running())
        yield County2026(hosts, client)


async def filed(county: County2026) -> dict[str, Any]:
    address = "http://inspection/inspection/v1/complaints"
    taken = await county.send("hotline-operator", "POST", address, json=FILED)
    await county.caught_up("inspection")
    return taken.json()  # type: ignore[no-any-return]


async def noted(county: County2026) -> None:
    """Everything that was noted is in the list."""
    reads = county.hosts["inspection"].reads
    await reads.stop()
    await reads.start()
    await county.caught_up("inspection")


async def test_an_auditor_sees_who_looked_at_a_complaint(county: County2026) -> None:
    id = (await filed(county))["complaint_id"]
    headers = {"Authorization": f"Bearer {token('hotline-operator', name='查阅人甲')}"}
    await county.client.get(f"http://inspection/inspection/v1/complaints/{id}", headers=headers)
    await noted(county)
    page = await opened(county, f"/reads?thing={id}", "auditor")
    assert page.status_code == 200
    for shown in ("查阅人甲", "投诉举报", "单条", id, "查阅量"):
        assert shown in page.text, shown
    assert not re.search(r"<script|<style|style=|onclick|javascript:", page.text)
    table = await opened(county, f"/reads/file?service=inspection&thing={id}", "auditor")
    assert "查阅人甲" in table.text
    refused = await opened(county, "/reads", "hotline-operator")
    assert "不在您的授权之内" in refused.text
    assert (await opened(county, "/reads")).headers["location"] == "/sign-in"


async def test_a_receipt_is_looked_up_and_checked(county: County2026) -> None:
    receipt = (await filed(county))["receipt"]
    promised = await opened(county, f"/receipts?number={receipt['number']}")
    assert "已签承诺" in promised.text
    checkpointer = county.hosts["inspection"].witnessing.checkpointer
    assert checkpointer is not None
    await checkpointer.write()
    assert "已入存证" in (await opened(county, f"/receipts?number={receipt['number']}")).text
    assert "没有这个编号" in (await opened(county, "/receipts?number=nonsense")).text
    for text, verdict in ((FILED["text"], "承诺有效"), ("另一件事", "未能证明")):
        said = FILED | {"text": text}
        form = {"receipt": json.dumps(receipt), "filed": json.dumps(said, ensure_ascii=False)}
        answer = await county.client.post("http://console/receipts", data=form)
        assert verdict in answer.text
    twice = json.dumps(receipt).replace("{", '{"format": "another", ', 1)
    for nothing in ("nothing", twice):
        assert "未能证明" in (await county.client.post("http://console/receipts", data={"receipt": nothing})).text


async def test_an_auditor_gets_a_case_file_that_an_outsider_checks(county: County2026, tmp_path: Path) -> None:
    id = (await filed(county))["complaint_id"]
    file = await opened(county, f"/cases/inspection/complaint/{id}", "auditor")
    assert file.status_code == 200
    path = tmp_path / "case.zip"
    await asyncio.to_thread(path.write_bytes, file.content)
    signer = county.hosts["inspection"].witnessing.signer
    assert signer is not None
    checked = await asyncio.to_thread(check_case, path, [signer.vkey.encode()])
    assert (checked.is_proved, checked.problem) == (True, "")
    assert (await opened(county, f"/cases/inspection/complaint/{id}", "hotline-operator")).status_code == 403
    missing = await opened(county, f"/cases/inspection/complaint/{'0' * 8}-0000-0000-0000-{'0' * 12}", "auditor")
    assert missing.status_code == 404


async def test_the_overview_shows_the_daily_self_check(county: County2026) -> None:
    page = await opened(county, "/overview", "auditor")
    assert "每日自检" in page.text
    assert "尚无结果" in page.text
