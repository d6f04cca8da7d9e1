"""One account a licence, and a change of bank in its four steps, over HTTP."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from funds.test_api import ACCOUNT, INSTITUTION, NAME, REGISTERED, opened, problem
from mingjing_funds.codec import ACCOUNTS, CUSTODIANS
from mingjing_funds.domain import custodian as m
from mingjing_funds.domain.account import BookEntry
from mingjing_funds.intake.reconciling import reconcile
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope, Outcome

NEW, NUMBER, OLD_NUMBER = UUID(int=0x11), "6299000000008888888", "6299000000009999999"
CUSTODY = f"/custodians/{INSTITUTION}"
OPENING = {"opened_on": "2026-06-20", "opening_fen": 0, "opening_on": "2026-06-20"}
ACTIVATION = {"number": NUMBER, **OPENING}
CHANGE = {"account_id": str(NEW), "activation": ACTIVATION, "reason": "网点搬迁", "department_consents": True}
TRANSFER = {"amount_fen": 800_000, "flow_out": "HP9", "flow_in": "WL1"}


async def agreed(regulator: Any, id: UUID = NEW, institution: UUID | None = INSTITUTION, name: str = NAME) -> None:
    """Another account, as far as its agreement."""
    account = {"account_id": str(id), "institution_id": str(institution) if institution else None}
    account |= {"institution_name": name, "bank": "武林城市商业银行", "account_name": "托管专户"}
    account |= {"department": "education", "region": "330106"}
    assert (await regulator.send("POST", "/accounts", json=account)).is_success
    await regulator.get("/accounts")
    agreement = {"agreement_no": "A2", "minimum_fen": 0, "signed_on": "2026-06-19"}
    assert (await regulator.send("POST", f"/accounts/{id}/agreement", json=agreement)).is_success
    await regulator.get("/accounts")


BOOKED_AT = datetime(2026, 6, 30, 2, tzinfo=UTC)


async def booked(
    world: Any,
    account: UUID,
    number: str,
    flow: str,
    amount_fen: int,
    balance_fen: int,
    at: datetime = BOOKED_AT,
    reference: str = "",
    is_reversal: bool = False,
) -> None:
    """A line of a bank's statement."""
    entry = BookEntry(
        bank="",
        flow=flow,
        account_number=number,
        booked_at=at,
        booked_on=at.date(),
        amount_fen=amount_fen,
        balance_fen=balance_fen,
        summary="余额划转",
        reference=reference,
        tail="",
        is_reversal=is_reversal,
        digest=flow,
    )
    assert isinstance(
        await world.host.log.handle(ACCOUNTS, account, entry, Envelope(command_id=new_id(), actor="bank")), Outcome
    )
    await world.host.runner.wait_for(await world.host.log.head())


async def closing(regulator: Any, id: UUID, last: str = "closing") -> Any:
    """Ask for it, and note it."""
    answer = await regulator.send("POST", f"/accounts/{id}/closing-request", json={"department_consents": True})
    if last == "closing" and answer.is_success:
        await regulator.get("/accounts")
        answer = await regulator.send("POST", f"/accounts/{id}/closing", json={})
    await regulator.get("/accounts")
    return answer


async def test_a_second_account_of_a_licence_does_not_open(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    await agreed(regulator)
    before = await world.host.log.head()
    refused = await regulator.send("POST", f"/accounts/{NEW}/activation", json=ACTIVATION)
    assert problem(refused) == (409, "another-account-active")
    said = refused.json()
    assert (said["field"], "四个步骤" in said["remedy"], "教监管函" in said["rule"]) == ("account_id", True, True), said
    assert await world.host.log.head() == before
    assert (await regulator.get(f"/accounts/{NEW}"))["state"] == "agreed"
    one = await regulator.send("POST", f"/accounts/{ACCOUNT}/activation", json=ACTIVATION | {"number": OLD_NUMBER})
    assert one.is_success  # the first one again is no second one
    custody = await regulator.get(CUSTODY)
    assert (custody["account_id"], custody["step"], custody["old_id"]) == (str(ACCOUNT), "sole", None)
    # closed, the licence is free again
    await booked(world, ACCOUNT, OLD_NUMBER, "HP9", -800_000, 0)
    assert (await closing(regulator, ACCOUNT)).is_success
    assert (await regulator.get(CUSTODY))["step"] == "ended"
    assert (await regulator.send("POST", f"/accounts/{NEW}/activation", json=ACTIVATION)).is_success
    assert (await regulator.get(CUSTODY))["account_id"] == str(NEW)
    assert (await world.replayed()).differences == 0


async def test_a_bank_is_changed_in_its_four_steps(world: Any) -> None:
    regulator, auditor = world.caller("fund-regulator"), world.caller("auditor")
    await opened(regulator)
    await agreed(regulator)
    for change, why in (
        ({"department_consents": False}, (422, "change-without-consent")),
        ({"reason": " "}, (422, "change-unfounded")),
        ({"account_id": str(ACCOUNT), "activation": None}, (409, "another-account-active")),
        ({"activation": None}, (409, "account-not-in-state")),
        ({"account_id": str(UUID(int=0x99))}, (404, "record-not-found")),
    ):
        assert problem(await regulator.send("POST", f"{CUSTODY}/change", json=CHANGE | change)) == why
    assert problem(await auditor.send("POST", f"{CUSTODY}/change", json=CHANGE))[0] == 403
    elsewhere = world.caller("fund-regulator", "wang", region="330108")
    assert (await elsewhere.send("POST", f"{CUSTODY}/change", json=CHANGE)).status_code == 404
    assert (await elsewhere.read(CUSTODY)).status_code == 404
    assert (await regulator.get(f"/accounts/{NEW}"))["state"] == "agreed"  # none of them opened it
    assert problem(await regulator.send("POST", f"{CUSTODY}/transfer", json=TRANSFER)) == (409, "change-step-missing")

    key = new_id()
    for _ in range(2):
        begun = await regulator.send("POST", f"{CUSTODY}/change", key, json=CHANGE)
        assert begun.status_code == 201, begun.text
    custody = await regulator.get(CUSTODY)
    assert (custody["step"], custody["account_id"], custody["old_id"]) == ("new-account-active", str(NEW), str(ACCOUNT))
    assert (await regulator.get(f"/accounts/{NEW}"))["state"] == "active"
    assert [one["institution_id"] for one in (await regulator.get("/custodians", is_changing=True))["items"]] == [
        str(INSTITUTION)
    ]
    assert (await regulator.get("/accounts", is_beside=True))["items"] == []

    for account in (ACCOUNT, NEW):  # neither closes now
        refused = await closing(regulator, account)
        assert problem(refused)[1] in ("change-step-missing", "another-account-active")
    assert problem(await regulator.send("POST", f"{CUSTODY}/reconciliation")) == (409, "change-step-missing")
    assert problem(await regulator.send("POST", f"{CUSTODY}/transfer", json=TRANSFER)) == (409, "transfer-not-booked")
    nothing = await regulator.send("POST", f"{CUSTODY}/transfer", json={"amount_fen": 0})
    assert problem(nothing) == (409, "transfer-not-booked")  # ¥8000 are there
    await booked(world, ACCOUNT, OLD_NUMBER, "HP9", -800_000, 0)
    assert problem(await regulator.send("POST", f"{CUSTODY}/transfer", json=TRANSFER)) == (409, "transfer-not-booked")
    await booked(world, NEW, NUMBER, "WL1", 800_000, 800_000)
    wrong = TRANSFER | {"amount_fen": 799_999}
    assert problem(await regulator.send("POST", f"{CUSTODY}/transfer", json=wrong)) == (409, "transfer-not-booked")
    assert (await regulator.send("POST", f"{CUSTODY}/transfer", json=TRANSFER)).is_success
    assert (await regulator.send("POST", f"{CUSTODY}/transfer", json=TRANSFER)).is_success, "said twice, it is once"
    for account in (ACCOUNT, NEW):  # nobody has to explain the transfer on either side
        state, _ = await world.host.log.state(ACCOUNTS, account)
        assert state.ledger.suspense == frozenset()
        assert state.ledger.balance_fen() == (0 if account == ACCOUNT else 800_000)
    await reconcile(world.host, date(2026, 7, 1))
    assert (await regulator.get("/breaks"))["items"] == []
    balances = {one["account_id"]: one for one in (await regulator.get("/accounts/balances"))["accounts"]}
    assert [balances[str(account)]["closing_fen"] for account in (ACCOUNT, NEW)] == [0, 800_000]
    gone = await regulator.send("POST", f"{CUSTODY}/abandonment", json={"reason": "反悔"})
    assert problem(gone) == (409, "change-step-taken")
    assert problem(await closing(regulator, ACCOUNT)) == (409, "change-step-missing")
    actions = {one["act"]: one for one in (await regulator.get(f"{CUSTODY}/available-actions"))["actions"]}
    assert [name for name, one in actions.items() if one["available"]] == [
        "note-balance-transfer",
        "carry-contracts",
        "reconcile-bank-change",
    ]

    await booked(world, ACCOUNT, OLD_NUMBER, "HP10", 100, 100)  # interest that came late
    assert problem(await regulator.send("POST", f"{CUSTODY}/reconciliation")) == (409, "transfer-unreconciled")
    await booked(world, ACCOUNT, OLD_NUMBER, "HP11", -100, 0)
    assert (await regulator.send("POST", f"{CUSTODY}/reconciliation")).is_success
    assert (await closing(regulator, ACCOUNT)).is_success
    custody = await regulator.get(CUSTODY)
    assert (custody["step"], custody["account_id"], custody["amount_fen"]) == ("sole", str(NEW), 800_000)
    assert (await regulator.get(f"/accounts/{ACCOUNT}"))["state"] == "closed"
    assert (await world.replayed()).differences == 0


async def test_a_change_is_given_up_while_nothing_has_moved_and_the_new_account_is_closed(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    await agreed(regulator)
    path, why = f"{CUSTODY}/abandonment", {"reason": "新银行不接入监管平台"}
    assert problem(await regulator.send("POST", path, json=why)) == (409, "change-step-missing")
    assert (await regulator.send("POST", f"{CUSTODY}/change", json=CHANGE)).status_code == 201
    await regulator.get(CUSTODY)
    elsewhere = world.caller("fund-regulator", "wang", region="330108")
    assert (await elsewhere.send("POST", path, json=why)).status_code == 404
    await booked(world, NEW, NUMBER, "WL1", 100, 100)
    assert problem(await regulator.send("POST", path, json=why)) == (409, "new-account-in-use")


async def test_what_was_given_up_leaves_the_old_account_as_it_was(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    await agreed(regulator)
    assert (await regulator.send("POST", f"{CUSTODY}/change", json=CHANGE)).status_code == 201
    await regulator.get(CUSTODY)
    gone = await regulator.send("POST", f"{CUSTODY}/abandonment", json={"reason": "新银行不接入监管平台"})
    assert gone.is_success, gone.text
    custody = await regulator.get(CUSTODY)
    assert (custody["step"], custody["account_id"], custody["old_id"]) == ("sole", str(ACCOUNT), None)
    assert custody["bank"] == "湖畔商业银行"
    assert [one["account_id"] for one in (await regulator.get("/accounts", is_beside=True))["items"]] == [str(NEW)]
    assert (await closing(regulator, NEW)).is_success
    assert (await regulator.get("/accounts", is_beside=True))["items"] == []
    assert (await world.replayed()).differences == 0


async def test_an_account_whose_institution_becomes_known_is_judged_then(world: Any) -> None:
    """It is linked and nothing of it is lost; beside the licence's own it is listed until a person acts."""
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    await agreed(regulator, institution=None)
    assert (await regulator.send("POST", f"/accounts/{NEW}/activation", json=ACTIVATION)).is_success
    await world.tell(REGISTERED)
    assert (await regulator.get("/accounts", is_beside=True))["items"] == []
    assert (await regulator.send("POST", "/alerts/evaluations", json={"day": "2026-07-01"})).is_success
    await regulator.get("/accounts")
    linked = (await regulator.get(f"/accounts/{NEW}"))["institution_id"]
    assert linked == str(INSTITUTION)
    assert [one["account_id"] for one in (await regulator.get("/accounts", is_beside=True))["items"]] == [str(NEW)]
    assert (await regulator.get(CUSTODY))["account_id"] == str(ACCOUNT)
    # a change to it needs no activation, and takes it out of the list
    assert (await regulator.send("POST", f"{CUSTODY}/change", json=CHANGE | {"activation": None})).status_code == 201
    assert (await regulator.get("/accounts", is_beside=True))["items"] == []
    assert (await regulator.get(CUSTODY))["account_id"] == str(NEW)


async def test_two_accounts_that_are_opened_at_once_are_not_both_the_licences(world: Any) -> None:
    """What was opened before custody was written down counts: the account that was opened first."""
    regulator = world.caller("fund-regulator")
    await agreed(regulator)
    await agreed(regulator, UUID(int=0x12))
    answers = await asyncio.gather(
        regulator.send("POST", f"/accounts/{NEW}/activation", json=ACTIVATION),
        regulator.send("POST", f"/accounts/{UUID(int=0x12)}/activation", json={"number": OLD_NUMBER, **OPENING}),
    )
    assert sorted(one.status_code for one in answers) == [200, 409]
    custodian, _ = await world.host.log.state(CUSTODIANS, INSTITUTION)
    assert isinstance(custodian, m.Sole)
