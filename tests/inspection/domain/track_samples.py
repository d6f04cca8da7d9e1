"""Commands of a complaint's tracks, for the tests: a dispute, a report, a work order, and every step of theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from mingjing_inspection.domain import track_commands as c
from mingjing_inspection.domain import track_handling_commands as d
from mingjing_inspection.domain.complaint import Channel, Track
from mingjing_inspection.domain.complaint_track import Known
from mingjing_inspection.domain.dispatching import Ground as RoutingGround
from mingjing_inspection.domain.dispatching import Suggestion
from mingjing_inspection.domain.finding_terms import Matter
from mingjing_inspection.domain.track_rules import TRACK
from mingjing_inspection.domain.track_terms import Ending, Ground, Likeness, OrderKind, Satisfaction, Side, TrackClock
from mingjing_inspection.policy.complaint_times import HOTLINE_TIMES, ORDER_121, Times
from mingjing_kernel.working_days import RELEASED

AT = datetime(2026, 7, 1, 2, tzinfo=UTC)
LATE = datetime(2027, 7, 1, 2, tzinfo=UTC)
MARKET, OWN = "market-regulation", "culture-tourism-sport"
CONTRACT = UUID(int=70)
TIMES = Times(
    law="SAMR-121",
    numbers={number.name: number.default for number in ORDER_121.numbers},
    version="default/1",
    hotline={number.name: number.default for number in HOTLINE_TIMES.numbers},
    hotline_version="default/1",
    calendar=RELEASED,
)
OWNER = Suggestion(department=MARKET, ground=RoutingGround.OWNER, matrix="complaint-matrix/1")


def opening(kind: Track, *, is_urgent: bool = False, **changed: Any) -> c.OpenTrack:
    command = c.OpenTrack(
        complaint_id=UUID(int=1),
        kind=kind,
        number="T1",
        channel=Channel.HOTLINE_12345,
        received_at=AT,
        institution_id=UUID(int=2),
        department=OWN,
        region="330106109",
        category="art",
        is_anonymous=False,
        is_urgent=is_urgent,
        law="SAMR-121",
        linked=(),
        reason="",
        by="system:tracks",
        at=AT,
        timers=TIMES.opening(kind, AT, AT, is_urgent=is_urgent),
    )
    return replace(command, **changed)


DISPUTE, REPORT, ORDER = (opening(kind) for kind in Track)
ROUTE = c.RouteTrack(matter=Matter.FEES, department="", suggestion=OWNER, reason="", by="p1", at=AT, timers=())
ROUTE_ORDER = replace(ROUTE, timers=TIMES.routed(Track.WORK_ORDER, OrderKind.COMPLAINT, AT))
RETURN = c.ReturnTrack(
    reason="非本部门职责", suggested_department="education", return_by=TIMES.return_by(AT), by="p2", at=AT,
    timers=(TIMES.routing(AT),),
)  # fmt: skip
DIFFER = c.DisputeJurisdiction(
    reason="各执一词", departments=(MARKET, "education"), by="p2", at=AT, timers=TIMES.jurisdiction(AT)
)
DECIDE = c.DecideJurisdiction(department="education", suggestion=OWNER, reason="议定", by="p9", at=AT, timers=())
ACCEPT = d.AcceptDispute(
    told="电话", asks_refund=True, contract_id=CONTRACT, by="p2", at=AT, timers=TIMES.mediation(AT)
)
REFUSE = d.RefuseDispute(ground=Ground.TOO_OLD, note="已超三年", told="短信", by="p2", at=AT)
MEDIATE = d.StartMediation(by="p2", at=AT)
SAYS = d.TakeStatement(side=Side.COMPLAINANT, text="要求退费", by="p2", at=AT)
ANSWERS = replace(SAYS, side=Side.RESPONDENT, text="同意退一半")
APPRAISE = d.BeginAppraisal(subject="教学质量", by="p2", at=AT)
APPRAISED = d.EndAppraisal(result="合格", by="p2", at=AT, timers=TIMES.mediation(AT))
AGREE = d.ReachAgreement(
    terms=("退款",), refund_fen=100_00, pay_by=date(2026, 7, 9), by="p2", at=AT, timers=TIMES.notification(AT)
)
TERMINATE = d.TerminateMediation(
    ground=Ending.NO_AGREEMENT, note="分歧大", by="p2", at=AT, timers=TIMES.notification(AT)
)
NOTIFY = d.NotifyComplainant(text="已达成", by="p2", at=AT, timers=TIMES.follow_up(AT))
WITHDRAW = d.WithdrawDispute(reason="已和解", by="p1", at=AT)
CALL = c.CallBack(satisfaction=Satisfaction.SATISFIED, note="", by="p5", at=AT, timers=TIMES.rework(AT))
ANGRY = replace(CALL, satisfaction=Satisfaction.DISSATISFIED, note="没有解决")
CLOSE = c.CloseTrack(conclusion="办结", by="p5", at=AT)
REOPEN = c.ReopenTrack(
    reason="又拖欠", reopen_by=TIMES.reopen_by(AT), by="p1", at=AT, timers=TIMES.reopened(Track.DISPUTE, AT)
)
TRIAGE = c.TriageReport(matter=Matter.STAFF, note="", by="p1", at=AT)
VERIFY = d.StartVerification(by="p3", at=AT)
CONFIRM = d.ConfirmReport(note="属实", by="p3", at=AT, timers=TIMES.informing(AT))
DECLINE = d.DeclineFiling(note="不属实", by="p3", at=AT, timers=TIMES.informing(AT))
INFORM = d.InformReporter(text="已立案", by="p3", at=AT)
CLASSIFY = c.ClassifyOrder(order_kind=OrderKind.COMPLAINT, matter=Matter.FEES, note="", by="p1", at=AT)
SIGN, START = d.SignOrder(by="p4", at=AT), d.StartOrder(by="p4", at=AT)
REPLY = d.ReplyOrder(text="已处理", is_substantiated=True, by="p4", at=AT, timers=TIMES.calling_back(AT))
EXTEND = c.ExtendTrack(reason="需核实", told="电话告知", by="p1", at=AT, timers=())
MEDIATED = (DISPUTE, ROUTE, ACCEPT, MEDIATE, SAYS, ANSWERS, AGREE, NOTIFY, CALL, CLOSE)
VERIFIED = (REPORT, TRIAGE, ROUTE, VERIFY, CONFIRM, INFORM, CLOSE)
ANSWERED = (ORDER, CLASSIFY, ROUTE_ORDER, SIGN, START, REPLY, CALL, CLOSE)
STEPS = (
    DISPUTE, REPORT, ORDER, ROUTE, ROUTE_ORDER, RETURN, DIFFER, DECIDE, ACCEPT, REFUSE, MEDIATE, SAYS, ANSWERS,
    APPRAISE, APPRAISED, AGREE, TERMINATE, NOTIFY, WITHDRAW, CALL, ANGRY, CLOSE, REOPEN, TRIAGE, VERIFY, CONFIRM,
    DECLINE, INFORM, CLASSIFY, SIGN, START, REPLY, EXTEND,
    opening(Track.DISPUTE, is_anonymous=True),
    c.RespondFirst(note="已致电", by="p1", at=AT),
    c.ListTrack(reason="媒体", by="p9", at=AT),
    c.LinkTrack(other=UUID(int=8), likeness=Likeness.SAME_MATTER, reason="同店", by="p1", at=AT),
    c.MergeTrack(
        into=UUID(int=8), into_kind=Track.DISPUTE, into_is_open=True, reason="同一事项", by="p1", at=AT
    ),
    c.UnmergeTrack(reason="不是一回事", by="p1", at=AT),
    c.NoteTrackAttributed(institution_id=UUID(int=3), department="education", region="3301", category="sport", at=AT),
    c.NoteClosedElsewhere(status="已办结", result="已答复", at=AT),
    d.NameContract(contract_id=UUID(int=71), reason="补充", by="p2", at=AT),
    d.AskLedgerExtract(request_id=UUID(int=72), contract_id=CONTRACT, purpose="核对课时", by="p2", at=AT),
    c.OrderOnSiteCheck(task_id=UUID(int=73), reason="看现场", by="p3", at=AT),
    *(kind(clock=clock, at=LATE) for clock in TrackClock for kind in (c.RemindTrack, c.SuperviseTrack)),
)  # fmt: skip


def after(*commands: Any) -> Known:
    """The track after these."""
    state: Any = TRACK.initial
    for command in commands:
        state = TRACK.fold(TRACK.decide(command, state), state)
    assert isinstance(state, Known)
    return state
