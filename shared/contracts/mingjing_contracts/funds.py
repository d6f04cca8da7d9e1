"""What the funds service tells the others: custody accounts, charging, alerts.

The one rule: amounts are integer fen, and nothing of a family or a child travels here.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar, Literal, TypeAlias
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from mingjing_contracts.envelope import Contract

Severity: TypeAlias = Literal["NOTICE", "YELLOW", "RED"]
"""蓝色, 黄色, 红色."""


class CustodyAccountActivatedV1(Contract):
    """The institution's custody account (预收费资金托管专户) is open (X15). Bank and account name are public."""

    subject: ClassVar[str] = "funds.evt.account.custody-account-activated.v1"

    account_id: UUID
    institution_id: UUID
    bank: str
    account_name: str
    opened_on: date


class CustodyAccountClosedV1(Contract):
    """The bank has closed the institution's custody account; it held nothing and owed nothing any more."""

    subject: ClassVar[str] = "funds.evt.account.custody-account-closed.v1"

    account_id: UUID
    institution_id: UUID
    closed_on: date


class ChargingBlockedV1(Contract):
    """No new contract and no new payment is accepted for the institution (X11); refunds stay open."""

    subject: ClassVar[str] = "funds.evt.institution.charging-blocked.v1"

    institution_id: UUID
    cause: Literal["suspended", "revoked", "cancelled"]
    since: date


class ChargingRuleBrokenV1(Contract):
    """An existing charge breaks a charging rule (F08): P1 days, P2 lessons, P3 fen."""

    subject: ClassVar[str] = "funds.evt.contract.charging-rule-broken.v1"

    contract_id: UUID
    institution_id: UUID | None
    rule: str
    found: int
    allowed: int
    policy_version: str


class AlertRaisedV1(Contract):
    """A fund alert (资金预警) was raised, or a standing one became more severe (same ``alert_id``).

    ``institution_id`` is null while the registry has not named the account's holder. ``explanation`` is for people.
    """

    subject: ClassVar[str] = "funds.evt.alert.alert-raised.v1"

    alert_id: UUID
    rule: str
    rule_version: str
    severity: Severity
    account_id: UUID
    institution_id: UUID | None
    institution_name: str
    department: str
    region: str
    balance_fen: int
    unconsumed_fen: int
    threshold_fen: int
    explanation_zh: str
    explanation_en: str
    on: date


class AlertEscalatedV1(Contract):
    """A step of a fund alert was not taken in its time (超时升级): a higher level is told. The stage stays.

    ``clock`` names the step: ``alert-acknowledge``, ``alert-verify`` or ``alert-plan``. ``institution_id`` is null
    while the registry has not named the account's holder.
    """

    subject: ClassVar[str] = "funds.evt.alert.alert-escalated.v1"

    alert_id: UUID
    account_id: UUID
    institution_id: UUID | None
    institution_name: str
    department: str
    region: str
    clock: str
    stage: str
    explanation_zh: str
    explanation_en: str
    escalated_at: datetime


class AlertClearedV1(Contract):
    """The alert's condition has been false for the hysteresis period."""

    subject: ClassVar[str] = "funds.evt.alert.alert-cleared.v1"

    alert_id: UUID
    on: date


class AlertClosedV1(Contract):
    """A person closed the alert with evidence."""

    subject: ClassVar[str] = "funds.evt.alert.alert-closed.v1"

    alert_id: UUID
    disposal: Literal["topped-up", "refunded", "case-filed", "false-positive", "other"]
    on: date


class LiabilityStatedV1(Contract):
    """What families are still owed by an institution over all its accounts, on the day it was asked
    (U = Σ (P − C(k) − refunds paid)); zero where it has no account.
    """

    subject: ClassVar[str] = "funds.evt.institution.liability-stated.v1"

    institution_id: UUID
    unconsumed_fen: int
    on: date


class PrepaidStatedV1(Contract):
    """What an institution's custody accounts hold and owe at the end of a day, for the base ledger 台账: stated once
    a day at most, and only when it changed. Counts and sums; nothing of a family.
    """

    subject: ClassVar[str] = "funds.evt.institution.prepaid-stated.v1"

    institution_id: UUID
    balance_fen: int
    """托管余额 over all its accounts."""
    unconsumed_fen: int
    """U = Σ (P − C(k) − refunds paid) over all its accounts."""
    contracts_open: int
    """Paid contracts that are neither finished nor refunded."""
    pupils: int
    """Different pupils named in them; contracts without a name count nobody."""
    on: date


class LedgerLineV1(BaseModel):
    """One sum of an order's ledger: a payment, a refund, a release, or what moved to another order."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Literal["payment", "refund", "release", "transfer"]
    reference: str
    amount_fen: int
    standing: str
    on: date | None


class LedgerExtractStatedV1(Contract):
    """What stands in the ledger of an order (资金台账, X21), for the complaint whose handler asked: sums, numbers and
    days. Who the family is, and what it wrote, is not in it.
    """

    subject: ClassVar[str] = "funds.evt.contract.ledger-extract-stated.v1"

    request_id: UUID
    track_id: UUID
    contract_id: UUID
    is_known: bool
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
    lines: tuple[LedgerLineV1, ...]
    stated_on: date
