"""Who read complaints, as an auditor sees it."""

from __future__ import annotations

import pytest

from inspection.conftest import NOW, World
from inspection.samples import registered
from mingjing_kernel.reads import recorder as recorder_module

BODY = {
    "number": "330126070100001",
    "channel": "SUPERVISION_PHONE",
    "received_at": "2026-07-01T01:00:00+00:00",
    "declared": "投诉",
    "text": "木铎轩书画不退费",
}


async def complaint(world: World) -> str:
    await world.tell(registered())
    taken = await world.caller("hotline-operator").send("POST", "/complaints", json=BODY)
    await world.host.runner.wait_for(await world.host.log.head())
    return str(taken.json()["complaint_id"])


async def written(world: World) -> None:
    """Everything that was noted is in the log and in the list."""
    await world.host.reads.stop()
    await world.host.reads.start()
    await world.host.runner.wait_for(await world.host.log.head())


async def test_who_read_a_complaint_is_on_record_before_it_is_shown(world: World) -> None:
    id = await complaint(world)
    operator, auditor = world.caller("hotline-operator", "operator-9"), world.caller("auditor")
    assert (await operator.get(f"/complaints/{id}"))["number"] == BODY["number"]
    await world.host.runner.wait_for(await world.host.log.head())
    (read,) = (await auditor.get("/reads", thing=id))["items"]
    assert (read["reader"], read["kind"], read["form"], read["ids"]) == ("operator-9", "complaint", "item", [id])
    assert (read["read_at"], read["fields"]) == (NOW.isoformat().replace("+00:00", "Z"), ["text"])


async def test_lists_files_and_the_read_log_itself_are_on_record_once(world: World) -> None:
    id = await complaint(world)
    operator, auditor = world.caller("hotline-operator", "operator-9"), world.caller("auditor", "auditor-1")
    await operator.get("/complaints")
    await world.client.get("/inspection/v1/complaints?format=csv", headers=operator.headers)
    await world.client.get("/inspection/v1/visits?format=csv", headers=operator.headers)
    await operator.get("/visits")  # open: no note
    await written(world)
    found = (await auditor.get("/reads"))["items"]
    assert [(read["kind"], read["form"], read["count"]) for read in found] == [
        ("visits", "csv", 0),
        ("complaint", "csv", 1),
        ("complaint", "list", 1),
    ]
    assert found[-1]["ids"] == [id]
    assert all(len(read["query"]) == 64 for read in found)
    await written(world)
    mine = (await auditor.get("/reads", kind="read-log"))["items"]
    assert [(read["reader"], read["form"]) for read in mine] == [("auditor-1", "list")]
    before = (await auditor.get("/reads", as_of=f"@{found[-1]['position'] - 1}"))["items"]
    assert before == []


async def test_all_that_is_told_is_read_by_services_unseen_and_by_people_on_record(world: World) -> None:
    service, auditor = world.caller("service", "registry", "*", kind="service"), world.caller("auditor", "auditor-1")
    for caller in (service, auditor):
        assert (await caller.send("GET", "/log/contracts?after=0")).status_code == 200
    await world.host.runner.wait_for(await world.host.log.head())
    (read,) = (await auditor.get("/reads"))["items"]
    assert (read["reader"], read["kind"], read["fields"]) == ("auditor-1", "contracts", ["everything"])


async def test_only_an_auditor_sees_who_read_what_and_only_within_scope(world: World) -> None:
    id = await complaint(world)
    operator = world.caller("hotline-operator", "operator-9")
    await operator.get(f"/complaints/{id}")
    await world.host.runner.wait_for(await world.host.log.head())
    assert (await world.client.get("/inspection/v1/reads", headers=operator.headers)).status_code == 403
    elsewhere = world.caller("auditor", "auditor-2", region="330105")
    assert (await elsewhere.get("/reads"))["items"] == []
    assert (await elsewhere.get("/reads/volumes", day="2026-07-01"))["readers"] == []
    (reader,) = (await world.caller("auditor").get("/reads/volumes", day="2026-07-01"))["readers"]
    assert (reader["reader"], reader["reads"], reader["things"], reader["is_unusual"]) == ("operator-9", 1, 1, False)
    table = await world.client.get("/inspection/v1/reads?format=csv", headers=world.caller("auditor").headers)
    assert "operator-9" in table.text
    assert (await world.replayed()).differences == 0


async def test_nobody_reads_when_it_cannot_be_put_on_record(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    await complaint(world)
    operator = world.caller("hotline-operator")
    monkeypatch.setattr(recorder_module, "QUEUE_READS_MAX", 0)
    refused = await world.client.get("/inspection/v1/complaints", headers=operator.headers)
    assert (refused.status_code, refused.json()["type"]) == (503, "urn:mingjing:problem:read-unrecorded")
    assert "投诉" not in refused.text
