"""Whom the lists name: staff against the staff blacklist (B3) and the schools' rosters, by keyed digest.

One rule: these answer the service itself; what they find becomes a fact on the person's own record, and only that is
shown.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Text, any_, exists, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_kernel.sealed.marks import IN_PART, ON_ROSTER, PERSON, subject_marks
from mingjing_registry.domain.staff_facts import Bar
from mingjing_registry.projections.alike import is_in_part, of_other_sex
from mingjing_registry.projections.mirror import barred_table
from mingjing_registry.projections.schools import described_table, roster_table
from mingjing_registry.projections.staff import staff_table

FOUND_MAX = 2_000
"""Of one look; whoever is left is found at the next."""


async def barred_among(connection: AsyncConnection, digests: Collection[str], on: date) -> dict[str, Bar]:
    """Who of these is on the staff blacklist on a day; the bar that lasts longest counts."""
    rows = barred_table.c
    statement = (
        select(rows.identity_digest, *_bar(rows))
        .where(rows.identity_digest.in_(digests), _in_force(on))
        .order_by(rows.until.nulls_last(), rows.entry_id)
    )
    return {row["identity_digest"]: _bar_of(row) for row in (await connection.execute(statement)).mappings()}


async def teaching_among(connection: AsyncConnection, digests: Collection[str]) -> dict[str, UUID]:
    """Who of these is on a school's roster, and whose."""
    rows = roster_table.c
    statement = select(rows.identity_digest, rows.school_id).where(rows.identity_digest.in_(digests))
    found = await connection.execute(statement.order_by(rows.school_id))
    return {row.identity_digest: row.school_id for row in found}


async def employed_among(
    connection: AsyncConnection, institution_id: UUID, digests: Collection[str]
) -> dict[str, UUID]:
    """Who of these works at an institution already, and under which id."""
    rows = staff_table.c
    statement = select(rows.identity_digest, rows.member_id).where(
        rows.institution_id == institution_id, rows.is_employed, rows.identity_digest.in_(digests)
    )
    return {row.identity_digest: row.member_id for row in await connection.execute(statement)}


async def newly_barred(connection: AsyncConnection, on: date) -> dict[UUID, tuple[UUID, Bar]]:
    """Staff whom the blacklist names by the whole number and of whom that is not noted, with the institution;
    ``FOUND_MAX`` at most.
    """
    staff, rows = staff_table.c, barred_table.c
    statement = (
        select(staff.member_id, staff.institution_id, *_bar(rows))
        .where(staff.identity_digest == rows.identity_digest, ~is_in_part(rows.identity_digest), _in_force(on))
        .where(staff.is_employed, staff.bar_entry_id.is_(None))
        .order_by(staff.member_id, rows.until.nulls_last())
        .limit(FOUND_MAX)
    )
    found = (await connection.execute(statement)).mappings()
    return {row["member_id"]: (row["institution_id"], _bar_of(row)) for row in found}


async def no_longer_barred(connection: AsyncConnection, on: date) -> dict[UUID, UUID]:
    """Staff whose noted entry is in force no more, with the entry, whether it names them or only may."""
    staff, rows = staff_table.c, barred_table.c
    found: dict[UUID, UUID] = {}
    for noted in (staff.likely_bar_entry_id, staff.bar_entry_id):
        stands = exists().where(rows.entry_id == noted, _in_force(on))
        statement = select(staff.member_id, noted.label("entry_id")).where(noted.is_not(None), ~stands)
        lapsed = await connection.execute(statement.order_by(staff.member_id).limit(FOUND_MAX))
        found |= {row.member_id: row.entry_id for row in lapsed}
    return found


async def newly_suspected(connection: AsyncConnection) -> dict[UUID, UUID]:
    """Staff whom a school's roster names and about whom nobody decided, with the school."""
    staff, rows = staff_table.c, roster_table.c
    statement = (
        select(staff.member_id, rows.school_id)
        .where(staff.identity_digest == rows.identity_digest, staff.is_employed)
        .where(staff.suspected_school_id.is_(None), ~staff.cleared_schools.has_key(rows.school_id.cast(Text)))
        .order_by(staff.member_id)
        .limit(FOUND_MAX)
    )
    return {row.member_id: row.school_id for row in await connection.execute(statement)}


async def newly_likely(connection: AsyncConnection) -> dict[UUID, UUID]:
    """Staff of whose name and year of birth somebody on a school's roster is, and about whom nobody decided; whoever
    was erased is like nobody.
    """
    staff, rows, marks = staff_table.c, described_table.c, subject_marks.c
    statement = (
        select(staff.member_id, rows.school_id)
        .where(staff.subject == marks.subject, marks.field.in_((PERSON, ON_ROSTER)), marks.blind == rows.description)
        .where(staff.is_employed, staff.suspected_school_id.is_(None), staff.likely_school_id.is_(None))
        .where(~staff.cleared_schools.has_key(rows.school_id.cast(Text)))
        .order_by(staff.member_id, rows.school_id)
        .limit(FOUND_MAX)
    )
    return {row.member_id: row.school_id for row in await connection.execute(statement)}


async def newly_alike_barred(connection: AsyncConnection, on: date) -> dict[UUID, Bar]:
    """Staff whom an entry of the blacklist may name, as far as a masked number says: the same name and open part, and
    not said to be of the other sex. Where both numbers are whole they have been compared as such.
    """
    staff, rows = staff_table.c, barred_table.c
    here, there = (subject_marks.alias(name).c for name in ("here", "there"))
    statement = (
        select(staff.member_id, *_bar(rows))
        .where(there.field == IN_PART, rows.subject == there.subject, _in_force(on))
        .where(here.field == IN_PART, here.blind == there.blind, staff.subject == here.subject)
        .where(is_in_part(staff.identity_digest) | is_in_part(rows.identity_digest))
        .where(~of_other_sex(here.subject, there.subject))
        .where(staff.is_employed, staff.bar_entry_id.is_(None), staff.likely_bar_entry_id.is_(None))
        .where(~staff.unlike_bars.has_key(rows.entry_id.cast(Text)))
        .order_by(staff.member_id, rows.until.nulls_last())
        .limit(FOUND_MAX)
    )
    return {row["member_id"]: _bar_of(row) for row in (await connection.execute(statement)).mappings()}


async def alike_barred(connection: AsyncConnection, in_part: str, on: date) -> Bar | None:
    """The entry that may name somebody of this name and open part of a number, one of them masked; the longest."""
    rows, marks = barred_table.c, subject_marks.c
    statement = (
        select(*_bar(rows))
        .where(marks.field == IN_PART, marks.blind == in_part, rows.subject == marks.subject, _in_force(on))
        .where(is_in_part(rows.identity_digest))
        .order_by(rows.until.desc().nulls_first(), rows.entry_id)
        .limit(1)
    )
    row = (await connection.execute(statement)).mappings().first()
    return _bar_of(row) if row else None


async def recorded_among(
    connection: AsyncConnection, blinds: Collection[str], digests: Collection[str]
) -> dict[tuple[UUID, str], tuple[UUID, str]]:
    """Who of these has a record, by institution and what she is known by, the open part of her number (``blinds``) or
    her digest: the record's id, and the digest that it goes by. Of several records the employed one counts.
    """
    staff, marks = staff_table.c, subject_marks.c
    shown = (staff.institution_id, staff.member_id, staff.identity_digest)
    alike = select(*shown, marks.blind.label("known_by"), staff.is_employed).where(
        marks.field == IN_PART, marks.blind == _any_of(blinds), staff.subject == marks.subject
    )
    same = select(*shown, staff.identity_digest.label("known_by"), staff.is_employed).where(
        staff.identity_digest == _any_of(digests)
    )
    found = [*await connection.execute(alike), *await connection.execute(same)]
    # The driver's UUID is a subclass that no event may carry.
    return {
        (UUID(bytes=row.institution_id.bytes), row.known_by): (UUID(bytes=row.member_id.bytes), row.identity_digest)
        for row in sorted(found, key=lambda row: row.is_employed)
    }


def _any_of(texts: Collection[str]) -> Any:
    """One parameter, however many there are."""
    return any_(literal(list(texts), ARRAY(Text)))


def _in_force(on: date) -> Any:
    rows = barred_table.c
    return rows.is_live & (rows.barred_on <= on) & or_(rows.until.is_(None), rows.until > on)


def _bar(rows: Any) -> tuple[Any, ...]:
    return rows.entry_id, rows.reason, rows.decision_reference, rows.until


def _bar_of(row: Any) -> Bar:
    return Bar(**{name: row[name] for name in ("entry_id", "reason", "decision_reference", "until")})
