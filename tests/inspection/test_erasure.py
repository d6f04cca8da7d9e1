"""Erasing a complainant: the key goes, the fact stays, the log verifies, and nobody reads the name again."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

import pytest

from inspection.conftest import World
from mingjing_kernel.audit.verify import verify
from mingjing_kernel.identifiers import new_id

BODY = {
    "number": "330126070100009",
    "channel": "SUPERVISION_PHONE",
    "received_at": "2026-07-01T01:00:00+00:00",
    "declared": "投诉",
    "text": "不退费",
    "complainant": {"name": "王小明", "phone": "19900001111"},
}
WHY = {"Mingjing-Reason": quote("本人申请"), "Mingjing-Legal-Basis": quote("个人信息保护法第四十七条")}


async def test_an_erased_complainant_is_gone_and_the_log_verifies(world: World) -> None:
    operator, administrator = world.caller("hotline-operator"), world.caller("administrator")
    complaint = (await operator.send("POST", "/complaints", json=BODY)).json()["complaint_id"]
    path, erasure = f"/complaints/{complaint}/complainant", f"/subjects/complainant-{complaint}/erasure"
    assert (await operator.send("POST", path, json={"purpose": "回访"})).status_code == 200
    assert (await administrator.send("POST", erasure)).status_code == 422
    key = new_id()
    erased = await administrator.send("POST", erasure, key, headers=WHY)
    assert erased.status_code == 201
    assert (await administrator.send("POST", erasure, key, headers=WHY)).json()["repeated"] is True
    assert (await administrator.send("POST", erasure, headers=WHY)).status_code == 404
    assert (await operator.send("POST", path, json={"purpose": "回访"})).status_code == 410
    (fact,) = [fact for fact in await world.host.log.read(0, 100) if fact.type == "kernel.subject-erased.v1"]
    assert (fact.meta.reason, fact.meta.legal_basis) == ("本人申请", "个人信息保护法第四十七条")
    assert (await world.replayed()).differences == 0
    found = await asyncio.to_thread(verify, world.host.log.url, "inspection", [], processes=1)
    assert found.findings == ()


@pytest.mark.parametrize(
    ("role", "region", "allowed"),
    [
        ("administrator", "330106", True),
        ("administrator", "3301", True),
        ("administrator", "*", True),
        ("administrator", "330106109", False),
        ("administrator", "330105", False),
        ("auditor", "*", False),
    ],
)
async def test_what_is_not_divided_by_region_needs_the_whole_region(
    world: World, role: str, region: str, allowed: bool
) -> None:
    caller = world.caller(role, region=region)
    status = (await caller.send("GET", "/parked")).status_code
    assert status == (200 if allowed else 403)
    erased = await caller.send("POST", "/subjects/nobody/erasure", headers=WHY)
    assert erased.status_code == (404 if allowed else 403)


async def test_contracts_are_for_services_auditors_and_administrators_of_the_whole_region(world: World) -> None:
    for role, region, expected in (("service", "*", 200), ("auditor", "330106", 200), ("auditor", "330106109", 403)):
        assert (await world.caller(role, region=region).send("GET", "/log/contracts?after=0")).status_code == expected
