"""Payment orders (付款指令) and where they go: what is to leave an account because somebody here ordered it, and the
institution's own account (结算账户), into which releases go.

The one rule: a release goes to the one account that an approver has named by its document; a refund goes back the way
by which the payment came, and names nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from mingjing_funds.domain import carrying
from mingjing_funds.domain.account_terms import Direction
from mingjing_kernel.refusal import Invalid, Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class NameSettlementAccount:
    """Releases go into this account from now on; ``document_no`` is the agreement or the bank's proof."""

    payee_name: str
    payee_account: str
    document_no: str
    named_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SendPayments:
    """These go to the bank in this batch, together with it: what was withdrawn, held or frozen meanwhile does not."""

    batch_id: UUID
    numbers: tuple[str, ...]
    sent_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RequireFree:
    """A refund list was drawn up over so much of the account: it must still be free when the list is approved.

    Leaves no fact: whoever asks orders the payments in the same transaction.
    """

    available_fen: int
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenRefundList:
    """A refund list of this account is drawn up; ``instead_of`` is the open one that it takes the place of."""

    list_id: UUID
    instead_of: UUID | None
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleRefundList:
    """The list was approved or taken back."""

    list_id: UUID
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementAccountNamed:
    """Releases go here."""

    payee_name: str
    payee_account: str
    document_no: str
    named_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentOrdered:
    """Money is to leave because somebody here ordered it: it waits for the next batch.

    ``returns`` is the payment that a refund gives back.
    """

    direction: Direction
    number: str
    amount_fen: int
    returns: str
    ordered_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentsSent:
    """The bank has these: only its own word says that one of them will not be carried out."""

    batch_id: UUID
    numbers: tuple[str, ...]
    sent_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRecalled:
    """A hold or a freeze had stopped it, and the bank has confirmed in writing that it is not carried out."""

    number: str
    document_no: str
    recalled_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseBacked:
    """This release goes only as long as the bank has credited ``payment_no`` with ``needed_fen``."""

    number: str
    payment_no: str
    needed_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundListOpened:
    """This refund list waits for a decision; no other is drawn up over the same money meanwhile."""

    list_id: UUID
    opened_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundListSettled:
    """It was approved, or taken back."""

    list_id: UUID
    settled_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveEntry:
    """An entry in suspense is the balance that moved between two banks."""

    flow: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryMoved:
    """An entry that nobody could place is the transfer of a change of bank."""

    flow: str
    amount_fen: int
    booked_on: date


ListCommand: TypeAlias = OpenRefundList | SettleRefundList | MoveEntry | carrying.AccountCommand
Command: TypeAlias = NameSettlementAccount | SendPayments | RequireFree | ListCommand
ListEvent: TypeAlias = RefundListOpened | RefundListSettled | EntryMoved | carrying.AccountEvent
Event: TypeAlias = SettlementAccountNamed | PaymentOrdered | PaymentsSent | PaymentRecalled | ReleaseBacked | ListEvent


class MoneyPromisedAlready(Refusal):
    """The books have moved on since the list was drawn up."""

    sentence = "The list was drawn up over ¥{available_fen}; ¥{free_fen} of the account are free now."
    remedy = "Withdraw the list and draw up a new one: the same money is not promised twice."
    rule = "民办教育促进法 art 59"
    field = "available_fen"


class RefundListOpen(Refusal):
    """Two lists over the same money: one of them would pay nobody."""

    sentence = "Refund list {list_id} of this account waits for a decision."
    remedy = "Have it approved or withdraw it first; or name it as the one that the new list takes the place of."
    rule = "民办教育促进法 art 59"
    field = "account_id"


class NumberOfAnother(Refusal):
    """The account awaits, or has booked, another contract's money under this number."""

    sentence = "Number {number} stands on this account for another contract's money already."
    remedy = "Give this payment, release or refund a number of its own."
    field = "number"


class OrderedBefore(Refusal):
    """The contract has heard of this order, the account that keeps it now has not: it was given to another bank."""

    sentence = "Number {number} was ordered for this contract before, at the bank that kept it then."
    remedy = "Nothing is ordered twice: give what is to be paid now a number of its own."
    rule = "change of bank: what leaves one account comes to the other"
    field = "number"


class NotToBeSent(Refusal):
    """What goes to the bank is awaited from it, and goes once."""

    sentence = "Instruction {number} does not go out: it was withdrawn, carried out or sent meanwhile."
    remedy = "Collect the batch again; what still waits goes out with it."
    field = "number"


class SettlementAccountUnfounded(Invalid):
    """An account without name, number or document."""

    sentence = "A settlement account needs its holder's name, its number and the document that proves it."
    remedy = "Enter them as they stand in the custody agreement or in the bank's proof."
    field = "payee_account"


def name(command: NameSettlementAccount, known: SettlementAccountNamed | None) -> list[Event]:
    """The account into which releases go; the same again is no news."""
    if not (command.payee_name.strip() and command.payee_account.strip() and command.document_no.strip()):
        raise SettlementAccountUnfounded
    if known is not None and (known.payee_name, known.payee_account) == (command.payee_name, command.payee_account):
        return []
    return [
        SettlementAccountNamed(
            payee_name=command.payee_name,
            payee_account=command.payee_account,
            document_no=command.document_no,
            named_on=command.named_on,
        )
    ]
