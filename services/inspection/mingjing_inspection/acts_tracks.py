"""What people do to the tracks of complaints (投诉办理), and who must be somebody else.

One rule: who handled it neither gives it more time, nor calls back, nor closes.
"""

from __future__ import annotations

from typing import Final

from mingjing_inspection.acts import INTAKE
from mingjing_inspection.domain import complaint_group as g
from mingjing_inspection.domain import track_commands as c
from mingjing_inspection.domain import track_facts as f
from mingjing_inspection.domain import track_handling_commands as d
from mingjing_inspection.domain import track_handling_facts as h
from mingjing_kernel.identity import Act, Role, roles

MEDIATORS: Final = roles(Role.MEDIATOR, Role.CASE_OFFICER)
VERIFIERS: Final = roles(Role.INSPECTOR, Role.CASE_OFFICER)
HANDLERS: Final = roles(Role.MEDIATOR, Role.CASE_OFFICER, Role.INSPECTOR, Role.LICENSING_OFFICER, Role.FUND_REGULATOR)
ROUTERS: Final = roles(Role.HOTLINE_OPERATOR, Role.MEDIATOR, Role.CASE_OFFICER, Role.APPROVER)
SUPERIORS: Final = roles(Role.APPROVER)
CLOSERS: Final = INTAKE | SUPERIORS
HANDLED: Final = frozenset({
    "accept-dispute", "refuse-dispute", "start-mediation", "reach-agreement", "terminate-mediation",
    "start-verification", "confirm-report", "decline-filing", "start-order", "reply-order",
})  # fmt: skip
"""Whoever did one of these has handled it."""


def _act(
    name: str,
    zh: str,
    en: str,
    several: frozenset[Role],
    asks: type,
    *leaves: type,
    apart_from: frozenset[str] = frozenset(),
) -> Act:
    return Act(name=name, zh=zh, en=en, roles=several, asks=asks, leaves=leaves, apart_from=apart_from)


OPEN_TRACK: Final = Act(name="open-track", zh="分流", en="handle a complaint as one more thing", roles=INTAKE)
TRIAGE_REPORT: Final = _act("triage-report", "甄别举报", "triage a report", INTAKE | VERIFIERS, c.TriageReport)
CLASSIFY_ORDER: Final = _act("classify-order", "工单分类", "classify a work order", INTAKE, c.ClassifyOrder)
ROUTE_TRACK: Final = _act("route-track", "转办、派单", "give it to a department", ROUTERS, c.RouteTrack)
RETURN_TRACK: Final = _act("return-track", "退回、退单", "send it back", HANDLERS, c.ReturnTrack, f.TrackReturned)
DISPUTE_JURISDICTION: Final = _act(
    "dispute-jurisdiction", "提出管辖争议", "say that departments differ", HANDLERS, c.DisputeJurisdiction,
    f.JurisdictionDisputed,
)  # fmt: skip
DECIDE_JURISDICTION: Final = _act(
    "decide-jurisdiction", "指定管辖", "decide whose it is", SUPERIORS, c.DecideJurisdiction, f.TrackRouted,
    apart_from=frozenset({"return-track", "dispute-jurisdiction"}),
)  # fmt: skip
RESPOND_FIRST: Final = _act(
    "respond-first", "首次响应", "speak with the caller first", INTAKE | HANDLERS, c.RespondFirst
)
EXTEND_TRACK: Final = _act(
    "extend-track", "同意延期", "give it more time", ROUTERS, c.ExtendTrack, f.TrackExtended, apart_from=HANDLED
)
ORDER_CHECK: Final = _act("order-on-site-check", "现场核查", "send somebody to look", HANDLERS, c.OrderOnSiteCheck)
CALL_BACK: Final = _act(
    "call-back", "回访", "ask how it was handled", INTAKE, c.CallBack, f.TrackCalledBack, apart_from=HANDLED
)
CLOSE_TRACK: Final = _act("close-track", "办结", "close it", CLOSERS, c.CloseTrack, f.TrackClosed, apart_from=HANDLED)
REOPEN_TRACK: Final = _act("reopen-track", "重新打开", "open it again", ROUTERS, c.ReopenTrack)
LIST_TRACK: Final = _act("list-track", "挂牌督办", "put it on the superior's list", SUPERIORS, c.ListTrack)
LINK_TRACK: Final = _act("link-track", "关联", "link it with another one", INTAKE, c.LinkTrack)
MERGE_TRACK: Final = _act("merge-track", "并案", "handle it with another one", INTAKE, c.MergeTrack)
UNMERGE_TRACK: Final = _act("unmerge-track", "取消并案", "part it from the other one", INTAKE, c.UnmergeTrack)
ACCEPT_DISPUTE: Final = _act(
    "accept-dispute", "受理", "accept a dispute", MEDIATORS, d.AcceptDispute, h.DisputeAccepted
)
REFUSE_DISPUTE: Final = _act(
    "refuse-dispute", "不予受理", "do not accept a dispute", MEDIATORS, d.RefuseDispute, h.DisputeNotAccepted
)
NAME_CONTRACT: Final = _act("name-contract", "补充合同", "say which order it is about", MEDIATORS, d.NameContract)
START_MEDIATION: Final = _act(
    "start-mediation", "开始调解", "start the mediation", MEDIATORS, d.StartMediation, h.MediationStarted
)
TAKE_STATEMENT: Final = _act("take-statement", "记录陈述", "write down a statement", MEDIATORS, d.TakeStatement)
BEGIN_APPRAISAL: Final = _act("begin-appraisal", "委托鉴定", "have something appraised", MEDIATORS, d.BeginAppraisal)
END_APPRAISAL: Final = _act("end-appraisal", "鉴定完成", "the appraisal is there", MEDIATORS, d.EndAppraisal)
REACH_AGREEMENT: Final = _act(
    "reach-agreement", "达成调解", "write down the agreement", MEDIATORS, d.ReachAgreement, h.AgreementReached
)
TERMINATE_MEDIATION: Final = _act(
    "terminate-mediation", "终止调解", "end the mediation", MEDIATORS, d.TerminateMediation, h.MediationTerminated
)
WITHDRAW_DISPUTE: Final = _act(
    "withdraw-dispute", "撤回投诉", "take the dispute back for the complainant", INTAKE, d.WithdrawDispute
)
NOTIFY_COMPLAINANT: Final = _act(
    "notify-complainant", "告知投诉人", "tell the complainant", MEDIATORS, d.NotifyComplainant
)
START_VERIFICATION: Final = _act(
    "start-verification", "开始核查", "look into a report", VERIFIERS, d.StartVerification, h.VerificationStarted
)
CONFIRM_REPORT: Final = _act(
    "confirm-report", "属实、建议立案", "it is so: propose a case", VERIFIERS, d.ConfirmReport, h.ReportVerified
)
DECLINE_FILING: Final = _act(
    "decline-filing", "不予立案", "propose no case", VERIFIERS, d.DeclineFiling, h.ReportNotFiled
)
INFORM_REPORTER: Final = _act(
    "inform-reporter", "告知举报人", "tell who reported", INTAKE | VERIFIERS, d.InformReporter
)
SIGN_ORDER: Final = _act("sign-order", "签收", "sign a work order", HANDLERS, d.SignOrder)
START_ORDER: Final = _act("start-order", "开始办理", "work on it", HANDLERS, d.StartOrder, h.OrderHandlingStarted)
REPLY_ORDER: Final = _act("reply-order", "答复", "answer the caller", HANDLERS, d.ReplyOrder, h.OrderReplied)
ASK_LEDGER: Final = _act(
    "ask-ledger-extract", "调取资金台账", "ask funds for the ledger of the order", HANDLERS, d.AskLedgerExtract
)
TRACK_ACTS: Final = (
    OPEN_TRACK, TRIAGE_REPORT, CLASSIFY_ORDER, ROUTE_TRACK, RETURN_TRACK, DISPUTE_JURISDICTION, DECIDE_JURISDICTION,
    RESPOND_FIRST, ACCEPT_DISPUTE, REFUSE_DISPUTE, NAME_CONTRACT, START_MEDIATION, TAKE_STATEMENT, BEGIN_APPRAISAL,
    END_APPRAISAL, REACH_AGREEMENT, TERMINATE_MEDIATION, WITHDRAW_DISPUTE, NOTIFY_COMPLAINANT, START_VERIFICATION,
    CONFIRM_REPORT, DECLINE_FILING, INFORM_REPORTER, SIGN_ORDER, START_ORDER, REPLY_ORDER, EXTEND_TRACK, ORDER_CHECK,
    ASK_LEDGER, CALL_BACK, CLOSE_TRACK, REOPEN_TRACK, LIST_TRACK, LINK_TRACK, MERGE_TRACK, UNMERGE_TRACK,
)  # fmt: skip
HANDLER_ACTS: Final = frozenset({
    RETURN_TRACK, DISPUTE_JURISDICTION, RESPOND_FIRST, ACCEPT_DISPUTE, REFUSE_DISPUTE, NAME_CONTRACT, START_MEDIATION,
    TAKE_STATEMENT, BEGIN_APPRAISAL, END_APPRAISAL, REACH_AGREEMENT, TERMINATE_MEDIATION, NOTIFY_COMPLAINANT,
    START_VERIFICATION, CONFIRM_REPORT, DECLINE_FILING, INFORM_REPORTER, SIGN_ORDER, START_ORDER, REPLY_ORDER,
    ORDER_CHECK, ASK_LEDGER,
})  # fmt: skip
"""What the department does that has it; the others are for the department whose file it is."""
GROUPERS: Final = ROUTERS
FORM_GROUP: Final = _act("form-group", "建立群体件", "form a group", GROUPERS, g.FormGroup)
JOIN_GROUP: Final = _act("join-group", "并入群体件", "take one more into the group", GROUPERS, g.JoinGroup)
LEAVE_GROUP: Final = _act("leave-group", "移出群体件", "let one go on alone", GROUPERS, g.LeaveGroup)
NAME_REPRESENTATIVES: Final = _act(
    "name-representatives", "确定代表人", "say who speaks for the people", GROUPERS, g.NameRepresentatives
)
APPOINT_MEDIATOR: Final = _act("appoint-mediator", "指定调解员", "one mediator for all", GROUPERS, g.AppointMediator)
DISSOLVE_GROUP: Final = _act("dissolve-group", "解散群体件", "dissolve the group", GROUPERS, g.DissolveGroup)
GROUP_ACTS: Final = (
    FORM_GROUP, JOIN_GROUP, LEAVE_GROUP, NAME_REPRESENTATIVES, APPOINT_MEDIATOR, DISSOLVE_GROUP,
)  # fmt: skip
NOTE_CALLS: Final = Act(name="note-calls", zh="接收话务", en="take in calls", roles=INTAKE)
