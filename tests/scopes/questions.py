"""Every question that the services' read models answer, by the function that answers it, with who may see its rows.

One rule: whoever adds a function that takes a reader's scope says here what it shows to whom.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData

from mingjing_console.projections import grants, people, substitutions
from mingjing_console.projections.schema import METADATA as CONSOLE
from mingjing_funds.acts import EVALUATE_ALERTS
from mingjing_funds.domain.account import Direction
from mingjing_funds.projections import accounts as funds_accounts
from mingjing_funds.projections import (
    alerts,
    balances,
    contracts,
    entries,
    expectations,
    files,
    lessons_used,
)
from mingjing_funds.projections import institutions as funds_institutions
from mingjing_funds.projections.evidence import alert_within
from mingjing_funds.projections.schema import METADATA as FUNDS
from mingjing_inspection.acts import INTAKE
from mingjing_inspection.projections import complaints, tasks, timeline, totals, visits
from mingjing_inspection.projections import kept_aside as inspection_aside
from mingjing_inspection.projections.evidence import complaint_within, visit_within
from mingjing_inspection.projections.schema import METADATA as INSPECTION
from mingjing_kernel.identity import EVERYONE, OFFICIALS, Role, Scope
from mingjing_registry.acts import (
    NOTE_EXPIRY,
    NOTE_LISTING_EXPIRY,
    REMIND_CONSUMERS,
)
from mingjing_registry.acts_staff import STAFF_READERS
from mingjing_registry.projections import (
    blacklist,
    dossiers,
    filings,
    import_mappings,
    institutions,
    kept_aside,
    likenesses,
    list_feed,
    mirror,
    names,
    providers,
    roster,
    schools,
    sites,
    staff,
    whitelist,
)
from mingjing_registry.projections.evidence import institution_within
from mingjing_registry.projections.schema import METADATA as REGISTRY
from scopes.family_questions import FAMILY_QUESTIONS
from scopes.ledger_questions import LEDGER_QUESTIONS
from scopes.question import FILED, NOW, ROWS_MAX, Driven, Question, driven, listed, of_each

LATER = date(2027, 1, 1)
MONEY = frozenset({
    Role.FUND_REGULATOR, Role.AUDITOR, Role.ADMINISTRATOR, Role.CASE_OFFICER, Role.APPROVER, Role.LICENSING_OFFICER,
})  # fmt: skip
"""Who may read about money."""
READ = {"REGISTRY": REGISTRY, "INSPECTION": INSPECTION, "FUNDS": FUNDS, "CONSOLE": CONSOLE}


def spoken(connection: Connection, scope: Scope, _at: int | None) -> Iterable[UUID]:
    """Whom each name means."""
    for number in range(ROWS_MAX):
        found = driven(names.meant_by(Driven(connection), scope, f"text-{number}"))  # type: ignore[arg-type]
        if found.institution_id is not None:
            yield found.institution_id


def balanced(**more: Any) -> Callable[..., list[UUID]]:
    """The accounts of a day's balances."""

    def asks(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
        asked = balances.balances_on(Driven(connection), scope, LATER, position=at, **more)  # type: ignore[arg-type]
        found = driven(asked)
        return [balance.account_id for balance in found]

    return asks


def totalled(name: str, build: Callable[..., Any], key: str) -> Callable[..., list[UUID]]:
    """A total beside the list that it counts."""

    def asks(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
        found = listed(lambda scope, at: build(scope, at=at), key)(connection, scope, at)
        counted = driven(totals.totals(Driven(connection), scope, at))  # type: ignore[arg-type]
        assert counted[name] == len(found)
        assert all(count <= len(found) for count in counted.values())
        return found

    return asks


def chased(connection: Connection, scope: Scope, _at: int | None) -> set[UUID]:
    """Consumers that owe an acknowledgement: each stands there once for each removal."""
    return {row.consumer_id for row in connection.execute(list_feed.behind(scope))}


def owing(connection: Connection, scope: Scope, _at: int | None) -> set[UUID]:
    """Consumers that are reminded, or will be."""
    return {row.consumer_id for row in connection.execute(list_feed.owing(scope, after=UUID(int=0)))}


def last_changed(connection: Connection, scope: Scope, _at: int | None) -> list[UUID]:
    """The position by which the public list is named, beside the list."""
    found = listed(lambda scope, _: whitelist.whitelist_in(scope, is_listed=None), "institution_id")
    shown = list(found(connection, scope, None))
    assert (connection.execute(whitelist.changed_at(scope)).scalar_one() is None) == (not shown)
    return shown


def compared(connection: Connection, scope: Scope, _at: int | None) -> list[UUID]:
    """The counts of the roster's comparison beside the list that they count."""
    found = listed(lambda scope, _: roster.differences_in(scope, agreeing=True), "institution_id")
    shown = list(found(connection, scope, None))
    assert sum(row[1] for row in connection.execute(roster.counted(scope))) == len(shown)
    return shown


def whole(build: Callable[[Scope, int | None], Any], key: str, **more: Any) -> Question:
    """A list that takes scope and position."""
    return Question(asks=listed(build, key), **more)


def within(
    build: Callable[[Scope, Collection[Role], UUID], Any], key: str, roles: Collection[Role], **more: Any
) -> Question:
    """Whose evidence somebody may reach in one of these roles: asked about the thing that it belongs to."""
    asks = of_each(lambda scope, id, _at: build(scope, roles, id), key)
    return Question(asks=asks, roles=roles, keeps_history=False, **more)


_LICENSED = {"licence_state": "licensed", "expires_on": NOW.date()}
_INSTITUTION: dict[str, Any] = {"of": (institutions.INSTITUTIONS_READ,)}
_LISTING: dict[str, Any] = {"of": (blacklist.BLACKLIST_READ,)}
_PUBLISHED = {"stage": "published", "is_public": True, "ends_on": LATER}
_SITE: dict[str, Any] = {"of": (sites.SITES_READ,), "dimensions": ("region",)}
_ACCOUNT = funds_accounts.ACCOUNTS_READ
_HELD: dict[str, Any] = {
    "values": {"bank": "icbc"},
    "holders": {Role.BANK: lambda _: "icbc", Role.INSTITUTION: lambda row: row.id},
}
_CONTRACT = (contracts.CONTRACTS_READ, lessons_used.LESSONS_USED)

QUESTIONS: dict[str, tuple[MetaData, tuple[Question, ...]]] = {
    **LEDGER_QUESTIONS,
    **FAMILY_QUESTIONS,
    "mingjing_console/projections/grants.py:grants_in": (CONSOLE, (
        whole(lambda scope, at: grants.grants_in(scope, at=at), "grant_id", of=(grants.GRANTS_READ,),
              roles=people.READERS),
    )),
    "mingjing_console/projections/people.py:people_in": (CONSOLE, (
        whole(lambda scope, at: people.people_in(scope, at=at), "person_id", of=(people.PEOPLE_READ,),
              roles=people.READERS, dimensions=FILED),
    )),
    "mingjing_console/projections/substitutions.py:substitutions_in": (CONSOLE, (
        whole(lambda scope, at: substitutions.substitutions_in(scope, at=at), "substitution_id",
              of=(substitutions.SUBSTITUTIONS_READ,), roles=people.READERS, dimensions=FILED),
    )),
    "mingjing_registry/projections/dossiers.py:dossiers_in": (REGISTRY, (
        whole(lambda scope, at: dossiers.dossiers_in(scope, at=at), "institution_id",
              of=(dossiers.DOSSIERS_READ,), roles=OFFICIALS),
    )),
    "mingjing_registry/projections/institutions.py:institutions_in": (REGISTRY, (
        whole(lambda scope, at: institutions.institutions_in(scope, at=at), "institution_id",
              roles=OFFICIALS, **_INSTITUTION),
        whole(lambda scope, at: institutions.institutions_in(scope, search="text", is_white=False, at=at),
              "institution_id", roles=OFFICIALS, **_INSTITUTION),
    )),
    "mingjing_registry/projections/import_mappings.py:import_mappings_in": (REGISTRY, (
        whole(lambda scope, at: import_mappings.import_mappings_in(scope, at=at), "mapping_id",
              of=(import_mappings.IMPORT_MAPPINGS_READ,), roles=OFFICIALS, dimensions=FILED),
    )),
    "mingjing_registry/projections/roster.py:differences_in": (REGISTRY, (
        whole(lambda scope, at: roster.differences_in(scope, agreeing=True, at=at), "institution_id",
              of=(roster.ROSTER_READ,), roles=OFFICIALS),
    )),
    "mingjing_registry/projections/roster.py:counted": (REGISTRY, (
        Question(asks=compared, of=(roster.ROSTER_READ,), roles=OFFICIALS, keeps_history=False),
    )),
    "mingjing_registry/projections/roster.py:stated_in": (REGISTRY, (
        Question(asks=listed(lambda scope, at: roster.stated_in(scope, ""), "institution_id"),
                 of=(roster.ROSTER_READ,), roles=OFFICIALS, values={"is_stated": True}, keeps_history=False),
    )),
    "mingjing_registry/projections/institutions.py:published": (REGISTRY, (
        whole(lambda scope, at: institutions.published(scope, search="text", at=at), "institution_id",
              roles=EVERYONE, **_INSTITUTION),
    )),
    "mingjing_registry/projections/institutions.py:one": (REGISTRY, (
        Question(asks=of_each(institutions.one, "institution_id"), roles=OFFICIALS, **_INSTITUTION),
    )),
    "mingjing_registry/projections/institutions.py:expiring": (REGISTRY, (
        whole(lambda scope, _at: institutions.expiring(scope, LATER), "institution_id",
              act=NOTE_EXPIRY, values=_LICENSED, keeps_history=False, **_INSTITUTION),
    )),
    "mingjing_registry/projections/kept_aside.py:kept_aside_in": (REGISTRY, (
        whole(lambda scope, at: kept_aside.kept_aside_in(scope, at=at), "row_id", of=(kept_aside.KEPT_ASIDE_READ,),
              roles=OFFICIALS, dimensions=FILED, values={"state": "waiting"}),
    )),
    "mingjing_registry/projections/kept_aside.py:imports_in": (REGISTRY, (
        whole(lambda scope, at: kept_aside.imports_in(scope, at=at), "import_id", of=(kept_aside.IMPORTS_READ,),
              roles=OFFICIALS, dimensions=FILED),
    )),
    "mingjing_registry/projections/likenesses.py:likenesses_in": (REGISTRY, (
        whole(lambda scope, at: likenesses.likenesses_in(scope, at=at), "likeness_id",
              of=(likenesses.LIKENESSES_READ,), roles=OFFICIALS, values={"state": "open"}),
    )),
    "mingjing_registry/projections/names.py:meant_by": (REGISTRY, (
        Question(asks=spoken, of=(names.NAMES_READ,), roles=OFFICIALS, dimensions=(), keeps_history=False),
    )),
    "mingjing_registry/projections/sites.py:sites_in": (REGISTRY, (
        whole(lambda scope, at: sites.sites_in(scope, at=at), "site_id", roles=OFFICIALS, **_SITE),
    )),
    "mingjing_registry/projections/sites.py:published": (REGISTRY, (
        Question(asks=of_each(sites.published, "site_id"), roles=EVERYONE, values={"state": "approved"}, **_SITE),
    )),
    "mingjing_registry/projections/sites.py:door": (REGISTRY, (
        Question(asks=of_each(sites.door, "site_id"), roles=EVERYONE, values={"state": "approved"}, **_SITE),
    )),
    "mingjing_registry/projections/whitelist.py:changed_at": (REGISTRY, (
        Question(asks=last_changed, of=(whitelist.WHITELIST_READ,), roles=EVERYONE, keeps_history=False),
    )),
    "mingjing_registry/projections/whitelist.py:whitelist_in": (REGISTRY, (
        whole(lambda scope, at: whitelist.whitelist_in(scope, is_listed=None, at=at), "institution_id",
              of=(whitelist.WHITELIST_READ,), roles=EVERYONE),
    )),
    "mingjing_registry/projections/blacklist.py:files_in": (REGISTRY, (
        whole(lambda scope, at: blacklist.files_in(scope, at=at), "listing_id", roles=OFFICIALS, **_LISTING),
    )),
    "mingjing_registry/projections/blacklist.py:one_file": (REGISTRY, (
        Question(asks=of_each(blacklist.one_file, "listing_id"), roles=OFFICIALS, **_LISTING),
    )),
    "mingjing_registry/projections/blacklist.py:published_in": (REGISTRY, (
        whole(lambda scope, _at: blacklist.published_in(scope, NOW.date()), "listing_id", roles=EVERYONE,
              values=_PUBLISHED, keeps_history=False, **_LISTING),
    )),
    "mingjing_registry/projections/blacklist.py:ended": (REGISTRY, (
        whole(lambda scope, _at: blacklist.ended(scope, LATER), "listing_id", act=NOTE_LISTING_EXPIRY,
              values={"stage": "published"}, keeps_history=False, **_LISTING),
    )),
    "mingjing_registry/projections/list_feed.py:feed_after": (REGISTRY, (
        whole(lambda scope, _at: list_feed.feed_after(scope, -1, ("white",)), "thing_id", roles=EVERYONE,
              of=(list_feed.MOVEMENTS_READ,), dimensions=(), values={"list": "white"}, keeps_history=False),
    )),
    "mingjing_registry/projections/list_feed.py:consumers_in": (REGISTRY, (
        whole(lambda scope, at: list_feed.consumers_in(scope, at=at), "consumer_id", roles=OFFICIALS,
              of=(list_feed.CONSUMERS_READ,), dimensions=FILED, values={"is_active": True}),
    )),
    "mingjing_registry/projections/list_feed.py:behind": (REGISTRY, (
        Question(asks=chased, act=REMIND_CONSUMERS, of=(list_feed.CONSUMERS_READ, list_feed.MOVEMENTS_READ),
                 dimensions=FILED, keeps_history=False,
                 values={"is_active": True, "lists": ["black"], "list": "black", "movement": "left",
                         "position": 9, "acknowledged": 1}),
    )),
    "mingjing_registry/projections/list_feed.py:owing": (REGISTRY, (
        Question(asks=owing, act=REMIND_CONSUMERS, of=(list_feed.CONSUMERS_READ, list_feed.MOVEMENTS_READ),
                 dimensions=FILED, keeps_history=False,
                 values={"is_active": True, "lists": ["black"], "list": "black", "movement": "left",
                         "position": 9, "acknowledged": 1}),
    )),
    "mingjing_registry/projections/mirror.py:dishonesty_in": (REGISTRY, (
        whole(lambda scope, at: mirror.dishonesty_in(scope, at=at), "entry_id", roles=OFFICIALS,
              of=(mirror.DISHONESTY_READ,), dimensions=(), values={"is_live": True}),
    )),
    "mingjing_registry/projections/mirror.py:barred_in": (REGISTRY, (
        whole(lambda scope, at: mirror.barred_in(scope, at=at), "entry_id", roles=mirror.STAFF_READERS,
              of=(mirror.BARRED_READ,), dimensions=(), values={"is_live": True}),
    )),
    "mingjing_registry/projections/staff.py:staff_in": (REGISTRY, (
        whole(lambda scope, at: staff.staff_in(scope, at=at), "member_id", roles=STAFF_READERS,
              of=(staff.STAFF_READ, institutions.INSTITUTIONS_READ)),
    )),
    "mingjing_registry/projections/schools.py:schools_in": (REGISTRY, (
        whole(lambda scope, at: schools.schools_in(scope, at=at), "school_id", roles=OFFICIALS,
              of=(schools.SCHOOLS_READ,), dimensions=("region",)),
    )),
    "mingjing_registry/projections/schools.py:surveys_in": (REGISTRY, (
        whole(lambda scope, at: schools.surveys_in(scope, at=at), "survey_id", roles=OFFICIALS,
              of=(schools.SURVEYS_READ, schools.SCHOOLS_READ), dimensions=("region",)),
    )),
    "mingjing_registry/projections/filings.py:filings_in": (REGISTRY, (
        whole(lambda scope, at: filings.filings_in(scope, at=at), "filing_id", roles=OFFICIALS,
              of=(filings.FILINGS_READ, institutions.INSTITUTIONS_READ)),
    )),
    "mingjing_registry/projections/providers.py:providers_in": (REGISTRY, (
        whole(lambda scope, at: providers.providers_in(scope, at=at), "institution_id", roles=OFFICIALS,
              of=(providers.PROVIDERS_READ,)),
    )),
    "mingjing_inspection/projections/complaints.py:complaints_in": (INSPECTION, (
        whole(lambda scope, at: complaints.complaints_in(scope, at=at), "complaint_id",
              of=(complaints.COMPLAINTS_READ,), roles=OFFICIALS),
    )),
    "mingjing_inspection/projections/kept_aside.py:kept_aside_in": (INSPECTION, (
        whole(inspection_aside.kept_aside_in, "file_id", of=(inspection_aside.KEPT_ASIDE,), roles=OFFICIALS,
              dimensions=FILED),
    )),
    "mingjing_inspection/projections/kept_aside.py:complaint_files_in": (INSPECTION, (
        whole(inspection_aside.complaint_files_in, "file_id", of=(inspection_aside.COMPLAINT_FILES_READ,),
              roles=OFFICIALS, dimensions=FILED),
    )),
    "mingjing_inspection/projections/tasks.py:tasks_in": (INSPECTION, (
        whole(lambda scope, at: tasks.tasks_in(scope, at=at), "task_id", of=(tasks.TASKS_READ,), roles=OFFICIALS),
    )),
    "mingjing_inspection/projections/timeline.py:timeline_of": (INSPECTION, (
        Question(asks=of_each(timeline.timeline_of, "thing_id"), of=(timeline.TIMELINE,), roles=OFFICIALS),
    )),
    "mingjing_inspection/projections/totals.py:totals": (INSPECTION, tuple(
        Question(asks=totalled(name, build, key), of=(model,), roles=OFFICIALS, dimensions=dimensions)
        for name, build, key, model, dimensions in (
            ("visits", visits.visits_in, "visit_id", visits.VISITS_READ, ("department", "region", "category")),
            ("tasks", tasks.tasks_in, "task_id", tasks.TASKS_READ, ("department", "region", "category")),
            ("complaints", complaints.complaints_in, "complaint_id", complaints.COMPLAINTS_READ,
             ("department", "region", "category")),
            ("kept_aside", inspection_aside.kept_aside_in, "file_id", inspection_aside.KEPT_ASIDE, FILED),
        )
    )),
    "mingjing_inspection/projections/visits.py:visits_in": (INSPECTION, (
        whole(lambda scope, at: visits.visits_in(scope, at=at), "visit_id", of=(visits.VISITS_READ,), roles=OFFICIALS),
    )),
    "mingjing_funds/projections/accounts.py:accounts_in": (FUNDS, (
        whole(funds_accounts.accounts_in, "account_id", of=(_ACCOUNT,), roles=MONEY, **_HELD),
    )),
    "mingjing_funds/projections/alerts.py:alerts_in": (FUNDS, (
        whole(alerts.alerts_in, "alert_id", of=(alerts.ALERTS,), roles=MONEY, dimensions=FILED),
    )),
    "mingjing_funds/projections/alerts.py:evaluations_in": (FUNDS, (
        whole(alerts.evaluations_in, "watch_id", of=(alerts.EVALUATIONS,), roles=MONEY, dimensions=FILED),
    )),
    "mingjing_funds/projections/balances.py:balances_on": (FUNDS, (
        Question(asks=balanced(), of=(_ACCOUNT,), roles=MONEY),
        Question(asks=balanced(act=EVALUATE_ALERTS), of=(_ACCOUNT,), act=EVALUATE_ALERTS),
    )),
    "mingjing_funds/projections/contracts.py:contracts_in": (FUNDS, (
        whole(contracts.contracts_in, "contract_id", of=(*_CONTRACT, _ACCOUNT), roles=MONEY),
        whole(contracts.contracts_in, "contract_id", of=_CONTRACT, roles=MONEY, values={"account_id": None}),
    )),
    "mingjing_funds/projections/contracts.py:findings_in": (FUNDS, (
        whole(contracts.findings_in, "contract_id", of=(*_CONTRACT, contracts.FINDINGS, _ACCOUNT), roles=MONEY),
    )),
    "mingjing_funds/projections/entries.py:entries_in": (FUNDS, (
        whole(entries.entries_in, "account_id", of=(entries.ENTRIES, _ACCOUNT), roles=MONEY, **_HELD),
    )),
    "mingjing_funds/projections/expectations.py:expectations_in": (FUNDS, (
        whole(lambda scope, at: expectations.expectations_in(scope, Direction.REFUND, at), "account_id",
              of=(expectations.EXPECTATIONS, _ACCOUNT), roles=MONEY, values={"direction": Direction.REFUND.value}),
    )),
    "mingjing_funds/projections/files.py:deliveries_in": (FUNDS, (
        whole(files.deliveries_in, "file_id", of=(files.DELIVERIES_READ,), roles=MONEY, dimensions=FILED),
    )),
    "mingjing_funds/projections/files.py:kept_aside_in": (FUNDS, (
        whole(files.kept_aside_in, "row_id", of=(files.KEPT_ASIDE,), roles=MONEY, dimensions=FILED),
    )),
    "mingjing_funds/projections/institutions.py:institutions_in": (FUNDS, (
        whole(funds_institutions.institutions_in, "institution_id", of=(funds_institutions.INSTITUTIONS_READ,),
              roles=MONEY),
    )),
    "mingjing_registry/projections/evidence.py:institution_within": (REGISTRY, (
        within(institution_within, "institution_id", OFFICIALS, **_INSTITUTION),
    )),
    "mingjing_inspection/projections/evidence.py:visit_within": (INSPECTION, (
        within(visit_within, "visit_id", OFFICIALS, of=(visits.VISITS_READ,)),
    )),
    "mingjing_inspection/projections/evidence.py:complaint_within": (INSPECTION, (
        within(complaint_within, "complaint_id", INTAKE, of=(complaints.COMPLAINTS_READ,)),
    )),
    "mingjing_funds/projections/evidence.py:alert_within": (FUNDS, (
        within(alert_within, "alert_id", MONEY, of=(alerts.ALERTS,), dimensions=FILED),
    )),
}  # fmt: skip

CONDITIONS = {
    "mingjing_funds/projections/schema.py:visible": "the condition that the lists above use",
    "mingjing_funds/projections/schema.py:held": "the same for who holds an account",
    "mingjing_funds/projections/schema.py:doable": "the condition of balances_on for an act",
    "mingjing_funds/projections/schema.py:writable": "which rows a file may point at; never a list",
}
"""Functions that take a scope and answer nobody by themselves, each with why."""
