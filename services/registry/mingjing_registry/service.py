"""The registry 机构登记: who may teach. The composition root: what the service is made of, and nothing else."""

from __future__ import annotations

from mingjing_kernel.reads import make_reads_model
from mingjing_kernel.sealed.streams import SEALING
from mingjing_kernel.sealed.unsealings import unsealing_models
from mingjing_kernel.service import Service
from mingjing_kernel.service.duty import once_a_day
from mingjing_registry.api import (
    annual_check,
    annual_check_openings,
    application,
    blacklist,
    blacklist_expiry,
    blacklist_steps,
    breach,
    change,
    credit_code,
    divisions,
    documents,
    dossier,
    edition,
    expiry,
    export_profiles,
    filing,
    import_mappings,
    inspection_order,
    institution,
    kept_aside,
    kept_aside_person,
    ledger,
    ledger_export,
    licence,
    likeness,
    list_feed,
    listing_documents,
    lookup,
    match_search,
    mirror,
    open_data,
    operation,
    previews,
    provider,
    reduction,
    register_file,
    roster,
    roster_previews,
    school,
    school_notice,
    school_rosters,
    site,
    staff,
    staff_blacklist,
    staff_likeness,
    staff_previews,
    staffing,
    timeline,
    unlicensed,
)
from mingjing_registry.api.evidence import EVIDENCE
from mingjing_registry.api.reads import READS
from mingjing_registry.codec import (
    EXCHANGED,
    IMPORTS,
    INSTITUTIONS,
    LEDGER,
    LIKENESSES,
    LISTS,
    MATCHING_RUNS,
    PEOPLE_AND_SCHOOLS,
    ROWS_ASIDE,
    SITES,
)
from mingjing_registry.intake.findings import (
    FindingsDuty,
)
from mingjing_registry.intake.liability_questions import (
    ask_daily,
)
from mingjing_registry.intake.matching_duty import (
    MatchingDuty,
)
from mingjing_registry.intake.reminding import (
    remind_daily,
)
from mingjing_registry.intake.roster import (
    reconcile_daily,
)
from mingjing_registry.intake.staff_checks import (
    check_daily,
)
from mingjing_registry.intake.summaries import (
    SummaryDuty,
)
from mingjing_registry.messaging.inbound import INBOUND
from mingjing_registry.messaging.outbound import OUTBOUND
from mingjing_registry.policy.rules import RULES
from mingjing_registry.projections.blacklist import BLACKLIST_READ
from mingjing_registry.projections.breaches import (
    BREACHES_READ,
)
from mingjing_registry.projections.deadlines import DEADLINES, DEADLINES_READ
from mingjing_registry.projections.dossiers import (
    DOSSIERS_READ,
)
from mingjing_registry.projections.filings import (
    FILINGS_READ,
)
from mingjing_registry.projections.foreign_staff import (
    FOREIGN_READ,
)
from mingjing_registry.projections.import_mappings import (
    IMPORT_MAPPINGS_READ,
)
from mingjing_registry.projections.inspection_orders import INSPECTION_ORDERS_READ
from mingjing_registry.projections.institutions import (
    INSTITUTIONS_READ,
)
from mingjing_registry.projections.kept_aside import (
    IMPORTS_READ,
    KEPT_ASIDE_READ,
)
from mingjing_registry.projections.ledger import (
    LEDGER_READ,
)
from mingjing_registry.projections.liability_questions import (
    QUESTIONS_READ,
)
from mingjing_registry.projections.likenesses import (
    LIKENESSES_READ,
)
from mingjing_registry.projections.list_feed import (
    CONSUMERS_READ,
    MOVEMENTS_READ,
)
from mingjing_registry.projections.mirror import (
    BARRED_READ,
    DISHONESTY_READ,
)
from mingjing_registry.projections.moved_codes import (
    MOVED_CODES_READ,
)
from mingjing_registry.projections.names import (
    NAMES_READ,
)
from mingjing_registry.projections.prepaid_amounts import (
    PREPAID_READ,
)
from mingjing_registry.projections.providers import (
    PROVIDERS_READ,
)
from mingjing_registry.projections.roster import (
    ROSTER_READ,
)
from mingjing_registry.projections.schema import (
    METADATA,
)
from mingjing_registry.projections.school_notices import (
    SCHOOL_NOTICES_READ,
)
from mingjing_registry.projections.schools import (
    SCHOOL_DESCRIPTIONS_READ,
    SCHOOL_ROSTER_READ,
    SCHOOLS_READ,
    SURVEYS_READ,
)
from mingjing_registry.projections.search_terms import (
    SEARCH_TERMS_READ,
)
from mingjing_registry.projections.sites import (
    SITES_READ,
)
from mingjing_registry.projections.staff import (
    SESSIONS_READ,
    STAFF_READ,
)
from mingjing_registry.projections.subjects import (
    SUBJECTS_READ,
)
from mingjing_registry.projections.traits import (
    TRAITS_READ,
)
from mingjing_registry.projections.unlicensed import (
    UNLICENSED_READ,
)
from mingjing_registry.projections.whitelist import WHITELIST_READ
from mingjing_registry.settings import RegistrySettings
from mingjing_registry.sources.workbook import BYTES_MAX

SERVICE = Service(
    name="registry",
    package="mingjing_registry",
    title="机构登记 Registry",
    description="谁可以办学：机构、许可证、教学点、白名单。Who may teach: institutions, licences, sites, whitelist.",
    aggregates=(
        INSTITUTIONS,
        SITES,
        ROWS_ASIDE,
        IMPORTS,
        LIKENESSES,
        MATCHING_RUNS,
        *LISTS,
        *PEOPLE_AND_SCHOOLS,
        *EXCHANGED,
        *LEDGER,
        *SEALING,
    ),
    read_models=(
        INSTITUTIONS_READ,
        DOSSIERS_READ,
        NAMES_READ,
        MOVED_CODES_READ,
        SEARCH_TERMS_READ,
        SITES_READ,
        WHITELIST_READ,
        KEPT_ASIDE_READ,
        IMPORTS_READ,
        BLACKLIST_READ,
        MOVEMENTS_READ,
        CONSUMERS_READ,
        DISHONESTY_READ,
        BARRED_READ,
        STAFF_READ,
        SESSIONS_READ,
        SCHOOLS_READ,
        SCHOOL_NOTICES_READ,
        SCHOOL_ROSTER_READ,
        SCHOOL_DESCRIPTIONS_READ,
        SURVEYS_READ,
        FILINGS_READ,
        BREACHES_READ,
        INSPECTION_ORDERS_READ,
        FOREIGN_READ,
        PROVIDERS_READ,
        SUBJECTS_READ,
        *unsealing_models(METADATA),
        TRAITS_READ,
        LIKENESSES_READ,
        IMPORT_MAPPINGS_READ,
        ROSTER_READ,
        LEDGER_READ,
        PREPAID_READ,
        QUESTIONS_READ,
        UNLICENSED_READ,
        DEADLINES_READ,
        make_reads_model(METADATA),
        *EVIDENCE.lists.models,
    ),
    routers=(
        previews.make_router,
        import_mappings.make_router,
        roster_previews.make_router,
        roster.make_router,
        register_file.make_router,
        kept_aside.make_router,
        staff_previews.make_router,
        kept_aside_person.make_router,
        institution.make_router,
        licence.make_router,
        application.make_router,
        change.make_router,
        credit_code.make_router,
        operation.make_router,
        annual_check.make_router,
        annual_check_openings.make_router,
        dossier.make_router,
        divisions.make_router,
        expiry.make_router,
        site.make_router,
        lookup.make_router,
        edition.make_router,
        documents.make_router,
        documents.make_door_router,
        blacklist.make_router,
        blacklist_steps.make_router,
        blacklist_expiry.make_router,
        listing_documents.make_router,
        list_feed.make_router,
        mirror.make_router,
        staff_blacklist.make_router,
        likeness.make_router,
        match_search.make_router,
        open_data.make_router,
        staffing.make_router,
        staff.make_router,
        staff_likeness.make_router,
        school.make_router,
        school_notice.make_router,
        school_rosters.make_router,
        filing.make_router,
        breach.make_router,
        unlicensed.make_router,
        inspection_order.make_router,
        provider.make_router,
        ledger.make_router,
        reduction.make_router,
        ledger_export.make_router,
        export_profiles.make_router,
        timeline.make_router,
    ),
    policies=RULES,
    deadlines=DEADLINES,
    outbound=OUTBOUND,
    inbound=INBOUND,
    settings=RegistrySettings,
    reads=READS,
    uploads=dict.fromkeys(
        ("/imports", "/roster", "/dishonesty-list/files", "/staff-blacklist/files", "/school-rosters/files"), BYTES_MAX
    ),
    subjects=SUBJECTS_READ.table,
    evidence=EVIDENCE,
    duties={
        "matching": MatchingDuty,
        "roster-reconciliation": once_a_day(reconcile_daily),
        "list-reminders": once_a_day(remind_daily),
        "staff-check": once_a_day(check_daily),
        "summaries": SummaryDuty,
        "findings": FindingsDuty,
        "liability-questions": once_a_day(ask_daily),
    },
)
