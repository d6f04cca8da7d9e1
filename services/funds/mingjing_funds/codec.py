"""Stored names of this service's facts: chosen by hand, append-only, never derived from class names."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from mingjing_funds.acts import ACCOUNT_ACTS, ALERT_ACTS, CONTRACT_ACTS, REFUND_LIST_ACTS
from mingjing_funds.acts_bank import BANK_ACCOUNT_ACTS, BREAK_ACTS
from mingjing_funds.acts_custody import CUSTODY_ACTS
from mingjing_funds.acts_deposit import DEPOSIT_ACTS
from mingjing_funds.acts_rating import RATING_ACTS
from mingjing_funds.domain import (
    account,
    alert,
    carrying,
    contract,
    custodian,
    custody_break,
    delivery,
    deposit,
    family,
    freeze,
    institution,
    kept_aside_row,
    ledger_extract,
    lesson,
    order,
    payment_batch,
    prepaid,
    rating,
    rebooking,
    recall,
    refund,
    refund_list,
    settlement,
    sign_facts,
    vendor_code,
)
from mingjing_funds.domain.account_rules import ACCOUNT
from mingjing_funds.domain.alerting import life_facts
from mingjing_funds.domain.alerting.life import LIFE
from mingjing_funds.domain.contract_rules import CONTRACT
from mingjing_funds.domain.delivery import DELIVERY
from mingjing_funds.domain.institution import INSTITUTION
from mingjing_funds.domain.kept_aside_row import KEPT_ASIDE_ROW
from mingjing_funds.domain.refund_list import REFUND_LIST
from mingjing_funds.domain.sign import SIGN
from mingjing_funds.domain.vendor_code import VENDOR_CODE
from mingjing_funds.policy.alert_rules import explanation
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.codec import Codec, Upcast
from mingjing_kernel.log import Aggregate
from mingjing_kernel.sealed.streams import SEALING


def _without_student(stored: dict[str, Any]) -> dict[str, Any]:
    """The first form had the pupil's name, masked and under no key: it is not read any more. The vendor's next export
    names the family.
    """
    terms = {name: value for name, value in stored["terms"].items() if name != "student_masked"}
    return {**stored, "terms": terms, "family": None}


def _whose_is_not_said(stored: dict[str, Any]) -> dict[str, Any]:
    """An account that was closed before its closing named the institution."""
    return {**stored, "institution_id": None}


def _without_own_money(stored: dict[str, Any]) -> dict[str, Any]:
    """A balance that was transferred before its own minimum went with it."""
    return {**stored, "own_fen": 0}


def _paid_when_it_counts(stored: dict[str, Any]) -> dict[str, Any]:
    """A payment that was told after its contract had gone over was dated on the day of the move."""
    paid_on = shanghai_date(datetime.fromisoformat(stored["paid_at"])).isoformat()
    return {**stored, "paid_on": min(paid_on, stored["paid_on"]), "counts_on": stored["paid_on"]}


def _on_its_day(stored: dict[str, Any]) -> dict[str, Any]:
    """Before a day alone could break a rule, every lesson of which this was told had its hours."""
    return {**stored, "held_on": shanghai_date(datetime.fromisoformat(stored["begins_at"])).isoformat()}


def _back_where_it_is_kept(stored: dict[str, Any]) -> dict[str, Any]:
    """A refund that came back before anybody looked for it at a former bank."""
    return {**stored, "debited_id": None}


ACCOUNT_CODEC: Codec[account.Event] = Codec(
    {
        "funds.account-applied.v1": account.AccountApplied,
        "funds.agreement-signed.v1": account.AgreementSigned,
        "funds.account-activated.v1": account.AccountActivated,
        "funds.institution-linked.v1": account.InstitutionLinked,
        "funds.release-hold-proposed.v1": account.ReleaseHoldProposed,
        "funds.release-hold-proposal-withdrawn.v1": account.ReleaseHoldProposalWithdrawn,
        "funds.release-hold-applied.v1": account.ReleaseHoldApplied,
        "funds.release-hold-lift-proposed.v1": account.ReleaseHoldLiftProposed,
        "funds.release-hold-lift-proposal-withdrawn.v1": account.ReleaseHoldLiftProposalWithdrawn,
        "funds.release-hold-lifted.v1": account.ReleaseHoldLifted,
        "funds.closing-requested.v1": account.ClosingRequested,
        "funds.account-closed.v2": account.AccountClosed,
        "funds.money-expected.v1": account.MoneyExpected,
        "funds.entry-booked.v1": account.EntryBooked,
        "funds.entry-explained.v1": account.EntryExplained,
        "funds.entry-inferred.v1": account.EntryInferred,
        "funds.inference-withdrawn.v1": account.InferenceWithdrawn,
        "funds.balance-gap-changed.v1": account.BalanceGapChanged,
        "funds.expectation-withdrawn.v1": account.ExpectationWithdrawn,
        "funds.settlement-account-named.v1": settlement.SettlementAccountNamed,
        "funds.payment-ordered.v1": settlement.PaymentOrdered,
        "funds.payments-sent.v1": settlement.PaymentsSent,
        "funds.payment-recalled.v1": settlement.PaymentRecalled,
        "funds.release-backed.v1": settlement.ReleaseBacked,
        "funds.entry-moved.v1": settlement.EntryMoved,
        "funds.refund-list-opened.v1": settlement.RefundListOpened,
        "funds.refund-list-settled.v1": settlement.RefundListSettled,
        "funds.contracts-left.v1": carrying.ContractsLeft,
        "funds.contracts-came.v1": carrying.ContractsCame,
        "funds.account-frozen.v1": freeze.AccountFrozen,
        "funds.account-unfrozen.v1": freeze.AccountUnfrozen,
    },
    retired={"funds.account-closed.v1": Upcast("funds.account-closed.v2", _whose_is_not_said)},
)

CONTRACT_CODEC: Codec[contract.Event] = Codec(
    {
        "funds.contract-signed.v2": contract.ContractSigned,
        "funds.charging-rule-broken.v1": contract.ChargingRuleBroken,
        "funds.contract-paid.v2": contract.ContractPaid,
        "funds.lesson-reported.v1": contract.LessonReported,
        "funds.lesson-confirmed.v1": contract.LessonConfirmed,
        "funds.lesson-set-aside.v1": contract.LessonSetAside,
        "funds.refund-requested.v1": contract.RefundRequested,
        "funds.refund-answered.v1": contract.RefundAnswered,
        "funds.refund-paid.v1": contract.RefundPaid,
        "funds.family-named.v1": family.FamilyNamed,
        "funds.family-corrected.v1": family.FamilyCorrected,
        # -- the family's side: drafts, lessons, orders, refunds
        "funds.contract-drafted.v1": contract.ContractDrafted,
        "funds.lesson-timed.v2": lesson.LessonTimed,
        "funds.confirmation-asked.v1": lesson.ConfirmationAsked,
        "funds.confirmation-code-issued.v1": lesson.ConfirmationCodeIssued,
        "funds.confirmation-ended.v1": lesson.ConfirmationEnded,
        "funds.lesson-disputed.v1": lesson.LessonDisputed,
        "funds.lesson-settled.v1": lesson.LessonSettled,
        "funds.lesson-taken-back.v1": lesson.LessonTakenBack,
        "funds.alteration-decided.v1": lesson.AlterationDecided,
        "funds.clauses-agreed.v1": order.ClausesAgreed,
        "funds.replacement-agreed.v1": order.ReplacementAgreed,
        "funds.ledger-extract-stated.v1": ledger_extract.LedgerExtractStated,
        "funds.transferred-out.v1": order.TransferredOut,
        "funds.transferred-in.v1": order.TransferredIn,
        "funds.contract-expired.v1": order.ContractExpired,
        "funds.order-frozen.v1": order.ReleaseFrozen,
        "funds.order-unfrozen.v1": order.ReleaseUnfrozen,
        "funds.share-released.v1": order.ShareReleased,
        "funds.share-taken-back.v1": order.ShareTakenBack,
        "funds.contract-moved.v1": carrying.ContractMoved,
        "funds.refund-put-for-review.v1": refund.RefundPutForReview,
        "funds.cooling-off-objected.v1": refund.CoolingOffObjected,
        "funds.refund-payable.v1": refund.RefundPayable,
        "funds.refund-taken-to-mediation.v1": refund.RefundTakenToMediation,
        "funds.mediation-ended.v1": refund.MediationEnded,
        "funds.refund-granted.v1": refund.RefundGranted,
        "funds.refund-instructed.v1": refund.RefundInstructed,
        "funds.refund-failed.v1": refund.RefundFailed,
        "funds.refund-returned.v2": refund.RefundReturned,
        "funds.refund-overdue.v1": refund.RefundOverdue,
        "funds.refund-stayed.v1": refund.RefundStayed,
        "funds.refund-resumed.v1": refund.RefundResumed,
        "funds.refund-closed.v1": refund.RefundClosed,
    },
    retired={
        "funds.contract-signed.v1": Upcast("funds.contract-signed.v2", _without_student),
        "funds.contract-paid.v1": Upcast("funds.contract-paid.v2", _paid_when_it_counts),
        "funds.refund-returned.v1": Upcast("funds.refund-returned.v2", _back_where_it_is_kept),
        "funds.lesson-timed.v1": Upcast("funds.lesson-timed.v2", _on_its_day),
    },
)


def _said(stored: dict[str, Any]) -> dict[str, Any]:
    """What F01 and F02 of the first release said, in the form in which every rule says it now."""
    seen = stored["features"]
    words = explanation(
        stored["rule_version"], alert.Features(**{**seen, "day": _day(seen["day"])}), stored["threshold_fen"]
    )
    return {
        "rule": stored["rule"],
        "rule_version": stored["rule_version"],
        "thresholds_version": "default/1",
        "day": seen["day"],
        "severity": stored["severity"],
        "measures": [{"name": name, "value": value} for name, value in seen.items() if name != "day"],
        "threshold": stored["threshold_fen"],
        "because_zh": words.zh.removesuffix("。"),
        "because_en": words.en.removesuffix("."),
    }


def _told(stored: dict[str, Any]) -> dict[str, Any]:
    said = _said(stored)
    return {"alert_id": stored["alert_id"], "subject": stored["subject"], "said": said, "since": said["day"]}


def _by_days(stored: dict[str, Any]) -> dict[str, Any]:
    """Before hours were counted, a RED alert was acknowledged within days; an alert keeps its times."""
    return {**stored, "times": {**stored.get("times", {}), "red_acknowledge_hours": 0}}


def _on_site_by_days(stored: dict[str, Any]) -> dict[str, Any]:
    """Before its hours were counted, somebody was on site within days."""
    return {**stored, "times": {**stored.get("times", {}), "red_site_hours": 0}}


def _without_category(stored: dict[str, Any]) -> dict[str, Any]:
    """Before an alert said of which category its institution is, nobody knew it of the alert."""
    return {**stored, "subject": {**stored["subject"], "category": ""}}


def _of_no_category(stored: dict[str, Any]) -> dict[str, Any]:
    """Before files and rows kept aside said their category, nobody asked for it."""
    return {**stored, "category": ""}


def _day(written: str) -> date:
    return date.fromisoformat(written)


WATCH_CODEC: Codec[life_facts.Event] = Codec(
    {
        "funds.rule-evaluated.v2": alert.Evaluated,
        "funds.alert-raised.v4": life_facts.AlertRaised,
        "funds.alert-worsened.v4": life_facts.AlertWorsened,
        "funds.alert-returned.v3": life_facts.AlertReturned,
        "funds.alert-condition-changed.v1": life_facts.ConditionChanged,
        "funds.alert-cleared.v1": life_facts.AlertCleared,
        "funds.alert-acknowledged.v1": life_facts.AlertAcknowledged,
        "funds.alert-verification-started.v1": life_facts.VerificationStarted,
        "funds.alert-judged.v3": life_facts.AlertJudged,
        "funds.alert-disposal-planned.v1": life_facts.DisposalPlanned,
        "funds.alert-resolved.v1": life_facts.AlertResolved,
        "funds.alert-closed.v1": life_facts.AlertClosed,
        "funds.alert-escalated.v2": life_facts.AlertEscalated,
        "funds.alert-reminded.v1": life_facts.AlertReminded,
    },
    retired={
        "funds.alert-raised.v1": Upcast("funds.alert-raised.v2", _told),
        "funds.alert-worsened.v1": Upcast("funds.alert-worsened.v2", _told),
        "funds.alert-raised.v2": Upcast("funds.alert-raised.v3", _by_days),
        "funds.alert-worsened.v2": Upcast("funds.alert-worsened.v3", _by_days),
        "funds.alert-returned.v1": Upcast("funds.alert-returned.v2", _by_days),
        "funds.alert-judged.v1": Upcast("funds.alert-judged.v2", _by_days),
        "funds.alert-raised.v3": Upcast("funds.alert-raised.v4", _on_site_by_days),
        "funds.alert-worsened.v3": Upcast("funds.alert-worsened.v4", _on_site_by_days),
        "funds.alert-returned.v2": Upcast("funds.alert-returned.v3", _on_site_by_days),
        "funds.rule-evaluated.v1": Upcast("funds.rule-evaluated.v2", _without_category),
        "funds.alert-escalated.v1": Upcast("funds.alert-escalated.v2", _without_category),
        "funds.alert-judged.v2": Upcast("funds.alert-judged.v3", _on_site_by_days),
    },
)

INSTITUTION_CODEC: Codec[institution.Event] = Codec(
    {
        "funds.institution-noted.v1": institution.InstitutionNoted,
        "funds.charging-blocked.v1": institution.ChargingBlocked,
        "funds.charging-allowed.v1": institution.ChargingAllowed,
        "funds.liability-stated.v1": institution.LiabilityStated,
        "funds.institution-blacklisted.v1": institution.InstitutionBlacklisted,
        "funds.institution-cleared.v1": institution.InstitutionCleared,
    }
)

ROW_CODEC: Codec[kept_aside_row.Event] = Codec(
    {
        "funds.row-kept-aside.v2": kept_aside_row.RowKeptAside,
        "funds.row-taken.v1": kept_aside_row.RowTaken,
        "funds.row-dismissed.v1": kept_aside_row.RowDismissed,
    },
    retired={"funds.row-kept-aside.v1": Upcast("funds.row-kept-aside.v2", _of_no_category)},
)

DELIVERY_CODEC: Codec[delivery.Event] = Codec(
    {"funds.file-delivered.v2": delivery.FileDelivered},
    retired={"funds.file-delivered.v1": Upcast("funds.file-delivered.v2", _of_no_category)},
)
VENDOR_CODE_CODEC: Codec[vendor_code.Event] = Codec({"funds.vendor-code-learned.v1": vendor_code.CodeLearned})
REFUND_LIST_CODEC: Codec[refund_list.Event] = Codec(
    {
        "funds.refund-list-drawn.v1": refund_list.ListDrawn,
        "funds.refund-list-continued.v1": refund_list.ListContinued,
        "funds.refund-list-approved.v1": refund_list.ListApproved,
        "funds.refund-list-withdrawn.v1": refund_list.ListWithdrawn,
    }
)
PREPAID_CODEC: Codec[prepaid.PrepaidStated] = Codec({"funds.prepaid-stated.v1": prepaid.PrepaidStated})

DEPOSIT_CODEC: Codec[deposit.Event] = Codec(
    {
        "funds.deposit-filed.v1": deposit.DepositFiled,
        "funds.deposit-moved.v1": deposit.DepositMoved,
        "funds.deposit-assessed.v1": deposit.DepositAssessed,
        "funds.deposit-released.v1": deposit.DepositReleased,
    }
)
BATCH_CODEC: Codec[payment_batch.Event] = Codec(
    {
        "funds.batch-sent.v1": payment_batch.BatchSent,
        "funds.instruction-accepted.v1": payment_batch.InstructionAccepted,
        "funds.instruction-refused.v1": payment_batch.InstructionRefused,
        "funds.instruction-stopped.v1": payment_batch.InstructionStopped,
        "funds.recall-asked.v1": recall.RecallAsked,
        "funds.recall-answered.v1": recall.RecallAnswered,
        "funds.instruction-executed.v1": payment_batch.InstructionExecuted,
    }
)
CUSTODIAN_CODEC: Codec[custodian.Event] = Codec(
    {
        "funds.custody-taken.v1": custodian.CustodyTaken,
        "funds.bank-change-begun.v1": custodian.BankChangeBegun,
        "funds.balance-transferred.v2": custodian.BalanceTransferred,
        "funds.transfer-rebooked.v1": rebooking.TransferRebooked,
        "funds.bank-change-abandoned.v1": custodian.BankChangeAbandoned,
        "funds.bank-change-reconciled.v1": custodian.BankChangeReconciled,
        "funds.custody-ended.v1": custodian.CustodyEnded,
    },
    retired={"funds.balance-transferred.v1": Upcast("funds.balance-transferred.v2", _without_own_money)},
)
BREAK_CODEC: Codec[custody_break.Event] = Codec(
    {
        "funds.break-opened.v1": custody_break.BreakOpened,
        "funds.break-changed.v1": custody_break.BreakChanged,
        "funds.break-righted.v1": custody_break.BreakRighted,
        "funds.break-resolved.v1": custody_break.BreakResolved,
    }
)

SIGN_CODEC: Codec[sign_facts.Event] = Codec(
    {
        "funds.complaint-noted.v1": sign_facts.ComplaintNoted,
        "funds.complaint-moved.v1": sign_facts.ComplaintMoved,
        "funds.visit-noted.v1": sign_facts.VisitNoted,
        "funds.heads-noted.v1": sign_facts.HeadsNoted,
        "funds.member-joined.v1": sign_facts.MemberJoined,
        "funds.member-left.v1": sign_facts.MemberLeft,
        "funds.site-noted.v1": sign_facts.SiteNoted,
        "funds.licence-noted.v1": sign_facts.LicenceNoted,
        "funds.annual-check-noted.v1": sign_facts.AnnualCheckNoted,
        "funds.operation-noted.v1": sign_facts.OperationNoted,
        "funds.announcement-noted.v1": sign_facts.AnnouncementNoted,
        "funds.change-noted.v1": sign_facts.ChangeNoted,
        "funds.complainants-noted.v1": sign_facts.ComplainantsNoted,
        "funds.complaint-group-noted.v1": sign_facts.GroupNoted,
    }
)

ACCOUNTS = Aggregate("account", ACCOUNT, ACCOUNT_CODEC, (*ACCOUNT_ACTS, *BANK_ACCOUNT_ACTS))
CONTRACTS = Aggregate("contract", CONTRACT, CONTRACT_CODEC, CONTRACT_ACTS)
WATCHES = Aggregate("watch", LIFE, WATCH_CODEC, ALERT_ACTS)
INSTITUTIONS = Aggregate("institution", INSTITUTION, INSTITUTION_CODEC)
ROWS = Aggregate("row", KEPT_ASIDE_ROW, ROW_CODEC)
DELIVERIES = Aggregate("delivery", DELIVERY, DELIVERY_CODEC)
VENDOR_CODES = Aggregate("vendor-code", VENDOR_CODE, VENDOR_CODE_CODEC)
REFUND_LISTS = Aggregate("refund-list", REFUND_LIST, REFUND_LIST_CODEC, REFUND_LIST_ACTS)
PREPAID = Aggregate("prepaid", prepaid.PREPAID, PREPAID_CODEC)
DEPOSITS = Aggregate("deposit", deposit.DEPOSIT, DEPOSIT_CODEC, DEPOSIT_ACTS)
BATCHES = Aggregate("payment-batch", payment_batch.BATCH, BATCH_CODEC)
CUSTODIANS = Aggregate("custodian", custodian.CUSTODIAN, CUSTODIAN_CODEC, CUSTODY_ACTS)
BREAKS = Aggregate("break", custody_break.BREAK, BREAK_CODEC, BREAK_ACTS)
SIGNS = Aggregate("sign", SIGN, SIGN_CODEC)

RATING_CODEC: Codec[rating.Event] = Codec(
    {"funds.rated.v1": rating.Rated, "funds.rating-answered.v1": rating.RatingAnswered}
)
RATINGS = Aggregate("rating", rating.RATING, RATING_CODEC, RATING_ACTS)
"""By a keyed digest of contract and term."""

AGGREGATES: tuple[Aggregate, ...] = (
    ACCOUNTS,
    CONTRACTS,
    WATCHES,
    INSTITUTIONS,
    ROWS,
    DELIVERIES,
    VENDOR_CODES,
    PREPAID,
    DEPOSITS,
    BATCHES,
    CUSTODIANS,
    BREAKS,
    REFUND_LISTS,
    SIGNS,
    RATINGS,
    *SEALING,
)
