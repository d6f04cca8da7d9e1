"""Refunds and payments that a system records over HTTP are awaited on the account, and go out with the next batch."""

from __future__ import annotations

from datetime import date
from typing import Any

from funds.conftest import NOW
from funds.test_api import ACCOUNT, INSTITUTION, NEW_CONTRACT, PAYMENT, opened, problem
from funds.test_family_side import CONTRACT_AT, OTHER, paid
from funds.test_payments import batch, reported, states
from mingjing_contracts.registry import LicenceSuspendedV1
from mingjing_funds.bank.status_written import Status
from mingjing_funds.codec import ACCOUNTS
from mingjing_funds.domain.account import BookEntry
from mingjing_funds.domain.account_state import Ledger
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope

REFUND = f"{CONTRACT_AT}/refunds/TF1"
ORDER = {"instruction_no": "TK-1", "payment_no": PAYMENT["payment_no"]}


async def agreed(world: Any, opening_fen: int = 1_200_000) -> Any:
    """¥1,000 are agreed back to the family."""
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator, opening_fen=opening_fen)
    ask = {"refund_no": "TF1", "amount_fen": 100_000, "reason": "搬家"}
    assert (await regulator.send("POST", f"{CONTRACT_AT}/refunds", json=ask)).is_success
    assert (await regulator.send("POST", f"{REFUND}/answer", json={"answer": "agreed"})).is_success
    return regulator


async def ledger(world: Any) -> Ledger:
    account, _ = await world.host.log.state(ACCOUNTS, ACCOUNT)
    found: Ledger = account.ledger
    return found


async def booked(
    world: Any, flow: str, amount_fen: int, balance_fen: int, summary: str, is_reversal: bool = False
) -> None:
    """The bank's line."""
    entry = BookEntry(
        bank="湖畔商业银行", flow=flow, account_number="6299000000009999999", booked_at=NOW, booked_on=NOW.date(),
        amount_fen=amount_fen, balance_fen=balance_fen, summary=summary, reference="", tail="", is_reversal=is_reversal,
        digest=flow,
    )  # fmt: skip
    await world.host.log.handle(ACCOUNTS, ACCOUNT, entry, Envelope(command_id=new_id(), actor="bank"))


async def test_an_instructed_refund_leaves_with_the_batch_and_the_banks_debit_finds_it(world: Any) -> None:
    regulator = await agreed(world)
    assert PAYMENT["payment_no"] in (await ledger(world)).expected, "what was paid is awaited from the bank"
    assert (await regulator.send("POST", f"{REFUND}/instruction", json=ORDER)).status_code == 201
    assert await states(regulator) == {"TK-1": "ordered"}
    sent = await batch(regulator)
    assert (sent["items"], sent["amount_fen"], sent["left_out"]) == (1, 100_000, {})
    trouble = {"instruction_no": "TK-1", "reason": "账户不符"}
    failed = await regulator.send("POST", f"{REFUND}/failure", json=trouble)
    assert problem(failed) == (409, "instruction-under-way"), "another instruction would pay it twice"
    await booked(world, "HP1", -100_000, 1_100_000, f"退费 TK-1 原路退回 {PAYMENT['payment_no']}")
    after = await ledger(world)
    assert (after.refunded_fen, after.suspense) == (100_000, frozenset())


async def standing(world: Any, regulator: Any) -> tuple[str, str | None]:
    """How far the refund is, when the lists show it, and when it was paid."""
    await world.host.duties["refunds-paid"].look()
    regulator.position = str(await world.host.log.head())
    (row,) = (await regulator.get("/refund-requests"))["items"]
    return row["standing"], row["paid_on"]


async def test_what_the_bank_has_paid_is_paid_without_anybody_noting_it(world: Any) -> None:
    regulator = await agreed(world)
    await regulator.send("POST", f"{REFUND}/instruction", json=ORDER)
    sent = await batch(regulator)
    await reported(regulator, sent["batch_id"], Status("TK-1", "ACSC", NOW, flow="HP1"))
    assert await standing(world, regulator) == ("instructed", None), "a report is no line of the account"
    await booked(world, "HP1", -100_000, 1_100_000, "退费 TK-1")
    assert await standing(world, regulator) == ("paid", str(NOW.date()))
    head = await world.host.log.head()
    assert await standing(world, regulator) == ("paid", str(NOW.date()))
    assert await world.host.log.head() == head, "paid once"
    left = (await regulator.get(f"{CONTRACT_AT}/order"))["remaining_fen"]
    assert left == NEW_CONTRACT["price_fen"] - 100_000  # type: ignore[operator]
    noted = await regulator.send("POST", f"{REFUND}/payment", json={"amount_fen": 100_000, "paid_on": "2026-07-01"})
    assert noted.is_success, "whoever notes it all the same says nothing new"
    assert (await world.replayed()).differences == 0


async def test_what_comes_back_from_the_bank_is_owed_again_and_paid_under_another_number(world: Any) -> None:
    regulator, whole = await agreed(world), NEW_CONTRACT["price_fen"]
    await regulator.send("POST", f"{REFUND}/instruction", json=ORDER)
    await batch(regulator)
    await booked(world, "HP1", -100_000, 1_100_000, "退费 TK-1")
    assert await standing(world, regulator) == ("paid", str(NOW.date()))
    await booked(world, "HP2", 100_000, 1_200_000, "退费 TK-1 冲正", is_reversal=True)
    assert await standing(world, regulator) == ("failed", None)
    order = await regulator.get(f"{CONTRACT_AT}/order")
    assert (order["remaining_fen"], order["refunded_fen"]) == (whole, 0), "the family is owed all of it again"
    (contract,) = (await regulator.get("/contracts"))["items"]
    assert (contract["state"], contract["refunded_fen"]) == ("refunding", 0)
    books = (await regulator.get("/accounts/balances"))["accounts"]
    assert [one["unconsumed_fen"] for one in books] == [whole], "U"
    after = await ledger(world)
    assert ("TK-1" in after.expected, "TK-1" in after.withdrawn) == (False, True), "no fen is set aside twice"
    head = await world.host.log.head()
    assert await standing(world, regulator) == ("failed", None)
    assert await world.host.log.head() == head, "it comes back once"
    assert (await regulator.send("POST", f"{REFUND}/instruction", json=ORDER | {"instruction_no": "TK-2"})).is_success
    await batch(regulator)
    await booked(world, "HP3", -100_000, 1_100_000, "退费 TK-2")
    assert await standing(world, regulator) == ("paid", str(NOW.date()))
    assert (await regulator.get(f"{CONTRACT_AT}/order"))["remaining_fen"] == whole - 100_000  # type: ignore[operator]
    assert (await world.replayed()).differences == 0


async def test_what_the_bank_books_anew_in_the_same_breath_stays_paid(world: Any) -> None:
    regulator = await agreed(world)
    await regulator.send("POST", f"{REFUND}/instruction", json=ORDER)
    await batch(regulator)
    await booked(world, "HP1", -100_000, 1_100_000, "退费 TK-1")
    assert await standing(world, regulator) == ("paid", str(NOW.date()))
    await booked(world, "HP2", 100_000, 1_200_000, "退费 TK-1 冲正", is_reversal=True)
    await booked(world, "HP3", -100_000, 1_100_000, "退费 TK-1")
    assert await standing(world, regulator) == ("paid", str(NOW.date()))


async def test_another_amount_or_a_reversed_line_pays_nothing(world: Any) -> None:
    regulator = await agreed(world)
    await regulator.send("POST", f"{REFUND}/instruction", json=ORDER)
    await batch(regulator)
    await booked(world, "HP1", -90_000, 1_110_000, "退费 TK-1")
    assert await standing(world, regulator) == ("instructed", None)


async def test_what_the_bank_refuses_is_instructed_again_under_another_number(world: Any) -> None:
    regulator = await agreed(world)
    await regulator.send("POST", f"{REFUND}/instruction", json=ORDER)
    await reported(regulator, (await batch(regulator))["batch_id"], Status("TK-1", "RJCT", NOW, reason_code="AC04"))
    trouble = {"instruction_no": "TK-1", "reason": "账户不符"}
    assert (await regulator.send("POST", f"{REFUND}/failure", json=trouble)).is_success
    assert (await regulator.send("POST", f"{REFUND}/instruction", json=ORDER | {"instruction_no": "TK-2"})).is_success
    assert await states(regulator) == {"TK-1": "refused", "TK-2": "ordered"}


async def test_a_court_that_has_frozen_the_account_lets_no_refund_be_instructed(world: Any) -> None:
    regulator = await agreed(world)
    order = {"order_no": "执1", "authority": "法院", "legal_basis": "民事诉讼法", "frozen_on": "2026-07-01"}
    assert (await regulator.send("POST", f"/accounts/{ACCOUNT}/freezes", json=order)).is_success
    assert problem(await regulator.send("POST", f"{REFUND}/instruction", json=ORDER)) == (409, "frozen-by-court")
    requests = (await regulator.get("/refund-requests"))["items"]
    assert [one["standing"] for one in requests] == ["agreed"], "neither the contract nor the account says otherwise"


async def test_money_that_came_before_a_suspension_is_recorded_and_later_money_is_not(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    assert (await regulator.send("POST", "/contracts", json=NEW_CONTRACT)).is_success
    await regulator.get("/contracts")
    suspended = LicenceSuspendedV1(institution_id=INSTITUTION, decision_reference="1号", reason="", on=date(2026, 7, 1))
    await world.tell(suspended)
    late = PAYMENT | {"paid_at": "2026-07-01T01:00:00Z"}
    assert problem(await regulator.send("POST", f"{CONTRACT_AT}/payment", json=late)) == (409, "charging-blocked")
    before = PAYMENT | {"paid_at": "2026-06-30T01:00:00Z"}
    assert (await regulator.send("POST", f"{CONTRACT_AT}/payment", json=before)).status_code == 201


async def test_a_list_pays_families_by_the_bank_and_promises_no_fen_twice(world: Any) -> None:
    """¥3,000 are owed and ¥2,000 are there: a second list waits for the first, or takes its place by name."""
    regulator, approver = world.caller("fund-regulator", "song"), world.caller("approver", "qin")
    await paid(regulator, opening_fen=200_000)
    lists = [str(new_id()) for _ in range(2)]
    drawn = [{"list_id": one, "account_id": str(ACCOUNT), "reason": "停止办学"} for one in lists]
    assert (await regulator.send("POST", "/refund-lists", json=drawn[0])).status_code == 201
    assert (await regulator.send("POST", "/refund-lists", json=drawn[0])).status_code == 201, "said twice, it is once"
    refused = await regulator.send("POST", "/refund-lists", json=drawn[1])
    assert (problem(refused), lists[0] in refused.json()["detail"]) == ((409, "refund-list-open"), True)
    merged = await regulator.send("POST", "/refund-lists", json=drawn[1] | {"instead_of": lists[0]})
    assert merged.status_code == 201, merged.text
    states_now = {one["list_id"]: one["state"] for one in (await regulator.get("/refund-lists"))["items"]}
    assert states_now == {lists[0]: "withdrawn", lists[1]: "drawn"}
    lists.reverse()
    page = await regulator.get(f"/refund-lists/{lists[0]}/shares", limit=1)
    assert (page["families"], page["total_fen"], page["next"], page["items"][0]["share_fen"]) == (
        1, 200_000, None, 200_000,
    )  # fmt: skip
    elsewhere = world.caller("fund-regulator", region="330108")
    assert (await elsewhere.read(f"/refund-lists/{lists[0]}/shares")).status_code == 404
    approver.position, approval = regulator.position, {"total_fen": 200_000}
    first = await approver.send("POST", f"/refund-lists/{lists[0]}/approval", json=approval)
    assert first.status_code == 200, first.text
    again = await approver.send("POST", f"/refund-lists/{lists[0]}/approval", json=approval)
    assert again.status_code == 200, again.text
    second = await approver.send("POST", f"/refund-lists/{lists[1]}/approval", json=approval)
    assert problem(second) == (409, "refund-list-stands")
    sent = await batch(regulator)
    assert (sent["items"], sent["amount_fen"]) == (1, 200_000)
    new = {"list_id": str(new_id()), "account_id": str(ACCOUNT), "reason": "停止办学"}
    await regulator.send("POST", "/refund-lists", json=new)
    totals = {one["list_id"]: one["total_fen"] for one in (await regulator.get("/refund-lists"))["items"]}
    assert totals[new["list_id"]] == 0


async def test_one_payment_counts_for_one_contract(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await paid(regulator)
    other = {"contract_id": str(OTHER), "contract_no": "HT-2", "course": "国画", "lessons": 20,
             "pupil": {"name": "白一诺"}, "guardian": {"name": "白航", "phone": "19900000687"}}  # fmt: skip
    assert (await regulator.send("POST", "/contracts", json=NEW_CONTRACT | other)).status_code == 201
    await regulator.get("/contracts")
    path = f"/contracts/{OTHER}/payment"
    assert problem(await regulator.send("POST", path, json=PAYMENT)) == (409, "number-of-another")
    assert (await regulator.send("POST", path, json=PAYMENT | {"payment_no": "JF2"})).status_code == 201
