"""What may be asked of a track while it is handled: accept and mediate, verify, answer, ask funds.

One rule: as in ``track_commands``: a command brings the clocks that its fact would start.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from mingjing_inspection.domain.track_handling_facts import LedgerExtractReceived
from mingjing_inspection.domain.track_terms import Ending, Ground, Side, Timer

Timers: TypeAlias = tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptDispute:
    """Take a dispute on."""

    told: str
    asks_refund: bool
    contract_id: UUID | None
    by: str
    at: datetime
    timers: Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class RefuseDispute:
    """Do not take a dispute on."""

    ground: Ground
    note: str
    told: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NameContract:
    """Say which order an accepted dispute is about."""

    contract_id: UUID
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StartMediation:
    """Ask both sides to talk."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeStatement:
    """Write down what a side says."""

    side: Side
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginAppraisal:
    """Have something appraised."""

    subject: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EndAppraisal:
    """The appraisal is there."""

    result: str
    by: str
    at: datetime
    timers: Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachAgreement:
    """Both sides agree."""

    terms: tuple[str, ...]
    refund_fen: int
    pay_by: date | None
    by: str
    at: datetime
    timers: Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminateMediation:
    """They do not."""

    ground: Ending
    note: str
    by: str
    at: datetime
    timers: Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawDispute:
    """Take a dispute back."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NotifyComplainant:
    """Tell the complainant how the mediation ended."""

    text: str
    by: str
    at: datetime
    timers: Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class StartVerification:
    """Look into a report."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmReport:
    """It is so; propose a case."""

    note: str
    by: str
    at: datetime
    timers: Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclineFiling:
    """Propose no case."""

    note: str
    by: str
    at: datetime
    timers: Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class InformReporter:
    """Tell who reported."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOrder:
    """Have it in hand."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StartOrder:
    """Work on it."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyOrder:
    """Answer the caller. ``is_substantiated``: what the caller said is so; ``None`` for a question."""

    text: str
    is_substantiated: bool | None
    by: str
    at: datetime
    timers: Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class AskLedgerExtract:
    """Ask funds what stands in the ledger of the order."""

    request_id: UUID
    contract_id: UUID
    purpose: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteExtract:
    """Funds has answered; ``received`` is what it says."""

    received: LedgerExtractReceived


Mediating: TypeAlias = (
    AcceptDispute
    | RefuseDispute
    | NameContract
    | StartMediation
    | TakeStatement
    | BeginAppraisal
    | EndAppraisal
    | ReachAgreement
    | TerminateMediation
    | WithdrawDispute
    | NotifyComplainant
)
Verifying: TypeAlias = StartVerification | ConfirmReport | DeclineFiling | InformReporter
Answering: TypeAlias = SignOrder | StartOrder | ReplyOrder
Handling: TypeAlias = Mediating | Verifying | Answering | AskLedgerExtract
