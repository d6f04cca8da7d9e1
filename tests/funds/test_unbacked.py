"""A payment is reversed after its release went to the bank: it is recalled, or what was paid out is owed again."""

from __future__ import annotations

from datetime import date
from typing import Any

from funds.conftest import NOW
from funds.test_api import ACCOUNT
from funds.test_contract_releases import RELEASES, SHARE
from funds.test_custodians import OLD_NUMBER, booked
from funds.test_family_side import paid
from funds.test_payments import PAYEE, batch, states, taught
from mingjing_funds.intake.reconciling import reconcile
from mingjing_funds.intake.unbacked import recall_unbacked

UNTIL = date(2026, 7, 1)


async def sent(world: Any) -> tuple[Any, str]:
    """A release on its way at the bank."""
    regulator, approver = world.caller("fund-regulator", "song"), world.caller("approver", "qin")
    await paid(regulator, opening_fen=900_000)
    await taught(regulator)
    await world.credited(900_000)
    assert (await approver.send("POST", f"/accounts/{ACCOUNT}/settlement-account", json=PAYEE)).is_success
    assert (await regulator.send("POST", RELEASES, json=SHARE)).status_code == 201
    await regulator.get("/contracts")
    return regulator, (await batch(regulator))["batch_id"]


async def breaks(world: Any, regulator: Any) -> list[tuple[str, int, str]]:
    await world.host.runner.wait_for(await world.host.log.head())
    items = (await regulator.get("/breaks"))["items"]
    return [(one["number"], one["amount_fen"], one["state"]) for one in items if one["kind"] == KIND]


KIND = "release-without-its-payment"


async def test_what_the_bank_has_not_carried_out_is_recalled_once(world: Any) -> None:
    regulator, batch_id = await sent(world)
    assert await recall_unbacked(world.host) == 0
    await world.credited(1_199_900, amount_fen=-299_900, flow="HP-JF1-R", is_reversal=True)
    assert (await batch(regulator))["batch_id"] is None
    await regulator.get("/contracts")
    assert await states(regulator) == {"BF1": "stopped"}
    (order,) = (await regulator.get("/payment-orders"))["items"]
    assert order["recall"] == "asked"
    before = await world.host.log.head()
    assert await recall_unbacked(world.host) == 0
    await reconcile(world.host, UNTIL)
    assert await breaks(world, regulator) == []
    assert await recall_unbacked(world.host) == 0
    asked = [fact for fact in await world.host.log.read(before, 500) if fact.noun == "payment-batch"]
    assert asked == []
    file = await regulator.read(f"/payment-batches/{batch_id}/recall")
    assert "缴费已冲正" in file.text
    assert (await world.replayed()).differences == 0


async def test_what_the_bank_has_paid_out_is_a_break_until_the_payment_comes_again(world: Any) -> None:
    regulator, _ = await sent(world)
    await booked(world, ACCOUNT, OLD_NUMBER, "HP-BF1", -12_495, 1_187_405, NOW, "BF1")
    await world.credited(1_187_405, amount_fen=-299_900, flow="HP-JF1-R", is_reversal=True)
    for _again in range(2):
        await reconcile(world.host, UNTIL)
    assert await breaks(world, regulator) == [("BF1", -12_495, "open")]
    assert await recall_unbacked(world.host) == 0
    await world.credited(887_505, flow="HP-JF1-2")
    await reconcile(world.host, date(2026, 7, 2))
    assert [state for _, _, state in await breaks(world, regulator)] == ["righted"]
    assert (await world.replayed()).differences == 0
