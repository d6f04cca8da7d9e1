"""Double-entry ledger of custody (复式账): which postings a fact makes, in integer fen.

The one rule: postings are derived from facts and never stored beside them, and those of one fact add up to zero.
Debits are positive, credits negative; what nobody can place stays in suspense, where it is seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

from mingjing_funds.domain import account as a
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import custodian as m
from mingjing_funds.domain import deposit as d
from mingjing_funds.domain import lesson, order, refund
from mingjing_funds.domain.carrying import AwaitedPayment, ContractMoved, ContractsCame, ContractsLeft
from mingjing_funds.domain.rebooking import TransferRebooked


class Book(StrEnum):
    """An account of the ledger (科目). The names are for ever: exports and drill-downs use them."""

    CUSTODY_CASH = "custody-cash"
    PAYMENTS_IN_TRANSIT = "payments-in-transit"
    REFUNDS_IN_TRANSIT = "refunds-in-transit"
    FEES = "fees"
    UNDELIVERED = "undelivered"
    SUSPENSE = "suspense"
    OWN_MONEY = "own-money"
    PREPAYMENT = "prepayment"
    REFUND_PAYABLE = "refund-payable"
    RELEASABLE = "releasable"
    RELEASED = "released"
    INTEREST = "interest"
    DEPOSIT_CASH = "deposit-cash"
    RISK_DEPOSIT = "risk-deposit"
    MOVED = "moved"
    TRANSFERRED = "transferred"

    @property
    def zh(self) -> str:
        """The Chinese term."""
        return _ZH[self]

    @property
    def is_asset(self) -> bool:
        """Whether a debit is what it has; of the others a credit is what is owed."""
        return self in _ASSETS


_ZH: Mapping[Book, str] = MappingProxyType(
    {
        Book.CUSTODY_CASH: "托管存款",
        Book.PAYMENTS_IN_TRANSIT: "在途缴费",
        Book.REFUNDS_IN_TRANSIT: "在途退费",
        Book.FEES: "银行收费",
        Book.UNDELIVERED: "未送达流水",
        Book.SUSPENSE: "待查款项",
        Book.OWN_MONEY: "机构自有资金",
        Book.PREPAYMENT: "家庭预付款",
        Book.REFUND_PAYABLE: "应退费",
        Book.RELEASABLE: "可拨付",
        Book.RELEASED: "已指令未执行",
        Book.INTEREST: "利息",
        Book.DEPOSIT_CASH: "保证金存款",
        Book.RISK_DEPOSIT: "风险保证金",
        Book.MOVED: "转行结转",
        Book.TRANSFERRED: "转让结转",
    }
)
_ASSETS = frozenset(
    {
        Book.CUSTODY_CASH,
        Book.PAYMENTS_IN_TRANSIT,
        Book.FEES,
        Book.DEPOSIT_CASH,
    }
)


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of a transaction. ``part`` is the contract, number or flow that it belongs to, where there is one.

    ``due_on`` is for when the money was announced: what was announced before an account's opening balance and came
    after it had been counted as arrived (``opening``).
    """

    account_id: UUID
    book: Book
    part: str
    amount_fen: int
    day: date
    due_on: date | None = None


Transaction: TypeAlias = tuple[Posting, ...]

_CLEARS: Mapping[a.Column, tuple[Book, int]] = MappingProxyType(
    {
        a.Column.PAYMENT: (Book.PAYMENTS_IN_TRANSIT, -1),
        a.Column.RELEASE: (Book.RELEASED, 1),
        a.Column.REFUND: (Book.REFUNDS_IN_TRANSIT, 1),
    }
)
"""What an entry carries out, and whether money in takes away from it (−1) or money out does (1)."""
_STANDS_IN: Mapping[a.Column, Book] = MappingProxyType(
    {
        a.Column.INTEREST: Book.INTEREST,
        a.Column.FEE: Book.FEES,
        a.Column.SUSPENSE: Book.SUSPENSE,
        a.Column.TRANSFER: Book.MOVED,
    }
)


def postings(id: UUID, fact: object) -> Transaction:
    """The transaction of one fact of an account, a contract or a risk deposit with this id; empty where none moves."""
    found = _of_account(id, fact) or _of_contract(id, fact) or _of_refund(id, fact) or _beside(id, fact)
    return tuple(posting for posting in found if posting.amount_fen)


def _of_account(id: UUID, fact: object) -> Transaction:
    match fact:
        case a.AccountActivated():
            rest = fact.opening_fen - fact.minimum_fen
            return (
                Posting(id, Book.CUSTODY_CASH, "", fact.opening_fen, fact.opening_on),
                Posting(id, Book.OWN_MONEY, "", -fact.minimum_fen, fact.opening_on),
                Posting(id, Book.RELEASABLE, "", -rest, fact.opening_on),
            )
        case a.MoneyExpected(direction=a.Direction.RELEASE):
            return _instructed(id, fact.number, fact.amount_fen, fact.due_on)
        case a.ExpectationWithdrawn(direction=a.Direction.RELEASE):
            return _instructed(id, fact.number, -fact.amount_fen, fact.withdrawn_on)
        case a.EntryBooked():
            return _entry(id, Book.CUSTODY_CASH, fact, fact.expected_fen)
        case a.EntryExplained():
            return _entry(id, Book.SUSPENSE, fact, fact.expected_fen)
        case a.EntryInferred():
            return _entry(id, Book.CUSTODY_CASH, fact, abs(fact.amount_fen))
        case a.InferenceWithdrawn():
            return tuple(_opposite(one) for one in _entry(id, Book.CUSTODY_CASH, fact, abs(fact.amount_fen)))
        case a.BalanceGapChanged():
            return (
                Posting(id, Book.CUSTODY_CASH, fact.flow, fact.change_fen, fact.booked_on),
                Posting(id, Book.UNDELIVERED, fact.flow, -fact.change_fen, fact.booked_on),
            )
        case _:
            return ()


_Entry: TypeAlias = a.EntryBooked | a.EntryExplained | a.EntryInferred | a.InferenceWithdrawn


def _entry(id: UUID, from_book: Book, fact: _Entry, promised_fen: int) -> Transaction:
    """An entry clears what was promised, at the promised amount; what it differs by is in suspense.

    ``promised_fen`` is negative when the entry undoes it. A fee or interest has a book of its own.
    """
    flow = "" if isinstance(fact, a.InferenceWithdrawn) else fact.flow
    source = Posting(id, from_book, flow, fact.amount_fen, fact.booked_on)
    if fact.column in _STANDS_IN:
        return source, Posting(id, _STANDS_IN[fact.column], flow, -fact.amount_fen, fact.booked_on)
    book, sign = _CLEARS[fact.column]
    cleared_fen = sign * promised_fen
    return (
        source,
        Posting(id, book, fact.number, cleared_fen, fact.booked_on, fact.expected_on),
        Posting(id, Book.SUSPENSE, flow, -fact.amount_fen - cleared_fen, fact.booked_on),
    )


def _instructed(id: UUID, number: str, amount_fen: int, day: date) -> Transaction:
    return Posting(id, Book.RELEASABLE, "", amount_fen, day), Posting(id, Book.RELEASED, number, -amount_fen, day)


def _opposite(posting: Posting) -> Posting:
    return Posting(posting.account_id, posting.book, posting.part, -posting.amount_fen, posting.day, posting.due_on)


def _of_contract(id: UUID, fact: object) -> Transaction:
    """A contract without a custody account moves nothing in custody: its money never arrived there.

    A share of a release moves nothing either: its instruction does, as one sum of the account.
    """
    family = str(id)
    match fact:
        case c.ContractPaid(account_id=UUID() as account):
            paid = (
                Posting(account, Book.PAYMENTS_IN_TRANSIT, fact.payment_no, fact.amount_fen, fact.counts_on),
                Posting(account, Book.PREPAYMENT, family, -fact.amount_fen, fact.counts_on),
            )
            return paid + _earned(account, family, fact.earned_fen, fact.counts_on)
        case c.LessonConfirmed(account_id=UUID() as account):
            return _earned(account, family, fact.earned_fen, fact.earned_on)
        case lesson.LessonTakenBack(account_id=UUID() as account):
            return _earned(account, family, -fact.returned_fen, fact.taken_back_on)
        case order.TransferredOut(account_id=UUID() as account):
            return _transferred(account, family, str(fact.to_contract_id), fact.amount_fen, fact.transferred_on)
        case order.TransferredIn(account_id=UUID() as account):
            moved = _transferred(account, family, family, -fact.amount_fen, fact.transferred_on)
            return moved + _earned(account, family, fact.earned_fen, fact.transferred_on)
        case _:
            return ()


def _of_refund(id: UUID, fact: object) -> Transaction:
    """What is agreed is payable until the family has it: an instruction, a failure and a court's stay move nothing."""
    family = str(id)
    match fact:
        case c.RefundAnswered(account_id=UUID() as account) if fact.answer != "refused":
            return _promised(account, family, fact.amount_fen, fact.answered_on)
        case refund.MediationEnded(account_id=UUID() as account):
            return _promised(account, family, fact.amount_fen, fact.ended_on)
        case refund.RefundGranted(account_id=UUID() as account):
            return _promised(account, family, fact.amount_fen, fact.granted_on)
        case c.RefundPaid(account_id=UUID() as account):
            return _paid_back(account, family, fact.refund_no, fact.amount_fen, fact.paid_on)
        case refund.RefundReturned(account_id=UUID() as account):
            return _come_back(account, family, fact)
        case _:
            return ()


def _paid_back(account: UUID, family: str, refund_no: str, amount_fen: int, day: date) -> Transaction:
    return (
        Posting(account, Book.REFUND_PAYABLE, family, amount_fen, day),
        Posting(account, Book.REFUNDS_IN_TRANSIT, refund_no, -amount_fen, day),
    )


def _come_back(account: UUID, family: str, fact: refund.RefundReturned) -> Transaction:
    """The former bank has the money again; who owes it to the family is the account that keeps the contract."""
    amount_fen, day = fact.amount_fen, fact.returned_on
    if fact.debited_id is None:
        return _paid_back(account, family, fact.refund_no, -amount_fen, day)
    return (
        Posting(fact.debited_id, Book.REFUNDS_IN_TRANSIT, fact.refund_no, amount_fen, day),
        Posting(fact.debited_id, Book.MOVED, family, -amount_fen, day),
        Posting(account, Book.MOVED, family, amount_fen, day),
        Posting(account, Book.REFUND_PAYABLE, family, -amount_fen, day),
    )


def _earned(account: UUID, family: str, earned_fen: int, day: date) -> Transaction:
    return (
        Posting(account, Book.PREPAYMENT, family, earned_fen, day),
        Posting(account, Book.RELEASABLE, "", -earned_fen, day),
    )


def _promised(account: UUID, family: str, amount_fen: int, day: date) -> Transaction:
    return (
        Posting(account, Book.PREPAYMENT, family, amount_fen, day),
        Posting(account, Book.REFUND_PAYABLE, family, -amount_fen, day),
    )


def _transferred(account: UUID, family: str, receiver: str, amount_fen: int, day: date) -> Transaction:
    """From one contract to another, each on its own page: what one has let go and the other has not taken yet waits
    under the contract that is to take it.
    """
    return (
        Posting(account, Book.PREPAYMENT, family, amount_fen, day),
        Posting(account, Book.TRANSFERRED, receiver, -amount_fen, day),
    )


def _beside(id: UUID, fact: object) -> Transaction:
    """A risk deposit; a balance and contracts that moved to another bank: over both accounts nothing has changed."""
    match fact:
        case ContractMoved():
            return _carried(id, fact)
        case ContractsLeft():
            return _went(id, fact, 1, fact.new_id)
        case ContractsCame():
            return _went(id, fact, -1, fact.old_id)
        case d.DepositMoved():
            return (
                Posting(id, Book.DEPOSIT_CASH, fact.flow, fact.amount_fen, fact.moved_on),
                Posting(id, Book.RISK_DEPOSIT, fact.flow, -fact.amount_fen, fact.moved_on),
            )
        case m.BalanceTransferred():
            return (
                Posting(fact.old_id, Book.SUSPENSE, fact.flow_out, -fact.amount_fen, fact.on),
                Posting(fact.old_id, Book.MOVED, fact.flow_out, fact.amount_fen, fact.on),
                Posting(fact.new_id, Book.SUSPENSE, fact.flow_in, fact.amount_fen, fact.on),
                Posting(fact.new_id, Book.MOVED, fact.flow_in, -fact.amount_fen, fact.on),
                *_own_money(fact),
            )
        case TransferRebooked():
            fen = -fact.amount_fen if fact.account_id == fact.old_id else fact.amount_fen
            return (
                Posting(fact.account_id, Book.SUSPENSE, fact.flow, fen, fact.on),
                Posting(fact.account_id, Book.MOVED, fact.flow, -fen, fact.on),
            )
        case _:
            return ()


def _own_money(fact: m.BalanceTransferred) -> Transaction:
    """Its opening left the new account's minimum to be made of what lessons earn: it is made of the former one's."""
    return (
        Posting(fact.old_id, Book.OWN_MONEY, "", fact.own_fen, fact.on),
        Posting(fact.old_id, Book.MOVED, str(fact.new_id), -fact.own_fen, fact.on),
        Posting(fact.new_id, Book.MOVED, str(fact.old_id), fact.own_fen, fact.on),
        Posting(fact.new_id, Book.RELEASABLE, "", -fact.own_fen, fact.on),
    )


def _carried(id: UUID, fact: ContractMoved) -> Transaction:
    """What the family is owed leaves the books of one account and stands in those of the other."""
    family, day = str(id), fact.moved_on
    prepaid_fen = fact.remaining_fen - fact.promised_fen
    return (
        Posting(fact.old_id, Book.PREPAYMENT, family, prepaid_fen, day),
        Posting(fact.old_id, Book.REFUND_PAYABLE, family, fact.promised_fen, day),
        Posting(fact.old_id, Book.MOVED, family, -fact.remaining_fen, day),
        Posting(fact.new_id, Book.MOVED, family, fact.remaining_fen, day),
        Posting(fact.new_id, Book.PREPAYMENT, family, -prepaid_fen, day),
        Posting(fact.new_id, Book.REFUND_PAYABLE, family, -fact.promised_fen, day),
    )


def _went(id: UUID, fact: ContractsLeft | ContractsCame, sign: int, other: UUID) -> Transaction:
    """What may be released goes with the contracts (``sign`` 1: away), and what no bank has credited of them."""
    day, moved_fen = fact.moved_on, sign * (fact.releasable_fen - sum(one.amount_fen for one in fact.payments))
    awaited = (
        Posting(id, Book.PAYMENTS_IN_TRANSIT, one.number, -sign * one.amount_fen, day, _due_on(one, sign))
        for one in fact.payments
    )
    releasable = Posting(id, Book.RELEASABLE, "", sign * fact.releasable_fen, day)
    return (releasable, *awaited, Posting(id, Book.MOVED, str(other), -moved_fen, day))


def _due_on(payment: AwaitedPayment, sign: int) -> date:
    return payment.announced_on if sign > 0 else payment.due_on
