"""A refund's steps (退费流程): commands and facts beside those of ``contract``.

REQUESTED → INSTITUTION_REVIEW → AGREED | AUTO_AGREED | REFUSED → MEDIATION → INSTRUCTED → PAID | FAILED → CLOSED; what
was paid and comes back from the bank is FAILED. The one rule: two clocks run, the institution's silence and the
payment; neither a release hold nor a dispute stops a refund, only a court does. Source: national platform (5 working
days); Beijing (5 and 15 days); GF—2021—2604.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID


class RefundStanding(StrEnum):
    """Where a refund stands (退费状态)."""

    REQUESTED = "requested"
    INSTITUTION_REVIEW = "institution-review"
    AGREED = "agreed"
    AUTO_AGREED = "auto-agreed"
    REFUSED = "refused"
    MEDIATION = "mediation"
    INSTRUCTED = "instructed"
    FAILED = "failed"
    PAID = "paid"
    CLOSED = "closed"


ASKED = frozenset({RefundStanding.REQUESTED, RefundStanding.INSTITUTION_REVIEW})
PAYABLE = frozenset({RefundStanding.AGREED, RefundStanding.AUTO_AGREED, RefundStanding.FAILED})
PROMISED = PAYABLE | {RefundStanding.INSTRUCTED}
"""Agreed and not paid."""
PAY_DAYS = 15
"""Where nobody asked the institution here, so that no number of a review holds."""
OVER = frozenset({RefundStanding.PAID, RefundStanding.CLOSED})
OPEN = frozenset(RefundStanding) - OVER - {RefundStanding.REFUSED}
"""Neither paid nor refused: a reason not to close an account."""


class RefundKind(StrEnum):
    """On which ground the family asks."""

    ORDINARY = "ordinary"
    COOLING_OFF = "cooling-off"
    """Seven days, the whole principal (法释〔2025〕4号)."""


COURT = "司法冻结 "
"""Begins the reference of a stay that follows from a freezing order by itself; the order's number follows."""


class RefundEnd(StrEnum):
    """How it ended."""

    PAID = "paid"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    NOTHING_LEFT = "nothing-left"
    """Lessons that were confirmed meanwhile have used it up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """How an institution is asked: the numbers in force on that day, which hold for this refund to its end."""

    kind: RefundKind = RefundKind.ORDINARY
    had_before: bool = False
    """The pupil had the same service before: there is no cooling-off."""
    answer_working_days: int = 5
    pay_days_before_start: int = 5
    pay_days: int = 15
    cooling_off_days: int = 7
    policy_version: str
    asked_on: date


@dataclass(frozen=True, slots=True)
class Refund:
    """A refund under way. Without ``review`` it was reported, not asked for here: no clock of ours runs."""

    refund_no: str
    amount_fen: int
    standing: RefundStanding
    asked_fen: int
    """What the family asked for; less may have been agreed to."""
    review: Review | None = None
    is_kept: bool = False
    """Once it is agreed its money is kept for the family, whatever lessons are confirmed meanwhile."""
    is_objected: bool = False
    pay_by: date | None = None
    is_overdue: bool = False
    payable_on: date | None = None
    stayed_on: date | None = None
    stayed_by: str = ""
    """Whose word it is that it stands still: of a court's order on the account, or a person's."""
    end: RefundEnd | None = None
    instructions: tuple[str, ...] = ()
    """Numbers of every instruction that was given, the last one last."""
    failed: frozenset[str] = frozenset()
    """Those that the bank could not carry out, or took back: what is paid afterwards was paid in another way."""

    @property
    def is_disputed(self) -> bool:
        """X9: a mediator has it, or the institution objected to a cooling-off."""
        return self.standing is RefundStanding.MEDIATION or (
            self.is_objected and self.standing is RefundStanding.REFUSED
        )


# -- commands --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeBySilence:
    """The working days are over and the institution has said nothing."""

    refund_no: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectToCoolingOff:
    """The institution objects: the pupil had the same service before. A dispute follows, and a person decides."""

    refund_no: str
    reason: str
    objected_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeToMediation:
    """A refused refund is mediated; ``reference`` names the complaint or the mediator's file."""

    refund_no: str
    reference: str
    mediated_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class EndMediation:
    """What came of it: an amount that both agree to, or none."""

    refund_no: str
    amount_fen: int
    reason: str
    ended_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRefund:
    """The department pays families directly, by a list that it approved (abnormal stop): nobody else is asked.

    ``owed_fen`` is what the contract still owes; ``amount_fen`` the family's share of what the account holds.
    """

    refund_no: str
    list_id: UUID
    owed_fen: int
    amount_fen: int
    pay_days: int
    granted_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructRefund:
    """The bank is told to pay. ``payment_no`` names the payment whose payer gets it: another way needs a reason.

    ``frozen_by`` is the court's order over the account, where one stands; a release hold is no hindrance.
    """

    refund_no: str
    instruction_no: str
    payment_no: str
    other_way_because: str = ""
    frozen_by: str = ""
    instructed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FailRefund:
    """The bank could not pay; a new instruction with a number of its own may follow."""

    refund_no: str
    instruction_no: str
    reason: str
    failed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnRefund:
    """The bank has taken its debit back (退票), on ``debited_id``: what was paid is owed to the family again."""

    refund_no: str
    instruction_no: str
    returned_on: date
    debited_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRefundOverdue:
    """The day by which it was to be paid is over."""

    refund_no: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StayRefund:
    """A court has frozen the account: the clock of payment stands still."""

    refund_no: str
    reference: str
    stayed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumeRefund:
    """The freeze is over, or the court lets refunds through."""

    refund_no: str
    reference: str
    resumed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseRefund:
    """It is over; ``WITHDRAWN`` is the family's own word."""

    refund_no: str
    end: RefundEnd
    reason: str
    closed_on: date


Answering: TypeAlias = AgreeBySilence | ObjectToCoolingOff | TakeToMediation | EndMediation | GrantRefund
Paying: TypeAlias = (
    InstructRefund | FailRefund | ReturnRefund | NoteRefundOverdue | StayRefund | ResumeRefund | CloseRefund
)
Command: TypeAlias = Answering | Paying


# -- events ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPutForReview:
    """The institution is asked: the clock of its silence runs."""

    account_id: UUID | None
    refund_no: str
    review: Review


@dataclass(frozen=True, slots=True, kw_only=True)
class CoolingOffObjected:
    """The institution objects to a cooling-off."""

    account_id: UUID | None
    refund_no: str
    reason: str
    objected_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPayable:
    """It is to be paid by this day."""

    account_id: UUID | None
    refund_no: str
    amount_fen: int
    payable_on: date
    pay_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundTakenToMediation:
    """A mediator has it."""

    account_id: UUID | None
    refund_no: str
    reference: str
    mediated_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MediationEnded:
    """Both agree to this amount, or to none (0)."""

    account_id: UUID | None
    refund_no: str
    amount_fen: int
    reason: str
    ended_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundGranted:
    """The department pays this share; ``owed_fen`` less it is a claim that stays."""

    account_id: UUID | None
    refund_no: str
    list_id: UUID
    owed_fen: int
    amount_fen: int
    granted_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundInstructed:
    """The bank was told to pay."""

    account_id: UUID | None
    refund_no: str
    instruction_no: str
    amount_fen: int
    payment_no: str
    other_way_because: str
    instructed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundFailed:
    """The bank could not pay."""

    account_id: UUID | None
    refund_no: str
    instruction_no: str
    reason: str
    failed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundReturned:
    """It was paid and came back: the family waits for it again, since ``waits_since``, and it is due by ``pay_by``;
    ``debited_id``: the former account that has it, where the contract has gone over since.
    """

    account_id: UUID | None
    refund_no: str
    instruction_no: str
    amount_fen: int
    waits_since: date
    pay_by: date | None
    returned_on: date
    debited_id: UUID | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundOverdue:
    """It was to be paid by ``pay_by`` and was not (F15)."""

    account_id: UUID | None
    refund_no: str
    amount_fen: int
    pay_by: date
    noted_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundStayed:
    """A court's order stops it for now."""

    account_id: UUID | None
    refund_no: str
    reference: str
    stayed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundResumed:
    """It goes on; the days that were left are left."""

    account_id: UUID | None
    refund_no: str
    reference: str
    resumed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundClosed:
    """It is over."""

    account_id: UUID | None
    refund_no: str
    end: RefundEnd
    reason: str
    closed_on: date


Answered: TypeAlias = (
    RefundPutForReview | CoolingOffObjected | RefundTakenToMediation | MediationEnded | RefundPayable | RefundGranted
)
PaymentStep: TypeAlias = (
    RefundInstructed | RefundFailed | RefundReturned | RefundOverdue | RefundStayed | RefundResumed | RefundClosed
)
Event: TypeAlias = Answered | PaymentStep
