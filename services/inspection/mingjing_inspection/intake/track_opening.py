"""Tracks of complaints (分流): opened for each kind that a complaint is handled as, told of what it is about by now.

One rule: the id of a track is made of complaint and kind, so that whoever opens it second finds it open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from mingjing_inspection.codec import PREMISES_KNOWN
from mingjing_inspection.codec_tracks import TRACKS
from mingjing_inspection.domain.complaint import Channel, ComplaintTaken, Track
from mingjing_inspection.domain.grid_code import COUNTY_DIGITS
from mingjing_inspection.domain.premises import Premises
from mingjing_inspection.domain.track_commands import NoteClosedElsewhere, NoteTrackAttributed, OpenTrack
from mingjing_inspection.intake.track_times import times_of
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Log, Outcome, Work

ACTOR: Final = "system:tracks"
BASIS: Final = "市场监督管理投诉举报处理办法；GB/T 33358《政府热线服务规范》"


def track_id(complaint_id: UUID, track: Track) -> UUID:
    """The stream of this kind of handling of this complaint."""
    return derived_id("complaint-track", complaint_id, track.value)


async def opening(
    log: Log, row: Mapping[str, Any], track: Track, at: datetime, *, by: str = ACTOR, reason: str = ""
) -> OpenTrack:
    """How a complaint, as its list shows it, is opened as this."""
    region = await _region(log, row)
    times = await times_of(log, row["received_at"], region, row["category"])
    others = {Track(one) for one in (*row["wanted"], *row["opened"])} - {track}
    return OpenTrack(
        complaint_id=row["complaint_id"],
        kind=track,
        number=row["number"],
        channel=Channel(row["channel"]),
        received_at=row["received_at"],
        institution_id=row["institution_id"],
        department=row["department"],
        region=region,
        category=row["category"],
        is_anonymous=row["is_anonymous"],
        is_urgent=row["is_urgent"],
        law=times.law,
        linked=tuple(track_id(row["complaint_id"], other) for other in sorted(others)),
        reason=reason,
        by=by,
        at=at,
        timers=times.opening(track, row["received_at"], at, is_urgent=row["is_urgent"]),
        closed_as=row["closed_as"],
        result=row["result"] if row["closed_as"] else "",
    )


async def opened_at_once(log: Log, complaint_id: UUID, outcome: Outcome, at: datetime) -> None:
    """The tracks of a complaint that was just taken: whoever took it goes on with them. What is cut off before this,
    or taken by a file, the duty of tracks opens.
    """
    taken = next((event for event in outcome.events if isinstance(event, ComplaintTaken)), None)
    if taken is None or outcome.repeated:
        return
    intake = taken.intake
    row = {
        "complaint_id": complaint_id,
        "wanted": [track.value for track in taken.tracks],
        "opened": {},
        "number": intake.number,
        "channel": intake.channel.value,
        "received_at": intake.received_at,
        "institution_id": taken.attribution.institution_id,
        "institution": str(taken.attribution.institution_id or ""),
        "department": taken.department,
        "region": taken.region,
        "category": taken.category,
        "is_anonymous": intake.is_anonymous,
        "is_urgent": taken.is_urgent,
        "closed_as": "",
        "result": "",
    }
    for result in await log.handle_many(await lacking(log, row, at)):
        if not isinstance(result, Outcome):
            raise result


async def lacking(log: Log, row: Mapping[str, Any], at: datetime) -> list[Work]:
    """What one complaint's tracks lack."""
    found: list[Work] = []
    for track in map(Track, row["wanted"]):
        if track not in row["opened"]:
            found.append(_work(row, track, await opening(log, row, track, at), "open"))
    for name, about in row["opened"].items():
        track = Track(name)
        if about != row["institution"]:
            command = NoteTrackAttributed(
                institution_id=row["institution_id"],
                department=row["department"],
                region=await _region(log, row),
                category=row["category"],
                at=at,
            )
            found.append(_work(row, track, command, "attributed", at.isoformat()))
        if row["closed_as"] and row["closed"].get(name) != row["closed_as"]:
            closed = NoteClosedElsewhere(status=row["closed_as"], result=row["result"], at=at)
            found.append(_work(row, track, closed, "closed", at.isoformat()))
    return found


async def all_lacking(log: Log, rows: Iterable[Mapping[str, Any]], at: datetime) -> list[Work]:
    """The same of many."""
    return [work for row in rows for work in await lacking(log, row, at)]


async def _region(log: Log, row: Mapping[str, Any]) -> str:
    """Where it is: the town of the institution that it is about, where that is known, else the desk's division."""
    if row["institution_id"] is None:
        return str(row["region"])
    premises: Premises = (await log.state(PREMISES_KNOWN, row["institution_id"]))[0]
    known = premises.region
    county = str(row["region"])[:COUNTY_DIGITS]  # the message may have named another town than the institution's
    return known if known.startswith(county) else str(row["region"])


def _work(row: Mapping[str, Any], track: Track, command: Any, *named: str) -> Work:
    id = derived_id("track-duty", row["complaint_id"], track.value, *named)
    envelope = Envelope(
        command_id=id,
        actor=ACTOR,
        digest=id.bytes * 2,  # two processes word the same command at two moments
        legal_basis=BASIS,
        department=row["department"],
        region=row["region"],
        causation=f"complaint-{row['complaint_id']}",
    )
    return Work(TRACKS, track_id(row["complaint_id"], track), command, envelope)
