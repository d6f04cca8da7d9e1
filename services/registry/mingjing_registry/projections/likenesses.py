"""Likenesses 疑似同一主体: which institutions are like a former one, why, and what was judged of it."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, Column, Date, Integer, Select, Table, Text, Uuid, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, scope_index
from mingjing_registry.domain.likeness import JudgementWithdrawn, LikenessJudged, LikenessLapsed, LikenessProposed
from mingjing_registry.projections.schema import METADATA, scope_columns

likenesses_table = Table(
    "likenesses",
    METADATA,
    Column("likeness_id", Uuid, primary_key=True),
    Column("institution_id", Uuid, nullable=False, index=True),
    Column("former_id", Uuid, nullable=False, index=True),
    *scope_columns(),
    Column("institution_name", Text, nullable=False),
    Column("former_name", Text, nullable=False),
    Column("grounds", JSONB, nullable=False),
    Column("state", Text, nullable=False, index=True),
    Column("score", Integer, nullable=False),
    Column("lines", JSONB, nullable=False),
    Column("rule_version", Text, nullable=False),
    Column("proposed_on", Date, nullable=False),
    Column("is_same", Boolean),
    Column("judged_by", Text, nullable=False),
    Column("judged_on", Date),
    Column("reason", Text, nullable=False),
    Column("version", Integer, nullable=False),
)
scope_index(likenesses_table)
_UNJUDGED: Row = {"is_same": None, "judged_by": "", "judged_on": None}


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a pair."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """Open, judged, open again, or lapsed."""
    match fact.event:
        case LikenessProposed() as event:
            return _proposed(event) | _UNJUDGED | {"likeness_id": key[0], "reason": "", "version": fact.version}
        case LikenessJudged(is_same=is_same, reason=reason, on=on) if row is not None:
            judged = {"is_same": is_same, "judged_by": fact.meta.actor, "judged_on": on, "reason": reason}
            return row | judged | {"state": "same" if is_same else "not-same", "version": fact.version}
        case JudgementWithdrawn(reason=reason) if row is not None:
            return row | _UNJUDGED | {"state": "open", "reason": reason, "version": fact.version}
        case LikenessLapsed() if row is not None:
            return row | {"state": "lapsed", "version": fact.version}
        case _:
            return row


def _proposed(event: LikenessProposed) -> Row:
    pair, found = event.pair, event.resemblance
    return {
        "institution_id": pair.institution_id,
        "former_id": pair.former_id,
        "department": pair.department,
        "region": pair.region,
        "category": pair.category,
        "institution_name": pair.institution_name,
        "former_name": pair.former_name,
        "grounds": list(pair.grounds),
        "state": "open",
        "score": found.score,
        "lines": [dataclasses.asdict(line) for line in found.lines],
        "rule_version": found.rule_version,
        "proposed_on": event.on,
    }


LIKENESSES_READ = ReadModel(
    name="likenesses", table=likenesses_table, nouns=("likeness",), keys=keys, fold=fold, history=True
)


def likenesses_in(
    scope: Scope, *, state: str = "open", about: UUID | None = None, at: int | None = None
) -> Select[Any]:
    """The likenesses that an official may see, in a state (empty for all), of an institution on either side."""
    rows = LIKENESSES_READ.at(at).c
    statement = select(*(rows[name] for name in LIKENESSES_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category)
    )
    if about is not None:
        statement = statement.where(or_(rows.institution_id == about, rows.former_id == about))
    return statement.where(rows.state == state) if state else statement


def open_about(institutions: Collection[UUID]) -> Select[Any]:
    """The open ones of which a side is among these: for the matching itself, when their facts have changed."""
    rows = likenesses_table.c
    either = or_(rows.institution_id.in_(institutions), rows.former_id.in_(institutions))
    return select(rows.likeness_id, rows.institution_id, rows.former_id).where(rows.state == "open", either)
