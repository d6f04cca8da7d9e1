"""Facts of a complaint's track: opened, given to somebody, told of a clock, ended. What is particular to one kind of
track stands in ``track_handling_facts``.

One rule: clocks start with the ``timers`` of a fact and end with a fact (``STOPS``); no edit does either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from mingjing_inspection.domain.complaint import Channel, Track
from mingjing_inspection.domain.dispatching import Ground as RoutingGround
from mingjing_inspection.domain.finding_terms import Matter
from mingjing_inspection.domain.track_terms import Likeness, OrderKind, Outcome, Satisfaction, Timer, TrackClock


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackOpened:
    """A complaint is handled as this. ``department`` is whose file it is; who handles it is said by the routing.

    ``law`` is the instrument in force on the day of receipt; ``linked`` are the complaint's other tracks.
    """

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
    timers: tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackSplit:
    """One message, several tracks: this dispute has a life of its own (Order 20, art. 7)."""

    linked: tuple[UUID, ...]
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackClosedElsewhere:
    """The channel that the complaint came through says that it is done there (原渠道已办结)."""

    complaint_id: UUID
    kind: Track
    status: str
    result: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelClosureNoted:
    """The channel says that it is done, but somebody here is on it: it goes on, and they know."""

    complaint_id: UUID
    kind: Track
    status: str
    result: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackAttributed:
    """The complaint is about somebody else than was held; the clocks run on as they ran."""

    complaint_id: UUID
    kind: Track
    institution_id: UUID | None
    department: str
    region: str
    category: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportTriaged:
    """A report was looked at (甄别): what it is about."""

    matter: Matter
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderClassified:
    """A work order was classified (分类): its kind has a time."""

    order_kind: OrderKind
    matter: Matter
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackRouted:
    """A department has it to handle (转办、派单): by the table, or otherwise for the reason given."""

    round: int
    matter: Matter
    department: str
    ground: RoutingGround
    matrix: str
    suggested_department: str
    is_final: bool
    reason: str
    by: str
    at: datetime
    timers: tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackReturned:
    """Not ours, says the department, and whose it is (退回、退单); once."""

    round: int
    reason: str
    suggested_department: str
    by: str
    at: datetime
    timers: tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class JurisdictionDisputed:
    """Departments differ on whose it is (管辖争议): they agree within the time, or their common superior decides."""

    reason: str
    departments: tuple[str, ...]
    by: str
    at: datetime
    timers: tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackResponded:
    """Somebody spoke with the caller first (首次响应): money may be in danger."""

    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackExtended:
    """More time, once, and the caller was told why (延期)."""

    reason: str
    told: str
    by: str
    at: datetime
    timers: tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OnSiteCheckOrdered:
    """Somebody is sent to look (现场核查): the inspection task that was planned for it."""

    task_id: UUID
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackCalledBack:
    """Somebody other than the handler asked how it was handled (回访). ``is_rework``: it is done once more."""

    satisfaction: Satisfaction
    note: str
    is_rework: bool
    is_supervised: bool
    by: str
    at: datetime
    timers: tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackClosed:
    """It is over (办结), said by somebody who did not handle it. ``contract_id``: whose release was frozen for it."""

    outcome: Outcome
    conclusion: str
    contract_id: UUID | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackReopened:
    """It is open again, within the window (重新打开)."""

    reason: str
    times: int
    by: str
    at: datetime
    timers: tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackReminded:
    """Four fifths of a clock are over (催办)."""

    clock: TrackClock
    due_at: datetime
    department: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackSupervised:
    """A clock ran out (督办). ``escalated_to`` looks at it from now on; what nobody has goes to the area's head."""

    clock: TrackClock
    due_at: datetime
    times: int
    department: str
    escalated_to: str
    is_unowned: bool
    proposes_listing: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackListed:
    """A superior put it on the watch list (挂牌督办): repeated, or in the media."""

    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackLinked:
    """Another complaint has the person or the matter in common; each goes on by itself."""

    other: UUID
    likeness: Likeness
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackMerged:
    """It is handled with another one of the same kind (并案): that one's steps count for it."""

    into: UUID
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackUnmerged:
    """They are two after all: its clocks are those that it had, and have run all the time."""

    into: UUID
    reason: str
    by: str
    at: datetime
    timers: tuple[Timer, ...]


Event: TypeAlias = (
    TrackOpened
    | TrackSplit
    | TrackClosedElsewhere
    | ChannelClosureNoted
    | TrackAttributed
    | ReportTriaged
    | OrderClassified
    | TrackRouted
    | TrackReturned
    | JurisdictionDisputed
    | TrackResponded
    | TrackExtended
    | OnSiteCheckOrdered
    | TrackCalledBack
    | TrackClosed
    | TrackReopened
    | TrackReminded
    | TrackSupervised
    | TrackListed
    | TrackLinked
    | TrackMerged
    | TrackUnmerged
)
