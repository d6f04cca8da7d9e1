"""Who did it, why and on what basis: beside every fact, whatever led to it."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from funds.test_api import ACCOUNT, CONTRACT, CSV, INSTITUTION, NEW_CONTRACT, PAYMENT, REGISTERED, opened
from mingjing_contracts.funds import CustodyAccountClosedV1
from mingjing_contracts.registry import (
    BlacklistEndedV1,
    BlacklistPublishedV1,
    InstitutionAmendedV1,
    LicenceCancelledV1,
    LicenceReinstatedV1,
    LicenceRevokedV1,
    LicenceSuspendedV1,
)
from mingjing_funds.domain import account, alert, contract, kept_aside_row
from mingjing_funds.service import SERVICE

DAY = date(2026, 7, 1)
LESSON = {"lesson_no": "KX1", "held_on": "2026-07-01", "standing": "confirmed"}
LEGAL = {"Mingjing-Reason": "withheld", "Mingjing-Legal-Basis": "L1"}


async def facts(world: Any) -> list[Any]:
    """The whole log."""
    found: list[Any] = await world.host.log.read(0, 10_000)
    return found


async def test_every_fact_over_http_names_its_actor_and_the_reason_that_was_given(world: Any) -> None:
    regulator, approver = world.caller("fund-regulator", "song"), world.caller("approver", "qin")
    await opened(regulator)
    writes = [
        (regulator, "/contracts", NEW_CONTRACT, {}),
        (regulator, f"/contracts/{CONTRACT}/payment", PAYMENT, {}),
        (regulator, f"/contracts/{CONTRACT}/lessons", LESSON, {}),
        (regulator, f"/contracts/{CONTRACT}/refunds", {"refund_no": "T1", "amount_fen": 9_000, "reason": "moved"}, {}),
        (regulator, f"/contracts/{CONTRACT}/refunds/T1/answer", {"answer": "agreed"}, {}),
        (regulator, f"/accounts/{ACCOUNT}/release-hold/proposal", {}, LEGAL),
        (approver, f"/accounts/{ACCOUNT}/release-hold", {}, LEGAL),
        (approver, f"/accounts/{ACCOUNT}/release-hold/lifting", {}, LEGAL),
        (regulator, "/alerts/evaluations?day=2026-07-01", {}, {}),
    ]
    for caller, path, body, headers in writes:
        answer = await caller.send("POST", path, json=body, headers=headers)
        assert answer.is_success, (path, answer.text)
        caller.position = regulator.position = answer.headers.get("Mingjing-Position", caller.position)
        await caller.get("/accounts")
    table = "机构编码,机构名称,统一社会信用代码,监管专户\r\nJG1,木铎轩,,62990\r\n".encode()
    await regulator.send("POST", "/files/vendor-codes", content=table, headers=CSV)
    (row,) = (await regulator.get("/kept-aside"))["items"]
    await regulator.send("POST", f"/kept-aside/{row['row_id']}/dismissal", json={"reason": "no such account"})
    found = await facts(world)
    others = {fact.type for fact in found if fact.meta.actor not in ("song", "qin")}
    assert others <= {"kernel.reads-noted.v1"}  # what was read is noted by the service itself
    reasons = {type(fact.event): (fact.meta.reason, fact.meta.legal_basis) for fact in found}
    assert reasons[contract.RefundRequested] == ("moved", "")
    assert reasons[kept_aside_row.RowDismissed] == ("no such account", "")
    assert reasons[account.ReleaseHoldApplied] == reasons[account.ReleaseHoldLifted] == ("withheld", "L1")
    assert alert.Evaluated in reasons


async def test_what_follows_from_another_service_says_why_and_from_what(world: Any) -> None:
    told = {"institution_id": INSTITUTION, "on": DAY}
    decided = {"decision_reference": "1号", "reason": "r"}
    await world.tell(REGISTERED)
    await world.tell(
        InstitutionAmendedV1(**REGISTERED.model_dump() | {"changed": ("short_name",), "short_name": "木铎"})
    )
    await world.tell(LicenceSuspendedV1(**told, **decided))
    await world.tell(LicenceReinstatedV1(**told, decision_reference="2号"))
    await world.tell(LicenceRevokedV1(**told, **decided))
    await world.tell(LicenceCancelledV1(**told | {"institution_id": UUID(int=0x31)}, reason="r"))
    found = await facts(world)
    assert [fact.meta.reason for fact in found] == [
        "institution-registered",
        "institution-amended",
        "licence-suspended",
        "licence-reinstated",
        "licence-revoked",
        "licence-cancelled",
    ]
    assert all(fact.meta.legal_basis and fact.meta.actor.startswith("system:") for fact in found)
    assert all(fact.meta.causation.startswith("registry-") for fact in found)


async def test_the_others_are_told_that_an_account_has_closed(world: Any) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator, opening_fen=0)
    for path, body in (("closing-request", {"department_consents": True}), ("closing", {})):
        answer = await regulator.send("POST", f"/accounts/{ACCOUNT}/{path}", json=body)
        assert answer.is_success, answer.text
        await regulator.get("/accounts")
    closed = next(fact for fact in await facts(world) if isinstance(fact.event, account.AccountClosed))
    assert SERVICE.outbound[account.AccountClosed](closed) == CustodyAccountClosedV1(
        account_id=ACCOUNT, institution_id=INSTITUTION, closed_on=DAY
    )


async def test_a_blacklisting_proposes_a_hold_once_and_the_last_that_ends_takes_it_back(
    world: Any,
) -> None:
    regulator = world.caller("fund-regulator")
    await opened(regulator)
    listed = BlacklistPublishedV1(
        listing_id=UUID(int=8), institution_id=INSTITUTION, name="木铎", code="", grade="serious",
        document_number="西教列〔2026〕1号", ends_on=date(2029, 6, 17), on=DAY,
    )  # fmt: skip
    await world.tell(listed)
    await world.tell(listed.model_copy(update={"listing_id": UUID(int=9)}))
    await world.tell(listed.model_copy(update={"institution_id": None}))
    proposed = [fact for fact in await facts(world) if isinstance(fact.event, account.ReleaseHoldProposed)]
    assert [fact.meta.reason for fact in proposed] == ["institution-blacklisted"]
    (row,) = (await regulator.get("/accounts"))["items"]
    assert row["state"] == "active"

    first, second = (
        BlacklistEndedV1(listing_id=UUID(int=number), institution_id=INSTITUTION, cause="annulled", on=DAY)
        for number in (8, 9)
    )
    await world.tell(first)
    assert account.ReleaseHoldProposalWithdrawn not in {type(fact.event) for fact in await facts(world)}
    await world.tell(second)
    await world.tell(second.model_copy(update={"institution_id": None}))
    (withdrawn,) = [fact for fact in await facts(world) if isinstance(fact.event, account.ReleaseHoldProposalWithdrawn)]
    assert (withdrawn.meta.reason, withdrawn.event.reason) == ("blacklisting-ended", "blacklisting-ended: annulled")
    await world.tell(listed.model_copy(update={"listing_id": UUID(int=10)}))
    assert len([fact for fact in await facts(world) if isinstance(fact.event, account.ReleaseHoldProposed)]) == 2

    # Approved meanwhile, it stands until a person lifts it; the end of the listing asks for that, and says why.
    approver = world.caller("approver")
    answer = await approver.send("POST", f"/accounts/{ACCOUNT}/release-hold", json={}, headers=LEGAL)
    assert answer.is_success, answer.text
    third = first.model_copy(update={"listing_id": UUID(int=10)})
    await world.tell(third)
    await world.tell(third)
    (row,) = (await regulator.get("/accounts"))["items"]
    assert (row["state"], row["lift_proposed_because"]) == ("release-hold", "blacklisting-ended: annulled")
    lifted = await approver.send("POST", f"/accounts/{ACCOUNT}/release-hold/lifting", json={}, headers=LEGAL)
    assert lifted.is_success, lifted.text
    regulator.position = lifted.headers["Mingjing-Position"]
    (row,) = (await regulator.get("/accounts"))["items"]
    assert (row["state"], row["lift_proposed_because"]) == ("active", "")
