"""Clocks of tracks (办理时限): each as it runs, and how often it was kept or not: what on-time figures count.

One rule: a clock that ended in time was kept, one that ended late was not, and one that is late and still runs counts
against whoever has it. A pause ends nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, Select, Table, Text, Uuid, select

from mingjing_inspection.domain import track_facts as f
from mingjing_inspection.domain import track_handling_facts as h
from mingjing_inspection.domain.complaint_track import STOPS
from mingjing_inspection.domain.track_terms import Timer, TrackClock
from mingjing_inspection.projections.complaint_tracks import RULES, tracks_table
from mingjing_inspection.projections.schema import METADATA
from mingjing_kernel.clock import end_of
from mingjing_kernel.deadlines import DeadlineMoved
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

HOUR_CLOCKS_MAX: Final = 500
_VOID = (f.TrackClosedElsewhere, f.TrackReturned, f.JurisdictionDisputed, f.TrackMerged, h.DisputeWithdrawn)
"""What ends a clock without the step that it waits for: late it was missed, in time nobody is to be praised."""
clocks_table = Table(
    "track_clocks",
    METADATA,
    Column("track_id", Uuid, primary_key=True),
    Column("clock", Text, primary_key=True),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("remind_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("is_in_hours", Boolean, nullable=False),
    Column("is_running", Boolean, nullable=False),
    Column("is_reminded", Boolean, nullable=False),
    Column("is_supervised", Boolean, nullable=False),
    Column("counted", Text, nullable=False),
    Column("kept", Integer, nullable=False),
    Column("missed", Integer, nullable=False),
    Column("policy", Text, nullable=False),
    Column("law", Text, nullable=False),
)
Index("track_clocks_running", clocks_table.c.due_at, postgresql_where=clocks_table.c.is_running)


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a track and clock."""
    event = fact.event
    if isinstance(event, DeadlineMoved):
        if event.rule in RULES:
            yield (event.id, RULES[event.rule].value)
        return
    if isinstance(event, f.TrackReminded | f.TrackSupervised):
        yield (fact.id, event.clock.value)
        return
    timers: tuple[Timer, ...] = getattr(event, "timers", ())
    touched = {*STOPS.get(type(event), ()), *(timer.clock for timer in timers)}
    yield from ((fact.id, clock.value) for clock in sorted(touched))


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The clock after the fact."""
    event, clock = fact.event, TrackClock(key[1])
    if isinstance(event, DeadlineMoved):
        moves = row is not None and row["is_running"] and not row["is_in_hours"]
        return row | {"due_at": end_of(event.due_on)} if row and moves else row
    if isinstance(event, f.TrackReminded):
        return row | {"is_reminded": True} if row else None
    if isinstance(event, f.TrackSupervised):
        return row | {"is_reminded": True, "is_supervised": True} if row else None
    if row is not None and row["is_running"] and clock in STOPS.get(type(event), ()):
        row = row | _ended(row, event)
    timer = next((one for one in getattr(event, "timers", ()) if one.clock is clock), None)
    return row if timer is None else _started(key, row, timer)


CLOCKS_READ = ReadModel(
    name="track_clocks",
    table=clocks_table,
    nouns=("complaint-track", "deadline"),
    keys=keys,
    fold=fold,
    history=True,
)


def hour_clocks(now: datetime) -> Select[Any]:
    """Clocks in hours of which somebody is to be told; days are counted by the keeper of deadlines."""
    rows, tracks = clocks_table.c, tracks_table.c
    late = (rows.due_at < now) & ~rows.is_supervised
    soon = (rows.remind_at < now) & ~rows.is_reminded
    columns = (rows.track_id, rows.clock, rows.due_at, tracks.department, tracks.region)
    return (
        select(*columns)
        .join_from(clocks_table, tracks_table, rows.track_id == tracks.track_id)
        .where(rows.is_running, rows.is_in_hours, late | soon)
        .order_by(rows.due_at)
        .limit(HOUR_CLOCKS_MAX)
    )


def _ended(row: Row, event: Any) -> Row:
    if isinstance(event, h.AppraisalBegun):
        return {"is_running": False}
    if event.at > row["due_at"]:
        return {"is_running": False, "counted": "missed", "missed": row["missed"] + 1}
    if isinstance(event, _VOID):
        return {"is_running": False, "counted": ""}
    return {"is_running": False, "counted": "kept", "kept": row["kept"] + 1}


def _started(key: Key, row: Row | None, timer: Timer) -> Row:
    """A new clock, or the same one with more on it; one that goes on after a merger is not counted for it."""
    kept, missed = (row["kept"], row["missed"]) if row else (0, 0)
    if row and row["started_at"] == timer.started_at and not row["is_running"]:
        kept, missed = kept - (row["counted"] == "kept"), missed - (row["counted"] == "missed")
    return {
        "track_id": key[0],
        "clock": key[1],
        "started_at": timer.started_at,
        "remind_at": timer.remind_at,
        "due_at": timer.due_at,
        "is_in_hours": timer.hours is not None,
        "is_running": True,
        "is_reminded": False,
        "is_supervised": False,
        "counted": "",
        "kept": kept,
        "missed": missed,
        "policy": timer.policy,
        "law": timer.law,
    }
