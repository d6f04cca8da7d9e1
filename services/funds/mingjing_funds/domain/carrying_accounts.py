"""Carrying over (合同移交), the side of the two accounts: what leaves one and comes to the other.

The one rule: no more is carried than is there and not instructed; what left once does not leave again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from mingjing_funds.domain import account as a
from mingjing_funds.domain.account_state import Entry, Expectation, Ledger
from mingjing_funds.domain.carrying import ContractsCame, ContractsLeft, LetContractsGo, TakeContracts
from mingjing_funds.domain.custodian_refusals import TransferUnreconciled
from mingjing_funds.domain.money import yuan
from mingjing_kernel.refusal import Refusal

Transfers: TypeAlias = Sequence[tuple[int, str, str]]
"""What went over, as which debit and as which credit."""


class CarriedMeanwhile(Refusal):
    """Somebody else carries contracts over at the same moment, or money moved meanwhile."""

    sentence = "¥{found_fen} may be carried over now, not ¥{amount_fen}: the account has moved meanwhile."
    remedy = "Send the same again: what has gone over does not go again."
    rule = "change of bank: what leaves one account comes to the other"
    field = "contracts"


class BooksMoving(Refusal):
    """Each time the carrying was planned, something was ordered or booked before it was written."""

    sentence = "The books of the two accounts moved each of the {times} times that the carrying was planned."
    remedy = "Send the same again, when no file is being taken in: what has gone over does not go again."
    rule = "change of bank: what leaves one account comes to the other"
    field = "contracts"


class ContractGone(Refusal):
    """A payment, release or refund of a contract that another bank keeps by now."""

    sentence = "The contract of “{number}” went over to another bank meanwhile: nothing of it is booked here."
    remedy = "Send the same again: it is carried out on the account that keeps the contract now."
    rule = "change of bank: what leaves one account comes to the other"
    field = "account_id"


def let_go(command: LetContractsGo, ledger: Ledger) -> list[ContractsLeft]:
    """The contracts leave, once, with what is theirs."""
    gone = ledger.left & set(command.contracts)
    if command.contracts and len(gone) == len(command.contracts):
        return []
    there, going = command.earned_fen - ledger.instructed_fen, command.releasable_fen
    are_awaited = all(awaited(one.number, ledger) for one in command.payments)
    is_part = going == 0 or 0 <= going <= there  # less than nothing stays, as long as a contract does
    if gone or not are_awaited or not (is_part or going == there):
        raise CarriedMeanwhile(amount_fen=yuan(going), found_fen=yuan(there))
    if not command.contracts and not command.payments and not going:
        return []
    return [
        ContractsLeft(
            new_id=command.new_id,
            contracts=command.contracts,
            payments=command.payments,
            releasable_fen=going,
            moved_on=command.moved_on,
        )
    ]


def take(command: TakeContracts, ledger: Ledger) -> list[ContractsCame]:
    """The contracts come, once. Beside it, in the same transaction, they leave."""
    here = ledger.came.keys() & set(command.contracts)
    if command.contracts and len(here) == len(command.contracts):
        return []
    taken = any(is_known(one.number, ledger) and one.number not in ledger.spent for one in command.payments)
    if here or taken:
        raise CarriedMeanwhile(amount_fen=yuan(command.releasable_fen), found_fen=yuan(0))
    if not command.contracts and not command.payments and not command.releasable_fen:
        return []
    return [
        ContractsCame(
            old_id=command.old_id,
            contracts=command.contracts,
            credits=command.credits,
            payments=command.payments,
            releasable_fen=command.releasable_fen,
            moved_on=command.moved_on,
            spent=command.spent,
        )
    ]


def is_known(number: str, ledger: Ledger) -> bool:
    """Whether an account has ever heard of this number, or that from which a contract came."""
    return known(number, ledger) is not None


def known(number: str, ledger: Ledger) -> Expectation | None:
    """What this number stands for, or stood for once, here or where a contract came from."""
    here = ledger.expected.get(number) or ledger.met.get(number)
    return here or ledger.withdrawn.get(number) or ledger.spent.get(number)


def come_back(old: Ledger, new: Ledger) -> frozenset[str]:
    """Payments whose contract went over and that the old bank has reversed since: they are awaited again."""
    return frozenset(number for number in old.expected if number in new.spent and awaited(number, old))


def came_of(transfers: Transfers, old: Ledger, new: Ledger) -> tuple[int, int]:
    """What the new bank has of the transfers, and what the old one has sent: what both have reversed was never sent."""
    pairs = _pairs(transfers, old, new)
    received = sum(there.amount_fen for _, _, there in pairs if there is not None and not there.is_reversed)
    sent = sum(fen for fen, here, there in pairs if not (_is_back(here) and _is_back(there)))
    return received, sent


def require_both_sides(transfers: Transfers, old: Ledger, new: Ledger) -> None:
    """Raise ``TransferUnreconciled`` where one bank has reversed a transfer and the other has not: the money is at
    neither of the two, or at both.
    """
    pairs = _pairs(transfers, old, new)
    if any(_is_back(here) != _is_back(there) for _, here, there in pairs):
        received, sent = came_of(transfers, old, new)
        raise TransferUnreconciled(
            old_fen=yuan(old.balance_fen() + old.gap_fen),
            received_fen=yuan(received),
            sent_fen=yuan(sent),
            under_way=0,
        )


def _is_back(entry: Entry | None) -> bool:
    return entry is not None and entry.is_reversed


def _pairs(transfers: Transfers, old: Ledger, new: Ledger) -> list[tuple[int, Entry | None, Entry | None]]:
    return [(fen, old.entries.get(flow_out), new.entries.get(flow_in)) for fen, flow_out, flow_in in transfers]


def awaited(number: str, ledger: Ledger) -> Expectation | None:
    """A payment that the bank has not credited yet. What was announced by the day of the opening balance was in it."""
    waits = ledger.expected.get(number)
    is_payment = waits is not None and waits.direction is a.Direction.PAYMENT
    return waits if waits is not None and is_payment and waits.due_on > ledger.opening_on else None
