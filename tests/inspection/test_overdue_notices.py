"""X20 over HTTP: who is told of a step that is nearly late or late, and who is not."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from inspection.conftest import Caller, World
from inspection.samples import GRID, MUDUO, SITE
from inspection.test_api import known
from inspection.test_findings import Office, found
from inspection.test_plans import granted
from inspection.test_rectifications import DEPARTMENT, ORDER, reacted, took
from mingjing_inspection.intake.task_supervision import supervise_daily
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identifiers import new_id

NOTICE = UUID(int=701)


async def passed(world: World, **time: int) -> None:
    """Days go by, the keeper of deadlines looks, and the duty of reactions after it."""
    world.later(**time)
    await world.caught_up()
    assert world.host.deadlines is not None
    await world.host.deadlines.step()
    await reacted(world)
    await world.caught_up()


def people(world: World) -> tuple[Caller, Caller, Caller, Caller]:
    """The competent department, the one above it, the institution, another institution; signed in now."""
    found = (
        world.caller("case-officer", "own", department=DEPARTMENT),
        world.caller("inspector", "above", department="education"),
        world.caller("institution", "school-1", organisation=str(MUDUO)),
        world.caller("institution", "school-2", organisation=str(UUID(int=2))),
    )
    return found


async def told(caller: Caller, **asked: Any) -> list[tuple[str, str]]:
    """Level and addressee of the notices that somebody sees."""
    items = (await caller.get("/overdue-notices", **asked))["items"]
    return sorted((one["level"], one["addressee"]) for one in items)


async def test_an_institution_hears_of_its_own_duty_and_its_department_and_the_one_above_of_theirs(
    world: World,
) -> None:
    await known(world)
    officer, path = world.caller("case-officer", "orders"), f"/rectifications/{NOTICE}"
    body = {**ORDER, "institution_id": str(MUDUO), "site_id": str(SITE), "summary": "疏散通道堵塞"}
    assert (await officer.send("PUT", path, json=body)).status_code == 201
    await took(officer, path, "service", served_on="2026-07-01", manner="直接送达")
    await passed(world, days=12)
    assert await told(world.caller("auditor")) == [], "four fifths of fifteen days are over with the twelfth"
    await passed(world, days=1)
    own, above, school, other = people(world)
    assert await told(own) == [("REMINDED", "DEPARTMENT"), ("REMINDED", "INSTITUTION")]
    assert (await told(above), await told(school), await told(other)) == ([], [("REMINDED", "INSTITUTION")], [])
    (mine,) = (await school.get("/overdue-notices", is_read=False))["items"]
    assert (mine["thing_id"], mine["step"], mine["due_on"]) == (str(NOTICE), "RECTIFY", "2026-07-16")
    acknowledgement = f"/overdue-notices/{mine['notice_id']}/acknowledgement"
    refused = await own.send("POST", acknowledgement, json={"note": "代签"})
    assert refused.json()["type"].endswith(":notice-of-another"), refused.text
    (may,) = (await own.get(f"/overdue-notices/{mine['notice_id']}/available-actions"))["actions"]
    assert not may["available"]
    assert (await other.send("POST", acknowledgement, json={})).status_code == 404
    read = await school.send("POST", acknowledgement, json={"note": "十五日前完成"})
    assert read.status_code == 200, read.text
    assert await told(school, is_read=False) == []
    await passed(world, days=3)
    own, above, school, other = people(world)
    assert ("SUPERVISED", "INSTITUTION") in await told(school)
    assert await told(above) == [("SUPERVISED", "SUPERIOR")]
    assert ("SUPERVISED", "DEPARTMENT") in await told(own)
    assert await told(world.caller("case-officer", "orders"), is_mine=True) == [("SUPERVISED", "ORGANIZER")]
    assert await told(other) == []
    noted = (await own.get("/reactions", reaction="X20"))["items"]
    assert [one["did"] for one in noted] == [
        ["department-told", "superior-told", "institution-told", "organizer-told"],
        ["department-told", "institution-told"],
    ]  # fmt: skip
    assert (await school.get("/reactions"))["items"] == []
    assert (await world.replayed()).differences == 0


async def test_whoever_has_a_task_in_hand_is_named_and_whoever_planned_it_once_it_is_late(world: World) -> None:
    await known(world)
    for name in ("wang", "li"):
        await world.tell(granted(name, "grid-officer"))
    planner, task = world.caller("inspector", "cheng"), new_id()
    body = {"institution_id": str(MUDUO), "site_id": str(SITE), "reason": "例行", "due_at": "2026-07-10T12:00:00+08:00"}
    assert (await planner.send("PUT", f"/tasks/{task}", json=body)).status_code == 201
    given = {"officer": "wang", "colleagues": ["li"]}
    assert (await planner.send("POST", f"/tasks/{task}/assignment", json=given)).status_code == 200
    world.later(days=8)
    await world.caught_up()
    await supervise_daily(world.host, shanghai_date(world.time.now))
    await reacted(world)
    await world.caught_up()
    wang, li = (world.caller("grid-officer", name, region=GRID[:9]) for name in ("wang", "li"))
    planner = world.caller("inspector", "cheng")
    assert [await told(one, is_mine=True) for one in (wang, li)] == [[("REMINDED", "DEPARTMENT")]] * 2
    assert await told(planner, is_mine=True) == [], "a reminder is for whoever has it in hand"
    (shown,) = (await wang.get("/round"))["tasks"]
    assert shown["escalation"] == "REMINDED"
    await passed(world, days=3)
    planner = world.caller("inspector", "cheng")
    assert await told(planner, is_mine=True) == [("SUPERVISED", "ORGANIZER")]
    assert (await world.replayed()).differences == 0


async def test_a_notice_that_names_people_stays_with_each_until_she_or_one_above_her_acknowledges_it(
    world: World,
) -> None:
    await known(world)
    for name in ("wang", "li"):
        await world.tell(granted(name, "grid-officer"))
    planner, task = world.caller("inspector", "cheng"), new_id()
    body = {"institution_id": str(MUDUO), "site_id": str(SITE), "reason": "例行", "due_at": "2026-07-10T12:00:00+08:00"}
    assert (await planner.send("PUT", f"/tasks/{task}", json=body)).status_code == 201
    given = {"officer": "wang", "colleagues": ["li"]}
    assert (await planner.send("POST", f"/tasks/{task}/assignment", json=given)).status_code == 200
    world.later(days=8)
    await world.caught_up()
    await supervise_daily(world.host, shanghai_date(world.time.now))
    await reacted(world)
    await world.caught_up()
    wang, li = (world.caller("grid-officer", name, region=GRID[:9]) for name in ("wang", "li"))
    other, head = world.caller("inspector", "other"), world.caller("approver", "head")
    (notice,) = (await wang.get("/overdue-notices", is_mine=True, is_read=False))["items"]
    path = f"/overdue-notices/{notice['notice_id']}"
    refused = await other.send("POST", f"{path}/acknowledgement", json={"note": "代签"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:mingjing:problem:notice-names-others")
    (may,) = (await other.get(f"{path}/available-actions"))["actions"]
    assert not may["available"]
    assert (await wang.send("POST", f"{path}/acknowledgement", json={"note": "明日去"})).status_code == 200
    await world.caught_up()
    assert await told(wang, is_mine=True, is_read=False) == []
    assert await told(wang, is_mine=True, is_read=True) == [("REMINDED", "DEPARTMENT")]
    (left,) = (await li.get("/overdue-notices", is_mine=True, is_read=False))["items"]
    assert (left["read_by"], left["waits_for"], left["is_read"], left["note"]) == (["wang"], ["li"], False, "明日去")
    assert await told(other, is_read=False) == [("REMINDED", "DEPARTMENT")]
    exported = await other.client.get("/inspection/v1/overdue-notices", headers=other.headers | {"Accept": "text/csv"})
    assert exported.status_code == 200, exported.text
    assert (await head.send("POST", f"{path}/acknowledgement", json={"note": "li 已调离"})).status_code == 200
    await world.caught_up()
    assert await told(li, is_mine=True, is_read=False) == []
    assert await told(other, is_read=True) == [("REMINDED", "DEPARTMENT")]
    assert (await world.replayed()).differences == 0


async def test_what_part_of_the_time_is_over_when_somebody_is_reminded_is_decided(world: World) -> None:
    await known(world)
    path = f"/policies/overdue-reminders/versions/{new_id()}"
    proposed = {
        "numbers": {"percent": 60}, "region": "330106", "effective_on": "2026-07-01", "legal_basis": "b", "reason": "r",
    }  # fmt: skip
    made = await world.caller("approver", "one").send("PUT", path, json=proposed)
    assert made.is_success, made.text
    decided = await world.caller("approver", "two").send("POST", f"{path}/approval")
    assert decided.is_success, decided.text
    officer, id = world.caller("case-officer", "orders"), new_id()
    body = {**ORDER, "institution_id": str(MUDUO), "site_id": str(SITE), "summary": "疏散通道堵塞"}
    assert (await officer.send("PUT", f"/rectifications/{id}", json=body)).status_code == 201
    await took(officer, f"/rectifications/{id}", "service", served_on="2026-07-01", manner="直接送达")
    await passed(world, days=9)
    assert await told(world.caller("auditor")) == [], "three fifths of fifteen days are over with the ninth"
    await passed(world, days=1)
    assert await told(people(world)[2]) == [("REMINDED", "INSTITUTION")]
    assert (await world.replayed()).differences == 0


async def test_no_institution_hears_of_visits_and_findings_and_what_was_done_is_told_to_nobody(world: World) -> None:
    office = Office(world)
    (item,) = await found(world, office, "C05")
    task = new_id()
    planned = {"institution_id": str(MUDUO), "site_id": str(SITE), "kind": "UNANNOUNCED", "reason": "暗访"}
    body = planned | {"due_at": "2026-07-05T00:00:00+00:00"}
    assert (await office.checker.send("PUT", f"/tasks/{task}", json=body)).status_code == 201
    await passed(world, days=6)
    own, above, school, _ = people(world)
    assert await told(school) == []
    seen = (await own.get("/overdue-notices"))["items"]
    assert {(one["kind"], one["step"], one["level"]) for one in seen} >= {
        ("finding", "VERIFY", "SUPERVISED"), ("task", "VISIT", "SUPERVISED"),
    }  # fmt: skip
    assert {one["institution_id"] for one in seen} == {None}
    assert {(one["kind"], one["addressee"]) for one in (await above.get("/overdue-notices"))["items"]} == {
        ("finding", "SUPERIOR"), ("task", "SUPERIOR"),
    }  # fmt: skip
    organizer = world.caller("inspector", "checker")
    (mine,) = (await organizer.get("/overdue-notices", is_mine=True))["items"]
    assert (mine["kind"], mine["addressee"], mine["people"]) == ("task", "ORGANIZER", ["checker"])
    elsewhere = world.caller("inspector", "far", region="330108")
    assert (await elsewhere.get("/overdue-notices"))["items"] == []
    # A listing of the same task, and a visit that is made before anybody reacts.
    world.later(days=30)
    await supervise_daily(world.host, shanghai_date(world.time.now))
    officer = world.caller("grid-officer", "officer", region=GRID[:9])
    cancelled = await world.caller("inspector", "checker").send(
        "POST", f"/tasks/{task}/cancellation", json={"reason": "机构已注销"}
    )
    assert cancelled.status_code == 200, cancelled.text
    await reacted(world, officer)
    own = world.caller("case-officer", "own", department=DEPARTMENT)
    idle = (await own.get("/reactions", reaction="X20", is_idle=True))["items"]
    assert [one["why"] for one in idle if one["occasion"].startswith(f"task-{task}")] == ["step-taken-meanwhile"]
    assert item["finding_id"] in {one["thing_id"] for one in seen}
