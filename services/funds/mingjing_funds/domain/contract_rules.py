"""How a contract decides and evolves. The one rule: the first confirmed version of a lesson stands.

Everything arrives twice: a repeated fact is a no-op, a contradicting one is refused or set aside as an event.
"""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from mingjing_funds.domain import contract as c
from mingjing_funds.domain import contract_refunds as refunds
from mingjing_funds.domain import contract_refusals as because
from mingjing_funds.domain.charging import Breach, breaches, refusal_of
from mingjing_funds.domain.family import (
    NOBODY,
    CorrectFamily,
    Family,
    FamilyCorrected,
    FamilyNamed,
    corrected,
    named,
)
from mingjing_funds.domain.lesson_print import agree
from mingjing_funds.domain.money import cumulative_release_fen, lesson_release_fen, yuan
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal

_AGREED = (
    "contract_no",
    "course",
    "lessons",
    "gift_lessons",
    "price_fen",
    "starts_on",
    "ends_on",
    "is_model_text",
)
_FILE_SAYS = (*_AGREED, "vendor_code", "signed_at")
"""What a vendor's file says itself: account, institution, place and category are looked up and may change later."""
_CALLER_SAYS = (*_AGREED, "account_id", "is_subject")
"""What somebody says who signs here: the moment and the account's particulars are the service's."""


def decide(command: c.Command, contract: c.Contract) -> list[c.Event]:
    """Which facts follow from a command; raises a refusal when the rules forbid it."""
    match command:
        case c.SignContract():
            return _sign(command, contract)
        case c.RecordContract():
            return _record(command, contract)
        case c.RecordPayment():
            return _pay(command, contract)
        case c.ReportLesson():
            return _report(command, contract)
        case c.RequestRefund():
            return [*refunds.request(command, _paid(contract))]
        case c.AnswerRefund():
            return [*refunds.answer(command, _paid(contract))]
        case c.PayRefund():
            return [*refunds.pay(command, _paid(contract))]
        case CorrectFamily():
            _unhindered(CorrectFamily, contract)
            standing = _standing(contract)
            return [*corrected(command, standing.family, standing.terms.contract_no)]
        case _:
            assert_never(command)


def evolve(contract: c.Contract, event: c.Event) -> c.Contract:
    """The contract after a fact. Costs O(lessons of this contract), at most a few dozen."""
    match event:
        case c.ContractSigned():
            return c.Signed(event.terms, c.Delivery(used=event.opening_used), event.family or NOBODY)
        case c.ContractPaid():
            signed = _standing(contract)
            payment = (event.payment_no, event.amount_fen, event.paid_on)
            return c.Paid(signed.terms, signed.delivery, *payment, family=signed.family)
        case c.LessonReported():
            return _seen(contract, event, event.standing, 0)
        case c.LessonConfirmed():
            standing = c.LessonStanding.AUTO_CONFIRMED if event.is_automatic else c.LessonStanding.CONFIRMED
            return _seen(contract, event, standing, 0 if event.is_gift else event.units)
        case c.LessonSetAside():
            before = _standing(contract)
            aside = before.delivery.aside | {(event.lesson_no, _mark(event))}
            return replace(before, delivery=replace(before.delivery, aside=aside))
        case c.RefundRequested() | c.RefundAnswered() | c.RefundPaid():
            return refunds.after(_paid(contract), event)
        case FamilyNamed() | FamilyCorrected():
            return replace(_standing(contract), family=event.family)
        case c.ChargingRuleBroken():
            return contract
        case _:
            assert_never(event)


CONTRACT: Decider[c.Command, c.Contract, c.Event] = Decider(initial=c.Unsigned(), decide=decide, evolve=evolve)


def hindrance(step: type[c.Command], contract: c.Contract) -> Refusal | None:
    """Why the contract as it stands does not take a step, whatever it says; ``None`` where it may."""
    if step in (c.SignContract, c.RecordContract):
        return None
    if isinstance(contract, c.Unsigned):
        return because.ContractUnknown()
    no = contract.terms.contract_no
    if step is CorrectFamily and not contract.family.subjects:
        return because.FamilyUnknown(contract_no=no)
    if step is c.RecordPayment and isinstance(contract, c.Paid):
        return because.AlreadyPaid(contract_no=no, payment_no=contract.payment_no)
    if step in (c.RequestRefund, c.AnswerRefund, c.PayRefund) and isinstance(contract, c.Signed):
        return because.NotPaid(contract_no=no)
    return None


def _unhindered(step: type[c.Command], contract: c.Contract) -> None:
    if (why := hindrance(step, contract)) is not None:
        raise why


def _sign(command: c.SignContract, contract: c.Contract) -> list[c.Event]:
    terms = command.terms
    if not isinstance(contract, c.Unsigned):
        news = _same(terms, contract, _CALLER_SAYS, command.family)
        if news and contract.family.subjects:
            raise because.ContractDiffers(contract_no=terms.contract_no)
        return news
    _possible(terms, 0)
    if command.charging_blocked:
        raise because.ChargingBlocked(why=command.charging_blocked)
    broken = _breaches(command)
    if broken:
        raise refusal_of(broken[0])
    version = command.limits.version
    return [c.ContractSigned(terms=terms, opening_used=0, policy_version=version, family=command.family)]


def _record(command: c.RecordContract, contract: c.Contract) -> list[c.Event]:
    terms = command.terms
    if not isinstance(contract, c.Unsigned):
        return _same(terms, contract, _FILE_SAYS, command.family)
    _possible(terms, command.opening_used)
    signed = c.ContractSigned(
        terms=terms,
        opening_used=command.opening_used,
        policy_version=command.limits.version,
        family=command.family,
    )
    findings = [
        c.ChargingRuleBroken(
            account_id=terms.account_id,
            institution_id=terms.institution_id,
            rule=breach.rule.value,
            found=breach.found,
            allowed=breach.allowed,
            policy_version=command.limits.version,
        )
        for breach in _breaches(command)
    ]
    return [signed, *findings]


def _pay(command: c.RecordPayment, contract: c.Contract) -> list[c.Event]:
    before = _standing(contract)
    if isinstance(before, c.Paid):
        if (before.payment_no, before.paid_fen) == (command.payment_no, command.amount_fen):
            return []
        _unhindered(c.RecordPayment, contract)
    if command.amount_fen <= 0:
        raise because.AmountNotPositive
    if command.charging_blocked and not command.is_existing_fact:
        raise because.ChargingBlocked(why=command.charging_blocked)
    if command.amount_fen != before.terms.price_fen and not command.is_existing_fact:
        raise because.PaymentDiffers(amount_fen=yuan(command.amount_fen), price_fen=yuan(before.terms.price_fen))
    return [
        c.ContractPaid(
            account_id=before.terms.account_id,
            payment_no=command.payment_no,
            amount_fen=command.amount_fen,
            paid_at=command.paid_at,
            paid_on=command.paid_on,
            method=command.method,
            earned_fen=cumulative_release_fen(command.amount_fen, before.terms.lessons, before.delivery.used),
        )
    ]


def _report(command: c.ReportLesson, contract: c.Contract) -> list[c.Event]:
    before = _standing(contract)
    seen = before.delivery.lessons.get(command.lesson_no)
    if seen is not None and _says_the_same(seen, command):
        return []
    if seen is not None and seen.standing in c.CONFIRMED:
        return _aside(command, before, c.AsideReason.ALTERED_AFTER_CONFIRMATION)
    if command.standing not in c.CONFIRMED:
        return [_reported(command, before)]
    if command.is_gift:
        return [_confirmed(command, before, before.delivery.used, 0)]
    used = before.delivery.used + command.units
    if used > before.terms.lessons:
        return _aside(command, before, c.AsideReason.BEYOND_PURCHASE)
    earned = 0
    if isinstance(before, c.Paid):
        earned = lesson_release_fen(before.paid_fen, before.terms.lessons, before.delivery.used, used)
        if earned > before.remaining_fen():
            return _aside(command, before, c.AsideReason.NO_MONEY_LEFT)
    return [_confirmed(command, before, used, earned)]


def _standing(contract: c.Contract) -> c.Signed | c.Paid:
    _unhindered(c.ReportLesson, contract)
    assert isinstance(contract, c.Signed | c.Paid)
    return contract


def _paid(contract: c.Contract) -> c.Paid:
    _unhindered(c.PayRefund, contract)
    assert isinstance(contract, c.Paid)
    return contract


def _same(terms: c.Terms, contract: c.Signed | c.Paid, said: tuple[str, ...], family: Family | None) -> list[c.Event]:
    """No news when the sender says the same; what else is known of the institution by now is not his word."""
    if any(getattr(terms, name) != getattr(contract.terms, name) for name in said):
        raise because.ContractDiffers(contract_no=terms.contract_no)
    return [*named(family, contract.family, terms.contract_no)]


def _possible(terms: c.Terms, opening_used: int) -> None:
    if terms.lessons < 1 or terms.price_fen < 1 or terms.ends_on < terms.starts_on:
        raise because.TermsImpossible
    if not 0 <= opening_used <= terms.lessons:
        raise because.TermsImpossible


def _breaches(command: c.SignContract | c.RecordContract) -> list[Breach]:
    terms = command.terms
    return breaches(
        starts_on=terms.starts_on,
        ends_on=terms.ends_on,
        lessons=terms.lessons,
        price_fen=terms.price_fen,
        is_subject=terms.is_subject,
        limits=command.limits,
    )


def _says_the_same(seen: c.LessonSeen, command: c.ReportLesson) -> bool:
    stood = (seen.held_on, seen.units, seen.is_gift)
    if stood != (command.held_on, command.units, command.is_gift) or not agree(seen.content, command.content):
        return False
    both_confirmed = seen.standing in c.CONFIRMED and command.standing in c.CONFIRMED
    return both_confirmed or seen.standing == command.standing


def _aside(command: c.ReportLesson, before: c.Signed | c.Paid, reason: c.AsideReason) -> list[c.Event]:
    event = c.LessonSetAside(
        account_id=before.terms.account_id,
        lesson_no=command.lesson_no,
        reason=reason,
        held_on=command.held_on,
        units=command.units,
        standing=command.standing,
        content=command.content,
        reported_on=command.reported_on,
    )
    return [] if (command.lesson_no, _mark(event)) in before.delivery.aside else [event]


def _mark(event: c.LessonSetAside) -> str:
    return f"{event.reason}|{event.held_on}|{event.units}|{event.standing}|{event.content}"


def _reported(command: c.ReportLesson, before: c.Signed | c.Paid) -> c.LessonReported:
    return c.LessonReported(
        account_id=before.terms.account_id,
        lesson_no=command.lesson_no,
        held_on=command.held_on,
        units=command.units,
        is_gift=command.is_gift,
        standing=command.standing,
        content=command.content,
        reported_on=command.reported_on,
    )


def _confirmed(command: c.ReportLesson, before: c.Signed | c.Paid, used: int, earned_fen: int) -> c.LessonConfirmed:
    return c.LessonConfirmed(
        account_id=before.terms.account_id,
        lesson_no=command.lesson_no,
        held_on=command.held_on,
        units=command.units,
        is_gift=command.is_gift,
        is_automatic=command.standing is c.LessonStanding.AUTO_CONFIRMED,
        how=command.how,
        confirmed_at=command.confirmed_at,
        content=command.content,
        reported_on=command.reported_on,
        used=used,
        earned_fen=earned_fen,
        earned_on=max(command.reported_on, before.paid_on) if isinstance(before, c.Paid) else command.reported_on,
    )


def _seen(
    contract: c.Contract,
    event: c.LessonReported | c.LessonConfirmed,
    standing: c.LessonStanding,
    used: int,
) -> c.Contract:
    before = _standing(contract)
    seen = c.LessonSeen(event.held_on, event.units, event.is_gift, event.content, standing)
    was = before.delivery
    delivery = c.Delivery(was.used + used, {**was.lessons, event.lesson_no: seen}, was.aside)
    if isinstance(before, c.Signed):
        return c.Signed(before.terms, delivery, before.family)
    # Spelt out: ``dataclasses.replace`` costs three times as much, and this runs once a lesson.
    return c.Paid(
        before.terms,
        delivery,
        before.payment_no,
        before.paid_fen,
        before.paid_on,
        before.refunded_fen,
        before.refunds,
        before.family,
    )
