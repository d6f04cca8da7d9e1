"""Stated interests (利害关系申报): which inspector is not sent where."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Column, DateTime, Select, Table, Text, Uuid, select

from mingjing_inspection.domain.interest import InterestStated, InterestWithdrawn
from mingjing_inspection.projections.schema import METADATA
from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

interests_table = Table(
    "interests",
    METADATA,
    Column("interest_id", Uuid, primary_key=True),
    Column("institution_id", Uuid, primary_key=True),
    Column("officer", Text, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("region", Text, nullable=False),
    Column("stated_by", Text, nullable=False),
    Column("stated_at", DateTime(timezone=True), nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row an inspector and institution."""
    yield (fact.id, fact.event.institution_id)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case InterestStated() as event:
            return {
                "interest_id": key[0],
                "institution_id": key[1],
                "officer": event.officer,
                "kind": event.kind.value,
                "department": event.department,
                "region": event.region,
                "stated_by": event.by,
                "stated_at": event.at,
            }
        case InterestWithdrawn():
            return None
        case _:
            return row


INTERESTS_READ = ReadModel(
    name="interests", table=interests_table, nouns=("interest",), keys=keys, fold=fold, history=True
)


def interests_in(scope: Scope, *, at: int | None = None) -> Select[Any]:
    """The stated interests that an official may see, as they stood after position ``at``."""
    rows = INTERESTS_READ.at(at).c
    return select(*(rows[name] for name in INTERESTS_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=UNDIVIDED)
    )
