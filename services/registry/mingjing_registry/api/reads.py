"""Which reads of this service are on record, and why the others are not."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from mingjing_kernel.reads import Open, Reading, Restricted

READS: Mapping[str, Reading] = MappingProxyType(
    {
        "/imports": Open("which files were sent; no rows of them"),
        "/imports/{import_id}": Open("counts and remarks of one file"),
        "/imports/previews/{preview_id}": Open("counts of a waiting file, and how its own columns are read"),
        "/imports/previews/{preview_id}/rows": Restricted("import-preview", ("changes",)),
        "/imports/staff/previews/{preview_id}": Open("counts of a waiting list, and how its columns are read; masks"),
        "/imports/staff/previews/{preview_id}/rows": Restricted("staff-preview", ("changes",)),
        "/roster/previews/{preview_id}": Open("counts of a waiting roster, and how its own columns are read"),
        "/roster/previews/{preview_id}/rows": Restricted("import-preview", ("changes",)),
        "/roster": Open("which rosters came, and what the last comparison found; numbers only"),
        "/roster/differences": Open("organisations, of which most is published on both sides"),
        "/import-mappings": Open("headers of tables, no cell of them"),
        "/kept-aside": Restricted("kept-aside", ("cells",)),
        "/institutions": Open("organisations, of which most is published"),
        "/institutions/{institution_id}": Open("an organisation, of which most is published"),
        "/sites": Open("addresses of teaching sites, which are published"),
        "/whitelist": Open("published by law"),
        "/open-data": Open("what is published, and by whom"),
        "/open-data/whitelist.json": Open("published by law"),
        "/open-data/whitelist.csv": Open("published by law"),
        "/open-data/whitelist/schema.json": Open("what the columns mean"),
        "/public/edition": Open("a name for the state of what is published"),
        "/public/institutions": Open("published by law"),
        "/public/institutions/{institution_id}": Open("published by law"),
        "/institutions/{institution_id}/available-actions": Open(
            "what the caller may do; it shows nothing of the thing"
        ),
        "/dossiers": Open("organisations and where their files stand; no person beyond the organizer on the licence"),
        "/institutions/{institution_id}/dossier": Open("an organisation's file: counts of staff, no names of them"),
        "/institutions/{institution_id}/admission-checks": Open("what the rules say of an organisation"),
        "/institutions/{institution_id}/documents": Open("titles of decisions on an organisation"),
        "/institutions/{institution_id}/documents/{version}": Open(
            "a decision on an organisation; no family, no pupil"
        ),
        "/institutions/{institution_id}/certificate": Open("what the paper licence on its wall says"),
        "/public/sites/{site_id}": Open("published by law"),
        "/public/sites/{site_id}/qr": Open("an address of a public page"),
        "/public/sites/{site_id}/poster": Open("published by law"),
        "/divisions/{code}": Open("published codes"),
        "/likenesses": Open("organisations and why they are alike; persons and numbers are masked"),
        "/institutions/{institution_id}/likenesses": Open("the same of one organisation"),
        "/likenesses/{likeness_id}/available-actions": Open("what the caller may do, nothing of the thing"),
        "/sites/{site_id}/available-actions": Open("what the caller may do, nothing of the thing"),
        # lists 名单
        "/dishonesty-list": Open("published by the market regulator"),
        "/staff-blacklist": Restricted("barred-person", ("name",)),
        "/feeds/lists": Open("lists that are published by law, and what the caller's own office owes"),
        "/feeds/consumers": Open("offices that take the lists, and how far each is"),
        "/feeds/consumers/{consumer_id}/available-actions": Open("what the caller may do, nothing of the consumer"),
        "/feeds/unacknowledged": Open("which office has not acknowledged which removal"),
        "/blacklist": Open("published by law while a listing is in force"),
        "/blacklist/files": Restricted("blacklist-file", ("facts", "statements")),
        "/blacklist/files/{listing_id}": Restricted("blacklist-file", ("facts", "statements")),
        "/blacklist/files/{listing_id}/available-actions": Open("what the caller may do, nothing of the file"),
        "/blacklist/files/{listing_id}/documents": Open("titles of decisions in a file, not what they say"),
        "/blacklist/files/{listing_id}/documents/{version}": Restricted("blacklist-file", ("facts",)),
        # staff, schools, filings, after-school providers 从业人员、学校、备案、课后服务
        "/staff": Restricted("staff-member", ("name",)),
        "/staff/{member_id}/available-actions": Open("what the caller may do, nothing of the person"),
        "/institutions/{institution_id}/staffing": Open("counts and percentages of an organisation"),
        "/schools": Open("public institutions, and how many teach there"),
        "/school-notices": Open("which organisation left a public list, told to its schools"),
        "/school-surveys": Open("counts; no pupil is named"),
        "/filings": Open("titles and digests of what organisations handed in"),
        "/filings/{filing_id}/available-actions": Open("what the caller may do, nothing of the filing"),
        "/unlicensed-leads": Open("addresses and digests of photos; who teaches there is not in it"),
        "/inspection-orders": Open("what organisations were to put right; no pupil, no member of staff"),
        "/breaches": Open("what was found at organisations; no pupil, no member of staff"),
        "/breaches/{breach_id}/available-actions": Open("what the caller may do, nothing of the finding"),
        "/providers": Open("the county's list of organisations, which is published"),
        # the base ledger 台账
        "/ledger": Open("counts and sums over organisations; no person"),
        "/ledger/totals": Open("counts and sums over organisations; no person"),
        "/ledger/reduction": Open("counts of organisations"),
        "/ledger/reduction/totals": Open("counts of organisations"),
        "/ledger/exports/{name}": Open("organisations, of which most is published; no pupil, no member of staff"),
        "/export-profiles": Open("headings and words; no organisation"),
        "/export-profiles/{name}": Open("headings and words; no organisation"),
        "/export-profiles/{name}/versions/{version_id}/available-actions": Open("what the caller may do"),
        "/providers/{institution_id}/available-actions": Open("what the caller may do, nothing of the provider"),
        # timelines 大事记
        "/institutions/{institution_id}/timeline": Open("what happened to an organisation; nobody's family, no pupil"),
        "/sites/{site_id}/timeline": Open("what happened to a teaching site"),
        "/blacklist/files/{listing_id}/timeline": Restricted("blacklist-file", ("reasons",)),
    }
)
