"""Risk deposits over HTTP: filed, paid in, assessed by figures of our own, drawn on, given back, ended; and by whom."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from funds.test_api import INSTITUTION, NAME, NEW_CONTRACT, problem
from funds.test_family_side import paid

DEPOSIT = UUID(int=0xD1)
AT = f"/deposits/{DEPOSIT}"
NEW = {
    "deposit_id": str(DEPOSIT),
    "institution_id": str(INSTITUTION),
    "institution_name": NAME,
    "bank": "湖畔商业银行",
    "account_name": "保证金专户",
    "department": "education",
    "region": "330106",
    "number": "8801",
    "agreement_no": "保2026-1",
    "filed_on": "2026-07-01",
}
IN = {"flow": "B1", "amount_fen": 60_000_00, "moved_on": "2026-07-01"}
OUT = {"flow": "B2", "amount_fen": 20_000_00, "moved_on": "2026-07-01", "reason": "退还多余部分"}


async def filed(regulator: Any) -> None:
    """A deposit with ¥60,000 in it, and what must be there."""
    for path, body in (("/deposits", NEW), (f"{AT}/payments", IN)):
        answer = await regulator.send("POST", path, json=body)
        assert answer.status_code == 201, answer.text
    assert (await regulator.send("POST", f"{AT}/assessment")).status_code == 200


async def test_a_deposit_is_filed_paid_in_and_held_to_the_assessed_minimum(world: Any) -> None:
    regulator, approver = world.caller("fund-regulator"), world.caller("approver", "li")
    await paid(regulator)
    await filed(regulator)
    item = await regulator.get(AT)
    assert (item["balance_fen"], item["required_fen"]) == (60_000_00, 50_000_00)
    assert item["policy_version"].startswith("risk-deposit/")
    approver.position = regulator.position
    assert problem(await approver.send("POST", f"{AT}/returns", json=OUT)) == (409, "deposit-too-low")
    less = OUT | {"amount_fen": 10_000_00}
    assert (await approver.send("POST", f"{AT}/returns", json=less)).status_code == 201
    drawn = OUT | {"flow": "B3", "reason": "代偿停课家庭"}
    assert (await approver.send("POST", f"{AT}/draws", json=drawn)).status_code == 201
    assert (await approver.send("POST", f"{AT}/draws", json=drawn)).status_code == 201
    moved = (await approver.get("/deposits/movements", deposit_id=str(DEPOSIT)))["items"]
    assert [(one["flow"], one["purpose"], one["amount_fen"]) for one in moved] == [
        ("B1", "top-up", 60_000_00), ("B2", "return", -10_000_00), ("B3", "draw", -20_000_00),
    ]  # fmt: skip
    short = (await approver.get("/deposits", is_short=True))["items"]
    assert [(one["deposit_id"], one["balance_fen"]) for one in short] == [(str(DEPOSIT), 30_000_00)]
    owed = await approver.send("POST", f"{AT}/release", json={"department_consents": True})
    assert problem(owed) == (409, "deposit-still-needed")


async def test_the_minimum_follows_the_fees_of_a_period_where_they_are_highest(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await paid(regulator)
    for number in range(2, 19):
        signed = NEW_CONTRACT | {
            "contract_id": str(UUID(int=0x300 + number)),
            "contract_no": f"HT-{number}",
            "guardian": {"name": "段宇", "phone": f"199000{number:05}"},
        }
        assert (await regulator.send("POST", "/contracts", json=signed)).status_code == 201
    payments = [
        {"contract_no": f"HT-{number}", "payment_no": f"JF{number}", "amount_fen": 299_900,
         "paid_at": "2026-07-01T09:00:00+08:00", "method": "微信"}
        for number in range(2, 19)
    ]  # fmt: skip
    answer = (await regulator.send("POST", "/receipt-batches", json={"payments": payments})).json()
    assert answer["accepted"] == 17, answer
    await filed(regulator)
    assert (await regulator.get(AT))["required_fen"] == 18 * 299_900


async def test_who_may_do_what_to_a_deposit_and_who_sees_it(world: Any) -> None:
    regulator, auditor = world.caller("fund-regulator"), world.caller("auditor")
    await filed(regulator)
    for caller in (auditor, regulator):
        caller.position = regulator.position
        assert problem(await caller.send("POST", f"{AT}/draws", json=OUT))[0] == 403
    elsewhere = world.caller("approver", region="330105")
    elsewhere.position = regulator.position
    assert problem(await elsewhere.send("POST", f"{AT}/draws", json=OUT))[0] == 404
    assert (await elsewhere.read(AT)).status_code == 404
    mine = world.caller("institution", organisation=str(INSTITUTION))
    mine.position = regulator.position
    assert (await mine.get(AT))["number"] == "8801"
    others = world.caller("institution", organisation=str(UUID(int=9)))
    others.position = regulator.position
    assert (await others.read(AT)).status_code == 404
    can = (await regulator.get(f"{AT}/available-actions"))["actions"]
    assert {one["act"] for one in can if one["available"]} == {"pay-in-deposit", "assess-deposit"}


async def test_a_deposit_that_nobody_needs_any_more_goes_back_whole(world: Any) -> None:
    regulator, approver = world.caller("fund-regulator"), world.caller("approver", "li")
    await filed(regulator)
    approver.position = regulator.position
    refused = await approver.send("POST", f"{AT}/release", json={"department_consents": False})
    assert problem(refused) == (409, "deposit-consent-missing")
    assert (await approver.send("POST", f"{AT}/release", json={"department_consents": True})).status_code == 200
    assert (await approver.send("POST", f"{AT}/returns", json=OUT | {"amount_fen": 60_000_00})).status_code == 201
    item = await approver.get(AT)
    assert (item["balance_fen"], item["required_fen"], item["released_on"]) == (0, 0, "2026-07-01")
    early = IN | {"flow": "B9", "moved_on": "2026-07-02"}
    assert problem(await regulator.send("POST", f"{AT}/payments", json=early)) == (422, "day-not-yet-come")
    assert problem(await regulator.send("POST", f"{AT}/payments", json=IN | {"flow": "B9"})) == (409, "deposit-over")
