"""Notices to schools 致学校通知 (X12): which provider left the county's list, and that the agreement with it is over.

One rule: nothing is written a second time for it. The fact by which a provider leaves names the schools; each finds
it here, and nobody else's.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, Integer, Select, Table, Text, Uuid, select

from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Role, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain.provider_facts import ProviderLeft
from mingjing_registry.projections.institutions import INSTITUTIONS_READ
from mingjing_registry.projections.schema import METADATA
from mingjing_registry.projections.schools import SCHOOLS_READ

school_notices_table = Table(
    "school_notices",
    METADATA,
    Column("school_id", Uuid, primary_key=True),
    Column("institution_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("ground", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("told_on", Date, nullable=False, index=True),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a school that had an agreement, each time."""
    if isinstance(fact.event, ProviderLeft):
        for school_id in fact.event.schools:
            yield (school_id, fact.id, fact.version)


def fold(key: Key, row: Row | None, fact: Recorded[ProviderLeft]) -> Row | None:
    """What the school is told."""
    event = fact.event
    return {
        "school_id": key[0],
        "institution_id": key[1],
        "version": key[2],
        "ground": event.ground.value,
        "reason": event.reason,
        "told_on": event.on,
    }


SCHOOL_NOTICES_READ = ReadModel(
    name="school_notices",
    table=school_notices_table,
    nouns=("provider",),
    keys=keys,
    fold=fold,
    history=True,
)


def school_notices_in(scope: Scope, *, school_id: UUID | None = None, at: int | None = None) -> Select[Any]:
    """The notices of the schools of the places where an official works; a school's own for whoever acts for it."""
    rows, of = SCHOOL_NOTICES_READ.at(at).alias("notice").c, SCHOOLS_READ.at(at).alias("school").c
    whose = INSTITUTIONS_READ.at(at).alias("provider").c
    statement = (
        select(
            rows.school_id,
            rows.institution_id,
            rows.version,
            rows.ground,
            rows.reason,
            rows.told_on,
            of.name.label("school_name"),
            of.region,
            whose.name.label("provider_name"),
        )
        .where(rows.school_id == of.school_id, rows.institution_id == whose.institution_id)
        .where(
            scope.where(
                roles=(*OFFICIALS, Role.SCHOOL),
                department=UNDIVIDED,
                region=of.region,
                category=UNDIVIDED,
                holder=rows.school_id,
            )
        )
    )
    return statement if school_id is None else statement.where(rows.school_id == school_id)
