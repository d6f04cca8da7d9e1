"""Grid posts (网格岗位): who holds, held and will hold which post of which grid, each tenure a row."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from sqlalchemy import Column, Date, Select, Table, Text, or_, select

from mingjing_inspection.domain.grid_post import Post, PostFilled, PostVacated
from mingjing_inspection.projections.schema import METADATA
from mingjing_kernel.identity import OFFICIALS, UNDIVIDED, Scope
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

grid_posts_table = Table(
    "grid_posts",
    METADATA,
    Column("region", Text, primary_key=True),
    Column("post", Text, primary_key=True),
    Column("from_on", Date, primary_key=True),
    Column("person", Text, nullable=False, index=True),
    Column("last_on", Date),
)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a tenure."""
    if isinstance(fact.event, PostFilled | PostVacated):
        yield (fact.event.code, fact.event.post.value, fact.event.from_on)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The tenure after the fact."""
    match fact.event:
        case PostFilled() as event:
            region, post, from_on = key
            return {"region": region, "post": post, "from_on": from_on, "person": event.person, "last_on": None}
        case PostVacated() as event if row is not None:
            return row | {"last_on": event.last_on}
        case _:
            return row


GRID_POSTS_READ = ReadModel(
    name="grid_posts", table=grid_posts_table, nouns=("grid-post",), keys=keys, fold=fold, history=True
)


def grid_posts_in(
    scope: Scope, *, code: str = "", on: date | None = None, person: str = "", at: int | None = None
) -> Select[Any]:
    """The tenures that a caller may see: of regions that begin with ``code``, on a day, of a person."""
    rows = GRID_POSTS_READ.at(at).c
    statement = select(*(rows[name] for name in GRID_POSTS_READ.columns)).where(
        scope.where(roles=OFFICIALS, department=UNDIVIDED, region=rows.region, category=UNDIVIDED)
    )
    if code:
        statement = statement.where(rows.region.startswith(code, autoescape=True))
    if person:
        statement = statement.where(rows.person == person)
    return statement if on is None else statement.where(*_on(rows, on))


def posts_of(codes: Collection[str], day: date) -> Select[Any]:
    """Who holds which post of a grid and of its community on a day: which officials they are is no secret."""
    rows = grid_posts_table.c
    return (
        select(rows.region, rows.post, rows.person)
        .where(rows.region.in_(codes), *_on(rows, day))
        .order_by(rows.region.desc(), rows.post)
    )


def officers_on(day: date, codes: Collection[str]) -> Select[Any]:
    """Who is the officer of each of these grids on a day."""
    rows = grid_posts_table.c
    return select(rows.region, rows.person).where(
        rows.post == Post.OFFICER.value, rows.region.in_(codes), *_on(rows, day)
    )


def in_office(day: date, rows: Any = grid_posts_table.c) -> tuple[Any, ...]:
    """Which tenures count on a day: conditions on ``grid_posts_table``, or on an alias of it."""
    return _on(rows, day)


def _on(rows: Any, day: date) -> tuple[Any, ...]:
    return (rows.from_on <= day, or_(rows.last_on.is_(None), rows.last_on >= day))
