"""Words, facts and states of a payment batch (付款批次); ``payment_batch`` decides.

The one rule: an instruction ends once, refused or carried out, whatever was asked of the bank meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias
from uuid import UUID

from mingjing_funds.domain.account_terms import Direction
from mingjing_funds.domain.persistent_map import PersistentMap
from mingjing_funds.domain.recall import Recall

ITEMS_MAX = 5_000
"""Instructions in one batch; more become another batch of the same day."""


class Standing(StrEnum):
    """Where an instruction stands with the bank."""

    SENT = "sent"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    STOPPED = "stopped"
    EXECUTED = "executed"


class Ground(StrEnum):
    """Why an instruction is stopped on its way."""

    RELEASE_HOLD = "release-hold"
    JUDICIAL_FREEZE = "judicial-freeze"
    PAYMENT_REVERSED = "payment-reversed"
    """The bank has reversed the payment that stood behind the release (冲正)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One instruction: from which custody account, to whom, how much. ``number`` is its own for ever."""

    number: str
    direction: Direction
    account_id: UUID
    account_number: str
    account_name: str
    amount_fen: int
    payee_name: str
    payee_account: str
    """The institution and its own account. Both are empty for a refund: no family's name or account goes into a log."""
    returns: str
    """The payment that a refund gives back: the bank sends it the way by which that came (原路退回)."""
    instructed_at: datetime


# -- events ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSent:
    """These instructions left for the bank."""

    bank: str
    cut_off_at: datetime
    execute_on: date
    items: tuple[Item, ...]
    sent_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionAccepted:
    """The bank will carry it out."""

    number: str
    account_id: UUID
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionRefused:
    """The bank will not carry it out, and says why."""

    number: str
    account_id: UUID
    direction: Direction
    amount_fen: int
    reason_code: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionStopped:
    """A hold or a freeze came before the bank: it must not go out any more."""

    number: str
    account_id: UUID
    direction: Direction
    amount_fen: int
    ground: Ground
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class InstructionExecuted:
    """The money has left. ``against_stop`` says that it left after a hold or freeze had begun."""

    number: str
    account_id: UUID
    flow: str
    at: datetime
    against_stop: bool


# -- state -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """How far one instruction is. ``stopped_since`` stays known, whatever is reported later."""

    item: Item
    standing: Standing = Standing.SENT
    stopped_since: datetime | None = None
    ground: Ground | None = None
    recall: Recall = Recall.NONE
    """Whether the bank was asked to cancel it, and what it said."""
    asked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Unsent:
    """There is no such batch yet."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Out at the bank."""

    batch: BatchSent
    progress: PersistentMap[Progress]


Batch: TypeAlias = Unsent | Sent
