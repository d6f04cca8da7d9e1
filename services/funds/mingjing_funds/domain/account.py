"""Custody account (预收费资金托管专用账户): its commands and facts.

The one rule: the bank's own words are booked once by entry identity, and
opening + received − released − refunded + interest − fees + suspense = balance, always.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from mingjing_funds.domain import freeze, settlement
from mingjing_funds.domain.account_terms import Column as Column
from mingjing_funds.domain.account_terms import Direction as Direction
from mingjing_funds.domain.account_terms import Holder as Holder
from mingjing_funds.domain.hold import HoldCommand
from mingjing_funds.domain.hold import HoldEvent as HoldEvent
from mingjing_funds.domain.hold import HoldReleases as HoldReleases
from mingjing_funds.domain.hold import LiftHold as LiftHold
from mingjing_funds.domain.hold import ProposeHold as ProposeHold
from mingjing_funds.domain.hold import ProposeLift as ProposeLift
from mingjing_funds.domain.hold import ReleaseHoldApplied as ReleaseHoldApplied
from mingjing_funds.domain.hold import ReleaseHoldLifted as ReleaseHoldLifted
from mingjing_funds.domain.hold import ReleaseHoldLiftProposalWithdrawn as ReleaseHoldLiftProposalWithdrawn
from mingjing_funds.domain.hold import ReleaseHoldLiftProposed as ReleaseHoldLiftProposed
from mingjing_funds.domain.hold import ReleaseHoldProposalWithdrawn as ReleaseHoldProposalWithdrawn
from mingjing_funds.domain.hold import ReleaseHoldProposed as ReleaseHoldProposed
from mingjing_funds.domain.hold import WithdrawHoldProposal as WithdrawHoldProposal
from mingjing_funds.domain.hold import WithdrawLiftProposal as WithdrawLiftProposal


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkInstitution:
    """The registry's institution behind the account became known."""

    institution_id: UUID
    department: str
    region: str
    category: str
    matched_by: str
    """What agreed: ``code``, ``name`` or ``code and name``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyForAccount:
    """An institution asks a bank for a custody account."""

    holder: Holder
    applied_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SignAgreement:
    """Institution, bank and department sign; ``minimum_fen`` is the own money that must stay (最低留存额度)."""

    agreement_no: str
    minimum_fen: int
    signed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivateAccount:
    """The bank has opened the account; the opening balance includes the minimum."""

    number: str
    number_written: str
    opened_on: date
    opening_fen: int
    opening_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverAccount:
    """An account that existed before this system: application, agreement and activation as one."""

    holder: Holder
    agreement: SignAgreement
    activation: ActivateAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestClosing:
    """The institution wants to close; liabilities are counted by the caller on the day of the request."""

    unconsumed_fen: int
    refunds_pending: int
    department_consents: bool
    requested_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseAccount:
    """The bank has closed the account; it must be empty. What is owed is counted by the caller once more: between the
    request and this day money may have come.
    """

    closed_on: date
    unconsumed_fen: int = 0
    refunds_pending: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectMoney:
    """A payment, a release instruction or an agreed refund that the bank will book.

    ``earned_fen`` is what confirmed lessons have earned so far; a release that asks to be allowed stays within it.
    ``ordered_at``: money is to leave because of this, and so stays outside what is frozen.
    """

    direction: Direction
    number: str
    amount_fen: int
    due_on: date
    earned_fen: int | None = None
    ordered_at: datetime | None = None
    returns: str = ""
    headroom_fen: int | None = None
    """Where the release policy keeps the balance above what is owed (HYBRID): how far all releases may go together."""
    backed_by: str | None = None
    """Of a release: the payment of its own contract, and how much of it must have been credited."""
    backed_fen: int = 0
    contract_id: UUID | None = None
    """Whose money it is, where a contract was asked: once it went to another bank, nothing of it is awaited here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawExpectation:
    """Nothing will be booked under this number. What the bank has is taken back by its own word only: it has refused it
    (``is_refused``), or has confirmed by ``recall_no``, a document, that what was stopped is not carried out.
    """

    number: str
    reason: str
    withdrawn_on: date
    is_refused: bool = False
    recall_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainEntry:
    """An entry that nothing explained carries out what is awaited under this number."""

    flow: str
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BookEntry:
    """One booking as the bank reports it. ``flow`` identifies it within the bank; ``digest`` is what it says."""

    bank: str
    flow: str
    account_number: str
    booked_at: datetime
    booked_on: date
    amount_fen: int
    balance_fen: int
    summary: str
    reference: str
    tail: str
    is_reversal: bool
    digest: str
    incomplete_days: tuple[date, ...] = ()
    """Days of this bank's feed that were not delivered whole: where missing entries may lie."""


LifeCommand: TypeAlias = (
    ApplyForAccount
    | LinkInstitution
    | SignAgreement
    | ActivateAccount
    | TakeOverAccount
    | HoldCommand
    | RequestClosing
    | CloseAccount
)
MoneyCommand: TypeAlias = ExpectMoney | WithdrawExpectation | BookEntry | ExplainEntry
Command: TypeAlias = LifeCommand | MoneyCommand | freeze.Command | settlement.Command


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountApplied:
    """An institution asked for a custody account."""

    holder: Holder
    applied_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementSigned:
    """The three parties agreed on custody and on the minimum."""

    agreement_no: str
    minimum_fen: int
    signed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountActivated:
    """The account is open. ``number_written`` is what the list said when the number had to be completed."""

    holder: Holder
    number: str
    number_written: str
    minimum_fen: int
    opened_on: date
    opening_fen: int
    opening_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionLinked:
    """Whose account it is, in the registry's terms. ``number`` is empty while the account is not open."""

    holder: Holder
    number: str
    opened_on: date | None
    matched_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosingRequested:
    """The account is on its way to being closed: nothing may come in."""

    requested_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountClosed:
    """The account is closed. ``institution_id`` is whose it was, as far as that was known."""

    institution_id: UUID | None
    closed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyExpected:
    """The bank will book this; until then a payment is in transit."""

    direction: Direction
    number: str
    amount_fen: int
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpectationWithdrawn:
    """Nothing will be booked under this number; what was to be released can be asked for again, under another."""

    direction: Direction
    number: str
    amount_fen: int
    reason: str
    withdrawn_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryBooked:
    """One booking of the bank, counted in ``column``.

    ``number`` is the payment, instruction or refund that it carries out (or undoes) and ``expected_fen`` what that was
    for (both empty when none fits); ``reverses`` is the flow that a reversal corrects.
    """

    bank: str
    flow: str
    booked_at: datetime
    booked_on: date
    amount_fen: int
    balance_fen: int
    summary: str
    reference: str
    tail: str
    column: Column
    number: str
    expected_fen: int
    expected_on: date | None
    reverses: str
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryExplained:
    """An entry held in suspense turned out to carry out an expectation that became known later."""

    flow: str
    amount_fen: int
    booked_on: date
    column: Column
    number: str
    expected_fen: int
    expected_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryInferred:
    """The bank's balances show that an expectation was carried out though its entry has not been delivered."""

    number: str
    amount_fen: int
    column: Column
    booked_on: date
    expected_on: date
    flow: str
    """The entry whose balance shows it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InferenceWithdrawn:
    """The entry was delivered after all and takes the place of the inference."""

    number: str
    amount_fen: int
    column: Column
    booked_on: date
    expected_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceGapChanged:
    """The bank states a balance that differs from the entries by ``gap_fen``: some have not been delivered yet."""

    gap_fen: int
    change_fen: int
    booked_on: date
    flow: str


Event: TypeAlias = (
    AccountApplied
    | AgreementSigned
    | AccountActivated
    | InstitutionLinked
    | HoldEvent
    | ClosingRequested
    | AccountClosed
    | MoneyExpected
    | ExpectationWithdrawn
    | EntryBooked
    | EntryExplained
    | EntryInferred
    | InferenceWithdrawn
    | BalanceGapChanged
    | freeze.Event
    | settlement.Event
)
