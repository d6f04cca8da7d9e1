"""A refund's further steps (退费流程): silence, objection, mediation, instruction, failure, stay and end.

The one rule: what is agreed stays agreed and its money stays here; only a court's order stops its payment.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from mingjing_funds.domain import contract as c
from mingjing_funds.domain import contract_refusals as because
from mingjing_funds.domain import refund as r
from mingjing_funds.domain.contract_refunds import (
    agreed,
    closed,
    differs,
    found,
    noted,
    pay_days,
    payable,
    require_left,
)
from mingjing_kernel.state import changed

_WITHDRAWABLE = r.ASKED | {r.RefundStanding.REFUSED, r.RefundStanding.MEDIATION}


def decide(command: r.Command, contract: c.Paid) -> list[c.Event]:
    """Which facts follow."""
    return _answer(command, contract) if isinstance(command, r.Answering) else [*_pay(command, contract)]


def evolve(contract: c.Paid, event: r.Event) -> c.Paid:
    """The contract after a step of one of its refunds."""
    if isinstance(event, r.RefundGranted):
        granted = r.Refund(event.refund_no, event.amount_fen, r.RefundStanding.AGREED, event.amount_fen, is_kept=True)
        return noted(contract, granted)
    before = found(contract, event.refund_no)
    if isinstance(event, r.RefundReturned):
        contract = changed(contract, refunded_fen=contract.refunded_fen - event.amount_fen)
    return noted(contract, _paying(before, event) if isinstance(event, r.PaymentStep) else _answered(before, event))


def _answer(command: r.Answering, contract: c.Paid) -> list[c.Event]:
    match command:
        case r.AgreeBySilence():
            return _fall_silent(command, contract)
        case r.ObjectToCoolingOff():
            return [*_object(command, contract)]
        case r.TakeToMediation():
            return [*_mediate(command, contract)]
        case r.EndMediation():
            return [*_end_mediation(command, contract)]
        case r.GrantRefund():
            return [*_grant(command, contract)]
        case _:
            assert_never(command)


def _pay(command: r.Paying, contract: c.Paid) -> list[r.Event]:
    match command:
        case r.InstructRefund():
            return _instruct(command, contract)
        case r.FailRefund():
            return _fail(command, contract)
        case r.ReturnRefund():
            return _return(command, contract)
        case r.NoteRefundOverdue():
            return _overdue(command, contract)
        case r.StayRefund():
            return _stay(command, contract)
        case r.ResumeRefund():
            return _resume(command, contract)
        case r.CloseRefund():
            return _close(command, contract)
        case _:
            assert_never(command)


_Answer = r.RefundPutForReview | r.CoolingOffObjected | r.RefundTakenToMediation | r.MediationEnded | r.RefundPayable


def _answered(refund: r.Refund, event: _Answer) -> r.Refund:
    match event:
        case r.RefundPutForReview():
            standing = r.RefundStanding.INSTITUTION_REVIEW
            return replace(refund, standing=standing, review=event.review, is_kept=True)
        case r.CoolingOffObjected():
            return replace(refund, standing=r.RefundStanding.REFUSED, is_objected=True)
        case r.RefundTakenToMediation():
            return replace(refund, standing=r.RefundStanding.MEDIATION)
        case r.MediationEnded(amount_fen=0):
            return refund  # its end follows
        case r.MediationEnded():
            return replace(refund, standing=r.RefundStanding.AGREED, amount_fen=event.amount_fen, is_kept=True)
        case r.RefundPayable():
            return replace(refund, payable_on=event.payable_on, pay_by=event.pay_by)
        case _:
            assert_never(event)


def _paying(refund: r.Refund, event: r.PaymentStep) -> r.Refund:
    match event:
        case r.RefundInstructed():
            instructions = (*refund.instructions, event.instruction_no)
            return replace(refund, standing=r.RefundStanding.INSTRUCTED, instructions=instructions)
        case r.RefundFailed():
            failed = refund.failed | {event.instruction_no}
            return replace(refund, standing=r.RefundStanding.FAILED, failed=failed)
        case r.RefundReturned():
            again = replace(refund, is_overdue=False, is_kept=True, end=None)
            return replace(again, standing=r.RefundStanding.FAILED, failed=refund.failed | {event.instruction_no})
        case r.RefundOverdue():
            return replace(refund, is_overdue=True)
        case r.RefundStayed():
            return replace(refund, stayed_on=event.stayed_on, stayed_by=event.reference)
        case r.RefundResumed():
            waited = event.resumed_on - (refund.stayed_on or event.resumed_on)
            return replace(refund, stayed_on=None, stayed_by="", pay_by=refund.pay_by and refund.pay_by + waited)
        case r.RefundClosed():
            return replace(refund, standing=r.RefundStanding.CLOSED, end=event.end)
        case _:
            assert_never(event)


def _fall_silent(command: r.AgreeBySilence, contract: c.Paid) -> list[c.Event]:
    """Nothing where the institution has answered."""
    refund = found(contract, command.refund_no)
    if refund.standing is not r.RefundStanding.INSTITUTION_REVIEW:
        return []
    return agreed(refund, "auto-agreed", command.on, contract)


def _object(command: r.ObjectToCoolingOff, contract: c.Paid) -> list[r.Event]:
    refund = found(contract, command.refund_no)
    if refund.is_objected:
        return []
    is_cooling_off = refund.review is not None and refund.review.kind is r.RefundKind.COOLING_OFF
    if not is_cooling_off or refund.standing is not r.RefundStanding.INSTITUTION_REVIEW:
        raise _not_in_state(refund)
    return [
        r.CoolingOffObjected(
            account_id=contract.terms.account_id,
            refund_no=refund.refund_no,
            reason=command.reason,
            objected_on=command.objected_on,
        )
    ]


def _mediate(command: r.TakeToMediation, contract: c.Paid) -> list[r.Event]:
    refund = found(contract, command.refund_no)
    if refund.standing is r.RefundStanding.MEDIATION:
        return []
    if refund.standing is not r.RefundStanding.REFUSED:
        raise _not_in_state(refund)
    return [
        r.RefundTakenToMediation(
            account_id=contract.terms.account_id,
            refund_no=refund.refund_no,
            reference=command.reference,
            mediated_on=command.mediated_on,
        )
    ]


def _end_mediation(command: r.EndMediation, contract: c.Paid) -> list[r.Event]:
    refund, on = found(contract, command.refund_no), command.ended_on
    if refund.standing is not r.RefundStanding.MEDIATION:
        raise _not_in_state(refund)
    if command.amount_fen < 0:
        raise because.AmountNotPositive
    require_left(command.amount_fen, contract)
    ended = r.MediationEnded(
        account_id=contract.terms.account_id,
        refund_no=refund.refund_no,
        amount_fen=command.amount_fen,
        reason=command.reason,
        ended_on=on,
    )
    if not command.amount_fen:
        return [ended, closed(refund, r.RefundEnd.REFUSED, command.reason, on, contract)]
    days = pay_days(refund.review, contract) if refund.review else r.PAY_DAYS
    return [ended, payable(refund.refund_no, command.amount_fen, on, days, contract)]


def _grant(command: r.GrantRefund, contract: c.Paid) -> list[r.Event]:
    known = contract.refunds.get(command.refund_no)
    if known is not None:
        if known.amount_fen == command.amount_fen:
            return []
        raise differs(known, command.amount_fen)
    if command.amount_fen <= 0:
        raise because.AmountNotPositive
    require_left(command.amount_fen, contract)
    granted = r.RefundGranted(
        account_id=contract.terms.account_id,
        refund_no=command.refund_no,
        list_id=command.list_id,
        owed_fen=command.owed_fen,
        amount_fen=command.amount_fen,
        granted_on=command.granted_on,
    )
    return [granted, payable(command.refund_no, command.amount_fen, command.granted_on, command.pay_days, contract)]


def _instruct(command: r.InstructRefund, contract: c.Paid) -> list[r.Event]:
    refund, no = found(contract, command.refund_no), command.instruction_no
    if refund.instructions[-1:] == (no,) and refund.standing is not r.RefundStanding.FAILED:
        return []
    if no in refund.instructions:
        raise because.InstructionUsed(instruction_no=no)
    if refund.standing not in r.PAYABLE:
        raise because.RefundNotAgreed(refund_no=refund.refund_no, standing=refund.standing)
    if command.frozen_by or refund.stayed_on is not None:
        raise because.FrozenByCourt(order=command.frozen_by or refund.stayed_by.removeprefix(r.COURT))
    if command.payment_no != contract.payment_no and not command.other_way_because.strip():
        raise because.OriginalRouteOnly(payment_no=contract.payment_no)
    return [
        r.RefundInstructed(
            account_id=contract.terms.account_id,
            refund_no=refund.refund_no,
            instruction_no=no,
            amount_fen=refund.amount_fen,
            payment_no=command.payment_no,
            other_way_because=command.other_way_because,
            instructed_on=command.instructed_on,
        )
    ]


def _fail(command: r.FailRefund, contract: c.Paid) -> list[r.Event]:
    refund = found(contract, command.refund_no)
    is_last = refund.instructions[-1:] == (command.instruction_no,)
    if is_last and refund.standing is r.RefundStanding.FAILED:
        return []
    if not is_last:
        raise because.InstructionUnknown(instruction_no=command.instruction_no)
    if refund.standing is not r.RefundStanding.INSTRUCTED:
        raise _not_in_state(refund)
    return [
        r.RefundFailed(
            account_id=contract.terms.account_id,
            refund_no=refund.refund_no,
            instruction_no=command.instruction_no,
            reason=command.reason,
            failed_on=command.failed_on,
        )
    ]


def _return(command: r.ReturnRefund, contract: c.Paid) -> list[r.Event]:
    """Of what was paid under its last instruction, whether or not somebody has closed it since. Nothing where that had
    failed: it was paid in another way, and that has not come back.
    """
    refund = found(contract, command.refund_no)
    if refund.instructions[-1:] != (command.instruction_no,):
        raise because.InstructionUnknown(instruction_no=command.instruction_no)
    if command.instruction_no in refund.failed:
        return []
    if refund.standing is not r.RefundStanding.PAID and refund.end is not r.RefundEnd.PAID:
        raise _not_in_state(refund)
    asked_on, home = refund.review.asked_on if refund.review else None, contract.terms.account_id
    return [
        r.RefundReturned(
            account_id=home,
            refund_no=refund.refund_no,
            instruction_no=command.instruction_no,
            amount_fen=refund.amount_fen,
            waits_since=asked_on or refund.payable_on or command.returned_on,
            pay_by=refund.pay_by,
            returned_on=command.returned_on,
            debited_id=command.debited_id if command.debited_id != home else None,
        )
    ]


def _overdue(command: r.NoteRefundOverdue, contract: c.Paid) -> list[r.Event]:
    """Nothing where it was paid, stands still, or is not late yet: the clock asks and may ask twice."""
    refund = found(contract, command.refund_no)
    is_late = refund.pay_by is not None and command.on > refund.pay_by and refund.standing in r.PROMISED
    if not is_late or refund.is_overdue or refund.stayed_on is not None:
        return []
    assert refund.pay_by is not None
    return [
        r.RefundOverdue(
            account_id=contract.terms.account_id,
            refund_no=refund.refund_no,
            amount_fen=refund.amount_fen,
            pay_by=refund.pay_by,
            noted_on=command.on,
        )
    ]


def _stay(command: r.StayRefund, contract: c.Paid) -> list[r.Event]:
    refund = found(contract, command.refund_no)
    if refund.stayed_on is not None:
        return []
    if refund.standing not in r.PROMISED:
        raise _not_in_state(refund)
    return [
        r.RefundStayed(
            account_id=contract.terms.account_id,
            refund_no=refund.refund_no,
            reference=command.reference,
            stayed_on=max(command.stayed_on, refund.payable_on or command.stayed_on),
        )
    ]


def _resume(command: r.ResumeRefund, contract: c.Paid) -> list[r.Event]:
    refund = found(contract, command.refund_no)
    if refund.stayed_on is None:
        return []
    return [
        r.RefundResumed(
            account_id=contract.terms.account_id,
            refund_no=refund.refund_no,
            reference=command.reference,
            resumed_on=max(command.resumed_on, refund.stayed_on),
        )
    ]


def _close(command: r.CloseRefund, contract: c.Paid) -> list[r.Event]:
    refund = found(contract, command.refund_no)
    if refund.end is command.end:
        return []
    may = {
        r.RefundEnd.PAID: {r.RefundStanding.PAID},
        r.RefundEnd.REFUSED: {r.RefundStanding.REFUSED},
        r.RefundEnd.WITHDRAWN: _WITHDRAWABLE,
        r.RefundEnd.NOTHING_LEFT: frozenset[r.RefundStanding](),
    }
    if refund.standing not in may[command.end]:
        raise _not_in_state(refund)
    return [closed(refund, command.end, command.reason, command.closed_on, contract)]


def _not_in_state(refund: r.Refund) -> because.RefundNotInState:
    return because.RefundNotInState(refund_no=refund.refund_no, standing=refund.standing)
