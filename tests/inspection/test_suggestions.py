"""What an operator is shown while she types, over HTTP."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from inspection.conftest import NOW, World
from inspection.samples import MUDUO, approved, registered

PATH = "/complaints/suggestions"
CALLER = {"name": "张小满", "phone": "19900001234"}
CLOSED = "木铎轩书画关门了，老板联系不上，我还有12节课没上，要求退费"


async def taken(world: World, number: str, text: str, **more: Any) -> str:
    body = {
        "number": number,
        "channel": "SUPERVISION_PHONE",
        "received_at": (NOW - timedelta(days=1)).isoformat(),
        "declared": "投诉",
        "text": text,
        **more,
    }
    answer = await world.caller("hotline-operator").send("POST", "/complaints", json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["complaint_id"])


async def suggested(world: World, text: str, role: str = "hotline-operator", **more: Any) -> Any:
    await world.caught_up()
    answer = await world.caller(role).client.post(
        f"/inspection/v1{PATH}", json={"text": text, **more}, headers=world.caller(role).headers
    )
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_wrong_characters_nicknames_addresses_and_telephones_lead_to_the_institution(world: World) -> None:
    await world.tell(registered())
    await world.tell(approved())
    for text, more, clue in (
        ("木铎宣的课不退费", {}, "SOUNDS_ALIKE"),
        ("小木铎的老师又换了", {}, "NICKNAME"),
        ("莲花街123号那家画画的关门了", {}, "SAME_HOUSE"),
        ("那家机构不退费", {"respondent_phone": "19900004241"}, "PHONE"),
        ("木铎轩书画不退费", {}, "SHORT_NAME"),
    ):
        (found,) = (await suggested(world, text, **more))["institutions"]
        assert found["institution_id"] == str(MUDUO)
        assert clue in {one["clue"] for one in found["clues"]}
        assert sum(one["adds"] for one in found["clues"]) == found["score"]
        assert found["is_sure"]


async def test_the_same_person_is_found_by_her_number_and_only_the_same_matter_is_a_duplicate(world: World) -> None:
    await world.tell(registered())
    first = await taken(world, "330126063000001", CLOSED, complainant=CALLER)
    other = await taken(world, "330126063000002", "木铎轩书画的消防通道被锁，没有灭火器", complainant=CALLER)
    said = "木铎轩倒闭了，电话打不通，剩下的课怎么办"
    found = (await suggested(world, said, complainant=CALLER))["repeats"]
    assert {one["complaint_id"]: one["kind"] for one in found} == {first: "DUPLICATE", other: "SAME_PERSON"}
    nobody = (await suggested(world, said, complainant={"name": "", "phone": "19900009999"}))["repeats"]
    assert [(one["complaint_id"], one["kind"]) for one in nobody] == [(first, "SAME_MATTER")]


async def test_the_same_text_about_nobody_known_is_shown(world: World) -> None:
    text = "楼下有家没有招牌的补习班，晚上十点还在上课，吵得睡不着，请来查一查"
    id = await taken(world, "330126063000003", text)
    (found,) = (await suggested(world, text + "谢谢"))["repeats"]
    assert (found["complaint_id"], found["kind"]) == (id, "SAME_MATTER")
    assert found["text_alike"] > 80


async def test_words_lead_to_urgency_tracks_and_departments(world: World) -> None:
    await world.tell(registered())
    told = await suggested(world, CLOSED)
    assert told["urgency"]["is_urgent"]
    assert set(told["urgency"]["words"]) == {"关门", "联系不上"}
    assert told["tracks"]["suggested"] == ["DISPUTE"]
    assert told["concerns"][0]["label"] == "CLOSURE"
    assert all(word in CLOSED for word in told["concerns"][0]["words"])
    assert [one["department"] for one in told["departments"]] == ["culture-tourism-sport", "market-regulation"]
    fire = await suggested(world, "木铎轩书画的消防通道堵着，没有灭火器，举报")
    assert fire["tracks"]["suggested"] == ["REPORT"]
    assert fire["departments"][0]["department"] == "fire-rescue"
    assert not fire["urgency"]["is_urgent"]


async def test_what_the_caller_may_not_see_is_not_suggested(world: World) -> None:
    await world.tell(registered())
    await taken(world, "330126063000004", CLOSED, complainant=CALLER)
    await world.caught_up()
    elsewhere = world.caller("hotline-operator", region="330108")
    body = {"text": CLOSED, "complainant": CALLER}
    answer = await elsewhere.client.post(f"/inspection/v1{PATH}", json=body, headers=elsewhere.headers)
    told = answer.json()
    assert (told["institutions"], told["repeats"]) == ([], [])
    auditor = world.caller("auditor")
    refused = await auditor.client.post(f"/inspection/v1{PATH}", json=body, headers=auditor.headers)
    assert refused.status_code == 403


async def test_nothing_is_stored_and_who_searched_by_a_telephone_is_on_record(world: World) -> None:
    head = await world.host.log.head()
    await suggested(world, "随便问问", complainant={"name": "", "phone": "19900005678"})
    await world.host.reads.stop()
    await world.host.reads.start()
    await world.caught_up()
    events = [fact async for page in world.host.log.pages(head, await world.host.log.head()) for fact in page]
    assert {fact.noun for fact in events} == {"read-log"} or all("read" in fact.type for fact in events)
    assert all(b"19900005678" not in repr(fact).encode() for fact in events)
    (read,) = (await world.caller("auditor").get("/reads"))["items"]
    assert read["fields"] == ["title", "complainant.phone"]


async def test_another_process_reads_the_log_and_says_what_is_missing(world: World) -> None:
    await world.tell(registered())
    await taken(world, "330126063000005", CLOSED)
    await world.again()
    told = await suggested(world, CLOSED)
    assert told["behind"] == 0
    assert len(told["repeats"]) == 1
    assert world.host.duties["complaint-suggestions"].readiness()["complaints"] == 1


async def test_a_moment_that_cannot_be_is_refused(world: World) -> None:
    operator = world.caller("hotline-operator")
    for moment in ("0001-01-01T00:00:00+00:00", "9999-12-31T00:00:00+00:00"):
        body = {"text": "关门了", "received_at": moment}
        answer = await operator.client.post(f"/inspection/v1{PATH}", json=body, headers=operator.headers)
        assert answer.status_code == 422


async def test_an_attribution_is_heard(world: World) -> None:
    await world.tell(registered())
    id = await taken(world, "330126063000006", "这家机构人去楼空了，老板失联")
    operator = world.caller("hotline-operator")
    body = {"institution_id": str(MUDUO), "reason": "来电人确认"}
    assert (await operator.send("POST", f"/complaints/{id}/attribution", json=body)).status_code == 200
    (found,) = (await suggested(world, "木铎轩书画关门了，老板跑路"))["repeats"]
    assert found["is_same_institution"]
