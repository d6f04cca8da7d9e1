"""Carrying over (合同移交), the side of the contract: what goes with it, and what it waits for.

The one rule: nothing goes over while the old bank may still pay something of it out, or families' money is on its way.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from mingjing_funds.domain import account_state as s
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import refund
from mingjing_funds.domain.carrying import AwaitedPayment, ContractMoved, MoveContract, Spent, Wait
from mingjing_funds.domain.carrying_accounts import CarriedMeanwhile, awaited, is_known, known
from mingjing_funds.domain.money import yuan
from mingjing_kernel.refusal import Refusal
from mingjing_kernel.state import changed


class ContractElsewhere(Refusal):
    """The contract is with neither of the two accounts."""

    sentence = "Contract “{contract_no}” is not with the account that the change of bank empties."
    remedy = "Look up which custody account keeps it."
    rule = "change of bank: what leaves one account comes to the other"
    field = "contract_id"


def move(command: MoveContract, contract: c.Signed | c.Paid) -> list[ContractMoved]:
    """The contract is the new account's; moved before, it is no news."""
    if contract.terms.account_id == command.new_id:
        return []
    if contract.terms.account_id != command.old_id:
        raise ContractElsewhere(contract_no=contract.terms.contract_no)
    if (command.payment_no, command.earned_fen) != seen(contract):
        raise CarriedMeanwhile(amount_fen=yuan(command.earned_fen), found_fen=yuan(seen(contract)[1]))
    refunds = contract.refunds.values() if isinstance(contract, c.Paid) else ()
    promised = (one.amount_fen for one in refunds if one.standing in refund.PROMISED)
    return [
        ContractMoved(
            old_id=command.old_id,
            new_id=command.new_id,
            remaining_fen=contract.remaining_fen() if isinstance(contract, c.Paid) else 0,
            promised_fen=sum(promised),
            refunds=tuple(one.refund_no for one in refunds if one.standing in refund.OPEN),
            moved_on=command.moved_on,
        )
    ]


def seen(contract: c.Signed | c.Paid) -> tuple[str, int]:
    """The payment, and what lessons have earned of it."""
    return (contract.payment_no, contract.earned_fen()) if isinstance(contract, c.Paid) else ("", 0)


def moved(contract: c.Signed | c.Paid, event: ContractMoved) -> c.Signed | c.Paid:
    """The contract with its new account."""
    left = contract.life.left_accounts | {event.old_id}
    life = replace(contract.life, moved_on=event.moved_on, left_accounts=left)
    return changed(contract, terms=replace(contract.terms, account_id=event.new_id), life=life)


def waits(
    contract: c.Signed | c.Paid, payment_no: str, ledgers: tuple[s.Ledger, s.Ledger], on: date, transit_days: int
) -> Wait | None:
    """What keeps a contract with the old account; ``None`` where it may go. ``payment_no`` is the payment behind its
    releases; a payment that was announced more than ``transit_days`` ago is not on its way any more.
    """
    if isinstance(contract, c.Signed):
        return None
    old, new = ledgers
    shares = (no for no, share in contract.life.shares.items() if not share.is_taken_back)
    if any(no in old.expected for no in shares):
        return Wait.RELEASE_UNDER_WAY
    if any(_is_under_way(one, old) for one in contract.refunds.values()):
        return Wait.REFUND_UNDER_WAY
    if not is_known(payment_no, old):
        return Wait.PAYMENT_IN_TRANSIT
    payment = awaited(payment_no, old)
    if payment is not None and payment.due_on > on - timedelta(days=transit_days):
        return Wait.PAYMENT_IN_TRANSIT
    return Wait.NUMBER_TAKEN if payment is not None and is_known(payment_no, new) else None


def awaited_of(payment_no: str, old: s.Ledger, new: s.Ledger) -> AwaitedPayment | None:
    """The payment, where no bank has credited it: it goes over with its contract. The new account had it neither in
    its opening balance nor before.
    """
    payment = awaited(payment_no, old)
    if payment is None:
        return None
    due_on = max(payment.due_on, new.opening_on + timedelta(days=1))
    return AwaitedPayment(number=payment_no, amount_fen=payment.amount_fen, announced_on=payment.due_on, due_on=due_on)


def numbers_of(contract: c.Signed | c.Paid, payment_no: str) -> frozenset[str]:
    """All under which a bank may have heard of its money; ``payment_no`` is the payment behind its releases."""
    if isinstance(contract, c.Signed):
        return frozenset()
    orders = (no for one in contract.refunds.values() for no in (one.refund_no, *one.instructions))
    return frozenset({contract.payment_no, payment_no, *contract.life.shares, *orders}) - {""}


def spent_of(numbers: Iterable[str], payments: Iterable[AwaitedPayment], old: s.Ledger) -> tuple[Spent, ...]:
    """Those that the old account knows, but for payments that go over as awaited."""
    go = {one.number for one in payments}
    found = ((number, known(number, old)) for number in sorted(numbers) if number not in go)
    return tuple(
        Spent(number=number, direction=one.direction, amount_fen=one.amount_fen, due_on=one.due_on)
        for number, one in found
        if one is not None
    )


def releasable_of(contracts: Iterable[c.Signed | c.Paid]) -> int:
    """What the lessons of these have earned and no share of them has taken."""
    paid = (contract for contract in contracts if isinstance(contract, c.Paid))
    return sum(max(one.earned_fen() - one.released_fen(), 0) for one in paid)


def _is_under_way(one: refund.Refund, old: s.Ledger) -> bool:
    """The bank has been told to pay it, or has paid it and the contract does not know yet."""
    if one.standing not in refund.PROMISED:
        return False
    numbers = (one.refund_no, *one.instructions[-1:])
    return any(no in old.expected or no in old.met for no in numbers)
