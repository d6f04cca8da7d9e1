"""Erasing a complainant: not before a rule lets her go; then the key goes, the fact stays, the log verifies."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

import pytest

from inspection.conftest import Caller, World
from inspection.samples import keep_for
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
OPENING = {"purpose": "call-back", "explanation": "案件 2026-7：回访"}


async def complain(operator: Caller, number: int = 9) -> str:
    body = BODY | {"number": f"33012607010{number:04d}"}
    return (await operator.send("POST", "/complaints", json=body)).json()["complaint_id"]


async def test_an_erased_complainant_is_gone_and_the_log_verifies(world: World) -> None:
    operator, administrator = world.caller("hotline-operator"), world.caller("administrator")
    complaint = await complain(operator)
    path, erasure = f"/complaints/{complaint}/complainant", f"/subjects/complainant-{complaint}/erasure"
    assert (await operator.send("POST", path, json=OPENING)).status_code == 200
    assert (await administrator.send("POST", erasure)).status_code == 422
    kept = await administrator.send("POST", erasure, headers=WHY)
    assert (kept.status_code, kept.json()["type"].rpartition(":")[2]) == (409, "retention-duty-applies")
    assert "2036-07-01" in kept.text
    await keep_for(world, months=0)
    key = new_id()
    erased = await administrator.send("POST", erasure, key, headers=WHY)
    assert erased.status_code == 201, erased.text
    assert (await administrator.send("POST", erasure, key, headers=WHY)).json()["repeated"] is True
    assert (await administrator.send("POST", erasure, headers=WHY)).status_code == 404
    assert (await operator.send("POST", path, json=OPENING)).status_code == 410
    (fact,) = [fact for fact in await world.host.log.read(0, 100) if fact.type == "kernel.subject-erased.v1"]
    assert (fact.meta.reason, fact.meta.legal_basis) == ("本人申请", "个人信息保护法第四十七条")
    assert (await world.replayed()).differences == 0
    found = await asyncio.to_thread(verify, world.host.log.url, "inspection", [], processes=1)
    assert found.findings == ()
    item = await operator.get(f"/complaints/{complaint}")
    assert item["complainant"].startswith("投诉人-")
    assert item["complainant_masked"] == {}
    assert await world.host.log.pool.fetchval("SELECT count(*) FROM inspection.subject_marks") == 0


async def test_nobody_is_erased_while_a_case_needs_the_data(world: World) -> None:
    operator, administrator = world.caller("hotline-operator"), world.caller("administrator")
    subject = f"complainant-{await complain(operator)}"
    await keep_for(world, months=0)
    reviewer = world.caller("legal-reviewer")
    hold = f"/subjects/{subject}/holds/{new_id()}"
    assert (await reviewer.send("PUT", hold, json={"case": "西教罚立〔2026〕7号", "reason": " "})).status_code == 422
    placed = await reviewer.send("PUT", hold, json={"case": "西教罚立〔2026〕7号", "reason": "取证"})
    assert placed.status_code == 200
    kept = await administrator.send("POST", f"/subjects/{subject}/erasure", headers=WHY)
    assert (kept.status_code, kept.json()["type"].rpartition(":")[2]) == (409, "legal-hold-applies")
    swept = await world.host.sweeper.step()
    assert (swept.erased, swept.held, swept.left) == (0, 1, 0)
    assert (await reviewer.send("POST", f"{hold}/lifting", json={"reason": "结案"})).status_code == 200
    assert (await administrator.send("POST", f"/subjects/{subject}/erasure", headers=WHY)).status_code == 201


async def test_whose_time_is_over_goes_by_itself_and_each_day_says_so(world: World) -> None:
    operator = world.caller("hotline-operator")
    complaints = [await complain(operator, number) for number in range(3)]
    nothing = await world.host.sweeper.step()
    assert (nothing.erased, nothing.because) == (0, "nothing is due")
    assert await world.host.sweeper.step() is None
    await keep_for(world, months=6)
    world.time.now = world.time.now.replace(month=12, day=31)
    operator = world.caller("hotline-operator")
    assert (await world.host.sweeper.step()).erased == 0
    world.time.now = world.time.now.replace(year=2027, month=1, day=1)
    operator = world.caller("hotline-operator")
    swept = await world.host.sweeper.step()
    assert (swept.erased, swept.held, swept.left, swept.because) == (3, 0, 0, "")
    opened = await operator.send("POST", f"/complaints/{complaints[0]}/complainant", json=OPENING)
    assert opened.status_code == 410
    assert (await world.replayed()).differences == 0


async def test_a_person_gets_a_copy_of_what_is_held_and_of_who_looked(world: World) -> None:
    operator, officer = world.caller("hotline-operator"), world.caller("administrator", "rights-1")
    complaint = await complain(operator)
    subject = f"complainant-{complaint}"
    await operator.send("POST", f"/complaints/{complaint}/complainant", json=OPENING)
    assert (await operator.send("POST", f"/subjects/{subject}/copy", headers=WHY)).status_code == 403
    request = f"/subjects/{subject}/requests/{new_id()}"
    asked = await officer.send("PUT", request, json={"kind": "access", "received_on": "2026-07-01"})
    assert asked.status_code == 200
    copy = (await officer.send("POST", f"/subjects/{subject}/copy", headers=WHY)).json()
    taken = next(fact for fact in copy["facts"] if fact["type"] == "inspection.complaint-taken.v2")
    assert taken["data"]["complainant"] == {"name": "王小明", "phone": "19900001111", "words": None}
    looks = [(look["by"], look["purpose"], look["explanation"]) for look in copy["record"]["looks"]]
    assert looks == [("hotline-operator", "call-back", "案件 2026-7：回访"), ("rights-1", "rights", "本人申请")]
    assert copy["record"]["retained_until"] == "2036-07-01"
    (item,) = (await officer.get("/subject-requests", is_open=True))["items"]
    assert (item["due_on"], item["is_overdue"]) == ("2026-07-22", False)
    refused = await officer.send("PUT", f"{request}/answer", json={"is_granted": False, "reason": "不予"})
    assert refused.status_code == 422
    assert (
        await officer.send("PUT", f"{request}/answer", json={"is_granted": True, "reason": "已提供复制件"})
    ).status_code == 200
    assert (await officer.get("/subject-requests", is_open=True))["items"] == []
    assert (await world.replayed()).differences == 0


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
