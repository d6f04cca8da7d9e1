"""Who, why and by which law: beside every fact in the log, whether a person or another service caused it."""

from __future__ import annotations

from urllib.parse import quote
from uuid import UUID

from inspection.conftest import World
from inspection.samples import GRID, alert, approved, registered, visit_body
from mingjing_inspection.domain.premises import AlertNoted, InstitutionNoted
from mingjing_inspection.domain.task_facts import TaskPlanned, TaskSubmitted
from mingjing_inspection.domain.visit import VisitCorrected, VisitReported

VISIT = UUID(int=41)


async def test_what_an_alert_caused_and_what_an_officer_did_say_why(world: World) -> None:
    for contract in (registered(), approved(), alert()):
        await world.tell(contract)
    officer = world.caller("grid-officer", region=GRID[:9])
    (task,) = (await officer.get("/tasks"))["items"]
    await officer.send("POST", f"/tasks/{task['task_id']}/acceptance")
    body = visit_body(task_id=task["task_id"])
    grounds = {"Mingjing-Reason": quote("红色预警核查"), "Mingjing-Legal-Basis": quote("教监管函〔2021〕2号")}
    assert (await officer.send("PUT", f"/visits/{VISIT}", json=body, headers=grounds)).json()["task_refused"] == ""
    correction = {"corrects_version": 1, "observation": body["observation"] | {"note": "改"}, "reason": "写错了"}
    assert (await officer.send("POST", f"/visits/{VISIT}/corrections", json=correction)).status_code == 200

    found = {type(fact.event): fact.meta for fact in await world.host.log.read(0, 1_000)}
    told = {kind: (meta.actor, meta.reason, meta.legal_basis) for kind, meta in found.items()}
    supervision = "教监管函〔2021〕2号；国办发〔2018〕80号"
    assert told[InstitutionNoted] == ("system:note-institution", "registry-said-so", "国办发〔2018〕80号")
    assert told[AlertNoted] == ("system:note-alert", "F02", supervision)
    assert (told[TaskPlanned][0], told[TaskPlanned][2]) == ("system:urgent-inspection", supervision)
    assert "余额低于未消课负债" in told[TaskPlanned][1]
    assert told[VisitReported] == told[TaskSubmitted] == ("grid-officer", "红色预警核查", "教监管函〔2021〕2号")
    assert told[VisitCorrected][:2] == ("grid-officer", "写错了")
