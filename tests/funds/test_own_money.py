"""The institution's own minimum moves with the balance: what lessons have earned is not kept back in its place."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from funds.conftest import NOW
from funds.test_api import ACCOUNT, INSTITUTION, NAME
from funds.test_carrying import SUMS, balances, carried, totals, transferred
from funds.test_custodians import CHANGE, CUSTODY, NEW, NUMBER, OLD_NUMBER, booked
from funds.test_family_side import CONTRACT_AT, paid
from funds.test_payments import taught

EARNED = 24_991


async def changed(regulator: Any, minimum_fen: int) -> None:
    """Another account with a minimum of its own, opened empty by a change of bank."""
    account = {"account_id": str(NEW), "institution_id": str(INSTITUTION), "institution_name": NAME}
    account |= {"bank": "武林城市商业银行", "account_name": "托管专户", "department": "education", "region": "330106"}
    assert (await regulator.send("POST", "/accounts", json=account)).is_success
    await regulator.get("/accounts")
    agreement = {"agreement_no": "A2", "minimum_fen": minimum_fen, "signed_on": "2026-06-19"}
    assert (await regulator.send("POST", f"/accounts/{NEW}/agreement", json=agreement)).is_success
    await regulator.get("/accounts")
    assert (await regulator.send("POST", f"{CUSTODY}/change", json=CHANGE)).status_code == 201
    await regulator.get(CUSTODY)


def _of(found: dict[str, Any], id: UUID) -> dict[str, Any]:
    one: dict[str, Any] = found[str(id)]
    return one


@pytest.mark.parametrize(
    ("minimum_fen", "withheld_fen"),
    [(0, 0), (500_000, 0), (800_000, 0), (810_000, 10_000)],
)
async def test_what_was_earned_is_released_at_the_new_bank(world: Any, minimum_fen: int, withheld_fen: int) -> None:
    regulator = world.caller("fund-regulator")
    await paid(regulator)
    await world.credited(800_000)
    await taught(regulator)
    before = await totals(regulator)
    assert before["confirmed_unreleased_fen"] == EARNED
    await changed(regulator, minimum_fen)
    await transferred(world, regulator, 1_099_900)
    last = await carried(regulator)
    assert (last["contracts"], last["is_done"], last["releasable_fen"]) == (1, True, EARNED)
    after, found = await totals(regulator), await balances(regulator)
    assert {name: after[name] for name in SUMS} == {
        **{name: before[name] for name in SUMS},
        "confirmed_unreleased_fen": EARNED - withheld_fen,
    }
    assert _of(found, NEW)["confirmed_unreleased_fen"] == EARNED - withheld_fen
    assert _of(found, ACCOUNT)["confirmed_unreleased_fen"] == 0
    for number, amount_fen in (("BF1", 12_495), ("BF2", EARNED - withheld_fen - 12_495)):
        share = {"instruction_no": number, "amount_fen": amount_fen}
        answer = await regulator.send("POST", f"{CONTRACT_AT}/releases", json=share)
        assert answer.status_code == 201, answer.text
        await regulator.get("/contracts")
    assert (await world.replayed()).differences == 0


async def test_what_comes_late_takes_no_own_money_a_second_time(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await paid(regulator)
    await world.credited(800_000)
    await taught(regulator)
    await changed(regulator, 800_000)
    await booked(world, ACCOUNT, OLD_NUMBER, "HP8", -100, 1_099_800, NOW)
    await booked(world, NEW, NUMBER, "WL8", 100, 100, NOW)
    first = {"amount_fen": 100, "flow_out": "HP8", "flow_in": "WL8"}
    assert (await regulator.send("POST", f"{CUSTODY}/transfer", json=first)).is_success
    await booked(world, ACCOUNT, OLD_NUMBER, "HP9", -1_099_800, 0, NOW)
    await booked(world, NEW, NUMBER, "WL9", 1_099_800, 1_099_900, NOW)
    rest = {"amount_fen": 1_099_800, "flow_out": "HP9", "flow_in": "WL9"}
    assert (await regulator.send("POST", f"{CUSTODY}/transfer", json=rest)).is_success
    assert (await carried(regulator))["is_done"]
    assert _of(await balances(regulator), NEW)["confirmed_unreleased_fen"] == EARNED
    beyond = {"instruction_no": "BF1", "amount_fen": EARNED}
    assert (await regulator.send("POST", f"{CONTRACT_AT}/releases", json=beyond)).status_code == 201
    assert (await world.replayed()).differences == 0
