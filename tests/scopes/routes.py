"""Every address that answers a GET, and what it shows to whom; or why it shows nothing that is somebody's.

One rule: whoever adds an address says here whose rows it shows. Which those are is said by the question that it puts
(``questions.py``): its roles, and how far they reach.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from types import MappingProxyType

from mingjing_kernel.evidence.reach import ThingKind
from mingjing_kernel.identity import OFFICIALS, Role
from mingjing_kernel.sealed.unsealings import RIGHTS_OFFICERS
from mingjing_kernel.service import Service
from mingjing_registry.sources.export_profiles import shipped
from scopes.facts import DECIDED
from scopes.inspection_routes import INSPECTION
from scopes.question import Question
from scopes.route import Counted, Filed, Listed, One, Open, Route, Whole, over_the_county
from scopes.route_words import (
    _CONSOLE,
    _FUNDS,
    _PUBLISHED,
    _READS,
    _REGISTRY,
    _SEALED,
    _SEARCHED,
    _TESTED,
    _acknowledging,
    _listed,
    _of,
    _one,
    _previewing,
)
from scopes.served import things_of

REGISTRY: Mapping[str, tuple[Route, ...]] = {
    "/imports": (_listed(f"{_REGISTRY}/kept_aside.py:imports_in", "import_id"),),
    "/imports/{import_id}": (_one(f"{_REGISTRY}/kept_aside.py:imports_in", has_past=True),),
    "/kept-aside": (_listed(f"{_REGISTRY}/kept_aside.py:kept_aside_in", "row_id"),),
    "/institutions": (
        _listed(f"{_REGISTRY}/institutions.py:institutions_in", "institution_id"),
        _listed(f"{_REGISTRY}/institutions.py:institutions_in", "institution_id", params=_SEARCHED),
    ),
    "/institutions/{institution_id}": (_one(f"{_REGISTRY}/institutions.py:one", has_past=True),),
    "/institutions/{institution_id}/available-actions": (
        _one(f"{_REGISTRY}/institutions.py:one"),
    ),
    "/institutions/{institution_id}/timeline": (_one(f"{_REGISTRY}/institutions.py:one", has_past=True),),
    "/sites": (_listed(f"{_REGISTRY}/sites.py:sites_in", "site_id"),),
    "/sites/{site_id}/timeline": (_one(f"{_REGISTRY}/sites.py:sites_in", has_past=True),),
    "/sites/{site_id}/available-actions": (_one(f"{_REGISTRY}/sites.py:sites_in"),),
    "/whitelist": (_listed(f"{_REGISTRY}/whitelist.py:whitelist_in", "institution_id"),),
    "/public/institutions": (
        _listed(f"{_REGISTRY}/institutions.py:published", "institution_id", params=_SEARCHED),
    ),
    "/public/institutions/{institution_id}": (_one(f"{_REGISTRY}/institutions.py:published", has_past=True),),
    "/ledger": (Counted(
        counts=lambda answer: {"institutions": sum(row["institutions"] for row in answer["items"])},
        questions={"institutions": _of(f"{_REGISTRY}/ledger.py:ledger_in")},
        has_past=True,
    ),),
    "/ledger/totals": (Counted(
        counts=lambda answer: {"institutions": answer["totals"]["institutions"]},
        questions={"institutions": _of(f"{_REGISTRY}/ledger.py:ledger_in")},
        has_past=True,
    ),),
    "/ledger/reduction/totals": (Counted(
        counts=lambda answer: {"now": answer["totals"]["now"]},
        questions={"now": _of(f"{_REGISTRY}/ledger.py:ledger_in")},
        has_past=True,
    ),),
    "/export-profiles": (Open("headings and words; no organisation"),),
    "/export-profiles/{name}": (Open("headings and words; no organisation"),),
    "/export-profiles/{name}/versions/{version_id}/available-actions": (_TESTED,),
    **dict.fromkeys((
        "/blacklist",
        "/divisions/{code}",
        "/feeds/lists",
        "/open-data",
        "/open-data/whitelist.csv",
        "/open-data/whitelist.json",
        "/open-data/whitelist/schema.json",
        "/public/edition",
        "/public/sites/{site_id}",
        "/public/sites/{site_id}/poster",
        "/public/sites/{site_id}/qr",
    ), (_PUBLISHED,)),
    "/blacklist/files": (_listed(f"{_REGISTRY}/blacklist.py:files_in", "listing_id"),),
    "/blacklist/files/{listing_id}": (_one(f"{_REGISTRY}/blacklist.py:one_file", has_past=True),),
    "/dishonesty-list": (_listed(f"{_REGISTRY}/mirror.py:dishonesty_in", "entry_id"),),
    "/staff-blacklist": (_listed(f"{_REGISTRY}/mirror.py:barred_in", "entry_id"),),
    "/dossiers": (_listed(f"{_REGISTRY}/dossiers.py:dossiers_in", "institution_id"),),
    "/feeds/consumers": (_listed(f"{_REGISTRY}/list_feed.py:consumers_in", "consumer_id"),),
    "/unlicensed-leads": (_listed("mingjing_registry/projections/unlicensed.py:unlicensed_in", "lead_id"),),
    "/inspection-orders": (_listed(f"{_REGISTRY}/inspection_orders.py:inspection_orders_in", "order_id"),),
    "/breaches": (_listed(f"{_REGISTRY}/breaches.py:breaches_in", "breach_id"),),
    "/breaches/{breach_id}/available-actions": (_one(f"{_REGISTRY}/breaches.py:breaches_in"),),
    "/filings": (_listed(f"{_REGISTRY}/filings.py:filings_in", "filing_id"),),
    "/filings/{filing_id}/available-actions": (_one(f"{_REGISTRY}/filings.py:filings_in"),),
    "/import-mappings": (_listed(f"{_REGISTRY}/import_mappings.py:import_mappings_in", "mapping_id"),),
    "/likenesses": (_listed(f"{_REGISTRY}/likenesses.py:likenesses_in", "likeness_id"),),
    "/likenesses/{likeness_id}/available-actions": (
        _one(f"{_REGISTRY}/likenesses.py:likenesses_in"),
    ),
    "/providers": (_listed(f"{_REGISTRY}/providers.py:providers_in", "institution_id"),),
    "/providers/{institution_id}/available-actions": (
        _one(f"{_REGISTRY}/providers.py:providers_in"),
    ),
    "/school-notices": (_listed(f"{_REGISTRY}/school_notices.py:school_notices_in", "school_id"),),
    "/school-surveys": (_listed(f"{_REGISTRY}/schools.py:surveys_in", "survey_id"),),
    "/schools": (_listed(f"{_REGISTRY}/schools.py:schools_in", "school_id"),),
    "/staff": (_listed(f"{_REGISTRY}/staff.py:staff_in", "member_id"),),
    "/staff/{member_id}/available-actions": (_one(f"{_REGISTRY}/staff.py:staff_in"),),
    **dict.fromkeys((
        "/institutions/{institution_id}/admission-checks",
        "/institutions/{institution_id}/certificate",
        "/institutions/{institution_id}/documents",
        "/institutions/{institution_id}/dossier",
        "/institutions/{institution_id}/staffing",
    ), (_one(f"{_REGISTRY}/institutions.py:one"),)),
    "/blacklist/files/{listing_id}/available-actions": (_one(f"{_REGISTRY}/blacklist.py:one_file"),),
    "/blacklist/files/{listing_id}/documents": (_one(f"{_REGISTRY}/blacklist.py:one_file"),),
    "/blacklist/files/{listing_id}/documents/{version}": (  # nothing has been decided of these
        _one(f"{_REGISTRY}/blacklist.py:one_file", fills={"version": "1"}, answers=404),
    ),
    "/blacklist/files/{listing_id}/timeline": (_one(f"{_REGISTRY}/blacklist.py:one_file", has_past=True),),
    "/feeds/consumers/{consumer_id}/available-actions": (One(question=_acknowledging),),
    "/feeds/unacknowledged": (
        _listed(f"{_REGISTRY}/list_feed.py:behind", "consumer_id", is_whole=True, has_past=False),
    ),
    "/imports/previews/{preview_id}": (One(question=_previewing, refused=(403, 404)),),
    "/imports/previews/{preview_id}/rows": (One(question=_previewing, refused=(403, 404)),),
    "/institutions/{institution_id}/documents/{version}": (
        _one(f"{_REGISTRY}/institutions.py:one", fills={"version": str(DECIDED)}),
    ),
    "/institutions/{institution_id}/likenesses": (
        _listed(f"{_REGISTRY}/likenesses.py:likenesses_in", "likeness_id", of_one=True),
    ),
    "/ledger/exports/{name}": (
        Filed(question=_of(f"{_REGISTRY}/ledger_lines.py:lines_in"), fills={"name": next(iter(shipped()))}),
    ),
    "/ledger/reduction": (Counted(
        counts=lambda answer: {"now": sum(row["now"] for row in answer["items"])},
        questions={"now": _of(f"{_REGISTRY}/ledger.py:ledger_in")},
        has_past=True,
    ),),
    "/roster": (Whole(lets=over_the_county(*OFFICIALS)),),
    "/imports/staff/previews/{preview_id}": (  # what waits is a register, and no staff list
        One(question=_previewing, refused=(403, 404), answers=404),
    ),
    "/imports/staff/previews/{preview_id}/rows": (One(question=_previewing, refused=(403, 404), answers=404),),
    "/roster/previews/{preview_id}": (  # what waits is a register, and no roster
        One(question=_previewing, refused=(403, 404), answers=404),
    ),
    "/roster/previews/{preview_id}/rows": (One(question=_previewing, refused=(403, 404), answers=404),),
    "/roster/differences": (_listed(f"{_REGISTRY}/roster.py:differences_in", "institution_id"),),
}  # fmt: skip

FUNDS: Mapping[str, tuple[Route, ...]] = {
    "/accounts": (_listed(f"{_FUNDS}/accounts.py:accounts_in", "account_id"),),
    "/accounts/{account_id}": (_one(f"{_FUNDS}/accounts.py:accounts_in", has_past=True),),
    "/accounts/{account_id}/available-actions": (_one(f"{_FUNDS}/custody_report.py:accounts_of"),),
    "/accounts/balances": (
        Counted(
            counts=lambda answer: {"totals": answer["totals"]["accounts"], "accounts": len(answer["accounts"])},
            questions=dict.fromkeys(("totals", "accounts"), _of(f"{_FUNDS}/balances.py:balances_on")),
        ),
    ),
    "/accounts/{account_id}/postings": (_one(f"{_FUNDS}/accounts.py:accounts_in", has_past=True),),
    "/contracts/{contract_id}/postings": (_one(f"{_FUNDS}/contracts.py:contracts_in", has_past=True),),
    "/accounts/entries": (_listed(f"{_FUNDS}/entries.py:entries_in", "account_id"),),
    "/contracts": (_listed(f"{_FUNDS}/contracts.py:contracts_in", "contract_id"),),
    "/contracts/{contract_id}": (_one(f"{_FUNDS}/contracts.py:contracts_in", has_past=True),),
    "/contracts/{contract_id}/available-actions": (_one(f"{_FUNDS}/contracts.py:contracts_in"),),
    "/contract-numbers/{contract_id}": (_one(f"{_FUNDS}/contract_numbers.py:numbered"),),
    "/contracts/{contract_id}/order": (Open("told from the facts of a contract to whoever may see the contract"),),
    "/contracts/{contract_id}/refund-quote": (Open("reckoned from facts for whoever may see the contract"),),
    "/lesson-decisions": (_listed(f"{_FUNDS}/lesson_decisions.py:lesson_decisions_in", "contract_id"),),
    "/ratings": (Open("nothing of few is shown, and here is one of each; its question has a test of its own"),),
    "/ratings/{rating_id}/available-actions": (_TESTED,),
    "/public/ratings/{institution_id}": (Open("sums for everybody, and none of few"),),
    "/refund-lists/{list_id}/shares": (Open("of the log, for whoever may see the account"),),
    "/refund-lists": (_listed(f"{_FUNDS}/refund_lists.py:refund_lists_in", "list_id"),),
    "/refund-requests": (_listed(f"{_FUNDS}/refund_requests.py:refund_requests_in", "contract_id"),),
    "/contracts/findings": (_listed(f"{_FUNDS}/contracts.py:findings_in", "contract_id"),),
    **{
        f"/{kind}": (_listed(f"{_FUNDS}/expectations.py:expectations_in", "account_id"),)
        for kind in ("payments", "releases", "refunds")
    },
    "/files": (_listed(f"{_FUNDS}/files.py:deliveries_in", "file_id"),),
    "/kept-aside": (_listed(f"{_FUNDS}/files.py:kept_aside_in", "row_id"),),
    "/alerts": (_listed(f"{_FUNDS}/alerts.py:alerts_in", "alert_id"),),
    "/alerts/evaluations": (_listed(f"{_FUNDS}/alerts.py:evaluations_in", "watch_id"),),
    "/alerts/replay": (_TESTED,),
    "/alerts/what-if": (_TESTED,),
    "/alerts/what-if/chart": (_TESTED,),
    "/alerts/{alert_id}/available-actions": (_one(f"{_FUNDS}/alerts.py:alerts_in"),),
    "/reports/alerts": (
        Counted(
            counts=lambda answer: {"raised": sum(row["raised"] for row in answer["items"])},
            questions={"raised": _of(f"{_FUNDS}/alerts.py:alerts_in")},
            params={"since": "2026-01-01", "until": "2026-12-31"},
            has_past=True,
        ),
    ),
    "/reports/custody": (
        Counted(
            counts=lambda answer: {"accounts": sum(row["accounts"] for row in answer["items"])},
            questions={"accounts": _of(f"{_FUNDS}/balances.py:balances_on")},
            params={"by": "category"},
        ),
    ),
    "/reports/custody/accounts": (_listed(f"{_FUNDS}/custody_report.py:custody_accounts", "account_id"),),
    "/institutions": (_listed(f"{_FUNDS}/institutions.py:institutions_in", "institution_id"),),
    "/breaks": (_listed(f"{_FUNDS}/breaks.py:breaks_in", "break_id"),),
    "/breaks/{break_id}/available-actions": (_one(f"{_FUNDS}/breaks.py:breaks_in"),),
    "/payment-orders": (_listed(f"{_FUNDS}/payment_orders.py:orders_in", "account_id"),),
    "/payment-batches/{batch_id}/file": (_TESTED,),
    "/payment-batches/{batch_id}/recall": (_TESTED,),
    "/deposits": (_listed(f"{_FUNDS}/deposits.py:deposits_in", "deposit_id"),),
    "/deposits/movements": (_listed(f"{_FUNDS}/deposits.py:movements_in", "deposit_id"),),
    "/deposits/{deposit_id}": (_one(f"{_FUNDS}/deposits.py:deposits_in", has_past=True),),
    "/deposits/{deposit_id}/available-actions": (_one(f"{_FUNDS}/custody_report.py:accounts_of"),),
    "/custodians": (_listed(f"{_FUNDS}/custodians.py:custodians_in", "institution_id"),),
    "/custodians/{institution_id}": (_one(f"{_FUNDS}/custodians.py:custodians_in", has_past=True),),
    "/custodians/{institution_id}/contracts": (_one(f"{_FUNDS}/custodians.py:custodians_in"),),
    "/custodians/{institution_id}/available-actions": (_one(f"{_FUNDS}/custody_report.py:accounts_of"),),
    "/freezes": (_listed(f"{_FUNDS}/freezes.py:freezes_in", "account_id"),),
    "/rules": (Open("rules, which are published"),),
}

CONSOLE: Mapping[str, tuple[Route, ...]] = {
    "/me": (Open("the caller's own grants"),),
    "/people": (_listed(f"{_CONSOLE}/people.py:people_in", "person_id", has_past=False),),
    "/people/{person_id}/history": (_one(f"{_CONSOLE}/people.py:people_in"),),
    "/grants": (_listed(f"{_CONSOLE}/grants.py:grants_in", "grant_id"),),
    "/substitutions": (_listed(f"{_CONSOLE}/substitutions.py:substitutions_in", "substitution_id"),),
}

_CARED_FOR = over_the_county(Role.SERVICE, Role.AUDITOR, Role.ADMINISTRATOR)
_ADMINISTERED = over_the_county(Role.ADMINISTRATOR)
_RULED = over_the_county(*OFFICIALS, Role.SERVICE)
_HASHES = Open("hashes, sizes and signatures; never contents")
OWN: Mapping[str, tuple[Route, ...]] = MappingProxyType({
    "/health": (Open("how far each part got; no data"),),
    **dict.fromkeys(
        ("/log/checkpoint", "/log/checkpoints", "/log/proof/inclusion", "/log/proof/consistency", "/log/witnessed",
         "/log/key"),
        (_HASHES,),
    ),
    "/receipts/{number}": (Open("for whoever holds its number; shows nothing of what was filed"),),
    "/evidence-policy": (Open("which files are taken, and how large they may be"),),
    "/log/contracts": (Whole(lets=_CARED_FOR, params={"after": "0"}),),
    "/log/self-verification": (Whole(lets=_CARED_FOR),),
    "/log/cases/{kind}/{case_id}": (Whole(lets=over_the_county(Role.AUDITOR)),),
    "/parked": (Whole(lets=_ADMINISTERED),),
    "/parked/{id}": (Whole(lets=_ADMINISTERED),),
    "/lockouts": (Whole(lets=_ADMINISTERED),),
    "/policies": (Whole(lets=_RULED),),
    "/policies/{rule}": (Whole(lets=_RULED),),
    "/policies/{rule}/versions/{version_id}/available-actions": (_TESTED,),
    "/calendar/{year}": (Open("holidays, which are published"),),
    "/deadlines": (_listed("mingjing_kernel/deadlines/plan.py:deadlines_in", "id"),),
    "/deadline-rules": (Open("which kinds of deadlines there are"),),
    "/unsealings": (_listed(f"{_SEALED}/unsealings.py:unsealings_in", "unsealing_id"),),
    "/subject-requests": (
        _listed(f"{_SEALED}/unsealings.py:requests_in", "request_id", lets=over_the_county(*RIGHTS_OFFICERS)),
    ),
    "/subjects/{subject}/record": (
        _one(f"{_SEALED}/subjects.py:subjects_in", lets=over_the_county(*RIGHTS_OFFICERS)),
    ),
    "/reads": (Listed(
        question=_READS, key="reader", lets=lambda scope: scope.has(Role.AUDITOR), has_past=False, is_growing=True,
    ),),
    "/reads/volumes": (Counted(
        counts=lambda answer: {"readers": sum(one["reader"].startswith("text-") for one in answer["readers"])},
        questions={"readers": _READS},
        lets=lambda scope: scope.has(Role.AUDITOR),
    ),),
})  # fmt: skip
"""What every service has, or some of them."""


def evidence_routes(kinds: Collection[ThingKind]) -> dict[str, tuple[Route, ...]]:
    """Of a service that keeps evidence: it is seen with the record that it belongs to."""
    seen = {kind.kind: _seeing(kind) for kind in kinds}
    one = One(question=next(iter(seen.values())), belongs_to=things_of)
    return {
        "/evidence": tuple(
            Listed(question=question, key="evidence_id", params={"kind": kind, "thing_id": "{id}"}, of_one=True,
                   hides=True, belongs_to=things_of, has_past=False)
            for kind, question in seen.items()
        ),
        **dict.fromkeys(("/evidence/{evidence_id}", "/evidence/{evidence_id}/custody"), (one,)),
        "/evidence/{evidence_id}/copy": (replace(one, answers=409),),
    }  # fmt: skip


def _seeing(kind: ThingKind) -> Question:
    return Question(of=(), asks=lambda *_: (), roles=kind.seeing)


def routes_of(service: Service) -> dict[str, tuple[Route, ...]]:
    """Everything that is said about the addresses of one service, and of some that it may not have."""
    own = {"registry": REGISTRY, "inspection": INSPECTION, "funds": FUNDS, "console": CONSOLE}[service.name]
    return {**OWN, **(evidence_routes(service.evidence.kinds) if service.evidence else {}), **own}
