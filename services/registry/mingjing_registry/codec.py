"""Stored names of this service's facts: chosen by hand, append-only, never derived from class names."""

from __future__ import annotations

from mingjing_kernel.codec import Codec
from mingjing_kernel.log import Aggregate
from mingjing_registry.acts import (
    BLACKLIST_ACTS,
    CHANGE_ACTS,
    CHECK_ACTS,
    CONSUMER_ACTS,
    INSTITUTION_ACTS,
    LIKENESS_ACTS,
    MAPPING_ACTS,
    ROSTER_ENTRY_ACTS,
    ROW_ACTS,
    SITE_ACTS,
)
from mingjing_registry.acts_ledger import (
    PROFILE_ACTS,
)
from mingjing_registry.acts_staff import (
    BREACH_ACTS,
    FILING_ACTS,
    PROVIDER_ACTS,
    SCHOOL_ACTS,
    STAFF_ACTS,
)
from mingjing_registry.domain import (
    annual_check,
    annulment,
    application,
    blacklist_facts,
    blacklisted,
    breach,
    change,
    credit_code,
    dismissal,
    export_profile,
    filing,
    import_mapping,
    inspection_order,
    institution,
    kept_aside,
    liability,
    licence,
    likeness,
    list_consumer,
    matching_run,
    mirror,
    operation,
    prepaid,
    provider,
    provider_facts,
    receipt,
    record_facts,
    rectification,
    roster,
    roster_run,
    school,
    site,
    site_area,
    staff,
    staff_facts,
    staffing,
    unlicensed,
    whitelist,
)
from mingjing_registry.domain.blacklisting import (
    BLACKLIST,
)
from mingjing_registry.domain.institution_rules import (
    INSTITUTION,
)

INSTITUTION_CODEC: Codec[institution.Event] = Codec(
    {
        "registry.institution-registered.v1": institution.InstitutionRegistered,
        "registry.institution-amended.v1": institution.InstitutionAmended,
        "registry.code-given.v1": credit_code.CodeGiven,
        "registry.code-led.v1": credit_code.CodeLed,
        "registry.name-noted.v1": institution.NameNoted,
        "registry.notice-filed.v1": institution.NoticeFiled,
        "registry.custody-activated.v1": institution.CustodyActivated,
        "registry.custody-ended.v1": institution.CustodyEnded,
        "registry.annual-check-recorded.v1": annual_check.AnnualCheckRecorded,
        "registry.institution-blacklisted.v1": blacklisted.InstitutionBlacklisted,
        "registry.institution-cleared.v1": blacklisted.InstitutionCleared,
        "registry.whitelist-entered.v1": whitelist.WhitelistEntered,
        "registry.whitelist-left.v1": whitelist.WhitelistLeft,
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
        "registry.unapproved-change-noticed.v1": change.UnapprovedChangeNoticed,
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
        "registry.recheck-reminded.v1": annual_check.RecheckReminded,
        "registry.recheck-fell-due.v1": annual_check.RecheckFellDue,
        "registry.dismissal-demanded.v1": dismissal.DismissalDemanded,
        "registry.liability-asked.v1": liability.LiabilityAsked,
        "registry.liability-stated.v1": liability.LiabilityStated,
    }
)

SITE_CODEC: Codec[site.Event] = Codec(
    {
        "registry.site-proposed.v1": site.SiteProposed,
        "registry.site-signed.v1": site.SiteSigned,
        "registry.site-approved.v1": site.SiteApproved,
        "registry.site-closed.v1": site.SiteClosed,
        "registry.site-measured.v1": site_area.SiteMeasured,
        "registry.site-area-waived.v1": site_area.SiteAreaWaived,
        "registry.site-area-checked.v1": site_area.SiteAreaChecked,
    }
)

KEPT_ASIDE_CODEC: Codec[kept_aside.Event] = Codec(
    {
        "registry.row-kept-aside.v1": kept_aside.RowKeptAside,
        "registry.row-taken.v1": kept_aside.RowTaken,
        "registry.row-dismissed.v1": kept_aside.RowDismissed,
        "registry.person-row-kept-aside.v1": kept_aside.PersonRowKeptAside,
    }
)

IMPORT_CODEC: Codec[receipt.Event] = Codec(
    {
        "registry.import-begun.v1": receipt.ImportBegun,
        "registry.import-mapped.v1": receipt.ImportMapped,
        "registry.import-recorded.v1": receipt.ImportRecorded,
    }
)

BLACKLIST_CODEC: Codec[blacklist_facts.Event] = Codec(
    {
        "registry.blacklist-proposed.v1": blacklist_facts.BlacklistProposed,
        "registry.blacklist-reviewed.v1": blacklist_facts.BlacklistReviewed,
        "registry.blacklist-notice-served.v1": blacklist_facts.BlacklistNoticeServed,
        "registry.blacklist-statement-made.v1": blacklist_facts.BlacklistStatementMade,
        "registry.blacklist-hearing-requested.v1": blacklist_facts.BlacklistHearingRequested,
        "registry.blacklist-hearing-held.v1": blacklist_facts.BlacklistHearingHeld,
        "registry.blacklist-listed.v1": blacklist_facts.BlacklistListed,
        "registry.blacklist-rejected.v1": blacklist_facts.BlacklistRejected,
        "registry.blacklist-consented.v1": blacklist_facts.BlacklistConsented,
        "registry.blacklist-published.v1": blacklist_facts.BlacklistPublished,
        "registry.blacklist-repair-applied.v1": blacklist_facts.BlacklistRepairApplied,
        "registry.blacklist-repair-accepted.v1": blacklist_facts.BlacklistRepairAccepted,
        "registry.blacklist-repair-refused.v1": blacklist_facts.BlacklistRepairRefused,
        "registry.blacklist-repaired.v1": blacklist_facts.BlacklistRepaired,
        "registry.blacklist-removed.v1": blacklist_facts.BlacklistRemoved,
        "registry.blacklist-dropped.v1": blacklist_facts.BlacklistDropped,
        "registry.blacklist-ground-annulled.v1": annulment.BlacklistGroundAnnulled,
        "registry.blacklist-annulment-retracted.v1": annulment.BlacklistAnnulmentRetracted,
        "registry.blacklist-removal-reminded.v1": annulment.BlacklistRemovalReminded,
        "registry.blacklist-removal-overdue.v1": annulment.BlacklistRemovalOverdue,
    }
)

LIST_CONSUMER_CODEC: Codec[list_consumer.Event] = Codec(
    {
        "registry.list-consumer-registered.v1": list_consumer.ConsumerRegistered,
        "registry.lists-acknowledged.v1": list_consumer.ListsAcknowledged,
        "registry.list-consumer-reminded.v1": list_consumer.ConsumerReminded,
        "registry.list-consumer-retired.v1": list_consumer.ConsumerRetiredFromLists,
    }
)

DISHONESTY_CODEC: Codec[mirror.Event] = Codec(
    {
        "registry.dishonesty-mirrored.v1": mirror.DishonestyMirrored,
        "registry.dishonesty-ended.v1": mirror.DishonestyEnded,
    }
)

BARRED_CODEC: Codec[mirror.Event] = Codec(
    {
        "registry.staff-barred.v1": mirror.StaffBarred,
        "registry.staff-bar-ended.v1": mirror.StaffBarEnded,
    }
)

MIRROR_SOURCE_CODEC: Codec[mirror.SourceTaken] = Codec({"registry.mirror-source-taken.v1": mirror.SourceTaken})

INSTITUTIONS = Aggregate("institution", INSTITUTION, INSTITUTION_CODEC, (*INSTITUTION_ACTS, *CHANGE_ACTS, *CHECK_ACTS))
SITES = Aggregate("site", site.SITE, SITE_CODEC, SITE_ACTS)
ROWS_ASIDE = Aggregate("kept-aside", kept_aside.KEPT_ASIDE, KEPT_ASIDE_CODEC, ROW_ACTS)
IMPORTS = Aggregate("import", receipt.RECEIPT, IMPORT_CODEC)
BLACKLISTINGS = Aggregate("blacklisting", BLACKLIST, BLACKLIST_CODEC, BLACKLIST_ACTS)
LIST_CONSUMERS = Aggregate("list-consumer", list_consumer.LIST_CONSUMER, LIST_CONSUMER_CODEC, CONSUMER_ACTS)
DISHONESTY_ENTRIES = Aggregate("dishonesty-entry", mirror.DISHONESTY, DISHONESTY_CODEC)
BARRED = Aggregate("barred-person", mirror.STAFF_BARS, BARRED_CODEC)
MIRROR_SOURCES = Aggregate("mirror-source", mirror.MIRROR_SOURCE, MIRROR_SOURCE_CODEC)
LISTS = (BLACKLISTINGS, LIST_CONSUMERS, DISHONESTY_ENTRIES, BARRED, MIRROR_SOURCES)
LIKENESS_CODEC: Codec[likeness.Event] = Codec(
    {
        "registry.likeness-proposed.v1": likeness.LikenessProposed,
        "registry.likeness-judged.v1": likeness.LikenessJudged,
        "registry.judgement-withdrawn.v1": likeness.JudgementWithdrawn,
        "registry.likeness-lapsed.v1": likeness.LikenessLapsed,
    }
)

MATCHING_RUN_CODEC: Codec[matching_run.MatchingRan] = Codec({"registry.matching-ran.v1": matching_run.MatchingRan})

LIKENESSES = Aggregate("likeness", likeness.LIKENESS, LIKENESS_CODEC, LIKENESS_ACTS)
MATCHING_RUNS = Aggregate("matching-run", matching_run.MATCHING_RUN, MATCHING_RUN_CODEC)
IMPORT_MAPPING_CODEC: Codec[import_mapping.Event] = Codec(
    {
        "registry.mapping-confirmed.v1": import_mapping.MappingConfirmed,
        "registry.mapping-withdrawn.v1": import_mapping.MappingWithdrawn,
    }
)

ROSTER_ENTRY_CODEC: Codec[roster.Event] = Codec(
    {
        "registry.roster-entry-stated.v1": roster.RosterEntryStated,
        "registry.roster-entry-gone.v1": roster.RosterEntryGone,
        "registry.roster-difference-noted.v1": roster.DifferenceNoted,
    }
)

ROSTER_CODEC: Codec[roster_run.Event] = Codec(
    {
        "registry.roster-taken.v1": roster_run.RosterTaken,
        "registry.roster-reconciled.v1": roster_run.RosterReconciled,
    }
)

IMPORT_MAPPINGS = Aggregate("import-mapping", import_mapping.IMPORT_MAPPING, IMPORT_MAPPING_CODEC, MAPPING_ACTS)
ROSTER_ENTRIES = Aggregate("roster-entry", roster.ROSTER_ENTRY, ROSTER_ENTRY_CODEC, ROSTER_ENTRY_ACTS)
ROSTERS = Aggregate("roster", roster_run.ROSTER, ROSTER_CODEC)
EXCHANGED = (IMPORT_MAPPINGS, ROSTER_ENTRIES, ROSTERS)

STAFF_CODEC: Codec[staff_facts.Event] = Codec(
    {
        "registry.staff-enrolled.v1": staff_facts.StaffEnrolled,
        "registry.staff-left.v1": staff_facts.StaffLeft,
        "registry.qualification-recorded.v1": staff_facts.QualificationRecorded,
        "registry.qualification-withdrawn.v1": staff_facts.QualificationWithdrawn,
        "registry.work-permit-recorded.v1": staff_facts.WorkPermitRecorded,
        "registry.in-service-suspected.v1": staff_facts.InServiceSuspected,
        "registry.in-service-cleared.v1": staff_facts.InServiceCleared,
        "registry.school-likeness-noted.v1": staff_facts.SchoolLikenessNoted,
        "registry.school-likeness-judged.v1": staff_facts.SchoolLikenessJudged,
        "registry.staff-bar-noted.v1": staff_facts.StaffBarNoted,
        "registry.staff-bar-lifted.v1": staff_facts.StaffBarLifted,
        "registry.staff-bar-likeness-noted.v1": staff_facts.StaffBarLikenessNoted,
        "registry.staff-bar-likeness-judged.v1": staff_facts.StaffBarLikenessJudged,
    }
)
SESSIONS_CODEC: Codec[staffing.SessionsStated] = Codec({"registry.sessions-stated.v1": staffing.SessionsStated})
SCHOOL_CODEC: Codec[school.Event] = Codec(
    {
        "registry.school-recorded.v1": school.SchoolRecorded,
        "registry.school-roster-taken.v1": school.RosterTaken,
        "registry.school-roster-described.v1": school.RosterDescribed,
        "registry.survey-recorded.v1": school.SurveyRecorded,
    }
)
FILING_CODEC: Codec[filing.Event] = Codec(
    {
        "registry.item-filed.v1": filing.ItemFiled,
        "registry.item-accepted.v1": filing.ItemAccepted,
        "registry.item-refused.v1": filing.ItemRefused,
        "registry.item-withdrawn.v1": filing.ItemWithdrawn,
    }
)
BREACH_CODEC: Codec[breach.Event] = Codec(
    {
        "registry.breach-found.v1": breach.BreachFound,
        "registry.breach-ended.v1": breach.BreachEnded,
    }
)
PROVIDER_CODEC: Codec[provider_facts.Event] = Codec(
    {
        "registry.provider-proposed.v1": provider_facts.ProviderProposed,
        "registry.provider-selected.v1": provider_facts.ProviderSelected,
        "registry.provider-chosen.v1": provider_facts.ProviderChosen,
        "registry.agreement-ended.v1": provider_facts.AgreementEnded,
        "registry.points-deducted.v1": provider_facts.PointsDeducted,
        "registry.deduction-withdrawn.v1": provider_facts.DeductionWithdrawn,
        "registry.evaluation-closed.v1": provider_facts.EvaluationClosed,
        "registry.provider-left.v1": provider_facts.ProviderLeft,
        "registry.provider-return-due.v1": provider_facts.ProviderReturnDue,
        "registry.provider-return-overdue.v1": provider_facts.ProviderReturnOverdue,
        "registry.provider-return-declined.v1": provider_facts.ProviderReturnDeclined,
    }
)
STAFF = Aggregate("staff-member", staff.STAFF, STAFF_CODEC, STAFF_ACTS)
SESSIONS = Aggregate("sessions", staffing.SESSIONS, SESSIONS_CODEC)
SCHOOLS = Aggregate("school", school.SCHOOL, SCHOOL_CODEC, SCHOOL_ACTS)
FILINGS = Aggregate("filing", filing.FILING, FILING_CODEC, FILING_ACTS)
BREACHES = Aggregate("breach", breach.BREACH, BREACH_CODEC, BREACH_ACTS)
PROVIDERS = Aggregate("provider", provider.PROVIDER, PROVIDER_CODEC, PROVIDER_ACTS)
PEOPLE_AND_SCHOOLS = (STAFF, SESSIONS, SCHOOLS, FILINGS, BREACHES, PROVIDERS)

PREPAID_CODEC: Codec[prepaid.PrepaidNoted] = Codec({"registry.prepaid-noted.v1": prepaid.PrepaidNoted})
EXPORT_PROFILE_CODEC: Codec[export_profile.Event] = Codec(
    {
        "registry.export-profile-proposed.v1": export_profile.ProfileProposed,
        "registry.export-profile-approved.v1": export_profile.ProfileApproved,
        "registry.export-profile-withdrawn.v1": export_profile.ProfileWithdrawn,
    }
)
UNLICENSED_CODEC: Codec[unlicensed.Event] = Codec(
    {
        "registry.unlicensed-premises-noted.v1": unlicensed.UnlicensedNoted,
        "registry.unlicensed-premises-withdrawn.v1": unlicensed.UnlicensedWithdrawn,
    }
)
UNLICENSED = Aggregate("unlicensed-lead", unlicensed.UNLICENSED, UNLICENSED_CODEC)
"""By the id of inspection's lead."""
PREPAID = Aggregate("prepaid", prepaid.PREPAID, PREPAID_CODEC)
EXPORT_PROFILES = Aggregate("export-profiles", export_profile.EXPORT_PROFILES, EXPORT_PROFILE_CODEC, PROFILE_ACTS)
INSPECTION_ORDER_CODEC: Codec[inspection_order.Event] = Codec(
    {
        "registry.inspection-order-noted.v1": inspection_order.InspectionOrderNoted,
        "registry.inspection-order-ended.v1": inspection_order.InspectionOrderEnded,
    }
)
INSPECTION_ORDERS = Aggregate("inspection-order", inspection_order.INSPECTION_ORDER, INSPECTION_ORDER_CODEC)
"""By the rectification's id in the inspection service."""
LEDGER = (PREPAID, EXPORT_PROFILES, UNLICENSED, INSPECTION_ORDERS)
