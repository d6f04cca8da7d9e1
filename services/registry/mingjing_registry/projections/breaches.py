"""Breaches 违规发现: what was found at institutions, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Column, Date, Integer, Select, Table, Text, Uuid, select

from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain.breach import BreachEnded, BreachFound
from mingjing_registry.projections.institutions import INSTITUTIONS_READ
from mingjing_registry.projections.schema import METADATA

breaches_table = Table(
    "breaches",
    METADATA,
    Column("breach_id", Uuid, primary_key=True),
    Column("institution_id", Uuid, nullable=False, index=True),
    Column("kind", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("seen_on", Date, nullable=False),
    Column("evidence_reference", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("found_by", Text, nullable=False),
    Column("ended_on", Date),
    Column("position", BigInteger, nullable=False, index=True),
    Column("version", Integer, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a finding."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    at = {"position": fact.position, "version": fact.version}
    match fact.event:
        case BreachFound(institution_id=institution_id, finding=finding):
            return {
                "breach_id": key[0],
                "institution_id": institution_id,
                "kind": finding.kind,
                "what": finding.what,
                "channel": finding.channel.value,
                "seen_on": finding.seen_on,
                "evidence_reference": finding.evidence_reference,
                "state": "open",
                "words": "",
                "found_by": fact.meta.actor,
                "ended_on": None,
                **at,
            }
        case BreachEnded(how=how, reason=reason, on=on) if row is not None:
            return row | {"state": how, "words": reason, "ended_on": on} | at
        case _:
            return row


BREACHES_READ = ReadModel(name="breaches", table=breaches_table, nouns=("breach",), keys=keys, fold=fold, history=True)


def breaches_in(
    scope: Scope,
    *,
    institution_id: UUID | None = None,
    breach_id: UUID | None = None,
    kind: str = "",
    state: str = "",
    at: int | None = None,
) -> Select[Any]:
    """The findings at institutions that an official may see."""
    rows, of = BREACHES_READ.at(at).alias("finding").c, INSTITUTIONS_READ.at(at).alias("found_at").c
    statement = (
        select(*(rows[name] for name in BREACHES_READ.columns if name != "position"), of.name.label("institution_name"))
        .where(rows.institution_id == of.institution_id)
        .where(scope.where(roles=OFFICIALS, department=of.department, region=of.region, category=of.category))
    )
    if institution_id is not None:
        statement = statement.where(rows.institution_id == institution_id)
    if breach_id is not None:
        statement = statement.where(rows.breach_id == breach_id)
    if kind:
        statement = statement.where(rows.kind == kind)
    return statement.where(rows.state == state) if state else statement
