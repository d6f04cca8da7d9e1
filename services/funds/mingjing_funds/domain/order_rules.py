"""How an order lives (订单): clauses, transfer, expiry, freeze and release. The one rule: no release beyond C(k)."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import assert_never

from mingjing_funds.domain import carrying_rules, order
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import contract_refusals as because
from mingjing_funds.domain.carrying import ContractMoved, MoveContract
from mingjing_funds.domain.charging_refusals import PaidByTransferOnly
from mingjing_funds.domain.money import cumulative_release_fen, yuan
from mingjing_funds.domain.refund import OVER, RefundKind, RefundStanding
from mingjing_kernel.state import changed


class Stage(StrEnum):
    """Where an order is (订单状态)."""

    DRAFT = "draft"
    SIGNED = "signed"
    PAID = "paid"
    IN_DELIVERY = "in-delivery"
    COMPLETED = "completed"
    COOLING_OFF = "cooling-off"
    REFUNDING = "refunding"
    REFUNDED = "refunded"
    PARTIALLY_REFUNDED = "partially-refunded"
    TRANSFERRED = "transferred"
    DISPUTED = "disputed"
    EXPIRED = "expired"


def decide(command: order.Command, contract: c.Signed | c.Paid) -> list[order.Event]:
    """Which facts follow."""
    match command:
        case order.AgreeClauses():
            return _agree(command, contract)
        case order.TransferIn():
            return _take_in(command, contract)
        case order.FreezeRelease():
            return _freeze(command, contract)
        case order.UnfreezeRelease():
            return _unfreeze(command, contract)
        case order.ExpireContract():
            return _expire(command, contract)
        case MoveContract():
            return [*carrying_rules.move(command, contract)]
        case order.TransferOut():
            return _transfer(command, _paid(contract))
        case order.ReleaseShare():
            return _release(command, _paid(contract))
        case order.TakeShareBack():
            return _take_back(command, _paid(contract))
        case _:
            assert_never(command)


def evolve(contract: c.Signed | c.Paid, event: order.Event) -> c.Signed | c.Paid:  # noqa: C901 - one flat case a fact
    """The contract after a fact of its life."""
    life = contract.life
    match event:
        case order.ClausesAgreed():
            return changed(contract, life=replace(life, clauses=event.clauses))
        case order.ReplacementAgreed():
            return changed(contract, life=replace(life, replaces=event.former_id))
        case order.TransferredOut():
            moved = life.transferred_fen + event.amount_fen
            return changed(contract, life=replace(life, transferred_fen=moved, transferred_to=event.to_contract_no))
        case order.TransferredIn():
            payment = (f"transfer {event.from_contract_no}", event.amount_fen, event.transferred_on)
            life = replace(life, came_from=event.from_contract_id)
            return c.Paid(contract.terms, contract.delivery, *payment, family=contract.family, life=life)
        case order.ContractExpired():
            return changed(contract, life=replace(life, expired_on=event.expired_on))
        case order.ReleaseFrozen():
            return changed(contract, life=replace(life, freezes=life.freezes | {event.reference}))
        case order.ReleaseUnfrozen():
            return changed(contract, life=replace(life, freezes=life.freezes - {event.reference}))
        case order.ShareReleased():
            share = order.Share(amount_fen=event.amount_fen)
            return changed(contract, life=replace(life, shares={**life.shares, event.instruction_no: share}))
        case order.ShareTakenBack():
            share = order.Share(amount_fen=event.amount_fen, is_taken_back=True)
            return changed(contract, life=replace(life, shares={**life.shares, event.instruction_no: share}))
        case ContractMoved():
            return carrying_rules.moved(contract, event)
        case _:
            assert_never(event)


def stage(contract: c.Contract) -> Stage | None:
    """Where an order is; the more urgent word goes first. ``None``: there is none."""
    match contract:
        case c.Unsigned():
            return None
        case c.Drafted():
            return Stage.DRAFT
        case c.Signed():
            return Stage.IN_DELIVERY if contract.delivery.used > contract.life.opening_used else Stage.SIGNED
        case c.Paid():
            return _refund_stage(contract) or _delivery_stage(contract)
        case _:
            assert_never(contract)


def _refund_stage(contract: c.Paid) -> Stage | None:
    asked = [one for one in contract.refunds.values() if one.standing not in OVER | {RefundStanding.REFUSED}]
    if contract.is_disputed():
        return Stage.DISPUTED
    if any(one.review is not None and one.review.kind is RefundKind.COOLING_OFF for one in asked):
        return Stage.COOLING_OFF
    if asked:
        return Stage.REFUNDING
    if contract.life.transferred_to:
        return Stage.TRANSFERRED
    if contract.refunded_fen:
        return Stage.PARTIALLY_REFUNDED if contract.remaining_fen() else Stage.REFUNDED
    return None


def _delivery_stage(contract: c.Paid) -> Stage:
    used = contract.delivery.used
    if used == contract.terms.lessons:
        return Stage.COMPLETED
    if contract.life.expired_on is not None:
        return Stage.EXPIRED
    return Stage.IN_DELIVERY if used else Stage.PAID


def _agree(command: order.AgreeClauses, contract: c.Signed | c.Paid) -> list[order.Event]:
    stand = contract.life.clauses
    if stand is not None:
        if stand == command.clauses:
            return []
        only_taught_first = stand == order.Clauses(model_text=stand.model_text, is_taught_first=True)
        if only_taught_first and command.clauses.is_taught_first:  # said at the signing; the others are added once
            return [order.ClausesAgreed(clauses=command.clauses, agreed_on=command.agreed_on)]
        raise because.ContractDiffers(contract_no=contract.terms.contract_no)
    return [order.ClausesAgreed(clauses=command.clauses, agreed_on=command.agreed_on)]


def _transfer(command: order.TransferOut, contract: c.Paid) -> list[order.Event]:
    """Everything that is left, at once: what is in dispute or promised to the family stays."""
    life, no = contract.life, contract.terms.contract_no
    if life.transferred_to:
        if (life.transferred_to, life.transferred_fen) == (command.to_contract_no, command.amount_fen):
            return []
        raise because.TransferredBefore(contract_no=no, to=life.transferred_to)
    if command.account_id not in (None, contract.terms.account_id):
        raise because.TransferElsewhere
    open_refunds = [one.refund_no for one in contract.refunds.values() if one.standing not in OVER]
    if open_refunds or contract.is_disputed() or life.asked or life.unsettled:
        raise because.TransferHindered(contract_no=no)
    if command.amount_fen <= 0 or command.amount_fen != contract.remaining_fen():
        raise because.TransferDiffers(amount_fen=yuan(command.amount_fen), remaining_fen=yuan(contract.remaining_fen()))
    return [
        order.TransferredOut(
            account_id=contract.terms.account_id,
            to_contract_id=command.to_contract_id,
            to_contract_no=command.to_contract_no,
            kind=command.kind,
            amount_fen=command.amount_fen,
            reason=command.reason,
            transferred_on=command.transferred_on,
        )
    ]


def _take_in(command: order.TransferIn, contract: c.Signed | c.Paid) -> list[order.Event]:
    terms = contract.terms
    if isinstance(contract, c.Paid):
        if (contract.payment_no, contract.paid_fen) == (f"transfer {command.from_contract_no}", command.amount_fen):
            return []
        raise because.AlreadyPaid(contract_no=terms.contract_no, payment_no=contract.payment_no)
    if command.account_id != terms.account_id:
        raise because.TransferElsewhere
    if contract.life.replaces not in (None, command.from_contract_id):
        raise PaidByTransferOnly(contract_no=terms.contract_no)
    if command.amount_fen != terms.price_fen:
        raise because.PaymentDiffers(amount_fen=yuan(command.amount_fen), price_fen=yuan(terms.price_fen))
    return [
        order.TransferredIn(
            account_id=terms.account_id,
            from_contract_id=command.from_contract_id,
            from_contract_no=command.from_contract_no,
            amount_fen=command.amount_fen,
            earned_fen=cumulative_release_fen(command.amount_fen, terms.lessons, contract.delivery.used),
            transferred_on=command.transferred_on,
        )
    ]


def _expire(command: order.ExpireContract, contract: c.Signed | c.Paid) -> list[order.Event]:
    """Nothing where it is not over yet, or nothing is left: the clock asks and may ask twice."""
    is_over = command.on > contract.terms.ends_on and contract.life.expired_on is None
    if not is_over or isinstance(contract, c.Signed) or not contract.remaining_fen():
        return []
    return [
        order.ContractExpired(
            account_id=contract.terms.account_id, remaining_fen=contract.remaining_fen(), expired_on=command.on
        )
    ]


def _freeze(command: order.FreezeRelease, contract: c.Signed | c.Paid) -> list[order.Event]:
    if command.reference in contract.life.freezes:
        return []
    return [
        order.ReleaseFrozen(
            account_id=contract.terms.account_id,
            cause=command.cause,
            reference=command.reference,
            frozen_on=command.frozen_on,
        )
    ]


def _unfreeze(command: order.UnfreezeRelease, contract: c.Signed | c.Paid) -> list[order.Event]:
    if command.reference not in contract.life.freezes:
        return []
    return [
        order.ReleaseUnfrozen(
            account_id=contract.terms.account_id, reference=command.reference, unfrozen_on=command.unfrozen_on
        )
    ]


def _release(command: order.ReleaseShare, contract: c.Paid) -> list[order.Event]:
    """One number, one debit: repeated it is no news, with another amount, or once taken back, it is refused."""
    no, known = command.instruction_no, contract.life.shares.get(command.instruction_no)
    if known is not None:
        if known.amount_fen == command.amount_fen and not known.is_taken_back:
            return []
        raise because.InstructionUsed(instruction_no=no)
    if command.amount_fen <= 0:
        raise because.AmountNotPositive
    if contract.is_disputed():
        raise because.OrderFrozen(contract_no=contract.terms.contract_no)
    released, earned = contract.released_fen() + command.amount_fen, contract.earned_fen()
    if released > earned:
        raise because.ReleaseTooHigh(
            amount_fen=yuan(command.amount_fen), left_fen=yuan(earned - contract.released_fen())
        )
    return [
        order.ShareReleased(
            account_id=contract.terms.account_id,
            instruction_no=no,
            amount_fen=command.amount_fen,
            released_fen=released,
            released_on=command.released_on,
        )
    ]


def _take_back(command: order.TakeShareBack, contract: c.Paid) -> list[order.Event]:
    known = contract.life.shares.get(command.instruction_no)
    if known is None:
        raise because.InstructionUnknown(instruction_no=command.instruction_no)
    if known.is_taken_back:
        return []
    return [
        order.ShareTakenBack(
            account_id=contract.terms.account_id,
            instruction_no=command.instruction_no,
            amount_fen=known.amount_fen,
            released_fen=contract.released_fen() - known.amount_fen,
            reason=command.reason,
            taken_back_on=command.taken_back_on,
        )
    ]


def _paid(contract: c.Signed | c.Paid) -> c.Paid:
    if isinstance(contract, c.Signed):
        raise because.NotPaid(contract_no=contract.terms.contract_no)
    return contract
