"""Track (投诉办理): the life of a dispute, a report or a work order, from its opening to its end.

One rule: a clock starts with the timers of a fact and ends with a fact of ``STOPS``; nothing else touches it. What was
done about a clock that ran out is remembered for that clock alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import TypeAlias
from uuid import UUID

from mingjing_inspection.domain import track_facts as f
from mingjing_inspection.domain import track_handling_facts as h
from mingjing_inspection.domain.complaint import Channel, Track
from mingjing_inspection.domain.dispatching import TOWN, TOWN_DIGITS
from mingjing_inspection.domain.finding_terms import Matter
from mingjing_inspection.domain.track_commands import RemindTrack, SuperviseTrack
from mingjing_inspection.domain.track_terms import OrderKind, Outcome, Satisfaction, Side, Stage, Timer, TrackClock

Event: TypeAlias = f.Event | h.Event
ALL = frozenset(TrackClock)
STOPS: Mapping[type, frozenset[TrackClock]] = MappingProxyType(
    {
        f.TrackClosedElsewhere: ALL,
        f.TrackRouted: frozenset({TrackClock.ROUTE, TrackClock.JURISDICTION}),
        f.TrackReturned: frozenset({TrackClock.SIGN, TrackClock.HANDLE}),
        f.JurisdictionDisputed: frozenset({TrackClock.SIGN, TrackClock.ROUTE, TrackClock.HANDLE}),
        f.TrackResponded: frozenset({TrackClock.RESPOND}),
        f.TrackCalledBack: frozenset({TrackClock.FOLLOW_UP, TrackClock.CALL_BACK}),
        f.TrackClosed: ALL,
        f.TrackMerged: ALL,
        h.DisputeAccepted: frozenset({TrackClock.ACCEPT, TrackClock.RESPOND}),
        h.DisputeNotAccepted: frozenset({TrackClock.ACCEPT, TrackClock.RESPOND}),
        h.AppraisalBegun: frozenset({TrackClock.MEDIATE}),
        h.AgreementReached: frozenset({TrackClock.MEDIATE}),
        h.MediationTerminated: frozenset({TrackClock.MEDIATE}),
        h.DisputeWithdrawn: ALL,
        h.ComplainantNotified: frozenset({TrackClock.NOTIFY}),
        h.VerificationStarted: frozenset({TrackClock.RESPOND}),
        h.ReportVerified: frozenset({TrackClock.VERIFY}),
        h.ReportNotFiled: frozenset({TrackClock.VERIFY}),
        h.ReporterInformed: frozenset({TrackClock.INFORM}),
        h.OrderSigned: frozenset({TrackClock.SIGN}),
        h.OrderHandlingStarted: frozenset({TrackClock.RESPOND}),
        h.OrderReplied: frozenset({TrackClock.HANDLE, TrackClock.RESPOND}),
    }
)
"""Which clocks each fact ends."""
STAGE_AFTER: Mapping[type, Stage] = MappingProxyType(
    {
        f.TrackSplit: Stage.SPLIT,
        f.TrackClosedElsewhere: Stage.CLOSED,
        f.ReportTriaged: Stage.TRIAGED,
        f.OrderClassified: Stage.CLASSIFIED,
        f.TrackClosed: Stage.CLOSED,
        h.DisputeAccepted: Stage.ACCEPTED,
        h.DisputeNotAccepted: Stage.NOT_ACCEPTED,
        h.MediationStarted: Stage.MEDIATING,
        h.AppraisalBegun: Stage.SUSPENDED_APPRAISAL,
        h.AppraisalEnded: Stage.MEDIATING,
        h.AgreementReached: Stage.AGREED,
        h.MediationTerminated: Stage.TERMINATED,
        h.DisputeWithdrawn: Stage.CLOSED,
        h.ComplainantNotified: Stage.NOTIFIED,
        h.VerificationStarted: Stage.VERIFYING,
        h.ReportVerified: Stage.FILED,
        h.ReportNotFiled: Stage.NOT_FILED,
        h.ReporterInformed: Stage.INFORMED,
        h.OrderSigned: Stage.SIGNED,
        h.OrderHandlingStarted: Stage.HANDLING,
        h.OrderReplied: Stage.REPLIED,
    }
)
"""The stage that each fact leads to, whatever was before; the others are in ``stage_after``."""
OUTCOME_AFTER: Mapping[type, Outcome] = MappingProxyType(
    {
        f.TrackClosedElsewhere: Outcome.ELSEWHERE,
        h.DisputeNotAccepted: Outcome.NOT_ACCEPTED,
        h.AgreementReached: Outcome.AGREED,
        h.MediationTerminated: Outcome.TERMINATED,
        h.DisputeWithdrawn: Outcome.WITHDRAWN,
        h.ReportVerified: Outcome.SUBSTANTIATED,
        h.ReportNotFiled: Outcome.UNSUBSTANTIATED,
    }
)
_OPENED = {Track.DISPUTE: Stage.RECEIVED, Track.REPORT: Stage.RECEIVED, Track.WORK_ORDER: Stage.CREATED}
_UNROUTED = {Track.DISPUTE: Stage.SPLIT, Track.REPORT: Stage.TRIAGED, Track.WORK_ORDER: Stage.RETURNED}
_ROUTED = {Track.DISPUTE: Stage.ROUTED, Track.REPORT: Stage.ROUTED, Track.WORK_ORDER: Stage.DISPATCHED}
UNOWNED: frozenset[TrackClock] = frozenset({TrackClock.ROUTE, TrackClock.JURISDICTION})
"""Clocks that run while nobody has it."""


@dataclass(frozen=True, slots=True)
class Unopened:
    """Nothing was opened under this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A track. ``clocks`` run; ``told`` are the ends of clocks of which somebody was told already.

    ``paused`` is the mediation's clock while something is appraised, ``laid_by`` are the clocks of a merged track.
    """

    kind: Track
    stage: Stage
    complaint_id: UUID
    channel: Channel
    received_at: datetime
    institution_id: UUID | None
    department: str
    region: str
    category: str
    is_anonymous: bool
    is_urgent: bool
    law: str
    clocks: Mapping[TrackClock, Timer] = field(default_factory=dict)
    told: frozenset[str] = frozenset()
    channel_status: str = ""
    paused: Timer | None = None
    paused_at: datetime | None = None
    laid_by: tuple[Timer, ...] = ()
    handler: str = ""
    matter: Matter | None = None
    order_kind: OrderKind | None = None
    round: int = 0
    routed_at: datetime | None = None
    closed_at: datetime | None = None
    returns: int = 0
    reopened: int = 0
    supervised: int = 0
    escalated_to: str = ""
    is_disputed: bool = False
    is_final: bool = False
    is_extended: bool = False
    is_reworked: bool = False
    is_listed: bool = False
    asks_refund: bool = False
    contract_id: UUID | None = None
    outcome: Outcome = Outcome.NONE
    merged_into: UUID | None = None
    heard: frozenset[Side] = frozenset()
    statements: int = 0
    others: frozenset[UUID] = frozenset()


State: TypeAlias = Unopened | Known


def evolve(state: State, event: Event) -> State:
    """The track after a fact."""
    if isinstance(event, f.TrackOpened):
        return _opened(event)
    assert isinstance(state, Known)
    known = replace(state, clocks=_clocks(state, event), stage=stage_after(state, event))
    known = replace(known, outcome=OUTCOME_AFTER.get(type(event), known.outcome))
    if isinstance(event, f.TrackReminded | f.TrackSupervised):
        return _told(known, event)
    return _handled(_given(known, event), event, before=state)


def stage_after(known: Known, event: Event) -> Stage:
    """Where a fact leads."""
    match event:
        case f.TrackRouted():
            return _ROUTED[known.kind]
        case f.TrackReturned() | f.JurisdictionDisputed():
            return _UNROUTED[known.kind]
        case f.TrackExtended() if known.kind is Track.WORK_ORDER:
            return Stage.EXTENDED
        case f.TrackReopened():
            return Stage.REWORK if known.kind is Track.WORK_ORDER else _UNROUTED[known.kind]
        case f.TrackCalledBack():
            if event.is_rework:
                return Stage.REWORK
            if event.is_supervised:
                return Stage.SUPERVISED
            return Stage.CALLBACK if known.kind is Track.WORK_ORDER else Stage.FOLLOWED_UP
        case _:
            return STAGE_AFTER.get(type(event), known.stage)


def _clocks(known: Known, event: Event) -> Mapping[TrackClock, Timer]:
    stopped = STOPS.get(type(event), frozenset())
    started: tuple[Timer, ...] = getattr(event, "timers", ())
    if not stopped and not started:
        return known.clocks
    left = {clock: timer for clock, timer in known.clocks.items() if clock not in stopped}
    return MappingProxyType(left | {timer.clock: timer for timer in started})


def _opened(event: f.TrackOpened) -> Known:
    return Known(
        kind=event.kind,
        stage=_OPENED[event.kind],
        complaint_id=event.complaint_id,
        channel=event.channel,
        received_at=event.received_at,
        institution_id=event.institution_id,
        department=event.department,
        region=event.region,
        category=event.category,
        is_anonymous=event.is_anonymous,
        is_urgent=event.is_urgent,
        law=event.law,
        clocks=MappingProxyType({timer.clock: timer for timer in event.timers}),
    )


def _given(known: Known, event: Event) -> Known:
    """Whose it is, and what about."""
    match event:
        case f.TrackAttributed():
            known = replace(known, institution_id=event.institution_id, category=event.category)
            return replace(known, department=event.department, region=event.region)
        case f.ReportTriaged():
            return replace(known, matter=event.matter)
        case f.OrderClassified():
            return replace(known, matter=event.matter, order_kind=event.order_kind)
        case f.TrackRouted():
            known = replace(known, handler=event.department, round=event.round, matter=event.matter)
            known = replace(known, is_final=event.is_final, routed_at=event.at)
            return replace(known, is_disputed=False, escalated_to="")
        case f.TrackReturned():
            return replace(known, handler="", returns=known.returns + 1)
        case f.JurisdictionDisputed():
            return replace(known, handler="", is_disputed=True)
        case _:
            return known


def _handled(known: Known, event: Event, *, before: Known) -> Known:
    match event:
        case f.TrackExtended():
            return replace(known, is_extended=True)
        case h.DisputeAccepted():
            return replace(known, asks_refund=event.asks_refund, contract_id=event.contract_id)
        case h.ContractNamed():
            return replace(known, contract_id=event.contract_id)
        case h.StatementTaken():
            return replace(known, heard=known.heard | {event.side}, statements=known.statements + 1)
        case h.AppraisalBegun():
            return replace(known, paused=before.clocks.get(TrackClock.MEDIATE), paused_at=event.at)
        case h.AppraisalEnded() | h.MediationTerminated():
            return replace(known, paused=None)
        case h.OrderReplied():
            told = {None: Outcome.REPLIED, True: Outcome.SUBSTANTIATED, False: Outcome.UNSUBSTANTIATED}
            return replace(known, outcome=told[event.is_substantiated])
        case _:
            return _ended(known, event, before=before)


def _ended(known: Known, event: Event, *, before: Known) -> Known:
    match event:
        case f.TrackCalledBack():
            return replace(known, is_reworked=known.is_reworked or event.is_rework)
        case f.TrackListed():
            return replace(known, is_listed=True)
        case f.TrackLinked():
            return replace(known, others=known.others | {event.other})
        case f.TrackMerged():
            return replace(known, merged_into=event.into, laid_by=tuple(before.clocks.values()))
        case f.TrackUnmerged():
            return replace(known, merged_into=None, laid_by=())
        case _:
            return _closed(known, event)


def _closed(known: Known, event: Event) -> Known:
    match event:
        case f.ChannelClosureNoted():
            return replace(known, channel_status=event.status)
        case f.TrackClosedElsewhere():
            return replace(known, closed_at=event.at, channel_status=event.status)
        case f.TrackClosed():
            known = replace(known, closed_at=event.at, paused=None, contract_id=None)
            return replace(known, outcome=event.outcome, merged_into=None, laid_by=())
        case h.DisputeWithdrawn():
            return replace(known, closed_at=event.at, paused=None, contract_id=None)
        case f.TrackReopened():
            known = replace(known, closed_at=None, reopened=event.times, outcome=Outcome.NONE, heard=frozenset())
            return replace(known, is_extended=False, is_final=False, returns=0, handler=_kept_by(known))
        case _:
            return known


def _kept_by(known: Known) -> str:
    """A work order goes back to who answered it; a dispute or report is routed anew."""
    return known.handler if known.kind is Track.WORK_ORDER else ""


def _told(known: Known, event: f.TrackReminded | f.TrackSupervised) -> Known:
    told = known.told | {_mark(event.clock, event.due_at, "80")}
    if isinstance(event, f.TrackSupervised):
        told = told | {_mark(event.clock, event.due_at, "100")}
        escalated_to = event.escalated_to if event.is_unowned else ""
        known = replace(known, supervised=event.times, escalated_to=escalated_to)
    return replace(known, told=told)


def decide_clock(command: RemindTrack | SuperviseTrack, known: Known) -> list[Event]:
    """A clock has run out, or nearly: told once for each end of it, and nothing where the step was taken meanwhile."""
    timer = known.clocks.get(command.clock)
    is_over = isinstance(command, SuperviseTrack)
    if timer is None or not _is_due(timer, command.at, is_over=is_over):
        return []
    if _mark(timer.clock, timer.due_at, "100" if is_over else "80") in known.told:
        return []
    department = known.handler or known.department
    if not is_over:
        return [f.TrackReminded(clock=timer.clock, due_at=timer.due_at, department=department, at=command.at)]
    times, is_unowned = known.supervised + 1, timer.clock in UNOWNED
    return [
        f.TrackSupervised(
            clock=timer.clock,
            due_at=timer.due_at,
            times=times,
            department=department,
            escalated_to=_superior(known, is_unowned=is_unowned),
            is_unowned=is_unowned,
            proposes_listing=times > 1 or known.channel is Channel.MEDIA,
            at=command.at,
        )
    ]


def _superior(known: Known, *, is_unowned: bool) -> str:
    """What nobody has, the town has by its territory; where no town is known, whose file it is."""
    return TOWN if is_unowned and len(known.region) >= TOWN_DIGITS else known.department


def _is_due(timer: Timer, at: datetime, *, is_over: bool) -> bool:
    if timer.working_days is not None:
        return True  # the calendar knows better than the day on which it was counted; the keeper of deadlines asks it
    return at > (timer.due_at if is_over else timer.remind_at)


def _mark(clock: TrackClock, due_at: datetime, share: str) -> str:
    return f"{clock.value}:{due_at.isoformat()}:{share}"


def is_dissatisfied(satisfaction: Satisfaction) -> bool:
    """Whether it asks for something more."""
    return satisfaction is Satisfaction.DISSATISFIED
