"""Complaints (投诉、举报、工单): what was said, whom it is about, how far it got."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Select,
    Table,
    Text,
    Uuid,
    and_,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.domain.complaint import ComplaintAttributed, ComplaintTaken, HandlingNoted, MatchedBy
from mingjing_inspection.projections.complaint_words import candidates
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, scope_index

complaints_table = Table(
    "complaints",
    METADATA,
    Column("complaint_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False, index=True),
    Column("channel", Text, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False, index=True),
    *scope_columns(),
    Column("tracks", JSONB, nullable=False),
    Column("within_remit", Boolean, nullable=False),
    Column("declared", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("respondent", Text, nullable=False),
    Column("place", Text, nullable=False),
    Column("is_anonymous", Boolean, nullable=False),
    Column("claimed_fen", BigInteger),
    Column("institution_id", Uuid, index=True),
    Column("matched_by", Text, nullable=False),
    Column("match_evidence", Text, nullable=False),
    Column("is_urgent", Boolean, nullable=False),
    Column("urgent_words", JSONB, nullable=False),
    Column("urgency_rule", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("result", Text, nullable=False),
    Column("due_on", Date),
)
scope_index(complaints_table)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a complaint."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case ComplaintTaken() as event:
            return {"complaint_id": key[0], "status": "", "result": "", "due_on": None} | _taken(event)
        case HandlingNoted() as event if row is not None:
            handling = event.handling
            return row | {"status": handling.status, "result": handling.result, "due_on": handling.due_on}
        case ComplaintAttributed() as event if row is not None:
            return row | {
                "institution_id": event.institution_id,
                "matched_by": MatchedBy.BY_HAND.value,
                "match_evidence": event.reason,
                "department": event.department,
                "category": event.category,
            }
        case _:
            return row


COMPLAINTS_READ = ReadModel(
    name="complaints", table=complaints_table, nouns=("complaint",), keys=keys, fold=fold, history=True
)


def complaints_in(
    scope: Scope,
    *,
    institution_id: UUID | None = None,
    is_urgent: bool | None = None,
    is_matched: bool | None = None,
    number: str = "",
    search: str = "",
    at: int | None = None,
) -> Select[Any]:
    """The complaints that a caller may see, as they stood after position ``at``."""
    rows = COMPLAINTS_READ.at(at).c
    statement = select(*(rows[name] for name in COMPLAINTS_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category)
    )
    if institution_id is not None:
        statement = statement.where(rows.institution_id == institution_id)
    if is_urgent is not None:
        statement = statement.where(rows.is_urgent.is_(is_urgent))
    if is_matched is not None:
        statement = statement.where(rows.institution_id.is_not(None) == is_matched)
    if number:
        statement = statement.where(rows.number == number)
    if search:
        statement = statement.where(_holds(rows, search))
    return statement


def saying(search: str) -> Select[Any]:
    """Ids of the complaints that hold these words where they are shown: for a question that has a scope of its own."""
    rows = complaints_table.c
    return select(rows.complaint_id).where(_holds(rows, search))


def _holds(rows: Any, search: str) -> ColumnElement[bool]:
    shown = or_(*(column.contains(search, autoescape=True) for column in (rows.title, rows.text, rows.respondent)))
    near = candidates(search)
    return shown if near is None else and_(rows.complaint_id.in_(near), shown)


def _taken(event: ComplaintTaken) -> Row:
    intake, attribution = event.intake, event.attribution
    return {
        "number": intake.number,
        "channel": intake.channel.value,
        "received_at": intake.received_at,
        "department": event.department,
        "region": event.region,
        "category": event.category,
        "tracks": [track.value for track in event.tracks],
        "within_remit": event.within_remit,
        "declared": intake.declared,
        "title": intake.title,
        "text": intake.text,
        "respondent": intake.respondent,
        "place": intake.place,
        "is_anonymous": intake.is_anonymous,
        "claimed_fen": intake.claimed_fen,
        "institution_id": attribution.institution_id,
        "matched_by": attribution.by.value,
        "match_evidence": attribution.evidence,
        "is_urgent": event.is_urgent,
        "urgent_words": list(event.urgent_words),
        "urgency_rule": event.urgency_rule,
    }
