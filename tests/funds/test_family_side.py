"""The family's side over HTTP: charging rules, her word about lessons, refunds with their clocks, transfers."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from funds.conftest import Caller
from funds.test_api import ACCOUNT, CONTRACT, INSTITUTION, NEW_CONTRACT, PAYMENT, opened, problem

OTHER = UUID(int=0x21)
CONTRACT_AT = f"/contracts/{CONTRACT}"
DELIVERED = {"contract_no": "HT-1", "held_on": "2026-07-01", "standing": "delivered"}


async def paid(regulator: Any, opening_fen: int = 800_000, **change: Any) -> None:
    """A contract that was signed and paid."""
    await opened(regulator, opening_fen)
    signed = await regulator.send("POST", "/contracts", json=NEW_CONTRACT | change)
    assert signed.status_code == 201, signed.text
    await regulator.get("/contracts")
    payment = PAYMENT | {"amount_fen": (NEW_CONTRACT | change)["price_fen"]}
    assert (await regulator.send("POST", f"{CONTRACT_AT}/payment", json=payment)).status_code == 201


async def order(regulator: Any) -> dict[str, Any]:
    """Where the order is now."""
    found: dict[str, Any] = await regulator.get(f"{CONTRACT_AT}/order")
    return found


async def test_a_charge_that_breaks_a_rule_is_refused_with_its_reason(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    for change, reason in (
        ({"payee": "private-code"}, "payee-not-custody"),
        ({"funding": "loan"}, "training-loan"),
        ({"is_model_text": False}, "model-text-missing"),
        ({"listed_fen": 299_899}, "above-published-price"),
        ({"lessons": 60, "lessons_a_week": 4}, "more-than-three-months-hold"),
    ):
        assert problem(await regulator.send("POST", "/contracts", json=NEW_CONTRACT | change)) == (409, reason)


async def test_a_second_charge_counts_with_the_first_and_a_lease_only_warns(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await paid(regulator, lease_ends_on="2026-10-01")
    findings = (await regulator.get("/contracts/findings"))["items"]
    assert [(item["rule"], item["found"], item["allowed"]) for item in findings] == [("P7", 8, 0)]
    again = NEW_CONTRACT | {"contract_id": str(OTHER), "contract_no": "HT-2", "lessons": 40}
    assert problem(await regulator.send("POST", "/contracts", json=again)) == (409, "topped-up-lessons")


async def test_an_institutions_system_reports_its_own_lessons_and_confirms_none(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await paid(regulator)
    mine, others = (world.caller("institution", organisation=str(whose)) for whose in (INSTITUTION, UUID(int=9)))
    lessons = [DELIVERED | {"lesson_no": "KX1"}, DELIVERED | {"lesson_no": "KX2", "standing": "confirmed"}]
    taken = (await mine.send("POST", "/lesson-batches", json={"lessons": lessons})).json()
    assert (taken["accepted"], taken["refused"]) == (1, 1)
    (refused,) = taken["records"]
    assert (refused["index"], refused["why_not"]["type"].rpartition(":")[2]) == (1, "confirmation-not-yours")
    assert "家长" in refused["why_not"]["remedy"]
    taken = (await others.send("POST", "/lesson-batches", json={"lessons": lessons})).json()
    assert (taken["accepted"], taken["refused"]) == (0, 2)
    assert {one["why_not"]["status"] for one in taken["records"]} == {404}, "as of one that is not there"


async def test_a_guardian_confirms_by_her_code_once_and_disputes_what_was_not_held(world: Any) -> None:
    regulator, family = world.caller("fund-regulator"), Caller(world.client, {})
    await paid(regulator)
    batch = {"lessons": [DELIVERED | {"lesson_no": f"KX{number}"} for number in (1, 2, 3)]}
    batch["lessons"].append(DELIVERED | {"lesson_no": "KX4", "contract_no": "HT-9"})
    taken = (await regulator.send("POST", "/lesson-batches", json=batch)).json()
    assert (taken["accepted"], taken["refused"]) == (3, 1)
    assert taken["records"][0]["why_not"]["type"].endswith("contract-unknown")
    request = {"request_id": str(UUID(int=5)), "lesson_nos": ["KX1", "KX2"]}
    asked = await regulator.send("POST", f"{CONTRACT_AT}/confirmation-requests", json=request)
    assert asked.status_code == 201, asked.text
    assert "code" not in asked.json()
    opening = {"purpose": "call-back", "explanation": "短信发送"}
    code = await regulator.send("POST", f"{CONTRACT_AT}/confirmation-requests/{UUID(int=5)}/code", json=opening)
    assert code.status_code == 200, code.text
    known = {"code": code.json()["code"].lower()}
    assert problem(await family.send("POST", "/confirmations/look", json={"code": "A" * 16}))[0] == 404
    seen = (await family.send("POST", "/confirmations/look", json=known)).json()
    assert [(one["lesson_no"], one["waits"]) for one in seen["lessons"]] == [("KX1", True), ("KX2", True)]
    answer = known | {"held": ["KX1"], "disputed": ["KX2"], "reason": "当天请假"}
    assert (await family.send("POST", "/confirmations", json=answer)).status_code == 201
    turned = known | {"held": ["KX2"]}
    assert problem(await family.send("POST", "/confirmations", json=turned)) == (409, "lesson-answered")
    assert (await order(regulator))["earned_fen"] == 12495
    (open_one,) = (await regulator.get("/lesson-decisions"))["items"]
    assert (open_one["lesson_no"], open_one["kind"]) == ("KX2", "dispute")
    settled = {"was_held": True, "reason": "签到表"}
    assert (await regulator.send("POST", f"{CONTRACT_AT}/lessons/KX2/settlement", json=settled)).status_code == 200
    assert (await order(regulator))["earned_fen"] == 24991
    assert (await regulator.get("/lesson-decisions"))["items"] == []


async def test_a_refused_refund_stops_the_releases_of_this_order_and_is_paid_on_the_original_route(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await paid(regulator)
    ask = {"refund_no": "TF1", "amount_fen": 100_000, "reason": "停课"}
    refund = f"{CONTRACT_AT}/refunds/TF1"
    assert (await regulator.send("POST", f"{CONTRACT_AT}/refunds", json=ask)).status_code == 201
    await regulator.send("POST", f"{refund}/answer", json={"answer": "refused"})
    assert (await order(regulator))["is_disputed"] is False
    assert (await regulator.send("POST", f"{refund}/mediation", json={"reference": "TS1"})).status_code == 200
    assert (await order(regulator))["is_disputed"] is True
    end = {"amount_fen": 80_000, "reason": "双方同意"}
    assert (await regulator.send("POST", f"{refund}/mediation/end", json=end)).status_code == 200
    assert (await order(regulator))["promised_fen"] == 80_000
    tell = {"instruction_no": "TZ1", "payment_no": "JF9"}
    refused = await regulator.send("POST", f"{refund}/instruction", json=tell)
    assert problem(refused) == (409, "original-route-only")
    tell["payment_no"] = "JF1"
    assert (await regulator.send("POST", f"{refund}/instruction", json=tell)).status_code == 201
    paid_back = {"amount_fen": 80_000, "paid_on": "2026-07-01"}
    assert (await regulator.send("POST", f"{refund}/payment", json=paid_back)).status_code == 200
    (item,) = (await regulator.get("/refund-requests"))["items"]
    assert (item["standing"], item["amount_fen"], item["instruction_no"]) == ("paid", 80_000, "TZ1")
    assert (await order(regulator))["stage"] == "partially-refunded"


async def test_what_is_left_goes_to_another_contract_or_stays(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await paid(regulator)
    other = {"contract_id": str(OTHER), "contract_no": "HT-2", "course": "国画", "lessons": 20}
    beside = await regulator.send("POST", "/contracts", json=NEW_CONTRACT | other)
    assert problem(beside) == (409, "topped-up-amount"), "another course of the same subject counts with the first"
    other["replaces"] = str(CONTRACT)
    assert (await regulator.send("POST", "/contracts", json=NEW_CONTRACT | other)).status_code == 201
    await regulator.get("/contracts")
    anew = await regulator.send("POST", f"/contracts/{OTHER}/payment", json=PAYMENT | {"payment_no": "JF2"})
    assert problem(anew) == (409, "paid-by-transfer-only")
    transfer = {"to_contract_id": str(OTHER), "kind": "course", "amount_fen": 299_900, "reason": "换课"}
    less = await regulator.send("POST", f"{CONTRACT_AT}/transfer", json=transfer | {"amount_fen": 299_000})
    assert problem(less) == (409, "transfer-differs")
    assert (await order(regulator))["remaining_fen"] == 299_900
    moved = await regulator.send("POST", f"{CONTRACT_AT}/transfer", json=transfer)
    assert moved.status_code == 201, moved.text
    here = await order(regulator)
    assert (here["stage"], here["remaining_fen"], here["transferred_fen"]) == ("transferred", 0, 299_900)
    there = await regulator.get(f"/contracts/{OTHER}/order")
    assert (there["stage"], there["paid_fen"], there["remaining_fen"]) == ("paid", 299_900, 299_900)
    balance = (await regulator.get(f"/accounts/balances?account_id={ACCOUNT}"))["accounts"][0]
    assert balance["unconsumed_fen"] == 299_900
