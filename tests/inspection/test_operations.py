"""Joint operations over HTTP: one plan, each department its own powers and findings."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

from inspection.conftest import Caller, World
from inspection.samples import MUDUO, OTHER_GRID, OTHER_SITE, PHOTO, SITE, approved, visit_body
from inspection.sending import CONTENT, Device
from inspection.test_api import known
from inspection.test_bundles import Phone
from inspection.test_findings import looked
from inspection.test_plans import granted
from kernel.evidence.samples import sha256
from mingjing_inspection.domain.checklist import PATROL_V1
from mingjing_inspection.intake.operation_tasks import task_id_of

OPERATION = UUID(int=81)
CULTURE, FIRE, MARKET = "culture-tourism-sport", "fire-rescue", "market-regulation"
PLAN = {
    "title": "暑期联合检查", "department": CULTURE, "members": [CULTURE, FIRE, MARKET], "held_on": "2026-07-03",
    "targets": [{"institution_id": str(MUDUO), "site_id": str(one)} for one in (SITE, OTHER_SITE)],
    "reason": "国办双减督查", "legal_basis": "行政处罚法第二十二条",
}  # fmt: skip


def problem(answer: Any) -> str:
    return str(answer.json()["type"]).removeprefix("urn:mingjing:problem:")


def chief(world: World, department: str) -> Caller:
    return world.caller("inspector", f"chief-{department}", department=department)


async def launched(world: World) -> Caller:
    """Planned by the department that is competent, joined by fire rescue, not by market regulation."""
    await known(world)
    await world.tell(approved(OTHER_SITE, OTHER_GRID))
    await world.tell(granted("second", "inspector"))
    lead = chief(world, CULTURE)
    planned = await lead.send("PUT", f"/operations/{OPERATION}", json=PLAN)
    assert planned.status_code == 201, planned.text
    for department, takes_part in ((FIRE, True), (MARKET, False)):
        answer = {"department": department, "takes_part": takes_part, "reason": "" if takes_part else "另有安排"}
        said = await chief(world, department).send("POST", f"/operations/{OPERATION}/answers", json=answer)
        assert said.status_code == 200, said.text
    sent = await lead.send("POST", f"/operations/{OPERATION}/launch")
    assert sent.status_code == 200, sent.text
    return lead


def report(department: str, site: UUID = SITE, items: str = "C09", **changed: Any) -> dict[str, Any]:
    """What two officers of a department report of its own items."""
    answers = [{"item": item, "finding": "PASS"} for item in items.split()]
    observation = {"answers": answers, "companions": ["second"]} | changed.pop("observation", {})
    return visit_body(
        site_id=str(site), task_id=str(task_id_of(OPERATION, site, department)), observation=observation, **changed
    )


FAILED = {
    "outcome": "ISSUES",
    "answers": [{"item": "C09", "finding": "FAIL", "remark": "安全出口上锁", "photos": [PHOTO]}],
}


async def test_the_members_answer_for_themselves_before_the_lead_sends_anybody_out(world: World) -> None:
    await known(world)
    await world.tell(approved(OTHER_SITE, OTHER_GRID))
    lead, fire = chief(world, CULTURE), chief(world, FIRE)
    path = f"/operations/{OPERATION}"
    for wrong, type_ in (
        ({"members": [CULTURE]}, "members-too-few"),
        ({"members": [FIRE, MARKET]}, "lead-no-member"),
        ({"members": [CULTURE, "tea-office"]}, "member-without-powers"),
        ({"targets": []}, "targets-impossible"),
        ({"held_on": "2026-06-30"}, "operation-day-passed"),
    ):
        assert problem(await lead.send("PUT", path, json=PLAN | wrong)) == type_
    assert (await fire.send("PUT", path, json=PLAN)).status_code == 403, "nobody leads in another's name"
    assert (await lead.send("PUT", path, json=PLAN)).status_code == 201
    assert (await lead.send("PUT", path, json=PLAN)).json()["repeated"] is False
    assert problem(await lead.send("PUT", path, json=PLAN | {"title": "另一"})) == "operation-planned-otherwise"
    assert problem(await lead.send("POST", f"{path}/launch")) == "answers-awaited"
    yes = {"department": FIRE, "takes_part": True}
    assert (await lead.send("POST", f"{path}/answers", json=yes)).status_code == 403
    assert problem(await fire.send("POST", f"{path}/answers", json=yes | {"takes_part": False})) == (
        "operation-words-missing"
    )
    assert (await fire.send("POST", f"{path}/answers", json=yes)).status_code == 200
    assert (await fire.send("POST", f"{path}/launch")).status_code == 403
    actions = {one["act"]: one for one in (await fire.get(f"{path}/available-actions"))["actions"]}
    assert actions["answer-operation"]["available"] is True
    assert (actions["launch-operation"]["available"], actions["pool-evidence"]["available"]) == (False, False)
    seen = await fire.get(path)
    assert (seen["stage"], seen["region"], seen["category"]) == ("PLANNED", "330106", "art")
    assert {one["department"] for one in seen["sites"]} == {CULTURE}
    assert (await chief(world, "science").get("/operations"))["items"] == []
    assert problem(await chief(world, "science").send("GET", path)) == "operation-unknown"


async def test_a_member_reports_at_another_departments_premises_only_for_its_task_and_within_its_powers(
    world: World,
) -> None:
    lead = await launched(world)
    fire, officer = chief(world, FIRE), world.caller("inspector", "fire-1", department=FIRE)
    fire.position = lead.position
    tasks = (await fire.get("/tasks", rule=f"operation:{OPERATION}"))["items"]
    assert {(one["department"], one["kind"], one["state"]) for one in tasks} == {(FIRE, "JOINT", "PLANNED")}
    assert len(tasks) == 2
    assert (await officer.send("PUT", f"/visits/{UUID(int=90)}", json=visit_body())).status_code == 403
    other = report(FIRE, SITE) | {"site_id": str(OTHER_SITE)}
    assert problem(await officer.send("PUT", f"/visits/{UUID(int=91)}", json=other)) == "joint-task-elsewhere"
    culture = report(CULTURE, SITE, "C01")
    assert (await officer.send("PUT", f"/visits/{UUID(int=92)}", json=culture)).status_code == 403
    taken = await officer.send("POST", f"/tasks/{task_id_of(OPERATION, SITE, FIRE)}/acceptance")
    assert taken.status_code == 200, taken.text
    (mine,) = (await officer.get("/round"))["tasks"]
    assert "C09" not in mine["beyond"]
    assert {"C01", "C05"} < set(mine["beyond"])
    beyond = report(FIRE, SITE, "C09 C05")
    assert problem(await officer.send("PUT", f"/visits/{UUID(int=93)}", json=beyond)) == "item-of-another-department"
    unlooked = [{"item": one.code, "finding": "NOT_CHECKED"} for one in PATROL_V1.items]
    for_all = report(FIRE, observation={**FAILED, "answers": [*FAILED["answers"], *unlooked[:8], *unlooked[9:]]})
    answer = await officer.send("PUT", f"/visits/{UUID(int=94)}", json=for_all)
    assert (answer.status_code, answer.json()["task_refused"]) == (201, ""), answer.text
    again = await officer.send("PUT", f"/visits/{UUID(int=94)}", json=for_all)
    assert (again.status_code, again.json()["repeated"]) == (201, True)
    second = await officer.send("PUT", f"/visits/{UUID(int=95)}", json=report(FIRE))
    assert problem(second) == "joint-task-over"
    (visit,) = (await officer.get("/visits"))["items"]
    assert (visit["department"], visit["failed"]) == (FIRE, ["C09"])
    fixed = {"corrects_version": 1, "observation": for_all["observation"] | {"note": "补充"}, "reason": "补充说明"}
    corrected = await officer.send("POST", f"/visits/{UUID(int=94)}/corrections", json=fixed)
    assert corrected.status_code == 200, corrected.text
    own = world.caller("inspector", "culture-1", department=CULTURE)
    assert (await own.send("PUT", f"/visits/{UUID(int=96)}", json=report(CULTURE, SITE, "C01"))).status_code == 422
    whole = report(CULTURE, SITE, "C01 C02 C03 C04 C06 C08 C14")
    assert (await own.send("PUT", f"/visits/{UUID(int=96)}", json=whole)).status_code == 201
    await looked(world, fire, lead)
    assert [one["department"] for one in (await fire.get("/findings"))["items"]] == [FIRE]
    assert (await lead.get("/findings"))["items"] == [], "each department sees its own findings"
    rows = {one["department"]: one for one in (await lead.get(f"/operations/{OPERATION}/summary"))["departments"]}
    assert [rows[FIRE][name] for name in ("tasks", "visited", "remaining", "findings", "vetoes")] == [2, 1, 1, 1, 1]
    assert [rows[CULTURE][name] for name in ("tasks", "visited", "remaining", "findings")] == [2, 1, 1, 0]
    assert (rows[MARKET]["answer"], rows[MARKET]["tasks"]) == ("NO", 0)
    assert not (await world.replayed()).differences


async def test_evidence_is_shared_with_its_origin_and_taken_over_with_it(world: World) -> None:
    lead = await launched(world)
    officer, culture = world.caller("inspector", "fire-1", department=FIRE), chief(world, CULTURE)
    digest = sha256(CONTENT)
    locked = {"item": "C09", "finding": "FAIL", "remark": "安全出口上锁", "photos": [digest]}
    shown = {"outcome": "ISSUES", "photos": [digest], "answers": [locked]}
    visit = UUID(int=94)
    assert (await officer.send("PUT", f"/visits/{visit}", json=report(FIRE, observation=shown))).status_code == 201
    path, item = f"/operations/{OPERATION}/evidence", UUID(int=201)
    body = {"visit_id": str(visit), "sha256": digest, "note": "二楼安全出口"}
    assert (await lead.send("PUT", f"{path}/{item}", json=body)).status_code == 403, "only the owner shares"
    wrong = await officer.send("PUT", f"{path}/{item}", json=body | {"sha256": "b" * 64})
    assert problem(wrong) == "photo-not-of-visit"
    early = await officer.send("PUT", f"{path}/{item}", json=body)
    assert (early.status_code, early.json()["evidence_id"]) == (201, None), early.text
    device = Device(officer)
    sent = await device.send(UUID(int=301), CONTENT, thing={"kind": "visit", "id": str(visit)})
    assert sent.status_code == 200, sent.text
    await world.caught_up()
    shared = (await officer.send("PUT", f"{path}/{item}", json=body)).json()["evidence_id"]
    assert (await officer.send("PUT", f"{path}/{item}", json=body)).json()["evidence_id"] == shared
    await world.caught_up()
    assert (await culture.send("GET", f"/evidence/{UUID(int=301)}/copy")).status_code == 404
    assert (await culture.send("GET", f"/evidence/{shared}/copy")).status_code == 200
    assert (await chief(world, MARKET).send("GET", f"/evidence/{shared}/copy")).status_code == 404
    assert (await chief(world, MARKET).get(path))["items"] == [], "who does not take part sees no pool"
    own = UUID(int=96)
    assert (await culture.send("PUT", f"/visits/{own}", json=report(CULTURE, SITE, "C01 C02 C03 C04 C06 C08 C14"))
            ).status_code == 201  # fmt: skip
    refer = {"department": CULTURE, "visit_id": str(own)}
    for wrong_one, type_ in (
        ({"department": CULTURE, "visit_id": str(visit)}, "not-of-operation"),
        ({"department": CULTURE}, "not-of-operation"),
    ):
        assert problem(await culture.send("POST", f"{path}/{item}/references", json=wrong_one)) == type_
    assert (await culture.send("POST", f"{path}/{item}/references", json=refer)).status_code == 201
    assert problem(await culture.send("POST", f"{path}/{UUID(int=9)}/references", json=refer)) == "item-unknown"
    (row,) = (await culture.get(path))["items"]
    assert (row["owner"], row["officer"], row["sha256"], row["visit_id"]) == (FIRE, "fire-1", digest, str(visit))
    assert [(one["department"], one["visit_id"]) for one in row["referred"]] == [(CULTURE, str(own))]
    steps = [one["step"] for one in await culture.get(f"/operations/{OPERATION}/timeline")]
    assert steps == ["PLANNED", "ANSWERED", "ANSWERED", "LAUNCHED", "EVIDENCE_POOLED", "EVIDENCE_REFERRED"]
    assert not (await world.replayed()).differences


async def test_it_is_concluded_when_nobody_has_to_go_and_called_off_with_its_tasks(world: World) -> None:
    lead = await launched(world)
    path = f"/operations/{OPERATION}"
    await lead.send("POST", f"{path}/launch")
    assert len((await lead.get("/tasks", rule=f"operation:{OPERATION}"))["items"]) == 2
    early = await lead.send("POST", f"{path}/conclusion", json={"reason": "完成"})
    assert problem(early) == "operation-unfinished"
    assert "4" in early.json()["detail"]
    assert (await chief(world, FIRE).send("POST", f"{path}/cancellation", json={"reason": "暴雨"})).status_code == 403
    off = await lead.send("POST", f"{path}/cancellation", json={"reason": "暴雨红色预警"})
    assert off.status_code == 200, off.text
    tasks = (await lead.get("/tasks", rule=f"operation:{OPERATION}"))["items"]
    assert {one["state"] for one in tasks} == {"CANCELLED"}
    officer = world.caller("inspector", "fire-1", department=FIRE)
    late = await officer.send("PUT", f"/visits/{UUID(int=97)}", json=report(FIRE))
    assert problem(late) == "joint-task-over"
    assert problem(await lead.send("POST", f"{path}/launch")) == "operation-over"
    assert (await lead.get(path))["stage"] == "CANCELLED"


async def test_what_a_member_reports_without_a_network_is_taken_by_the_same_rules(world: World) -> None:
    await launched(world)
    device = Phone(world.caller("inspector", "fire-1", department=FIRE))
    whole, beyond, elsewhere = UUID(int=94), UUID(int=95), UUID(int=96)
    sent = {
        whole: report(FIRE),
        beyond: report(FIRE, OTHER_SITE, "C05"),
        elsewhere: report(FIRE, SITE) | {"site_id": str(OTHER_SITE)},
    }
    for visit, body in sent.items():
        del body["device_sent_at"]
        device.add(visit, json.dumps(body, ensure_ascii=False).encode(), visit_id=visit)
    assert (await device.declare()).status_code == 201
    assert (await device.part(whole)).status_code == 201
    assert problem(await device.part(beyond)) == "item-of-another-department"
    assert problem(await device.part(elsewhere)) == "joint-task-elsewhere"
    stages = await device.stages()
    assert [stages[str(one)] for one in sent] == ["TAKEN", "ASIDE", "ASIDE"]
    (visit,) = (await device.caller.get("/visits"))["items"]
    assert (visit["department"], visit["visit_id"]) == (FIRE, str(whole))
