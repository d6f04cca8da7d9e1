"""Refunds of a contract (退费): asked for, answered, paid. The one rule: never more than what is left.

What was only reported from elsewhere is taken as it is; what is asked for here (``review``) has clocks, keeps its money
once it is agreed, and is agreed at most up to what lessons have left by then.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import assert_never

from mingjing_funds.domain import contract as c
from mingjing_funds.domain import contract_refusals as because
from mingjing_funds.domain import refund as r
from mingjing_funds.domain.money import yuan
from mingjing_kernel.state import changed

_AGREED = r.PROMISED | {r.RefundStanding.PAID, r.RefundStanding.CLOSED}


def request(command: c.RequestRefund, contract: c.Paid) -> list[c.Event]:
    """A family asks for what is left."""
    known = contract.refunds.get(command.refund_no)
    if known is not None:
        if known.asked_fen == command.amount_fen:
            return []
        raise differs(known, command.amount_fen)
    if command.amount_fen <= 0:
        raise because.AmountNotPositive
    require_left(command.amount_fen, contract)
    if command.review is not None and command.review.kind is r.RefundKind.COOLING_OFF:
        _require_cooling_off(command, command.review, contract)
    requested = c.RefundRequested(
        account_id=contract.terms.account_id,
        refund_no=command.refund_no,
        amount_fen=command.amount_fen,
        remaining_fen=contract.remaining_fen(),
        reason=command.reason,
        requested_at=command.requested_at,
    )
    if command.review is None:
        return [requested]
    account_id, no = contract.terms.account_id, command.refund_no
    return [requested, r.RefundPutForReview(account_id=account_id, refund_no=no, review=command.review)]


def answer(command: c.AnswerRefund, contract: c.Paid) -> list[c.Event]:
    """The institution answers, or (of what was reported from elsewhere) its silence does."""
    refund = found(contract, command.refund_no)
    is_refusal = command.answer == "refused"
    if refund.standing in _AGREED:
        if is_refusal:
            raise because.RefundAnswered(refund_no=refund.refund_no, standing=refund.standing)
        return []
    if is_refusal and refund.standing is r.RefundStanding.REFUSED:
        return []
    if refund.standing is r.RefundStanding.MEDIATION:
        raise because.RefundNotInState(refund_no=refund.refund_no, standing=refund.standing)
    return agreed(refund, command.answer, command.answered_on, contract)


def agreed(refund: r.Refund, word: c.RefundWord, on: date, contract: c.Paid) -> list[c.Event]:
    """The answer; what is agreed here is to be paid by a day, and no more than is left."""
    amount_fen = refund.amount_fen
    if refund.review is not None and word != "refused":
        amount_fen = min(amount_fen, contract.remaining_fen() - contract.promised_fen())
        if amount_fen <= 0:
            return [closed(refund, r.RefundEnd.NOTHING_LEFT, "", on, contract)]
    answered = c.RefundAnswered(
        account_id=contract.terms.account_id,
        refund_no=refund.refund_no,
        answer=word,
        amount_fen=amount_fen,
        answered_on=on,
    )
    if refund.review is None or word == "refused":
        return [answered]
    return [answered, payable(refund.refund_no, amount_fen, on, pay_days(refund.review, contract), contract)]


def pay(command: c.PayRefund, contract: c.Paid) -> list[c.RefundPaid]:
    """The bank has paid."""
    refund = found(contract, command.refund_no)
    if command.amount_fen != refund.amount_fen:
        raise differs(refund, command.amount_fen)
    if refund.standing is r.RefundStanding.PAID or refund.end is r.RefundEnd.PAID:
        return []
    if refund.standing not in r.PROMISED:
        raise because.RefundNotAgreed(refund_no=command.refund_no, standing=refund.standing)
    require_left(command.amount_fen, contract, but=command.refund_no)
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
            asked = r.Refund(event.refund_no, event.amount_fen, r.RefundStanding.REQUESTED, event.amount_fen)
            return noted(contract, asked)
        case c.RefundAnswered():
            before, standing = found(contract, event.refund_no), _STANDINGS[event.answer]
            return noted(contract, replace(before, amount_fen=event.amount_fen, standing=standing))
        case c.RefundPaid():
            before = found(contract, event.refund_no)
            paid = noted(contract, replace(before, standing=r.RefundStanding.PAID))
            return changed(paid, refunded_fen=paid.refunded_fen + event.amount_fen)
        case _:
            assert_never(event)


_STANDINGS: dict[c.RefundWord, r.RefundStanding] = {
    "agreed": r.RefundStanding.AGREED,
    "auto-agreed": r.RefundStanding.AUTO_AGREED,
    "refused": r.RefundStanding.REFUSED,
}


def noted(contract: c.Paid, refund: r.Refund) -> c.Paid:
    """The contract with this refund as it stands now."""
    return changed(contract, refunds={**contract.refunds, refund.refund_no: refund})


def found(contract: c.Paid, refund_no: str) -> r.Refund:
    """One of its refunds. Raises ``RefundUnknown``."""
    if refund_no not in contract.refunds:
        raise because.RefundUnknown(refund_no=refund_no)
    return contract.refunds[refund_no]


def require_left(amount_fen: int, contract: c.Paid, but: str = "") -> None:
    """Raise ``RefundTooHigh`` unless so much is left beside what is promised already."""
    left = contract.remaining_fen() - contract.promised_fen(but)
    if amount_fen > left:
        raise because.RefundTooHigh(amount_fen=yuan(amount_fen), remaining_fen=yuan(left))


def payable(refund_no: str, amount_fen: int, on: date, days: int, contract: c.Paid) -> r.RefundPayable:
    """From this day on it is to be paid."""
    return r.RefundPayable(
        account_id=contract.terms.account_id,
        refund_no=refund_no,
        amount_fen=amount_fen,
        payable_on=on,
        pay_by=on + timedelta(days=days),
    )


def pay_days(review: r.Review, contract: c.Paid) -> int:
    """Beijing: sooner where teaching has not begun."""
    has_begun = contract.delivery.used > 0 or review.asked_on >= contract.terms.starts_on
    return review.pay_days if has_begun else review.pay_days_before_start


def closed(refund: r.Refund, end: r.RefundEnd, reason: str, on: date, contract: c.Paid) -> r.RefundClosed:
    """It is over."""
    return r.RefundClosed(
        account_id=contract.terms.account_id, refund_no=refund.refund_no, end=end, reason=reason, closed_on=on
    )


def differs(refund: r.Refund, amount_fen: int) -> because.RefundDiffers:
    """The same number with another amount."""
    return because.RefundDiffers(
        refund_no=refund.refund_no, known_fen=yuan(refund.amount_fen), amount_fen=yuan(amount_fen)
    )


def _require_cooling_off(command: c.RequestRefund, review: r.Review, contract: c.Paid) -> None:
    """Seven days, and nothing of the service had; then it is the whole price."""
    last = contract.paid_on + timedelta(days=review.cooling_off_days)
    if review.asked_on > last or review.had_before or contract.delivery.used:
        raise because.CoolingOffOver(days=review.cooling_off_days, paid_on=contract.paid_on)
    if command.amount_fen != contract.paid_fen:
        raise because.CoolingOffWhole(paid_fen=yuan(contract.paid_fen))
