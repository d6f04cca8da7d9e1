"""Policies, calendar and deadlines over HTTP and on a real log, with the registry as their first user."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from mingjing_kernel.identifiers import new_id
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain.licence import DecisionOverdue, LicenceAccepted
from registry.conftest import Caller, World
from registry.licence_story import CONTENT
from registry.test_api import MUDUO_ID, MUDUO_ROW, account, file, problem

PROPOSAL = {
    "numbers": {"months": 1},
    "region": "330106",
    "effective_on": "2026-07-01",
    "legal_basis": "本县承诺办理时限",
    "reason": "提速",
}
NEW = {
    "name": "杭州新芽编程培训有限公司",
    "uscc": "91330106MA00001B3D",
    "items": "编程",
    "phone": "19900000001",
    "address": "西湖区留下街道文三路1号",
}


async def put(caller: Caller, path: str, body: Any) -> Any:
    headers = caller.headers | {"Idempotency-Key": str(new_id())}
    answer = await caller.client.put(f"/registry/v1{path}", headers=headers, json=body)
    caller.position = answer.headers.get("Mingjing-Position", caller.position)
    return answer


def at(world: World, monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    """The keeper's clock."""
    moment = datetime.fromisoformat(day).replace(hour=4, tzinfo=UTC)
    monkeypatch.setattr(world.host, "now", lambda: moment)


async def of_institution(world: World, id: UUID, kind: type) -> list[Any]:
    return [fact for fact in await world.host.log.history(INSTITUTIONS, id) if isinstance(fact.event, kind)]


async def test_a_policy_takes_two_people_and_a_decision_cites_it(world: World) -> None:
    first, second = world.caller("approver"), world.caller("administrator")
    path = f"/policies/licence-decision/versions/{new_id()}"
    assert (await put(first, path, PROPOSAL)).status_code == 200
    assert (await put(world.caller("licensing-officer"), path, PROPOSAL)).status_code == 403
    assert problem(await first.post(f"{path}/approval"))[:2] == (403, "other-person-must")
    mine = {one["act"]: one for one in (await first.get(f"{path}/available-actions"))["actions"]}
    assert (mine["approve-policy"]["available"], mine["withdraw-policy"]["available"]) == (False, True)
    assert (await second.post(f"{path}/approval")).status_code == 201
    assert problem(await first.post(f"{path}/withdrawal", {"reason": "x"}))[1] == "policy-version-approved"

    shown = await first.get("/policies/licence-decision", region="330106013")
    version = path.rpartition("/")[2]
    assert (shown["version"], shown["numbers"][0]["value"], shown["numbers"][0]["version"]) == (version, 1, version)
    assert [one["state"] for one in shown["versions"]] == ["approved"]
    before = await first.get("/policies/licence-decision", region="330106", on="2026-06-30")
    assert (before["version"], before["numbers"][0]["value"]) == ("default/1", 3)
    everything = await world.caller("inspector").get("/policies")
    assert len(everything) == 14, "eleven of the registry, three of the data that it seals and keeps"
    assert problem(await first.read("/policies/none"))[:2] == (404, "policy-rule-unknown")
    bad = PROPOSAL | {"numbers": {"months": 4}}
    refused = await put(first, f"/policies/licence-decision/versions/{new_id()}", bad)
    assert problem(refused) == (422, "policy-number-unknown", "numbers")

    clerk = world.caller("licensing-officer", own="science")
    id = UUID((await clerk.post("/institutions", NEW)).json()["institution_id"])
    for step, body in (("application", CONTENT), ("acceptance", None)):
        assert (await clerk.post(f"/institutions/{id}/licence/{step}", body)).status_code == 200
    (accepted,) = await of_institution(world, id, LicenceAccepted)
    assert (accepted.event.decide_by.isoformat(), accepted.event.policy_version) == ("2026-08-01", version)


async def test_a_decision_that_is_late_is_noted_once_and_stays_on_the_list(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = world.caller("licensing-officer", own="science")
    id = UUID((await clerk.post("/institutions", NEW)).json()["institution_id"])
    for step, body in (("application", CONTENT), ("acceptance", None)):
        await clerk.post(f"/institutions/{id}/licence/{step}", body)
    keeper = world.host.deadlines
    assert keeper is not None
    assert (await keeper.step()).because == "nothing is due"
    (open_,) = (await clerk.get("/deadlines", until="2026-10-01"))["items"]
    assert (open_["rule"], open_["due_on"], open_["region"]) == ("licence-decision", "2026-10-01", "330106013")
    assert (await clerk.get("/deadlines", is_overdue=True))["items"] == []
    assert (await world.caller("inspector", region="330108").get("/deadlines"))["items"] == []
    assert (await world.public.read("/deadlines")).status_code == 401

    at(world, monkeypatch, "2026-10-02")
    kept = await keeper.step()
    assert (kept.done, kept.because) == (1, "")
    assert (await keeper.step()).done == 0
    (late,) = await of_institution(world, id, DecisionOverdue)
    assert (late.meta.actor, late.meta.region, late.meta.legal_basis) == (
        "system:deadlines",
        "330106013",
        "民办教育促进法第十七条",
    )
    clerk.position = str(await world.host.log.head())
    monkeypatch.undo()
    (overdue,) = (await clerk.get("/deadlines", rule="licence-decision"))["items"]
    assert overdue["fired_on"] == "2026-10-02"
    assert world.host.readiness()["deadlines"]["on"] == "2026-10-02"
    await clerk.post(f"/institutions/{id}/licence/refusal", {"reason": "不符合"})
    assert (await clerk.get("/deadlines"))["items"] == []
    assert len((await clerk.get("/deadlines", as_of=f"@{overdue_position(late)}"))["items"]) == 1
    assert (await world.replayed()).differences == 0


def overdue_position(fact: Any) -> int:
    return int(fact.position)


async def test_licences_run_out_by_themselves_and_a_suspended_one_waits(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    clerk = world.caller("licensing-officer")
    await clerk.send(file(MUDUO_ROW.replace("2028-06-07", "2026-07-03")), "a.csv")
    await world.tell(account())
    keeper = world.host.deadlines
    assert keeper is not None
    at(world, monkeypatch, "2026-07-03")
    assert (await keeper.step()).done == 0, "the last day itself is not over"
    at(world, monkeypatch, "2026-07-04")
    assert (await keeper.step()).done == 1
    clerk.position = str(await world.host.log.head())
    monkeypatch.undo()
    seen = await clerk.get(f"/institutions/{MUDUO_ID}")
    assert (seen["licence_state"], seen["is_white"]) == ("expired", False)


async def test_a_notice_is_imported_with_its_source(world: World) -> None:
    approver = world.caller("approver")
    year = await approver.get("/calendar/2027")
    assert (year["is_provisional"], year["off"]) == (True, [])
    notice = {"off": ["2027-02-08"], "worked": ["2027-02-14"], "source": "国办发明电〔2026〕1号"}
    assert (await put(world.caller("inspector"), "/calendar/2027", notice)).status_code == 403
    wrong = await put(approver, "/calendar/2027", notice | {"worked": ["2027-02-10"]})
    assert problem(wrong) == (422, "notice-day-misplaced", "worked")
    assert (await put(approver, "/calendar/2027", notice)).status_code == 200
    known = await approver.get("/calendar/2027")
    assert (known["is_provisional"], known["worked"], known["source"]) == (False, ["2027-02-14"], notice["source"])
