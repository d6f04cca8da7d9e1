"""Substitutions (代理): who stands in for whom, from when until when."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Column, DateTime, Select, Table, Text, Uuid, select

from mingjing_console.projections.people import READERS
from mingjing_console.projections.schema import METADATA
from mingjing_kernel.access.facts import SubstituteDismissed, SubstituteNamed
from mingjing_kernel.identity import UNDIVIDED, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

substitutions_table = Table(
    "substitutions",
    METADATA,
    Column("substitution_id", Uuid, primary_key=True),
    Column("person", Text, nullable=False, index=True),
    Column("substitute", Text, nullable=False, index=True),
    Column("department", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("valid_from", DateTime(timezone=True), nullable=False),
    Column("valid_until", DateTime(timezone=True), nullable=False),
    Column("named_by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("named_at", DateTime(timezone=True), nullable=False),
    Column("dismissed_by", Text, nullable=False),
    Column("dismissed_at", DateTime(timezone=True)),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a substitution."""
    if isinstance(fact.event, SubstituteNamed | SubstituteDismissed):
        yield (fact.event.substitution_id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case SubstituteNamed() as event:
            return {
                "substitution_id": key[0],
                "person": event.person,
                "substitute": event.substitute,
                "department": event.department,
                "region": event.region,
                "valid_from": event.valid_from,
                "valid_until": event.valid_until,
                "named_by": event.named_by,
                "reason": event.reason,
                "named_at": event.named_at,
                "dismissed_by": "",
                "dismissed_at": None,
            }
        case SubstituteDismissed() as event if row is not None:
            return {**row, "dismissed_by": event.dismissed_by, "dismissed_at": event.dismissed_at}
        case _:
            return row


SUBSTITUTIONS_READ = ReadModel(
    name="substitutions", table=substitutions_table, nouns=("person",), keys=keys, fold=fold, history=True
)


def substitutions_in(scope: Scope, *, at: int | None = None) -> Select[Any]:
    """The substitutions that a caller may see, as they stood after position ``at``."""
    rows = SUBSTITUTIONS_READ.at(at).c
    return select(*(rows[name] for name in SUBSTITUTIONS_READ.columns)).where(
        scope.where(roles=READERS, department=rows.department, region=rows.region, category=UNDIVIDED)
    )


def one_substitution(substitution_id: UUID) -> Select[Any]:
    """One substitution, whoever may see it: for deciding who may end it; its caller shows nothing of it."""
    return select(substitutions_table).where(substitutions_table.c.substitution_id == substitution_id)
