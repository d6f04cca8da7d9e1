"""How a contract decides and evolves. The one rule: the first confirmed version of a lesson stands.

Everything arrives twice: a repeated fact is a no-op, a contradicting one is refused or set aside as an event.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import get_args

from mingjing_funds.domain import contract as c
from mingjing_funds.domain import contract_refunds as refunds
from mingjing_funds.domain import contract_refusals as because
from mingjing_funds.domain import (
    extract_rules,
    lesson,
    lesson_reports,
    lesson_rules,
    order,
    order_rules,
    refund,
    refund_steps,
)
from mingjing_funds.domain.charging import Breach, breaches, refusal_of
from mingjing_funds.domain.charging_checks import Asked, Finding, Mode, findings
from mingjing_funds.domain.charging_refusals import PaidBeforeTaught, PaidByTransferOnly, forbidden
from mingjing_funds.domain.family import (
    NOBODY,
    CorrectFamily,
    Family,
    FamilyCorrected,
    FamilyNamed,
    corrected,
    named,
)
from mingjing_funds.domain.ledger_extract import LedgerExtractStated, StateExtract
from mingjing_funds.domain.money import cumulative_release_fen, yuan
from mingjing_funds.domain.order import Life
from mingjing_kernel.decider import Decider
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.state import changed

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
        case c.DraftContract():
            return _draft(command, contract)
        case c.SignContract():
            return _sign(command, contract)
        case c.RecordContract():
            return _record(command, contract)
        case c.RecordPayment():
            return _pay(command, contract)
        case c.ReportLesson():
            return lesson_reports.report(command, _standing(contract))
        case c.RequestRefund():
            return refunds.request(command, _paid(contract))
        case c.AnswerRefund():
            return refunds.answer(command, _paid(contract))
        case c.PayRefund():
            return [*refunds.pay(command, _paid(contract))]
        case CorrectFamily():
            _unhindered(CorrectFamily, contract)
            standing = _standing(contract)
            return [*corrected(command, standing.family, standing.terms.contract_no)]
        case _:
            return _decide_elsewhere(command, contract)


def _decide_elsewhere(
    command: lesson.Command | order.Command | refund.Command | StateExtract, contract: c.Contract
) -> list[c.Event]:
    """What has a file of its own."""
    if isinstance(command, StateExtract):
        return [*extract_rules.state(command, contract)]
    if isinstance(command, lesson.Command):
        return lesson_rules.decide(command, _standing(contract))
    if isinstance(command, order.Command):
        return [*order_rules.decide(command, _standing(contract))]
    return refund_steps.decide(command, _paid(contract))


def evolve(contract: c.Contract, event: c.Event) -> c.Contract:
    """The contract after a fact. Costs O(lessons of this contract), at most a few dozen."""
    match event:
        case c.LessonReported() | c.LessonConfirmed():
            return lesson_reports.after_report(_standing(contract), event)
        case c.ContractDrafted():
            return c.Drafted(event.terms)
        case c.ContractSigned():
            life = Life(opening_used=event.opening_used)
            return c.Signed(event.terms, c.Delivery(used=event.opening_used), event.family or NOBODY, life)
        case c.ContractPaid():
            signed = _standing(contract)
            payment = (event.payment_no, event.amount_fen, event.paid_on)
            return c.Paid(signed.terms, signed.delivery, *payment, family=signed.family, life=signed.life)
        case c.LessonSetAside():
            return lesson_reports.after_aside(_standing(contract), event)
        case c.RefundRequested() | c.RefundAnswered() | c.RefundPaid():
            return refunds.after(_paid(contract), event)
        case FamilyNamed() | FamilyCorrected():
            return changed(_standing(contract), family=event.family)
        case c.ChargingRuleBroken() | LedgerExtractStated():
            return contract
        case _:
            return _evolve_elsewhere(contract, event)


def _evolve_elsewhere(contract: c.Contract, event: lesson.Event | order.Event | refund.Event) -> c.Contract:
    """What has a file of its own."""
    if isinstance(event, lesson.Event):
        return lesson_rules.evolve(_standing(contract), event)
    if isinstance(event, order.Event):
        return order_rules.evolve(_standing(contract), event)
    return refund_steps.evolve(_paid(contract), event)


CONTRACT: Decider[c.Command, c.Contract, c.Event] = Decider(initial=c.Unsigned(), decide=decide, evolve=evolve)


def hindrance(step: type[c.Command], contract: c.Contract) -> Refusal | None:
    """Why the contract as it stands does not take a step, whatever it says; ``None`` where it may."""
    if step in (c.SignContract, c.RecordContract):
        return None
    if step is c.DraftContract:
        if isinstance(contract, c.Unsigned | c.Drafted):
            return None
        return because.ContractDiffers(contract_no=contract.terms.contract_no)
    if isinstance(contract, c.Unsigned):
        return because.ContractUnknown()
    no = contract.terms.contract_no
    if isinstance(contract, c.Drafted):
        return because.NotSigned(contract_no=no)
    if step is CorrectFamily and not contract.family.subjects:
        return because.FamilyUnknown(contract_no=no)
    if step is c.RecordPayment and isinstance(contract, c.Paid):
        return because.AlreadyPaid(contract_no=no, payment_no=contract.payment_no)
    if step in _OF_PAID and isinstance(contract, c.Signed):
        return because.NotPaid(contract_no=no)
    return None


_OF_PAID: frozenset[type] = frozenset(
    {
        c.RequestRefund,
        c.AnswerRefund,
        c.PayRefund,
        lesson.AskRating,
        order.TransferOut,
        order.ReleaseShare,
        order.TakeShareBack,
        *get_args(refund.Command),
    }
)
"""Steps of a contract that was paid."""


def _unhindered(step: type[c.Command], contract: c.Contract) -> None:
    if (why := hindrance(step, contract)) is not None:
        raise why


def _draft(command: c.DraftContract, contract: c.Contract) -> list[c.Event]:
    """Written down, as often as it is changed; what is signed is not drafted again."""
    _unhindered(c.DraftContract, contract)
    _possible(command.terms, 0)
    if isinstance(contract, c.Drafted) and contract.terms == command.terms:
        return []
    return [c.ContractDrafted(terms=command.terms, drafted_on=command.drafted_on)]


def _sign(command: c.SignContract, contract: c.Contract) -> list[c.Event]:
    terms = command.terms
    if isinstance(contract, c.Signed | c.Paid):
        news = _same(terms, contract, _CALLER_SAYS, command.family)
        if news and contract.family.subjects:
            raise because.ContractDiffers(contract_no=terms.contract_no)
        return news
    _possible(terms, 0)
    if command.charging_blocked:
        raise because.ChargingBlocked(why=command.charging_blocked)
    if command.asked is None:
        if broken := _breaches(command):
            raise refusal_of(broken[0])
        return [_signed(command, 0)]
    signed = [_signed(command, 0), *_broken(command.terms, _allowed(command.asked), command.asked.numbers.version)]
    if command.replaces is not None:
        signed.append(order.ReplacementAgreed(former_id=command.replaces, agreed_on=command.asked.charge.charged_on))
    if not command.asked.charge.is_taught_first:
        return signed
    clauses = order.Clauses(model_text=command.asked.charge.model_text, is_taught_first=True)
    return [*signed, order.ClausesAgreed(clauses=clauses, agreed_on=command.asked.charge.charged_on)]


def _record(command: c.RecordContract, contract: c.Contract) -> list[c.Event]:
    terms = command.terms
    if isinstance(contract, c.Signed | c.Paid):
        return _same(terms, contract, _FILE_SAYS, command.family)
    _possible(terms, command.opening_used)
    signed = _signed(command, command.opening_used)
    if command.asked is not None:
        return [signed, *_broken(terms, _allowed(command.asked), command.asked.numbers.version)]
    limits = command.limits.version
    return [signed, *(_rule_broken(terms, one.rule, one.found, one.allowed, limits) for one in _breaches(command))]


def _allowed(asked: Asked) -> list[Finding]:
    """What is found of a charge that may be made. Raises the first finding that the policy forbids."""
    found = findings(asked.charge, asked.numbers)
    if blocking := [finding for finding in found if finding.mode is Mode.BLOCK]:
        raise forbidden(blocking)
    return found


def _signed(command: c.SignContract | c.RecordContract, opening_used: int) -> c.ContractSigned:
    version = command.asked.numbers.version if command.asked else command.limits.version
    return c.ContractSigned(
        terms=command.terms, opening_used=opening_used, policy_version=version, family=command.family
    )


def _broken(terms: c.Terms, found: Sequence[Finding], version: str) -> list[c.Event]:
    return [_rule_broken(terms, one.check, one.measure.found, one.measure.allowed, version) for one in found]


def _rule_broken(terms: c.Terms, rule: StrEnum, found: int, allowed: int, version: str) -> c.ChargingRuleBroken:
    return c.ChargingRuleBroken(
        account_id=terms.account_id,
        institution_id=terms.institution_id,
        rule=rule.value,
        found=found,
        allowed=allowed,
        policy_version=version,
    )


def _pay(command: c.RecordPayment, contract: c.Contract) -> list[c.Event]:
    before = _standing(contract)
    if isinstance(before, c.Paid):
        if (before.payment_no, before.paid_fen) == (command.payment_no, command.amount_fen):
            return []
        _unhindered(c.RecordPayment, contract)
    if command.amount_fen <= 0:
        raise because.AmountNotPositive
    if before.life.replaces is not None and not command.is_existing_fact:
        raise PaidByTransferOnly(contract_no=before.terms.contract_no)
    if command.charging_blocked and not command.is_existing_fact:
        raise because.ChargingBlocked(why=command.charging_blocked)
    if command.amount_fen != before.terms.price_fen and not command.is_existing_fact:
        raise because.PaymentDiffers(amount_fen=yuan(command.amount_fen), price_fen=yuan(before.terms.price_fen))
    earned_fen = cumulative_release_fen(command.amount_fen, before.terms.lessons, before.delivery.used)
    is_taught_first = before.life.clauses is not None and before.life.clauses.is_taught_first
    if is_taught_first and earned_fen < command.amount_fen and not command.is_existing_fact:
        raise PaidBeforeTaught(earned_fen=yuan(earned_fen), amount_fen=yuan(command.amount_fen))
    return [
        c.ContractPaid(
            account_id=before.terms.account_id,
            payment_no=command.payment_no,
            amount_fen=command.amount_fen,
            paid_at=command.paid_at,
            paid_on=command.paid_on,
            counts_on=max(command.paid_on, before.life.moved_on or command.paid_on),  # what an account had is its own
            method=command.method,
            earned_fen=earned_fen,
        )
    ]


def _standing(contract: c.Contract) -> c.Signed | c.Paid:
    if isinstance(contract, c.Paid):
        return contract
    _unhindered(c.ReportLesson, contract)
    assert isinstance(contract, c.Signed | c.Paid)
    return contract


def _paid(contract: c.Contract) -> c.Paid:
    _unhindered(c.PayRefund, contract)
    assert isinstance(contract, c.Paid)
    return contract


def _same(terms: c.Terms, contract: c.Signed | c.Paid, said: tuple[str, ...], family: Family | None) -> list[c.Event]:
    """No news when the sender says the same; what else is known of the institution by now is not his word."""
    if terms.account_id in contract.life.left_accounts:  # said before its account moved to another bank
        terms = replace(terms, account_id=contract.terms.account_id)
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
