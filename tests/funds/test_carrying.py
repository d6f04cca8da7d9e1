"""Contracts go over with a change of bank: what waits, what goes, and that no fen is lost between the two books."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from funds.conftest import NOW
from funds.test_api import ACCOUNT, CONTRACT, NEW_CONTRACT, PAYMENT, problem
from funds.test_available_actions import LEGAL
from funds.test_custodians import CHANGE, CUSTODY, NEW, NUMBER, OLD_NUMBER, agreed, booked, closing
from funds.test_family_side import CONTRACT_AT, paid
from funds.test_payments import taught
from mingjing_funds.codec import ACCOUNTS, CONTRACTS
from mingjing_kernel.identifiers import new_id

SECOND, THIRD = UUID(int=0x22), UUID(int=0x23)
OTHER_PUPIL = {"pupil": {"name": "白一诺"}, "guardian": {"name": "白航", "phone": "19900000687"}}
THIRD_PUPIL = {"pupil": {"name": "陆知行"}, "guardian": {"name": "陆野", "phone": "19900000688"}}
SUMS = ("closing_fen", "unconsumed_fen", "confirmed_unreleased_fen", "in_transit_fen", "uncredited_fen")
CARRY = f"{CUSTODY}/contracts"


async def signed(regulator: Any, id: UUID, no: str, **change: Any) -> None:
    body = NEW_CONTRACT | {"contract_id": str(id), "contract_no": no} | change
    answer = await regulator.send("POST", "/contracts", json=body)
    assert answer.status_code == 201, answer.text
    await regulator.get("/contracts")


async def balances(regulator: Any) -> dict[str, Any]:
    found = await regulator.get("/accounts/balances")
    return {one["account_id"]: one for one in found["accounts"]}


async def totals(regulator: Any) -> dict[str, int]:
    found = await balances(regulator)
    return {name: sum(one[name] for one in found.values()) for name in (*SUMS, "difference_fen")}


async def carried(regulator: Any, key: UUID | None = None) -> dict[str, Any]:
    answer = await regulator.send("POST", CARRY, key)
    assert answer.status_code == 200, answer.text
    await regulator.get(CUSTODY)
    found: dict[str, Any] = answer.json()
    return found


async def transferred(world: Any, regulator: Any, amount_fen: int) -> None:
    """The balance goes over at both banks, and is noted."""
    await booked(world, ACCOUNT, OLD_NUMBER, "HP9", -amount_fen, 0, NOW)
    await booked(world, NEW, NUMBER, "WL1", amount_fen, amount_fen, NOW)
    body = {"amount_fen": amount_fen, "flow_out": "HP9", "flow_in": "WL1"}
    answer = await regulator.send("POST", f"{CUSTODY}/transfer", json=body)
    assert answer.is_success, answer.text
    await regulator.get(CUSTODY)


async def begun(regulator: Any) -> None:
    await agreed(regulator)
    assert (await regulator.send("POST", f"{CUSTODY}/change", json=CHANGE)).status_code == 201
    await regulator.get(CUSTODY)


async def test_contracts_follow_the_balance_to_the_fen_and_the_old_account_closes(world: Any) -> None:
    regulator, auditor = world.caller("fund-regulator"), world.caller("auditor")
    await paid(regulator)
    await world.credited(800_000)
    await taught(regulator)
    await signed(regulator, SECOND, "HT-2", **OTHER_PUPIL)
    late = PAYMENT | {"payment_no": "JF2", "paid_at": "2026-06-24T09:00:00+08:00"}
    assert (await regulator.send("POST", f"/contracts/{SECOND}/payment", json=late)).status_code == 201
    await signed(regulator, THIRD, "HT-3", **THIRD_PUPIL)
    share = {"instruction_no": "BF1", "amount_fen": 12_495}
    assert (await regulator.send("POST", f"{CONTRACT_AT}/releases", json=share)).status_code == 201
    await begun(regulator)
    assert problem(await regulator.send("POST", CARRY)) == (409, "change-step-missing")
    before = await totals(regulator)
    assert (before["unconsumed_fen"], before["uncredited_fen"]) == (299_900 - 24_991 + 299_900, 299_900)
    await transferred(world, regulator, 1_099_900)
    assert await totals(regulator) == before
    assert problem(await auditor.send("POST", CARRY))[0] == 403

    looked = await regulator.get(CARRY)
    assert (looked["ready"], looked["waiting"], looked["waits"][0]["why"]) == (2, 1, "release-under-way")
    assert (await world.caller("fund-regulator", "wang", region="330108").read(CARRY)).status_code == 404
    key = new_id()
    first = await carried(regulator, key)
    assert (first["contracts"], first["is_done"], first["waiting"]) == (2, False, 1)
    assert [(one["contract_no"], one["why"]) for one in first["waits"]] == [("HT-1", "release-under-way")]
    assert await totals(regulator) == before
    assert (await carried(regulator, key))["contracts"] == 0
    assert problem(await closing(regulator, ACCOUNT))[1] in ("change-step-missing", "liability-left")

    back = await regulator.send("POST", f"{CONTRACT_AT}/releases/BF1/taking-back", json={"reason": "更换托管银行"})
    assert back.is_success, back.text
    last = await carried(regulator)
    assert (last["contracts"], last["is_done"], last["releasable_fen"]) == (1, True, 24_991)
    for _ in range(2):
        again = await carried(regulator)
        assert (again["contracts"], again["releasable_fen"], again["is_done"]) == (0, 0, True)
    assert await totals(regulator) == before
    found = await balances(regulator)
    old, new = found[str(ACCOUNT)], found[str(NEW)]
    assert [old[name] for name in SUMS] == [0, 0, 0, 0, 0]
    assert new["unconsumed_fen"] == before["unconsumed_fen"]
    assert (old["difference_fen"], new["difference_fen"]) == (0, -299_900)
    assert (await world.replayed()).differences == 0

    await what_follows_posts_on_the_new_account(world, regulator)
    assert (await regulator.send("POST", f"{CUSTODY}/reconciliation")).is_success
    closed = await closing(regulator, ACCOUNT)
    assert closed.is_success, closed.text
    assert (await regulator.get(CUSTODY))["step"] == "sole"
    assert (await world.replayed()).differences == 0


async def what_follows_posts_on_the_new_account(world: Any, regulator: Any) -> None:
    """A release on what the former bank had credited, a lesson, a late payment, a refund."""
    for number, amount in (("BF2", 12_495), ("BF3", 12_496)):
        share = {"instruction_no": number, "amount_fen": amount}
        answer = await regulator.send("POST", f"{CONTRACT_AT}/releases", json=share)
        assert answer.status_code == 201, answer.text
        await regulator.get("/contracts")
    beyond = await regulator.send("POST", f"{CONTRACT_AT}/releases", json={"instruction_no": "BF4", "amount_fen": 1})
    assert problem(beyond) == (409, "release-too-high")
    orders = (await regulator.get("/payment-orders"))["items"]
    assert {one["number"]: one["account_id"] for one in orders if one["state"] == "ordered"} == {
        "BF2": str(NEW),
        "BF3": str(NEW),
    }
    lesson = {"lesson_no": "KX1", "held_on": "2026-07-01", "standing": "confirmed"}
    assert (await regulator.send("POST", f"/contracts/{SECOND}/lessons", json=lesson)).is_success
    await regulator.get("/contracts")
    share = {"instruction_no": "BF9", "amount_fen": 12_495}
    refused = await regulator.send("POST", f"/contracts/{SECOND}/releases", json=share)
    assert problem(refused) == (409, "payment-not-credited")
    account, _ = await world.host.log.state(ACCOUNTS, NEW)
    assert (account.ledger.expected["JF2"].amount_fen, account.ledger.came_with) == (299_900, {"JF1": 299_900})
    contract, _ = await world.host.log.state(CONTRACTS, SECOND)
    assert contract.terms.account_id == NEW
    postings = await regulator.get(f"/contracts/{CONTRACT}/postings")
    moved = [one for one in postings["items"] if one["fact"] == "funds.contract-moved.v1"]
    assert {one["account_id"] for one in moved} == {str(ACCOUNT), str(NEW)}
    assert sum(one["amount_fen"] for one in moved) == 0
    same = NEW_CONTRACT | {"contract_id": str(THIRD), "contract_no": "HT-3", **THIRD_PUPIL}
    assert (await regulator.send("POST", "/contracts", json=same)).status_code == 201, "said again as it was signed"


async def test_between_transfer_and_carrying_nobody_is_told_of_a_shortfall(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await paid(regulator)
    await world.credited(800_000)
    await begun(regulator)

    async def fired() -> set[tuple[str, str]]:
        answer = await regulator.send("POST", "/alerts/evaluations", json={"day": "2026-07-01"})
        assert answer.is_success, answer.text
        items = (await regulator.get("/alerts"))["items"]
        return {(one["rule"], one["account_id"]) for one in items if one["rule"] in ("F01", "F02", "F18")}

    async def reported() -> tuple[int, ...]:
        (one,) = (await regulator.get("/reports/custody"))["items"]
        accounts = (await regulator.get("/reports/custody/accounts"))["items"]
        held = {one["account_id"]: one["closing_fen"] for one in accounts}
        assert held == {id: each["closing_fen"] for id, each in (await balances(regulator)).items()}
        return tuple(one[name] for name in ("short", "short_fen", "below_80", "below_100", "owed_fen", "closing_fen"))

    before, figures = await fired(), await reported()
    assert figures[:4] == (0, 0, 0, 0)
    await transferred(world, regulator, 1_099_900)
    assert (await fired(), await reported()) == (before, figures)
    assert (await carried(regulator))["is_done"]
    assert (await fired(), await reported()) == (before, figures)


async def test_a_hold_or_an_open_list_is_not_got_round(world: Any) -> None:
    regulator, approver = world.caller("fund-regulator", "song"), world.caller("approver", "qin")
    await paid(regulator)
    await world.credited(800_000)
    await begun(regulator)
    await transferred(world, regulator, 1_099_900)
    await regulator.send("POST", f"/accounts/{ACCOUNT}/release-hold/proposal", headers=LEGAL)
    await approver.send("POST", f"/accounts/{ACCOUNT}/release-hold", headers=LEGAL)
    assert problem(await regulator.send("POST", CARRY)) == (409, "hold-stays-behind")
    assert (await regulator.get(CARRY))["ready"] == 1
    await regulator.send("POST", f"/accounts/{NEW}/release-hold/proposal", headers=LEGAL)
    await approver.send("POST", f"/accounts/{NEW}/release-hold", headers=LEGAL)
    assert (await carried(regulator))["is_done"]


async def test_a_refund_that_is_agreed_goes_over_and_one_that_is_ordered_waits(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await paid(regulator)
    await world.credited(800_000)
    refund = {"refund_no": "TF1", "amount_fen": 100_000, "reason": "搬家"}
    assert (await regulator.send("POST", f"{CONTRACT_AT}/refunds", json=refund)).status_code == 201
    said = await regulator.send("POST", f"{CONTRACT_AT}/refunds/TF1/answer", json={"answer": "agreed"})
    assert said.is_success, said.text
    await begun(regulator)
    await transferred(world, regulator, 1_099_900)
    order = {"instruction_no": "TK1", "payment_no": "JF1"}
    instructed = await regulator.send("POST", f"{CONTRACT_AT}/refunds/TF1/instruction", json=order)
    assert instructed.is_success, instructed.text
    assert [one["why"] for one in (await carried(regulator))["waits"]] == ["refund-under-way"]
    failed = await regulator.send(
        "POST", f"{CONTRACT_AT}/refunds/TF1/failure", json={"instruction_no": "TK1", "reason": "账户已空"}
    )
    assert failed.is_success, failed.text
    assert (await carried(regulator))["is_done"]
    again = order | {"instruction_no": "TK2"}
    assert (await regulator.send("POST", f"{CONTRACT_AT}/refunds/TF1/instruction", json=again)).is_success
    account, _ = await world.host.log.state(ACCOUNTS, NEW)
    assert account.ledger.expected["TK2"].amount_fen == 100_000
    postings = await regulator.get(f"/contracts/{CONTRACT}/postings")
    payable = {"old": 0, "new": 0}
    for one in postings["items"]:
        if one["book"] == "refund-payable":
            payable["new" if one["account_id"] == str(NEW) else "old"] += one["amount_fen"]
    assert payable == {"old": 0, "new": -100_000}
    assert (await world.replayed()).differences == 0
