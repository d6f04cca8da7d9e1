"""X21: the handler of a complaint asks what stands in the ledger of an order, and is answered by itself."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from funds.domain.test_contract import TERMS
from funds.test_api import CONTRACT, INSTITUTION, NEW_CONTRACT
from funds.test_contract_releases import RELEASES, SHARE
from funds.test_family_side import CONTRACT_AT, paid
from funds.test_payments import taught
from mingjing_contracts.funds import LedgerExtractStatedV1
from mingjing_contracts.inspection import LedgerExtractAskedV1
from mingjing_funds.domain import extract_rules
from mingjing_funds.domain.contract import Delivery, Drafted, Signed
from mingjing_funds.domain.ledger_extract import LedgerExtractStated, StateExtract
from mingjing_funds.service import SERVICE

ASKED = LedgerExtractAskedV1(
    request_id=UUID(int=0x71), track_id=UUID(int=0x72), contract_id=CONTRACT, institution_id=INSTITUTION,
    purpose="核实退费争议 13812345678", by="mediator-li", asked_at=datetime(2026, 7, 1, 3, tzinfo=UTC),
)  # fmt: skip


async def answered(world: Any, asked: LedgerExtractAskedV1 = ASKED) -> LedgerExtractStatedV1:
    """What is told back."""
    before = await world.host.log.head()
    await world.tell(asked)
    facts = [fact for fact in await world.host.log.read(before, 1_000) if isinstance(fact.event, LedgerExtractStated)]
    (fact,) = facts
    told = SERVICE.outbound[LedgerExtractStated](fact)
    assert isinstance(told, LedgerExtractStatedV1)
    assert (fact.event.asked_by, "13812345678" in fact.event.purpose) == ("mediator-li", False), (
        "on record, and redacted"
    )
    return told


async def test_the_ledger_is_stated_as_it_stands_and_names_nobody(world: Any) -> None:
    regulator = world.caller("fund-regulator", "song")
    await paid(regulator, opening_fen=900_000)
    await world.credited(900_000)
    await taught(regulator)
    assert (await regulator.send("POST", RELEASES, json=SHARE)).status_code == 201
    ask = {"refund_no": "TF1", "amount_fen": 100_000, "reason": "孩子武玲帆生病"}
    assert (await regulator.send("POST", f"{CONTRACT_AT}/refunds", json=ask)).is_success
    told = await answered(world)
    assert (told.request_id, told.track_id, told.is_known, told.contract_no) == (
        ASKED.request_id, ASKED.track_id, True, "HT-1",
    )  # fmt: skip
    assert (told.paid_fen, told.earned_fen, told.released_fen, told.remaining_fen) == (299_900, 24_991, 12_495, 274_909)
    assert told.paid_fen == told.earned_fen + told.refunded_fen + told.transferred_fen + told.remaining_fen
    assert [(line.kind, line.reference, line.amount_fen) for line in told.lines] == [
        ("payment", "JF1", 299_900), ("refund", "TF1", 100_000), ("release", "BF1", 12_495),
    ]  # fmt: skip
    said = json.dumps(told.model_dump(mode="json"), ensure_ascii=False)
    people = (NEW_CONTRACT["pupil"]["name"], NEW_CONTRACT["guardian"]["name"], "生病", "19900000686")  # type: ignore[index]
    assert not any(name in said for name in people)
    assert (await world.replayed()).differences == 0


async def test_an_order_that_nobody_knows_is_answered_too(world: Any) -> None:
    told = await answered(world, ASKED.model_copy(update={"contract_id": UUID(int=0x99)}))
    assert (told.is_known, told.contract_no, told.lines) == (False, "", ())
    regulator = world.caller("fund-regulator", "song")
    assert (await regulator.get("/contracts"))["items"] == []
    assert (await world.replayed()).differences == 0


@pytest.mark.parametrize("about", [UUID(int=9), None])
async def test_a_complaint_about_another_institution_is_told_nothing_of_the_order(world: Any, about: Any) -> None:
    await paid(world.caller("fund-regulator", "song"), opening_fen=900_000)
    told = await answered(world, ASKED.model_copy(update={"institution_id": about}))
    assert (told.is_known, told.contract_no, told.price_fen, told.paid_fen, told.lines) == (False, "", 0, 0, ())


def test_an_order_of_an_unnamed_institution_is_of_whoever_has_its_account() -> None:
    contract = Signed(replace(TERMS, institution_id=None), Delivery())
    asked = StateExtract(
        request_id=ASKED.request_id, track_id=ASKED.track_id, institution_id=INSTITUTION,
        account_institution_id=INSTITUTION, purpose="", asked_by="", on=ASKED.asked_at.date(),
    )  # fmt: skip
    assert [one.is_known for one in extract_rules.state(asked, contract)] == [True]
    for other in (replace(asked, account_institution_id=None), replace(asked, institution_id=UUID(int=9))):
        assert [one.is_known for one in extract_rules.state(other, contract)] == [False]
    assert not extract_rules.state(asked, Drafted(TERMS))[0].is_known
