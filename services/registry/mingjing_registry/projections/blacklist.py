"""Blacklist 教育黑名单 (B1): the files of all listings for officials, and the public list of those in force.

One rule: after its removal a listing is shown to nobody but officials, not even in the public list of a past day
(信用修复管理办法: publication, sharing and use end).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Date, Integer, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_kernel.identity import EVERYONE, OFFICIALS, Columns, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.acts import NOTE_LISTING_EXPIRY
from mingjing_registry.domain import annulment
from mingjing_registry.domain import blacklist_facts as f
from mingjing_registry.domain.blacklist import Stage
from mingjing_registry.projections.schema import METADATA, scope_columns

IN_FORCE = (Stage.PUBLISHED.value, Stage.REPAIR_APPLIED.value, Stage.REPAIR_ACCEPTED.value)

blacklist_table = Table(
    "blacklist",
    METADATA,
    Column("listing_id", Uuid, primary_key=True),
    Column("party_kind", Text, nullable=False),
    Column("institution_id", Uuid, index=True),
    Column("name", Text, nullable=False),
    Column("code", Text, nullable=False, index=True),
    Column("subject", Text, nullable=False),
    *scope_columns(),
    Column("stage", Text, nullable=False, index=True),
    Column("grade", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("evidence", JSONB, nullable=False),
    Column("legal_basis_reference", Text, nullable=False),
    Column("penalty_reference", Text, nullable=False),
    Column("opinion", Text, nullable=False),
    Column("notice_reference", Text, nullable=False),
    Column("statements", JSONB, nullable=False),
    Column("hearing", Text, nullable=False),
    Column("document_number", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("rule", Text, nullable=False),
    Column("decided_on", Date),
    Column("minimum_until", Date),
    Column("ends_on", Date, index=True),
    Column("summary", Text, nullable=False),
    Column("is_public", Boolean, nullable=False),
    Column("published_on", Date),
    Column("removed_on", Date),
    Column("cause", Text, nullable=False),
    Column("due_on", Date),
    Column("annulment_reference", Text, nullable=False),
    Column("annulled_on", Date),
    Column("remove_by", Date),
    Column("overdue_on", Date),
    Column("proposed_by", Text, nullable=False),
    Column("proposed_on", Date, nullable=False),
    Column("version", Integer, nullable=False),
)

PUBLISHED = (
    "listing_id",
    "institution_id",
    "party_kind",
    "name",
    "code",
    "subject",
    "department",
    "region",
    "category",
    "grade",
    "legal_basis_reference",
    "document_number",
    "summary",
    "decided_on",
    "published_on",
    "ends_on",
)
"""What anybody may see of a listing in force: no facts of the file, no statement, no official."""


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a listing."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact; a proposal made anew begins anew."""
    if isinstance(fact.event, f.BlacklistProposed):
        row = _proposed(key, fact.event) | {"proposed_by": fact.meta.on_behalf_of or fact.meta.actor}
    return None if row is None else row | {"version": fact.version} | _changed(row, fact.event)


def _proposed(key: Key, event: f.BlacklistProposed) -> Row:
    party, within = event.party, event.within
    return _EMPTY | {
        "listing_id": key[0],
        "party_kind": party.kind,
        "institution_id": party.institution_id,
        "name": party.name,
        "code": party.code,
        "subject": party.person.name.subject if party.person else "",
        "department": within.department,
        "region": within.region,
        "category": within.category,
        "grade": event.grade.value,
        "facts": event.facts,
        "evidence": list(event.evidence),
        "legal_basis_reference": event.legal_basis_reference,
        "penalty_reference": event.penalty_reference,
        "proposed_on": event.on,
    }


def _changed(row: Row, event: object) -> Row:
    match event:
        case f.BlacklistReviewed(agrees=agrees, opinion=opinion):
            return {"stage": (Stage.REVIEWED if agrees else Stage.RETURNED).value, "opinion": opinion}
        case f.BlacklistNoticeServed(notice_reference=reference, respond_by=respond_by):
            return {"stage": Stage.NOTICED.value, "notice_reference": reference, "due_on": respond_by}
        case f.BlacklistStatementMade(statement=statement, received_on=on):
            return {"statements": [*row["statements"], {"received_on": on.isoformat(), "statement": statement}]}
        case f.BlacklistHearingRequested():
            return {"hearing": "requested"}
        case f.BlacklistHearingHeld():
            return {"hearing": "held"}
        case f.BlacklistListed():
            return {
                "stage": Stage.LISTED.value,
                "grade": event.grade.value,
                "document_number": event.document_number,
                "reason": event.reason,
                "rule": event.rule,
                "decided_on": event.on,
                "minimum_until": event.minimum_until,
                "ends_on": event.ends_on,
                "due_on": None,
            }
        case f.BlacklistConsented():
            return {"stage": Stage.CONSENTED.value}
        case f.BlacklistRejected(reason=reason):
            return {"stage": Stage.REJECTED.value, "reason": reason, "due_on": None}
        case f.BlacklistDropped(reason=reason):
            return {"stage": Stage.DROPPED.value, "reason": reason, "due_on": None}
        case _:
            return _in_force(event)


def _in_force(event: object) -> Row:
    match event:
        case f.BlacklistPublished(summary=summary, is_public=is_public, ends_on=ends_on, on=on):
            return {
                "stage": Stage.PUBLISHED.value,
                "summary": summary,
                "is_public": is_public,
                "published_on": on,
                "due_on": ends_on,
            }
        case f.BlacklistRepairApplied(accept_by=accept_by):
            return {"stage": Stage.REPAIR_APPLIED.value, "due_on": accept_by}
        case f.BlacklistRepairAccepted(decide_by=decide_by):
            return {"stage": Stage.REPAIR_ACCEPTED.value, "due_on": decide_by}
        case f.BlacklistRepairRefused(reason=reason):
            return {"stage": Stage.PUBLISHED.value, "reason": reason, "due_on": None}
        case f.BlacklistRemoved(cause=cause, reason=reason, on=on):
            return {
                "stage": Stage.REMOVED.value,
                "cause": cause,
                "reason": reason,
                "removed_on": on,
                "due_on": None,
            }
        case _:
            return _annulment(event)


def _annulment(event: object) -> Row:
    match event:
        case annulment.BlacklistGroundAnnulled(reference=reference, annulled_on=annulled_on, remove_by=remove_by):
            # Another clock beside the one that runs: a retraction leaves that one as it was.
            said = {"annulment_reference": reference, "annulled_on": annulled_on, "remove_by": remove_by}
            return said | {"overdue_on": None}
        case annulment.BlacklistAnnulmentRetracted():
            return _NO_ANNULMENT
        case annulment.BlacklistRemovalOverdue(on=on):
            return {"overdue_on": on}
        case _:
            return {}


_NO_ANNULMENT: Row = {"annulment_reference": "", "annulled_on": None, "remove_by": None, "overdue_on": None}
_EMPTY: Row = {
    "stage": Stage.PROPOSED.value,
    "opinion": "",
    "notice_reference": "",
    "statements": [],
    "hearing": "",
    "document_number": "",
    "reason": "",
    "rule": "",
    "decided_on": None,
    "minimum_until": None,
    "ends_on": None,
    "summary": "",
    "is_public": False,
    "published_on": None,
    "removed_on": None,
    "cause": "",
    "due_on": None,
    **_NO_ANNULMENT,
    "proposed_by": "",
    "version": 0,
}

BLACKLIST_READ = ReadModel(
    name="blacklist", table=blacklist_table, nouns=("blacklisting",), keys=keys, fold=fold, history=True
)


def files_in(
    scope: Scope, *, stage: str = "", institution_id: UUID | None = None, at: int | None = None
) -> Select[Any]:
    """The files that an official may see, as they stood after position ``at``."""
    rows = BLACKLIST_READ.at(at).c
    statement = select(*(rows[name] for name in BLACKLIST_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category)
    )
    if stage:
        statement = statement.where(rows.stage == stage)
    return statement if institution_id is None else statement.where(rows.institution_id == institution_id)


def one_file(scope: Scope, listing_id: UUID, at: int | None = None) -> Select[Any]:
    """One file, if the caller may see it."""
    statement = files_in(scope, at=at)
    return statement.where(statement.selected_columns.listing_id == listing_id)


def published_in(scope: Scope, on: date, *, search: str = "", at: int | None = None) -> Select[Any]:
    """The public list as it stood after position ``at``, without those that are over by ``on``."""
    rows, live = BLACKLIST_READ.at(at).c, blacklist_table.alias("live").c
    is_live = select(live.listing_id).where(live.is_public, live.stage.in_(IN_FORCE), live.ends_on > on)
    statement = select(*(rows[name] for name in PUBLISHED)).where(
        rows.is_public,
        rows.stage.in_(IN_FORCE),
        rows.listing_id.in_(is_live),
        scope.where(roles=EVERYONE, department=rows.department, region=rows.region, category=rows.category),
    )
    if not search:
        return statement
    return statement.where(rows.name.contains(search, autoescape=True) | (rows.code == search.upper()))


def ended(scope: Scope, on: date) -> Select[Any]:
    """Listings in force whose term is over by ``on`` and of which the caller may note it."""
    rows = blacklist_table.c
    mine = scope.where_may(NOTE_LISTING_EXPIRY, Columns(rows.department, rows.region, rows.category))
    return select(rows.listing_id).where(rows.stage.in_(IN_FORCE), rows.ends_on <= on, mine)
