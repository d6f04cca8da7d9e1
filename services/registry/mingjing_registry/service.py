"""The registry 机构登记: who may teach. The composition root: what the service is made of, and nothing else."""

from __future__ import annotations

from mingjing_kernel.reads import make_reads_model
from mingjing_kernel.sealed.streams import SEALING
from mingjing_kernel.sealed.unsealings import unsealing_models
from mingjing_kernel.service import Service
from mingjing_registry.api import (
    blacklist,
    blacklist_expiry,
    blacklist_steps,
    expiry,
    filing,
    institution,
    kept_aside,
    licence,
    list_feed,
    lookup,
    mirror,
    provider,
    register_file,
    school,
    site,
    staff,
    staffing,
)
from mingjing_registry.api.evidence import EVIDENCE
from mingjing_registry.api.reads import READS
from mingjing_registry.codec import IMPORTS, INSTITUTIONS, LISTS, PEOPLE_AND_SCHOOLS, ROWS_ASIDE, SITES
from mingjing_registry.messaging.inbound import INBOUND
from mingjing_registry.messaging.outbound import OUTBOUND
from mingjing_registry.policy.rules import RULES
from mingjing_registry.projections.blacklist import BLACKLIST_READ
from mingjing_registry.projections.deadlines import DEADLINES, DEADLINES_READ
from mingjing_registry.projections.filings import FILINGS_READ
from mingjing_registry.projections.institutions import INSTITUTIONS_READ
from mingjing_registry.projections.kept_aside import IMPORTS_READ, KEPT_ASIDE_READ
from mingjing_registry.projections.list_feed import CONSUMERS_READ, MOVEMENTS_READ
from mingjing_registry.projections.mirror import BARRED_READ, DISHONESTY_READ
from mingjing_registry.projections.names import NAMES_READ
from mingjing_registry.projections.providers import PROVIDERS_READ
from mingjing_registry.projections.schema import METADATA
from mingjing_registry.projections.schools import ROSTER_READ, SCHOOLS_READ, SURVEYS_READ
from mingjing_registry.projections.sites import SITES_READ
from mingjing_registry.projections.staff import SESSIONS_READ, STAFF_READ
from mingjing_registry.projections.subjects import SUBJECTS_READ
from mingjing_registry.projections.whitelist import WHITELIST_READ
from mingjing_registry.settings import RegistrySettings
from mingjing_registry.sources.workbook import BYTES_MAX

SERVICE = Service(
    name="registry",
    package="mingjing_registry",
    title="机构登记 Registry",
    description="谁可以办学：机构、许可证、教学点、白名单。Who may teach: institutions, licences, sites, whitelist.",
    aggregates=(INSTITUTIONS, SITES, ROWS_ASIDE, IMPORTS, *LISTS, *PEOPLE_AND_SCHOOLS, *SEALING),
    read_models=(
        INSTITUTIONS_READ,
        NAMES_READ,
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
        ROSTER_READ,
        SURVEYS_READ,
        FILINGS_READ,
        PROVIDERS_READ,
        SUBJECTS_READ,
        *unsealing_models(METADATA),
        DEADLINES_READ,
        make_reads_model(METADATA),
        *EVIDENCE.lists.models,
    ),
    routers=(
        register_file.make_router,
        kept_aside.make_router,
        institution.make_router,
        licence.make_router,
        expiry.make_router,
        site.make_router,
        lookup.make_router,
        blacklist.make_router,
        blacklist_steps.make_router,
        blacklist_expiry.make_router,
        list_feed.make_router,
        mirror.make_router,
        staffing.make_router,
        staff.make_router,
        school.make_router,
        filing.make_router,
        provider.make_router,
    ),
    policies=RULES,
    deadlines=DEADLINES,
    outbound=OUTBOUND,
    inbound=INBOUND,
    settings=RegistrySettings,
    reads=READS,
    uploads={"/imports": BYTES_MAX, "/dishonesty-list/files": BYTES_MAX, "/staff-blacklist/files": BYTES_MAX},
    evidence=EVIDENCE,
)
