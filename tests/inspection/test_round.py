"""The officer's round, versions of the checklist from a file, two officers where the policy says so, closed doors."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import xlsxwriter  # type: ignore[import-untyped]

from inspection.conftest import Caller, World
from inspection.samples import GRID, MUDUO, SITE, visit_body
from inspection.sending import problem
from inspection.test_api import known
from inspection.test_plans import granted
from mingjing_contracts.console import GrantTakenV1
from mingjing_inspection.codec import CLOSED_DOORS
from mingjing_kernel.identifiers import new_id

OCTETS = {"Content-Type": "application/octet-stream"}
HEADER = ["编号", "检查项", "英文", "法律依据", "严重程度", "一票否决", "须拍照"]
ROWS = [
    ["C09", "场所与消防", "Premises and fire", "教监管厅函〔2022〕9号", "红", "是", "是"],
    ["C09-2", "疏散通道", "Ways out", "教监管厅函〔2022〕9号", "黄色", "否", "是"],
    ["C05", "收费公示", "Fees", "教监管函〔2021〕2号", "NOTICE", "", ""],
]


def book(*rows: list[str]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as made:
        sheet = made.add_worksheet("清单")
        for at, row in enumerate([["西湖区秋季检查清单"], HEADER, *rows]):
            for column, cell in enumerate(row):
                sheet.write_string(at, column, cell)
    return buffer.getvalue()


async def proposed(caller: Caller, content: bytes, version: str = "patrol-2026", day: str = "2026-07-01") -> Any:
    path = f"/checklist-proposals/{version}?effective_from={day}&name=a.xlsx&reason=autumn"
    return await caller.send("PUT", path, content=content, headers=OCTETS)


async def accepted_task(world: World, officer: Caller, kind: str = "ROUTINE") -> str:
    task_id = str(new_id())
    body = {"institution_id": str(MUDUO), "site_id": str(SITE), "kind": kind, "due_at": "2026-07-05T00:00:00+00:00"}
    planned = await world.caller("inspector").send("PUT", f"/tasks/{task_id}", json=body | {"reason": "例行"})
    assert planned.status_code == 201, planned.text
    assert (await officer.send("POST", f"/tasks/{task_id}/acceptance")).status_code == 200
    return task_id


async def report(world: World, caller: Caller, **changed: Any) -> httpx.Response:
    return await caller.send("PUT", f"/visits/{new_id()}", json=visit_body(**changed))


async def test_a_file_is_previewed_proposed_and_approved_by_another_and_then_asked(world: World) -> None:
    await known(world)
    first, second = world.caller("approver", "approver-1"), world.caller("approver", "approver-2")
    wrong = book(*ROWS, ["C16", "", "", "依据", "紫", "也许", "是"])
    preview = (await first.send("POST", "/checklist-previews", content=wrong, headers=OCTETS)).json()
    assert [(one["row"], one["column"]) for one in preview["mistakes"]] == [
        (6, "编号"), (6, "检查项"), (6, "严重程度"), (6, "一票否决"),
    ]  # fmt: skip
    assert {(one["code"], one["what"]) for one in preview["changes"] if one["code"].startswith("C09")} == {
        ("C09", "changed"),
        ("C09-2", "added"),
    }
    assert problem(await proposed(first, wrong)) == (422, "checklist-rows-mistaken")
    assert (await proposed(first, book(*ROWS))).status_code == 201
    path = "/checklist-proposals/patrol-2026/approval"
    assert (await first.send("POST", path)).status_code == 403
    may = await second.get("/checklist-proposals/patrol-2026/available-actions")
    assert {one["act"] for one in may["actions"]} >= {"approve-checklist", "withdraw-checklist"}
    assert (await second.send("POST", path)).status_code == 201
    shown = (await world.client.get("/inspection/v1/checklists")).json()
    assert [(one["version"], one["is_in_force"]) for one in shown] == [("patrol-v1", False), ("patrol-2026", True)]
    officer = world.caller("grid-officer", region=GRID[:9])
    failed = [{"item": "C09-2", "finding": "FAIL", "photos": ["a" * 64]}]
    seen = {"outcome": "ISSUES", "checklist": "patrol-2026", "answers": failed}
    assert (await report(world, officer, observation=seen)).status_code == 201
    (visit,) = (await officer.get("/visits"))["items"]
    assert [(one["item"], one["severity"]) for one in visit["failings"]] == [("C09-2", "YELLOW")]
    assert visit["doubts"] == ["CLOCK_BEHIND"]
    assert (await report(world, officer)).status_code == 201  # the old one may be answered; it says so
    doubts = [set(one["doubts"]) for one in (await officer.get("/visits"))["items"]]
    assert {"CLOCK_BEHIND", "CHECKLIST_NOT_IN_FORCE"} in doubts
    assert (await world.replayed()).differences == 0


async def test_the_round_is_the_officers_own_and_nothing_else(world: World) -> None:
    await known(world)
    officer = world.caller("grid-officer", "officer-1", region=GRID[:9])
    other = world.caller("grid-officer", "officer-2", region=GRID[:9])
    task_id = await accepted_task(world, officer)
    await accepted_task(world, other)
    path, headers = "/inspection/v1/round", dict(officer.headers)
    answer = await world.client.get(path, headers=headers)
    own = answer.json()
    assert [one["task_id"] for one in own["tasks"]] == [task_id]
    assert [(one["site_id"], one["address"]) for one in own["sites"]] == [(str(SITE), "西湖区三墩镇莲花街123号")]
    assert (own["officer"], own["checklist"]["version"], own["has_more"]) == ("officer-1", "patrol-v1", False)
    assert "19900004241" not in answer.text
    again = await world.client.get(path, headers=headers | {"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await report(world, officer, task_id=task_id)
    moved = await world.client.get(path, headers=headers | {"If-None-Match": answer.headers["etag"]})
    assert (moved.status_code, moved.json()["tasks"]) == (200, [])
    assert (await world.client.get(path, headers=world.caller("auditor").headers)).json()["tasks"] == []


async def test_where_the_policy_asks_for_two_officers_one_alone_is_refused_and_his_task_stays_open(
    world: World,
) -> None:
    await known(world)
    first, second = world.caller("approver", "approver-1"), world.caller("approver", "approver-2")
    path = f"/policies/visits/versions/{new_id()}"
    proposal = {"numbers": {"officers-special": 2}, "effective_on": "2026-07-01", "legal_basis": "b", "reason": "r"}
    assert (await first.send("PUT", path, json=proposal)).status_code == 200
    assert (await second.send("POST", f"{path}/approval")).status_code == 201
    officer = world.caller("grid-officer", "officer-1", region=GRID[:9])
    task_id = await accepted_task(world, officer, "SPECIAL")
    alone = await report(world, officer, task_id=task_id)
    assert problem(alone) == (422, "officers-too-few")
    assert (await officer.get(f"/tasks/{task_id}"))["state"] == "ACCEPTED"
    unknown = await report(world, officer, task_id=task_id, observation={"companions": ["officer-2"]})
    assert problem(unknown) == (422, "officers-too-few")
    assert "只有 1 人" in unknown.json()["detail"]
    await world.tell(granted("officer-2", "grid-officer", "330106008"))
    elsewhere = await report(world, officer, task_id=task_id, observation={"companions": ["officer-2"]})
    assert problem(elsewhere) == (422, "officers-too-few"), "his grant is for another town"
    await world.tell(granted("officer-3", "case-officer"))
    named = {"companions": ["officer-2", "officer-3"]}
    both = await report(world, officer, task_id=task_id, observation=named)
    assert (both.status_code, both.json()["task_refused"]) == (201, "")
    (visit,) = (await officer.get("/visits"))["items"]
    assert visit["companions"] == ["officer-2", "officer-3"]
    assert "COMPANION_WITHOUT_GRANT" in visit["doubts"]
    assert (await officer.get(f"/tasks/{task_id}"))["state"] == "SUBMITTED"


async def test_a_companion_whose_grant_was_taken_back_after_the_visit_was_there_all_the_same(world: World) -> None:
    await known(world)
    visited = world.time.now - timedelta(hours=2)
    for person, hours, counts in (("officer-3", 1, True), ("officer-4", 3, False)):
        given, at = granted(person, "case-officer"), world.time.now - timedelta(hours=hours)
        await world.tell(given)
        await world.tell(
            GrantTakenV1(
                person=person, grant_id=given.grant_id, taken_by="admin", reason="r", legal_basis="l", taken_at=at
            )
        )
        visit = new_id()
        seen = {"companions": [person], "visited_at": visited.isoformat()}
        officer = world.caller("grid-officer", "officer-1", region=GRID[:9])
        sent = await officer.send("PUT", f"/visits/{visit}", json=visit_body(observation=seen))
        assert sent.status_code == 201, sent.text
        doubts = (await officer.get(f"/visits/{visit}"))["doubts"]
        assert ("COMPANION_WITHOUT_GRANT" not in doubts) is counts


async def test_two_closed_doors_running_are_one_fact(world: World) -> None:
    await known(world)
    officer = world.caller("grid-officer", region=GRID[:9])
    for day in ("2026-06-30", "2026-06-23"):  # the earlier one comes later over the network
        closed = {"outcome": "DOOR_CLOSED", "answers": [], "visited_at": f"{day}T10:00:00+00:00"}
        sent = await report(world, officer, observation=closed, device_sent_at="2026-07-01T02:00:00+00:00")
        assert sent.status_code == 201, sent.text
    facts = await world.host.log.history(CLOSED_DOORS, SITE)
    assert [(fact.event.first_at.day, fact.event.second_at.day) for fact in facts] == [(23, 30)]
    assert facts[0].event.institution_id == UUID(int=1)
