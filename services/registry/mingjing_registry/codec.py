"""Stored names of this service's facts: chosen by hand, append-only, never derived from class names."""

from __future__ import annotations

from mingjing_kernel.codec import Codec
from mingjing_kernel.log import Aggregate
from mingjing_registry.acts import INSTITUTION_ACTS, MAPPING_ACTS, ROSTER_ENTRY_ACTS, ROW_ACTS, SITE_ACTS
from mingjing_registry.domain import import_mapping, institution, kept_aside, licence, receipt, roster, roster_run, site

INSTITUTION_CODEC: Codec[institution.Event] = Codec(
    {
        "registry.institution-registered.v1": institution.InstitutionRegistered,
        "registry.institution-amended.v1": institution.InstitutionAmended,
        "registry.name-noted.v1": institution.NameNoted,
        "registry.notice-filed.v1": institution.NoticeFiled,
        "registry.custody-activated.v1": institution.CustodyActivated,
        "registry.custody-ended.v1": institution.CustodyEnded,
        "registry.annual-check-recorded.v1": institution.AnnualCheckRecorded,
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
        "registry.import-mapped.v1": receipt.ImportMapped,
        "registry.import-recorded.v1": receipt.ImportRecorded,
    }
)

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

INSTITUTIONS = Aggregate("institution", institution.INSTITUTION, INSTITUTION_CODEC, INSTITUTION_ACTS)
SITES = Aggregate("site", site.SITE, SITE_CODEC, SITE_ACTS)
ROWS_ASIDE = Aggregate("kept-aside", kept_aside.KEPT_ASIDE, KEPT_ASIDE_CODEC, ROW_ACTS)
IMPORTS = Aggregate("import", receipt.RECEIPT, IMPORT_CODEC)
IMPORT_MAPPINGS = Aggregate("import-mapping", import_mapping.IMPORT_MAPPING, IMPORT_MAPPING_CODEC, MAPPING_ACTS)
ROSTER_ENTRIES = Aggregate("roster-entry", roster.ROSTER_ENTRY, ROSTER_ENTRY_CODEC, ROSTER_ENTRY_ACTS)
ROSTERS = Aggregate("roster", roster_run.ROSTER, ROSTER_CODEC)
