"""What may be asked of a complaint's track: each command has one fact, or a refusal (``track_rules``).

One rule: a command brings the clocks that its fact would start, reckoned by whoever knows policies and the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from mingjing_inspection.domain.complaint import Channel, Track
from mingjing_inspection.domain.dispatching import Suggestion
from mingjing_inspection.domain.finding_terms import Matter
from mingjing_inspection.domain.track_handling_commands import Handling, NoteExtract, Timers
from mingjing_inspection.domain.track_terms import Likeness, OrderKind, Outcome, Satisfaction, TrackClock


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTrack:
    """Handle a complaint as this. ``closed_as`` is what its channel says, where it says that it is done."""

    complaint_id: UUID
    kind: Track
    number: str
    channel: Channel
    received_at: datetime
    institution_id: UUID | None
    department: str
    region: str
    category: str
    is_anonymous: bool
    is_urgent: bool
    law: str
    linked: tuple[UUID, ...]
    reason: str
    by: str
    at: datetime
    timers: Timers
    closed_as: str = ""
    result: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteClosedElsewhere:
    """The channel says that it is done."""

    status: str
    result: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMainClosed:
    """The track that this one is handled with came to this."""

    outcome: Outcome
    conclusion: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteTrackAttributed:
    """The complaint is about somebody else."""

    institution_id: UUID | None
    department: str
    region: str
    category: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TriageReport:
    """Say what a report is about."""

    matter: Matter
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifyOrder:
    """Say what a caller wants."""

    order_kind: OrderKind
    matter: Matter
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTrack:
    """Give it to a department: by the table, or to another one with a reason."""

    matter: Matter
    department: str
    suggestion: Suggestion
    reason: str
    by: str
    at: datetime
    timers: Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnTrack:
    """It is not ours. ``return_by`` is until when that may be said."""

    reason: str
    suggested_department: str
    return_by: datetime
    by: str
    at: datetime
    timers: Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class DisputeJurisdiction:
    """Departments differ on whose it is."""

    reason: str
    departments: tuple[str, ...]
    by: str
    at: datetime
    timers: Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class DecideJurisdiction:
    """Whose it is: agreed, or decided by the common superior; for good."""

    department: str
    suggestion: Suggestion
    reason: str
    by: str
    at: datetime
    timers: Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class RespondFirst:
    """Somebody spoke with the caller."""

    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendTrack:
    """More time, once; ``told``: how the caller was told."""

    reason: str
    told: str
    by: str
    at: datetime
    timers: Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOnSiteCheck:
    """Send somebody to look."""

    task_id: UUID
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBack:
    """Ask how it was handled."""

    satisfaction: Satisfaction
    note: str
    by: str
    at: datetime
    timers: Timers
    """Those of a rework, where one follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseTrack:
    """It is over."""

    conclusion: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReopenTrack:
    """It is not over. ``reopen_by`` is the last moment of the window."""

    reason: str
    reopen_by: datetime
    by: str
    at: datetime
    timers: Timers


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindTrack:
    """Four fifths of a clock are over."""

    clock: TrackClock
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperviseTrack:
    """A clock ran out."""

    clock: TrackClock
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTrack:
    """Put it on the superior's list."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTrack:
    """Another complaint has something in common."""

    other: UUID
    likeness: Likeness
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MergeTrack:
    """Handle it with another one. ``into_kind`` and ``into_is_open`` are that one's, as it stands."""

    into: UUID
    into_kind: Track
    into_is_open: bool
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class UnmergeTrack:
    """They are two after all."""

    reason: str
    by: str
    at: datetime


Stepping: TypeAlias = (
    TriageReport
    | ClassifyOrder
    | RouteTrack
    | ReturnTrack
    | DisputeJurisdiction
    | DecideJurisdiction
    | RespondFirst
    | ExtendTrack
    | OrderOnSiteCheck
    | CallBack
    | CloseTrack
    | ReopenTrack
    | ListTrack
    | LinkTrack
    | MergeTrack
    | UnmergeTrack
    | Handling
)
"""What a person asks of a track that stands."""
Noting: TypeAlias = NoteClosedElsewhere | NoteMainClosed | NoteTrackAttributed | NoteExtract
Telling: TypeAlias = RemindTrack | SuperviseTrack
Command: TypeAlias = OpenTrack | Noting | Telling | Stepping
