"""Two institutions give the same contract number: what a file says reaches its sender's contract, or nobody's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from funds.test_api import NEW_CONTRACT, PAYMENT
from funds.test_scope import (
    CODES,
    CONTRACT,
    LESSON,
    MINE,
    REFUND,
    THEIRS,
    account,
    sent,
)
from funds.test_scope import PAYMENT as PAYMENTS
from mingjing_funds.codec import CONTRACTS
from mingjing_funds.intake.numbered import contract_id

NO = "HT-1"
BY_FILE, SIGNED = contract_id(NO), UUID(int=0x77)


async def by_file(writer: Any, region: str) -> None:
    """The contract comes in a vendor's file."""
    for kind, table in (("vendor-codes", CODES), ("contracts", CONTRACT)):
        receipt = await sent(writer, region, kind, table, no=NO)
        assert (receipt["accepted"], receipt["kept_aside"]) == (1, 0), (kind, receipt)


async def signed(writer: Any, region: str, id: UUID = SIGNED) -> None:
    """The contract is signed over HTTP, under an id of the institution's choice."""
    terms = {
        **NEW_CONTRACT,
        "contract_id": str(id),
        "account_id": str(UUID(int=int(region))),
        "price_fen": 240_000,
        "starts_on": "2026-06-20",
        "ends_on": "2026-09-10",
    }
    answer = await writer.send("POST", "/contracts", json=terms)
    assert answer.status_code == 201, answer.text
    await writer.get("/contracts")


async def standing(world: Any) -> dict[UUID, tuple[int, int]]:
    """Of each contract, what was paid and what lessons have earned."""
    everywhere = world.caller("fund-regulator", "all", region="33")
    everywhere.position = str(await world.host.log.head())
    items = (await everywhere.get("/contracts"))["items"]
    return {UUID(one["contract_id"]): (one["paid_fen"], one["earned_fen"]) for one in items}


@pytest.mark.parametrize("first", ["by-file", "signed"])
async def test_a_file_reaches_the_contract_of_its_sender(world: Any, first: str) -> None:
    mine, theirs = (world.caller("fund-regulator", f"writer-{region}", region=region) for region in (MINE, THEIRS))
    await account(mine, MINE)
    await account(theirs, THEIRS)
    steps = [by_file(mine, MINE), signed(theirs, THEIRS)]
    for step in steps if first == "by-file" else reversed(steps):
        await step
    for kind, table in (("payments", PAYMENTS), ("lessons", LESSON)):
        receipt = await sent(mine, MINE, kind, table, no=NO)
        assert (receipt["accepted"], receipt["kept_aside"]) == (1, 0), (kind, receipt)
    assert await standing(world) == {BY_FILE: (240_000, 10_000), SIGNED: (0, 0)}
    receipt = await sent(theirs, THEIRS, "payments", PAYMENTS, no=NO)
    assert (receipt["accepted"], receipt["kept_aside"]) == (1, 0)
    assert await standing(world) == {BY_FILE: (240_000, 10_000), SIGNED: (240_000, 0)}
    awaited = (await theirs.get("/payments"))["items"]
    assert [one["account_id"] for one in awaited] == [str(UUID(int=int(THEIRS)))]


async def test_of_two_within_reach_the_place_of_the_file_decides(world: Any) -> None:
    everywhere = world.caller("fund-regulator", "province", region="33")
    await account(everywhere, MINE)
    await account(everywhere, THEIRS)
    await by_file(everywhere, MINE)
    await signed(everywhere, THEIRS)
    receipt = await sent(everywhere, THEIRS, "payments", PAYMENTS, no=NO)
    assert (receipt["accepted"], receipt["kept_aside"]) == (1, 0)
    assert await standing(world) == {BY_FILE: (0, 0), SIGNED: (240_000, 0)}


@pytest.mark.parametrize(("kind", "table"), [("payments", PAYMENTS), ("lessons", LESSON)])
async def test_where_nobody_can_tell_the_row_waits_for_a_person(world: Any, kind: str, table: str) -> None:
    writer = world.caller("fund-regulator")
    await account(writer, MINE)
    await by_file(writer, MINE)
    await signed(writer, MINE)
    before = await standing(world)
    receipt = await sent(writer, MINE, kind, table, no=NO, code="")
    assert (receipt["accepted"], receipt["kept_aside"]) == (0, 1)
    (row,) = (await writer.get("/kept-aside"))["items"]
    assert (row["code"], row["field"]) == ("contract-number-ambiguous", "contract_no")
    assert row["sentence_zh"].startswith("合同编号HT-1对应2份合同")
    assert await standing(world) == before
    answer = await writer.send("POST", "/receipt-batches", json={"payments": [PAYMENT | {"contract_no": NO}]})
    (record,) = answer.json()["records"]
    assert record["why_not"]["type"].endswith("contract-number-ambiguous")
    assert await standing(world) == before


BESIDE, BESIDE_NUMBER = UUID(int=0x99), "6299000000003333333"


async def beside(writer: Any) -> None:
    """Another institution of the same place, with an account and a code of its own."""
    body = {"account_id": str(BESIDE), "institution_name": "机构乙", "bank": "湖畔商业银行", "account_name": "托管专户"}
    agreement = {"agreement_no": "2", "minimum_fen": 0, "signed_on": "2026-06-01"}
    opened = {"number": BESIDE_NUMBER, "opened_on": "2026-06-02", "opening_fen": 0, "opening_on": "2026-06-02"}
    for path, said in (
        ("/accounts", body | {"department": "education", "region": MINE}),
        (f"/accounts/{BESIDE}/agreement", agreement),
        (f"/accounts/{BESIDE}/activation", opened),
    ):
        answer = await writer.send("POST", path, json=said)
        assert answer.is_success, answer.text
        await writer.get("/accounts")
    receipt = await sent(writer, MINE, "vendor-codes", CODES, code="乙", number=BESIDE_NUMBER)
    assert receipt["accepted"] == 1


def both_rows(table: str) -> str:
    """One file with the same contract number of both institutions."""
    head, row, _ = table.split("\r\n")
    return "\r\n".join([head, row, row.replace("{code}", "乙").replace("{by}", "乙"), ""])


@pytest.mark.parametrize("at_once", [True, False])
async def test_of_two_by_file_each_has_a_contract_and_nobody_gets_the_others_money(world: Any, at_once: bool) -> None:
    writer = world.caller("fund-regulator")
    await account(writer, MINE)
    await beside(writer)
    await sent(writer, MINE, "vendor-codes", CODES, no=NO)
    if at_once:
        receipt = await sent(writer, MINE, "contracts", both_rows(CONTRACT), no=NO)
        assert (receipt["accepted"], receipt["kept_aside"]) == (2, 0)
    else:
        for code in (MINE, "乙"):
            receipt = await sent(writer, MINE, "contracts", CONTRACT, no=NO, code=code)
            assert (receipt["accepted"], receipt["kept_aside"]) == (1, 0)
    before = await standing(world)
    assert len(before) == 2
    assert BY_FILE in before
    for code in ("乙", MINE):
        receipt = await sent(writer, MINE, "contracts", CONTRACT + "\r\n", no=NO, code=code)
        assert receipt["kept_aside"] == 0, "said again it is the same contract"
    for kind, table in (("payments", PAYMENTS), ("lessons", LESSON)):
        receipt = await sent(writer, MINE, kind, table, no=NO, code="")
        assert (receipt["accepted"], receipt["kept_aside"]) == (0, 1), kind
    assert {row["code"] for row in (await writer.get("/kept-aside"))["items"]} == {"contract-number-ambiguous"}
    assert await standing(world) == before


async def two_by_file(world: Any) -> Any:
    """Both contracts with the number, of two institutions of one place, from one vendor's file."""
    writer = world.caller("fund-regulator")
    await account(writer, MINE)
    await beside(writer)
    await sent(writer, MINE, "vendor-codes", CODES, no=NO)
    assert (await sent(writer, MINE, "contracts", both_rows(CONTRACT), no=NO))["accepted"] == 2
    return writer


def saying_whose(table: str) -> str:
    """The vendor's table with the institution's code as its last column."""
    head, row, _ = table.split("\r\n")
    return f"{head},机构编码\r\n{row},{{code}}\r\n"


async def test_a_row_that_says_whose_it_is_reaches_that_institutions_contract(world: Any) -> None:
    writer = await two_by_file(world)
    for kind, table in (("payments", saying_whose(PAYMENTS)), ("lessons", LESSON), ("refunds", saying_whose(REFUND))):
        receipt = await sent(writer, MINE, kind, table, no=NO, code="乙", by="乙")
        assert (receipt["accepted"], receipt["kept_aside"]) == (1, 0), kind
    found = await standing(world)
    assert found.pop(BY_FILE) == (0, 0)
    (other,) = found
    assert found[other] == (240_000, 10_000)
    assert [one["account_id"] for one in (await writer.get("/payments"))["items"]] == [str(BESIDE)]
    contract, _ = await world.host.log.state(CONTRACTS, other)
    assert set(contract.refunds) == {"TF-乙"}


async def test_lessons_of_a_contract_that_is_kept_aside_move_nobody_elses_money(world: Any) -> None:
    """Of two with one number the other one's row waits for its code; its lessons wait with it."""
    writer = world.caller("fund-regulator")
    await account(writer, MINE)
    await by_file(writer, MINE)
    await sent(writer, MINE, "payments", PAYMENTS, no=NO)
    before = await standing(world)
    for kind, table in (("contracts", CONTRACT), ("lessons", LESSON)):
        receipt = await sent(writer, MINE, kind, table, no=NO, code="乙", by="乙")
        assert (receipt["accepted"], receipt["kept_aside"]) == (0, 1), kind
    assert await standing(world) == before
    assert {row["code"] for row in (await writer.get("/kept-aside"))["items"]} == {"vendor-code-unknown"}
    assert (await sent(writer, MINE, "vendor-codes", CODES, no=NO))["came_right"] == 0, "that number is another's"
    await beside(writer)
    for again, what in enumerate(("the contract", "its lesson"), 1):
        assert (await sent(writer, MINE, "vendor-codes", CODES + "\r\n" * again))["came_right"] == 1, what
    assert (await writer.get("/kept-aside"))["items"] == []
    assert (await standing(world))[BY_FILE] == before[BY_FILE]
    assert (await world.replayed()).differences == 0


async def test_a_batch_signs_beside_the_same_number_of_another(world: Any) -> None:
    writer = world.caller("fund-regulator")
    await account(writer, MINE)
    await beside(writer)
    await by_file(writer, MINE)
    terms = {name: value for name, value in NEW_CONTRACT.items() if name != "contract_id"}
    record = {**terms, "contract_no": NO, "account_id": str(BESIDE)}
    for _ in range(2):
        answer = await writer.send("POST", "/contract-batches", json={"contracts": [record]})
        assert answer.is_success, answer.text
        assert answer.json()["refused"] == 0, answer.text
    assert len(await standing(world)) == 2


async def test_of_a_contract_beyond_reach_it_is_not_told_that_it_is_there(world: Any) -> None:
    mine, theirs = (world.caller("fund-regulator", f"writer-{region}", region=region) for region in (MINE, THEIRS))
    await account(mine, MINE)
    await account(theirs, THEIRS)
    await signed(theirs, THEIRS)
    receipt = await sent(mine, MINE, "payments", PAYMENTS, no=NO)
    assert (receipt["accepted"], receipt["kept_aside"]) == (0, 1)
    (row,) = (await mine.get("/kept-aside"))["items"]
    assert row["code"] == "contract-unknown"
    await by_file(mine, MINE)
    assert (await sent(mine, MINE, "vendor-codes", CODES, no=NO))["came_right"] == 1
    assert await standing(world) == {BY_FILE: (240_000, 0), SIGNED: (0, 0)}
