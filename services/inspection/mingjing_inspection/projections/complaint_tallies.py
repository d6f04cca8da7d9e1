"""Tallies of complaints (投诉半月通报) between two positions: what became known, what was done, what is late.

One rule: a track counts in the period in which it became known, whenever it was received, and a step in the period in
which it was recorded: sums of bulletins lose nothing and count nothing twice. What is late and still open counts
against on-time, however old it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_inspection.domain.complaint_bulletin import LINES_MAX, Tally
from mingjing_inspection.domain.dispatching import TOWN_DIGITS
from mingjing_inspection.domain.track_terms import Outcome, Satisfaction, Stage
from mingjing_inspection.projections.complaint_tracks import TRACKS_READ
from mingjing_inspection.projections.enrolled_pupils import PUPILS_READ, pupils_in
from mingjing_inspection.projections.track_clocks import CLOCKS_READ
from mingjing_kernel.identity import OFFICIALS, Scope

BY: Final = ("all", "channel", "track", "department", "town", "category", "matter", "institution")
_OWN_PUPILS: Final = frozenset({"all", "town", "category", "institution"})
"""By which pupils are divided, too; the others are shared by all pupils."""
_COUNTED: Final = (
    "complaints", "received", "earlier", "closed", "closed_elsewhere", "repeated", "substantiated", "unsubstantiated",
    "agreed", "terminated", "called_back", "satisfied", "dissatisfied", "refund_fen", "kept", "missed",
    "overdue_open", "open", "listed", "about_known",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """After position ``since`` up to ``until``; the moments are those at which both were the last ones."""

    since: int
    until: int
    begins: datetime
    ends: datetime


async def complaint_tallies(
    connection: AsyncConnection, scope: Scope, stretch: Stretch, by: str, *, at: int | None = None
) -> list[Tally]:
    """The lines of one division that a caller may see, the most complaints first; ``at`` in place of its end."""
    until = stretch.until if at is None else at
    found: dict[str, dict[str, Any]] = {}
    for statement in (_of_tracks(scope, stretch, by, until), _of_clocks(scope, stretch, by, until)):
        for row in (await connection.execute(statement)).mappings():
            line = found.setdefault(row["key"], dict.fromkeys(_COUNTED, 0))
            line.update({name: int(row[name] or 0) for name in _COUNTED if name in row})
    own = by if by in _OWN_PUPILS else "all"
    rows = (await connection.execute(pupils_in(scope, by=own, at=until))).mappings()
    known = {row["key"]: (int(row["pupils"]), int(row["institutions"])) for row in rows}
    lines = []
    for key, line in found.items():
        pupils, institutions = known.get(key if own == by else "", (0, 0))
        lines.append(Tally(by=by, key=key, pupils=pupils, pupils_of=institutions, **line))
    return sorted(lines, key=lambda one: (-one.complaints, -one.received, one.key))[:LINES_MAX]


def _of_tracks(scope: Scope, stretch: Stretch, by: str, until: int) -> Select[Any]:
    after, before = TRACKS_READ.at(until).alias("after"), TRACKS_READ.at(stretch.since).alias("before")
    pupils = PUPILS_READ.at(until).alias("pupils")
    known = select(TRACKS_READ.at(stretch.since).alias("earlier").c.complaint_id).distinct().subquery("known")
    rows, was = after.c, before.c
    is_new = was.track_id.is_(None)
    is_new_message = is_new & known.c.complaint_id.is_(None)
    messages = {"complaints": is_new_message, "about_known": is_new_message & (pupils.c.pupils > 0)}
    key = _key(rows, by)
    return (
        select(
            key,
            *(
                func.count().filter(condition).label(name)
                for name, condition in _counts(rows, was, stretch.begins).items()
            ),
            *(func.count(rows.complaint_id.distinct()).filter(one).label(name) for name, one in messages.items()),
            func.sum(rows.refund_fen - func.coalesce(was.refund_fen, 0)).label("refund_fen"),
        )
        .select_from(after)
        .outerjoin(before, was.track_id == rows.track_id)
        .outerjoin(known, known.c.complaint_id == rows.complaint_id)
        .outerjoin(pupils, pupils.c.institution_id == rows.institution_id)
        .where(_seen(scope, rows))
        .group_by(key)
    )


def _counts(rows: Any, was: Any, begins: datetime) -> dict[str, ColumnElement[bool]]:
    """What a track counts as, as it is now and as it was before, if it was known."""
    is_new, is_closed = was.track_id.is_(None), rows.stage == Stage.CLOSED.value
    is_merged, is_elsewhere = rows.merged_into.is_not(None), rows.outcome == Outcome.ELSEWHERE.value
    closes = is_closed & or_(is_new, was.stage != Stage.CLOSED.value)
    asked = or_(is_new, was.satisfaction != rows.satisfaction)
    return {
        "received": is_new,
        "earlier": is_new & (rows.received_at <= begins),
        "closed": closes & ~is_elsewhere,
        "closed_elsewhere": closes & is_elsewhere,
        "repeated": is_new & or_(is_merged, rows.links != cast(literal([], JSONB), JSONB)),
        **{one.value.lower(): _comes_to(rows, was, one) for one in (
            Outcome.SUBSTANTIATED, Outcome.UNSUBSTANTIATED, Outcome.AGREED, Outcome.TERMINATED)},
        "called_back": asked & rows.satisfaction.not_in(("", Satisfaction.UNREACHED.value)),
        "satisfied": asked & rows.satisfaction.in_((Satisfaction.SATISFIED.value, Satisfaction.NEUTRAL.value)),
        "dissatisfied": asked & (rows.satisfaction == Satisfaction.DISSATISFIED.value),
        "open": ~is_closed & ~is_merged,
        "listed": rows.is_listed & ~is_closed,
    }  # fmt: skip


def _comes_to(rows: Any, was: Any, outcome: Outcome) -> ColumnElement[bool]:
    is_new = or_(was.track_id.is_(None), was.outcome != outcome.value)
    return and_(rows.outcome == outcome.value, is_new)


def _of_clocks(scope: Scope, stretch: Stretch, by: str, until: int) -> Select[Any]:
    """Clocks that ended between both positions, and those that had run out by the end and still ran."""
    tracks = TRACKS_READ.at(until).alias("of_track")
    after, before = CLOCKS_READ.at(until).alias("clock_after"), CLOCKS_READ.at(stretch.since).alias("clock_before")
    rows, was, key = after.c, before.c, _key(tracks.c, by)
    late = rows.is_running & (rows.due_at < stretch.ends) & tracks.c.merged_into.is_(None)
    return (
        select(
            key,
            *(_more(rows[name], was[name]).label(name) for name in ("kept", "missed")),
            func.sum(cast(late, Integer)).label("overdue_open"),
        )
        .select_from(tracks)
        .join(after, rows.track_id == tracks.c.track_id)
        .outerjoin(before, and_(was.track_id == rows.track_id, was.clock == rows.clock))
        .where(_seen(scope, tracks.c))
        .group_by(key)
    )


def _more(now: Any, before: Any) -> ColumnElement[Any]:
    """How much it grew; a mediation that goes on after an appraisal takes its count back, and adds it again."""
    grown = now - func.coalesce(before, 0)
    return func.sum(case((grown > 0, grown), else_=0))


def _key(rows: Any, by: str) -> Any:
    keyed = {
        "channel": rows.channel,
        "track": rows.track,
        "department": func.coalesce(func.nullif(rows.handler_department, ""), rows.department),
        "town": func.left(rows.region, TOWN_DIGITS),
        "category": rows.category,
        "matter": rows.matter,
        "institution": func.coalesce(cast(rows.institution_id, rows.channel.type), ""),
    }
    return keyed.get(by, literal("")).label("key")


def _seen(scope: Scope, rows: Any) -> ColumnElement[bool]:
    place = {"region": rows.region, "category": rows.category}
    holders = (rows.department, rows.handler_department, rows.escalated_to)
    return or_(*(scope.where(roles=OFFICIALS, department=holder, **place) for holder in holders))
