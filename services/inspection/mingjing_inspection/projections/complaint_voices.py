"""What citizens said to their complaints (诉求人的话): by complaint, for who handles it and for the citizen herself.

One rule: the department that answers for the complaint now sees it, whichever took it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Date, DateTime, Integer, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_inspection.domain.complaint import ComplaintAttributed
from mingjing_inspection.domain.complaint_voice import (
    CallBackAnswered,
    DisputeWithdrawn,
    PhotoAdded,
    ReopeningAsked,
    VoiceOpened,
    WordsAdded,
)
from mingjing_inspection.domain.voice_answer import VoiceAnswered
from mingjing_inspection.domain.voice_secret import SecretHanded
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, scope_index

complaint_voices = Table(
    "complaint_voices",
    METADATA,
    Column("complaint_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("secret_digest", Text, nullable=False, index=True),
    *scope_columns(),
    Column("identity", Text, nullable=False),
    Column("relation", Text, nullable=False),
    Column("origin_place", Text, nullable=False),
    Column("origin_reference", Text, nullable=False),
    Column("origin_link", Text, nullable=False),
    Column("origin_due_on", Date),
    Column("said", JSONB, nullable=False),
    Column("is_satisfied", Boolean),
    Column("rating", Integer),
    Column("reopening_asked_at", DateTime(timezone=True)),
    Column("withdrawn_at", DateTime(timezone=True)),
    Column("waits", Boolean, nullable=False),
    Column("spoken_at", DateTime(timezone=True), nullable=False, index=True),
)
scope_index(complaint_voices)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a complaint that can be followed."""
    match fact.event:
        case ComplaintAttributed():
            yield (fact.id,)
        case VoiceOpened() | WordsAdded() | PhotoAdded() | CallBackAnswered() | ReopeningAsked() | DisputeWithdrawn():
            yield (fact.id,)
        case VoiceAnswered() | SecretHanded():
            yield (fact.id,)
        case _:
            return


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case VoiceOpened() as event:
            return _opened(key, event)
        case ComplaintAttributed() as event if row is not None:
            return row | {"department": event.department, "category": event.category}
        case WordsAdded() as event if row is not None:
            return _said(row, "added", event.text, event.added_at)
        case PhotoAdded() as event if row is not None:
            return _said(row, "photo", str(event.evidence_id), event.added_at)
        case CallBackAnswered() as event if row is not None:
            more = {"is_satisfied": event.is_satisfied, "rating": event.rating}
            return _said(row, "call-back", event.text, event.answered_at) | more
        case ReopeningAsked() as event if row is not None:
            again = {"reopening_asked_at": event.asked_at, "withdrawn_at": None}
            return _said(row, "reopening", event.reason, event.asked_at) | again
        case DisputeWithdrawn() as event if row is not None:
            return _said(row, "withdrawal", event.reason, event.withdrawn_at) | {"withdrawn_at": event.withdrawn_at}
        case SecretHanded() as event if row is not None:
            return row | {"secret_digest": event.secret_digest}
        case VoiceAnswered() as event if row is not None:
            answer = {"what": f"reply-{event.reply.value.lower()}", "text": event.note, "at": event.at.isoformat()}
            return row | {"said": [*row["said"], answer], "waits": False}
        case _:
            return row


COMPLAINT_VOICES_READ = ReadModel(
    name="complaint_voices",
    table=complaint_voices,
    nouns=("complaint", "complaint-voice"),
    keys=keys,
    fold=fold,
    history=True,
)
_SHOWN = tuple(name for name in COMPLAINT_VOICES_READ.columns if name != "secret_digest")


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceFound:
    """Which complaint a secret is of."""

    complaint_id: UUID
    number: str


async def voice_found(connection: AsyncConnection, secret_digest: str) -> VoiceFound | None:
    """By the keyed digest of the secret alone, so that a wrong number costs what a wrong secret costs."""
    rows = complaint_voices.c
    found = (
        await connection.execute(
            select(rows.complaint_id, rows.number).where(rows.secret_digest == secret_digest).limit(1)
        )
    ).one_or_none()
    return VoiceFound(complaint_id=found.complaint_id, number=found.number) if found else None


def complaint_voices_in(
    scope: Scope, *, asks_reopening: bool | None = None, waits: bool | None = None, at: int | None = None
) -> Select[Any]:
    """What an official may see of it, as it stood after position ``at``."""
    rows = COMPLAINT_VOICES_READ.at(at).c
    statement = select(*(rows[name] for name in _SHOWN)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category)
    )
    if asks_reopening is not None:
        statement = statement.where(rows.reopening_asked_at.is_not(None) == asks_reopening)
    return statement if waits is None else statement.where(rows.waits.is_(waits))


def _opened(key: Key, event: VoiceOpened) -> Row:
    origin = event.origin
    return {
        "complaint_id": key[0],
        "number": event.number,
        "secret_digest": event.secret_digest,
        "department": event.department,
        "region": event.region,
        "category": event.category,
        "identity": event.identity.value,
        "relation": event.relation,
        "origin_place": origin.place if origin else "",
        "origin_reference": origin.reference if origin else "",
        "origin_link": origin.link if origin else "",
        "origin_due_on": origin.due_on if origin else None,
        "said": [],
        "is_satisfied": None,
        "rating": None,
        "reopening_asked_at": None,
        "withdrawn_at": None,
        "waits": False,
        "spoken_at": event.opened_at,
    }


def _said(row: Row, what: str, text: str, at: Any) -> Row:
    said = [*row["said"], {"what": what, "text": text, "at": at.isoformat()}]
    return row | {"said": said, "waits": True, "spoken_at": at}
