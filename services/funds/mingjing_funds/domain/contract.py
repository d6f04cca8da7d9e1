"""Training contract (培训合同): signed, paid, delivered lesson by lesson, perhaps refunded.

The one rule: P = C(k) + refunded + remaining, in integer fen, and no part is ever negative. Imported contracts are
existing facts: what breaks a charging rule is recorded as a finding, not refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, TypeAlias
from uuid import UUID

from mingjing_funds.domain import ledger_extract, lesson, order, refund
from mingjing_funds.domain.charging import ChargingLimits
from mingjing_funds.domain.charging_checks import Asked
from mingjing_funds.domain.family import NOBODY, CorrectFamily, Family, FamilyCorrected, FamilyNamed
from mingjing_funds.domain.lesson import CONFIRMED as CONFIRMED
from mingjing_funds.domain.lesson import LessonSeen as LessonSeen
from mingjing_funds.domain.lesson import LessonStanding as LessonStanding
from mingjing_funds.domain.money import cumulative_release_fen
from mingjing_funds.domain.order import UNTOUCHED, Life
from mingjing_funds.domain.refund import Refund as Refund
from mingjing_funds.domain.refund import RefundStanding as RefundStanding
from mingjing_funds.domain.refund import Review
from mingjing_funds.domain.teaching_time import Lesson as LessonHeld
from mingjing_funds.domain.teaching_time import TimeNumbers
from mingjing_kernel.state import State, field

RefundWord: TypeAlias = Literal["agreed", "auto-agreed", "refused"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the parties agreed. ``account_id`` is the custody account that must receive the fee, if there is one."""

    contract_no: str
    account_id: UUID | None
    institution_id: UUID | None
    vendor_code: str
    department: str
    region: str
    category: str
    course: str
    is_subject: bool
    lessons: int
    """N: paid lesson units, gifts excluded."""
    gift_lessons: int
    price_fen: int
    starts_on: date
    ends_on: date
    signed_at: datetime
    is_model_text: bool


# -- commands --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftContract:
    """Write a contract down before anybody signs it: nothing is charged by it."""

    terms: Terms
    drafted_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SignContract:
    """Sign a new contract here. ``charging_blocked`` says why the institution may not charge now (X11), if so;
    with ``asked`` all charging rules are checked, without it P1 to P3 by ``limits``.
    """

    terms: Terms
    limits: ChargingLimits
    charging_blocked: str = ""
    family: Family | None = None
    asked: Asked | None = None
    replaces: UUID | None = None
    """The contract whose money pays this one by a transfer; it does not count beside it (P5, P6)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContract:
    """Take over a contract that was signed elsewhere; ``opening_used`` lessons were used before records begin."""

    terms: Terms
    limits: ChargingLimits
    opening_used: int = 0
    family: Family | None = None
    asked: Asked | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPayment:
    """The price was paid. ``is_existing_fact`` tells a payment made elsewhere from one that asks to be allowed."""

    payment_no: str
    amount_fen: int
    paid_at: datetime
    paid_on: date
    method: str
    is_existing_fact: bool
    charging_blocked: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLesson:
    """One lesson as reported on a day, from its place in the timetable to its confirmation; ``held``: when and how."""

    lesson_no: str
    held_on: date
    units: int
    is_gift: bool
    standing: LessonStanding
    how: str
    confirmed_at: datetime | None
    content: str
    """Fingerprint (``lesson_print``)."""
    reported_on: date
    held: LessonHeld | None = None
    times: TimeNumbers | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRefund:
    """A family asks for what is left; with a ``review`` the institution is asked here, and our clocks run."""

    refund_no: str
    amount_fen: int
    reason: str
    requested_at: datetime
    review: Review | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRefund:
    """The institution agrees or refuses, or five working days of silence count as agreement."""

    refund_no: str
    answer: RefundWord
    answered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PayRefund:
    """The bank has paid the refund to the original payer."""

    refund_no: str
    amount_fen: int
    paid_on: date


Command: TypeAlias = (
    DraftContract
    | SignContract
    | RecordContract
    | RecordPayment
    | ReportLesson
    | RequestRefund
    | AnswerRefund
    | PayRefund
    | CorrectFamily
    | lesson.Command
    | order.Command
    | refund.Command
    | ledger_extract.Command
)


# -- events ----------------------------------------------------------------------------------------------


class AsideReason(StrEnum):
    """Why a lesson line is not counted."""

    BEYOND_PURCHASE = "beyond-purchase"
    ALTERED_AFTER_CONFIRMATION = "altered-after-confirmation"
    NO_MONEY_LEFT = "no-money-left"
    DISPUTED_HERE = "disputed-here"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractDrafted:
    """A contract is written down and not signed."""

    terms: Terms
    drafted_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractSigned:
    """A contract stands; the charging limits of ``policy_version`` were checked."""

    terms: Terms
    opening_used: int
    policy_version: str
    family: Family | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargingRuleBroken:
    """A finding (F08): an existing charge breaks a rule of the policy version named."""

    account_id: UUID | None
    institution_id: UUID | None
    rule: str
    found: int
    allowed: int
    policy_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractPaid:
    """P was paid; ``earned_fen`` is C(k) of lessons before. It ``counts_on`` no day before the account had it."""

    account_id: UUID | None
    payment_no: str
    amount_fen: int
    paid_at: datetime
    paid_on: date
    counts_on: date
    method: str
    earned_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonReported:
    """A lesson was reported and is not confirmed (yet)."""

    account_id: UUID | None
    lesson_no: str
    held_on: date
    units: int
    is_gift: bool
    standing: LessonStanding
    content: str
    reported_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonConfirmed:
    """A lesson was confirmed for the first time; a paid one releases ``earned_fen`` = C(k) − C(k − units)."""

    account_id: UUID | None
    lesson_no: str
    held_on: date
    units: int
    is_gift: bool
    is_automatic: bool
    how: str
    confirmed_at: datetime | None
    content: str
    reported_on: date
    used: int
    """k after this lesson."""
    earned_fen: int
    earned_on: date
    """From when it counts: not before the payment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LessonSetAside:
    """A lesson line is not counted, and why; what stood before still stands."""

    account_id: UUID | None
    lesson_no: str
    reason: AsideReason
    held_on: date
    units: int
    standing: LessonStanding
    content: str
    reported_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundRequested:
    """A family asked for its money; ``remaining_fen`` is P − C(k) at that time."""

    account_id: UUID | None
    refund_no: str
    amount_fen: int
    remaining_fen: int
    reason: str
    requested_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundAnswered:
    """The institution's answer, or its silence."""

    account_id: UUID | None
    refund_no: str
    answer: RefundWord
    amount_fen: int
    answered_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPaid:
    """The refund reached the family."""

    account_id: UUID | None
    refund_no: str
    amount_fen: int
    paid_on: date


Event: TypeAlias = (
    ContractDrafted
    | ContractSigned
    | ChargingRuleBroken
    | ContractPaid
    | LessonReported
    | LessonConfirmed
    | LessonSetAside
    | RefundRequested
    | RefundAnswered
    | RefundPaid
    | FamilyNamed
    | FamilyCorrected
    | lesson.Event
    | order.Event
    | refund.Event
    | ledger_extract.Event
)


# -- state -----------------------------------------------------------------------------------------------


class Delivery(State, frozen=True):
    """Lessons so far: k, and what stands for each lesson (at most a few dozen a contract)."""

    used: int = 0
    lessons: dict[str, LessonSeen] = field(default_factory=dict)
    aside: frozenset[tuple[str, str]] = frozenset()
    """Lines set aside before, by number and fingerprint: the same line again is no news."""


class Unsigned(State, frozen=True):
    """There is no such contract yet."""


class Drafted(State, frozen=True):
    """Written down; it may be changed at will."""

    terms: Terms


class Signed(State, frozen=True):
    """Signed, not paid: lessons may be given (train first, pay later), nothing is held."""

    terms: Terms
    delivery: Delivery
    family: Family = NOBODY
    life: Life = UNTOUCHED


class Paid(State, frozen=True):
    """Paid: P is held for the family until lessons or refunds use it up."""

    terms: Terms
    delivery: Delivery
    payment_no: str
    paid_fen: int
    paid_on: date
    refunded_fen: int = 0
    refunds: dict[str, Refund] = field(default_factory=dict)
    family: Family = NOBODY
    life: Life = UNTOUCHED

    def earned_fen(self) -> int:
        """C(k)."""
        return cumulative_release_fen(self.paid_fen, self.terms.lessons, self.delivery.used)

    def remaining_fen(self) -> int:
        """P − C(k) − refunded − transferred: what the family could still get back."""
        return self.paid_fen - self.earned_fen() - self.refunded_fen - self.life.transferred_fen

    def promised_fen(self, but: str = "") -> int:
        """Refunds that are agreed and not paid, but for one of them: no lesson takes this money."""
        if not self.refunds:
            return 0
        kept = (one for one in self.refunds.values() if one.is_kept and one.refund_no != but)
        return sum(one.amount_fen for one in kept if one.standing in refund.PROMISED)

    def released_fen(self) -> int:
        """What has gone to the institution or is on its way; what was used before records begin had gone before."""
        before = cumulative_release_fen(self.paid_fen, self.terms.lessons, self.life.opening_used)
        return before + sum(one.amount_fen for one in self.life.shares.values() if not one.is_taken_back)

    def is_disputed(self) -> bool:
        """X9: whether a dispute about a refund, or another that was accepted, stops its releases."""
        return bool(self.life.freezes) or any(one.is_disputed for one in self.refunds.values())


Contract: TypeAlias = Unsigned | Drafted | Signed | Paid
