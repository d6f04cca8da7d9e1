"""Ledger extract (资金台账, X21): what the ledger of an order says, for a complaint's handler who has asked for it.

The one rule: sums, numbers and days. Nothing of a family, and no free text of anybody, is in it; who asked and for
what stays on the order's own record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

LINES_MAX = 200
"""Of one order; nobody has as many payments, refunds and releases on one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateExtract:
    """The handler of a complaint asks what stands in the ledger; ``purpose`` is hers.

    ``institution_id`` is whom the complaint is about. ``account_institution_id`` is whose the contract's account is: of
    an order that was taken before anybody knew the institution.
    """

    request_id: UUID
    track_id: UUID
    institution_id: UUID | None
    account_institution_id: UUID | None = None
    purpose: str
    asked_by: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractLine:
    """One sum: ``kind`` is payment, refund, release or transfer; ``standing`` how far it is."""

    kind: str
    reference: str
    amount_fen: int
    standing: str
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractFigures:
    """Where the money of the order is, in fen; every fen of what was paid is in one of the parts."""

    contract_no: str = ""
    stage: str = ""
    lessons: int = 0
    used: int = 0
    price_fen: int = 0
    paid_fen: int = 0
    earned_fen: int = 0
    released_fen: int = 0
    refunded_fen: int = 0
    transferred_fen: int = 0
    remaining_fen: int = 0
    promised_fen: int = 0
    is_disputed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerExtractStated:
    """This was answered, to whom and for what. ``is_known``: whether the institution complained of has it."""

    request_id: UUID
    track_id: UUID
    purpose: str
    asked_by: str
    is_known: bool
    figures: ExtractFigures
    lines: tuple[ExtractLine, ...]
    stated_on: date


Command: TypeAlias = StateExtract
Event: TypeAlias = LedgerExtractStated
