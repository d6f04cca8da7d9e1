"""Lists of evidence: what there is, and what belongs to a thing. Two read models, kept in the service's own schema.

The one rule: nobody is shown a row from here alone; whoever may see the thing may see what belongs to it
(``reach.py``), and whoever sent evidence may see that it is there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    FromClause,
    Integer,
    MetaData,
    Select,
    Table,
    Text,
    Uuid,
    exists,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_kernel.evidence.facts import (
    EvidenceAttached,
    EvidenceDamaged,
    EvidenceDeclared,
    EvidenceDestroyed,
    EvidenceFoundWhole,
    EvidenceHeld,
    EvidenceHoldLifted,
    EvidenceReceived,
    EvidenceRefused,
    EvidenceScanned,
    EvidenceUploadLapsed,
)
from mingjing_kernel.evidence.state import Stage
from mingjing_kernel.log.envelope import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row


@dataclass(frozen=True, eq=False)
class EvidenceLists:
    """Both read models of one service."""

    evidence: ReadModel
    things: ReadModel

    @property
    def models(self) -> tuple[ReadModel, ReadModel]:
        """For the service's table of read models."""
        return (self.evidence, self.things)

    def of_thing(self, kind: str, id: UUID, at: int | None = None) -> Select[Any]:
        """What belongs to a thing, as it stood after position ``at``. Ask first whether the caller may see it."""
        rows, things = self.evidence.at(at), self.things.at(at)
        return (
            select(*(rows.c[name] for name in self.evidence.columns))
            .join_from(rows, things, things.c.evidence_id == rows.c.evidence_id)
            .where(things.c.thing_kind == kind, things.c.thing_id == id)
        )

    def open_of(self, sender: str) -> Select[Any]:
        """How many files of one person are on their way, and how many bytes they have."""
        rows = self.evidence.table.c
        return select(func.count(), func.coalesce(func.sum(rows.size_bytes), 0)).where(
            rows.sender == sender, rows.stage == Stage.ON_ITS_WAY.value
        )

    def total_bytes(self) -> Select[Any]:
        """How many bytes are here or on their way; the same content twice counts twice."""
        rows = self.evidence.table.c
        return select(func.coalesce(func.sum(rows.size_bytes), 0)).where(
            rows.stage.in_((Stage.ON_ITS_WAY.value, Stage.RECEIVED.value))
        )

    def ids(self, *conditions: Any, limit: int) -> Select[Any]:
        """Ids for whoever works through them by himself: a sweep, a check. Nobody is shown them."""
        rows = self.evidence.table.c
        return select(rows.evidence_id, rows.sha256).where(*conditions).order_by(rows.evidence_id).limit(limit)

    def unattached(self, before: datetime) -> Select[Any]:
        """Ids of what came by a moment and belongs to nothing."""
        things = self.things.table.c
        return self._here(before).where(~exists().where(things.evidence_id == self.rows.c.evidence_id))

    def of_kind(self, kind: str, before: datetime) -> Select[Any]:
        """Ids of what came by a moment, belongs to a thing of a kind, and was attached to nothing since."""
        things, id = self.things.table.c, self.rows.c.evidence_id
        return self._here(before).where(
            exists().where(things.evidence_id == id, things.thing_kind == kind),
            ~exists().where(things.evidence_id == id, things.attached_at > before),
        )

    def _here(self, before: datetime) -> Select[Any]:
        rows = self.rows.c
        return select(rows.evidence_id).where(rows.stage == Stage.RECEIVED.value, rows.received_at <= before)

    @property
    def rows(self) -> FromClause:
        """The live rows, for conditions."""
        return self.evidence.table


def make_lists(metadata: MetaData) -> EvidenceLists:
    """The read models in the one MetaData of a service."""
    return EvidenceLists(
        evidence=ReadModel(
            name="evidence",
            table=_evidence_table(metadata),
            nouns=("evidence",),
            keys=evidence_keys,
            fold=fold_evidence,
            history=True,
        ),
        things=ReadModel(
            name="evidence_things",
            table=_things_table(metadata),
            nouns=("evidence",),
            keys=thing_keys,
            fold=fold_thing,
            history=True,
        ),
    )


def _evidence_table(metadata: MetaData) -> Table:
    return Table(
        "evidence",
        metadata,
        Column("evidence_id", Uuid, primary_key=True),
        Column("stage", Text, nullable=False, index=True),
        Column("sender", Text, nullable=False, index=True),
        Column("sha256", Text, nullable=False, index=True),
        Column("sm3", Text, nullable=False),
        Column("size_bytes", BigInteger, nullable=False),
        Column("media_type", Text, nullable=False),
        Column("device", Text, nullable=False),
        Column("captured_at", DateTime(timezone=True)),
        Column("place", JSONB),
        Column("clock_difference_seconds", Integer, nullable=False),
        Column("declared_at", DateTime(timezone=True), nullable=False),
        Column("lapses_at", DateTime(timezone=True), nullable=False),
        Column("received_at", DateTime(timezone=True)),
        Column("received_position", BigInteger),
        Column("verdict", Text, nullable=False),
        Column("verdict_detail", Text, nullable=False),
        Column("scanned_at", DateTime(timezone=True)),
        Column("holds", JSONB, nullable=False),
        Column("is_damaged", Boolean, nullable=False),
        Column("ended_at", DateTime(timezone=True)),
        Column("end_reason", Text, nullable=False),
    )


def _things_table(metadata: MetaData) -> Table:
    return Table(
        "evidence_things",
        metadata,
        Column("thing_kind", Text, primary_key=True),
        Column("thing_id", Uuid, primary_key=True),
        Column("evidence_id", Uuid, primary_key=True),
        Column("attached_by", Text, nullable=False),
        Column("attached_at", DateTime(timezone=True), nullable=False),
    )


def evidence_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a piece of evidence."""
    yield (fact.id,)


def fold_evidence(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    event = fact.event
    if isinstance(event, EvidenceDeclared):
        return _declared(key, event)
    return row and row | _changed(row, fact)


def _changed(row: Row, fact: Recorded[Any]) -> Row:
    match fact.event:
        case EvidenceReceived() as event:
            return {
                "stage": Stage.RECEIVED.value,
                "sm3": event.sm3,
                "media_type": event.media_type,
                "received_at": event.at,
                "received_position": fact.position,
            }
        case EvidenceRefused() as event:
            return {"stage": Stage.REFUSED.value, "ended_at": event.at, "end_reason": event.reason}
        case EvidenceUploadLapsed() as event:
            return {"stage": Stage.LAPSED.value, "ended_at": event.at, "end_reason": ""}
        case EvidenceDestroyed() as event:
            return {"stage": Stage.DESTROYED.value, "ended_at": event.at, "end_reason": event.rule}
        case EvidenceScanned() as event:
            return {"verdict": event.verdict.value, "verdict_detail": event.detail, "scanned_at": event.at}
        case EvidenceHeld() as event:
            return {"holds": sorted({*row["holds"], event.hold})}
        case EvidenceHoldLifted() as event:
            return {"holds": [hold for hold in row["holds"] if hold != event.hold]}
        case EvidenceDamaged():
            return {"is_damaged": True}
        case EvidenceFoundWhole():
            return {"is_damaged": False}
        case _:
            return {}


def thing_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row for each thing that it was attached to."""
    if isinstance(fact.event, EvidenceAttached):
        yield (fact.event.thing.kind, fact.event.thing.id, fact.id)


def fold_thing(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    kind, thing_id, evidence_id = key
    return row or {
        "thing_kind": kind,
        "thing_id": thing_id,
        "evidence_id": evidence_id,
        "attached_by": fact.event.by,
        "attached_at": fact.event.at,
    }


def _declared(key: Key, event: EvidenceDeclared) -> Row:
    manifest, place = event.manifest, event.manifest.place
    return {
        "evidence_id": key[0],
        "stage": Stage.ON_ITS_WAY.value,
        "sender": event.by,
        "sha256": manifest.sha256,
        "sm3": manifest.sm3,
        "size_bytes": manifest.size_bytes,
        "media_type": manifest.media_type,
        "device": manifest.device,
        "captured_at": manifest.captured_at,
        "place": place
        and {
            "latitude_e6": place.latitude_e6,
            "longitude_e6": place.longitude_e6,
            "accuracy_metres": place.accuracy_metres,
            "datum": place.datum.value,
            "is_mock": place.is_mock,
        },
        "clock_difference_seconds": event.clock_difference_seconds,
        "declared_at": event.at,
        "lapses_at": event.lapses_at,
        "received_at": None,
        "received_position": None,
        "verdict": "",
        "verdict_detail": "",
        "scanned_at": None,
        "holds": [],
        "is_damaged": False,
        "ended_at": None,
        "end_reason": "",
    }
