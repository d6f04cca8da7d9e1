"""One number at two accounts of a bank, in regions that close at other hours: each is held to its own."""

from __future__ import annotations

from typing import Any

from funds.conftest import NOW
from funds.test_custodians import booked
from funds.test_payments import LEGAL, PAYEE, batch
from funds.test_scope import MINE, NUMBERS, THEIRS, account
from mingjing_funds.codec import ACCOUNTS
from mingjing_funds.domain.account import Direction, ExpectMoney
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope, Outcome


async def test_the_same_number_is_late_where_its_region_has_closed_and_leaves_where_not(world: Any) -> None:
    """It is ten in the morning, and one of the two regions closes at nine."""
    regulator, approver = (world.caller(role, role, region="33") for role in ("fund-regulator", "approver"))
    proposer, path = world.caller("administrator", "zhao", region="33"), f"/policies/bank-payments/versions/{new_id()}"
    body = {
        "numbers": {"cut-off": 9}, "region": THEIRS, "effective_on": str(NOW.date()),
        "legal_basis": "托管协议", "reason": "银行要求",
    }  # fmt: skip
    assert (await proposer.send("PUT", path, json=body)).is_success
    approver.position = proposer.position
    assert (await approver.send("POST", f"{path}/approval", headers=LEGAL)).is_success
    accounts = [await account(regulator, region) for region in (MINE, THEIRS)]
    for id, region in zip(accounts, (MINE, THEIRS), strict=True):
        await booked(world, id, NUMBERS[region], f"HP-{region}", 1_000, 801_000, NOW)
        payee = await approver.send("POST", f"/accounts/{id}/settlement-account", json=PAYEE)
        assert payee.is_success, payee.text
        expect = ExpectMoney(
            direction=Direction.RELEASE, number="BF1", amount_fen=500, due_on=NOW.date(), earned_fen=500, ordered_at=NOW
        )
        written = Envelope(command_id=new_id(), actor="song")
        assert isinstance(await world.host.log.handle(ACCOUNTS, id, expect, written), Outcome)
    regulator.position = str(await world.host.log.head())
    sent = await batch(regulator)
    assert (sent["items"], sent["left_out"]) == (1, {"BF1": "after-cut-off"})
    orders = (await regulator.get("/payment-orders"))["items"]
    assert {one["account_id"]: one["state"] for one in orders} == {
        str(accounts[0]): "sent",
        str(accounts[1]): "ordered",
    }
