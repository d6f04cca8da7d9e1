"""What comes late in a change of bank: a transfer sent twice, a further one, and a payment told afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from funds.conftest import NOW
from funds.test_api import ACCOUNT, INSTITUTION, PAYMENT, problem
from funds.test_carrying import CARRY, OTHER_PUPIL, SECOND, SUMS, balances, begun, carried, signed, transferred
from funds.test_carrying_again import paid_out
from funds.test_custodians import CUSTODY, NEW, NUMBER, OLD_NUMBER, booked, closing
from funds.test_family_side import CONTRACT_AT, paid
from funds.test_own_money import EARNED, changed
from funds.test_payments import taught
from mingjing_funds.codec import ACCOUNTS, CUSTODIANS
from mingjing_funds.domain.ledger import Book, postings


async def noted(regulator: Any, amount_fen: int, flow_out: str, flow_in: str) -> None:
    body = {"amount_fen": amount_fen, "flow_out": flow_out, "flow_in": flow_in}
    answer = await regulator.send("POST", f"{CUSTODY}/transfer", json=body)
    assert answer.is_success, answer.text
    await regulator.get(CUSTODY)


async def test_the_own_minimum_goes_over_once_however_many_transfers_there_are(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await paid(regulator)
    await world.credited(800_000)
    await taught(regulator)
    await changed(regulator, 800_000)
    await transferred(world, regulator, 1_099_900)
    assert (await carried(regulator))["is_done"]
    before = await balances(regulator)
    assert before[str(NEW)]["confirmed_unreleased_fen"] == EARNED
    await booked(world, ACCOUNT, OLD_NUMBER, "HP10", 700, 700, NOW)
    await booked(world, ACCOUNT, OLD_NUMBER, "HP11", -700, 0, NOW)
    await booked(world, NEW, NUMBER, "WL11", 700, 1_100_600, NOW)
    await noted(regulator, 700, "HP11", "WL11")
    after = await balances(regulator)
    for name in ("confirmed_unreleased_fen", "unconsumed_fen", "is_balanced"):
        assert [after[id][name] for id in before] == [before[id][name] for id in before], name
    assert (await world.replayed()).differences == 0


async def test_a_transfer_that_both_banks_reverse_and_send_again_is_reconciled(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await paid(regulator)
    await world.credited(800_000)
    await begun(regulator)
    await transferred(world, regulator, 1_099_900)
    await booked(world, ACCOUNT, OLD_NUMBER, "HP9-R", 1_099_900, 1_099_900, NOW, "HP9", is_reversal=True)
    assert problem(await regulator.send("POST", f"{CUSTODY}/reconciliation")) == (409, "transfer-unreconciled")
    await booked(world, NEW, NUMBER, "WL1-R", -1_099_900, 0, NOW, "WL1", is_reversal=True)
    assert problem(await regulator.send("POST", f"{CUSTODY}/reconciliation")) == (409, "transfer-unreconciled")
    await booked(world, ACCOUNT, OLD_NUMBER, "HP10", -1_099_900, 0, NOW)
    await booked(world, NEW, NUMBER, "WL10", 1_099_900, 1_099_900, NOW)
    await noted(regulator, 1_099_900, "HP10", "WL10")
    assert (await carried(regulator))["is_done"]
    done = await regulator.send("POST", f"{CUSTODY}/reconciliation")
    assert done.is_success, done.text
    assert (await regulator.get(CUSTODY))["amount_fen"] == 1_099_900
    found = await balances(regulator)
    assert [found[str(ACCOUNT)][name] for name in SUMS] == [0, 0, 0, 0, 0]
    assert found[str(NEW)]["closing_fen"] == 1_099_900
    assert (await world.replayed()).differences == 0


async def sent_again(world: Any, regulator: Any) -> None:
    """The old bank gives it back as well, and sends it once more."""
    await booked(world, ACCOUNT, OLD_NUMBER, "HP9-R", 1_099_900, 1_099_900, NOW, "HP9", is_reversal=True)
    await booked(world, ACCOUNT, OLD_NUMBER, "HP10", -1_099_900, 0, NOW)
    await booked(world, NEW, NUMBER, "WL10", 1_099_900, 1_099_900, NOW)
    await noted(regulator, 1_099_900, "HP10", "WL10")


async def test_contracts_do_not_go_where_the_new_bank_has_given_the_balance_back(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await paid(regulator)
    await world.credited(800_000)
    await begun(regulator)
    await transferred(world, regulator, 1_099_900)
    await booked(world, NEW, NUMBER, "WL1-R", -1_099_900, 0, NOW, "WL1", is_reversal=True)
    before = await balances(regulator)
    assert problem(await regulator.send("POST", CARRY)) == (409, "transfer-unreconciled")
    assert await balances(regulator) == before
    await sent_again(world, regulator)
    assert (await carried(regulator))["is_done"]


async def test_the_old_account_does_not_close_when_the_new_bank_gives_the_balance_back(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await world.credited(800_000)
    await begun(regulator)
    await transferred(world, regulator, 1_099_900)
    assert (await carried(regulator))["is_done"]
    assert (await regulator.send("POST", f"{CUSTODY}/reconciliation")).is_success
    await booked(world, NEW, NUMBER, "WL1-R", -1_099_900, 0, NOW, "WL1", is_reversal=True)
    assert problem(await closing(regulator, ACCOUNT)) == (409, "transfer-unreconciled")
    await sent_again(world, regulator)
    assert (await regulator.send("POST", f"{CUSTODY}/reconciliation")).is_success
    closed = await closing(regulator, ACCOUNT)
    assert closed.is_success, closed.text
    assert (await world.replayed()).differences == 0


async def test_a_payment_told_after_the_carrying_keeps_the_day_on_which_it_was_made(world: Any) -> None:
    """Seven days are over for the family: they do not begin anew with the day of the move."""
    regulator = world.caller("fund-regulator")
    await paid(regulator)
    await world.credited(800_000)
    await signed(regulator, SECOND, "HT-2", **OTHER_PUPIL)
    await begun(regulator)
    await transferred(world, regulator, 1_099_900)
    assert (await carried(regulator))["is_done"]
    early = PAYMENT | {"payment_no": "JF2", "paid_at": "2026-06-10T09:00:00+08:00"}
    answer = await regulator.send("POST", f"/contracts/{SECOND}/payment", json=early)
    assert answer.status_code == 201, answer.text
    items = {one["contract_id"]: one for one in (await regulator.get("/contracts"))["items"]}
    assert items[str(SECOND)]["paid_on"] == "2026-06-10"
    whole = {"refund_no": "TF2", "amount_fen": 299_900, "reason": "冷静期", "kind": "cooling-off"}
    refused = await regulator.send("POST", f"/contracts/{SECOND}/refunds", json=whole)
    assert problem(refused) == (409, "cooling-off-over")
    assert "2026-06-10" in refused.text
    assert (await world.replayed()).differences == 0


async def test_a_release_taken_back_at_the_former_bank_is_taken_back_once(world: Any) -> None:
    regulator = await paid_out(world)
    await booked(world, ACCOUNT, OLD_NUMBER, "HP-BF1-R", 12_495, 12_495, NOW, "BF1", is_reversal=True)
    why = {"reason": "收款账户已销户"}
    back = await regulator.send("POST", f"{CONTRACT_AT}/releases/BF1/taking-back", json=why)
    assert back.is_success, back.text
    head = await world.host.log.head()
    again = await regulator.send("POST", f"{CONTRACT_AT}/releases/BF1/taking-back", json=why)
    assert again.is_success, again.text
    assert await world.host.log.head() == head, "said again it is no news"


async def booked_on(world: Any, book: Book) -> list[int]:
    """What the double-entry books of both accounts have in this one."""
    streams = ((ACCOUNTS, ACCOUNT), (ACCOUNTS, NEW), (CUSTODIANS, INSTITUTION))
    made = [
        posting
        for aggregate, id in streams
        for fact in await world.host.log.history(aggregate, id)
        for posting in postings(id, fact.event)
        if posting.book is book
    ]
    return [sum(one.amount_fen for one in made if one.account_id == id) for id in (ACCOUNT, NEW)]


@pytest.mark.parametrize("side", ["new", "old"])
async def test_a_bank_that_books_the_balance_once_more_under_another_number_holds_nothing_up(
    world: Any, side: str
) -> None:
    """It reversed its own booking by mistake: the other bank has nothing to reverse, and the money is there."""
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator)
    await world.credited(800_000)
    await begun(regulator)
    await transferred(world, regulator, 1_099_900)
    before, moved = await balances(regulator), await booked_on(world, Book.MOVED)
    again = {"amount_fen": 1_099_900, "flow_out": "HP9", "flow_in": "WL1"}
    if side == "new":
        again["flow_in"] = "WL2"
        assert problem(await regulator.send("POST", f"{CUSTODY}/transfer", json=again)) == (409, "transfer-differs")
        await booked(world, NEW, NUMBER, "WL1-R", -1_099_900, 0, NOW, "WL1", is_reversal=True)
        await booked(world, NEW, NUMBER, "WL2", 1_099_900, 1_099_900, NOW)
    else:
        again["flow_out"] = "HP10"
        await booked(world, ACCOUNT, OLD_NUMBER, "HP9-R", 1_099_900, 1_099_900, NOW, "HP9", is_reversal=True)
        await booked(world, ACCOUNT, OLD_NUMBER, "HP10", -1_099_900, 0, NOW)
    assert problem(await regulator.send("POST", CARRY)) == (409, "transfer-unreconciled")
    for _twice in range(2):
        answer = await regulator.send("POST", f"{CUSTODY}/transfer", json=again)
        assert answer.is_success, answer.text
        await regulator.get(CUSTODY)
    custody = await regulator.get(CUSTODY)
    assert {name: custody[name] for name in again} == again, "it went over once"
    assert await balances(regulator) == before
    assert await booked_on(world, Book.SUSPENSE) == [0, 0]
    assert await booked_on(world, Book.MOVED) == moved
    assert (await carried(regulator))["is_done"]
    assert (await regulator.send("POST", f"{CUSTODY}/reconciliation")).is_success
    closed = await closing(regulator, ACCOUNT)
    assert closed.is_success, closed.text
    assert (await world.replayed()).differences == 0
