"""A refund that the bank takes back (退票): after a change of bank, and where a person has said how it was paid."""

from __future__ import annotations

from typing import Any

import pytest

from funds.conftest import NOW
from funds.test_api import ACCOUNT, problem
from funds.test_carrying import CARRY, SUMS, balances, carried
from funds.test_carrying_again import TF1_AT, TK1, expected, paid_out
from funds.test_custodians import CUSTODY, NEW, NUMBER, OLD_NUMBER, booked
from funds.test_family_side import CONTRACT_AT
from funds.test_payments import batch, reported, states
from funds.test_refunds_to_the_bank import ORDER, REFUND, agreed, standing
from funds.test_refunds_to_the_bank import booked as line
from mingjing_funds.bank.status_written import Status
from mingjing_funds.intake.refunds_paid import note_paid, note_returned

BY_HAND = {"amount_fen": 100_000, "paid_on": str(NOW.date())}


async def look(world: Any, regulator: Any) -> dict[str, Any]:
    """The refund, after the service has looked at the bank's lines."""
    await note_returned(world.host)
    regulator.position = str(await world.host.log.head())
    (row,) = (await regulator.get("/refund-requests"))["items"]
    found: dict[str, Any] = row
    return found


async def test_what_comes_back_to_the_former_bank_is_owed_by_the_account_that_keeps_the_contract(world: Any) -> None:
    regulator = await paid_out(world)
    before = await balances(regulator)
    await booked(world, ACCOUNT, OLD_NUMBER, "HP-TK1-R", 100_000, 100_000, NOW, "TK1", is_reversal=True)
    assert problem(await regulator.send("POST", f"{CUSTODY}/reconciliation")) == (409, "transfer-unreconciled")
    row = await look(world, regulator)
    assert (row["standing"], row["paid_on"], row["account_id"]) == ("failed", None, str(NEW))
    orders = (await regulator.get("/payment-orders"))["items"]
    assert [one["state"] for one in orders if one["number"] == "TK1"] == ["returned"], orders
    assert await expected(world, ACCOUNT) == set(), "the former bank is not waited for"
    head = await world.host.log.head()
    assert (await look(world, regulator))["standing"] == "failed"
    assert await world.host.log.head() == head, "it comes back once"
    found = await balances(regulator)
    assert found[str(NEW)]["unconsumed_fen"] == before[str(NEW)]["unconsumed_fen"] + 100_000
    assert [found[str(ACCOUNT)][name] for name in SUMS] == [100_000, 0, 0, 0, 0]

    assert problem(await regulator.send("POST", CARRY)) == (409, "balance-stays")
    await booked(world, ACCOUNT, OLD_NUMBER, "HP13", -100_000, 0, NOW)
    await booked(world, NEW, NUMBER, "WL13", 100_000, 1_087_405, NOW)
    late = {"amount_fen": 100_000, "flow_out": "HP13", "flow_in": "WL13"}
    assert (await regulator.send("POST", f"{CUSTODY}/transfer", json=late)).is_success
    assert (await carried(regulator))["is_done"]
    reconciled = await regulator.send("POST", f"{CUSTODY}/reconciliation")
    assert reconciled.is_success, reconciled.text
    found = await balances(regulator)
    assert [found[str(ACCOUNT)][name] for name in (*SUMS, "difference_fen")] == [0, 0, 0, 0, 0, 0]
    assert found[str(NEW)]["difference_fen"] == before[str(NEW)]["difference_fen"]

    again = await regulator.send("POST", f"{TF1_AT}/instruction", json=TK1 | {"instruction_no": "TK2"})
    assert again.is_success, again.text
    assert await expected(world) == {"TK2"}
    await booked(world, NEW, NUMBER, "WL-TK2", -100_000, 987_405, NOW, "TK2")
    assert await note_paid(world.host) == 1
    assert (await look(world, regulator))["standing"] == "paid"
    assert (await world.replayed()).differences == 0


async def test_what_a_person_paid_in_another_way_is_not_owed_again(world: Any) -> None:
    """Debit and reversal stand in one statement: nobody had noted that it was paid."""
    regulator = await agreed(world)
    await regulator.send("POST", f"{REFUND}/instruction", json=ORDER)
    await batch(regulator)
    await line(world, "HP1", -100_000, 1_100_000, "退费 TK-1")
    await line(world, "HP2", 100_000, 1_200_000, "退费 TK-1 冲正", is_reversal=True)
    assert await standing(world, regulator) == ("instructed", None)
    trouble = {"instruction_no": "TK-1", "reason": "退票"}
    assert (await regulator.send("POST", f"{REFUND}/failure", json=trouble)).is_success
    assert (await regulator.send("POST", f"{REFUND}/payment", json=BY_HAND)).is_success
    head = await world.host.log.head()
    assert await standing(world, regulator) == ("paid", str(NOW.date()))
    assert await world.host.log.head() == head
    assert (await regulator.get(f"{CONTRACT_AT}/order"))["refunded_fen"] == 100_000


async def test_what_a_person_notes_between_the_reversal_and_the_look_stays_paid(world: Any) -> None:
    regulator = await agreed(world)
    await regulator.send("POST", f"{REFUND}/instruction", json=ORDER)
    await batch(regulator)
    await line(world, "HP1", -100_000, 1_100_000, "退费 TK-1")
    await line(world, "HP2", 100_000, 1_200_000, "退费 TK-1 冲正", is_reversal=True)
    assert (await regulator.send("POST", f"{REFUND}/payment", json=BY_HAND)).is_success
    assert await standing(world, regulator) == ("paid", str(NOW.date()))
    assert (await world.replayed()).differences == 0


async def test_what_a_person_noted_and_the_bank_takes_back_afterwards_is_owed_again(world: Any) -> None:
    regulator = await agreed(world)
    await regulator.send("POST", f"{REFUND}/instruction", json=ORDER)
    await batch(regulator)
    assert (await regulator.send("POST", f"{REFUND}/payment", json=BY_HAND)).is_success
    await line(world, "HP1", -100_000, 1_100_000, "退费 TK-1")
    await line(world, "HP2", 100_000, 1_200_000, "退费 TK-1 冲正", is_reversal=True)
    assert await standing(world, regulator) == ("failed", None)


@pytest.mark.parametrize("when", ["before", "between", "after"])
@pytest.mark.parametrize("flow", ["HP1", "", "R-77"], ids=["its-flow", "no-flow", "a-reference-of-its-own"])
async def test_whenever_the_banks_report_comes_what_it_took_back_is_returned(world: Any, when: str, flow: str) -> None:
    """A report says that it was carried out, by a reference of its own or by none; the account's lines say more."""
    regulator = await agreed(world)
    await regulator.send("POST", f"{REFUND}/instruction", json=ORDER)
    sent = await batch(regulator)

    async def report(now: str) -> None:
        if when == now:
            said = await reported(regulator, sent["batch_id"], Status("TK-1", "ACSC", NOW, flow=flow))
            assert said["news"] == 1

    await report("before")
    await line(world, "HP1", -100_000, 1_100_000, "退费 TK-1")
    await report("between")
    await world.host.runner.wait_for(await world.host.log.head())
    assert await states(regulator) == {"TK-1": "executed"}
    await line(world, "HP2", 100_000, 1_200_000, "退费 TK-1 冲正", is_reversal=True)
    await report("after")
    await world.host.runner.wait_for(await world.host.log.head())
    regulator.position = str(await world.host.log.head())
    assert await states(regulator) == {"TK-1": "returned"}
    await line(world, "HP3", -100_000, 1_100_000, "退费 TK-1")
    regulator.position = str(await world.host.log.head())
    (order,) = (await regulator.get("/payment-orders"))["items"]
    assert (order["state"], order["flow"]) == ("executed", "HP3"), "it went out once more"
    assert (await world.replayed()).differences == 0
