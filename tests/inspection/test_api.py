"""The service over HTTP, on a real database."""

from __future__ import annotations

from uuid import UUID

from inspection.conftest import Caller, World
from inspection.samples import (
    ALERT,
    GRID,
    MUDUO,
    OTHER_GRID,
    OTHER_SITE,
    PHOTO,
    SITE,
    YULU,
    alert,
    approved,
    hotline,
    market,
    registered,
    visit_body,
    workbook,
)

VISIT = UUID(int=41)
XLSX = {"Content-Type": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


async def known(world: World) -> None:
    """The registry named one institution with a site."""
    await world.tell(registered())
    await world.tell(approved())


async def test_a_visit_sent_twice_is_one_visit_and_stands_on_the_institution(world: World) -> None:
    await known(world)
    officer = world.caller("grid-officer", region=GRID[:9])
    first = await officer.send("PUT", f"/visits/{VISIT}", json=visit_body())
    again = await officer.send("PUT", f"/visits/{VISIT}", json=visit_body())
    assert (first.status_code, again.status_code) == (201, 201), again.text
    assert first.json() == again.json() | {"repeated": False}
    assert again.json()["repeated"]
    assert first.json()["photos"] == [PHOTO]
    (visit,) = (await officer.get("/visits"))["items"]
    assert (visit["region"], visit["outcome"], visit["clock_skew_seconds"]) == (GRID, "NO_ISSUE", -1800)
    (thing,) = (await officer.get(f"/institutions/{MUDUO}/timeline"))["items"]
    assert (thing["kind"], thing["state"], thing["grave"]) == ("VISIT", "NO_ISSUE", False)


async def test_the_same_id_with_other_bytes_is_refused(world: World) -> None:
    await known(world)
    officer = world.caller("grid-officer")
    await officer.send("PUT", f"/visits/{VISIT}", json=visit_body())
    changed = await officer.send("PUT", f"/visits/{VISIT}", json=visit_body(observation={"note": "改了"}))
    assert (changed.status_code, changed.json()["type"]) == (409, "urn:mingjing:problem:visit-already-reported")
    correction = {"corrects_version": 1, "observation": visit_body()["observation"] | {"note": "改了"}, "reason": "错"}
    mended = await officer.send("POST", f"/visits/{VISIT}/corrections", json=correction)
    assert (mended.status_code, mended.json()["version"]) == (200, 2)
    assert (await officer.get(f"/visits/{VISIT}"))["note"] == "改了"
    before = f"@{int(officer.position) - 1}"
    assert (await officer.get("/visits", as_of=before))["items"][0]["note"] == "正常上课"
    assert (await officer.get(f"/visits/{VISIT}", as_of=before))["note"] == "正常上课"
    timeline = f"/institutions/{MUDUO}/timeline"
    assert [
        (await officer.get(timeline, as_of=at))["items"][0]["title"] for at in (before, f"@{officer.position}")
    ] == [
        "正常上课",
        "改了",
    ]


async def test_an_officer_of_another_grid_may_neither_report_nor_read(world: World) -> None:
    await known(world)
    stranger = world.caller("grid-officer", region=OTHER_GRID[:9])
    refused = await stranger.send("PUT", f"/visits/{VISIT}", json=visit_body())
    assert refused.status_code == 403
    await world.caller("grid-officer").send("PUT", f"/visits/{VISIT}", json=visit_body())
    assert (await stranger.get("/visits"))["items"] == []
    assert (await stranger.get(f"/institutions/{MUDUO}/timeline"))["items"] == []
    assert (await stranger.get("/totals"))["visits"] == 0
    unknown = await stranger.send("PUT", f"/visits/{VISIT}", json=visit_body(site_id=str(OTHER_SITE)))
    assert unknown.status_code == 404


async def test_a_file_is_taken_in_once_and_its_bad_row_is_kept_aside_and_mended(world: World) -> None:
    await known(world)
    operator = world.caller("hotline-operator")
    bad = hotline("330126062800002", received_at="昨天")
    content = workbook(hotline("330126062800001", text="木铎轩书画跑路了"), bad, counted=3)
    first = (await operator.send("POST", "/complaint-files?name=a.xlsx", content=content, headers=XLSX)).json()
    assert {key: first[key] for key in ("rows", "missing_rows", "taken", "matched", "urgent", "unchanged")} == {
        "rows": 2,
        "missing_rows": 1,
        "taken": 1,
        "matched": 1,
        "urgent": 1,
        "unchanged": 0,
    }
    (kept,) = first["kept_aside"]
    assert (kept["row"], kept["field"], kept["rule"]) == (5, "received_at", "time-unreadable")
    assert kept["sentence"]["zh"] == "“昨天”不是时间。"
    again = (await operator.send("POST", "/complaint-files", content=content, headers=XLSX)).json()
    assert (again["taken"], again["unchanged"]) == (0, 1)
    (waiting,) = (await operator.get("/kept-aside"))["items"]
    assert "李女士" not in str(waiting)
    path = f"/complaint-files/{first['file_id']}/rows/5/mending"
    still = await operator.send("POST", path, json={"cells": {"received_at": "前天"}})
    assert still.status_code == 422
    lists = ("/kept-aside", "/complaint-files", "/totals", "/complaints")
    then = [await operator.get(path) for path in lists]
    waited = f"@{await world.host.log.head()}"
    done = await operator.send("POST", path, json={"cells": {"received_at": "2026-06-27 09:00"}})
    assert done.status_code == 200
    assert (await operator.get("/kept-aside"))["items"] == []
    assert (await operator.get("/totals"))["complaints"] == 2
    assert [await operator.get(path, as_of=waited) for path in lists] == then
    assert await operator.get("/kept-aside", as_of="@0") == {"items": [], "next": None}
    twice = await operator.send("POST", path, json={"cells": {"received_at": "2026-06-27 09:00"}})
    assert twice.status_code == 200
    cells = {"received_at": "2026-06-27 09:00", "number": "330126062800003"}
    other = await operator.send("POST", path, json={"cells": cells})
    assert other.status_code == 409


async def test_a_later_export_only_adds_what_is_new(world: World) -> None:
    await known(world)
    operator = world.caller("hotline-operator")
    old = hotline("330126062800001")
    await operator.send("POST", "/complaint-files", content=workbook(old), headers=XLSX)
    progressed = hotline("330126062800001", status="已办结", result="已退款")
    later = workbook(hotline("330126062900001"), progressed)
    receipt = (await operator.send("POST", "/complaint-files", content=later, headers=XLSX)).json()
    assert (receipt["taken"], receipt["updated"], receipt["kept_aside"]) == (1, 1, [])
    items = (await operator.get("/complaints"))["items"]
    assert {item["status"] for item in items} == {"已办结", "办理中"}
    other = workbook(hotline("330126062800001", text="木铎轩，另一件事"))
    clash = (await operator.send("POST", "/complaint-files", content=other, headers=XLSX)).json()
    assert [kept["rule"] for kept in clash["kept_aside"]] == ["number-taken"]


async def test_an_unmatched_complaint_says_why_and_is_attributed_by_hand(world: World) -> None:
    await known(world)
    await world.tell(registered(YULU, name="杭州昱鹿汇科技培训学校有限公司", short_name="昱鹿汇", uscc=""))
    operator = world.caller("hotline-operator")
    row = {"number": "133010620260105003339", "received_at": "2026/01/05 10:52", "declared": "投诉"}
    content = market(row | {"text": "木铎轩和昱鹿汇是一家，都不退费", "respondent": "不详"})
    await operator.send("POST", "/complaint-files", content=content, headers={"Content-Type": "text/csv"})
    (item,) = (await operator.get("/complaints", is_matched="false"))["items"]
    assert (item["matched_by"], item["institution_id"]) == ("AMBIGUOUS", None)
    assert "木铎轩" in item["match_evidence"]
    body = {"institution_id": str(YULU), "reason": "电话核实"}
    moved = await operator.send("POST", f"/complaints/{item['complaint_id']}/attribution", json=body)
    assert moved.status_code == 200
    (thing,) = (await operator.get(f"/institutions/{YULU}/timeline"))["items"]
    path, before = f"/complaints/{item['complaint_id']}", f"@{int(operator.position) - 1}"
    now, then = await operator.get(path), await operator.get(path, as_of=before)
    assert (now["institution_id"], then["institution_id"]) == (str(YULU), None)
    assert (await operator.get(f"/institutions/{YULU}/timeline", as_of=before))["items"] == []
    assert (thing["kind"], thing["details"]["number"]) == ("COMPLAINT", row["number"])


async def test_who_complained_is_read_only_for_a_purpose_on_record(world: World) -> None:
    await known(world)
    operator = world.caller("hotline-operator")
    body = {
        "number": "330126070100001",
        "channel": "SUPERVISION_PHONE",
        "received_at": "2026-07-01T01:00:00+00:00",
        "declared": "投诉",
        "text": "木铎轩书画不退费",
        "complainant": {"name": "王小明", "phone": "19900001111"},
    }
    taken = await operator.send("POST", "/complaints", json=body)
    assert (taken.status_code, taken.json()["institution_id"]) == (201, str(MUDUO))
    path = f"/complaints/{taken.json()['complaint_id']}"
    assert "王小明" not in str(await operator.get(path))
    refused = await operator.send("POST", f"{path}/complainant", json={"purpose": "call-back", "explanation": " "})
    assert refused.status_code == 422
    opened = await operator.send(
        "POST", f"{path}/complainant", json={"purpose": "call-back", "explanation": "案件 2026-7：回访"}
    )
    assert opened.json() == {"name": "王小明", "phone": "19900001111", "words": {}}
    facts = await world.host.log.read(0, 100)
    assert [fact.type for fact in facts if "opened" in fact.type]
    rows = await world.host.log.pool.fetch("SELECT data FROM inspection.events")
    assert all("王小明".encode() not in row["data"] and b"19900001111" not in row["data"] for row in rows)


async def test_a_red_alert_sends_somebody_to_every_site_once(world: World) -> None:
    await known(world)
    await world.tell(approved(OTHER_SITE, OTHER_GRID))
    await world.tell(alert("YELLOW"))
    inspector = world.caller("inspector")
    assert (await inspector.get("/tasks"))["items"] == []
    for _ in range(3):
        await world.tell(alert())
    tasks = (await inspector.get("/tasks", alert_id=str(ALERT)))["items"]
    assert {task["region"] for task in tasks} == {GRID, OTHER_GRID}
    assert {(task["kind"], task["state"], task["rule"]) for task in tasks} == {("URGENT", "PLANNED", "F02")}
    officer = world.caller("grid-officer", "officer-1", region=GRID[:9])
    (mine,) = (await officer.get("/tasks"))["items"]
    await officer.send("POST", f"/tasks/{mine['task_id']}/acceptance")
    body = visit_body(task_id=mine["task_id"], observation={"outcome": "DOOR_CLOSED", "answers": []})
    visited = await officer.send("PUT", f"/visits/{VISIT}", json=body)
    assert (visited.status_code, visited.json()["task_refused"]) == (201, "")
    await finish(world, officer, mine["task_id"])
    timeline = (await inspector.get(f"/institutions/{MUDUO}/timeline"))["items"]
    assert sorted(thing["kind"] for thing in timeline) == ["ALERT", "TASK", "TASK", "VISIT"]
    assert (await world.replayed()).differences == 0


async def finish(world: World, officer: Caller, task_id: str) -> None:
    """The task is submitted; another person closes it."""
    assert (await officer.get(f"/tasks/{task_id}"))["state"] == "SUBMITTED"
    closer = world.caller("case-officer", "case-officer-1")
    closed = await closer.send("POST", f"/tasks/{task_id}/closure", json={"conclusion": "转办"})
    assert closed.status_code == 200
    assert (await closer.get(f"/tasks/{task_id}"))["state"] == "CLOSED"
    assert (await closer.get(f"/tasks/{task_id}", as_of=f"@{int(closer.position) - 1}"))["state"] == "SUBMITTED"


async def test_a_red_alert_about_nobody_goes_to_the_department_and_says_why(world: World) -> None:
    await world.tell(alert(institution_id=None))
    await world.tell(alert(institution_id=MUDUO, alert_id=UUID(int=22)))
    tasks = (await world.caller("inspector").get("/tasks"))["items"]
    assert {task["state"] for task in tasks} == {"WITHOUT_SITE"}
    assert {task["why_no_site"] for task in tasks} == {
        "holder-unknown",
        "institution-unknown",
    }
    await known(world)
    planner = world.caller("inspector")
    body = {"institution_id": str(MUDUO), "site_id": str(SITE)}
    for task in tasks:
        located = await planner.send("POST", f"/tasks/{task['task_id']}/site", json=body)
        assert located.status_code == 200
    found = (await planner.get("/tasks"))["items"]
    assert {(task["state"], task["region"]) for task in found} == {("PLANNED", GRID)}


async def test_a_file_that_is_none_is_a_problem_in_two_languages(world: World) -> None:
    operator = world.caller("hotline-operator")
    answer = await operator.send("POST", "/complaint-files", content=b"a,b\n1,2", headers={"Content-Type": "text/csv"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert "表头" in answer.text
    nobody = await world.caller("auditor").send("POST", "/complaint-files", content=b"a", headers=XLSX)
    assert nobody.status_code == 403
