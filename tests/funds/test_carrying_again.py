"""What is said again, or at the same moment, when contracts go over to another bank: nothing is paid a second time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from funds.conftest import NOW
from funds.test_api import ACCOUNT, CONTRACT, PAYMENT, problem
from funds.test_carrying import CARRY, OTHER_PUPIL, SECOND, balances, begun, carried, signed, transferred
from funds.test_custodians import CUSTODY, NEW, NUMBER, OLD_NUMBER, booked
from funds.test_family_side import CONTRACT_AT, paid
from funds.test_payments import PAYEE, taught
from funds.test_whole_rows import payment, refund, taken
from mingjing_funds.codec import ACCOUNTS, CONTRACTS
from mingjing_funds.domain.account import ExpectMoney
from mingjing_funds.intake import bank_carrying
from mingjing_funds.intake.court_stay import keep_clocks
from mingjing_funds.intake.plan import Step
from mingjing_funds.intake.refunds_paid import note_paid
from mingjing_funds.intake.unbacked import recall_unbacked
from mingjing_kernel.state import changed

BF1 = {"instruction_no": "BF1", "amount_fen": 12_495}
TK1 = {"instruction_no": "TK1", "payment_no": "JF1"}
TF1_AT = f"{CONTRACT_AT}/refunds/TF1"


async def refundable(regulator: Any) -> None:
    body = {"refund_no": "TF1", "amount_fen": 100_000, "reason": "搬家"}
    assert (await regulator.send("POST", f"{CONTRACT_AT}/refunds", json=body)).status_code == 201
    said = await regulator.send("POST", f"{TF1_AT}/answer", json={"answer": "agreed"})
    assert said.is_success, said.text
    await regulator.get("/contracts")


async def paid_out(world: Any) -> Any:
    """One release and one refund that the former bank has carried out, and the contract at the other bank."""
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await world.credited(800_000)
    await taught(regulator)
    assert (await regulator.send("POST", f"{CONTRACT_AT}/releases", json=BF1)).status_code == 201
    await refundable(regulator)
    assert (await regulator.send("POST", f"{TF1_AT}/instruction", json=TK1)).is_success
    await booked(world, ACCOUNT, OLD_NUMBER, "HP-BF1", -12_495, 1_087_405, NOW, "BF1")
    await booked(world, ACCOUNT, OLD_NUMBER, "HP-TK1", -100_000, 987_405, NOW, "TK1")
    assert await note_paid(world.host) == 1
    await begun(regulator)
    await transferred(world, regulator, 987_405)
    done = await carried(regulator)
    assert (done["contracts"], done["is_done"], done["releasable_fen"]) == (1, True, 12_496)
    return regulator


async def expected(world: Any, id: UUID = NEW) -> set[str]:
    account, _ = await world.host.log.state(ACCOUNTS, id)
    return set(account.ledger.expected)


async def test_what_the_former_bank_has_paid_is_not_ordered_again(world: Any) -> None:
    regulator = await paid_out(world)
    before = await world.host.log.head()
    for path, body in (
        (f"{CONTRACT_AT}/releases", BF1),
        (f"{TF1_AT}/instruction", TK1),
        (f"{CONTRACT_AT}/payment", PAYMENT),
    ):
        again = await regulator.send("POST", path, json=body)
        assert again.is_success, again.text
    assert await world.host.log.head() == before, "said again it is no news"
    assert await expected(world) == set()
    more = await regulator.send("POST", f"{CONTRACT_AT}/releases", json=BF1 | {"instruction_no": "BF2"})
    assert more.status_code == 201, more.text
    assert await expected(world) == {"BF2"}


def at_new(steps: list[Step], id: UUID = CONTRACT) -> list[Step]:
    """The row as it is planned once the contract is at the other bank."""
    return [
        changed(step, id=NEW, command=replace(step.command, contract_id=id))
        if isinstance(step.command, ExpectMoney)
        else step
        for step in steps
    ]


async def test_files_that_come_again_await_nothing_at_the_new_bank(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await world.credited(800_000)
    assert await taken(world, refund(2, "TF1", 5_000)) == ["1", "1", "1"]
    await booked(world, ACCOUNT, OLD_NUMBER, "HP-TF1", -5_000, 1_094_900, NOW, "TF1")
    noted = {"amount_fen": 5_000, "paid_on": "2026-07-01"}
    assert (await regulator.send("POST", f"{TF1_AT}/payment", json=noted)).is_success
    await begun(regulator)
    await transferred(world, regulator, 1_094_900)
    assert (await carried(regulator))["is_done"]
    rows = at_new(payment(2, "JF1", 299_900)), at_new(refund(3, "TF1", 5_000))
    assert await taken(world, *rows) == ["0"] * 5
    assert await expected(world) == set()
    await signed(regulator, SECOND, "HT-2", account_id=str(NEW), **OTHER_PUPIL)
    other = await regulator.send("POST", f"/contracts/{SECOND}/payment", json=PAYMENT)
    assert problem(other) == (409, "number-of-another"), "the first contract's money pays no other"


async def test_what_is_ordered_while_the_carrying_is_planned_is_not_overlooked(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await world.credited(800_000)
    await refundable(regulator)
    await begun(regulator)
    await transferred(world, regulator, 1_099_900)
    planned, orders = bank_carrying._planned, [TK1]

    async def ordered_meanwhile(*args: Any) -> Any:
        plan = await planned(*args)
        while orders:
            said = await regulator.send("POST", f"{TF1_AT}/instruction", json=orders.pop())
            assert said.is_success, said.text
        return plan

    monkeypatch.setattr(bank_carrying, "_planned", ordered_meanwhile)
    done = await carried(regulator)
    assert (done["contracts"], [one["why"] for one in done["waits"]]) == (0, ["refund-under-way"])
    assert await expected(world, ACCOUNT) == {"TK1"}


async def test_what_was_planned_at_the_former_bank_is_refused_there_and_goes_on_at_the_new_one(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await world.credited(800_000)
    await refundable(regulator)
    await begun(regulator)
    await transferred(world, regulator, 1_099_900)
    assert (await carried(regulator))["is_done"]
    late = refund(2, "TF9", 5_000)
    late[2] = changed(late[2], command=replace(late[2].command, contract_id=CONTRACT))
    assert await taken(world, late) == ["contract-gone"] * 3
    assert await expected(world, ACCOUNT) == set()
    assert (await regulator.send("POST", f"{TF1_AT}/instruction", json=TK1)).is_success
    assert await expected(world) == {"TK1"}


async def test_orders_and_a_carrying_at_once_end_at_one_bank(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await world.credited(800_000)
    await refundable(regulator)
    await begun(regulator)
    await transferred(world, regulator, 1_099_900)
    await asyncio.gather(
        regulator.send("POST", CARRY), regulator.send("POST", f"{TF1_AT}/instruction", json=TK1), return_exceptions=True
    )
    contract, _ = await world.host.log.state(CONTRACTS, CONTRACT)
    home = contract.terms.account_id
    elsewhere = ACCOUNT if home == NEW else NEW
    assert await expected(world, elsewhere) == set()
    assert ("TK1" in contract.refunds["TF1"].instructions) == (await expected(world, home) == {"TK1"})


async def test_an_account_that_is_short_is_carried_although_one_contract_waits(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator, opening_fen=100)
    await world.credited(100)
    await refundable(regulator)
    await signed(regulator, SECOND, "HT-2", **OTHER_PUPIL)
    assert (await balances(regulator))[str(ACCOUNT)]["confirmed_unreleased_fen"] < 0, "less than the minimum was there"
    await begun(regulator)
    await transferred(world, regulator, 300_000)
    assert (await regulator.send("POST", f"{TF1_AT}/instruction", json=TK1)).is_success
    done = await carried(regulator)
    assert (done["contracts"], done["releasable_fen"], done["waiting"]) == (1, 0, 1)


LIFTED = {"order_no": "执1", "document_no": "解1", "unfrozen_on": "2026-07-01"}
FREEZE = {"order_no": "执1", "authority": "法院", "legal_basis": "民事诉讼法", "frozen_on": "2026-06-30"}


async def test_a_court_order_is_not_got_round_and_a_clock_that_it_stopped_goes_on(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await world.credited(800_000)
    await refundable(regulator)
    await begun(regulator)
    await transferred(world, regulator, 1_099_900)
    frozen = await regulator.send("POST", f"/accounts/{ACCOUNT}/freezes", json=FREEZE)
    assert frozen.is_success, frozen.text
    await keep_clocks(world.host, NOW.date())
    assert problem(await regulator.send("POST", CARRY)) == (409, "change-frozen")
    contract, _ = await world.host.log.state(CONTRACTS, CONTRACT)
    assert contract.refunds["TF1"].stayed_by.endswith("执1")
    lifted = await regulator.send("POST", f"/accounts/{ACCOUNT}/freezes/lifting", json=LIFTED)
    assert lifted.is_success, lifted.text


async def test_contracts_go_when_the_whole_balance_has_gone_and_what_comes_late_goes_by_itself(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await world.credited(800_000)
    await begun(regulator)
    await booked(world, ACCOUNT, OLD_NUMBER, "HP8", -100, 1_099_800, NOW)
    await booked(world, NEW, NUMBER, "WL8", 100, 100, NOW)
    first = {"amount_fen": 100, "flow_out": "HP8", "flow_in": "WL8"}
    assert (await regulator.send("POST", f"{CUSTODY}/transfer", json=first)).is_success
    refused = await regulator.send("POST", CARRY)
    assert problem(refused) == (409, "balance-stays")
    assert "10998.00" in refused.text.replace(",", "")
    assert problem(await regulator.send("POST", f"{CUSTODY}/reconciliation")) == (409, "transfer-unreconciled")
    await booked(world, ACCOUNT, OLD_NUMBER, "HP9", -1_099_800, 0, NOW)
    await booked(world, NEW, NUMBER, "WL9", 1_099_800, 1_099_900, NOW)
    rest = {"amount_fen": 1_099_800, "flow_out": "HP9", "flow_in": "WL9"}
    wrong = await regulator.send("POST", f"{CUSTODY}/transfer", json=rest | {"flow_out": "HP8"})
    assert problem(wrong) == (409, "transfer-differs")
    for _ in range(2):
        assert (await regulator.send("POST", f"{CUSTODY}/transfer", json=rest)).is_success
    assert (await regulator.send("POST", f"{CUSTODY}/transfer", json=first)).is_success, "said again it is no news"
    assert (await regulator.get(CUSTODY))["amount_fen"] == 1_099_900
    assert (await carried(regulator))["is_done"]
    assert (await regulator.send("POST", f"{CUSTODY}/reconciliation")).is_success

    await booked(world, ACCOUNT, OLD_NUMBER, "HP10", 700, 700, NOW)
    await booked(world, ACCOUNT, OLD_NUMBER, "HP11", -700, 0, NOW)
    await booked(world, NEW, NUMBER, "WL11", 700, 1_100_600, NOW)
    late = {"amount_fen": 700, "flow_out": "HP11", "flow_in": "WL11"}
    assert (await regulator.send("POST", f"{CUSTODY}/transfer", json=late)).is_success
    assert (await regulator.get(CUSTODY))["step"] == "transferred", "it is reconciled once more"
    assert (await regulator.send("POST", f"{CUSTODY}/reconciliation")).is_success
    assert (await world.replayed()).differences == 0


async def test_a_payment_reversed_at_the_former_bank_releases_nothing_and_is_awaited_at_the_new_one(world: Any) -> None:
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
    collected = await regulator.send("POST", "/payment-batches", json={"bank": "武林城市商业银行"})
    assert collected.json()["batch_id"] is not None, collected.text
    await world.credited(0, amount_fen=-299_900, flow="HP-JF1-R", is_reversal=True)
    second = BF1 | {"instruction_no": "BF2"}
    assert problem(await regulator.send("POST", f"{CONTRACT_AT}/releases", json=second))[1] == "payment-not-credited"
    assert problem(await regulator.send("POST", f"{CUSTODY}/reconciliation")) == (409, "transfer-unreconciled")
    assert (await carried(regulator))["contracts"] == 0
    assert (await expected(world, ACCOUNT), await expected(world)) == (set(), {"BF1", "JF1"})
    assert problem(await regulator.send("POST", f"{CONTRACT_AT}/releases", json=second))[1] == "payment-not-credited"
    found = await balances(regulator)
    assert sum(one["uncredited_fen"] + one["in_transit_fen"] for one in found.values()) == 299_900
    await world.host.runner.wait_for(await world.host.log.head())
    assert await recall_unbacked(world.host) == 1, "what went to the new bank on the former one's word is recalled"
    await booked(world, NEW, NUMBER, "WL-JF1", 299_900, 1_399_800, NOW, "JF1")
    assert (await regulator.send("POST", f"{CONTRACT_AT}/releases", json=second)).status_code == 201
    assert (await world.replayed()).differences == 0


async def test_a_payment_first_told_after_the_carrying_is_not_taken_for_an_opening_balance(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await world.credited(800_000)
    await signed(regulator, SECOND, "HT-2", **OTHER_PUPIL)
    await begun(regulator)
    await transferred(world, regulator, 1_099_900)
    assert (await carried(regulator))["is_done"]
    before = (await balances(regulator))[str(NEW)]
    early = PAYMENT | {"payment_no": "JF2", "paid_at": "2026-06-10T09:00:00+08:00"}
    answer = await regulator.send("POST", f"/contracts/{SECOND}/payment", json=early)
    assert answer.status_code == 201, answer.text
    after = (await balances(regulator))[str(NEW)]
    assert after["confirmed_unreleased_fen"] == before["confirmed_unreleased_fen"]
    assert (after["unconsumed_fen"], after["in_transit_fen"]) == (before["unconsumed_fen"] + 299_900, 299_900)
    lesson = {"lesson_no": "KX1", "held_on": "2026-07-01", "standing": "confirmed"}
    assert (await regulator.send("POST", f"/contracts/{SECOND}/lessons", json=lesson)).is_success
    await regulator.get("/contracts")
    share = {"instruction_no": "BF9", "amount_fen": 12_495}
    refused = await regulator.send("POST", f"/contracts/{SECOND}/releases", json=share)
    assert problem(refused) == (409, "payment-not-credited")


async def test_a_release_reversed_at_the_former_bank_is_taken_back_there_and_goes_over(world: Any) -> None:
    regulator = await paid_out(world)
    await booked(world, ACCOUNT, OLD_NUMBER, "HP-BF1-R", 12_495, 12_495, NOW, "BF1", is_reversal=True)
    assert problem(await regulator.send("POST", CARRY)) == (409, "balance-stays")
    back = await regulator.send("POST", f"{CONTRACT_AT}/releases/BF1/taking-back", json={"reason": "收款账户已销户"})
    assert back.is_success, back.text
    await booked(world, ACCOUNT, OLD_NUMBER, "HP12", -12_495, 0, NOW)
    await booked(world, NEW, NUMBER, "WL12", 12_495, 999_900, NOW)
    late = {"amount_fen": 12_495, "flow_out": "HP12", "flow_in": "WL12"}
    assert (await regulator.send("POST", f"{CUSTODY}/transfer", json=late)).is_success
    done = await carried(regulator)
    assert (done["contracts"], done["releasable_fen"], done["is_done"]) == (0, 12_495, True)
    for number, amount in (("BF2", 12_495), ("BF3", 12_496)):
        share = {"instruction_no": number, "amount_fen": amount}
        assert (await regulator.send("POST", f"{CONTRACT_AT}/releases", json=share)).status_code == 201
        await regulator.get("/contracts")
    assert problem(await regulator.send("POST", f"{CONTRACT_AT}/releases", json=BF1)) == (409, "instruction-used")
    assert (await world.replayed()).differences == 0
