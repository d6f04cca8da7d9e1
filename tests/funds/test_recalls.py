"""A hold or a freeze over a batch under way: the bank is asked to cancel by itself, and its answer counts once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from funds.conftest import NOW
from funds.test_api import ACCOUNT, problem
from funds.test_contract_releases import BACK, RELEASES, WHY, sent, waiting
from funds.test_family_side import order
from funds.test_payments import LEGAL, PAYEE, batch, reported
from funds.test_refunds_to_the_bank import ORDER, REFUND, agreed
from mingjing_funds.bank import camt029
from mingjing_funds.bank.status_written import Status

LATE = NOW + timedelta(hours=1)


async def held(world: Any) -> tuple[Any, str]:
    """A release is with the bank, and a hold has come over it."""
    regulator, approver = world.caller("fund-regulator", "song"), world.caller("approver", "qin")
    batch_id = await sent(world, regulator)
    await regulator.send("POST", f"/accounts/{ACCOUNT}/release-hold/proposal", headers=LEGAL)
    approver.position = regulator.position
    assert (await approver.send("POST", f"/accounts/{ACCOUNT}/release-hold", headers=LEGAL)).is_success
    await world.host.runner.wait_for(await world.host.log.head())
    return regulator, batch_id


async def answer(regulator: Any, batch_id: str, content: bytes) -> Any:
    raw = {"Content-Type": "application/octet-stream"}
    said = await regulator.send("POST", f"/payment-batches/{batch_id}/recall-answers", content=content, headers=raw)
    assert said.status_code == 200, said.text
    return said.json()


def camt(batch_id: str, status: str, code: str = "", number: str = "BF1") -> bytes:
    return camt029.written("CX1", batch_id.replace("-", ""), [(number, status, code)], LATE)


def of_all(batch_id: str, at: datetime, line: bytes = b"") -> bytes:
    """An answer about the whole case; ``line`` stands where it would speak of single instructions."""
    whole = camt029.written("CX2", batch_id.replace("-", ""), [], at)
    for mark, more in ((b"<CxlDtls>", b"<Sts><Conf>CNCL</Conf></Sts><CxlDtls>"), (b"<OrgnlPmtInfAndSts/>", line)):
        assert mark in whole
        whole = whole.replace(mark, more)
    return whole


async def recalls(regulator: Any) -> list[tuple[str, str, str]]:
    return [(one["number"], one["state"], one["recall"]) for one in (await regulator.get("/payment-orders"))["items"]]


async def test_what_a_hold_stops_is_recalled_by_file_and_cancelled_by_the_banks_word(world: Any) -> None:
    regulator, batch_id = await held(world)
    assert await recalls(regulator) == [("BF1", "stopped", "asked")]
    path = f"/payment-batches/{batch_id}/recall"
    message = (await regulator.read(path)).content
    assert message == (await regulator.read(path)).content
    for part in (b"CstmrPmtCxlReq", b"<OrgnlEndToEndId>BF1<", b"LEGL", "监管部门暂停拨付".encode()):
        assert part in message
    assert "BF1" in (await regulator.read(path, format="csv")).text
    elsewhere = world.caller("fund-regulator", region="330108")
    assert (await elsewhere.read(path)).status_code == 404
    assert (await answer(regulator, batch_id, camt(batch_id, "PDCR")))["news"] == 0
    assert (await answer(regulator, batch_id, camt(batch_id, "ACCR")))["news"] == 1
    assert (await answer(regulator, batch_id, camt(batch_id, "ACCR")))["news"] == 0
    assert await recalls(regulator) == [("BF1", "refused", "cancelled")]
    assert problem(await regulator.read(path)) == (409, "nothing-to-recall")
    assert (await regulator.send("POST", BACK, json=WHY)).status_code == 200, "no letter of the bank is needed"
    assert (await order(regulator))["released_fen"] == 0
    said = await reported(regulator, batch_id, Status("BF1", "ACSC", LATE, flow="HP1"))
    assert said["contradicted"] == ["BF1"], "cancelled and carried out: the bank is asked which is so"
    assert (await world.replayed()).differences == 0


async def test_too_late_leaves_it_awaited_and_it_is_not_paid_twice(world: Any) -> None:
    regulator, batch_id = await held(world)
    table = "指令号,结果,原因,答复编号,答复时间\nBF1,已执行,已出账,R9,2026-07-01T11:00:00\n".encode("utf-8-sig")
    assert (await answer(regulator, batch_id, table))["news"] == 1
    assert await recalls(regulator) == [("BF1", "stopped", "refused")]
    for letter in ({}, {"recall_no": "函9"}):
        answered = await regulator.send("POST", BACK, json=WHY | letter)
        assert problem(answered) == (409, "instruction-under-way"), "it pays: a letter is no ground to pay again"
    await reported(regulator, batch_id, Status("BF1", "ACSC", LATE, flow="HP1"))
    await world.host.runner.wait_for(await world.host.log.head())
    assert await waiting(regulator) == [("BF1", "executed")]
    assert (await answer(regulator, batch_id, camt(batch_id, "ACCR")))["contradicted"] == ["BF1"]
    assert problem(await regulator.send("POST", BACK, json=WHY)) == (409, "instruction-under-way")
    second = {"instruction_no": "BF2", "amount_fen": 12_497}
    assert problem(await regulator.send("POST", RELEASES, json=second)) == (409, "release-too-high")


async def test_all_are_cancelled_says_nothing_of_what_was_asked_later_or_is_spoken_of_alone(world: Any) -> None:
    regulator, batch_id = await held(world)
    line = (b"<OrgnlPmtInfAndSts><TxInfAndSts><OrgnlEndToEndId>BF1</OrgnlEndToEndId><TxCxlSts>PACR</TxCxlSts>"
            b"</TxInfAndSts></OrgnlPmtInfAndSts>")  # fmt: skip
    for content in (of_all(batch_id, NOW - timedelta(minutes=1)), of_all(batch_id, LATE, line)):
        assert (await answer(regulator, batch_id, content))["news"] == 0
        assert await recalls(regulator) == [("BF1", "stopped", "asked")]
    assert (await answer(regulator, batch_id, of_all(batch_id, LATE)))["news"] == 1
    assert await recalls(regulator) == [("BF1", "refused", "cancelled")]


async def test_a_refund_whose_recall_was_refused_has_not_failed_whatever_letter_is_named(world: Any) -> None:
    regulator, approver = await agreed(world), world.caller("approver", "qian")
    assert (await approver.send("POST", f"/accounts/{ACCOUNT}/settlement-account", json=PAYEE)).is_success
    assert (await regulator.send("POST", f"{REFUND}/instruction", json=ORDER)).is_success
    batch_id = (await batch(regulator))["batch_id"]
    frozen = {"order_no": "执1", "authority": "法院", "legal_basis": "民事诉讼法", "frozen_on": "2026-07-01"}
    assert (await regulator.send("POST", f"/accounts/{ACCOUNT}/freezes", json=frozen)).is_success
    assert (await answer(regulator, batch_id, camt(batch_id, "RJCR", number="TK-1")))["news"] == 1
    body = {"instruction_no": "TK-1", "reason": "已撤回", "recall_no": "函9"}
    failed = await regulator.send("POST", f"{REFUND}/failure", json=body)
    assert problem(failed) == (409, "instruction-under-way")


async def test_a_freeze_recalls_refunds_too_and_they_are_instructed_anew_when_it_is_over(world: Any) -> None:
    regulator, approver = await agreed(world), world.caller("approver", "qian")
    assert (await approver.send("POST", f"/accounts/{ACCOUNT}/settlement-account", json=PAYEE)).is_success
    assert (await regulator.send("POST", f"{REFUND}/instruction", json=ORDER)).is_success
    batch_id = (await batch(regulator))["batch_id"]
    frozen = {"order_no": "执1", "authority": "法院", "legal_basis": "民事诉讼法", "frozen_on": "2026-07-01"}
    assert (await regulator.send("POST", f"/accounts/{ACCOUNT}/freezes", json=frozen)).is_success
    await world.host.runner.wait_for(await world.host.log.head())
    assert await recalls(regulator) == [("TK-1", "stopped", "asked")]
    assert (await answer(regulator, batch_id, camt(batch_id, "ACCR", number="TK-1")))["news"] == 1
    failed = await regulator.send("POST", f"{REFUND}/failure", json={"instruction_no": "TK-1", "reason": "已撤回"})
    assert failed.is_success, failed.text
    lifting = {"order_no": "执1", "document_no": "解1", "unfrozen_on": "2026-07-01"}
    assert (await regulator.send("POST", f"/accounts/{ACCOUNT}/freezes/lifting", json=lifting)).is_success
    await world.host.runner.wait_for(await world.host.log.head())
    again = await regulator.send("POST", f"{REFUND}/instruction", json=ORDER | {"instruction_no": "TK-2"})
    assert again.is_success, again.text
    assert (await batch(regulator))["items"] == 1
    assert (await world.replayed()).differences == 0


async def test_an_answer_on_another_batch_or_in_no_known_form_changes_nothing(world: Any) -> None:
    regulator, batch_id = await held(world)
    raw, path = {"Content-Type": "application/octet-stream"}, f"/payment-batches/{batch_id}/recall-answers"
    other = camt("00000000000000000000000000000009", "ACCR")
    for content in (other, b"hello", b"<x/>", "指令号,结果,原因,答复编号,答复时间\nBF1,也许,,R9,2026-07-01\n".encode()):
        refused = await regulator.send("POST", path, content=content, headers=raw)
        assert refused.status_code == 422, refused.text
    assert await recalls(regulator) == [("BF1", "stopped", "asked")]
