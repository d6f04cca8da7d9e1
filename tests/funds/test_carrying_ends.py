"""How a change of bank ends: nothing is signed onto the account that it empties, and nothing stays on it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from funds.conftest import NOW
from funds.test_api import ACCOUNT, INSTITUTION, NEW_CONTRACT, problem
from funds.test_carrying import OTHER_PUPIL, SECOND, balances, begun, carried, signed, transferred
from funds.test_carrying_again import FREEZE, LIFTED, expected, paid_out
from funds.test_contract_batches import AT, institution, record, why
from funds.test_custodians import CUSTODY, NEW, NUMBER, OLD_NUMBER, booked, closing
from funds.test_family_side import CONTRACT_AT, paid
from mingjing_funds.codec import CONTRACTS
from mingjing_funds.domain.contract import RecordContract
from mingjing_funds.intake.bank_claims import carry_claims
from mingjing_funds.policy import charging_limits
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope, Outcome


async def test_nothing_new_is_signed_on_an_account_that_is_emptied(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await world.credited(800_000)
    await begun(regulator)
    other = NEW_CONTRACT | {"contract_id": str(SECOND), "contract_no": "HT-2", **OTHER_PUPIL}
    refused = await regulator.send("POST", "/contracts", json=other)
    assert problem(refused) == (409, "bank-changing")
    assert NUMBER in refused.json()["detail"]
    assert (await regulator.send("POST", "/contracts", json=NEW_CONTRACT)).status_code == 201, "said again"
    batch = [record(7), record(8, account_id=str(NEW))]
    answer = (await institution(world, INSTITUTION).send("POST", AT, json={"contracts": batch})).json()
    assert why(answer) == [(0, "refused", "bank-changing")]
    assert answer["accepted"] == 1
    regulator.position = str(await world.host.log.head())
    await signed(regulator, SECOND, "HT-2", account_id=str(NEW), **OTHER_PUPIL)


async def test_what_comes_back_while_the_old_account_closes_goes_over_and_then_it_closes(world: Any) -> None:
    regulator = await paid_out(world)
    assert (await regulator.send("POST", f"{CUSTODY}/reconciliation")).is_success
    assert (await closing(regulator, ACCOUNT, "closing-request")).is_success
    assert (await regulator.get(f"/accounts/{ACCOUNT}"))["state"] == "closing"
    await booked(world, ACCOUNT, OLD_NUMBER, "HP-BF1-R", 12_495, 12_495, NOW, "BF1", is_reversal=True)
    back = await regulator.send("POST", f"{CONTRACT_AT}/releases/BF1/taking-back", json={"reason": "收款账户已销户"})
    assert back.is_success, back.text
    await booked(world, ACCOUNT, OLD_NUMBER, "HP12", -12_495, 0, NOW)
    await booked(world, NEW, NUMBER, "WL12", 12_495, 999_900, NOW)
    late = {"amount_fen": 12_495, "flow_out": "HP12", "flow_in": "WL12"}
    assert (await regulator.send("POST", f"{CUSTODY}/transfer", json=late)).is_success
    assert problem(await regulator.send("POST", f"/accounts/{ACCOUNT}/closing", json={})) == (409, "contracts-stay")
    done = await carried(regulator)
    assert (done["contracts"], done["releasable_fen"], done["is_done"]) == (0, 12_495, True)
    assert (await regulator.send("POST", f"{CUSTODY}/reconciliation")).is_success
    closed = await regulator.send("POST", f"/accounts/{ACCOUNT}/closing", json={})
    assert closed.is_success, closed.text
    assert (await world.replayed()).differences == 0


async def test_the_old_account_does_not_close_over_a_contract(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await world.credited(800_000)
    await signed(regulator, SECOND, "HT-2", **OTHER_PUPIL)
    contract, _ = await world.host.log.state(CONTRACTS, SECOND)
    await begun(regulator)
    await transferred(world, regulator, 1_099_900)
    assert (await carried(regulator))["is_done"]
    assert (await regulator.send("POST", f"{CUSTODY}/reconciliation")).is_success
    late = UUID(int=0x24)  # a vendor's file tells of what was signed before
    record = RecordContract(
        terms=replace(contract.terms, contract_no="HT-9"), limits=charging_limits.IN_FORCE, opening_used=0
    )
    written = Envelope(command_id=new_id(), actor="vendor")
    assert isinstance(await world.host.log.handle(CONTRACTS, late, record, written), Outcome)
    assert problem(await closing(regulator, ACCOUNT)) == (409, "contracts-kept")
    assert (await carried(regulator))["contracts"] == 1
    closed = await closing(regulator, ACCOUNT)
    assert closed.is_success, closed.text


async def test_a_duty_asks_at_the_new_bank_for_what_the_old_one_has_reversed(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    today = NOW.date()
    await paid(regulator)
    await world.credited(800_000)
    assert (await carry_claims(world.host, today)).startswith("no former bank has reversed")
    await begun(regulator)
    await transferred(world, regulator, 1_099_900)
    assert (await carried(regulator))["is_done"]
    await signed(regulator, SECOND, "HT-2", account_id=str(NEW), **OTHER_PUPIL)
    await world.credited(0, amount_fen=-299_900, flow="HP-JF1-R", is_reversal=True)
    frozen = await regulator.send("POST", f"/accounts/{ACCOUNT}/freezes", json=FREEZE)
    assert frozen.is_success, frozen.text
    assert "执1" in await carry_claims(world.host, today)
    assert await expected(world, ACCOUNT) == {"JF1"}
    assert (await regulator.send("POST", f"/accounts/{ACCOUNT}/freezes/lifting", json=LIFTED)).is_success
    before = await balances(regulator)
    assert (await carry_claims(world.host, today + timedelta(days=1))).startswith("1 payments")
    assert (await expected(world, ACCOUNT), await expected(world)) == (set(), {"JF1"})
    regulator.position = str(await world.host.log.head())
    after = await balances(regulator)
    for name in ("unconsumed_fen", "confirmed_unreleased_fen"):
        assert sum(one[name] for one in after.values()) == sum(one[name] for one in before.values())
    assert (await carry_claims(world.host, today + timedelta(days=1))).startswith("no former bank has reversed")
    await booked(world, NEW, NUMBER, "WL-JF1", 299_900, 1_399_800, NOW, "JF1")
    assert await expected(world) == set()
    assert (await world.replayed()).differences == 0
