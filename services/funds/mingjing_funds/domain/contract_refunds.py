"""Refunds of a contract (退费): asked for, answered, paid. The one rule: never more than what is left."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from mingjing_funds.domain import contract as c
from mingjing_funds.domain import contract_refusals as because
from mingjing_funds.domain.money import yuan


def request(command: c.RequestRefund, contract: c.Paid) -> list[c.RefundRequested]:
    """A family asks for what is left."""
    known = contract.refunds.get(command.refund_no)
    if known is not None:
        if known.amount_fen == command.amount_fen:
            return []
        raise _differs(known, command.amount_fen)
    if command.amount_fen <= 0:
        raise because.AmountNotPositive
    if command.amount_fen > contract.remaining_fen():
        raise because.RefundTooHigh(amount_fen=yuan(command.amount_fen), remaining_fen=yuan(contract.remaining_fen()))
    return [
        c.RefundRequested(
            account_id=contract.terms.account_id,
            refund_no=command.refund_no,
            amount_fen=command.amount_fen,
            remaining_fen=contract.remaining_fen(),
            reason=command.reason,
            requested_at=command.requested_at,
        )
    ]


def answer(command: c.AnswerRefund, contract: c.Paid) -> list[c.RefundAnswered]:
    """The institution answers, or its silence does."""
    refund = _refund(contract, command.refund_no)
    wanted = "refused" if command.answer == "refused" else "agreed"
    if refund.standing == wanted or (refund.standing == "paid" and wanted == "agreed"):
        return []
    if refund.standing in ("agreed", "paid"):
        raise because.RefundAnswered(refund_no=refund.refund_no, standing=refund.standing)
    return [
        c.RefundAnswered(
            account_id=contract.terms.account_id,
            refund_no=command.refund_no,
            answer=command.answer,
            amount_fen=refund.amount_fen,
            answered_on=command.answered_on,
        )
    ]


def pay(command: c.PayRefund, contract: c.Paid) -> list[c.RefundPaid]:
    """The bank has paid."""
    refund = _refund(contract, command.refund_no)
    if command.amount_fen != refund.amount_fen:
        raise _differs(refund, command.amount_fen)
    if refund.standing == "paid":
        return []
    if refund.standing != "agreed":
        raise because.RefundNotAgreed(refund_no=command.refund_no, standing=refund.standing)
    if command.amount_fen > contract.remaining_fen():
        raise because.RefundTooHigh(amount_fen=yuan(command.amount_fen), remaining_fen=yuan(contract.remaining_fen()))
    return [
        c.RefundPaid(
            account_id=contract.terms.account_id,
            refund_no=command.refund_no,
            amount_fen=command.amount_fen,
            paid_on=command.paid_on,
        )
    ]


def after(contract: c.Paid, event: c.RefundRequested | c.RefundAnswered | c.RefundPaid) -> c.Paid:
    """The contract after a fact about a refund."""
    match event:
        case c.RefundRequested():
            return _with(contract, c.Refund(event.refund_no, event.amount_fen, "requested"))
        case c.RefundAnswered():
            refused = event.answer == "refused"
            return _with(contract, c.Refund(event.refund_no, event.amount_fen, "refused" if refused else "agreed"))
        case c.RefundPaid():
            paid = _with(contract, c.Refund(event.refund_no, event.amount_fen, "paid"))
            return replace(paid, refunded_fen=paid.refunded_fen + event.amount_fen)
        case _:
            assert_never(event)


def _with(contract: c.Paid, refund: c.Refund) -> c.Paid:
    return replace(contract, refunds={**contract.refunds, refund.refund_no: refund})


def _refund(contract: c.Paid, refund_no: str) -> c.Refund:
    if refund_no not in contract.refunds:
        raise because.RefundUnknown(refund_no=refund_no)
    return contract.refunds[refund_no]


def _differs(refund: c.Refund, amount_fen: int) -> because.RefundDiffers:
    return because.RefundDiffers(
        refund_no=refund.refund_no, known_fen=yuan(refund.amount_fen), amount_fen=yuan(amount_fen)
    )
