"""Leads (线索) for enforcement: what was signalled, where, and what came of it.

That a school teacher is suspected is not in this list: it is for education discipline alone (``conduct_leads``).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, Select, Table, Text, Uuid, and_, func, not_, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.domain.lead_facts import (
    LeadConcluded,
    LeadOpened,
    LeadReported,
    LeadSeenAgain,
    LeadStage,
    LeadVerificationStarted,
    TriageAnswered,
    TriageConfirmed,
    UnlicensedPremisesFound,
    UnlicensedPremisesNotified,
    UnlicensedPremisesWithdrawn,
)
from mingjing_inspection.domain.lead_others import LeadEscalated, LeadOtherKept, LeadOtherSettled
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, scope_index

OPEN = (LeadStage.OPEN.value, LeadStage.VERIFYING.value)
"""Stages in which a lead still counts."""

SHOWN_MAX = 200
"""Times, and prices, that a list shows of one lead; the log has them all."""

leads_table = Table(
    "leads",
    METADATA,
    Column("lead_id", Uuid, primary_key=True),
    Column("stage", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("source_id", Uuid),
    Column("institution_id", Uuid, index=True),
    Column("site_id", Uuid),
    *scope_columns(),
    Column("address", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("reaction", Text, nullable=False),
    Column("opened_at", DateTime(timezone=True), nullable=False, index=True),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("reported_by", Text, nullable=False),
    Column("venue", Text, nullable=False),
    Column("cover", Text, nullable=False),
    Column("longitude_e7", Integer),
    Column("latitude_e7", Integer),
    Column("accuracy_metres", Integer),
    Column("is_mock", Boolean, nullable=False),
    Column("version_id", Uuid),
    Column("photos", JSONB, nullable=False),
    Column("times", JSONB, nullable=False),
    Column("prices", JSONB, nullable=False),
    Column("people", Integer, nullable=False),
    Column("sightings", Integer, nullable=False),
    Column("is_found", Boolean, nullable=False),
    Column("registry_told_at", DateTime(timezone=True)),
    Column("answers", JSONB, nullable=False),
    Column("verdict", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    Column("escalated_on", Date),
    Column("others", JSONB, nullable=False),
    Column("others_waiting", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)
scope_index(leads_table)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which leads somebody asks for; what is not said limits nothing."""

    stage: str | None = None
    origin: str | None = None
    venue: str | None = None
    cover: str | None = None
    verdict: str | None = None
    region: str = ""
    since: datetime | None = None
    until: datetime | None = None
    has_institution: bool | None = None
    is_open: bool | None = None
    is_unowned: bool | None = None
    is_escalated: bool | None = None
    has_others: bool | None = None


EVERYTHING = Wanted()


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a lead."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case LeadOpened() as event:
            return _opened(key, event) | {"version": fact.version}
        case LeadReported() as event:
            return _reported(key, event) | {"version": fact.version}
        case event if row is not None:
            return row | _after(row, event) | {"version": fact.version}
        case _:
            return row


LEADS_READ = ReadModel(name="leads", table=leads_table, nouns=("lead",), keys=keys, fold=fold, history=True)


def leads_in(
    scope: Scope, *, stage: str | None = None, wanted: Wanted = EVERYTHING, at: int | None = None
) -> Select[Any]:
    """The leads that a caller may see, as they stood after position ``at``."""
    rows = LEADS_READ.at(at).c
    statement = select(*(rows[name] for name in LEADS_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category)
    )
    same = {
        "stage": stage or wanted.stage,
        "origin": wanted.origin,
        "venue": wanted.venue,
        "cover": wanted.cover,
        "verdict": wanted.verdict,
    }
    for name, value in same.items():
        if value is not None:
            statement = statement.where(rows[name] == value)
    if wanted.region:
        statement = statement.where(rows.region.startswith(wanted.region, autoescape=True))
    if wanted.since is not None:
        statement = statement.where(rows.opened_at >= wanted.since)
    if wanted.until is not None:
        statement = statement.where(rows.opened_at < wanted.until)
    if wanted.has_institution is not None:
        statement = statement.where(rows.institution_id.is_not(None) == wanted.has_institution)
    if wanted.is_open is not None:
        is_open = rows.stage.in_(OPEN)
        statement = statement.where(is_open if wanted.is_open else ~is_open)
    flags = (
        (wanted.is_unowned, and_(rows.verifier == "", rows.stage.in_(OPEN))),
        (wanted.is_escalated, rows.escalated_on.is_not(None)),
        (wanted.has_others, rows.others_waiting > 0),
    )
    for flag, condition in flags:
        if flag is not None:
            statement = statement.where(condition if flag else not_(condition))
    return statement


def lead_heat(scope: Scope, digits: int, *, wanted: Wanted = EVERYTHING, at: int | None = None) -> Select[Any]:
    """By region, its code cut to so many digits: how many leads without an institution, and how many of them are
    still open, for whoever may see them.
    """
    shown = leads_in(scope, wanted=wanted, at=at).subquery()
    place = func.left(shown.c.region, digits)
    return (
        select(
            place.label("region"),
            func.count().label("leads"),
            func.count().filter(shown.c.stage.in_(OPEN)).label("leads_open"),
            func.max(shown.c.opened_at).label("last_at"),
        )
        .where(shown.c.institution_id.is_(None))
        .group_by(place)
        .order_by(place)
    )


def leads_of_places(since: datetime) -> Select[Any]:
    """Open leads about places since a moment: for the night's planning alone, which shows them to nobody."""
    rows = leads_table.c
    return (
        select(rows.lead_id, rows.region, rows.department, rows.category, rows.address, rows.times, rows.opened_at)
        .where(rows.institution_id.is_(None), rows.stage.in_(OPEN), rows.opened_at >= since)
        .order_by(rows.region, rows.lead_id)
    )


def leads_open_at(site_id: UUID, origin: str) -> Select[Any]:
    """Whether a lead of this origin is open for a site: for a reaction, which shows no row."""
    rows = leads_table.c
    return select(rows.lead_id).where(rows.site_id == site_id, rows.origin == origin, rows.stage.in_(OPEN)).limit(1)


def lead_ended(lead_id: UUID) -> Select[Any]:
    """When it was opened: each fact about it prolongs the time of its evidence. Nobody is shown it."""
    rows = leads_table.c
    return select(rows.opened_at).where(rows.lead_id == lead_id)


def _opened(key: Key, event: LeadOpened) -> Row:
    return _blank(key) | {
        "stage": event.stage.value,
        "origin": event.origin.value,
        "source_id": event.source_id,
        "institution_id": event.place.institution_id,
        "site_id": event.place.site_id,
        "department": event.department,
        "region": event.place.region,
        "category": event.place.category,
        "address": event.place.address,
        "summary": event.summary,
        "reaction": event.reaction,
        "opened_at": event.at,
        "seen_at": event.at,
    }


def _reported(key: Key, event: LeadReported) -> Row:
    told, where = event.told, event.told.position
    return _blank(key) | {
        "stage": LeadStage.OPEN.value,
        "origin": event.origin.value,
        "source_id": told.source_id,
        "department": event.department,
        "region": event.region,
        "category": event.category,
        "address": told.address,
        "summary": told.description,
        "opened_at": event.at,
        "seen_at": told.seen_at,
        "reported_by": event.by,
        "venue": told.venue.value,
        "cover": told.cover.value,
        "longitude_e7": where.longitude_e7 if where else None,
        "latitude_e7": where.latitude_e7 if where else None,
        "accuracy_metres": where.accuracy_metres if where else None,
        "is_mock": bool(where and where.is_mock),
        "version_id": event.version_id,
        "photos": list(told.photos),
        "times": _times(told.times),
        "prices": _prices(told.prices),
        "people": len(told.people),
    }


def _blank(key: Key) -> Row:
    return {
        "lead_id": key[0],
        "source_id": None,
        "institution_id": None,
        "site_id": None,
        "reaction": "",
        "reported_by": "",
        "venue": "",
        "cover": "",
        "longitude_e7": None,
        "latitude_e7": None,
        "accuracy_metres": None,
        "is_mock": False,
        "version_id": None,
        "photos": [],
        "times": [],
        "prices": [],
        "people": 0,
        "sightings": 0,
        "is_found": False,
        "registry_told_at": None,
        "answers": {},
        "verdict": "",
        "note": "",
        "verifier": "",
        "escalated_on": None,
        "others": [],
        "others_waiting": 0,
    }


def _after(row: Row, event: object) -> Row:
    match event:
        case LeadSeenAgain():
            return {
                "seen_at": max(row["seen_at"], event.seen_at),
                "sightings": row["sightings"] + 1,
                "photos": list(dict.fromkeys((*row["photos"], *event.photos))),
                "times": _more(row["times"], _times(event.times)),
                "prices": _more(row["prices"], _prices(event.prices)),
            }
        case LeadVerificationStarted():
            return {"stage": LeadStage.VERIFYING.value, "verifier": event.by, "escalated_on": None}
        case UnlicensedPremisesFound():
            return {"is_found": True}
        case UnlicensedPremisesNotified():
            return {"registry_told_at": event.at}
        case UnlicensedPremisesWithdrawn():
            return {"registry_told_at": None}
        case TriageAnswered():
            answer = {"answer": event.answer.value, "evidence": list(event.evidence), "note": event.note}
            said = answer | {"by": event.by, "on": event.on.isoformat()}
            return {"answers": row["answers"] | {event.question.value: said}, "verdict": ""}
        case TriageConfirmed():
            return {"verdict": event.verdict.value}
        case LeadConcluded():
            stage = LeadStage.CASE_PROPOSED if event.is_case_proposed else LeadStage.NOT_SUBSTANTIATED
            return {"stage": stage.value, "note": event.note}
        case _:
            return _beside(row, event)


def _beside(row: Row, event: object) -> Row:
    match event:
        case LeadOtherKept():
            people, others = row["people"] + len(event.told.people), [*row["others"], _other(event)]
            return {"others": others, "others_waiting": row["others_waiting"] + 1, "people": people}
        case LeadOtherSettled():
            decided = {"decision": "TAKEN" if event.is_taken else "LEFT-OUT", "reason": event.reason}
            others = [one | decided if one["number"] == event.number else one for one in row["others"]]
            return {"others": others, "others_waiting": row["others_waiting"] - 1}
        case LeadEscalated():
            return {"escalated_on": event.on}
        case _:
            return {}


def _other(event: LeadOtherKept) -> dict[str, Any]:
    return {
        "number": event.number,
        "address": event.told.address,
        "summary": event.told.description,
        "photos": list(event.told.photos),
        "by": event.by,
        "at": event.at.isoformat(),
        "decision": "",
        "reason": "",
    }


def _times(times: Iterable[Any]) -> list[dict[str, int]]:
    return [{"weekday": one.weekday, "begins": one.begins, "ends": one.ends} for one in times]


def _prices(prices: Iterable[Any]) -> list[dict[str, Any]]:
    return [{"fen": one.fen, "per": one.per.value} for one in prices]


def _more(before: Sequence[Any], new: Sequence[Any]) -> list[Any]:
    return [*before, *(one for one in new if one not in before)][:SHOWN_MAX]
