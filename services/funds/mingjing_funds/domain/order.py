"""The life of an order (订单): clauses, release of its money, transfer, expiry; commands and facts beside ``contract``.

DRAFT → SIGNED → PAID → IN_DELIVERY → COMPLETED; beside them COOLING_OFF, REFUNDING, REFUNDED, PARTIALLY_REFUNDED,
TRANSFERRED, DISPUTED, EXPIRED (``order_stage``). The one rule: every fen of P is earned, refunded, transferred or left.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from mingjing_funds.domain.carrying import ContractMoved, MoveContract
from mingjing_funds.domain.lesson import CodeOut, LessonSeen


class FreezeCause(StrEnum):
    """Why an order's money does not go to the institution (X9). Refunds are never stopped by it."""

    REFUND_DISPUTE = "refund-dispute"
    COMPLAINT = "complaint"


class TransferKind(StrEnum):
    """What changes (转让)."""

    STUDENT = "student"
    COURSE = "course"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clauses:
    """What the parties agreed beside the terms; the model contract leaves these blank for them.

    ``list_lesson_fen``: what a lesson costs without discount; it values consumed lessons only where
    ``is_list_price_agreed``. Until ``full_refund_until``, and with at most ``full_refund_lessons_max`` lessons had, the
    whole price comes back. ``release_kind``: a release policy of the contract's own; empty: the region's.
    """

    model_text: str
    is_taught_first: bool = False
    list_lesson_fen: int = 0
    is_list_price_agreed: bool = False
    full_refund_until: date | None = None
    full_refund_lessons_max: int | None = None
    release_kind: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one release instruction takes of this contract's money."""

    amount_fen: int
    is_taken_back: bool = False


# -- commands --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreeClauses:
    """Write down what was agreed beside the terms; once, before anything is paid back."""

    clauses: Clauses
    agreed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferOut:
    """All that is left goes on to another contract at the same custody account: of another pupil, or another course."""

    to_contract_id: UUID
    to_contract_no: str
    kind: TransferKind
    amount_fen: int
    reason: str
    transferred_on: date
    account_id: UUID | None = None
    """The account that keeps both, as they were looked at: one of them may go over to another bank meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferIn:
    """The price of this contract came from another contract: no money moves at the bank."""

    from_contract_id: UUID
    from_contract_no: str
    account_id: UUID
    amount_fen: int
    transferred_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireContract:
    """The last day is over; lessons that are left may still be had or refunded."""

    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class FreezeRelease:
    """X9: a dispute about this order was accepted; nothing of it goes to the institution until it is over."""

    cause: FreezeCause
    reference: str
    frozen_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfreezeRelease:
    """The dispute is over."""

    reference: str
    unfrozen_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseShare:
    """A release instruction takes so much of what lessons have earned. Its number is its identity."""

    instruction_no: str
    amount_fen: int
    released_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeShareBack:
    """The instruction was not carried out, or was reversed: its money is here again."""

    instruction_no: str
    reason: str
    taken_back_on: date


Command: TypeAlias = (
    AgreeClauses
    | TransferOut
    | TransferIn
    | ExpireContract
    | FreezeRelease
    | UnfreezeRelease
    | ReleaseShare
    | TakeShareBack
    | MoveContract
)


# -- events ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ClausesAgreed:
    """These clauses stand."""

    clauses: Clauses
    agreed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplacementAgreed:
    """This contract takes the place of another of the pupil, whose money pays it: nothing new is charged."""

    former_id: UUID
    agreed_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferredOut:
    """What was left belongs to another contract now."""

    account_id: UUID | None
    to_contract_id: UUID
    to_contract_no: str
    kind: TransferKind
    amount_fen: int
    reason: str
    transferred_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferredIn:
    """The price came from another contract; ``earned_fen`` is C(k) of lessons confirmed before."""

    account_id: UUID | None
    from_contract_id: UUID
    from_contract_no: str
    amount_fen: int
    earned_fen: int
    transferred_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractExpired:
    """Its last day is over, and this is left."""

    account_id: UUID | None
    remaining_fen: int
    expired_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseFrozen:
    """Nothing of this order goes to the institution."""

    account_id: UUID | None
    cause: FreezeCause
    reference: str
    frozen_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseUnfrozen:
    """This dispute stops nothing any more."""

    account_id: UUID | None
    reference: str
    unfrozen_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareReleased:
    """So much of what lessons have earned is on its way to the institution; ``released_fen`` is the sum."""

    account_id: UUID | None
    instruction_no: str
    amount_fen: int
    released_fen: int
    released_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareTakenBack:
    """It did not get there."""

    account_id: UUID | None
    instruction_no: str
    amount_fen: int
    released_fen: int
    reason: str
    taken_back_on: date


Event: TypeAlias = (
    ClausesAgreed
    | ReplacementAgreed
    | TransferredOut
    | TransferredIn
    | ContractExpired
    | ReleaseFrozen
    | ReleaseUnfrozen
    | ShareReleased
    | ShareTakenBack
    | ContractMoved
)


# -- state -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Life:
    """What an order lived through beside its terms, its lessons and its refunds."""

    opening_used: int = 0
    clauses: Clauses | None = None
    codes: Mapping[UUID, CodeOut] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    """Lessons about which the family was asked, and has said nothing."""
    altered: Mapping[str, LessonSeen] = field(default_factory=dict)
    """Confirmed lessons that were sent again with other words, as they were sent last: a person decides."""
    unsettled: frozenset[str] = frozenset()
    """Lessons that were disputed here: what is reported of them counts for nothing until a person says they were held.
    """
    timed: Mapping[str, str] = field(default_factory=dict)
    """When lessons are held, as it was said last."""
    freezes: frozenset[str] = frozenset()
    """References of disputes that stop releases."""
    shares: Mapping[str, Share] = field(default_factory=dict)
    transferred_fen: int = 0
    transferred_to: str = ""
    replaces: UUID | None = None
    """The contract of the same pupil that this one takes the place of: its money pays this one, and no other."""
    came_from: UUID | None = None
    """The contract from which the price was transferred: its payment stands behind this contract's releases."""
    expired_on: date | None = None
    moved_on: date | None = None
    """When the contract came to the account that keeps it now, from another bank: what it earns counts from then."""
    left_accounts: frozenset[UUID] = frozenset()
    """Accounts that kept it before."""


UNTOUCHED = Life()
