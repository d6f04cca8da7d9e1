"""Rectifications over HTTP, on a real database: from a hazard to a notice, an end, and what follows when it fails."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from inspection.conftest import Caller, World
from inspection.samples import GRID, MUDUO, PHOTO, SITE
from inspection.sending import CONTENT, Device
from inspection.test_api import known
from inspection.test_available_actions import actions, why_not
from inspection.test_findings import Office, found
from inspection.test_plans import granted
from kernel.evidence.samples import sha256
from mingjing_inspection.intake.reaction_duty import NAME
from mingjing_kernel.identifiers import new_id

DEPARTMENT = "culture-tourism-sport"
ORDER = {"requirements": ["清理疏散通道", "更换灭火器"], "legal_basis": "《消防法》第二十八条"}


async def reacted(world: World, *callers: Caller) -> None:
    """The duty has looked, and the callers see what it did."""
    await world.caught_up()
    await world.host.duties[NAME].look()
    for caller in callers:
        caller.position = str(await world.host.log.head())


async def took(caller: Caller, path: str, step: str, **body: Any) -> None:
    answer = await caller.send("POST", f"{path}/{step}", json=body)
    assert answer.status_code == 200, answer.text


async def test_a_hazard_proposes_an_order_and_a_pause_and_opens_a_lead_once(world: World) -> None:
    office = Office(world)
    await found(world, office, "C05", "C09")
    await reacted(world, office.dispatcher, office.force)
    head = await world.host.log.head()
    await reacted(world)
    assert await world.host.log.head() == head
    assert world.host.duties[NAME].readiness()["looked"] == "no fact asks for a reaction"
    (proposed,) = (await office.dispatcher.get("/rectifications"))["items"]
    assert (proposed["stage"], proposed["pause"], proposed["reaction"]) == ("PROPOSED", "PROPOSED", "X5")
    (lead,) = (await office.dispatcher.get("/leads"))["items"]
    assert (lead["stage"], lead["origin"], lead["source_id"]) == ("OPEN", "VETO", proposed["finding_id"])
    (noted,) = (await office.dispatcher.get("/reactions"))["items"]
    assert noted["did"] == ["rectification-proposed", "recruiting-pause-proposed", "lead-opened"]
    path = f"/rectifications/{proposed['rectification_id']}"
    assert (await office.force.send("GET", f"{path}/notice")).status_code == 409
    await took(office.dispatcher, path, "order", **ORDER)
    may = await actions(world.caller("approver", "dispatcher"), path)
    assert why_not(may["decide-recruiting-pause"]) == "other-person-must"
    pause = {"is_paused": True, "reason": "隐患未除", "legal_basis": "消防法"}
    await took(office.force, path, "recruiting-pause", **pause)
    after = await office.force.get(path)
    assert (after["stage"], after["pause"], after["deadline"]) == ("ORDERED", "ORDERED", "2026-07-16")
    assert (await world.replayed()).differences == 0


async def test_of_what_was_written_off_or_has_no_institution_the_reaction_says_why_it_did_not(world: World) -> None:
    office = Office(world)
    (veto,) = await found(world, office, "C10")
    answer = await office.second.send("POST", f"/findings/{veto['finding_id']}/write-off", json={"reason": "看错了"})
    assert answer.status_code == 200, answer.text
    await reacted(world, office.checker)
    (noted,) = (await office.checker.get("/reactions"))["items"]
    assert (noted["did"], noted["why"]) == ([], "finding-written-off")
    assert (await office.checker.get("/leads"))["items"] == []


async def test_the_notice_has_number_proof_and_words_and_the_end_is_somebody_elses(world: World) -> None:
    await known(world)
    id, officer, checker = new_id(), world.caller("case-officer", "orders"), world.caller("inspector", "checks")
    path = f"/rectifications/{id}"
    body = {**ORDER, "institution_id": str(MUDUO), "site_id": str(SITE), "summary": "疏散通道堵塞"}
    ordered = await officer.send("PUT", path, json=body)
    assert ordered.status_code == 201, ordered.text
    printed = await officer.send("GET", f"{path}/notice", headers={"Mingjing-Position": officer.position})
    assert printed.status_code == 200, printed.text
    assert printed.content.startswith(b"%PDF")
    assert b"proof.json" in printed.content
    again = await officer.send("GET", f"{path}/notice")
    assert again.content == printed.content
    (clock,) = (await officer.get("/deadlines", rule="rectification"))["items"]
    assert (clock["due_on"], clock["id"]) == ("2026-07-16", str(id))
    await took(officer, path, "service", served_on="2026-07-01", manner="直接送达")
    await took(officer, path, "self-report", measures="已清理", photos=[PHOTO])
    checker.position = officer.position
    refused = await world.caller("inspector", "orders").send(
        "POST", f"{path}/recheck", json={"is_passed": True, "note": "好"}
    )
    assert refused.status_code == 403
    await took(checker, path, "recheck", is_passed=False, note="仍堵塞")
    await reacted(world, checker, officer)
    (lead,) = (await checker.get("/leads"))["items"]
    assert (lead["stage"], lead["origin"], lead["source_id"]) == ("VERIFYING", "RECTIFICATION_FAILED", str(id))
    (line,) = (await checker.get("/rectification-ledger"))["items"]
    assert line == {
        "key": DEPARTMENT, "proposed": 0, "ordered": 1, "open": 0, "overdue": 0, "passed": 0, "failed": 1,
    }  # fmt: skip
    concluded = {"is_case_proposed": True, "note": "现场复核属实"}
    early = await checker.send("POST", f"/leads/{lead['lead_id']}/conclusion", json=concluded)
    assert early.json()["type"] == "urn:mingjing:problem:lead-not-taken", early.text
    verifier = world.caller("inspector", "verifies")
    verifier.position = checker.position
    await took(verifier, f"/leads/{lead['lead_id']}", "verification")
    checker.position = verifier.position
    await took(checker, f"/leads/{lead['lead_id']}", "conclusion", **concluded)
    assert (await checker.get(f"/leads/{lead['lead_id']}"))["stage"] == "CASE_PROPOSED"
    assert (await world.replayed()).differences == 0


async def test_a_deadline_that_passes_in_silence_sends_somebody_to_look(world: World) -> None:
    await known(world)
    id, officer = new_id(), world.caller("case-officer", "orders")
    path = f"/rectifications/{id}"
    body = {**ORDER, "institution_id": str(MUDUO), "site_id": str(SITE), "summary": "疏散通道堵塞"}
    assert (await officer.send("PUT", path, json=body)).status_code == 201
    await took(officer, path, "service", served_on="2026-07-01", manner="直接送达")
    world.later(days=17)
    await world.caught_up()
    keeper = world.host.deadlines
    assert keeper is not None
    await keeper.step()
    await world.caught_up()
    officer = world.caller("case-officer", "orders")
    assert (await officer.get(path))["stage"] == "RECHECK"
    rules = {item["rule"]: item for item in (await officer.get("/deadlines"))["items"]}
    assert rules["rectification-recheck"]["working_days"] == 3
    await reacted(world, officer)
    assert [one["kind"] for one in (await officer.get("/tasks"))["items"]] == ["RECHECK"]
    done = {one["reaction"]: one["did"] for one in (await officer.get("/reactions"))["items"]}
    assert done["RECTIFIED"] == ["recheck-planned"]
    assert done["X20"] == ["department-told", "superior-told", "institution-told", "organizer-told"]
    stranger = world.caller("grid-officer", region=GRID[:6], department="science")
    assert (await stranger.get("/rectifications"))["items"] == []


async def test_somebody_goes_and_looks_once_after_a_self_report_within_the_days_of_the_order(world: World) -> None:
    await known(world)
    id, officer = new_id(), world.caller("case-officer", "orders")
    path = f"/rectifications/{id}"
    body = {**ORDER, "institution_id": str(MUDUO), "site_id": str(SITE), "summary": "疏散通道堵塞"}
    assert (await officer.send("PUT", path, json=body)).status_code == 201
    await took(officer, path, "service", served_on="2026-07-01", manner="直接送达")
    owner = world.caller("institution", "boss", organisation=str(MUDUO))
    for measures in ("已清理", "已清理并更换灭火器"):
        await took(owner, path, "self-report", measures=measures, photos=[PHOTO])
        await reacted(world, officer)
    (task,) = (await officer.get("/tasks"))["items"]
    assert (task["kind"], task["site_id"], task["rule"], task["reason"]) == (
        "RECHECK", str(SITE), "RECTIFIED", "疏散通道堵塞",
    )  # fmt: skip
    assert task["due_at"] == "2026-07-06T15:59:59.999999Z"  # Thursday, Friday, Monday
    noted = {(one["reaction"], *one["did"], one["why"]) for one in (await officer.get("/reactions"))["items"]}
    assert noted == {("RECTIFIED", "recheck-planned", ""), ("RECTIFIED", "recheck-planned-before")}
    assert (await world.replayed()).differences == 0


async def test_what_was_struck_off_before_anybody_looked_is_visited_by_nobody(world: World) -> None:
    await known(world)
    id, officer = new_id(), world.caller("case-officer", "orders")
    path = f"/rectifications/{id}"
    body = {**ORDER, "institution_id": str(MUDUO), "site_id": str(SITE), "summary": "疏散通道堵塞"}
    assert (await officer.send("PUT", path, json=body)).status_code == 201
    await took(officer, path, "service", served_on="2026-07-01", manner="直接送达")
    owner = world.caller("institution", "boss", organisation=str(MUDUO))
    await took(owner, path, "self-report", measures="已清理", photos=[PHOTO])
    await world.caught_up()
    await took(world.caller("inspector", "looks"), path, "recheck", is_passed=True, note="已到位")
    await reacted(world, officer)
    assert (await officer.get("/tasks"))["items"] == []
    noted = {(one["reaction"], *one["did"], one["why"]) for one in (await officer.get("/reactions"))["items"]}
    assert noted == {("RECTIFIED", "rectification-moved-on"), ("RECHECKED", "no-recheck-open")}


async def reported(world: World, path: str, officer: Caller) -> None:
    """Ordered, served, and put right as the institution says."""
    await took(officer, path, "service", served_on="2026-07-01", manner="直接送达")
    owner = world.caller("institution", "boss", organisation=str(MUDUO))
    await took(owner, path, "self-report", measures="已清理", photos=[PHOTO])
    officer.position = owner.position
    await reacted(world, officer)


async def test_the_visit_of_what_is_struck_off_without_it_is_cancelled(world: World) -> None:
    await known(world)
    path, officer = f"/rectifications/{new_id()}", world.caller("case-officer", "orders")
    body = {**ORDER, "institution_id": str(MUDUO), "site_id": str(SITE), "summary": "疏散通道堵塞"}
    assert (await officer.send("PUT", path, json=body)).status_code == 201
    await reported(world, path, officer)
    (task,) = (await officer.get("/tasks"))["items"]
    assert task["state"] == "PLANNED"
    await took(world.caller("inspector", "looks"), path, "recheck", is_passed=True, note="已到位")
    await reacted(world, officer)
    (task,) = (await officer.get("/tasks"))["items"]
    assert (task["state"], task["note"]) == ("CANCELLED", "整改已复查，无需再上门")
    (noted,) = (await officer.get("/reactions", reaction="RECHECKED"))["items"]
    assert (noted["did"], noted["why"]) == (["recheck-cancelled"], "")
    assert (await world.replayed()).differences == 0


async def test_who_stands_there_already_finishes_her_report(world: World) -> None:
    await known(world)
    path, officer = f"/rectifications/{new_id()}", world.caller("case-officer", "orders")
    body = {**ORDER, "institution_id": str(MUDUO), "site_id": str(SITE), "summary": "疏散通道堵塞"}
    assert (await officer.send("PUT", path, json=body)).status_code == 201
    await reported(world, path, officer)
    (task,) = (await officer.get("/tasks"))["items"]
    planner, there = (world.caller("inspector", name) for name in ("plans", "looks"))
    address = f"/tasks/{task['task_id']}"
    await world.tell(granted("looks", "inspector"))
    await took(planner, address, "assignment", officer="looks")
    for step in ("acceptance", "start"):
        assert (await there.send("POST", f"{address}/{step}")).status_code == 200
    await took(there, path, "recheck", is_passed=True, note="已到位")
    await reacted(world, officer)
    (task,) = (await officer.get("/tasks"))["items"]
    assert task["state"] == "IN_PROGRESS"
    (noted,) = (await officer.get("/reactions", reaction="RECHECKED"))["items"]
    assert (noted["did"], noted["why"]) == ([], "recheck-under-way")


async def hazard(world: World, office: Office, *, order: bool = True) -> tuple[str, str]:
    """A hazard on its way: the finding dispatched, its rectification ordered, or proposed still."""
    (veto,) = await found(world, office, "C09")
    await reacted(world, office.dispatcher, office.force, office.second)
    (proposed,) = (await office.dispatcher.get("/rectifications"))["items"]
    path = f"/rectifications/{proposed['rectification_id']}"
    if order:
        await took(office.dispatcher, path, "order", **ORDER)
    finding = f"/findings/{veto['finding_id']}"
    await took(office.second, finding, "verification", note="属实")
    office.dispatcher.position = office.second.position
    await took(office.dispatcher, finding, "dispatch", department="education", reason="按专题分工")
    handler = world.caller("inspector", "handles", department="education")
    handler.position = office.dispatcher.position
    await took(handler, finding, "handling")
    return finding, path


async def fed_back(world: World, finding: str) -> None:
    handler = world.caller("inspector", "handles", department="education")
    await world.caught_up()
    await took(handler, finding, "feedback", measures="已清理", photos=[PHOTO])
    await reacted(world)


async def test_a_hazard_has_one_visit_whether_its_finding_or_its_rectification_asks_first(world: World) -> None:
    office = Office(world)
    finding, path = await hazard(world, office)
    await fed_back(world, finding)
    await reported(world, path, office.dispatcher)
    (task,) = (await office.dispatcher.get("/tasks"))["items"]
    assert task["rule"] == "RECHECK"
    (noted,) = (await office.dispatcher.get("/reactions", reaction="RECTIFIED"))["items"]
    assert (noted["did"], noted["why"]) == ([], "finding-recheck-open")


async def test_a_finding_that_is_fed_back_while_its_rectification_is_visited_has_no_visit_of_its_own(
    world: World,
) -> None:
    office = Office(world)
    finding, path = await hazard(world, office)
    await reported(world, path, office.dispatcher)
    await fed_back(world, finding)
    office.dispatcher.position = str(await world.host.log.head())
    (task,) = (await office.dispatcher.get("/tasks"))["items"]
    assert task["rule"] == "RECTIFIED"
    (noted,) = (await office.dispatcher.get("/reactions", reaction="RECHECK"))["items"]
    assert (noted["did"], noted["why"]) == ([], "rectification-recheck-open")
    await took(world.caller("inspector", "looks"), path, "recheck", is_passed=True, note="已到位")
    await reacted(world, office.dispatcher)
    (task,) = (await office.dispatcher.get("/tasks"))["items"]
    assert task["state"] == "PLANNED", "the finding counts on it"
    (noted,) = (await office.dispatcher.get("/reactions", reaction="RECHECKED"))["items"]
    assert (noted["did"], noted["why"]) == ([], "finding-waits-for-recheck")
    looks = office.checker
    looks.position = office.dispatcher.position
    await took(looks, finding, "recheck", is_passed=True, note="已清理，属实")
    await reacted(world, office.dispatcher)
    (task,) = (await office.dispatcher.get("/tasks"))["items"]
    assert (task["state"], task["note"]) == ("CANCELLED", "整改已复查，无需再上门")
    noted = (await office.dispatcher.get("/reactions", reaction="RECHECKED"))["items"]
    assert [one["did"] for one in noted if one["did"]] == [["recheck-cancelled"]]
    assert (await world.replayed()).differences == 0


async def test_the_own_visit_of_a_finding_that_was_rechecked_without_it_is_taken_back(world: World) -> None:
    office = Office(world)
    finding, proposed = await hazard(world, office, order=False)
    await took(office.dispatcher, proposed, "declining", reason="无需责令")
    await fed_back(world, finding)
    looks = office.checker
    looks.position = office.dispatcher.position = str(await world.host.log.head())
    (task,) = (await office.dispatcher.get("/tasks"))["items"]
    assert (task["rule"], task["state"]) == ("RECHECK", "PLANNED")
    await took(looks, finding, "recheck", is_passed=True, note="已清理，属实")
    await reacted(world, office.dispatcher)
    (task,) = (await office.dispatcher.get("/tasks"))["items"]
    assert (task["state"], task["note"]) == ("CANCELLED", "案卷已核查，无需再上门")
    assert (await world.replayed()).differences == 0


async def test_what_a_person_ordered_for_a_finding_is_visited_once_as_well(world: World) -> None:
    office = Office(world)
    finding, proposed = await hazard(world, office, order=False)
    await took(office.dispatcher, proposed, "declining", reason="另行责令")
    path = f"/rectifications/{new_id()}"
    grounds = {"institution_id": str(MUDUO), "site_id": str(SITE), "summary": "疏散通道堵塞"}
    by_hand = ORDER | grounds | {"finding_id": finding.removeprefix("/findings/")}
    assert (await office.dispatcher.send("PUT", path, json=by_hand)).status_code == 201
    await reported(world, path, office.dispatcher)
    await fed_back(world, finding)
    office.dispatcher.position = str(await world.host.log.head())
    (task,) = (await office.dispatcher.get("/tasks"))["items"]
    assert task["rule"] == "RECTIFIED"
    (noted,) = (await office.dispatcher.get("/reactions", reaction="RECHECK"))["items"]
    assert (noted["did"], noted["why"]) == ([], "rectification-recheck-open")


async def test_a_visit_whose_rectification_still_waits_stays_though_its_finding_was_rechecked(world: World) -> None:
    office = Office(world)
    finding, path = await hazard(world, office)
    await reported(world, path, office.dispatcher)
    await fed_back(world, finding)
    looks = office.checker
    looks.position = office.dispatcher.position
    await took(looks, finding, "recheck", is_passed=True, note="已清理，属实")
    office.dispatcher.position = looks.position
    await reacted(world, office.dispatcher)
    (task,) = (await office.dispatcher.get("/tasks"))["items"]
    assert (task["rule"], task["state"]) == ("RECTIFIED", "PLANNED")
    (noted,) = (await office.dispatcher.get("/reactions", reaction="RECHECKED"))["items"]
    assert (noted["did"], noted["why"]) == ([], "rectification-waits-for-recheck")


async def test_the_files_of_a_self_report_are_evidence_of_the_rectification(world: World) -> None:
    await known(world)
    chief = world.caller("inspector", "chief")
    order = UUID(int=601)
    body = {
        "institution_id": str(MUDUO), "site_id": str(SITE), "summary": "疏散通道堵塞", "requirements": ["清理"],
        "legal_basis": "消防法第二十八条",
    }  # fmt: skip
    assert (await chief.send("PUT", f"/rectifications/{order}", json=body)).status_code == 201
    served = {"served_on": "2026-07-01", "manner": "直接送达"}
    assert (await chief.send("POST", f"/rectifications/{order}/service", json=served)).status_code == 200
    digest = sha256(CONTENT)
    told = {"measures": "已清理", "photos": [digest]}
    assert (await chief.send("POST", f"/rectifications/{order}/self-report", json=told)).status_code == 200
    stages = [one["stage"] for one in (await chief.get(f"/rectifications/{order}"))["photo_evidence"]]
    assert stages == ["missing"]
    thing = {"kind": "rectification", "id": str(order)}
    sent = await Device(chief).send(UUID(int=602), CONTENT, thing=thing)
    assert sent.status_code == 200, sent.text
    await world.caught_up()
    stages = [one["stage"] for one in (await chief.get(f"/rectifications/{order}"))["photo_evidence"]]
    assert stages == ["received"]
    stranger = world.caller("inspector", "stranger", department="nobody")
    assert (await stranger.send("GET", f"/evidence/{UUID(int=602)}/copy")).status_code == 404
