"""A share of a contract goes to the institution: what lessons have earned, once, and back again if the bank refuses."""

from __future__ import annotations

from typing import Any

import pytest

from funds.conftest import NOW
from funds.test_api import ACCOUNT, problem
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


async def test_a_hold_or_a_dispute_leaves_neither_share_nor_instruction(world: Any) -> None:
    regulator, approver = world.caller("fund-regulator", "song"), world.caller("approver", "qin")
    await paid(regulator)
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
