"""Pupils and guardians: known again and named nowhere; opened on record; put right, found, copied and erased."""

from __future__ import annotations

import asyncio
import hashlib
from typing import Any
from urllib.parse import quote
from uuid import UUID

import httpx
import pytest

from funds.test_api import CONTRACT, CSV, NEW_CONTRACT, PAYMENT, opened, problem
from mingjing_funds.domain.contract import ChargingRuleBroken
from mingjing_funds.intake.numbered import contract_id
from mingjing_kernel.audit.verify import verify
from mingjing_kernel.identifiers import derived_id, new_id

CODES = "机构编码,机构名称,统一社会信用代码,监管专户\nJG1,木铎轩,,\nJG2,语鹿,,\n"
HEADER = (
    "合同编号,机构编码,学员,监护人,监护人手机,监护人身份证号,"
    "课程,课时数,赠送课时,合同金额,开课日期,有效期至,签订时间,期初已消课时,合同文本"
)
FAMILY = "武玲帆,段宇,19900000686"
WHY = {"Mingjing-Reason": quote("本人申请"), "Mingjing-Legal-Basis": quote("个人信息保护法第四十七条")}
OPENING = {"purpose": "refund", "explanation": "退费单 TF1：联系家长"}
NAMES = ("武玲帆", "段宇", "19900000686", "武玲云", "30106199001011")


def row(no: str, family: str = FAMILY, code: str = "JG1", ends_on: str = "2026-09-10", id_number: str = "") -> str:
    began = f"{int(ends_on[:4]) - 1}{ends_on[4:]}"
    return f"{no},{code},{family},{id_number},书法,24,0,2400.00,{began},{ends_on},{began} 10:00:00,0,示范文本"


async def sent(regulator: Any, kind: str, *rows: str) -> Any:
    """The receipt of a vendor's table."""
    table = CODES if kind == "vendor-codes" else "\n".join((HEADER, *rows))
    answer = await regulator.send("POST", f"/files/{kind}?covers_to=2026-06-30", content=table.encode(), headers=CSV)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def listed(regulator: Any) -> dict[str, Any]:
    return {item["contract_no"]: item for item in (await regulator.get("/contracts", limit=500))["items"]}


async def everything(world: Any) -> str:
    """Every row of every table, as PostgreSQL prints it."""
    tables = await world.host.log.pool.fetch(
        "SELECT table_schema s, table_name t FROM information_schema.tables WHERE table_schema LIKE 'funds%'"
    )
    texts = []
    for table in tables:
        rows = await world.host.log.pool.fetch(f'SELECT x::text FROM "{table["s"]}"."{table["t"]}" x')
        texts += [row[0] for row in rows]
    printed = "\n".join(texts)
    return printed + bytes.fromhex("".join(part for part in printed.split("\\x")[1:] if not part)).decode()


async def about_contracts(world: Any) -> list[Any]:
    """Without findings about charges, which say nothing of people."""
    facts = await world.host.log.read(0, 1_000)
    return [fact for fact in facts if fact.noun == "contract" and not isinstance(fact.event, ChargingRuleBroken)]


@pytest.fixture
async def regulator(world: Any) -> Any:
    found = world.caller("fund-regulator", "regulator-1")
    await sent(found, "vendor-codes")
    return found


async def test_a_family_is_known_again_within_its_institution_and_named_nowhere(world: Any, regulator: Any) -> None:
    table = (row("HT1"), row("HT2"), row("HT3", "武玲云,段宇,19900000686"), row("HT4", code="JG2"))
    assert (await sent(regulator, "contracts", *table))["accepted"] == 4
    seen = await listed(regulator)
    pupils, guardians = ({no: seen[no][member] for no in seen} for member in ("pupil", "guardian"))
    assert pupils["HT1"] == pupils["HT2"] != pupils["HT3"]
    assert guardians["HT1"] == guardians["HT2"] == guardians["HT3"]
    assert not {pupils["HT4"], guardians["HT4"]} & {pupils["HT1"], guardians["HT1"]}
    assert (pupils["HT1"][:3], guardians["HT1"][:4]) == ("学员-", "监护人-")
    one = seen["HT1"]
    masked = (one["pupil_masked"], one["guardian_masked"], one["guardian_phone_masked"])
    assert masked == ("武**", "段**", "199****0686")
    csv = (await regulator.read("/contracts", format="csv")).text
    assert "武**,段**,199****0686" in csv
    for printed in (str(seen), csv, await everything(world)):
        assert [name for name in NAMES if name in printed] == []
    assert (await sent(regulator, "contracts", *table))["repeated"] == 4
    assert (await sent(regulator, "contracts", *table, row("HT5")))["accepted"] == 1
    assert [fact.version for fact in await about_contracts(world)] == [1] * 5
    assert (await listed(regulator))["HT5"]["guardian"] == guardians["HT1"]
    assert await world.host.log.pool.fetchval("SELECT count(*) FROM funds.subject_keys") == 5
    assert (await world.replayed()).differences == 0


async def test_nobody_is_taken_for_somebody_else(regulator: Any) -> None:
    await sent(
        regulator,
        "contracts",
        row("HT1", "武玲帆,段宇,199****0686"),
        row("HT2", "武玲帆,段宇,199****0686"),
        row("HT3", "武玲帆,段宇,无"),
        row("HT4", "武玲帆,段玉,19900000686"),
        row("HT5", "武玲帆,段宇,"),
        row("HT6", "武玲帆,段宇,", id_number="330106199001011234"),
        row("HT7", "武玲帆,段宇,", id_number="330106199001011234"),
        row("HT8", "武*帆,家长,19900000686"),
        row("HT9", "武*帆,家长,19900000686"),
    )
    seen = await listed(regulator)
    guardians = [seen[f"HT{number}"]["guardian"] for number in range(1, 10)]
    assert len(set(guardians)) == 8
    assert guardians[5] == guardians[6]
    assert seen["HT8"]["pupil"] != seen["HT9"]["pupil"]


async def test_who_moved_is_another_person_and_an_older_row_says_nothing_new(world: Any, regulator: Any) -> None:
    await sent(regulator, "contracts", row("HT1"))
    first = (await listed(regulator))["HT1"]
    assert (await sent(regulator, "contracts", row("HT1", "武玲帆,段宇,19900000777")))["accepted"] == 1
    moved = (await listed(regulator))["HT1"]
    assert moved["guardian"] != first["guardian"]
    assert moved["guardian_phone_masked"] == "199****0777"
    assert (await sent(regulator, "contracts", row("HT1", "武玲帆,,")))["repeated"] == 1
    assert (await listed(regulator))["HT1"] == moved
    sibling = await sent(regulator, "contracts", row("HT1", "武玲云,段宇,19900000777"))
    assert (sibling["accepted"], sibling["kept_aside"]) == (0, 1)
    (kept,) = (await regulator.get("/kept-aside"))["items"]
    assert (kept["code"], {"学员", "监护人", "监护人手机"} & set(kept["cells"])) == ("contract-differs", set())
    assert (await world.replayed()).differences == 0


async def test_a_row_that_waited_names_its_family_when_it_is_mended(world: Any, regulator: Any) -> None:
    await sent(regulator, "contracts", row("HT1").replace("2400.00", "若干"))
    (kept,) = (await regulator.get("/kept-aside"))["items"]
    path = f"/kept-aside/{kept['row_id']}/mending"
    corrections = {"合同金额": "2400.00", "学员": "武玲帆", "监护人": "段宇", "监护人手机": "19900000686"}
    mended = await regulator.send("POST", path, json={"corrections": corrections})
    assert mended.status_code == 200, mended.text
    assert (await listed(regulator))["HT1"]["guardian_masked"] == "段**"
    await sent(regulator, "contracts", row("HT2", code="JG9"))
    codes = CODES + "JG9,新机构,,\n"
    await regulator.send("POST", "/files/vendor-codes", content=codes.encode(), headers=CSV)
    again = await sent(regulator, "contracts", row("HT2", code="JG9"))
    assert (again["came_right"], again["accepted"]) == (1, 1)
    assert (await listed(regulator))["HT2"]["guardian_masked"] == "段**"
    waited = [fact.event for fact in await about_contracts(world) if fact.id == contract_id("HT2")]
    assert [getattr(event, "family", None) is None for event in waited] == [True, False]  # it had left the names out
    assert [name for name in NAMES if name in await everything(world)] == []


async def test_a_family_is_opened_for_a_purpose_and_asks_itself_who_looked(world: Any, regulator: Any) -> None:
    await sent(regulator, "contracts", row("HT1", id_number="330106199001011234"))
    path = f"/contracts/{contract_id('HT1')}/family"
    assert (await regulator.send("POST", f"{path}/guardian", json={**OPENING, "purpose": "curious"})).status_code == 422
    auditor = world.caller("auditor", region="*")
    assert (await auditor.send("POST", f"{path}/guardian", json=OPENING)).status_code == 403
    elsewhere = world.caller("fund-regulator", region="330105")
    assert (await elsewhere.send("POST", f"{path}/guardian", json=OPENING)).status_code == 404
    guardian = await regulator.send("POST", f"{path}/guardian", json=OPENING)
    assert guardian.json() == {"name": "段宇", "phone": "19900000686", "id_number": "330106199001011234"}
    assert (await regulator.send("POST", f"{path}/pupil", json=OPENING)).json()["name"] == "武玲帆"
    (alert, *_) = (await world.caller("auditor").get("/unsealings"))["items"]
    assert (alert["unsealer"], alert["purpose"]) == ("regulator-1", "refund")
    own = "/funds/v1/contracts/own-record"
    told = await world.client.post(own, json={"contract_no": "HT1", "phone": "199 0000 0686"})
    looks = [[look["explanation"] for look in record["looks"]] for record in told.json()]
    assert looks == [["退费单 TF1：联系家长"], ["退费单 TF1：联系家长"]]
    wrong = [{"contract_no": "HT1", "phone": "19900000687"}, {"contract_no": "HT9", "phone": "19900000686"}]
    answers = [await world.client.post(own, json=body) for body in wrong]
    assert {(answer.status_code, answer.json()["type"]) for answer in answers} == {(404, answers[0].json()["type"])}


async def test_a_family_that_shares_a_contract_number_locks_nobody_out_by_looking(world: Any, regulator: Any) -> None:
    """Two institutions gave HT1: whoever is right counts against neither family, however often she looks."""
    await sent(regulator, "contracts", row("HT1"))
    other = {**NEW_CONTRACT, "contract_id": str(new_id()), "contract_no": "HT1"}
    await opened(regulator)
    guardian = {"guardian": {"name": "武羽", "phone": "19900000777"}}
    signed = await regulator.send("POST", "/contracts", json=other | guardian)
    assert signed.status_code == 201, signed.text
    own = "/funds/v1/contracts/own-record"

    async def status(phone: str) -> int:
        answer = await world.client.post(own, json={"contract_no": "HT1", "phone": phone})
        return int(answer.status_code)

    assert [await status("19900000777") for _ in range(6)] == [200] * 6
    assert [await status(phone) for phone in ("19900000686", "19900000000")] == [200, 404]


async def test_the_eleventh_family_with_one_number_names_its_institution(world: Any, regulator: Any) -> None:
    """Only hers is asked then, and a wrong telephone counts against hers only."""
    many = 11
    codes = "".join(f"JG{n},机构{n},9133010600000000{n:02},\n" for n in range(10, 10 + many))
    head = CODES.partition("\n")[0]
    answer = await regulator.send("POST", "/files/vendor-codes", content=f"{head}\n{codes}".encode(), headers=CSV)
    assert answer.json()["accepted"] == many
    rows = [row("HT1", f"武玲帆,段宇,199000000{n}", code=f"JG{n}") for n in range(10, 10 + many)]
    assert (await sent(regulator, "contracts", *rows))["accepted"] == many
    others = {derived_id("contract", "HT1", f"JG{n}"): str(n) for n in range(11, 10 + many)}
    by_id = {str(id): n for id, n in ({contract_id("HT1"): "10"} | others).items()}
    assert {item["contract_id"] for item in (await regulator.get("/contracts"))["items"]} == by_id.keys()
    first, last = by_id[min(by_id)], by_id[max(by_id)]
    own = "/funds/v1/contracts/own-record"

    async def status(n: str, institution: str = "") -> int:
        body = {"contract_no": "HT1", "phone": f"199000000{n}", "institution": institution}
        return int((await world.client.post(own, json=body)).status_code)

    assert await status(last) == 404
    assert [await status(last, named) for named in (f"机构{last}", f"9133010600000000{last}")] == [200, 200]
    assert [await status(last, f"机构{first}") for _ in range(4)] == [404] * 4
    assert await status(first, f"机构{first}") == 404, "guessed at too often today"
    assert await status(last, f"机构{last}") == 200


async def test_a_person_is_found_and_gets_a_copy_of_all_that_is_held_with_one_look(world: Any, regulator: Any) -> None:
    await sent(regulator, "contracts", row("HT1"), row("HT2"), row("HT3", "武玲云,段宇,19900000686"))
    officer = world.caller("administrator", "rights-1")
    officer.position = regulator.position
    search = {"field": "phone", "value": "+86 199-0000-0686"}
    (found,) = (await officer.send("POST", "/subjects/search", json=search, headers=WHY)).json()
    assert found["streams"] == [f"contract-{contract_id(no)}" for no in ("HT1", "HT2", "HT3")]
    copy = (await officer.send("POST", f"/subjects/{found['subject']}/copy", headers=WHY)).json()
    signed = [fact["data"]["family"] for fact in copy["facts"] if fact["type"] == "funds.contract-signed.v2"]
    guardian = {"name": "段宇", "phone": "19900000686", "id_number": None}
    nobody = {"name": None, "phone": None, "id_number": None}
    assert signed == [{"guardian": guardian, "pupil": nobody}] * 3
    assert len(copy["record"]["looks"]) == 3
    facts = await world.host.log.read(0, 1_000)
    granted = [fact.event.fields for fact in facts if fact.type == "kernel.unsealing-granted.v1"]
    assert granted == [("phone",), ("name", "phone")]  # the search, and one look at everything
    assert copy["record"]["retained_until"] == "2031-09-10"
    assert copy["record"]["retention_rule"].startswith("contract: 60 months")


async def test_what_is_put_right_stands_on_every_contract_and_the_vendor_may_stay_wrong(
    world: Any, regulator: Any
) -> None:
    await sent(regulator, "contracts", row("HT1"), row("HT2"))
    path = f"/contracts/{contract_id('HT1')}/family/guardian/correction"
    right = {"person": {"name": "段羽", "phone": "19900000999"}, "reason": "本人来电，已核对证件"}
    assert problem(await regulator.send("POST", path, json=right | {"reason": " "})) == (422, "correction-unexplained")
    assert problem(await regulator.send("POST", path, json=right | {"person": {}})) == (422, "nothing-right")
    assert problem(await regulator.send("POST", path, json=right | {"person": {"phone": "199****0999"}}))[0] == 422
    key = new_id()
    assert (await regulator.send("POST", path, key, json=right)).status_code == 201
    assert (await regulator.send("POST", path, key, json=right)).json()["repeated"] is True
    for no in ("HT1", "HT2"):
        opening = await regulator.send("POST", f"/contracts/{contract_id(no)}/family/guardian", json=OPENING)
        assert opening.json() == {"name": "段羽", "phone": "19900000999", "id_number": ""}
    officer = world.caller("administrator")
    for phone, count in (("19900000999", 1), ("19900000686", 0)):
        search = {"field": "phone", "value": phone}
        assert len((await officer.send("POST", "/subjects/search", json=search, headers=WHY)).json()) == count
    before = await listed(regulator)
    assert (await sent(regulator, "contracts", row("HT1"), row("HT2"), row("HT3")))["accepted"] == 1
    after = await listed(regulator)
    assert {no: after[no]["guardian"] for no in after} == dict.fromkeys(after, before["HT1"]["guardian"])
    assert (await world.replayed()).differences == 0


async def test_whose_time_is_over_goes_and_does_not_come_back_with_the_next_export(world: Any, regulator: Any) -> None:
    old = row("HT1", ends_on="2020-09-10")
    held = row("HT2", "何书瑶,何平,19900009618", ends_on="2020-09-10")
    owed = row("HT3", "毛凯睿,毛平,19900004315", ends_on="2020-09-10")
    young = row("HT4", "钟超强,钟平,19900007221")
    await sent(regulator, "contracts", old, held, owed, young)
    paid = "缴费单号,合同编号,缴费时间,金额,支付方式,状态\nJF3,HT3,2019-09-11 10:00:00,2400.00,微信,成功\n".encode()
    await regulator.send("POST", "/files/payments?covers_to=2026-06-30", content=paid, headers=CSV)
    officer, administrator = world.caller("legal-reviewer"), world.caller("administrator")
    administrator.position = regulator.position
    search = {"field": "phone", "value": "19900009618"}
    (found,) = (await administrator.send("POST", "/subjects/search", json=search, headers=WHY)).json()
    hold = f"/subjects/{found['subject']}/holds/{new_id()}"
    assert (await officer.send("PUT", hold, json={"case": "西教罚〔2026〕7号", "reason": "取证"})).status_code == 200
    swept = await world.host.sweeper.step()
    # Of the four pupils and four guardians: the first family and the held guardian's pupil.
    assert (swept.erased, swept.held, swept.left) == (3, 1, 0)
    await world.host.runner.wait_for(await world.host.log.head())
    seen = await listed(regulator)
    assert [seen[no]["guardian_masked"] for no in ("HT1", "HT2", "HT3", "HT4")] == [None, "何**", "毛**", "钟**"]
    assert (seen["HT1"]["pupil"][:3], seen["HT1"]["pupil_masked"]) == ("学员-", None)
    gone = await regulator.send("POST", f"/contracts/{contract_id('HT1')}/family/guardian", json=OPENING)
    assert gone.status_code == 410
    told = len(await about_contracts(world))
    assert (await sent(regulator, "contracts", old, held))["repeated"] == 2
    assert len(await about_contracts(world)) == told
    search = {"field": "phone", "value": "19900000686"}
    assert (await administrator.send("POST", "/subjects/search", json=search, headers=WHY)).json() == []
    assert await world.host.log.pool.fetchval("SELECT count(*) FROM funds.subject_keys") == 5
    owing = {"field": "phone", "value": "19900004315"}
    (creditor,) = (await administrator.send("POST", "/subjects/search", json=owing, headers=WHY)).json()
    assert creditor["record"] == "contract-with-balance"
    kept = await administrator.send("POST", f"/subjects/{creditor['subject']}/erasure", headers=WHY)
    assert problem(kept) == (409, "retention-duty-applies")
    assert "2050-09-10" in kept.text
    assert (await world.replayed()).differences == 0
    assert (await asyncio.to_thread(verify, world.host.log.url, "funds", [], processes=1)).findings == ()


async def test_a_contract_signed_here_seals_its_people_and_its_digest_tells_nobody(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    key = new_id()
    signed = await regulator.send("POST", "/contracts", key, json=NEW_CONTRACT)
    assert signed.status_code == 201, signed.text
    assert (await regulator.send("POST", "/contracts", key, json=NEW_CONTRACT)).json()["repeated"] is True
    other = NEW_CONTRACT | {"guardian": {"name": "段宇", "phone": "19900000777"}}
    assert problem(await regulator.send("POST", "/contracts", key, json=other)) == (409, "command-id-reused")
    assert problem(await regulator.send("POST", "/contracts", json=other)) == (409, "contract-differs")
    assert (await regulator.send("POST", "/contracts", json=NEW_CONTRACT)).json()["version"] == 1
    masked = NEW_CONTRACT | {"contract_id": str(UUID(int=0x21)), "contract_no": "HT-2", "pupil": {"name": "武*帆"}}
    assert problem(await regulator.send("POST", "/contracts", json=masked))[0] == 422
    item = await regulator.get(f"/contracts/{CONTRACT}")
    assert (item["pupil_masked"], item["guardian_phone_masked"]) == ("武**", "199****0686")
    await regulator.send("POST", f"/contracts/{CONTRACT}/payment", json=PAYMENT)
    refund, body = new_id(), {"refund_no": "TF1", "amount_fen": 1, "reason": "停课"}
    assert (await regulator.send("POST", f"/contracts/{CONTRACT}/refunds", refund, json=body)).status_code == 201
    assert await digest_of(world, refund) == plain_digest(f"/funds/v1/contracts/{CONTRACT}/refunds", body)
    assert await digest_of(world, key) != plain_digest("/funds/v1/contracts", NEW_CONTRACT)
    lesson = {"lesson_no": "KX1", "held_on": "2026-07-01", "standing": "confirmed", "content": "武玲帆 17:00 叶辉明"}
    assert (await regulator.send("POST", f"/contracts/{CONTRACT}/lessons", json=lesson)).status_code == 201
    again = await regulator.send("POST", f"/contracts/{CONTRACT}/lessons", json=lesson)
    assert again.json()["version"] == 5  # signed, paid, asked back and put for review, reported: nothing new
    moved = lesson | {"content": "武玲云 17:00 叶辉明"}
    await regulator.send("POST", f"/contracts/{CONTRACT}/lessons", json=moved)
    assert (await regulator.get(f"/contracts/{CONTRACT}"))["set_aside"] == 1
    assert [name for name in NAMES if name in await everything(world)] == []
    assert (await world.replayed()).differences == 0


async def digest_of(world: Any, key: UUID) -> bytes:
    found: bytes = await world.host.log.pool.fetchval("SELECT digest FROM funds.commands WHERE id = $1", key)
    return found


def plain_digest(path: str, body: Any) -> bytes:
    """What anybody can compute who knows the request: method, path, query, caller, five headers that are not sent."""
    whole = hashlib.sha256()
    for part in ("POST", path, "", "fund-regulator", *[""] * 5):
        whole.update(len(part.encode()).to_bytes(4, "big") + part.encode())
    whole.update(hashlib.sha256(httpx.Request("POST", "http://test", json=body).read()).digest())
    return whole.digest()
