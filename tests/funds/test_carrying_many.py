"""More contracts go over with a change of bank than one request takes, and what they paid was in an opening balance."""

from __future__ import annotations

import asyncio
from typing import Any

from funds.conftest import NOW
from funds.test_api import ACCOUNT, NEW_CONTRACT, opened, problem
from funds.test_carrying import CARRY, balances, begun, carried, totals, transferred
from funds.test_custodians import CUSTODY, NEW, closing
from mingjing_funds.intake.bank_carrying import CARRIED_MAX
from mingjing_funds.intake.reconciling import reconcile

PRICE_FEN = 10_000
MANY = CARRIED_MAX + 1


def contract(row: int) -> dict[str, Any]:
    body = {key: value for key, value in NEW_CONTRACT.items() if key != "contract_id"}
    pupil = {"pupil": {"name": f"学员{chr(0x4E00 + row)}"}, "guardian": {"name": "家长", "phone": f"199{row:08d}"}}
    return body | pupil | {"contract_no": f"HT-{row:04d}", "price_fen": PRICE_FEN}


def payment(row: int, day: str) -> dict[str, Any]:
    paid_at = f"{day}T09:00:00+08:00"
    return {"contract_no": f"HT-{row:04d}", "payment_no": f"JF-{row:04d}", "amount_fen": PRICE_FEN} | {
        "paid_at": paid_at,
        "method": "微信",
    }


async def test_two_requests_take_what_the_opening_balance_held_and_nobody_waits_for_it_again(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator, opening_fen=MANY * PRICE_FEN)
    opening_on = (await regulator.get(f"/accounts/{ACCOUNT}"))["opening_on"]
    signed = await regulator.send(
        "POST", "/contract-batches", json={"contracts": [contract(row) for row in range(MANY)]}
    )
    assert signed.json()["accepted"] == MANY, signed.text
    await regulator.get("/contracts")
    receipts = {"payments": [payment(row, opening_on) for row in range(MANY)]}
    paid = await regulator.send("POST", "/receipt-batches", json=receipts)
    assert paid.json()["accepted"] == MANY, paid.text
    await regulator.get("/contracts")
    before = await totals(regulator)
    assert (before["unconsumed_fen"], before["difference_fen"]) == (MANY * PRICE_FEN, 0)
    await begun(regulator)
    await transferred(world, regulator, MANY * PRICE_FEN)

    other = world.caller("fund-regulator", "wang")
    other.position = regulator.position
    both = await asyncio.gather(*(who.send("POST", CARRY) for who in (regulator, other)))
    went = [one.json()["contracts"] for one in both if one.is_success]
    assert all(one.is_success or problem(one) == (409, "carried-meanwhile") for one in both), both
    regulator.position = max(regulator.position, other.position)
    while not (last := await carried(regulator))["is_done"]:
        went.append(last["contracts"])
    assert sum(went) + last["contracts"] == MANY
    assert max(went) == CARRIED_MAX

    assert await totals(regulator) == before
    found = await balances(regulator)
    old, new = found[str(ACCOUNT)], found[str(NEW)]
    assert (old["unconsumed_fen"], old["difference_fen"], new["difference_fen"]) == (0, 0, 0)
    assert (new["in_transit_fen"], new["uncredited_fen"]) == (0, 0)
    await reconcile(world.host, NOW.date())
    await regulator.get("/contracts")
    assert (await regulator.get("/breaks"))["items"] == []
    assert (await regulator.send("POST", f"{CUSTODY}/reconciliation")).is_success
    assert (await closing(regulator, ACCOUNT)).is_success
    assert (await world.replayed()).differences == 0
