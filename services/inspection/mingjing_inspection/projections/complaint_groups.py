"""Groups of complaints (群体投诉): which institution, how many people, who speaks for them and who mediates.

One rule: a group is seen where its institution is; its members are ids, each seen by its own scope.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Boolean, Column, DateTime, Integer, Select, Table, Text, Uuid, cast, func, or_, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.domain import complaint_group as g
from mingjing_inspection.domain.complaint import Track
from mingjing_inspection.domain.track_terms import Stage
from mingjing_inspection.projections.complaint_tracks import tracks_table
from mingjing_inspection.projections.schema import METADATA, scope_columns
from mingjing_kernel.identity import OFFICIALS, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row, scope_index

DISPUTES_MAX: Final = 5_000
"""Disputes about one institution within the days that count; of more, the latest."""
GROUPS_MAX: Final = 50
"""Groups of one institution, the past ones with them; of more, the latest."""
groups_table = Table(
    "complaint_groups",
    METADATA,
    Column("group_id", Uuid, primary_key=True),
    Column("institution_id", Uuid, nullable=False, index=True),
    *scope_columns(),
    Column("members", JSONB, nullable=False),
    Column("left", JSONB, nullable=False),
    Column("disputes", Integer, nullable=False),
    Column("people", Integer, nullable=False),
    Column("representatives", JSONB, nullable=False),
    Column("mediator", Text, nullable=False),
    Column("reaction", Text, nullable=False),
    Column("is_over", Boolean, nullable=False),
    Column("formed_at", DateTime(timezone=True), nullable=False, index=True),
    Column("said", Text, nullable=False),
    Column("version", Integer, nullable=False),
)
scope_index(groups_table)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a group."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    event = fact.event
    if isinstance(event, g.GroupFormed):
        return {
            "group_id": key[0],
            "institution_id": event.institution_id,
            "department": event.department,
            "region": event.region,
            "category": event.category,
            "members": [str(one) for one in event.members],
            "left": [],
            "disputes": len(event.members),
            "people": event.people,
            "representatives": [],
            "mediator": "",
            "reaction": event.reaction,
            "is_over": False,
            "formed_at": event.at,
            "said": event.reason,
            "version": fact.version,
        }
    return None if row is None else row | _after(row, event) | {"said": event.reason, "version": fact.version}


def _after(row: Row, event: g.Event) -> Row:
    match event:
        case g.GroupJoined():
            members = [*row["members"], str(event.track_id)]
            left = [one for one in row["left"] if one != str(event.track_id)]
            return {"members": members, "left": left, "disputes": len(members), "people": event.people}
        case g.GroupLeft():
            members = [one for one in row["members"] if one != str(event.track_id)]
            left = [*row["left"], str(event.track_id)]
            speak = [one for one in row["representatives"] if one != str(event.track_id)]
            people = row["people"] if event.people is None else event.people
            after = {"members": members, "left": left, "disputes": len(members), "people": people}
            return after | {"representatives": speak}
        case g.RepresentativesNamed():
            return {"representatives": [str(one) for one in event.representatives]}
        case g.MediatorAppointed():
            return {"mediator": event.mediator}
        case g.GroupDissolved():
            return {"is_over": True}
        case _:
            return {}


GROUPS_READ = ReadModel(
    name="complaint_groups", table=groups_table, nouns=("complaint-group",), keys=keys, fold=fold, history=True
)


def groups_in(
    scope: Scope, *, institution_id: UUID | None = None, is_open: bool | None = None, at: int | None = None
) -> Select[Any]:
    """The groups that a caller may see, as they stood after position ``at``."""
    rows = GROUPS_READ.at(at).c
    statement = select(*(rows[name] for name in GROUPS_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category)
    )
    if institution_id is not None:
        statement = statement.where(rows.institution_id == institution_id)
    return statement if is_open is None else statement.where(rows.is_over.is_(not is_open))


def _counting(since: datetime) -> tuple[Any, ...]:
    rows = tracks_table.c
    return (
        rows.track == Track.DISPUTE.value,
        rows.institution_id.is_not(None),
        rows.stage != Stage.CLOSED.value,
        rows.received_at >= since,
    )


def disputed(since: datetime, disputes_min: int) -> Select[Any]:
    """The institutions that X8 looks at: so many open disputes since then, or a group that one more may join.

    ``which`` and ``versions`` change with the disputes that are counted and with the groups, so that nothing is read
    twice; for the duty alone.
    """
    rows, groups = tracks_table.c, groups_table.c
    which = func.sum(func.hashtextextended(cast(rows.track_id, Text), 0)).label("which")
    standing = (
        select(groups.institution_id, func.sum(groups.version).label("versions"))
        .where(groups.is_over.is_(False))
        .group_by(groups.institution_id)
        .subquery()
    )
    versions = standing.c.versions
    return (
        select(rows.institution_id, which, versions)
        .join_from(tracks_table, standing, rows.institution_id == standing.c.institution_id, isouter=True)
        .where(*_counting(since))
        .group_by(rows.institution_id, versions)
        .having(or_(func.count() >= disputes_min, versions.is_not(None)))
        .order_by(func.max(rows.received_at).desc(), rows.institution_id)
    )


def disputes_about(institutions: Collection[UUID], since: datetime) -> Select[Any]:
    """Open disputes about these institutions received since then, latest first; for the duty alone."""
    rows = tracks_table.c
    columns = (
        rows.track_id, rows.complaint_id, rows.institution_id, rows.department, rows.region, rows.category,
        rows.received_at,
    )  # fmt: skip
    order = (rows.received_at.desc(), rows.track_id)
    place = func.row_number().over(partition_by=rows.institution_id, order_by=order).label("place")
    ranked = select(*columns, place).where(*_counting(since), rows.institution_id.in_(institutions)).subquery().c
    return (
        select(*(ranked[column.name] for column in columns))
        .where(ranked.place <= DISPUTES_MAX)
        .order_by(ranked.institution_id, ranked.place)
    )


def complaints_of(tracks: Iterable[UUID]) -> Select[Any]:
    """The complaints that these tracks are of: to tell their people apart, never to show them."""
    rows = tracks_table.c
    return select(rows.track_id, rows.complaint_id).where(rows.track_id.in_(tracks))


def groups_of(institutions: Collection[UUID]) -> Select[Any]:
    """The groups of these institutions, dissolved ones with them, latest first; for the duty alone."""
    rows = groups_table.c
    columns = (rows.group_id, rows.institution_id, rows.members, rows.left, rows.is_over, rows.version)
    order = (rows.formed_at.desc(), rows.group_id)
    place = func.row_number().over(partition_by=rows.institution_id, order_by=order).label("place")
    ranked = select(*columns, place).where(rows.institution_id.in_(institutions)).subquery().c
    return (
        select(*(ranked[column.name] for column in columns))
        .where(ranked.place <= GROUPS_MAX)
        .order_by(ranked.institution_id, ranked.place)
    )
