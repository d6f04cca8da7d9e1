"""Which facts run which clock of families and institutions, and what is asked of a contract when one has run out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from funds.domain.test_contract import ACCOUNT, AT, SIGNED, TERMS
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import lesson, order, refund
from mingjing_funds.projections.deadlines import DEADLINES
from mingjing_kernel.deadlines import Due
from mingjing_kernel.log import Recorded

CONTRACT = UUID(int=3)
ON = date(2026, 3, 31)
WHO: dict[str, Any] = {"account_id": ACCOUNT, "refund_no": "TF1"}
ASKED = lesson.ConfirmationAsked(
    account_id=ACCOUNT, request_id=UUID(int=4), lesson_no="KX1", working_days=15, policy_version="", asked_on=ON
)
REVIEWED = refund.RefundPutForReview(**WHO, review=refund.Review(policy_version="", asked_on=ON))
PAYABLE = refund.RefundPayable(**WHO, amount_fen=1, payable_on=ON, pay_by=date(2026, 4, 15))


def clock(*events: Any, rule: str) -> dict[str, Any] | None:
    """The row of this rule after the facts."""
    rows: dict[Any, Any] = {}
    for number, event in enumerate(events, start=1):
        moment = datetime(2026, 3, 1, tzinfo=UTC)
        fact = Recorded(number, f"contract-{CONTRACT}", number, "", event, b"{}", moment, moment)
        for key in DEADLINES.keys(fact):
            rows[key] = DEADLINES.fold(key, rows.get(key), fact)
    return next((row for key, row in rows.items() if key[1] == rule), None)


def asks(rule: str, thing: str, on: date) -> Any:
    """The command when the clock of a thing has run out."""
    command = DEADLINES.by_name[rule].command
    assert command is not None
    return command(Due(id=CONTRACT, thing=thing, started_on=ON, due_on=ON, on=on))


def test_a_familys_silence_is_counted_in_working_days_and_ends_with_her_word() -> None:
    row = clock(ASKED, rule="lesson-confirmation")
    assert row is not None
    assert (row["thing"], row["due_on"], row["working_days"]) == ("KX1", date(2026, 4, 22), 15)  # 6 April is a holiday
    assert clock(ASKED, lesson.ConfirmationEnded(lesson_no="KX1", ended_on=ON), rule="lesson-confirmation") is None
    assert asks("lesson-confirmation", "KX1", ON) == lesson.ConfirmBySilence(lesson_no="KX1", on=ON)


def test_an_institutions_silence_agrees_after_five_working_days() -> None:
    row = clock(REVIEWED, rule="refund-review")
    assert row is not None
    assert row["due_on"] == date(2026, 4, 8)
    answered = c.RefundAnswered(**WHO, answer="agreed", amount_fen=1, answered_on=ON)
    objected = refund.CoolingOffObjected(**WHO, reason="", objected_on=ON)
    assert clock(REVIEWED, answered, rule="refund-review") is None
    assert clock(REVIEWED, objected, rule="refund-review") is None
    assert asks("refund-review", "TF1", ON) == refund.AgreeBySilence(refund_no="TF1", on=ON)


def test_payment_stands_still_for_a_court_and_stays_listed_when_it_is_late() -> None:
    stayed = refund.RefundStayed(**WHO, reference="执1号", stayed_on=ON + timedelta(days=5))
    resumed = refund.RefundResumed(**WHO, reference="执1号", resumed_on=ON + timedelta(days=25))
    waits = clock(PAYABLE, stayed, rule="refund-payment")
    assert waits is not None
    assert waits["paused_on"] == ON + timedelta(days=5)
    goes_on = clock(PAYABLE, stayed, resumed, rule="refund-payment")
    assert goes_on is not None
    assert (goes_on["due_on"], goes_on["paused_on"]) == (date(2026, 5, 5), None)
    late = refund.RefundOverdue(**WHO, amount_fen=1, pay_by=PAYABLE.pay_by, noted_on=date(2026, 4, 16))
    noted = clock(PAYABLE, late, rule="refund-payment")
    assert noted is not None
    assert noted["fired_on"] == date(2026, 4, 16)
    assert clock(PAYABLE, late, c.RefundPaid(**WHO, amount_fen=1, paid_on=ON), rule="refund-payment") is None
    assert asks("refund-payment", "TF1", ON) == refund.NoteRefundOverdue(refund_no="TF1", on=ON)


def test_a_contract_ends_only_where_it_was_signed_here() -> None:
    assert clock(SIGNED, rule="contract-term") is None  # of a vendor's file
    here = replace(SIGNED, terms=replace(TERMS, vendor_code="", signed_at=AT))
    row = clock(here, rule="contract-term")
    assert row is not None
    assert row["due_on"] == TERMS.ends_on
    assert asks("contract-term", "", ON) == order.ExpireContract(on=ON)
