"""Deadlines of families and institutions (期限): silence about a lesson, silence about a refund, payment, and the last
day of a contract.

The one rule: a clock runs only where the fact that starts it was made here; a vendor's file says itself what became of
its lessons and refunds.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from mingjing_funds.codec import CONTRACTS
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import lesson, order, refund
from mingjing_funds.projections.contracts import CONTRACTS_READ
from mingjing_kernel.deadline_clock import Clock, paused, resumed, running, running_working_days
from mingjing_kernel.deadlines import DeadlineRule, Due


def _about_lesson(_clock: Clock | None, event: Any) -> Clock | None:
    if isinstance(event, lesson.ConfirmationAsked):
        return running_working_days(event.asked_on, event.working_days)
    return None


def _about_review(_clock: Clock | None, event: Any) -> Clock | None:
    if isinstance(event, refund.RefundPutForReview):
        return running_working_days(event.review.asked_on, event.review.answer_working_days)
    return None


def _about_payment(clock: Clock | None, event: Any) -> Clock | None:
    match event:
        case refund.RefundPayable():
            return running(event.payable_on, event.pay_by)
        case refund.RefundStayed():
            return paused(clock, event.stayed_on)
        case refund.RefundResumed():
            return resumed(clock, event.resumed_on)
        case refund.RefundInstructed() | refund.RefundFailed():
            return clock
        case refund.RefundReturned(pay_by=date() as pay_by):
            return running(min(event.waits_since, pay_by), pay_by)
        case refund.RefundOverdue() if clock is not None:
            return Clock(started_on=clock.started_on, due_on=clock.due_on, fired_on=event.noted_on)
        case _:
            return None


def _about_contract(_clock: Clock | None, event: Any) -> Clock | None:
    if isinstance(event, c.ContractSigned) and not event.terms.vendor_code:
        return running(event.terms.starts_on, event.terms.ends_on)
    return None


def _lesson_of(event: Any) -> str:
    return str(event.lesson_no)


def _refund_of(event: Any) -> str:
    return str(event.refund_no)


def _confirm(due: Due) -> lesson.ConfirmBySilence:
    return lesson.ConfirmBySilence(lesson_no=due.thing, on=due.on)


def _agree(due: Due) -> refund.AgreeBySilence:
    return refund.AgreeBySilence(refund_no=due.thing, on=due.on)


def _overdue(due: Due) -> refund.NoteRefundOverdue:
    return refund.NoteRefundOverdue(refund_no=due.thing, on=due.on)


def _expire(due: Due) -> order.ExpireContract:
    return order.ExpireContract(on=due.on)


LESSON_SILENCE = DeadlineRule(
    name="lesson-confirmation",
    zh="家长确认课时",
    en="The family confirms or disputes a lesson",
    aggregate=CONTRACTS,
    listed=CONTRACTS_READ,
    facts=(lesson.ConfirmationAsked, lesson.ConfirmationEnded),
    clock=_about_lesson,
    command=_confirm,
    thing=_lesson_of,
    legal_basis="全国校外教育培训监管与服务综合平台应用管理办法",
)
REFUND_SILENCE = DeadlineRule(
    name="refund-review",
    zh="机构答复退费",
    en="The institution answers a refund request",
    aggregate=CONTRACTS,
    listed=CONTRACTS_READ,
    facts=(refund.RefundPutForReview, c.RefundAnswered, refund.CoolingOffObjected, refund.RefundClosed),
    clock=_about_review,
    command=_agree,
    thing=_refund_of,
    legal_basis="全国校外教育培训监管与服务综合平台应用管理办法",
)
REFUND_PAYMENT = DeadlineRule(
    name="refund-payment",
    zh="退费到账",
    en="The refund reaches the family",
    aggregate=CONTRACTS,
    listed=CONTRACTS_READ,
    facts=(
        refund.RefundPayable,
        refund.RefundInstructed,
        refund.RefundFailed,
        refund.RefundReturned,
        refund.RefundStayed,
        refund.RefundResumed,
        refund.RefundOverdue,
        refund.RefundClosed,
        c.RefundPaid,
    ),
    clock=_about_payment,
    command=_overdue,
    thing=_refund_of,
    legal_basis="GF—2021—2604；教监管函〔2021〕2号",
)
CONTRACT_TERM = DeadlineRule(
    name="contract-term",
    zh="合同期满",
    en="The contract's last day",
    aggregate=CONTRACTS,
    listed=CONTRACTS_READ,
    facts=(c.ContractSigned, order.ContractExpired, order.TransferredOut),
    clock=_about_contract,
    command=_expire,
    legal_basis="GF—2021—2604",
)
FAMILY_DEADLINES = (LESSON_SILENCE, REFUND_SILENCE, REFUND_PAYMENT, CONTRACT_TERM)
