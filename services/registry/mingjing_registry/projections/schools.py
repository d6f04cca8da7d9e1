"""Schools 学校, the digests of their teachers, and their surveys.

One rule: a roster answers one question, whether a digest is on it; it is never shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, Integer, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain.school import RosterDescribed, RosterTaken, SchoolRecorded, SurveyRecorded
from mingjing_registry.projections.schema import METADATA

schools_table = Table(
    "schools",
    METADATA,
    Column("school_id", Uuid, primary_key=True),
    Column("name", Text, nullable=False, index=True),
    Column("region", Text, nullable=False, index=True),
    Column("stage", Text, nullable=False),
    Column("teachers", Integer),
    Column("roster_stated_on", Date),
    Column("version", Integer, nullable=False),
)
roster_table = Table(
    "school_teachers",
    METADATA,
    Column("school_id", Uuid, primary_key=True),
    Column("identity_digest", Text, primary_key=True, index=True),
)
described_table = Table(
    "school_descriptions",
    METADATA,
    Column("school_id", Uuid, primary_key=True),
    Column("description", Text, primary_key=True, index=True),
)
surveys_table = Table(
    "school_surveys",
    METADATA,
    Column("school_id", Uuid, primary_key=True),
    Column("survey_id", Uuid, primary_key=True),
    Column("held_on", Date, nullable=False),
    Column("pupils_asked", Integer, nullable=False),
    Column("pupils_training", Integer, nullable=False),
    Column("answers", JSONB, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a school."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The school as listed last."""
    match fact.event:
        case SchoolRecorded(name=name, division=division, stage=stage):
            before = row or {"teachers": None, "roster_stated_on": None}
            listed = {"school_id": key[0], "name": name, "region": division, "stage": stage}
            return before | listed | {"version": fact.version}
        case RosterTaken(teachers=teachers, stated_on=stated_on) if row is not None:
            return row | {"teachers": teachers, "roster_stated_on": stated_on, "version": fact.version}
        case _ if row is not None:
            return row | {"version": fact.version}
        case _:
            return row


def roster_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a teacher of a school."""
    if isinstance(fact.event, RosterTaken):
        for digest in (*fact.event.added, *fact.event.removed):
            yield (fact.id, digest)


def roster_fold(key: Key, row: Row | None, fact: Recorded[RosterTaken]) -> Row | None:
    """There or not."""
    return {"school_id": key[0], "identity_digest": key[1]} if key[1] in fact.event.added else None


def described_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a description of a teacher of a school."""
    if isinstance(fact.event, RosterDescribed):
        for description in (*fact.event.added, *fact.event.removed):
            yield (fact.id, description)


def described_fold(key: Key, row: Row | None, fact: Recorded[RosterDescribed]) -> Row | None:
    """There or not."""
    return {"school_id": key[0], "description": key[1]} if key[1] in fact.event.added else None


def survey_keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a survey."""
    if isinstance(fact.event, SurveyRecorded):
        yield (fact.id, fact.event.survey_id)


def survey_fold(key: Key, row: Row | None, fact: Recorded[SurveyRecorded]) -> Row | None:
    """As last corrected."""
    event = fact.event
    return {
        "school_id": key[0],
        "survey_id": key[1],
        "held_on": event.held_on,
        "pupils_asked": event.pupils_asked,
        "pupils_training": sum(one.pupils for one in event.answers),
        "answers": [
            {
                "name": one.name,
                "pupils": one.pupils,
                "institution_id": str(one.institution_id) if one.institution_id else None,
            }
            for one in event.answers
        ],
    }


SCHOOLS_READ = ReadModel(name="schools", table=schools_table, nouns=("school",), keys=keys, fold=fold, history=True)
SCHOOL_ROSTER_READ = ReadModel(
    name="school_teachers", table=roster_table, nouns=("school",), keys=roster_keys, fold=roster_fold, history=False
)
SCHOOL_DESCRIPTIONS_READ = ReadModel(
    name="school_descriptions", table=described_table, nouns=("school",), keys=described_keys, fold=described_fold
)
SURVEYS_READ = ReadModel(
    name="school_surveys", table=surveys_table, nouns=("school",), keys=survey_keys, fold=survey_fold, history=True
)


async def schools_named(connection: AsyncConnection, region: str, names: Collection[str]) -> dict[str, UUID]:
    """The schools of a county by name; of several of one name the one that was recorded first."""
    rows = schools_table.c
    wanted = rows.region.startswith(region, autoescape=True) & rows.name.in_(names)
    found = await connection.execute(select(rows.name, rows.school_id).where(wanted).order_by(rows.school_id.desc()))
    return {row.name: UUID(bytes=row.school_id.bytes) for row in found}


def schools_in(scope: Scope, *, search: str = "", at: int | None = None) -> Select[Any]:
    """The schools of the places where an official works."""
    rows = SCHOOLS_READ.at(at).c
    statement = select(*(rows[name] for name in SCHOOLS_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=UNDIVIDED, region=rows.region, category=UNDIVIDED)
    )
    return statement.where(rows.name.contains(search, autoescape=True)) if search else statement


def surveys_in(scope: Scope, *, school_id: UUID | None = None, at: int | None = None) -> Select[Any]:
    """What the schools found out about where their pupils train."""
    rows, of = SURVEYS_READ.at(at).alias("survey").c, SCHOOLS_READ.at(at).alias("school").c
    statement = (
        select(*(rows[name] for name in SURVEYS_READ.columns), of.name.label("school_name"), of.region)
        .where(rows.school_id == of.school_id)
        .where(scope.where(roles=OFFICIALS, department=UNDIVIDED, region=of.region, category=UNDIVIDED))
    )
    return statement if school_id is None else statement.where(rows.school_id == school_id)
