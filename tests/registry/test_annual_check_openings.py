"""Annual checks of a whole department opened by one request: each institution has its own answer."""

from __future__ import annotations

from typing import Any

from mingjing_kernel.identifiers import new_id
from registry.conftest import World
from registry.test_api import JIRANG_ROW, MUDUO_ID, MUDUO_ROW, file
from registry.test_grounds import PENALTY

PATH = "/annual-checks/2026/openings"
BODY: dict[str, Any] = {"department": "culture-tourism-sport", "due_on": "2026-09-30"}


async def test_a_department_opens_its_checks_at_once_and_each_answer_has_its_reason(world: World) -> None:
    clerk = world.caller("licensing-officer")
    await clerk.send(file(MUDUO_ROW), "名单.csv")
    await clerk.send(file(JIRANG_ROW.replace("数学", "舞蹈")), "二.csv")
    approver = world.caller("approver")
    approver.position = clerk.position
    assert (await approver.post(f"/institutions/{MUDUO_ID}/licence/suspension", PENALTY)).status_code == 200
    key = new_id()
    said = (await clerk.post(PATH, BODY, key=key)).json()
    by_name = {one["institution_id"]: one for one in said["items"]}
    assert (said["opened"], said["already_open"], said["refused"], said["next"]) == (1, 0, 1, None)
    assert by_name[str(MUDUO_ID)]["why_not"]["type"].endswith("licence-not-in-that-state")
    assert by_name[str(MUDUO_ID)]["why_not"]["detail"]
    (row,) = (await clerk.get("/dossiers", check_year=2026))["items"]
    assert (row["check_state"], row["check_due_on"]) == ("due", "2026-09-30")

    again = (await clerk.post(PATH, BODY, key=key)).json()
    assert (again["opened"], again["refused"]) == (1, 1), "the first answer again"
    anew = (await clerk.post(PATH, BODY)).json()
    assert (anew["opened"], anew["already_open"], anew["refused"]) == (0, 1, 1)
    late = (await clerk.post("/annual-checks/2027/openings", BODY)).json()
    assert late["opened"] == 0
    assert {one["came"] for one in late["items"]} == {"refused"}, "a year that has not come"


async def test_whoever_may_open_none_is_told_so_and_a_department_without_any_gives_none(world: World) -> None:
    clerk = world.caller("licensing-officer")
    await clerk.send(file(MUDUO_ROW), "名单.csv")
    assert (await world.caller("auditor").post(PATH, BODY)).status_code == 403
    science = world.caller("licensing-officer", department="science", own="science")
    assert (await science.post(PATH, BODY)).status_code == 403
    none = (await science.post(PATH, BODY | {"department": "science"})).json()
    assert none["items"] == []
    elsewhere = (await clerk.post(PATH, BODY | {"region": "110101"})).status_code
    assert elsewhere == 403
    assert (await clerk.post(PATH, BODY | {"due_on": "2026-01-01"})).json()["refused"] == 1
