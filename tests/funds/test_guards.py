"""What neither a day in the future, nor a late link, nor the caller's own word may change."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from funds.test_api import ACCOUNT, CONTRACT, INSTITUTION, NAME, NEW_CONTRACT, PAYMENT, REGISTERED, opened, problem
from mingjing_contracts.registry import LicenceSuspendedV1
from mingjing_funds.codec import ACCOUNTS
from mingjing_funds.domain.account import Direction, ExpectMoney
from mingjing_kernel.identifiers import new_id
from mingjing_kernel.log import Envelope
from mingjing_kernel.projection import NotThereYet

OTHER = UUID(int=0x11)
NUMBERS = {ACCOUNT: "6299000000009999999", OTHER: "6299000000008888888"}
SUSPENDED = LicenceSuspendedV1(institution_id=INSTITUTION, decision_reference="1号", reason="", on=date(2026, 7, 1))
CSV = {"Content-Type": "text/csv"}
CODES = "机构编码,机构名称,统一社会信用代码,监管专户\r\nJG1,木铎轩,,6299000000009999999\r\n".encode()
CONTRACTS = (
    "合同编号,机构编码,学员,课程,课时数,赠送课时,合同金额,开课日期,有效期至,签订时间,期初已消课时,合同文本\r\n"
    "HT-9,JG1,武*帆,书法,24,0,2400.00,2026-06-20,2026-09-10,2026-06-10 10:00:00,0,示范文本\r\n"
).encode()


async def unlinked(regulator: Any, account: UUID) -> None:
    """An open account whose institution nobody has told."""
    opening = {"number": NUMBERS[account], "opened_on": "2026-06-02", "opening_fen": 0, "opening_on": "2026-06-02"}
    place = {"department": "education", "region": "330106"}
    holder = {"institution_name": NAME, "bank": "湖畔商业银行", "account_name": "托管专户"}
    agreement = {"agreement_no": "1", "minimum_fen": 0, "signed_on": "2026-06-01"}
    for path, body in (
        ("/accounts", {"account_id": str(account), **holder, **place}),
        (f"/accounts/{account}/agreement", agreement),
        (f"/accounts/{account}/activation", opening),
    ):
        answer = await regulator.send("POST", path, json=body)
        assert answer.status_code < 300, answer.text
        await regulator.get("/accounts")


async def test_a_far_day_on_one_account_changes_no_other_account(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    for account in (ACCOUNT, OTHER):
        await unlinked(regulator, account)
    for account, day in ((ACCOUNT, date(2026, 6, 29)), (OTHER, date(2026, 6, 30)), (OTHER, date(2030, 1, 1))):
        expect = ExpectMoney(direction=Direction.PAYMENT, number=f"JF{day}", amount_fen=5_00, due_on=day)
        envelope = Envelope(command_id=new_id(), actor="x")
        outcome = await world.host.log.handle(ACCOUNTS, account, expect, envelope)
        regulator.position = str(outcome.position)
    balances = await regulator.get("/accounts/balances")
    assert [each["in_transit_fen"] for each in balances["accounts"]] == [5_00, 5_00]
    later = await regulator.get("/accounts/balances", day="2026-07-10")
    assert [(each["in_transit_fen"], each["uncredited_fen"]) for each in later["accounts"]] == [(0, 5_00)] * 2


async def test_nothing_is_said_to_have_happened_tomorrow(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    await regulator.send("POST", "/contracts", json=NEW_CONTRACT)
    await regulator.get("/contracts")
    lesson = {"lesson_no": "KX1", "held_on": "2026-07-02", "standing": "confirmed"}
    for path, body in (
        ("payment", PAYMENT | {"paid_at": "2026-07-02T00:00:00+08:00"}),
        ("lessons", lesson),
        ("lessons", lesson | {"held_on": "2026-07-01", "confirmed_at": "2026-07-02T09:00:00+08:00"}),
        ("refunds/TF1/payment", {"amount_fen": 1, "paid_on": "2026-07-02"}),
    ):
        answer = await regulator.send("POST", f"/contracts/{CONTRACT}/{path}", json=body)
        assert problem(answer) == (422, "day-not-yet-come"), path
    agreement = {"agreement_no": "A1", "minimum_fen": 800_000, "signed_on": "2026-07-02"}
    assert problem(await regulator.send("POST", f"/accounts/{ACCOUNT}/agreement", json=agreement))[0] == 422


async def test_an_account_linked_after_the_signing_is_blocked_too(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await unlinked(regulator, ACCOUNT)
    assert (await regulator.send("POST", "/contracts", json=NEW_CONTRACT)).status_code == 201
    await regulator.get("/contracts")
    await world.tell(REGISTERED)
    await world.tell(SUSPENDED)
    assert (await regulator.send("POST", "/alerts/evaluations")).status_code == 200
    blocked = await regulator.send("POST", f"/contracts/{CONTRACT}/payment", json=PAYMENT)
    assert problem(blocked) == (409, "charging-blocked")


async def test_an_evaluation_on_lists_that_are_behind_is_refused_and_nothing_is_written(
    world: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    regulator = world.caller("fund-regulator")
    await unlinked(regulator, ACCOUNT)
    asked: list[float] = []

    async def behind(_: int, seconds: float) -> None:
        asked.append(seconds)
        raise NotThereYet

    monkeypatch.setattr(world.host.runner, "wait_for", behind)
    head = await world.host.log.head()
    assert problem(await regulator.send("POST", "/alerts/evaluations")) == (503, "lists-behind")
    assert (asked, await world.host.log.head()) == ([30.0], head)  # as long as a whole file may take


async def test_a_contract_file_sent_again_after_the_link_changes_nothing(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await unlinked(regulator, ACCOUNT)

    async def send(kind: str, data: bytes) -> Any:
        path = f"/files/{kind}?covers_to=2026-06-30"
        answer = await regulator.send("POST", path, content=data, headers=CSV)
        assert answer.status_code == 200, answer.text
        return answer.json()

    await send("vendor-codes", CODES)
    assert (await send("contracts", CONTRACTS))["accepted"] == 1
    await world.tell(REGISTERED)
    await send("vendor-codes", CODES)
    (account,) = (await regulator.get("/accounts"))["items"]
    assert account["institution_id"] == str(INSTITUTION)
    before = await world.host.log.head()
    again = await send("contracts", CONTRACTS)
    assert (again["repeated"], again["kept_aside"]) == (1, 0)
    assert await world.host.log.head() == before


@pytest.mark.parametrize("said", [{}, {"refunds_pending": 0}])
async def test_open_refunds_are_counted_and_not_asked_for(world: Any, said: dict[str, int]) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    at = f"/contracts/{CONTRACT}"
    await regulator.send("POST", "/contracts", json=NEW_CONTRACT)
    await regulator.get("/contracts")
    for path, body in (
        ("payment", PAYMENT),
        ("refunds", {"refund_no": "TF1", "amount_fen": 1_000, "reason": "停课"}),
        ("lessons", {"lesson_no": "KX1", "held_on": "2026-07-01", "standing": "confirmed", "units": 20}),
        ("lessons", {"lesson_no": "KX2", "held_on": "2026-07-01", "standing": "confirmed", "units": 4}),
    ):
        assert (await regulator.send("POST", f"{at}/{path}", json=body)).status_code == 201
    ask = {"department_consents": True, **said}
    refused = await regulator.send("POST", f"/accounts/{ACCOUNT}/closing-request", json=ask)
    assert problem(refused) == (409, "liability-left")
    assert "1 refunds" in refused.json()["detail_en"]
    assert (await regulator.send("POST", f"{at}/refunds/TF1/answer", json={"answer": "refused"})).status_code == 200
    assert (await regulator.send("POST", f"/accounts/{ACCOUNT}/closing-request", json=ask)).status_code == 200
