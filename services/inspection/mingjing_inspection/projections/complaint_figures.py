"""Figures of complaints (投诉举报统计): how many, what came of them, and how many clocks were kept.

One rule: on time is told of everything that was to be done: what is late and still open lowers it like what was done
late. What the channel closed itself, and what is handled with another track, stands apart.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Literal, TypeAlias

from sqlalchemy import ColumnElement, Integer, Select, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_inspection.domain.complaint import Channel
from mingjing_inspection.domain.dispatching import TOWN_DIGITS
from mingjing_inspection.domain.track_terms import Outcome, Satisfaction, Stage
from mingjing_inspection.projections.complaint_tracks import TRACKS_READ
from mingjing_inspection.projections.complaint_voices import COMPLAINT_VOICES_READ
from mingjing_inspection.projections.enrolled_pupils import PUPILS_READ
from mingjing_inspection.projections.finding_rounds import Period
from mingjing_inspection.projections.track_clocks import CLOCKS_READ
from mingjing_kernel.identity import OFFICIALS, Scope

By: TypeAlias = Literal["all", "channel", "track", "department", "town", "institution", "matter", "school"]
"""``school``: of the complaints that schools passed on, the school as the official wrote it down."""
LINES_MAX: Final = 500
COUNTED: Final = (
    "received", "open", "closed", "closed_elsewhere", "merged", "repeated", "substantiated", "unsubstantiated",
    "agreed", "terminated", "not_accepted", "withdrawn", "called_back", "satisfied", "dissatisfied", "listed",
    "refund_fen", "complaints", "about_known",
)  # fmt: skip
CLOCKED: Final = ("kept", "missed", "overdue_open")


async def complaint_figures(
    connection: AsyncConnection, scope: Scope, period: Period, *, by: By = "all", at: int | None = None
) -> list[dict[str, Any]]:
    """Of the tracks received in the period that a caller may see; a row a key, the greatest first; as it stood after
    position ``at``.
    """
    found: dict[str, dict[str, Any]] = {}
    empty = dict.fromkeys((*COUNTED, *CLOCKED), 0)
    for statement in (_of_tracks(scope, period, by, at), _of_clocks(scope, period, by, at)):
        for row in (await connection.execute(statement)).mappings():
            line = found.setdefault(row["key"], {"key": row["key"], **empty})
            line.update({name: int(row[name] or 0) for name in empty if name in row})
    return sorted(found.values(), key=lambda line: (-line["received"], line["key"]))


def _of_tracks(scope: Scope, period: Period, by: By, at: int | None) -> Select[Any]:
    tracks = TRACKS_READ.at(at).alias("counted")
    rows = tracks.c
    is_elsewhere, is_merged = rows.outcome == Outcome.ELSEWHERE.value, rows.merged_into.is_not(None)
    is_closed = rows.stage == Stage.CLOSED.value
    counts = {
        "received": rows.received_at.is_not(None),
        "open": ~is_closed & ~is_merged,
        "closed": is_closed & ~is_elsewhere,
        "closed_elsewhere": is_elsewhere,
        "merged": is_merged,
        "repeated": is_merged | (rows.links != cast(literal([], JSONB), JSONB)),
        "substantiated": rows.outcome == Outcome.SUBSTANTIATED.value,
        "unsubstantiated": rows.outcome == Outcome.UNSUBSTANTIATED.value,
        "agreed": rows.outcome == Outcome.AGREED.value,
        "terminated": rows.outcome == Outcome.TERMINATED.value,
        "not_accepted": rows.outcome == Outcome.NOT_ACCEPTED.value,
        "withdrawn": rows.outcome == Outcome.WITHDRAWN.value,
        "called_back": rows.satisfaction.not_in(("", Satisfaction.UNREACHED.value)),
        "satisfied": rows.satisfaction.in_((Satisfaction.SATISFIED.value, Satisfaction.NEUTRAL.value)),
        "dissatisfied": rows.satisfaction == Satisfaction.DISSATISFIED.value,
        "listed": rows.is_listed,
    }
    origins = COMPLAINT_VOICES_READ.at(at).alias("of_origin")
    key, messages = _key(rows, by, origins.c), func.count(rows.complaint_id.distinct())
    amounts = [func.count().filter(condition).label(name) for name, condition in counts.items()]
    pupils = PUPILS_READ.at(at).alias("pupils")
    statement = select(
        key,
        *amounts,
        func.sum(rows.refund_fen).label("refund_fen"),
        messages.label("complaints"),
        messages.filter(pupils.c.pupils > 0).label("about_known"),
    ).select_from(_with_origin(tracks, origins, by).outerjoin(pupils, pupils.c.institution_id == rows.institution_id))
    return statement.where(*_within(rows, scope, period, by)).group_by(key).order_by(key).limit(LINES_MAX)


def _of_clocks(scope: Scope, period: Period, by: By, at: int | None) -> Select[Any]:
    tracks, clocks = TRACKS_READ.at(at).alias("of_track"), CLOCKS_READ.at(at).alias("of_clock")
    origins = COMPLAINT_VOICES_READ.at(at).alias("of_origin")
    rows, key = tracks.c, _key(tracks.c, by, origins.c)
    late = clocks.c.is_running & (clocks.c.due_at < min(period.until, period.now))
    return (
        select(
            key,
            func.sum(clocks.c.kept).label("kept"),
            func.sum(clocks.c.missed).label("missed"),
            func.sum(cast(late, Integer)).label("overdue_open"),
        )
        .select_from(_with_origin(tracks, origins, by).join(clocks, rows.track_id == clocks.c.track_id))
        .where(*_within(rows, scope, period, by))
        .group_by(key)
        .order_by(key)
        .limit(LINES_MAX)
    )


def _with_origin(tracks: Any, origins: Any, by: By) -> Any:
    """With where each came from, where that is asked for."""
    return tracks.outerjoin(origins, origins.c.complaint_id == tracks.c.complaint_id) if by == "school" else tracks


def _key(rows: Any, by: By, origins: Any) -> Any:
    keyed: Mapping[str, ColumnElement[Any]] = {
        "all": literal(""),
        "channel": rows.channel,
        "track": rows.track,
        "department": func.coalesce(func.nullif(rows.handler_department, ""), rows.department),
        "town": func.left(rows.region, TOWN_DIGITS),
        "institution": func.coalesce(cast(rows.institution_id, rows.channel.type), ""),
        "matter": rows.matter,
        "school": func.coalesce(origins.origin_place, ""),
    }
    return keyed[by].label("key")


def _within(rows: Any, scope: Scope, period: Period, by: By) -> tuple[ColumnElement[bool], ...]:
    place = {"region": rows.region, "category": rows.category}
    holders = (rows.department, rows.handler_department, rows.escalated_to)
    return (
        or_(*(scope.where(roles=OFFICIALS, department=holder, **place) for holder in holders)),
        period.has(rows.received_at),
        rows.region.startswith(period.region, autoescape=True),
        *((rows.channel == Channel.SCHOOL.value,) if by == "school" else ()),
    )
