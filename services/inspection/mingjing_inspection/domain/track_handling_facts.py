"""Facts of handling: a dispute is accepted and mediated, a report verified, a work order answered.

One rule: nobody is named here but officials; what a party said stands redacted, and who complained stays sealed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias
from uuid import UUID

from mingjing_inspection.domain.track_terms import Ending, Ground, Side, Timer


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeAccepted:
    """The dispute is taken on (受理) and the complainant was told (``told``: how). Order 20, art. 14.

    ``asks_refund`` with ``contract_id``: that order's release is frozen (X9).
    """

    told: str
    asks_refund: bool
    contract_id: UUID | None
    institution_id: UUID | None
    by: str
    at: datetime
    timers: tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeNotAccepted:
    """The dispute is not taken on, and why (不予受理)."""

    ground: Ground
    note: str
    told: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractNamed:
    """Which order an accepted refund dispute is about, found out later."""

    contract_id: UUID
    before: UUID | None
    institution_id: UUID | None
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MediationStarted:
    """Both sides are asked to talk (开始调解); ``by`` mediates."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementTaken:
    """What one side says (陈述), redacted."""

    side: Side
    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalBegun:
    """Something has to be appraised (鉴定): the time of mediation stands still."""

    subject: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AppraisalEnded:
    """The appraisal is there; what was left of the time is left now."""

    result: str
    by: str
    at: datetime
    timers: tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementReached:
    """Both sides agree (达成调解协议): the terms, what is paid back in fen, and until when."""

    terms: tuple[str, ...]
    refund_fen: int
    pay_by: date | None
    by: str
    at: datetime
    timers: tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class MediationTerminated:
    """They do not (终止调解)."""

    ground: Ending
    note: str
    by: str
    at: datetime
    timers: tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeWithdrawn:
    """The complainant takes the dispute back (撤回); a report in the same message goes on."""

    reason: str
    contract_id: UUID | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplainantNotified:
    """The complainant was told how the mediation ended (告知)."""

    text: str
    by: str
    at: datetime
    timers: tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationStarted:
    """Somebody looks into a report (开始核查)."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportVerified:
    """It is so: a case is proposed (X7); a person decides on the case itself."""

    note: str
    by: str
    at: datetime
    timers: tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportNotFiled:
    """No case is proposed, and why (不予立案)."""

    note: str
    by: str
    at: datetime
    timers: tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReporterInformed:
    """Who reported under a real name was told of the decision (Order 20, art. 31)."""

    text: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSigned:
    """The department has it in hand (签收)."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderHandlingStarted:
    """Somebody works on it."""

    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReplied:
    """The caller was answered (答复)."""

    text: str
    is_substantiated: bool | None
    by: str
    at: datetime
    timers: tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerExtractAsked:
    """Funds is asked what stands in the ledger of the order (X21), for this purpose."""

    request_id: UUID
    contract_id: UUID
    institution_id: UUID | None
    purpose: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One sum of the order's ledger, as funds states it."""

    kind: str
    reference: str
    amount_fen: int
    standing: str
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerExtractReceived:
    """Funds has answered what stands in the ledger of the order (X21): sums and numbers, nobody is named.

    ``text`` says it in words; amounts are in fen.
    """

    request_id: UUID
    contract_id: UUID
    is_known: bool
    text: str
    contract_no: str
    stage: str
    lessons: int
    used: int
    price_fen: int
    paid_fen: int
    earned_fen: int
    released_fen: int
    refunded_fen: int
    transferred_fen: int
    remaining_fen: int
    promised_fen: int
    is_disputed: bool
    lines: tuple[LedgerLine, ...]
    stated_on: date
    at: datetime


Event: TypeAlias = (
    DisputeAccepted
    | DisputeNotAccepted
    | ContractNamed
    | MediationStarted
    | StatementTaken
    | AppraisalBegun
    | AppraisalEnded
    | AgreementReached
    | MediationTerminated
    | DisputeWithdrawn
    | ComplainantNotified
    | VerificationStarted
    | ReportVerified
    | ReportNotFiled
    | ReporterInformed
    | OrderSigned
    | OrderHandlingStarted
    | OrderReplied
    | LedgerExtractAsked
    | LedgerExtractReceived
)
