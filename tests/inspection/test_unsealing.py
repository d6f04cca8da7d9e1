"""Who complained is a pseudonym; knowing more needs a purpose, is counted, is reviewed, and stops at a limit."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from inspection.conftest import World
from inspection.test_erasure import OPENING, complain

AN_HOUR = 10


async def test_staff_see_a_pseudonym_and_masked_fields_that_link_nothing(world: World) -> None:
    operator = world.caller("hotline-operator")
    first, second = await complain(operator, 1), await complain(operator, 2)
    items = {item["complaint_id"]: item for item in (await operator.get("/complaints"))["items"]}
    assert items[first]["complainant_masked"] == {"name": "王**", "phone": "199****1111"}
    assert items[first]["complainant"] != items[second]["complainant"]
    assert (await operator.get(f"/complaints/{first}"))["complainant"] == items[first]["complainant"]
    assert "王小明" not in str(items)


async def test_a_purpose_is_one_of_the_list(world: World) -> None:
    operator = world.caller("hotline-operator")
    path = f"/complaints/{await complain(operator)}/complainant"
    assert (await operator.send("POST", path, json={"purpose": "curious", "explanation": "x"})).status_code == 422
    assert (await operator.send("POST", path, json={"purpose": "call-back", "explanation": " "})).status_code == 422
    auditor = world.caller("auditor", region="*")
    assert (await auditor.send("POST", path, json=OPENING)).status_code == 403


async def test_bulk_opening_stops_at_the_limit_however_many_ask_at_once(world: World) -> None:
    operator = world.caller("hotline-operator")
    complaints = [await complain(operator, number) for number in range(AN_HOUR + 5)]
    paths = [f"/complaints/{complaint}/complainant" for complaint in complaints]
    answers = await asyncio.gather(*(operator.send("POST", path, json=OPENING) for path in paths))
    assert sorted(answer.status_code for answer in answers) == [200] * AN_HOUR + [429] * 5
    assert all("王小明" not in answer.text for answer in answers if answer.status_code == 429)
    auditor = world.caller("auditor")
    auditor.position = str(await world.host.log.head())
    alarms = (await auditor.get("/unsealings", outcome="refused"))["items"]
    assert {(alarm["unsealer"], alarm["allowed"]) for alarm in alarms} == {("hotline-operator", AN_HOUR)}
    assert len(alarms) == 5
    other = world.caller("mediator", "mediator-1")
    assert (await other.send("POST", paths[0], json=OPENING)).status_code == 200


async def test_each_opening_waits_for_somebody_elses_review_and_a_week_later_it_shows(world: World) -> None:
    operator = world.caller("hotline-operator", "operator-1")
    path = f"/complaints/{await complain(operator)}/complainant"
    assert (await operator.send("POST", path, json=OPENING)).status_code == 200
    assert (await operator.get("/unsealings"))["items"] == []
    world.time.now += timedelta(days=8)
    auditor = world.caller("auditor", "auditor-1")
    auditor.position = str(await world.host.log.head())
    (opening,) = (await auditor.get("/unsealings", is_overdue=True))["items"]
    assert (opening["purpose"], opening["fields"]) == ("call-back", ["name", "phone"])
    review = f"/unsealings/{opening['unsealing_id']}/review"
    assert (await operator.send("POST", review, json={"conclusion": "justified"})).status_code == 401
    reviewed = await auditor.send("POST", review, json={"conclusion": "justified", "remark": "属实"})
    assert reviewed.status_code == 201
    assert (await auditor.get("/unsealings", is_overdue=True))["items"] == []
    (opening,) = (await auditor.get("/unsealings", is_reviewed=True))["items"]
    assert (opening["reviewer"], opening["conclusion"]) == ("auditor-1", "justified")
    assert (await world.replayed()).differences == 0


async def test_nobody_reviews_their_own_opening(world: World) -> None:
    officer = world.caller("hotline-operator", "both-1")
    path = f"/complaints/{await complain(officer)}/complainant"
    await officer.send("POST", path, json=OPENING)
    same = world.caller("auditor", "both-1")
    same.position = str(await world.host.log.head())
    (opening,) = (await same.get("/unsealings"))["items"]
    refused = await same.send("POST", f"/unsealings/{opening['unsealing_id']}/review", json={"conclusion": "justified"})
    assert refused.status_code == 403
