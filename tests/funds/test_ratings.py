"""Families rate by the guardian's code; the institution answers; everybody sees sums, and none of few."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from funds.conftest import NOW, Caller
from funds.test_api import INSTITUTION, NEW_CONTRACT, opened, problem
from funds.test_family_side import CONTRACT_AT, DELIVERED, paid
from mingjing_funds.codec import RATINGS
from mingjing_funds.domain.rating import Of, Rate
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope

PHONE = "19900001111"
RATING = {"institution_stars": 2, "lesson_stars": 4, "text": f"退费慢，电话{PHONE}"}


async def a_code(regulator: Any) -> str:
    await paid(regulator)
    batch = {"lessons": [DELIVERED | {"lesson_no": "KX1"}]}
    assert (await regulator.send("POST", "/lesson-batches", json=batch)).is_success
    request = {"request_id": str(UUID(int=5)), "lesson_nos": ["KX1"]}
    assert (await regulator.send("POST", f"{CONTRACT_AT}/confirmation-requests", json=request)).status_code == 201
    opening = {"purpose": "call-back", "explanation": "发送确认码"}
    answer = await regulator.send("POST", f"{CONTRACT_AT}/confirmation-requests/{UUID(int=5)}/code", json=opening)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["code"])


async def others(world: Any, count: int) -> None:
    """So many other families say so, too."""
    of = Of(
        institution_id=INSTITUTION,
        department="culture-tourism-sport",
        region="330106",
        category="art",
        term="2026-spring",
    )
    for n in range(count):
        command = Rate(of=of, institution_stars=5, lesson_stars=5, text="", editions_max=5, rated_at=NOW)
        envelope = Envelope(command_id=new_id(), actor="test")
        await world.host.log.handle(RATINGS, UUID(int=900 + n), command, envelope)
    await world.host.runner.wait_for(await world.host.log.head())


async def test_a_family_rates_once_a_term_changes_it_and_is_never_named(world: Any) -> None:
    regulator, family = world.caller("fund-regulator"), Caller(world.client, {})
    code = await a_code(regulator)
    assert problem(await family.send("POST", "/ratings", json=RATING | {"code": "A" * 16}))[0] == 404
    rated = await family.send("POST", "/ratings", json=RATING | {"code": code})
    assert rated.status_code == 201, rated.text
    changed = await family.send("POST", "/ratings", json=RATING | {"code": code, "institution_stars": 3})
    assert changed.json()["version"] == 2
    public = f"/public/ratings/{INSTITUTION}"
    few = await family.get(public)
    assert (few["is_enough"], few["count"], few["content_permille"]) == (False, None, None)
    assert (await regulator.get("/ratings"))["items"] == []
    await others(world, 4)
    many = await family.get(public)
    assert (many["is_enough"], many["count"], many["institution_hundredths"]) == (True, 5, 380)
    items = (await regulator.get("/ratings", institution_id=str(INSTITUTION)))["items"]
    assert len(items) == 5
    assert PHONE not in str(items)
    assert CONTRACT_AT.rpartition("/")[2] not in str(items)


async def test_the_institution_itself_answers_and_no_other(world: Any) -> None:
    await others(world, 5)
    mine, other = (world.caller("institution", organisation=str(whose)) for whose in (INSTITUTION, UUID(int=9)))
    (first, *_) = (await mine.get("/ratings"))["items"]
    assert (await other.get("/ratings"))["items"] == []
    address = f"/ratings/{first['rating_id']}/answer"
    assert (await other.send("POST", address, json={"text": "谢谢"})).status_code in (403, 404)
    assert (await world.caller("fund-regulator").send("POST", address, json={"text": "谢谢"})).status_code == 403
    answered = await mine.send("POST", address, json={"text": "谢谢"})
    assert answered.status_code == 201, answered.text
    assert "谢谢" in [one["answer"] for one in (await mine.get("/ratings"))["items"]]


async def test_a_family_that_no_lesson_waits_for_rates_by_a_code_of_its_own_and_the_institution_gets_none(
    world: Any,
) -> None:
    regulator, family = world.caller("fund-regulator"), Caller(world.client, {})
    await paid(regulator)
    request = f"{CONTRACT_AT}/rating-requests/{UUID(int=6)}"
    rated = world.caller("institution", organisation=str(INSTITUTION))
    assert (await rated.send("PUT", request)).status_code in (403, 404)
    asked = await regulator.send("PUT", request)
    assert asked.status_code == 200, asked.text
    assert "code" not in asked.json()
    opening = {"purpose": "call-back", "explanation": "已拨打合同登记的电话"}
    address = f"{CONTRACT_AT}/confirmation-requests/{UUID(int=6)}/code"
    assert (await rated.send("POST", address, json=opening)).status_code in (403, 404)
    code = (await regulator.send("POST", address, json=opening)).json()["code"]
    looked = await family.send("POST", "/confirmations/look", json={"code": code})
    assert (looked.json()["contract_no"], looked.json()["lessons"]) == ("HT-1", [])
    done = await family.send("POST", "/ratings", json=RATING | {"code": code})
    assert done.status_code == 201, done.text
    nothing = await family.send("POST", "/confirmations", json={"code": code, "held": ["KX1"]})
    assert problem(nothing)[1] == "no-lesson-named"
    again = await regulator.send("PUT", f"{CONTRACT_AT}/rating-requests/{UUID(int=7)}")
    assert again.status_code == 200
    former = await family.send("POST", "/ratings", json=RATING | {"code": code, "lesson_stars": 5})
    assert problem(former) == (404, "confirmation-code-unknown"), "a later code takes its place"


async def test_a_contract_that_was_not_paid_gets_no_code_to_rate_by(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    assert (await regulator.send("POST", "/contracts", json=NEW_CONTRACT)).status_code == 201
    await regulator.get("/contracts")
    refused = await regulator.send("PUT", f"{CONTRACT_AT}/rating-requests/{UUID(int=6)}")
    assert problem(refused) == (409, "not-paid")
