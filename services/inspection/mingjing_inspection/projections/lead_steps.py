"""Steps of a lead (线索时间线): each fact about it, in order, with who and when; and which leads are linked to it.

One rule: a step shows what a list of leads may show; names and telephones of persons stand in neither.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, DateTime, Integer, Select, Table, Text, Uuid, or_, select

from mingjing_inspection.domain.lead_facts import (
    LeadConcluded,
    LeadOpened,
    LeadReported,
    LeadSeenAgain,
    LeadVerificationStarted,
    TriageAnswered,
    TriageConfirmed,
    UnlicensedPremisesFound,
    UnlicensedPremisesNotified,
    UnlicensedPremisesWithdrawn,
)
from mingjing_inspection.domain.lead_link import LeadsLinked, LeadsParted
from mingjing_inspection.domain.lead_others import LeadEscalated, LeadOtherKept, LeadOtherSettled
from mingjing_inspection.projections.leads import leads_in
from mingjing_inspection.projections.schema import METADATA
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

STEPS_MAX = 1_000
LINKS_MAX = 5_000

lead_steps_table = Table(
    "lead_steps",
    METADATA,
    Column("lead_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("step", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("happened_at", DateTime(timezone=True), nullable=False),
    Column("value", Text, nullable=False),
    Column("note", Text, nullable=False),
)
lead_links_table = Table(
    "lead_links",
    METADATA,
    Column("first", Uuid, primary_key=True),
    Column("second", Uuid, primary_key=True, index=True),
    Column("is_linked", Boolean, nullable=False),
    Column("reason", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("said_at", DateTime(timezone=True), nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a fact."""
    yield (fact.id, fact.version)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """A fact is told once and stays."""
    step, by, value, note = _told(fact.event)
    return {
        "lead_id": key[0],
        "version": key[1],
        "step": step,
        "by": by,
        "happened_at": fact.recorded_at,
        "value": value,
        "note": note,
    }


def link_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a pair."""
    yield (fact.event.first, fact.event.second)


def fold_link(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The last word counts."""
    event: LeadsLinked | LeadsParted = fact.event
    return {
        "first": key[0],
        "second": key[1],
        "is_linked": isinstance(event, LeadsLinked),
        "reason": event.reason,
        "by": event.by,
        "said_at": event.at,
    }


LEAD_STEPS_READ = ReadModel(
    name="lead_steps", table=lead_steps_table, nouns=("lead",), keys=keys, fold=fold, history=True
)
LEAD_LINKS_READ = ReadModel(
    name="lead_links", table=lead_links_table, nouns=("lead-link",), keys=link_keys, fold=fold_link, history=True
)


def steps_of(scope: Scope, lead_id: UUID, at: int | None = None) -> Select[Any]:
    """The steps of a lead that the caller may see."""
    rows = LEAD_STEPS_READ.at(at).c
    shown = leads_in(scope, at=at).subquery()
    return (
        select(*(rows[name] for name in LEAD_STEPS_READ.columns))
        .where(rows.lead_id == lead_id, rows.lead_id.in_(select(shown.c.lead_id)))
        .order_by(rows.version)
        .limit(STEPS_MAX)
    )


def links_in(scope: Scope, lead_id: UUID | None = None, at: int | None = None) -> Select[Any]:
    """What people said of pairs of leads, both of which the caller may see."""
    rows = LEAD_LINKS_READ.at(at).c
    shown = select(leads_in(scope, at=at).subquery().c.lead_id)
    statement = select(*(rows[name] for name in LEAD_LINKS_READ.columns)).where(
        rows.first.in_(shown), rows.second.in_(shown)
    )
    if lead_id is not None:
        statement = statement.where(or_(rows.first == lead_id, rows.second == lead_id))
    return statement.order_by(rows.first, rows.second).limit(LINKS_MAX)


def _told(event: object) -> tuple[str, str, str, str]:
    """Step, who, the word that counts, and what was said."""
    match event:
        case LeadOpened():
            return "opened", f"system:{event.reaction.lower()}", event.origin.value, event.summary
        case LeadReported():
            return "reported", event.by, event.origin.value, event.told.description
        case LeadSeenAgain() | UnlicensedPremisesFound():
            step = "seen-again" if isinstance(event, LeadSeenAgain) else "premises-found"
            return step, event.by, "", event.note
        case LeadVerificationStarted():
            return "verification-started", event.by, "", ""
        case TriageAnswered():
            return "triage-answered", event.by, f"{event.question.value}:{event.answer.value}", event.note
        case TriageConfirmed():
            return "triage-confirmed", event.by, event.verdict.value, event.note
        case UnlicensedPremisesNotified():
            return "registry-told", "system:x17", "", ""
        case UnlicensedPremisesWithdrawn():
            return "registry-told-otherwise", "system:x17", "", event.note
        case LeadConcluded():
            return "concluded", event.by, "CASE" if event.is_case_proposed else "NOTHING", event.note
        case _:
            return _told_beside(event)


def _told_beside(event: object) -> tuple[str, str, str, str]:
    match event:
        case LeadOtherKept():
            return "other-report-kept", event.by, str(event.number), event.told.description
        case LeadOtherSettled():
            return "other-report-settled", event.by, "TAKEN" if event.is_taken else "LEFT-OUT", event.reason
        case LeadEscalated():
            return "escalated", "system:deadlines", event.due_on.isoformat(), ""
        case _:
            raise AssertionError(event)
