"""Every question that the services' read models answer, by the function that answers it, with who may see its rows.

One rule: whoever adds a function that takes a reader's scope says here what it shows to whom.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData

from mingjing_console.projections import grants, people, substitutions
from mingjing_console.projections.schema import METADATA as CONSOLE
from mingjing_funds.projections.schema import METADATA as FUNDS
from mingjing_inspection.acts import INTAKE
from mingjing_inspection.projections import complaints, tasks, timeline, totals, visits
from mingjing_inspection.projections import kept_aside as inspection_aside
from mingjing_inspection.projections.evidence import (
    complaint_within,
    finding_within,
    operation_within,
    rectification_within,
    visit_within,
)
from mingjing_inspection.projections.findings import FINDINGS_READ
from mingjing_inspection.projections.operations import OPERATION_MEMBERS
from mingjing_inspection.projections.rectifications import RECTIFICATIONS_READ
from mingjing_inspection.projections.schema import METADATA as INSPECTION
from mingjing_kernel.identity import EVERYONE, OFFICIALS, Role, Scope
from mingjing_registry.acts import LIST_TAKERS, NOTE_EXPIRY, NOTE_LISTING_EXPIRY, OPEN_CHECK, REMIND_CONSUMERS
from mingjing_registry.acts_staff import STAFF_READERS
from mingjing_registry.projections import (
    blacklist,
    breaches,
    dossiers,
    filings,
    import_mappings,
    inspection_orders,
    institutions,
    kept_aside,
    likenesses,
    list_feed,
    mirror,
    names,
    providers,
    roster,
    school_notices,
    schools,
    search_terms,
    sites,
    staff,
    whitelist,
)
from mingjing_registry.projections.evidence import institution_within
from mingjing_registry.projections.schema import METADATA as REGISTRY
from scopes.citizen_questions import CITIZEN_QUESTIONS
from scopes.finding_questions import (
    FINDING_QUESTIONS,
    HANDLED,
)
from scopes.grid_questions import (
    GRID_QUESTIONS,
)
from scopes.lead_questions import LEAD_QUESTIONS
from scopes.ledger_questions import LEDGER_QUESTIONS
from scopes.money_questions import MONEY_QUESTIONS
from scopes.operation_questions import OPERATION_QUESTIONS
from scopes.plan_questions import PLAN_QUESTIONS
from scopes.question import FILED, NOW, ROWS_MAX, Driven, Question, driven, listed, of_each, whole, within
from scopes.round_questions import ROUND_QUESTIONS
from scopes.suggestion_questions import SEARCHED_COMPLAINTS, SUGGESTION_QUESTIONS
from scopes.track_questions import TRACK_QUESTIONS

LATER = date(2027, 1, 1)
READ = {"REGISTRY": REGISTRY, "INSPECTION": INSPECTION, "FUNDS": FUNDS, "CONSOLE": CONSOLE}


def spoken(connection: Connection, scope: Scope, _at: int | None) -> Iterable[UUID]:
    """Whom each name means."""
    for number in range(ROWS_MAX):
        found = driven(names.meant_by(Driven(connection), scope, f"text-{number}"))  # type: ignore[arg-type]
        if found.institution_id is not None:
            yield found.institution_id


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


_LICENSED = {"licence_state": "licensed", "was_licensed": True, "expires_on": NOW.date()}
_INSTITUTION: dict[str, Any] = {"of": (institutions.INSTITUTIONS_READ,)}
_FOUND: dict[str, Any] = {
    "of": (institutions.INSTITUTIONS_READ, search_terms.SEARCH_TERMS_READ), "values": {"pairs": ["te", "ex", "xt"]},
}  # fmt: skip
_LISTING: dict[str, Any] = {"of": (blacklist.BLACKLIST_READ,)}
_PUBLISHED = {"stage": "published", "is_public": True, "ends_on": LATER}
_SITE: dict[str, Any] = {"of": (sites.SITES_READ,), "dimensions": ("region",)}
QUESTIONS: dict[str, tuple[MetaData, tuple[Question, ...]]] = {
    **FINDING_QUESTIONS,
    **SUGGESTION_QUESTIONS,
    **GRID_QUESTIONS,
    **LEAD_QUESTIONS,
    **LEDGER_QUESTIONS,
    **MONEY_QUESTIONS,
    **PLAN_QUESTIONS,
    **OPERATION_QUESTIONS,
    **CITIZEN_QUESTIONS,
    **ROUND_QUESTIONS,
    **TRACK_QUESTIONS,
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
              "institution_id", roles=OFFICIALS, **_FOUND),
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
              roles=EVERYONE, **(_FOUND | {"values": {**_FOUND["values"], "was_licensed": True}})),
    )),
    "mingjing_registry/projections/institutions.py:one": (REGISTRY, (
        Question(asks=of_each(institutions.one, "institution_id"), roles=OFFICIALS, **_INSTITUTION),
    )),
    "mingjing_registry/projections/institutions.py:expiring": (REGISTRY, (
        whole(lambda scope, _at: institutions.expiring(scope, LATER), "institution_id",
              act=NOTE_EXPIRY, values=_LICENSED, keeps_history=False, **_INSTITUTION),
    )),
    "mingjing_registry/projections/institutions.py:checkable": (REGISTRY, (
        whole(lambda scope, _at: institutions.checkable(scope), "institution_id",
              act=OPEN_CHECK, values=_LICENSED, keeps_history=False, **_INSTITUTION),
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
    "mingjing_registry/projections/list_feed.py:own_standing": (REGISTRY, (
        whole(lambda scope, _at: list_feed.own_standing(scope), "consumer_id", of=(list_feed.CONSUMERS_READ,),
              dimensions=FILED, values={"is_active": True, "organisation": "icbc"},
              holders=dict.fromkeys(LIST_TAKERS, lambda _: "icbc"), keeps_history=False),
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
    "mingjing_registry/projections/school_notices.py:school_notices_in": (REGISTRY, (
        whole(lambda scope, at: school_notices.school_notices_in(scope, at=at), "school_id", roles=OFFICIALS,
              holders={Role.SCHOOL: lambda row: row.id}, dimensions=("region",),
              of=(school_notices.SCHOOL_NOTICES_READ, schools.SCHOOLS_READ, institutions.INSTITUTIONS_READ)),
    )),
    "mingjing_registry/projections/filings.py:filings_in": (REGISTRY, (
        whole(lambda scope, at: filings.filings_in(scope, at=at), "filing_id", roles=OFFICIALS,
              of=(filings.FILINGS_READ, institutions.INSTITUTIONS_READ)),
    )),
    "mingjing_registry/projections/inspection_orders.py:inspection_orders_in": (REGISTRY, (
        whole(lambda scope, at: inspection_orders.inspection_orders_in(scope, at=at), "order_id", roles=OFFICIALS,
              of=(inspection_orders.INSPECTION_ORDERS_READ, institutions.INSTITUTIONS_READ)),
    )),
    "mingjing_registry/projections/breaches.py:breaches_in": (REGISTRY, (
        whole(lambda scope, at: breaches.breaches_in(scope, at=at), "breach_id", roles=OFFICIALS,
              of=(breaches.BREACHES_READ, institutions.INSTITUTIONS_READ)),
    )),
    "mingjing_registry/projections/providers.py:providers_in": (REGISTRY, (
        whole(lambda scope, at: providers.providers_in(scope, at=at), "institution_id", roles=OFFICIALS,
              of=(providers.PROVIDERS_READ,)),
    )),
    "mingjing_inspection/projections/complaints.py:complaints_in": (INSPECTION, (
        whole(lambda scope, at: complaints.complaints_in(scope, at=at), "complaint_id",
              of=(complaints.COMPLAINTS_READ,), roles=OFFICIALS),
        SEARCHED_COMPLAINTS,
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
    "mingjing_registry/projections/evidence.py:institution_within": (REGISTRY, (
        within(institution_within, "institution_id", OFFICIALS, **_INSTITUTION),
    )),
    "mingjing_inspection/projections/evidence.py:visit_within": (INSPECTION, (
        within(visit_within, "visit_id", OFFICIALS, of=(visits.VISITS_READ,)),
    )),
    "mingjing_inspection/projections/evidence.py:complaint_within": (INSPECTION, (
        within(complaint_within, "complaint_id", INTAKE, of=(complaints.COMPLAINTS_READ,)),
    )),
    "mingjing_inspection/projections/evidence.py:operation_within": (INSPECTION, (
        within(operation_within, "operation_id", OFFICIALS, of=(OPERATION_MEMBERS,), values={"answer": "YES"}),
    )),
    "mingjing_inspection/projections/evidence.py:finding_within": (INSPECTION, (
        within(finding_within, "finding_id", OFFICIALS, of=(FINDINGS_READ,), values=HANDLED),
    )),
    "mingjing_inspection/projections/evidence.py:rectification_within": (INSPECTION, (
        within(rectification_within, "rectification_id", OFFICIALS, of=(RECTIFICATIONS_READ,)),
    )),
}  # fmt: skip

CONDITIONS = {
    "mingjing_funds/projections/payment_orders.py:sendable": "whether all accounts of a batch are the sender's",
    "mingjing_funds/projections/schema.py:visible": "the condition that the lists above use",
    "mingjing_funds/projections/schema.py:taught_by": "whose lessons an institution's own system may report",
    "mingjing_funds/projections/schema.py:held": "the same for who holds an account",
    "mingjing_funds/projections/schema.py:kept_by": "about whose accounts a bank speaks over NATS; never a list",
    "mingjing_funds/projections/schema.py:doable": "the condition of balances_on for an act",
    "mingjing_funds/projections/schema.py:writable": "which rows a file may point at; never a list",
    "mingjing_funds/projections/watched.py:sees_account": "whether the lists that are asked above show a row of it",
    "mingjing_funds/projections/watched.py:sees_institution": "the same for an institution",
    "mingjing_funds/projections/watched.py:sees_any": "the same for a region",
}
"""Functions that take a scope and answer nobody by themselves, each with why."""
