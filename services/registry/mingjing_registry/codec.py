"""Stored names of this service's facts: chosen by hand, append-only, never derived from class names."""

from __future__ import annotations

from mingjing_kernel.codec import Codec
from mingjing_kernel.log import Aggregate
from mingjing_registry.acts import CHANGE_ACTS, CHECK_ACTS, INSTITUTION_ACTS, ROW_ACTS, SITE_ACTS
from mingjing_registry.domain import (
    annual_check,
    application,
    change,
    institution,
    kept_aside,
    liability,
    licence,
    operation,
    receipt,
    record_facts,
    rectification,
    site,
)
from mingjing_registry.domain.institution_rules import INSTITUTION

INSTITUTION_CODEC: Codec[institution.Event] = Codec(
    {
        "registry.institution-registered.v1": institution.InstitutionRegistered,
        "registry.institution-amended.v1": institution.InstitutionAmended,
        "registry.name-noted.v1": institution.NameNoted,
        "registry.notice-filed.v1": institution.NoticeFiled,
        "registry.custody-activated.v1": institution.CustodyActivated,
        "registry.custody-ended.v1": institution.CustodyEnded,
        "registry.annual-check-recorded.v1": annual_check.AnnualCheckRecorded,
        "registry.whitelist-entered.v1": institution.WhitelistEntered,
        "registry.whitelist-left.v1": institution.WhitelistLeft,
        "registry.licence-recorded.v1": licence.LicenceRecorded,
        "registry.licence-applied.v1": licence.LicenceApplied,
        "registry.licence-returned.v1": licence.LicenceReturned,
        "registry.licence-accepted.v1": licence.LicenceAccepted,
        "registry.decision-overdue.v1": licence.DecisionOverdue,
        "registry.licence-refused.v1": licence.LicenceRefused,
        "registry.licence-approved.v1": licence.LicenceApproved,
        "registry.licence-suspended.v1": licence.LicenceSuspended,
        "registry.licence-reinstated.v1": licence.LicenceReinstated,
        "registry.licence-revoked.v1": licence.LicenceRevoked,
        "registry.licence-cancelled.v1": licence.LicenceCancelled,
        "registry.licence-expired.v1": licence.LicenceExpired,
        "registry.licence-renewed.v1": licence.LicenceRenewed,
        # the life of a licence, operation, annual check
        "registry.profile-recorded.v1": record_facts.ProfileRecorded,
        "registry.staff-summarised.v1": record_facts.StaffSummarised,
        "registry.materials-summarised.v1": record_facts.MaterialsSummarised,
        "registry.application-drafted.v1": application.ApplicationDrafted,
        "registry.site-checked.v1": application.SiteChecked,
        "registry.rule-waived.v1": application.RuleWaived,
        "registry.licence-signed.v1": application.LicenceSigned,
        "registry.renewal-signed.v1": application.RenewalSigned,
        "registry.rectification-ordered.v1": rectification.RectificationOrdered,
        "registry.rectification-ended.v1": rectification.RectificationEnded,
        "registry.rectification-lapsed.v1": rectification.RectificationLapsed,
        "registry.change-proposed.v1": change.ChangeProposed,
        "registry.change-approved.v1": change.ChangeApproved,
        "registry.change-refused.v1": change.ChangeRefused,
        "registry.file-transferred.v1": change.FileTransferred,
        "registry.operation-state-changed.v1": operation.OperationStateChanged,
        "registry.pause-declared.v1": operation.PauseDeclared,
        "registry.stop-sign-noted.v1": operation.SignNoted,
        "registry.closing-began.v1": operation.ClosingBegan,
        "registry.closing-step-completed.v1": operation.ClosingStepCompleted,
        "registry.annual-check-opened.v1": annual_check.AnnualCheckOpened,
        "registry.annual-report-submitted.v1": annual_check.AnnualReportSubmitted,
        "registry.annual-report-reviewed.v1": annual_check.AnnualReportReviewed,
        "registry.recruitment-restricted.v1": annual_check.RecruitmentRestricted,
        "registry.recruitment-allowed.v1": annual_check.RecruitmentAllowed,
        "registry.liability-asked.v1": liability.LiabilityAsked,
        "registry.liability-stated.v1": liability.LiabilityStated,
    }
)

SITE_CODEC: Codec[site.Event] = Codec(
    {
        "registry.site-proposed.v1": site.SiteProposed,
        "registry.site-approved.v1": site.SiteApproved,
        "registry.site-closed.v1": site.SiteClosed,
    }
)

KEPT_ASIDE_CODEC: Codec[kept_aside.Event] = Codec(
    {
        "registry.row-kept-aside.v1": kept_aside.RowKeptAside,
        "registry.row-taken.v1": kept_aside.RowTaken,
        "registry.row-dismissed.v1": kept_aside.RowDismissed,
    }
)

IMPORT_CODEC: Codec[receipt.Event] = Codec(
    {
        "registry.import-begun.v1": receipt.ImportBegun,
        "registry.import-recorded.v1": receipt.ImportRecorded,
    }
)

INSTITUTIONS = Aggregate("institution", INSTITUTION, INSTITUTION_CODEC, (*INSTITUTION_ACTS, *CHANGE_ACTS, *CHECK_ACTS))
SITES = Aggregate("site", site.SITE, SITE_CODEC, SITE_ACTS)
ROWS_ASIDE = Aggregate("kept-aside", kept_aside.KEPT_ASIDE, KEPT_ASIDE_CODEC, ROW_ACTS)
IMPORTS = Aggregate("import", receipt.RECEIPT, IMPORT_CODEC)
