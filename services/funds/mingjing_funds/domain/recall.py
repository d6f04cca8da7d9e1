"""Recall (撤回指令): the bank is asked to cancel what a hold or a freeze has stopped on its way, and answers.

The one rule: asking stops nothing. Only the bank's word that it has cancelled makes the money free again; until then
its debit is awaited, and when it comes it counts. Form: ISO 20022 camt.055 and camt.029.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Recall(StrEnum):
    """How far a recall is (撤回状态)."""

    NONE = ""
    ASKED = "asked"
    CANCELLED = "cancelled"
    REFUSED = "refused"
    """Too late, or the bank will not: it carries the instruction out, or has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskRecall:
    """Ask the bank to cancel what was stopped of this batch."""

    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadRecall:
    """The bank answers about one instruction; ``ASKED`` says that it is still looking. ``at`` is its own moment."""

    number: str
    outcome: Recall
    reason_code: str
    reason: str
    document_no: str
    """The bank's own id of its answer."""
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallAsked:
    """The bank is asked to cancel this instruction."""

    number: str
    account_id: UUID
    asked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RecallAnswered:
    """Cancelled, or not."""

    number: str
    account_id: UUID
    outcome: Recall
    reason_code: str
    reason: str
    document_no: str
    at: datetime
