"""Rules of a track: what each step must say, and the fact that follows (``track_order``: which step is in order when).

One rule: one command, one fact; only the opening has more, because a dispute is split when it is opened and what the
channel has done already is closed at once.
"""

from __future__ import annotations

from typing import Any, TypeAlias, assert_never
from uuid import UUID

from mingjing_inspection.domain import track_commands as c
from mingjing_inspection.domain import track_facts as f
from mingjing_inspection.domain import track_handling_commands as d
from mingjing_inspection.domain import track_handling_facts as h
from mingjing_inspection.domain import track_refusals as because
from mingjing_inspection.domain.complaint import Track
from mingjing_inspection.domain.complaint_track import (
    Event,
    Known,
    State,
    Unopened,
    decide_clock,
    evolve,
    is_dissatisfied,
)
from mingjing_inspection.domain.track_handling import answering, mediating, said, verifying
from mingjing_inspection.domain.track_order import hindrance
from mingjing_inspection.domain.track_terms import LINKS_MAX, Stage, TrackClock
from mingjing_kernel.decider import Decider

DEPARTMENTS_MIN = 2
_UNTOUCHED = (Stage.RECEIVED, Stage.SPLIT, Stage.CREATED)
"""Nobody here has done anything: what the channel says counts."""
Routing: TypeAlias = c.RouteTrack | c.ReturnTrack | c.DisputeJurisdiction | c.DecideJurisdiction
Likening: TypeAlias = c.LinkTrack | c.MergeTrack | c.UnmergeTrack


def decide(command: c.Command, state: State) -> list[Event]:
    """The facts that follow from a command, or a refusal."""
    match command:
        case c.OpenTrack():
            return _open(command, state)
        case c.NoteClosedElsewhere():
            return _closed_elsewhere(command, _known(state))
        case c.NoteMainClosed():
            return _closed_with(command, _known(state))
        case c.NoteTrackAttributed():
            return _attributed(command, _known(state))
        case d.NoteExtract():
            _known(state)
            return [command.received]
        case c.RemindTrack() | c.SuperviseTrack():
            return decide_clock(command, _known(state))
        case _:
            if (why := hindrance(type(command), state)) is not None:
                raise why
            return _step(command, _known(state))


TRACK: Decider[c.Command, State, Event] = Decider(initial=Unopened(), decide=decide, evolve=evolve)


def _known(state: State) -> Known:
    if isinstance(state, Unopened):
        raise because.TrackUnknown
    return state


def _step(command: c.Stepping, known: Known) -> list[Event]:
    match command:
        case c.RouteTrack() | c.ReturnTrack() | c.DisputeJurisdiction() | c.DecideJurisdiction():
            return [_routing(command, known)]
        case c.LinkTrack() | c.MergeTrack() | c.UnmergeTrack():
            return [_likening(command, known)]
        case c.TriageReport() | c.ClassifyOrder() | c.RespondFirst() | c.OrderOnSiteCheck() | c.ListTrack():
            return [_noted(command)]
        case c.ExtendTrack() | c.CallBack() | c.CloseTrack() | c.ReopenTrack() | d.AskLedgerExtract():
            return [_ending(command, known)]
        case d.StartVerification() | d.ConfirmReport() | d.DeclineFiling() | d.InformReporter():
            return [verifying(command)]
        case d.SignOrder() | d.StartOrder() | d.ReplyOrder():
            return [answering(command)]
        case _:
            return [mediating(command, known)]


def _open(command: c.OpenTrack, state: State) -> list[Event]:
    if isinstance(state, Known):
        return []  # The id is made of complaint and kind: whoever opens it second finds it open.
    opened = f.TrackOpened(
        complaint_id=command.complaint_id,
        kind=command.kind,
        number=command.number,
        channel=command.channel,
        received_at=command.received_at,
        institution_id=command.institution_id,
        department=command.department,
        region=command.region,
        category=command.category,
        is_anonymous=command.is_anonymous,
        is_urgent=command.is_urgent,
        law=command.law,
        linked=command.linked,
        reason=command.reason,
        by=command.by,
        at=command.at,
        timers=() if command.closed_as else command.timers,
    )
    found: list[Event] = [opened]
    if command.kind is Track.DISPUTE:
        found.append(f.TrackSplit(linked=command.linked, by=command.by, at=command.at))
    if command.closed_as:
        closed = c.NoteClosedElsewhere(status=command.closed_as, result=command.result, at=command.at)
        found.append(_closed_there(f.TrackClosedElsewhere, closed, command.complaint_id, command.kind))
    return found


def _closed_elsewhere(command: c.NoteClosedElsewhere, known: Known) -> list[Event]:
    if known.channel_status == command.status:
        return []
    is_untouched = known.stage in _UNTOUCHED and known.merged_into is None
    kind = f.TrackClosedElsewhere if is_untouched else f.ChannelClosureNoted
    return [_closed_there(kind, command, known.complaint_id, known.kind)]


def _closed_with(command: c.NoteMainClosed, known: Known) -> list[Event]:
    if known.merged_into is None or known.stage is Stage.CLOSED:
        return []
    closed = f.TrackClosed(
        outcome=command.outcome,
        conclusion=said(command.conclusion),
        contract_id=known.contract_id,
        by=command.by,
        at=command.at,
    )
    return [closed]


def _closed_there(
    fact: type[f.TrackClosedElsewhere] | type[f.ChannelClosureNoted],
    command: c.NoteClosedElsewhere,
    complaint_id: UUID,
    kind: Track,
) -> Event:
    return fact(complaint_id=complaint_id, kind=kind, status=command.status, result=command.result, at=command.at)


def _attributed(command: c.NoteTrackAttributed, known: Known) -> list[Event]:
    stands = (known.institution_id, known.department, known.region, known.category)
    if stands == (command.institution_id, command.department, command.region, command.category):
        return []
    return [
        f.TrackAttributed(
            complaint_id=known.complaint_id,
            kind=known.kind,
            institution_id=command.institution_id,
            department=command.department,
            region=command.region,
            category=command.category,
            at=command.at,
        )
    ]


def _routing(command: Routing, known: Known) -> Event:
    by, at = command.by, command.at
    match command:
        case c.RouteTrack():
            return _routed(command, known, matter=command.matter, is_final=False)
        case c.DecideJurisdiction():
            assert known.matter is not None, "it was routed before"
            return _routed(command, known, matter=known.matter, is_final=True)
        case c.ReturnTrack():
            owner = command.suggested_department.strip()
            if not owner or owner == known.handler:
                raise because.ReturnNamesNobody
            if at > command.return_by:
                raise because.ReturnTooLate
            return f.TrackReturned(
                round=known.round,
                reason=said(command.reason),
                suggested_department=owner,
                by=by,
                at=at,
                timers=command.timers,
            )
        case c.DisputeJurisdiction():
            several = tuple(dict.fromkeys(name.strip() for name in command.departments if name.strip()))
            if len(several) < DEPARTMENTS_MIN:
                raise because.DepartmentsMissing
            return f.JurisdictionDisputed(
                reason=said(command.reason), departments=several, by=by, at=at, timers=command.timers
            )
        case _:
            assert_never(command)


def _routed(command: c.RouteTrack | c.DecideJurisdiction, known: Known, *, matter: Any, is_final: bool) -> Event:
    suggestion = command.suggestion
    department = command.department.strip() or suggestion.department
    if not department:
        raise because.HandlerUnknown
    reason = command.reason.strip()
    if not reason and (is_final or department != suggestion.department):
        raise because.RoutingUnexplained(suggested=suggestion.department or "—")
    return f.TrackRouted(
        round=known.round + 1,
        matter=matter,
        department=department,
        ground=suggestion.ground,
        matrix=suggestion.matrix,
        suggested_department=suggestion.department,
        is_final=is_final,
        reason=reason,
        by=command.by,
        at=command.at,
        timers=command.timers,
    )


def _likening(command: Likening, known: Known) -> Event:
    by, at = command.by, command.at
    match command:
        case c.LinkTrack():
            if command.other in known.others or len(known.others) >= LINKS_MAX:
                raise because.LinkedBefore
            return f.TrackLinked(
                other=command.other, likeness=command.likeness, reason=said(command.reason), by=by, at=at
            )
        case c.MergeTrack():
            if command.into_kind is not known.kind or not command.into_is_open:
                raise because.MergedIntoItself
            return f.TrackMerged(into=command.into, reason=said(command.reason), by=by, at=at)
        case c.UnmergeTrack():
            assert known.merged_into is not None, "it was asked"
            return f.TrackUnmerged(
                into=known.merged_into, reason=said(command.reason), by=by, at=at, timers=known.laid_by
            )
        case _:
            assert_never(command)


def _noted(
    command: c.TriageReport | c.ClassifyOrder | c.RespondFirst | c.OrderOnSiteCheck | c.ListTrack,
) -> Event:
    by, at = command.by, command.at
    match command:
        case c.TriageReport():
            return f.ReportTriaged(matter=command.matter, note=command.note.strip(), by=by, at=at)
        case c.ClassifyOrder():
            return f.OrderClassified(
                order_kind=command.order_kind, matter=command.matter, note=command.note.strip(), by=by, at=at
            )
        case c.RespondFirst():
            return f.TrackResponded(note=said(command.note), by=by, at=at)
        case c.OrderOnSiteCheck():
            return f.OnSiteCheckOrdered(task_id=command.task_id, reason=said(command.reason), by=by, at=at)
        case c.ListTrack():
            return f.TrackListed(reason=said(command.reason), by=by, at=at)
        case _:
            assert_never(command)


def _ending(
    command: c.ExtendTrack | c.CallBack | c.CloseTrack | c.ReopenTrack | d.AskLedgerExtract, known: Known
) -> Event:
    by, at = command.by, command.at
    match command:
        case c.ExtendTrack():
            return _extended(command, known)
        case c.CallBack():
            return _called_back(command, known)
        case c.CloseTrack():
            return f.TrackClosed(
                outcome=known.outcome,
                conclusion=said(command.conclusion),
                contract_id=known.contract_id,
                by=by,
                at=at,
            )
        case c.ReopenTrack():
            if at > command.reopen_by:
                raise because.WindowOver
            return f.TrackReopened(
                reason=said(command.reason), times=known.reopened + 1, by=by, at=at, timers=command.timers
            )
        case d.AskLedgerExtract():
            return h.LedgerExtractAsked(
                request_id=command.request_id,
                contract_id=command.contract_id,
                institution_id=known.institution_id,
                purpose=said(command.purpose),
                by=by,
                at=at,
            )
        case _:
            assert_never(command)


def _extended(command: c.ExtendTrack, known: Known) -> Event:
    clock = TrackClock.VERIFY if known.kind is Track.REPORT else TrackClock.HANDLE
    if command.at > known.clocks[clock].due_at:
        raise because.NoTimeToExtend
    return f.TrackExtended(
        reason=said(command.reason),
        told=said(command.told),
        by=command.by,
        at=command.at,
        timers=command.timers,
    )


def _called_back(command: c.CallBack, known: Known) -> Event:
    """Dissatisfied with a work order: once more, and after that a superior looks; a mediation is not done twice."""
    asks_more = known.kind is Track.WORK_ORDER and is_dissatisfied(command.satisfaction)
    is_rework = asks_more and not known.is_reworked
    return f.TrackCalledBack(
        satisfaction=command.satisfaction,
        note=command.note.strip() if not asks_more else said(command.note),
        is_rework=is_rework,
        is_supervised=asks_more and not is_rework,
        by=command.by,
        at=command.at,
        # Also where a superior looks: without a clock nobody would be reminded of it ever again.
        timers=command.timers if asks_more else (),
    )
