"""The steps of a track over HTTP (投诉办理): a table row an address, with what it asks for and which clocks start.

One rule: an address is a row of ``STEPS``; its command takes the words of the body, who says them and when, and the
clocks that follow by the numbers that the complaint falls under.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel

from mingjing_inspection import acts_tracks as acts
from mingjing_inspection.api import track_bodies as b
from mingjing_inspection.api.complaint_track_access import Standing, done, permitted, standing_as
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.codec_tracks import TRACKS
from mingjing_inspection.domain import track_commands as c
from mingjing_inspection.domain import track_handling_commands as d
from mingjing_inspection.domain.complaint_track import Known
from mingjing_inspection.domain.dispatching import Suggestion
from mingjing_inspection.domain.finding_terms import Matter
from mingjing_inspection.domain.track_order import extended, hindrance
from mingjing_inspection.domain.track_terms import Timer
from mingjing_inspection.intake.complaint_routes import ROUTING_WANTED, whose
from mingjing_inspection.intake.track_times import TIMES_WANTED, times_by
from mingjing_inspection.policy.complaint_times import Times
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Accepted, Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Act, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.policy import Policy

Timers: TypeAlias = tuple[Timer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking:
    """A step as it is taken: on what, by whom, when, and which numbers count."""

    item: Standing
    known: Known
    times: Times
    routing: tuple[Policy, Policy]
    by: str
    at: datetime

    def suggestion(self, matter: Matter) -> Suggestion:
        """Whose it is by the table in force on the day of its receipt."""
        item, day = self.item, shanghai_date(self.known.received_at)
        is_looked_at = bool(item.known.escalated_to)
        return whose(self.routing, matter, day, item.region, item.category, is_looked_at=is_looked_at)


Command: TypeAlias = Callable[[Any, Taking], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One address below a track."""

    path: str
    summary: str
    said: str
    act: Act
    body: type[BaseModel]
    command: Command


def _made(kind: Callable[..., Any], timers: Callable[[Taking], Timers] | None = None) -> Command:
    """The command with the words of the body, who says them and when, and the clocks that it starts."""

    def made(body: BaseModel, taking: Taking) -> Any:
        more = {} if timers is None else {"timers": timers(taking)}
        words = {name: tuple(one) if isinstance(one, list) else one for name, one in dict(body).items()}
        return kind(**words, by=taking.by, at=taking.at, **more)

    return made


def _route(body: b.RoutingBody, taking: Taking) -> c.RouteTrack:
    known = taking.known
    matter = body.matter or known.matter or Matter.OTHER
    return c.RouteTrack(
        matter=matter,
        department=body.department,
        suggestion=taking.suggestion(matter),
        reason=body.reason,
        by=taking.by,
        at=taking.at,
        timers=taking.times.routed(known.kind, known.order_kind, taking.at),
    )


def _decide(body: b.JurisdictionDecisionBody, taking: Taking) -> c.DecideJurisdiction:
    known = taking.known
    return c.DecideJurisdiction(
        department=body.department,
        suggestion=taking.suggestion(known.matter or Matter.OTHER),
        reason=body.reason,
        by=taking.by,
        at=taking.at,
        timers=taking.times.routed(known.kind, known.order_kind, taking.at),
    )


def _return(body: b.TrackReturnBody, taking: Taking) -> c.ReturnTrack:
    return c.ReturnTrack(
        **body.model_dump(),
        return_by=taking.times.return_by(taking.known.routed_at or taking.at),
        by=taking.by,
        at=taking.at,
        timers=(taking.times.routing(taking.at),),
    )


def _reopen(body: b.TrackReasonBody, taking: Taking) -> c.ReopenTrack:
    return c.ReopenTrack(
        reason=body.reason,
        reopen_by=taking.times.reopen_by(taking.known.closed_at or taking.at),
        by=taking.by,
        at=taking.at,
        timers=taking.times.reopened(taking.known.kind, taking.at),
    )


def _extended(taking: Taking) -> Timers:
    """Where no clock runs, the track refuses the step before it looks at the clocks."""
    clock = extended(taking.known)
    return () if clock is None else taking.times.extended(taking.known.clocks[clock])


def _resumed(taking: Taking) -> Timers:
    known = taking.known
    if known.paused is None or known.paused_at is None:
        return ()
    return taking.times.resumed(known.paused, known.paused_at, taking.at)


def _step(path: str, summary: str, said: str, act: Act, body: type[BaseModel], command: Command) -> Step:
    return Step(path=path, summary=summary, said=said, act=act, body=body, command=command)


STEPS: Final = (
    _step("triage", "甄别举报 what a report is about", "Once, before it is routed.", acts.TRIAGE_REPORT,
          b.TriageBody, _made(c.TriageReport)),
    _step("classification", "工单分类 what a caller wants", "Its kind has a time.", acts.CLASSIFY_ORDER,
          b.ClassificationBody, _made(c.ClassifyOrder)),
    _step("routing", "转办、派单 give it to a department", "By the table, or elsewhere with a reason.",
          acts.ROUTE_TRACK, b.RoutingBody, _route),
    _step("return", "退回、退单 send it back", "Once, within the time, with whose it is.", acts.RETURN_TRACK,
          b.TrackReturnBody, _return),
    _step("jurisdiction", "提出管辖争议 departments differ", "They agree within the time, or their superior decides.",
          acts.DISPUTE_JURISDICTION, b.JurisdictionBody,
          _made(c.DisputeJurisdiction, lambda taking: taking.times.jurisdiction(taking.at))),
    _step("jurisdiction-decision", "指定管辖 whose it is for good", "By somebody who did not differ.",
          acts.DECIDE_JURISDICTION, b.JurisdictionDecisionBody, _decide),
    _step("first-response", "首次响应 speak with the caller first", "Money may be in danger.", acts.RESPOND_FIRST,
          b.NoteBody, _made(c.RespondFirst)),
    _step("acceptance", "受理 accept a dispute", "A refund dispute freezes the release of its order (X9).",
          acts.ACCEPT_DISPUTE, b.AcceptanceBody,
          _made(d.AcceptDispute, lambda taking: taking.times.mediation(taking.at))),
    _step("refusal", "不予受理 do not accept a dispute", "On a ground of the instrument that it falls under.",
          acts.REFUSE_DISPUTE, b.RefusalBody, _made(d.RefuseDispute)),
    _step("contract", "补充合同 which order it is about", "Found out after the acceptance.", acts.NAME_CONTRACT,
          b.ContractBody, _made(d.NameContract)),
    _step("mediation", "开始调解 ask both sides to talk", "After the acceptance.", acts.START_MEDIATION,
          b.NothingBody, _made(d.StartMediation)),
    _step("statements", "记录陈述 what a side says", "Numbers of persons in it are masked.", acts.TAKE_STATEMENT,
          b.StatementBody, _made(d.TakeStatement)),
    _step("appraisal", "委托鉴定 have something appraised", "The time of the mediation stands still.",
          acts.BEGIN_APPRAISAL, b.AppraisalBody, _made(d.BeginAppraisal)),
    _step("appraisal-result", "鉴定完成 the appraisal is there", "What was left of the time is left now.",
          acts.END_APPRAISAL, b.AppraisalResultBody, _made(d.EndAppraisal, _resumed)),
    _step("agreement", "达成调解 write down what both agreed", "After both were heard.", acts.REACH_AGREEMENT,
          b.AgreementBody, _made(d.ReachAgreement, lambda taking: taking.times.notification(taking.at))),
    _step("termination", "终止调解 there is no agreement", "On a ground of the instrument that it falls under.",
          acts.TERMINATE_MEDIATION, b.TerminationBody,
          _made(d.TerminateMediation, lambda taking: taking.times.notification(taking.at))),
    _step("withdrawal", "撤回投诉 take the dispute back", "For the complainant; a report in the same message goes on.",
          acts.WITHDRAW_DISPUTE, b.TrackReasonBody, _made(d.WithdrawDispute)),
    _step("notification", "告知投诉人 tell the complainant", "How the mediation ended, in plain words.",
          acts.NOTIFY_COMPLAINANT, b.TextBody,
          _made(d.NotifyComplainant, lambda taking: taking.times.follow_up(taking.at))),
    _step("verification", "开始核查 look into a report", "The time runs since the receipt.", acts.START_VERIFICATION,
          b.NothingBody, _made(d.StartVerification)),
    _step("filing-proposal", "属实、建议立案 it is so", "A lead with the proposal of a case follows by itself (X7).",
          acts.CONFIRM_REPORT, b.NoteBody, _made(d.ConfirmReport, lambda taking: taking.times.informing(taking.at))),
    _step("no-filing", "不予立案 no case is proposed", "With the reason.", acts.DECLINE_FILING, b.NoteBody,
          _made(d.DeclineFiling, lambda taking: taking.times.informing(taking.at))),
    _step("informing", "告知举报人 tell who reported", "In plain words; under a real name within the time.",
          acts.INFORM_REPORTER, b.TextBody, _made(d.InformReporter)),
    _step("signing", "签收 have it in hand", "By the department that it was given to.", acts.SIGN_ORDER,
          b.NothingBody, _made(d.SignOrder)),
    _step("handling", "开始办理 work on it", "After it was signed.", acts.START_ORDER, b.NothingBody,
          _made(d.StartOrder)),
    _step("reply", "答复 answer the caller", "In plain words.", acts.REPLY_ORDER, b.ReplyBody,
          _made(d.ReplyOrder, lambda taking: taking.times.calling_back(taking.at))),
    _step("extension", "延期 more time, once", "By somebody who does not handle it; the caller is told why.",
          acts.EXTEND_TRACK, b.TrackExtensionBody, _made(c.ExtendTrack, _extended)),
    _step("call-back", "回访 ask how it was handled", "By somebody else; dissatisfied, a work order is done once more.",
          acts.CALL_BACK, b.CallBackBody, _made(c.CallBack, lambda taking: taking.times.rework(taking.at))),
    _step("closure", "办结 close it", "By somebody who did not handle it.", acts.CLOSE_TRACK, b.TrackClosureBody,
          _made(c.CloseTrack)),
    _step("reopening", "重新打开 open it again", "Within the window.", acts.REOPEN_TRACK, b.TrackReasonBody, _reopen),
    _step("listing", "挂牌督办 put it on the superior's list", "Repeated, or in the media; an official decides.",
          acts.LIST_TRACK, b.TrackReasonBody, _made(c.ListTrack)),
    _step("unmerging", "取消并案 they are two after all", "With the clocks that it had.", acts.UNMERGE_TRACK,
          b.TrackReasonBody, _made(c.UnmergeTrack)),
)  # fmt: skip


def make_router(kit: Kit) -> Router:
    """Below one track."""
    router = Router(prefix="/complaint-tracks/{track_id}", tags=["complaint-track 投诉办理"])
    for step in STEPS:
        _mount(router, kit, step)
    return router


def _mount(router: Router, kit: Kit, step: Step) -> None:
    async def take(
        track_id: UUID,
        body: Any,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        taking = await taken(kit, track_id, scope, written)
        command = step.command(body, taking)
        grounds = grounded(written, _reason(body))
        return await done(kit, taking.item, step.act, command, scope, grounds, response)

    take.__name__ = step.act.name.replace("-", "_")
    take.__doc__ = step.said
    take.__annotations__["body"] = step.body
    router.post(f"/{step.path}", summary=step.summary)(take)


async def taken(kit: Kit, track_id: UUID, scope: Scope, written: Envelope) -> Taking:
    """What a step stands on: of a track that the caller sees; one look into the log for all of it."""
    wanted = [(TRACKS, track_id), *ROUTING_WANTED, *TIMES_WANTED]
    state, routing, competent, *rules = await kit.log.states_of(wanted)
    item = standing_as(state, track_id, scope)
    times = times_by(rules, item.known.received_at, item.region, item.category)
    return Taking(
        item=item, known=item.known, times=times, routing=(routing, competent), by=written.actor, at=kit.now()
    )


def allowed(taking: Taking, act: Act, scope: Scope) -> None:
    """Raise why the caller may not, or the track does not take the step: before anything else is written for it."""
    permitted(taking.item, act, scope)
    assert act.asks is not None, "every act of a track that is a step asks for a command"
    if (why := hindrance(act.asks, taking.known)) is not None:
        raise why


def _reason(body: BaseModel) -> str:
    """What the body gives as the reason: its first words."""
    words = ("reason", "note", "text", "conclusion", "told", "subject", "result")
    return next((getattr(body, name) for name in words if getattr(body, name, "")), "")
