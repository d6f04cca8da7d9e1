"""Suggestions for complaints of imported files: of what is missing, and a person confirms."""

from __future__ import annotations

from inspection.conftest import World
from inspection.samples import MUDUO, approved, hotline, registered, workbook
from inspection.test_api import XLSX

WRONG_CHARACTER = "木铎宣的书法课关门了，老板联系不上，孩子还有十几节课，要求退费。"


async def test_an_imported_complaint_is_suggested_what_it_lacks_and_a_person_confirms(world: World) -> None:
    await world.tell(registered())
    await world.tell(approved())
    operator = world.caller("hotline-operator")
    content = workbook(hotline("330126062800001", text=WRONG_CHARACTER, title="退费", place=""))
    sent = await operator.send("POST", "/complaint-files?name=a.xlsx", content=content, headers=XLSX)
    assert sent.status_code == 201, sent.text
    (item,) = (await operator.get("/complaints", is_matched=False))["items"]
    path = f"/complaints/{item['complaint_id']}/suggestions"
    before = await world.host.log.head()
    told = await operator.get(path)
    assert told["missing"] == ["institution_id", "category"]
    (found,) = told["institutions"]
    assert (found["institution_id"], found["is_sure"]) == (str(MUDUO), True)
    assert all(clue["words"] for clue in found["clues"])
    assert told["departments"][0]["matrix"] == "complaint-matrix/1"
    assert told["urgency"]["is_urgent"]
    assert "19900000976" not in str(told)
    facts = await world.host.log.read(before, 10)
    assert not [fact for fact in facts if fact.stream.startswith("complaint-")], "nothing is decided"
    (still,) = (await operator.get("/complaints", is_matched=False))["items"]
    assert still["institution_id"] is None
    confirmed = {"institution_id": found["institution_id"], "reason": "与当事人核实"}
    done = await operator.send("POST", f"/complaints/{item['complaint_id']}/attribution", json=confirmed)
    assert done.status_code == 200, done.text
    after = await operator.get(path)
    assert (after["missing"], after["institution_id"]) == ([], str(MUDUO))
    stranger = world.caller("hotline-operator", "elsewhere", region="330108")
    assert (await stranger.get(path))["status"] == 404
