"""What the addresses of this service take and answer. Amounts are integer fen (分)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mingjing_funds.domain.alerting.life_facts import Disposal

Fen = int


class _Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class AccountItem(_Answer):
    """A custody account (托管专户)."""

    account_id: UUID
    institution_id: UUID | None
    institution_name: str
    uscc: str
    bank: str
    account_name: str
    number: str
    number_written: str = Field(description="What the list said when the number had lost digits")
    state: str
    minimum_fen: Fen
    opened_on: date | None
    opening_fen: Fen
    opening_on: date | None
    lift_proposed_because: str = Field(description="Why a person is asked to lift the hold; empty where nobody is")
    department: str
    region: str
    category: str


class BalanceItem(_Answer):
    """An account at the end of a day, in fen."""

    account_id: UUID
    institution_id: UUID | None
    institution_name: str
    number: str
    bank: str
    state: str
    minimum_fen: Fen
    opening_fen: Fen
    closing_fen: Fen
    received_fen: Fen
    released_fen: Fen
    refunded_fen: Fen
    interest_fen: Fen
    fee_fen: Fen
    suspense_fen: Fen = Field(description="Booked by the bank and explained by nothing yet")
    gap_fen: Fen = Field(description="Stated by the bank's balances, entries not delivered")
    unconsumed_fen: Fen = Field(description="U = Σ (P − C(k) − refunds paid)")
    confirmed_unreleased_fen: Fen
    in_transit_fen: Fen
    uncredited_fen: Fen
    difference_fen: Fen = Field(description="Closing balance minus what explains it")
    is_balanced: bool


class BalanceTotals(_Answer):
    """The sums over the accounts."""

    accounts: int
    received_fen: Fen
    released_fen: Fen
    refunded_fen: Fen
    held_fen: Fen
    unconsumed_fen: Fen
    interest_fen: Fen
    is_balanced: bool = Field(description="Opening balances and movements lead to the stated balances, to the fen")


class Balances(_Answer):
    """Every account's balance at the end of a day, and the sums."""

    day: date
    totals: BalanceTotals
    accounts: list[BalanceItem]


class EntryItem(_Answer):
    """A bank entry (银行流水)."""

    account_id: UUID
    account_number: str
    institution_name: str
    flow: str
    bank: str
    booked_at: datetime
    amount_fen: Fen
    balance_fen: Fen
    summary: str
    column: str
    number: str
    expected_fen: Fen
    reverses: str
    reversed_by: str


class ExpectationItem(_Answer):
    """A payment announced, a release instructed or a refund agreed, and when the bank booked it."""

    account_id: UUID
    account_number: str
    institution_name: str
    number: str
    amount_fen: Fen
    due_on: date
    met_on: date | None
    met_fen: Fen
    flow: str


class ContractItem(_Answer):
    """A training contract (培训合同)."""

    contract_id: UUID
    contract_no: str
    account_id: UUID | None
    institution_id: UUID | None
    institution_name: str | None
    pupil: str = Field(description="学员: a pseudonym, the same on every contract of this pupil with this institution")
    pupil_masked: str | None = Field(description="The name, masked; nothing once the pupil is erased")
    guardian: str = Field(description="监护人: a pseudonym, as the pupil's")
    guardian_masked: str | None
    guardian_phone_masked: str | None
    course: str
    lessons: int
    gift_lessons: int
    price_fen: Fen
    starts_on: date
    ends_on: date
    signed_at: datetime
    policy_version: str
    state: str
    used: int
    paid_fen: Fen
    paid_on: date | None
    earned_fen: Fen
    refunded_fen: Fen
    transferred_fen: Fen
    released_fen: Fen
    set_aside: int


class FindingItem(_Answer):
    """An existing charge that breaks a rule (F08)."""

    contract_id: UUID
    contract_no: str
    institution_name: str | None
    rule: str
    found: int
    allowed: int
    policy_version: str


class RefundRequestItem(_Answer):
    """A refund and where it stands (退费申请)."""

    contract_id: UUID
    contract_no: str
    account_id: UUID | None
    institution_name: str | None
    refund_no: str
    kind: str = Field(description="reported (elsewhere), ordinary, cooling-off, or granted by the department")
    standing: str
    asked_fen: Fen
    amount_fen: Fen
    owed_fen: Fen = Field(description="What the contract owed, where the department granted a share of it")
    asked_on: date
    pay_by: date | None
    is_overdue: bool
    stayed_on: date | None
    reference: str
    instruction_no: str
    paid_on: date | None
    end: str


class RefundListItem(_Answer):
    """A refund list of an account (退费名册)."""

    list_id: UUID
    account_id: UUID
    institution_name: str
    state: str
    families: int
    available_fen: Fen
    owed_fen: Fen
    total_fen: Fen
    reason: str
    drawn_by: str
    drawn_at: datetime
    approved_by: str


class LessonDecisionItem(_Answer):
    """A lesson about which a person decides (待裁定课时)."""

    contract_id: UUID
    contract_no: str
    institution_name: str | None
    lesson_no: str
    kind: str = Field(description="dispute, or alteration of a confirmed lesson")
    since: date
    said_by: str
    reason: str
    held_on: date | None
    units: int | None
    standing: str


class AlertItem(_Answer):
    """A fund alert (资金预警)."""

    alert_id: UUID
    account_id: UUID
    institution_id: UUID | None
    institution_name: str
    category: str = Field(description="Of the institution; empty where nobody has said it")
    rule: str
    rule_version: str
    severity: str
    state: str
    raised_on: date
    balance_fen: Fen | None = Field(description="Null where the bank has not spoken")
    unconsumed_fen: Fen | None
    in_transit_fen: Fen | None
    threshold: int = Field(description="What the rule held the account to: fen, days, persons or percent")
    explanation_zh: str
    explanation_en: str
    acknowledged_by: str
    ended_on: date | None
    plan: str
    disposal: str
    evidence: str
    reminded_on: date | None = Field(description="When the next step was last reminded of")
    escalated_on: date | None = Field(description="When a step was last not taken in time and the level above was told")
    escalated_for: str = Field(description="Which steps: alert-acknowledge, alert-verify, alert-plan")


class EvaluationItem(_Answer):
    """One evaluation of a rule: version, inputs, result."""

    watch_id: UUID
    day: date
    account_id: UUID
    rule: str
    rule_version: str
    severity: str
    balance_fen: Fen
    in_transit_fen: Fen
    unconsumed_fen: Fen
    agreed_minimum_fen: Fen
    months_open: int
    threshold_fen: Fen


class FileItem(_Answer):
    """A delivered file (报送文件)."""

    file_id: UUID
    category: str = Field(description="That which all its rows share; empty where they do not, or it is not known")
    kind: str
    bank: str
    booked_on: date | None
    sha256: str
    rows: int
    missing: int
    kept_aside: int
    delivered_by: str
    delivered_at: datetime


class ReceiptAnswer(_Answer):
    """What became of a file's rows."""

    file_id: UUID
    kind: str
    bank: str
    booked_on: date | None
    rows: int
    accepted: int
    repeated: int
    kept_aside: int
    missing: int
    came_right: int = Field(description="Rows kept aside earlier that could be used now")
    position: int


class KeptAsideItem(_Answer):
    """A row that was not used: what is written, which rule, what to do."""

    row_id: UUID
    file_id: UUID
    category: str = Field(description="Of what it concerns; empty where nobody known is concerned")
    kind: str
    row: int
    covers_to: date
    code: str
    field: str
    rule: str
    sentence_zh: str
    sentence_en: str
    remedy_zh: str
    remedy_en: str
    cells: dict[str, Any]
    waits_for: str
    state: str
    kept_at: datetime


class InstitutionItem(_Answer):
    """Whether an institution may charge (X11)."""

    institution_id: UUID
    name: str
    uscc: str
    blocked: str
    blocked_since: date | None
    decision: str


class EvaluationAnswer(_Answer):
    """What an evaluation of all rules led to."""

    day: date
    evaluated: int
    raised: int
    worsened: int
    cleared: int
    position: int


class PolicyItem(_Answer):
    """A rule with numbers, in the version in force."""

    version: str
    parameters: dict[str, int]
    source: str


class MendRequest(BaseModel):
    """Corrections by column; everything else stays as written."""

    corrections: dict[str, str] = Field(default_factory=dict, max_length=100)


class ReasonRequest(BaseModel):
    """Why."""

    reason: str = Field(min_length=1, max_length=1000)


class CloseRequest(BaseModel):
    """How an alert was dealt with."""

    disposal: Disposal
    evidence: str = Field(max_length=2000)


class JudgementRequest(BaseModel):
    """What was found when somebody looked."""

    is_confirmed: bool = Field(description="False: a false alarm")
    evidence: str = Field(max_length=2000)


class PlanRequest(BaseModel):
    """What will be done, by whom and until when."""

    plan: str = Field(max_length=2000)
