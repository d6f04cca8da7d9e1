"""One account and one contract over HTTP, with what the registry tells in between."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import httpx

from funds.county_weeks import masters
from mingjing_contracts.registry import InstitutionRegisteredV1, LicenceReinstatedV1, LicenceSuspendedV1

ACCOUNT = UUID(int=0x10)
CONTRACT = UUID(int=0x20)
INSTITUTION = UUID(int=0x30)
NAME = "杭州西湖区木铎轩书画培训学校有限公司"
CSV = {"Content-Type": "text/csv"}
NEW_CONTRACT = {
    "contract_id": str(CONTRACT),
    "contract_no": "HT-1",
    "account_id": str(ACCOUNT),
    "pupil": {"name": "武玲帆"},
    "guardian": {"name": "段宇", "phone": "19900000686"},
    "course": "书法",
    "is_subject": False,
    "lessons": 24,
    "price_fen": 299_900,
    "starts_on": "2026-07-10",
    "ends_on": "2026-10-09",
}
PAYMENT = {"payment_no": "JF1", "amount_fen": 299_900, "paid_at": "2026-07-01T09:00:00+08:00", "method": "微信"}
REGISTERED = InstitutionRegisteredV1(
    institution_id=INSTITUTION,
    name=NAME,
    short_name="木铎轩书画",
    former_names=(),
    uscc="91330106MA00001B3D",
    nature="for_profit",
    categories=("art",),
    departments=("education",),
    region="330106",
    phone="",
    on=date(2026, 7, 1),
)


async def opened(regulator: Any, opening_fen: int = 800_000) -> None:
    """An account through its steps."""
    account = {
        "account_id": str(ACCOUNT),
        "institution_id": str(INSTITUTION),
        "institution_name": NAME,
        "bank": "湖畔商业银行",
        "account_name": "托管专户",
        "department": "education",
        "region": "330106",
    }
    agreement = {"agreement_no": "A1", "minimum_fen": 800_000, "signed_on": "2026-06-01"}
    activation = {
        "number": "6299000000009999999",
        "opened_on": "2026-06-02",
        "opening_fen": opening_fen,
        "opening_on": "2026-06-02",
    }
    answers = [await regulator.send("POST", "/accounts", json=account)]
    await regulator.get("/accounts")
    answers.append(await regulator.send("POST", f"/accounts/{ACCOUNT}/agreement", json=agreement))
    answers.append(await regulator.send("POST", f"/accounts/{ACCOUNT}/activation", json=activation))
    assert [answer.status_code for answer in answers] == [201, 200, 200], [answer.text for answer in answers]
    await regulator.get("/accounts")


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and kind of a refusal, which always speaks both languages and names a rule or a field."""
    said = answer.json()
    assert said["detail"] != said["detail_en"]
    return answer.status_code, said["type"].rsplit(":", 1)[-1]


async def test_a_suspended_licence_blocks_charges_and_not_refunds(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    assert (await regulator.send("POST", "/contracts", json=NEW_CONTRACT)).status_code == 201
    await regulator.get("/contracts")
    await world.tell(
        LicenceSuspendedV1(institution_id=INSTITUTION, decision_reference="1号", reason="", on=date(2026, 7, 1))
    )
    other = NEW_CONTRACT | {"contract_id": str(UUID(int=0x21)), "contract_no": "HT-2"}
    assert problem(await regulator.send("POST", "/contracts", json=other)) == (409, "charging-blocked")
    blocked = await regulator.send("POST", f"/contracts/{CONTRACT}/payment", json=PAYMENT)
    assert problem(blocked) == (409, "charging-blocked")
    await world.tell(LicenceReinstatedV1(institution_id=INSTITUTION, decision_reference="2号", on=date(2026, 7, 1)))
    assert (await regulator.send("POST", f"/contracts/{CONTRACT}/payment", json=PAYMENT)).status_code == 201
    await world.tell(
        LicenceSuspendedV1(institution_id=INSTITUTION, decision_reference="3号", reason="", on=date(2026, 7, 1))
    )
    refund = {"refund_no": "TF1", "amount_fen": 100_000, "reason": "停课"}
    assert (await regulator.send("POST", f"/contracts/{CONTRACT}/refunds", json=refund)).status_code == 201


async def test_charging_rules_refuse_a_new_contract(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    for change, reason in (
        ({"ends_on": "2026-10-10"}, "charge-too-long"),
        ({"lessons": 61}, "too-many-lessons"),
        ({"price_fen": 500_001}, "charge-too-high"),
    ):
        assert problem(await regulator.send("POST", "/contracts", json=NEW_CONTRACT | change)) == (409, reason)


async def test_a_release_stays_within_confirmed_lessons(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    await regulator.send("POST", "/contracts", json=NEW_CONTRACT)
    await regulator.get("/contracts")
    await regulator.send("POST", f"/contracts/{CONTRACT}/payment", json=PAYMENT)
    lesson = {"lesson_no": "KX1", "held_on": "2026-07-01", "standing": "confirmed"}
    assert (await regulator.send("POST", f"/contracts/{CONTRACT}/lessons", json=lesson)).status_code == 201
    await regulator.get("/contracts")
    release, path = {"instruction_no": "ZL1", "amount_fen": 12_496}, f"/contracts/{CONTRACT}/releases"
    assert problem(await regulator.send("POST", path, json=release)) == (409, "release-too-high")
    within = release | {"amount_fen": 12_495}
    assert problem(await regulator.send("POST", path, json=within)) == (409, "payment-not-credited")
    await world.credited(800_000)
    assert (await regulator.send("POST", path, json=within)).status_code == 201
    around = {"account_id": str(ACCOUNT), "instruction_no": "ZL2", "amount_fen": 1}
    assert (await regulator.send("POST", "/releases", json=around)).status_code == 405, "no release past its contract"
    balances = await regulator.get("/accounts/balances")
    assert balances["accounts"][0]["unconsumed_fen"] == 299_900 - 12_495


async def test_an_account_from_the_list_finds_its_institution_and_nobody_else_sees_it(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await world.tell(REGISTERED)
    for posting in masters():
        path = f"/files/{posting.kind}?covers_to={posting.covers_to}"
        answer = await regulator.send("POST", path, content=posting.data, headers=CSV)
        assert answer.status_code == 200, answer.text
    await regulator.send("POST", "/alerts/evaluations?day=2025-12-31")
    accounts = (await regulator.get("/accounts", limit=500))["items"]
    linked = [account for account in accounts if account["institution_id"]]
    assert [(account["institution_name"], account["category"]) for account in linked] == [(NAME, "art")]
    elsewhere = world.caller("fund-regulator", region="330105")
    assert (await elsewhere.get("/accounts"))["items"] == []
    assert (await elsewhere.get("/accounts/balances", day="2025-12-31"))["totals"]["accounts"] == 0
    assert problem(await elsewhere.send("POST", "/files/lessons?region=330106", content=b"x", headers=CSV))[0] in (
        403,
        404,
    )


async def test_a_row_is_kept_aside_with_its_remedy_and_mended(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    table = "机构编码,机构名称,统一社会信用代码,监管专户\r\nJG1,木铎轩,,62990\r\n".encode()
    sent = await regulator.send("POST", "/files/vendor-codes", content=table, headers=CSV)
    assert (sent.json()["accepted"], sent.json()["kept_aside"]) == (0, 1)
    (row,) = (await regulator.get("/kept-aside"))["items"]
    assert (row["row"], row["field"], row["code"]) == (2, "account_number", "account-number-unreadable")
    assert "账号" in row["sentence_zh"]
    path = f"/kept-aside/{row['row_id']}/mending"
    still = await regulator.send("POST", path, json={"corrections": {}})
    assert problem(still) == (422, "account-number-unreadable")
    mended = await regulator.send("POST", path, json={"corrections": {"监管专户": "6299000000009999999"}})
    assert mended.status_code == 200, mended.text
    assert (await regulator.get("/kept-aside"))["items"] == []
    unreadable = await regulator.send("POST", "/files/lessons", content=b"\xff\xff\xff", headers=CSV)
    assert problem(unreadable) == (422, "text-undecodable")
