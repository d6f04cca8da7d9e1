"""From a bank's file to a break that a person resolves, to the postings behind it; and a freeze over HTTP."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from funds.test_api import ACCOUNT, opened, problem
from mingjing_funds.codec import ACCOUNTS, DELIVERIES
from mingjing_funds.domain.account import BookEntry, Direction, ExpectMoney
from mingjing_funds.domain.delivery import RecordDelivery
from mingjing_funds.intake.reconciling import break_id, reconcile
from mingjing_funds.sources.detect import Kind
from mingjing_kernel.identifiers import derived_id, new_id
from mingjing_kernel.log import Envelope

UNTIL = date(2026, 6, 30)
NUMBER = "6299000000009999999"
BANK = "湖畔商业银行"
ORDER = {
    "order_no": "(2026)浙0106执保12号",
    "authority": "杭州市西湖区人民法院",
    "legal_basis": "民事诉讼法",
    "amount_fen": 790_000,
    "frozen_on": "2026-06-20",
}


async def given(world: Any, *commands: Any) -> None:
    for command in commands:
        outcome = await world.host.log.handle(ACCOUNTS, ACCOUNT, command, Envelope(command_id=new_id(), actor="bank"))
        assert outcome.events, command


def expected(number: str, amount_fen: int, due_on: date) -> ExpectMoney:
    return ExpectMoney(direction=Direction.PAYMENT, number=number, amount_fen=amount_fen, due_on=due_on)


def entry(flow: str, amount_fen: int, balance_fen: int, summary: str, day: int, **more: Any) -> BookEntry:
    return BookEntry(
        bank=BANK,
        flow=flow,
        account_number=NUMBER,
        booked_at=datetime(2026, 6, day, 2, tzinfo=UTC),
        booked_on=date(2026, 6, day),
        amount_fen=amount_fen,
        balance_fen=balance_fen,
        summary=summary,
        digest=flow,
        **{"reference": "", "tail": "", "is_reversal": False} | more,
    )


async def fed(world: Any, until: date) -> None:
    """The bank's feed has come this far."""
    record = RecordDelivery(
        kind=Kind.STATEMENT.value, bank=BANK, booked_on=until, sha256="0" * 64, bytes_count=1,
        rows=1, missing=0, kept_aside=0, covers_to=until, category="",
    )  # fmt: skip
    await world.host.log.handle(DELIVERIES, derived_id(until), record, Envelope(command_id=new_id(), actor="bank"))


async def looked(world: Any) -> str:
    """What a look comes to, when the lists show it."""
    said = await reconcile(world.host, UNTIL)
    await world.host.runner.wait_for(await world.host.log.head())
    return said


async def test_what_does_not_agree_is_found_righted_and_resolved(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    assert "nothing is open" in await looked(world)
    await opened(regulator)
    await given(
        world,
        expected("JF1", 100_00, date(2026, 6, 10)),
        expected("JF20260611000452", 240_00, date(2026, 6, 11)),
        entry("HP1", -30_00, 800_000 - 30_00, "账户管理费", 11),
        entry("HP2", 240_00, 800_000 + 210_00, "课程费000999", 12, tail="000999"),
        entry("HP3", -50_00, 800_000 + 160_00, "往来款", 13),
    )
    await fed(world, UNTIL)
    assert "3 breaks found, 3 of them new, 0 righted" in await looked(world)
    page = await regulator.get("/breaks", state="open")
    found = {each["kind"]: each for each in page["items"]}
    assert {kind: each["amount_fen"] for kind, each in found.items()} == {
        "payment-not-credited": -100_00,
        "fee-charged": -30_00,
        "debit-without-instruction": -50_00,
    }
    assert [line["side"] for line in found["debit-without-instruction"]["lines"]] == ["ledger", "bank"]
    explained = await regulator.get("/accounts/entries", account_id=str(ACCOUNT), column="payment")
    assert [each["number"] for each in explained["items"]] == ["JF20260611000452"]

    await given(world, entry("HP4", 30_00, 800_000 + 190_00, "冲正 账户管理费", 20, is_reversal=True))
    assert "3 breaks found, 0 of them new, 1 righted" in await looked(world)
    await given(world, entry("HP5", 100_00, 800_000 + 290_00, "学费 JF1", 25, reference="JF1"))
    assert "2 breaks found, 0 of them new, 1 righted" in await looked(world)
    assert "2 breaks found, 0 of them new, 0 righted" in await looked(world)

    debit = str(break_id(ACCOUNT, "HP3"))
    empty = {"disposal": "claimed", "reason": "无指令支出", "evidence": " "}
    assert problem(await regulator.send("POST", f"/breaks/{debit}/resolution", json=empty))[0] == 422
    told = empty | {"evidence": "催告函2026-7"}
    assert (await regulator.send("POST", f"/breaks/{debit}/resolution", json=told)).status_code == 200
    again = await regulator.send("POST", f"/breaks/{debit}/resolution", json=told)
    assert problem(again) == (409, "break-not-open")
    assert "2 breaks found, 0 of them new" in await looked(world)
    page = await regulator.get("/breaks")
    assert {(each["kind"], each["state"], each["ended_how"]) for each in page["items"]} == {
        ("payment-not-credited", "righted", "came-right"),
        ("fee-charged", "righted", "reversed"),
        ("debit-without-instruction", "resolved", "claimed"),
    }
    elsewhere = world.caller("fund-regulator", region="330108")
    assert (await elsewhere.get("/breaks"))["items"] == []
    assert problem(await elsewhere.send("POST", f"/breaks/{debit}/resolution", json=told))[0] == 404
    assert (await world.replayed()).differences == 0


async def test_a_total_leads_down_to_the_banks_line(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    await given(
        world,
        expected("JF1", 100_00, date(2026, 6, 10)),
        entry("HP1", 107_00, 800_000 + 107_00, "学费 JF1", 11, reference="JF1"),
    )
    await regulator.get("/accounts")
    shown = (await regulator.read(f"/accounts/{ACCOUNT}/postings", until="2026-06-30")).json()
    sums = {each["book"]: each["balance_fen"] for each in shown["sums"]}
    assert sums["custody-cash"] == 800_000 + 107_00
    assert sums["suspense"] == -7_00
    assert sum(sums.values()) == 0
    cash = (await regulator.read(f"/accounts/{ACCOUNT}/postings", book="custody-cash", part="HP1")).json()
    assert [(each["part"], each["amount_fen"], each["fact"]) for each in cash["items"]] == [
        ("HP1", 107_00, "funds.entry-booked.v1")
    ]
    first = (await regulator.read(f"/accounts/{ACCOUNT}/postings", limit=1)).json()
    assert sum(each["amount_fen"] for each in first["items"]) == 0
    rest = (await regulator.read(f"/accounts/{ACCOUNT}/postings", after=first["next"])).json()
    assert first["items"] + rest["items"] == shown["items"]
    before = (await regulator.read(f"/accounts/{ACCOUNT}/postings", as_of=f"@{first['next']}")).json()
    assert before["items"] == first["items"]
    elsewhere = world.caller("fund-regulator", region="330108")
    assert (await elsewhere.read(f"/accounts/{ACCOUNT}/postings")).status_code == 404


async def test_a_freeze_is_entered_and_ended_as_its_body_says(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    path = f"/accounts/{ACCOUNT}/freezes"
    assert (await regulator.send("POST", path, json=ORDER)).status_code == 201
    assert problem(await regulator.send("POST", path, json=ORDER | {"amount_fen": 1})) == (409, "freeze-differs")
    tomorrow = ORDER | {"order_no": "2", "frozen_on": "2026-07-02"}
    assert problem(await regulator.send("POST", path, json=tomorrow)) == (422, "day-not-yet-come")
    assert problem(await world.caller("approver").send("POST", path, json=ORDER))[0] == 403
    page = await regulator.get("/freezes", account_id=str(ACCOUNT))
    assert [(each["order_no"], each["amount_fen"], each["until"]) for each in page["items"]] == [
        (ORDER["order_no"], 790_000, None)
    ]
    closing = await regulator.send("POST", f"/accounts/{ACCOUNT}/closing-request", json={"department_consents": True})
    assert problem(closing) == (409, "freeze-stands")
    end = {"order_no": ORDER["order_no"], "document_no": "解1号", "unfrozen_on": "2026-07-01"}
    assert (await regulator.send("POST", f"{path}/lifting", json=end)).status_code == 200
    page = await regulator.get("/freezes", account_id=str(ACCOUNT))
    assert [each["document_no"] for each in page["items"]] == ["解1号"]
    assert (await world.replayed()).differences == 0
