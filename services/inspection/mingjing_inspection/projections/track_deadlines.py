"""Deadlines of tracks (投诉举报时限): every clock with its reminder when four fifths are over.

One rule: days are counted here, where a notice of the calendar moves them; a clock in hours is listed with its last
day, and the duty of tracks, which looks at the minute, is there before the day is over.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from mingjing_inspection.codec_tracks import TRACKS
from mingjing_inspection.domain import track_facts as f
from mingjing_inspection.domain import track_handling_facts as h
from mingjing_inspection.domain.complaint_track import STOPS
from mingjing_inspection.domain.reminding import reminder_days
from mingjing_inspection.domain.track_commands import RemindTrack, SuperviseTrack
from mingjing_inspection.domain.track_terms import Timer, TrackClock
from mingjing_inspection.policy.complaint_times import HOTLINE_TIMES, ORDER_121
from mingjing_inspection.projections.complaint_tracks import TRACKS_READ
from mingjing_kernel.clock import end_of, shanghai_date
from mingjing_kernel.deadlines import Clock, DeadlineRule, Due
from mingjing_kernel.deadlines import paused as standing_still

_WORDS = {
    TrackClock.RESPOND: ("涉资金安全首次响应", "A caller whose money may be in danger is to be spoken with"),
    TrackClock.ROUTE: ("转办、派单", "A complaint is to be given to a department"),
    TrackClock.SIGN: ("签收", "A work order is to be signed"),
    TrackClock.JURISDICTION: ("管辖争议协商", "Departments are to agree on whose a complaint is"),
    TrackClock.ACCEPT: ("投诉受理", "A dispute is to be accepted or not"),
    TrackClock.MEDIATE: ("投诉调解", "A mediation is to end"),
    TrackClock.NOTIFY: ("告知调解结果", "A complainant is to be told how the mediation ended"),
    TrackClock.FOLLOW_UP: ("投诉回访", "A complainant is to be asked how it was handled"),
    TrackClock.VERIFY: ("举报核查", "A report is to be verified and decided on"),
    TrackClock.INFORM: ("告知举报人", "A reporter is to be told"),
    TrackClock.HANDLE: ("工单办理", "A work order is to be answered"),
    TrackClock.CALL_BACK: ("工单回访", "A caller is to be called back"),
}
STARTS: dict[TrackClock, tuple[type, ...]] = {
    TrackClock.RESPOND: (f.TrackOpened, f.TrackUnmerged),
    TrackClock.ROUTE: (f.TrackOpened, f.TrackReturned, f.TrackReopened, f.TrackUnmerged),
    TrackClock.SIGN: (f.TrackRouted, f.TrackUnmerged),
    TrackClock.JURISDICTION: (f.JurisdictionDisputed, f.TrackUnmerged),
    TrackClock.ACCEPT: (f.TrackOpened, f.TrackReopened, f.TrackUnmerged),
    TrackClock.MEDIATE: (h.DisputeAccepted, h.AppraisalEnded, f.TrackUnmerged),
    TrackClock.NOTIFY: (h.AgreementReached, h.MediationTerminated),
    TrackClock.FOLLOW_UP: (h.ComplainantNotified,),
    TrackClock.VERIFY: (f.TrackOpened, f.TrackExtended, f.TrackReopened, f.TrackUnmerged),
    TrackClock.INFORM: (h.ReportVerified, h.ReportNotFiled),
    TrackClock.HANDLE: (f.TrackRouted, f.TrackExtended, f.TrackCalledBack, f.TrackReopened, f.TrackUnmerged),
    TrackClock.CALL_BACK: (h.OrderReplied,),
}
"""Which facts start each clock; a test asks every one that the rules let start."""
_HOTLINE = (TrackClock.RESPOND, TrackClock.ROUTE, TrackClock.SIGN, TrackClock.HANDLE, TrackClock.CALL_BACK)


def _clock(which: TrackClock, *, is_reminder: bool) -> Callable[[Clock | None, Any], Clock | None]:
    told = f.TrackReminded if is_reminder else f.TrackSupervised

    def clock(before: Clock | None, event: Any) -> Clock | None:
        if isinstance(event, f.TrackReminded | f.TrackSupervised):
            fired = before is not None and event.clock is which and isinstance(event, told | f.TrackSupervised)
            return replace(before, fired_on=shanghai_date(event.at)) if before and fired else before
        timer: Timer | None = next((one for one in getattr(event, "timers", ()) if one.clock is which), None)
        if timer is not None:
            return _started(timer, is_reminder=is_reminder)
        if which not in STOPS.get(type(event), ()):
            return before
        return standing_still(before, shanghai_date(event.at)) if isinstance(event, h.AppraisalBegun) else None

    return clock


def _started(timer: Timer, *, is_reminder: bool) -> Clock:
    began, last = shanghai_date(timer.started_at), shanghai_date(timer.remind_at if is_reminder else timer.due_at)
    if timer.working_days is None:
        return Clock(started_on=began, due_on=last)
    count = reminder_days(timer.working_days, timer.policy) if is_reminder else timer.working_days
    return Clock(started_on=began, due_on=last, working_days=count + timer.paused_days)


def _remind(which: TrackClock) -> Callable[[Due], RemindTrack]:
    return lambda due: RemindTrack(clock=which, at=end_of(due.due_on))


def _supervise(which: TrackClock) -> Callable[[Due], SuperviseTrack]:
    return lambda due: SuperviseTrack(clock=which, at=end_of(due.due_on))


def _rule(which: TrackClock, *, is_reminder: bool) -> DeadlineRule:
    zh, en = _WORDS[which]
    ends = tuple(kind for kind, clocks in STOPS.items() if which in clocks)
    facts = (*STARTS[which], *ends, f.TrackReminded, f.TrackSupervised)
    return DeadlineRule(
        name=f"track-{which.value.lower().replace('_', '-')}{'-reminder' if is_reminder else ''}",
        zh=f"{zh}提醒" if is_reminder else zh,
        en=f"{en} soon" if is_reminder else en,
        aggregate=TRACKS,
        listed=TRACKS_READ,
        facts=tuple(dict.fromkeys(facts)),
        clock=_clock(which, is_reminder=is_reminder),
        command=_remind(which) if is_reminder else _supervise(which),
        legal_basis=(HOTLINE_TIMES if which in _HOTLINE else ORDER_121).legal_basis,
    )


TRACK_DEADLINES = tuple(_rule(which, is_reminder=is_reminder) for which in TrackClock for is_reminder in (True, False))
