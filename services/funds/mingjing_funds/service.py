"""What the funds service is: where the money is (预收费资金). The composition root."""

from __future__ import annotations

from mingjing_funds.api import (
    accounts,
    alert_steps,
    alerts,
    batch_answers,
    breaks,
    confirmations,
    contract_batches,
    contract_numbers,
    contract_releases,
    contracts,
    custodians,
    deposits,
    families,
    files,
    freezes,
    lesson_batches,
    lesson_decisions,
    movements,
    orders,
    payments,
    postings,
    ratings,
    receipt_batches,
    refund_lists,
    refund_steps,
    replays,
    reports,
    what_if,
)
from mingjing_funds.api.evidence import EVIDENCE
from mingjing_funds.api.files import FILE_BYTES_MAX
from mingjing_funds.api.reads import READS
from mingjing_funds.api.rule_texts import rule_texts
from mingjing_funds.codec import AGGREGATES
from mingjing_funds.intake.alert_duty import NAME, AlertDuty
from mingjing_funds.intake.bank_claims import carry_claims
from mingjing_funds.intake.court_stay import keep_clocks
from mingjing_funds.intake.prepaid_statement import state_last_day
from mingjing_funds.intake.reconciling import reconcile_last_day
from mingjing_funds.intake.refunds_paid import RefundsPaid
from mingjing_funds.messaging.commands import COMMANDS
from mingjing_funds.messaging.inbound import INBOUND
from mingjing_funds.messaging.outbound import OUTBOUND
from mingjing_funds.policy.alert_silence import ALERT_CLEARING, ALERT_SILENCE
from mingjing_funds.policy.alert_thresholds import RULES as ALERT_RULES
from mingjing_funds.policy.alert_times import ALERT_TIMES
from mingjing_funds.policy.charging_import import CHARGING_AT_IMPORT
from mingjing_funds.policy.family_rules import FAMILY_RULES
from mingjing_funds.policy.rating_rules import RATING
from mingjing_funds.policy.supervision import BANK_PAYMENTS, RISK_DEPOSIT
from mingjing_funds.projections.deadlines import DEADLINES
from mingjing_funds.projections.read_models import READ_MODELS
from mingjing_funds.projections.subjects import SUBJECTS
from mingjing_funds.settings import FundsSettings
from mingjing_kernel.service import Service
from mingjing_kernel.service.duty import once_a_day

SERVICE = Service(
    name="funds",
    package="mingjing_funds",
    title="Mingjing funds 明镜 · 资金监管",
    description="预收费资金在哪里。Custody accounts, contracts, releases, refunds and alerts, to the fen.",
    aggregates=AGGREGATES,
    read_models=(*READ_MODELS, *EVIDENCE.lists.models),
    routers=(
        accounts.make_router,
        families.make_router,  # before the contracts: an address of its own, and no contract's id
        contracts.make_router,
        contract_numbers.make_router,
        lesson_batches.make_router,
        contract_batches.make_router,
        receipt_batches.make_router,
        lesson_decisions.make_router,
        confirmations.make_router,
        ratings.make_router,
        orders.make_router,
        contract_releases.make_router,
        refund_steps.make_router,
        refund_lists.make_router,
        movements.make_router,
        files.make_router,
        alerts.make_router,
        alert_steps.make_router,
        replays.make_router,
        what_if.make_router,
        breaks.make_router,
        freezes.make_router,
        custodians.make_router,
        deposits.make_router,
        postings.make_router,
        payments.make_router,
        reports.make_router,
    ),
    outbound=OUTBOUND,
    inbound=INBOUND,
    commands=COMMANDS,
    settings=FundsSettings,
    reads=READS,
    uploads={
        "/files": FILE_BYTES_MAX,
        "/status-reports": payments.REPORT_BYTES_MAX,
        "/payment-batches": payments.REPORT_BYTES_MAX,  # a bank's answers to a recall
        "/lesson-batches": lesson_batches.BODY_BYTES_MAX,
        "/contract-batches": batch_answers.BODY_BYTES_MAX,
        "/receipt-batches": batch_answers.BODY_BYTES_MAX,
    },
    policies=(
        *FAMILY_RULES,
        CHARGING_AT_IMPORT,
        *ALERT_RULES,
        ALERT_TIMES,
        ALERT_SILENCE,
        ALERT_CLEARING,
        RATING,
        RISK_DEPOSIT,
        BANK_PAYMENTS,
    ),
    deadlines=DEADLINES,
    rules=rule_texts,
    subjects=SUBJECTS,
    evidence=EVIDENCE,
    duties={
        "prepaid-statement": once_a_day(state_last_day),
        "reconciliation": once_a_day(reconcile_last_day),
        "bank-claims": once_a_day(carry_claims),
        "court-stay": once_a_day(keep_clocks),
        "refunds-paid": RefundsPaid,
        NAME: AlertDuty,
    },
)
