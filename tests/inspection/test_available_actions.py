"""What may I do to this now: the answer, and what follows when one does it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from inspection.conftest import Caller, World
from inspection.samples import GRID, MUDUO, alert, visit_body
from inspection.test_api import VISIT, known


async def actions(caller: Caller, path: str) -> dict[str, Any]:
    """By name."""
    answer = await caller.get(f"{path}/available-actions")
    return {action["act"]: action for action in answer["actions"]}


def why_not(action: dict[str, Any]) -> str:
    """The problem type, without the prefix."""
    return str(action["why_not"]["type"]).rsplit(":", 1)[-1]


async def test_who_made_the_visit_does_not_close_the_task_and_is_told_so_before(world: World) -> None:
    await known(world)
    await world.tell(alert())
    officer, other = world.caller("inspector", "cheng"), world.caller("inspector", "lu")
    (task,) = (await officer.get("/tasks"))["items"]
    path = f"/tasks/{task['task_id']}"
    before = await actions(officer, path)
    assert {name for name, action in before.items() if action["available"]} == {
        "accept-task",
        "assign-task",
        "cancel-task",
        "submit-task",
    }
    assert (before["submit-task"]["due_on"], before["submit-task"]["is_overdue"]) == (task["due_at"][:10], False)
    assert (why_not(before["close-task"]), why_not(before["locate-task"])) == ("not-yet-submitted", "site-known")
    assert before["accept-task"] | {"why_not": None} == {
        "act": "accept-task",
        "zh": "接受任务",
        "en": "take the task on",
        "available": True,
        "until": None,
        "due_on": None,
        "due_at": None,
        "is_overdue": False,
        "why_not": None,
    }
    await officer.send("POST", f"{path}/acceptance")
    assert why_not((await actions(officer, path))["accept-task"]) == "task-already-accepted"
    body = visit_body(task_id=task["task_id"], observation={"outcome": "DOOR_CLOSED", "answers": []})
    await officer.send("PUT", f"/visits/{VISIT}", json=body)

    closing = (await actions(officer, path))["close-task"]
    refused = await officer.send("POST", f"{path}/closure", json={"conclusion": "转办"})
    assert (refused.status_code, refused.json()["type"]) == (403, closing["why_not"]["type"])
    assert refused.json()["detail"] == closing["why_not"]["detail"]
    assert "他人" in closing["why_not"]["detail"]
    assert (await actions(other, path))["close-task"]["available"]
    assert (await other.send("POST", f"{path}/closure", json={"conclusion": "转办"})).status_code == 200
    done = await actions(other, path)
    assert {why_not(action) for action in done.values()} == {
        "site-known",
        "task-already-closed",
        "task-already-submitted",
    }


async def test_a_missing_grant_is_named_with_what_it_must_cover(world: World) -> None:
    await known(world)
    await world.tell(alert())
    officer = world.caller("grid-officer", region=GRID[:9])
    (task,) = (await officer.get("/tasks"))["items"]
    path = f"/tasks/{task['task_id']}"
    missing = (await actions(officer, path))["close-task"]["why_not"]["missing"]
    refused = await officer.send("POST", f"{path}/closure", json={"conclusion": "转办"})
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:mingjing:problem:outside-scope")
    assert refused.json()["missing"] == missing
    assert (missing["act"], missing["region"], missing["category"]) == ("close-task", GRID, "art")
    assert [role["role"] for role in missing["roles"]] == ["inspector", "case-officer", "approver", "fund-regulator"]


async def test_of_a_thing_that_one_may_not_see_nothing_is_told(world: World) -> None:
    await known(world)
    await world.tell(alert())
    (task,) = (await world.caller("inspector").get("/tasks"))["items"]
    elsewhere = world.caller("inspector", region="330108")
    for path in (f"/tasks/{task['task_id']}", f"/visits/{UUID(int=4)}", f"/complaints/{UUID(int=5)}"):
        assert (await elsewhere.send("GET", f"{path}/available-actions")).status_code == 404
    refused = await elsewhere.send("PUT", f"/visits/{VISIT}", json=visit_body())
    assert (refused.status_code, "missing" in refused.json()) == (403, False)


async def test_visits_and_complaints_say_what_may_be_done_to_them(world: World) -> None:
    await known(world)
    officer, operator = world.caller("grid-officer"), world.caller("hotline-operator")
    await officer.send("PUT", f"/visits/{VISIT}", json=visit_body())
    assert (await actions(officer, f"/visits/{VISIT}"))["correct-visit"]["available"]
    operator.position = officer.position
    assert why_not((await actions(operator, f"/visits/{VISIT}"))["correct-visit"]) == "outside-scope"
    body = {
        "number": "330126070100009",
        "channel": "SUPERVISION_PHONE",
        "received_at": "2026-07-01T01:00:00+00:00",
        "declared": "投诉",
        "text": "木铎轩书画不退费",
        "institution_id": str(MUDUO),
    }
    taken = await operator.send("POST", "/complaints", json=body)
    path = f"/complaints/{taken.json()['complaint_id']}"
    assert {name: action["available"] for name, action in (await actions(operator, path)).items()} == {
        "attribute-complaint": True,
        "open-complainant": True,
        "correct-complainant": True,
    }
    officer.position = operator.position
    assert not any(action["available"] for action in (await actions(officer, path)).values())
