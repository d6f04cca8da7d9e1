"""A share of a contract goes to the institution: what lessons have earned, once, and back again if the bank refuses."""

from __future__ import annotations

from typing import Any

import pytest

from funds.conftest import NOW
from funds.test_api import ACCOUNT, NEW_CONTRACT, problem
from funds.test_available_actions import LEGAL, actions
from funds.test_family_side import CONTRACT_AT, order, paid
from funds.test_payments import BANK, PAYEE, batch, reported, taught
from mingjing_funds.bank.status_written import Status
from mingjing_funds.intake import paying

RELEASES = f"{CONTRACT_AT}/releases"
SHARE = {"instruction_no": "BF1", "amount_fen": 12_495}


async def waiting(regulator: Any) -> list[tuple[str, str]]:
    """The orders on the account, with how far each has come."""
    return [(row["number"], row["state"]) for row in (await regulator.get("/payment-orders"))["items"]]


async def test_no_share_beyond_what_lessons_have_earned_and_each_number_once(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await world.credited(800_000)
    assert problem(await regulator.send("POST", RELEASES, json=SHARE)) == (409, "release-too-high")
    await taught(regulator)
    assert (await order(regulator))["releasable_fen"] == 24_991
    assert (await actions(regulator, CONTRACT_AT))["release-share"]["available"] is True
    assert (await regulator.send("POST", RELEASES, json=SHARE)).status_code == 201
    assert (await order(regulator))["released_fen"] == 12_495
    assert await waiting(regulator) == [("BF1", "ordered")]
    again = await regulator.send("POST", RELEASES, json=SHARE)
    assert (again.status_code, await waiting(regulator)) == (201, [("BF1", "ordered")])
    assert problem(await regulator.send("POST", RELEASES, json=SHARE | {"amount_fen": 1})) == (409, "instruction-used")
    rest = {"instruction_no": "BF2", "amount_fen": 12_497}
    assert problem(await regulator.send("POST", RELEASES, json=rest)) == (409, "release-too-high")
    assert (await regulator.send("POST", RELEASES, json=rest | {"amount_fen": 12_496})).status_code == 201
    assert (await order(regulator))["releasable_fen"] == 0


async def test_no_share_goes_before_the_bank_has_credited_the_contracts_own_payment(world: Any) -> None:
    """The account is rich of other families' money; of this one's not a fen has come, then half, then all."""
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator, opening_fen=900_000)
    await taught(regulator)
    refused = await regulator.send("POST", RELEASES, json=SHARE)
    assert problem(refused) == (409, "payment-not-credited")
    assert ("JF1" in refused.json()["detail"], "同步同比例" in refused.json()["rule"]) == (True, True)
    assert ((await order(regulator))["released_fen"], await waiting(regulator)) == (0, [])
    await world.credited(900_000, amount_fen=12_495)
    assert (await regulator.send("POST", RELEASES, json=SHARE)).status_code == 201
    rest = {"instruction_no": "BF2", "amount_fen": 12_496}
    assert problem(await regulator.send("POST", RELEASES, json=rest)) == (409, "payment-not-credited")
    assert (await world.replayed()).differences == 0


async def test_a_share_whose_payment_was_reversed_meanwhile_stays_here_and_holds_up_nothing_else(world: Any) -> None:
    regulator, approver = world.caller("fund-regulator", "song"), world.caller("approver", "qin")
    await paid(regulator, opening_fen=900_000)
    await taught(regulator)
    await world.credited(900_000)
    assert (await approver.send("POST", f"/accounts/{ACCOUNT}/settlement-account", json=PAYEE)).is_success
    assert (await regulator.send("POST", RELEASES, json=SHARE)).status_code == 201
    await world.credited(1_199_900, amount_fen=-299_900, flow="HP-JF1-R", is_reversal=True)
    left = await batch(regulator)
    assert (left["batch_id"], left["left_out"]) == (None, {"BF1": "payment-not-credited"})
    await world.credited(900_000, flow="HP-JF1-2")
    assert (await batch(regulator))["items"] == 1
    assert (await world.replayed()).differences == 0


async def test_hybrid_goes_by_what_the_account_holds_beyond_all_that_it_owes(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator, opening_fen=2_000_000)
    clauses = {"model_text": "GF-2021-2604", "release_kind": "hybrid"}
    agreed = await regulator.send("POST", f"{CONTRACT_AT}/clauses", json=clauses)
    assert agreed.is_success, agreed.text
    await taught(regulator)
    assert (await regulator.send("POST", RELEASES, json=SHARE)).status_code == 201, "no single payment is asked for"


async def test_what_was_transferred_stands_on_the_payment_from_which_it_came(world: Any) -> None:
    regulator, other = world.caller("fund-regulator", "song"), "00000000-0000-0000-0000-000000000021"
    await paid(regulator, opening_fen=900_000)
    pupil = {"pupil": {"name": "白一诺"}, "guardian": {"name": "白航", "phone": "19900000687"}}
    change = {"contract_id": other, "contract_no": "HT-2", "lessons": 20, **pupil}
    signed = await regulator.send("POST", "/contracts", json=NEW_CONTRACT | change)
    assert signed.status_code == 201, signed.text
    await regulator.get("/contracts")
    body = {"to_contract_id": other, "kind": "course", "reason": "换课", "amount_fen": 299_900}
    moved = await regulator.send("POST", f"{CONTRACT_AT}/transfer", json=body)
    assert moved.is_success, moved.text
    lesson = {"lesson_no": "KX1", "held_on": "2026-07-01", "standing": "confirmed"}
    assert (await regulator.send("POST", f"/contracts/{other}/lessons", json=lesson)).is_success
    await regulator.get("/contracts")
    share = {"instruction_no": "BF9", "amount_fen": 14_995}
    refused = await regulator.send("POST", f"/contracts/{other}/releases", json=share)
    assert problem(refused) == (409, "payment-not-credited")
    await world.credited(900_000)
    answer = await regulator.send("POST", f"/contracts/{other}/releases", json=share)
    assert answer.status_code == 201, answer.text


async def test_a_hold_or_a_dispute_leaves_neither_share_nor_instruction(world: Any) -> None:
    regulator, approver = world.caller("fund-regulator", "song"), world.caller("approver", "qin")
    await paid(regulator)
    await world.credited(800_000)
    await taught(regulator)
    await regulator.send("POST", f"/accounts/{ACCOUNT}/release-hold/proposal", headers=LEGAL)
    await approver.send("POST", f"/accounts/{ACCOUNT}/release-hold", headers=LEGAL)
    assert problem(await regulator.send("POST", RELEASES, json=SHARE)) == (409, "releases-held")
    assert ((await order(regulator))["released_fen"], await waiting(regulator)) == (0, [])
    await approver.send("POST", f"/accounts/{ACCOUNT}/release-hold/lifting", headers=LEGAL)
    await regulator.send("POST", f"{CONTRACT_AT}/freezes", json={"reference": "TS1"})
    assert problem(await regulator.send("POST", RELEASES, json=SHARE)) == (409, "order-frozen")


async def test_what_the_bank_did_not_carry_out_is_taken_back_and_what_is_on_its_way_is_not(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await world.credited(800_000)
    await taught(regulator)
    back, why = f"{RELEASES}/BF1/taking-back", {"reason": "收款账号有误"}
    assert problem(await regulator.send("POST", back, json=why)) == (404, "instruction-unknown")
    assert (await regulator.send("POST", RELEASES, json=SHARE)).status_code == 201
    assert (await regulator.send("POST", back, json=why)).status_code == 200
    assert ((await order(regulator))["released_fen"], await waiting(regulator)) == (0, [("BF1", "withdrawn")])
    assert (await regulator.send("POST", back, json=why)).status_code == 200, "said twice, it is said once"
    assert problem(await regulator.send("POST", RELEASES, json=SHARE)) == (409, "instruction-used")
    assert (await world.replayed()).differences == 0


BACK, WHY = f"{RELEASES}/BF1/taking-back", {"reason": "收款账号有误"}


async def sent(world: Any, regulator: Any) -> str:
    """A share is with the bank; the batch in which it went."""
    approver = world.caller("approver", "qin")
    await paid(regulator, opening_fen=900_000)
    await world.credited(900_000)
    await taught(regulator)
    named = await approver.send("POST", f"/accounts/{ACCOUNT}/settlement-account", json=PAYEE)
    assert named.status_code == 200, named.text
    assert (await regulator.send("POST", RELEASES, json=SHARE)).status_code == 201
    return str((await batch(regulator))["batch_id"])


async def test_what_the_bank_has_or_has_carried_out_is_not_taken_back_and_so_not_paid_twice(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    batch_id = await sent(world, regulator)
    for code, state in (("ACTC", "accepted"), ("ACSC", "executed")):
        await reported(regulator, batch_id, Status("BF1", code, NOW, flow="HP1"))
        await world.host.runner.wait_for(await world.host.log.head())
        assert await waiting(regulator) == [("BF1", state)]
        answer = await regulator.send("POST", BACK, json=WHY | {"recall_no": "函1"})
        assert problem(answer) == (409, "instruction-under-way")
    assert (await order(regulator))["released_fen"] == 12_495
    second = {"instruction_no": "BF2", "amount_fen": 12_497}
    assert problem(await regulator.send("POST", RELEASES, json=second)) == (409, "release-too-high")


async def test_what_a_hold_stopped_is_not_handed_over_and_comes_back_by_the_banks_confirmation(world: Any) -> None:
    regulator, approver = world.caller("fund-regulator", "song"), world.caller("approver", "qin")
    batch_id = await sent(world, regulator)
    file = f"/payment-batches/{batch_id}/file"
    assert b"BF1" in (await regulator.read(file)).content
    await regulator.send("POST", f"/accounts/{ACCOUNT}/release-hold/proposal", headers=LEGAL)
    approver.position = regulator.position
    assert (await approver.send("POST", f"/accounts/{ACCOUNT}/release-hold", headers=LEGAL)).is_success
    await world.host.runner.wait_for(await world.host.log.head())
    assert await waiting(regulator) == [("BF1", "stopped")]
    assert problem(await regulator.read(file)) == (409, "all-stopped")
    assert problem(await regulator.send("POST", BACK, json=WHY)) == (409, "instruction-under-way")
    assert (await regulator.send("POST", BACK, json=WHY | {"recall_no": "湖银函2026-7"})).status_code == 200
    assert ((await order(regulator))["released_fen"], await waiting(regulator)) == (0, [("BF1", "withdrawn")])
    assert (await world.replayed()).differences == 0


async def test_what_the_bank_refused_is_taken_back(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    batch_id = await sent(world, regulator)
    await reported(regulator, batch_id, Status("BF1", "RJCT", NOW, reason_code="AC04"))
    assert (await regulator.send("POST", BACK, json=WHY)).status_code == 200
    assert (await order(regulator))["released_fen"] == 0


async def test_what_is_taken_back_while_a_batch_is_collected_does_not_go_out(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    regulator = world.caller("fund-regulator", "song")
    await sent(world, regulator)
    assert (await regulator.send("POST", RELEASES, json={"instruction_no": "BF2", "amount_fen": 100})).is_success
    purses, back = paying._purses, f"{RELEASES}/BF2/taking-back"

    async def meanwhile(*asked: Any) -> Any:
        found = await purses(*asked)
        monkeypatch.setattr(paying, "_purses", purses)
        assert (await regulator.send("POST", back, json=WHY)).status_code == 200
        return found

    monkeypatch.setattr(paying, "_purses", meanwhile)
    answer = await regulator.send("POST", "/payment-batches", json=BANK)
    assert (answer.status_code, answer.json()["batch_id"]) == (201, None), answer.text
    assert await waiting(regulator) == [("BF1", "sent"), ("BF2", "withdrawn")]
