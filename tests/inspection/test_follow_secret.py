"""Complaints that came in files: called back, followed by telephone, and with a secret that an official hands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import httpx

from inspection.conftest import Caller, World
from inspection.samples import hotline, workbook
from inspection.test_api import XLSX, known
from inspection.test_complaint_tracks import Office, step
from inspection.test_follow import PHONE as WEB_PHONE
from inspection.test_follow import complain, say
from mingjing_inspection.intake.track_duty import NAME as TRACKS
from mingjing_kernel.sealed.guesses import WRONG_A_DAY_MAX

NUMBER, PHONE = "330126062800001", "19900006789"
STAGE_FOR_HER = "RECEIVED"


async def imported(world: World) -> tuple[Caller, dict[str, Any]]:
    """A complaint of the hotline's export, and its track."""
    await known(world)
    operator = world.caller("hotline-operator")
    row = hotline(NUMBER, text="木铎轩书画不退费", phone=PHONE)
    sent = await operator.send("POST", "/complaint-files", content=workbook(row, counted=1), headers=XLSX)
    assert sent.status_code == 201, sent.text
    await world.caught_up()
    await world.host.duties[TRACKS].look()
    operator.position = str(await world.host.log.head())
    (track, *_) = (await operator.get("/complaint-tracks", number=NUMBER))["items"]
    return operator, track


async def by_phone(world: World, phone: str, number: str = NUMBER, channel: str = "12345") -> httpx.Response:
    body = {"channel": channel, "number": number, "phone": phone}
    return await world.client.post("/inspection/v1/public/complaints/follow-by-phone", json=body)


async def test_whoever_handles_an_imported_complaint_calls_its_telephone(world: World) -> None:
    operator, track = await imported(world)
    said = await operator.get(f"/complaint-tracks/{track['track_id']}/message")
    assert said["text"] == "木铎轩书画不退费"
    assert (track["title"] != "", track["name"]) == (True, "杭州西湖区木铎轩书画培训学校有限公司")
    why = {"purpose": "call-back", "explanation": f"{NUMBER} 回访"}
    opened = await operator.send("POST", f"/complaint-tracks/{track['track_id']}/complainant", json=why)
    assert (opened.status_code, opened.json()["phone"]) == (200, PHONE)
    elsewhere = world.caller("mediator", department="science")
    hidden = await elsewhere.send("POST", f"/complaint-tracks/{track['track_id']}/complainant", json=why)
    assert hidden.status_code == 404
    inspector = world.caller("inspector")
    refused = await inspector.send("POST", f"/complaint-tracks/{track['track_id']}/complainant", json=why)
    assert refused.status_code == 403


async def test_by_her_telephone_she_sees_a_stage_and_can_do_nothing(world: World) -> None:
    await imported(world)
    shown = await by_phone(world, PHONE)
    assert shown.status_code == 200, shown.text
    found = shown.json()
    assert (found["number"], found["stage"]) == (NUMBER, STAGE_FOR_HER)
    assert not any(value for name, value in found.items() if name.startswith("may_"))
    assert "木铎轩" not in shown.text
    wrong, nobody = await by_phone(world, "19900000000"), await by_phone(world, PHONE, "330126062899999")
    assert wrong.status_code == nobody.status_code == 404
    assert wrong.json()["detail"] == nobody.json()["detail"], "answered alike"
    for _ in range(8):
        await by_phone(world, "19900000000")
    locked = await by_phone(world, PHONE)
    assert locked.status_code in (404, 429), "who guesses is not told that he was right at last"


async def test_by_telephone_nobody_learns_of_a_report_nor_of_who_hid_herself(world: World) -> None:
    await known(world)
    numbers = {}
    forms: tuple[dict[str, Any], ...] = (
        {"identity": "NAMED"},
        {"identity": "CONFIDENTIAL"},
        {"identity": "NAMED", "tracks": ["REPORT"]},
    )
    for n, changed in enumerate(forms):
        sent = await complain(world, key=UUID(int=90 + n), form_id=str(UUID(int=90 + n)), **changed)
        assert sent.status_code == 201, sent.text
        numbers[n] = sent.json()["number"]
    await world.caught_up()
    await world.host.duties[TRACKS].look()
    told, hidden, report = [await by_phone(world, WEB_PHONE, numbers[n], "WEB") for n in range(3)]
    assert told.status_code == 200, told.text
    assert (told.json()["tracks"], told.json()["stage"]) == (["DISPUTE"], STAGE_FOR_HER)
    wrong = await by_phone(world, "19900000000", numbers[0], "WEB")
    assert hidden.status_code == report.status_code == wrong.status_code == 404
    assert hidden.json()["detail"] == report.json()["detail"] == wrong.json()["detail"], "answered alike"


async def test_an_official_hands_a_secret_and_the_one_before_opens_nothing(world: World) -> None:
    operator, track = await imported(world)
    address = f"/complaints/{track['complaint_id']}/follow-secret"
    empty = await operator.send("POST", address, json={"reason": " "})
    assert empty.status_code == 422
    first = (await operator.send("POST", address, json={"reason": f"已拨打登记电话{PHONE}核实"})).json()
    followed = await say(world, "follow", NUMBER, first["secret"])
    assert (followed.status_code, followed.json()["stage"]) == (200, STAGE_FOR_HER)
    assert followed.json()["may_add"]
    second = (await operator.send("POST", address, json={"reason": "遗失，已拨打登记电话核实"})).json()
    assert (await say(world, "follow", NUMBER, first["secret"])).status_code == 404
    assert (await say(world, "follow", NUMBER, second["secret"])).status_code == 200
    await operator.send("POST", address, json={"reason": "再次遗失，已核实"})
    often = await operator.send("POST", address, json={"reason": "又遗失"})
    assert (often.status_code, often.json()["type"].rsplit(":", 1)[-1]) == (409, "secret-handed-too-often")
    inspector = world.caller("inspector")
    assert (await inspector.send("POST", address, json={"reason": "x"})).status_code == 403
    assert PHONE not in str([fact.event for fact in await world.host.log.read(0, 10_000)])
    assert (await world.replayed()).differences == 0


async def test_a_lost_secret_of_the_web_is_replaced_and_nobody_unknown_gets_one(world: World) -> None:
    await known(world)
    sent = await complain(world)
    number = sent.json()["number"]
    operator = world.caller("hotline-operator")
    operator.position = str(await world.host.log.head())
    (item,) = (await operator.get("/complaints", number=number))["items"]
    address = f"/complaints/{item['complaint_id']}/follow-secret"
    handed = (await operator.send("POST", address, json={"reason": "已拨打登记电话核实"})).json()
    assert (await say(world, "follow", number)).status_code == 404, "the first one opens nothing any more"
    assert (await say(world, "follow", number, handed["secret"])).status_code == 200
    again = await complain(world)
    assert again.status_code in (200, 201), "the same form sent again is no new complaint and no new secret"
    assert (await say(world, "follow", number)).status_code == 404


async def test_whoever_handled_it_hands_no_secret_and_nobody_does_without_a_telephone(world: World) -> None:
    office = Office(world)
    track = (await office.take())["DISPUTE"]
    await step(office.router, track, "routing", matter="FEES")
    await step(office.mediator, track, "acceptance", told="短信告知", asks_refund=False)
    address, why = f"/complaints/{track['complaint_id']}/follow-secret", {"reason": "已拨打登记电话核实"}
    own = await world.caller("mediator", "mediator").send("POST", address, json=why)
    assert (own.status_code, own.json()["type"].rsplit(":", 1)[-1]) == (403, "other-person-must"), own.text
    handed = await office.operator.send("POST", address, json=why)
    assert handed.status_code == 201, handed.text
    sent = await complain(world, identity="ANONYMOUS", tracks=["REPORT"], name="", phone="")
    assert sent.status_code == 201, sent.text
    office.operator.position = str(await world.host.log.head())
    (item,) = (await office.operator.get("/complaints", number=sent.json()["number"]))["items"]
    nobody = await office.operator.send("POST", f"/complaints/{item['complaint_id']}/follow-secret", json=why)
    assert (nobody.status_code, nobody.json()["type"].rsplit(":", 1)[-1]) == (409, "telephone-unknown"), nobody.text


async def test_wrong_telephones_count_together_at_both_addresses(world: World) -> None:
    await imported(world)
    body = {"channel": "12345", "number": NUMBER, "phone": "19900000000"}
    for _ in range(WRONG_A_DAY_MAX):
        wrong = await world.client.post("/inspection/v1/complaints/own-record", json=body)
        assert wrong.status_code == 404, wrong.text
    assert (await by_phone(world, PHONE)).status_code == 404, "five wrong ones a day, not ten"
