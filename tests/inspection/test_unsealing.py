"""Who complained is a pseudonym; knowing more needs a purpose, is counted, is reviewed, and stops at a limit."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from inspection.conftest import World
from inspection.test_erasure import BODY, OPENING, WHY, complain
from mingjing_kernel.sealed.guesses import WRONG_A_DAY_MAX

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


async def test_a_complainant_asks_herself_who_looked_and_nobody_else_can(world: World) -> None:
    operator = world.caller("hotline-operator", "operator-1")
    complaint = await complain(operator)
    await operator.send("POST", f"/complaints/{complaint}/complainant", json=OPENING)
    body = {"channel": "SUPERVISION_PHONE", "number": "330126070100009", "phone": "199 0000 1111"}
    path = "/inspection/v1/complaints/own-record"
    told = (await world.client.post(path, json=body)).json()
    assert [(look["by"], look["explanation"]) for look in told["looks"]] == [("operator-1", "案件 2026-7：回访")]
    wrong = [body | {"phone": "19900001112"}, body | {"number": "330126070100010"}]
    answers = [await world.client.post(path, json=one) for one in wrong]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json()["type"] == answers[1].json()["type"]


async def test_a_second_filing_under_her_number_puts_nobody_else_in_her_place(world: World) -> None:
    operator = world.caller("hotline-operator", "operator-1")
    await complain(operator)
    other = BODY | {"number": "330126070100009", "complainant": {"name": "李小红", "phone": "19900002222"}}
    await operator.send("POST", "/complaints", json=other)
    body = {"channel": "SUPERVISION_PHONE", "number": "330126070100009"}
    path = "/inspection/v1/complaints/own-record"
    assert (await world.client.post(path, json=body | {"phone": "19900002222"})).status_code == 404
    assert (await world.client.post(path, json=body | {"phone": "19900001111"})).status_code == 200


async def test_wrong_telephones_for_one_complaint_close_it_until_tomorrow(
    world: World, said_by: Callable[..., list[Any]]
) -> None:
    await complain(world.caller("hotline-operator"))
    path = "/inspection/v1/complaints/own-record"
    right = {"channel": "SUPERVISION_PHONE", "number": "330126070100009", "phone": "19900001111"}
    assert (await world.client.post(path, json=right)).status_code == 200
    said = said_by("mingjing_kernel.sealed.guesses", "_logger")
    wrong = [right | {"phone": f"1990000222{number}"} for number in range(WRONG_A_DAY_MAX)]
    answers = await asyncio.gather(*(world.client.post(path, json=one) for one in wrong))
    closed = await world.client.post(path, json=right)
    assert {(answer.status_code, answer.json()["type"]) for answer in (*answers, closed)} == {
        (404, closed.json()["type"])
    }
    assert [line["event"] for line in said] == ["guesses.wrong"] * WRONG_A_DAY_MAX + ["guesses.closed"]
    assert "1990000" not in str(said)
    world.time.now += timedelta(days=1)
    assert (await world.client.post(path, json=right)).status_code == 200


async def test_a_person_is_found_by_her_number_and_put_right_at_her_request(world: World) -> None:
    operator, officer = world.caller("hotline-operator"), world.caller("administrator")
    complaint = await complain(operator)
    search = {"field": "phone", "value": "+86 19900001111"}
    (found,) = (await officer.send("POST", "/subjects/search", json=search, headers=WHY)).json()
    assert found["subject"] == f"complainant-{complaint}"
    assert (await operator.send("POST", "/subjects/search", json=search, headers=WHY)).status_code == 403
    correction = f"/complaints/{complaint}/complainant/correction"
    body = {"complainant": {"name": "王晓明", "phone": "19900002222"}, "reason": " "}
    assert (await operator.send("POST", correction, json=body)).status_code == 422
    assert (await operator.send("POST", correction, json=body | {"reason": "本人来电"})).status_code == 201
    opened = await operator.send("POST", f"/complaints/{complaint}/complainant", json=OPENING)
    assert (opened.json()["name"], opened.json()["phone"]) == ("王晓明", "19900002222")
    assert (await officer.send("POST", "/subjects/search", json=search, headers=WHY)).json() == []
    rows = await world.host.log.pool.fetch("SELECT data FROM inspection.events")
    assert all("王晓明".encode() not in row["data"] for row in rows)
    assert (await world.replayed()).differences == 0


async def test_a_search_by_value_needs_a_reason_is_on_record_and_stops_at_the_limit(world: World) -> None:
    complaint = await complain(world.caller("hotline-operator"))
    officer = world.caller("administrator", "rights-1")
    search = {"field": "phone", "value": "19900001111"}
    assert (await officer.send("POST", "/subjects/search", json=search)).status_code == 422
    for _ in range(AN_HOUR):
        assert (await officer.send("POST", "/subjects/search", json=search, headers=WHY)).status_code == 200
    stopped = await officer.send("POST", "/subjects/search", json=search, headers=WHY)
    assert (stopped.status_code, stopped.json()["type"].rpartition(":")[2]) == (429, "bulk-unsealing")
    facts = await world.host.log.read(0, 100)
    reads = [read for fact in facts if fact.type.startswith("kernel.reads-noted") for read in fact.event.reads]
    seen = [(read.reader, read.ids, read.purpose) for read in reads if read.kind == "subject"]
    assert seen == [("rights-1", (f"complainant-{complaint}",), "本人申请")] * AN_HOUR
    searches = [fact.event for fact in facts if fact.type == "kernel.unsealing-granted.v1"]
    assert {(one.subject, one.fields, one.explanation) for one in searches} == {("search", ("phone",), "本人申请")}
    assert all(
        b"19900001111" not in row["data"]
        for row in await world.host.log.pool.fetch("SELECT data FROM inspection.events")
    )


async def test_numbers_in_words_are_masked_and_opened_with_the_person(world: World) -> None:
    operator = world.caller("hotline-operator")
    text = "我是王小明，木铎轩不退费，回电19900001111或13800002222"
    taken = await operator.send("POST", "/complaints", json=BODY | {"text": text})
    path = f"/complaints/{taken.json()['complaint_id']}"
    item = await operator.get(path)
    assert item["text"] == "我是王**，木铎轩不退费，回电199****1111或138****2222"
    opened = await operator.send("POST", f"{path}/complainant", json=OPENING)
    assert opened.json()["words"] == {"text": text}
    again = await operator.send("POST", "/complaints", json=BODY | {"text": text})
    assert again.json()["version"] == taken.json()["version"]
