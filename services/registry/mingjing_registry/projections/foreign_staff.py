"""Foreign staff 外籍人员: where each is and until when she may work here (R9); and what records of findings add up to.

Not a list for people: the duty that notes the counts asks it. One rule: an institution of which no record says
anything is not among the answers, so that what it declared stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, Date, Select, Table, Text, Uuid, func, or_, select

from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row
from mingjing_registry.domain.staff_facts import StaffEnrolled, StaffLeft, WorkPermitRecorded
from mingjing_registry.projections.breaches import breaches_table
from mingjing_registry.projections.schema import METADATA

foreign_table = Table(
    "foreign_staff",
    METADATA,
    Column("member_id", Uuid, primary_key=True),
    Column("institution_id", Uuid, nullable=False, index=True),
    Column("is_employed", Boolean, nullable=False),
    Column("is_abroad", Boolean, nullable=False),
    Column("permit_number", Text, nullable=False),
    Column("valid_until", Date),
    Column("position", BigInteger, nullable=False, index=True),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a person of whom it is recorded."""
    if isinstance(fact.event, WorkPermitRecorded | StaffEnrolled | StaffLeft):
        yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """What was recorded last, and whether she works there."""
    match fact.event:
        case WorkPermitRecorded(institution_id=institution_id, permit=permit):
            return {
                "member_id": key[0],
                "institution_id": institution_id,
                "is_employed": True,
                "is_abroad": permit.is_abroad,
                "permit_number": permit.number,
                "valid_until": permit.valid_until,
                "position": fact.position,
            }
        case StaffEnrolled() | StaffLeft() as event if row is not None:
            return row | {"is_employed": isinstance(event, StaffEnrolled), "position": fact.position}
        case _:
            return row


FOREIGN_READ = ReadModel(name="foreign_staff", table=foreign_table, nouns=("staff-member",), keys=keys, fold=fold)


def foreigners_by_institution(day: date, since: int = 0) -> Select[Any]:
    """How many there are abroad, and how many without a permit that is good on a day; of whom something changed."""
    rows = foreign_table.c
    lawful = (rows.permit_number != "") & or_(rows.valid_until.is_(None), rows.valid_until >= day)
    abroad = rows.is_employed & rows.is_abroad
    return (
        select(
            rows.institution_id,
            func.count().filter(abroad).label("foreigners_abroad"),
            func.count().filter(rows.is_employed & ~rows.is_abroad & ~lawful).label("foreigners_unlawful"),
        )
        .group_by(rows.institution_id)
        .having(func.max(rows.position) > since)
    )


def breaches_by_institution(since: int = 0) -> Select[Any]:
    """How many findings of each kind are open; of whom something changed."""
    rows = breaches_table.c
    is_open = rows.state == "open"
    return (
        select(
            rows.institution_id,
            func.count().filter(is_open & (rows.kind == "advert")).label("adverts_in_breach"),
            func.count().filter(is_open & (rows.kind == "overseas-curriculum")).label("overseas"),
            func.count().filter(is_open & (rows.kind == "ahead-of-syllabus")).label("ahead_of_syllabus"),
        )
        .group_by(rows.institution_id)
        .having(func.max(rows.position) > since)
    )
