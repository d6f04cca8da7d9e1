"""From an order to the bank's answer over HTTP: who says where money goes, one batch, its file, holds and refusals."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from funds.conftest import NOW
from funds.test_api import ACCOUNT, problem
from funds.test_family_side import CONTRACT_AT, paid
from mingjing_funds.bank.status_written import Status, status_report
from mingjing_kernel.identifiers import new_id

PAYEE = {"payee_name": "木铎轩", "payee_account": "6222000000000001", "document_no": "协议附件1"}
LEGAL = {"Mingjing-Reason": "check", "Mingjing-Legal-Basis": "agreement-8"}
BANK = {"bank": "湖畔商业银行"}


async def taught(regulator: Any) -> None:
    """Two confirmed lessons."""
    for number in (1, 2):
        lesson = {"lesson_no": f"KX{number}", "held_on": "2026-07-01", "standing": "confirmed"}
        assert (await regulator.send("POST", f"{CONTRACT_AT}/lessons", json=lesson)).is_success
        await regulator.get("/contracts")


async def ordered(regulator: Any, number: str, amount_fen: int) -> None:
    body = {"instruction_no": number, "amount_fen": amount_fen}
    answer = await regulator.send("POST", f"{CONTRACT_AT}/releases", json=body)
    assert answer.status_code == 201, answer.text


async def batch(regulator: Any, key: UUID | None = None) -> Any:
    answer = await regulator.send("POST", "/payment-batches", key, json=BANK)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def reported(regulator: Any, batch_id: str, *statuses: Status) -> Any:
    content = status_report("R", UUID(batch_id).hex, statuses, NOW)
    raw = {"Content-Type": "application/octet-stream"}
    answer = await regulator.send("POST", "/status-reports", content=content, headers=raw)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def states(regulator: Any) -> dict[str, str]:
    return {each["number"]: each["state"] for each in (await regulator.get("/payment-orders"))["items"]}


async def test_an_order_leaves_once_and_a_hold_wins(world: Any) -> None:
    regulator, approver = world.caller("fund-regulator", "song"), world.caller("approver", "qian")
    await paid(regulator, opening_fen=900_000)
    await world.credited(900_000)
    await taught(regulator)
    await ordered(regulator, "ZL1", 12_495)
    behind = await batch(regulator)
    assert (behind["batch_id"], behind["left_out"]) == (None, {"ZL1": "payee-unknown"})
    path = f"/accounts/{ACCOUNT}/settlement-account"
    assert problem(await regulator.send("POST", path, json=PAYEE))[0] == 403
    assert (await approver.send("POST", path, json=PAYEE)).status_code == 200

    sent = await batch(regulator)
    assert (sent["items"], sent["amount_fen"], sent["execute_on"]) == (1, 12_495, "2026-07-02")
    assert (await batch(regulator))["batch_id"] is None
    file = f"/payment-batches/{sent['batch_id']}/file"
    message = await regulator.read(file)
    assert message.content == (await regulator.read(file)).content
    assert b"<EndToEndId>ZL1</EndToEndId>" in message.content
    assert "ZL1" in (await regulator.read(file, format="csv")).text
    elsewhere = world.caller("fund-regulator", region="330108")
    assert (await elsewhere.read(file)).status_code == 404

    taken = await reported(regulator, sent["batch_id"], Status("ZL1", "ACTC", NOW))
    assert (taken["news"], taken["contradicted"]) == (1, [])
    assert (await reported(regulator, sent["batch_id"], Status("ZL1", "ACTC", NOW)))["news"] == 0
    assert await states(regulator) == {"ZL1": "accepted"}

    await ordered(regulator, "ZL2", 10_000)
    assert (await regulator.send("POST", f"/accounts/{ACCOUNT}/release-hold/proposal", headers=LEGAL)).is_success
    approver.position = regulator.position
    assert (await approver.send("POST", f"/accounts/{ACCOUNT}/release-hold", headers=LEGAL)).is_success
    await world.host.runner.wait_for(await world.host.log.head())
    assert await states(regulator) == {"ZL1": "stopped", "ZL2": "ordered"}
    assert (await batch(regulator))["left_out"] == {"ZL2": "release-hold"}
    late = NOW + timedelta(hours=1)
    await reported(regulator, sent["batch_id"], Status("ZL1", "RJCT", late, reason_code="CUST", reason="已撤销"))
    await world.host.runner.wait_for(await world.host.log.head())
    assert await states(regulator) == {"ZL1": "refused", "ZL2": "ordered"}
    said = await reported(regulator, sent["batch_id"], Status("ZL1", "ACSC", late, flow="HP1"))
    assert said["contradicted"] == ["ZL1"]
    assert (await world.replayed()).differences == 0


async def test_a_freeze_counts_what_is_free_once_over_all_running_batches(world: Any) -> None:
    """¥90 are free, and two batches of ¥60 each are under way: the second is stopped."""
    regulator, approver = world.caller("fund-regulator", "song"), world.caller("approver", "qian")
    await paid(regulator, opening_fen=900_000)
    await world.credited(900_000)
    await taught(regulator)
    assert (await approver.send("POST", f"/accounts/{ACCOUNT}/settlement-account", json=PAYEE)).is_success
    for number in ("ZL1", "ZL2"):
        await ordered(regulator, number, 6_000)
        assert (await batch(regulator))["items"] == 1
    order = {"order_no": "执1", "authority": "法院", "legal_basis": "民事诉讼法", "amount_fen": 1_190_900,
             "frozen_on": "2026-07-01"}  # fmt: skip
    answer = await regulator.send("POST", f"/accounts/{ACCOUNT}/freezes", json=order)
    assert answer.status_code == 201, answer.text
    await world.host.runner.wait_for(await world.host.log.head())
    assert await states(regulator) == {"ZL1": "sent", "ZL2": "stopped"}


async def test_whoever_lost_the_answer_asks_again_and_is_told_of_the_same_batch(world: Any) -> None:
    regulator, approver = world.caller("fund-regulator", "song"), world.caller("approver", "qian")
    await paid(regulator, opening_fen=900_000)
    await world.credited(900_000)
    await taught(regulator)
    assert (await approver.send("POST", f"/accounts/{ACCOUNT}/settlement-account", json=PAYEE)).is_success
    await ordered(regulator, "ZL1", 6_000)
    key = new_id()
    sent = await batch(regulator, key)
    assert sent["items"] == 1
    assert await batch(regulator, key) == sent
    other = await regulator.send("POST", "/payment-batches", key, json={"bank": "浙澜农村商业银行"})
    assert problem(other) == (409, "command-id-reused")


async def test_each_region_closes_at_the_hour_that_is_in_force_there(world: Any) -> None:
    """It is ten in the morning; this county closes at nine, and what was ordered since waits for tomorrow."""
    regulator, approver = world.caller("fund-regulator", "song"), world.caller("approver", "qin")
    await paid(regulator, opening_fen=900_000)
    await world.credited(900_000)
    await taught(regulator)
    assert (await approver.send("POST", f"/accounts/{ACCOUNT}/settlement-account", json=PAYEE)).is_success
    await ordered(regulator, "BF1", 12_495)
    for region, hour in (("330106", 9), ("330106", 16)):
        proposer, path = world.caller("administrator", "zhao"), f"/policies/bank-payments/versions/{new_id()}"
        body = {
            "numbers": {"cut-off": hour}, "region": region, "effective_on": str(NOW.date()),
            "legal_basis": "托管协议", "reason": "银行要求",
        }  # fmt: skip
        assert (await proposer.send("PUT", path, json=body)).is_success
        approver.position = proposer.position
        assert (await approver.send("POST", f"{path}/approval", headers=LEGAL)).is_success
        await regulator.get("/contracts")
        left = await batch(regulator)
        assert (left["items"], left["left_out"]) == ((0, {"BF1": "after-cut-off"}) if hour == 9 else (1, {}))
