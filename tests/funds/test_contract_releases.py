"""A share of a contract goes to the institution: what lessons have earned, once, and back again if the bank refuses."""

from __future__ import annotations

from typing import Any

from funds.test_api import ACCOUNT, problem
from funds.test_available_actions import LEGAL, actions
from funds.test_family_side import CONTRACT_AT, order, paid

RELEASES = f"{CONTRACT_AT}/releases"
SHARE = {"instruction_no": "BF1", "amount_fen": 12_495}


async def taught(regulator: Any) -> None:
    """Two confirmed lessons."""
    for number in (1, 2):
        lesson = {"lesson_no": f"KX{number}", "held_on": "2026-07-01", "standing": "confirmed"}
        assert (await regulator.send("POST", f"{CONTRACT_AT}/lessons", json=lesson)).is_success
        await regulator.get("/contracts")


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
