"""What a complaint's tracks lack (待分流): those that were not opened yet, or hold another institution or state of the
channel than the complaint. For the duty of tracks alone; shown to nobody.

One rule: a row is due until the tracks say themselves that they know.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import Boolean, Column, Index, Select, Table, Text, Uuid, select
from sqlalchemy.dialects.postgresql import JSONB

from mingjing_inspection.domain.complaint import ComplaintAttributed, ComplaintTaken, HandlingNoted
from mingjing_inspection.domain.track_facts import (
    ChannelClosureNoted,
    TrackAttributed,
    TrackClosedElsewhere,
    TrackOpened,
)
from mingjing_inspection.domain.track_terms import DONE_THERE
from mingjing_inspection.projections.complaints import complaints_table
from mingjing_inspection.projections.schema import METADATA
from mingjing_kernel.log import Recorded
from mingjing_kernel.projection import Key, ReadModel, Row

BATCH_MAX: Final = 200
openings_table = Table(
    "track_openings",
    METADATA,
    Column("complaint_id", Uuid, primary_key=True),
    Column("wanted", JSONB, nullable=False),
    Column("opened", JSONB, nullable=False),
    Column("institution", Text, nullable=False),
    Column("closed_as", Text, nullable=False),
    Column("closed", JSONB, nullable=False),
    Column("is_due", Boolean, nullable=False),
)
Index("track_openings_due", openings_table.c.complaint_id, postgresql_where=openings_table.c.is_due)
_EMPTY: Row = {"wanted": [], "opened": {}, "institution": "", "closed_as": "", "closed": {}}


def keys(fact: Recorded[Any]) -> Iterable[Key]:
    """One row a complaint."""
    if isinstance(fact.event, ComplaintTaken | ComplaintAttributed | HandlingNoted):
        yield (fact.id,)
    elif isinstance(fact.event, TrackOpened | TrackAttributed | TrackClosedElsewhere | ChannelClosureNoted):
        yield (fact.event.complaint_id,)


def fold(key: Key, row: Row | None, fact: Recorded[Any]) -> Row | None:
    """The row after the fact."""
    before = row or {"complaint_id": key[0], **_EMPTY}
    after = before | _known(before, fact.event)
    return after | {"is_due": _is_due(after)}


OPENINGS_READ = ReadModel(
    name="track_openings", table=openings_table, nouns=("complaint", "complaint-track"), keys=keys, fold=fold
)


def openings_due() -> Select[Any]:
    """What the duty of tracks has to do next."""
    rows, said = openings_table.c, complaints_table.c
    columns = (
        said.number, said.channel, said.received_at, said.institution_id, said.department, said.region, said.category,
        said.is_anonymous, said.is_urgent, said.result,
    )  # fmt: skip
    return (
        select(*rows, *columns)
        .join_from(openings_table, complaints_table, rows.complaint_id == said.complaint_id)
        .where(rows.is_due)
        .order_by(rows.complaint_id)
        .limit(BATCH_MAX)
    )


def _known(row: Row, event: Any) -> Row:
    match event:
        case ComplaintTaken():
            about = str(event.attribution.institution_id or "")
            return {"wanted": [track.value for track in event.tracks], "institution": about}
        case ComplaintAttributed():
            return {"institution": str(event.institution_id)}
        case HandlingNoted():
            status = event.handling.status
            return {"closed_as": status if status in DONE_THERE else ""}
        case TrackOpened() | TrackAttributed():
            return {"opened": row["opened"] | {event.kind.value: str(event.institution_id or "")}}
        case TrackClosedElsewhere() | ChannelClosureNoted():
            return {"closed": row["closed"] | {event.kind.value: event.status}}
        case _:
            return {}


def _is_due(row: Row) -> bool:
    opened = row["opened"]
    return (
        any(track not in opened for track in row["wanted"])
        or any(about != row["institution"] for about in opened.values())
        or (bool(row["closed_as"]) and any(row["closed"].get(track) != row["closed_as"] for track in opened))
    )
