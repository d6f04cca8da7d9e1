"""What a citizen says, carried into the handling (转入办理): a withdrawn dispute ends that track, an answer to the
call-back is the track's, and what she asks to be taken up again is open again.

One rule: her words stand whatever the tracks say to them; a step that a track refuses is left to the officials, who
read what she said.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from msgspec.structs import replace

from mingjing_inspection.codec_tracks import TRACKS
from mingjing_inspection.domain import track_commands as c
from mingjing_inspection.domain import track_handling_commands as d
from mingjing_inspection.domain.complaint import Track
from mingjing_inspection.domain.complaint_progress import Progress, Stage
from mingjing_inspection.domain.complaint_track import Known
from mingjing_inspection.domain.complaint_voice import AnswerCallBack, AskReopening, Command, WithdrawDispute
from mingjing_inspection.domain.track_terms import Outcome, Satisfaction, TrackClock
from mingjing_inspection.domain.track_terms import Stage as TrackStage
from mingjing_inspection.intake.track_opening import track_id
from mingjing_inspection.intake.track_times import times_of
from mingjing_kernel.clock import end_of, shanghai_date
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.log import Envelope, Log, Work

CITIZEN: Final = "citizen"
WITHDRAWN: Final = "诉求人撤回投诉"
_ASKED: Final = frozenset({TrackClock.CALL_BACK, TrackClock.FOLLOW_UP})
"""Clocks that run while she has her answer and nobody has asked her what she thinks of it."""
_NOT_BEGUN: Final = frozenset(
    {TrackStage.RECEIVED, TrackStage.SPLIT, TrackStage.TRIAGED, TrackStage.CREATED, TrackStage.CLASSIFIED}
)


async def tracks_of(log: Log, complaint_id: UUID) -> dict[UUID, Known]:
    """The tracks of a complaint that were opened."""
    states = await log.states(TRACKS, [track_id(complaint_id, track) for track in Track])
    return {id: state for id, state in states.items() if isinstance(state, Known)}


def progress_by(tracks: Sequence[Known], told: Progress) -> Progress:
    """How far a complaint got by its tracks; ``told`` is what the channel itself says, which counts where none is."""
    running = [one for one in tracks if one.stage is not TrackStage.CLOSED and one.merged_into is None]
    open_ = [one for one in running if not _ASKED & one.clocks.keys()]
    if not tracks:
        return told
    if open_:
        has_begun = any(one.stage not in _NOT_BEGUN for one in tracks)
        due = min((timer.due_at for one in open_ for timer in one.clocks.values()), default=None)
        return Progress(
            stage=Stage.HANDLING if has_begun else Stage.RECEIVED,
            received_at=told.received_at,
            due_on=shanghai_date(due) if due else told.due_on,
        )
    refused = all(one.outcome is Outcome.NOT_ACCEPTED for one in tracks)
    ends = [end for one in tracks if (end := _ended_at(one)) is not None]
    return Progress(
        stage=Stage.NOT_ACCEPTED if refused else Stage.CLOSED,
        received_at=told.received_at,
        closed_at=max(ends) if ends else told.closed_at,
        due_on=told.due_on,
    )


async def steps_of(log: Log, complaint_id: UUID, command: Command, written: Envelope) -> list[Work]:
    """What follows for her tracks, each with an id of its own."""
    works = []
    for id, known in (await tracks_of(log, complaint_id)).items():
        if (step := await _step(log, known, command)) is not None:
            own = derived_id("citizen-said", str(written.command_id), id)
            works.append(Work(TRACKS, id, step, replace(written, command_id=own, expected_version=None)))
    return works


async def _step(log: Log, known: Known, command: Command) -> c.CallBack | c.ReopenTrack | d.WithdrawDispute | None:
    match command:
        case WithdrawDispute() if known.kind is Track.DISPUTE:
            return d.WithdrawDispute(reason=command.reason or WITHDRAWN, by=CITIZEN, at=command.withdrawn_at)
        case AnswerCallBack() if _ASKED & known.clocks.keys():
            times = await times_of(log, known.received_at, known.region, known.category)
            return c.CallBack(
                satisfaction=Satisfaction.SATISFIED if command.is_satisfied else Satisfaction.DISSATISFIED,
                note=command.text or f"{command.rating}/5",
                by=CITIZEN,
                at=command.answered_at,
                timers=times.rework(command.answered_at),
            )
        case AskReopening(closing=closing) if closing is not None and known.stage is TrackStage.CLOSED:
            times = await times_of(log, known.received_at, known.region, known.category)
            return c.ReopenTrack(
                reason=command.reason,
                reopen_by=end_of(closing.reopen_until),
                by=CITIZEN,
                at=command.asked_at,
                timers=times.reopened(known.kind, command.asked_at),
            )
        case _:
            return None


def _ended_at(known: Known) -> datetime | None:
    if known.closed_at is not None:
        return known.closed_at
    return max((timer.started_at for clock, timer in known.clocks.items() if clock in _ASKED), default=None)
