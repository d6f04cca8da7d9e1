"""The former bank reverses a payment after a share of its contract was ordered at the new one: none leaves on it."""

from __future__ import annotations

from typing import Any

import pytest

from funds.conftest import NOW
from funds.test_api import ACCOUNT
from funds.test_carrying import begun, carried, transferred
from funds.test_carrying_again import BF1, FREEZE, LIFTED, expected
from funds.test_custodians import NEW, NUMBER, booked
from funds.test_family_side import CONTRACT_AT, paid
from funds.test_payments import PAYEE, states, taught
from funds.test_unbacked import UNTIL
from mingjing_funds.intake.reconciling import reconcile

BANK = {"bank": "武林城市商业银行"}


async def ordered_at_the_new_bank(world: Any) -> Any:
    """Contract, money and a share at the new bank; the payment was credited at the former one."""
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await world.credited(800_000)
    await taught(regulator)
    await begun(regulator)
    await transferred(world, regulator, 1_099_900)
    assert (await carried(regulator))["is_done"]
    approver = world.caller("approver", "qin")
    assert (await approver.send("POST", f"/accounts/{NEW}/settlement-account", json=PAYEE)).is_success
    assert (await regulator.send("POST", f"{CONTRACT_AT}/releases", json=BF1)).status_code == 201
    await regulator.get("/contracts")
    return regulator


async def reversed_at_the_former_bank(world: Any, regulator: Any, is_frozen: bool) -> None:
    await world.credited(0, amount_fen=-299_900, flow="HP-JF1-R", is_reversal=True)
    if is_frozen:
        frozen = await regulator.send("POST", f"/accounts/{ACCOUNT}/freezes", json=FREEZE)
        assert frozen.is_success, frozen.text
    await world.host.runner.wait_for(await world.host.log.head())


async def collected(regulator: Any) -> Any:
    answer = await regulator.send("POST", "/payment-batches", json=BANK)
    assert answer.is_success, answer.text
    await regulator.get("/contracts")
    return answer.json()


@pytest.mark.parametrize("is_frozen", [False, True], ids=["claim-goes-over", "claim-is-refused"])
async def test_a_share_ordered_before_the_reversal_does_not_go_out(world: Any, is_frozen: bool) -> None:
    regulator = await ordered_at_the_new_bank(world)
    await reversed_at_the_former_bank(world, regulator, is_frozen)
    sent = await collected(regulator)
    assert (sent["batch_id"], sent["left_out"]) == (None, {"BF1": "payment-not-credited"})
    assert await expected(world) == {"BF1"} | (set() if is_frozen else {"JF1"})
    assert await expected(world, ACCOUNT) == ({"JF1"} if is_frozen else set())
    if is_frozen:
        assert (await regulator.send("POST", f"/accounts/{ACCOUNT}/freezes/lifting", json=LIFTED)).is_success
        assert (await collected(regulator))["batch_id"] is None
    assert await expected(world) == {"BF1", "JF1"}
    await booked(world, NEW, NUMBER, "WL-JF1", 299_900, 1_399_800, NOW, "JF1")
    assert (await collected(regulator))["batch_id"] is not None
    assert (await world.replayed()).differences == 0


@pytest.mark.parametrize("is_frozen", [False, True], ids=["claim-goes-over", "claim-is-refused"])
async def test_a_share_that_is_with_the_bank_is_recalled_once(world: Any, is_frozen: bool) -> None:
    regulator = await ordered_at_the_new_bank(world)
    assert (await collected(regulator))["batch_id"] is not None
    await reversed_at_the_former_bank(world, regulator, is_frozen)
    for _again in range(2):
        assert (await collected(regulator))["batch_id"] is None
        assert await states(regulator) == {"BF1": "stopped"}
    (order,) = (await regulator.get("/payment-orders"))["items"]
    assert order["recall"] == "asked"
    assert (await world.replayed()).differences == 0


@pytest.mark.parametrize("is_frozen", [False, True], ids=["claim-goes-over", "claim-is-refused"])
async def test_a_share_that_the_new_bank_has_paid_is_a_break_of_its_account(world: Any, is_frozen: bool) -> None:
    regulator = await ordered_at_the_new_bank(world)
    assert (await collected(regulator))["batch_id"] is not None
    await booked(world, NEW, NUMBER, "WL-BF1", -12_495, 1_087_405, NOW, "BF1")
    await reversed_at_the_former_bank(world, regulator, is_frozen)
    await reconcile(world.host, UNTIL)
    regulator.position = str(await world.host.log.head())
    items = (await regulator.get("/breaks"))["items"]
    found = [
        (one["account_id"], one["number"], one["amount_fen"], one["kind"]) for one in items if one["number"] == "BF1"
    ]
    assert found == [(str(NEW), "BF1", -12_495, "release-without-its-payment")]
