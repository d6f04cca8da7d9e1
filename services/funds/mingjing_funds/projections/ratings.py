"""Ratings (评价): for officials and for the institution that they are about; for everybody only what they sum to.

One rule: no single rating of an institution is shown to anybody while there are fewer than the policy's number; and
of each the day and not the moment, which would tell whose lessons were confirmed just then.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import Column, Date, Integer, Select, Table, Text, Uuid, case, func, or_, select

from mingjing_funds.domain.rating import GOOD_STARS, Rated, RatingAnswered
from mingjing_funds.projections.schema import METADATA, READERS, scope_columns
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.identity import Role, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

ratings_table = Table(
    "ratings",
    METADATA,
    Column("rating_id", Uuid, primary_key=True),
    Column("institution_id", Uuid, nullable=False, index=True),
    *scope_columns(),
    Column("term", Text, nullable=False),
    Column("institution_stars", Integer, nullable=False),
    Column("lesson_stars", Integer, nullable=False),
    Column("text", Text, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("answer", Text, nullable=False),
    Column("rated_on", Date, nullable=False),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a rating."""
    yield (fact.id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    match fact.event:
        case Rated() as event:
            return {
                "rating_id": key[0],
                "institution_id": event.of.institution_id,
                "department": event.of.department,
                "region": event.of.region,
                "category": event.of.category,
                "term": event.of.term,
                "institution_stars": event.institution_stars,
                "lesson_stars": event.lesson_stars,
                "text": event.text,
                "edition": event.edition,
                "answer": "",
                "rated_on": shanghai_date(event.rated_at),
            }
        case RatingAnswered() as event if row is not None:
            return row | {"answer": event.text}
        case _:
            return row


RATINGS_READ = ReadModel(name="ratings", table=ratings_table, nouns=("rating",), keys=keys, fold=fold, history=True)


def ratings_in(scope: Scope, *, least: int, institution_id: UUID | None = None, at: int | None = None) -> Select[Any]:
    """What an official or the institution itself may see, of institutions with at least ``least`` ratings."""
    rows = RATINGS_READ.at(at).c
    place: dict[str, Any] = {"department": rows.department, "region": rows.region, "category": rows.category}
    seen = or_(
        scope.where(roles=READERS, **place),
        scope.where(roles=Role.INSTITUTION, **place, holder=rows.institution_id),
    )
    enough = select(rows.institution_id).group_by(rows.institution_id).having(func.count() >= least)
    statement = select(*(rows[name] for name in RATINGS_READ.columns)).where(seen, rows.institution_id.in_(enough))
    return statement.where(rows.institution_id == institution_id) if institution_id else statement


def summed_of(institution_id: UUID) -> Select[Any]:
    """How many rated an institution, how many are content, and how many stars they gave."""
    rows = ratings_table.c
    return select(
        func.count().label("count"),
        func.coalesce(func.sum(case((rows.institution_stars >= GOOD_STARS, 1), else_=0)), 0).label("content"),
        func.coalesce(func.sum(rows.institution_stars), 0).label("institution_stars"),
        func.coalesce(func.sum(rows.lesson_stars), 0).label("lesson_stars"),
    ).where(rows.institution_id == institution_id)
