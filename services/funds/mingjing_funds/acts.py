"""What a person may do to the things of this service, declared once: roles, titles, and what takes another person.

One rule: no alert is closed by the person who took it on, and no release hold approved by who proposed one.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

from mingjing_funds.domain import account as a
from mingjing_funds.domain import contract as c
from mingjing_funds.domain import lesson, order, refund, refund_list
from mingjing_funds.domain.alerting import life_facts as life
from mingjing_funds.domain.family import CorrectFamily
from mingjing_kernel.identity import Act, Role, roles

WRITERS: Final = roles(Role.FUND_REGULATOR, Role.ADMINISTRATOR)
REGULATORS: Final = roles(Role.FUND_REGULATOR)
"""Who deals with alerts; an administrator edits the rules that raise them, and so does not."""
APPROVERS: Final = roles(Role.APPROVER)


def _writing(name: str, zh: str, en: str, asks: type | None = None) -> Act:
    return Act(name=name, zh=zh, en=en, roles=WRITERS, asks=asks)


def _alert(fact: life.AlertAcknowledged | life.AlertClosed) -> Hashable:
    return fact.alert_id


SEND_FILE = _writing("send-file", "导入文件", "send a file")
MEND_ROW = _writing("mend-row", "更正搁置行", "mend the row and take it")
EVALUATE_ALERTS = _writing("evaluate-alerts", "评估预警规则", "evaluate the alert rules")

APPLY_FOR_ACCOUNT = _writing("apply-for-account", "申请开户", "apply for a custody account")
SIGN_AGREEMENT = _writing("sign-agreement", "签订托管协议", "sign the custody agreement", a.SignAgreement)
ACTIVATE_ACCOUNT = _writing("activate-account", "登记开户", "note that the account is open", a.ActivateAccount)
PROPOSE_HOLD = Act(
    name="propose-hold",
    zh="建议暂停拨付",
    en="propose a release hold",
    roles=REGULATORS,
    asks=a.ProposeHold,
    leaves=(a.ReleaseHoldProposed,),
)
HOLD_RELEASES = Act(
    name="hold-releases",
    zh="批准暂停拨付",
    en="approve a release hold",
    roles=APPROVERS,
    asks=a.HoldReleases,
    leaves=(a.ReleaseHoldApplied,),
    apart_from=frozenset({"propose-hold"}),
)
LIFT_HOLD = Act(name="lift-hold", zh="解除暂停拨付", en="lift the release hold", roles=APPROVERS, asks=a.LiftHold)
REQUEST_CLOSING = _writing("request-closing", "申请销户", "ask to close the account", a.RequestClosing)
CLOSE_ACCOUNT = _writing("close-account", "登记销户", "note that the account is closed", a.CloseAccount)
SIGN_CONTRACT = _writing("sign-contract", "签订培训合同", "sign a contract")
ACCOUNT_ACTS = (
    SIGN_AGREEMENT, ACTIVATE_ACCOUNT, SIGN_CONTRACT, PROPOSE_HOLD, HOLD_RELEASES, LIFT_HOLD,
    REQUEST_CLOSING, CLOSE_ACCOUNT,
)  # fmt: skip

RECORD_PAYMENT = _writing("record-payment", "登记缴费", "record the payment", c.RecordPayment)
REPORT_LESSON = _writing("report-lesson", "登记课消", "report a lesson", c.ReportLesson)
REQUEST_REFUND = _writing("request-refund", "申请退费", "ask for a refund", c.RequestRefund)
ANSWER_REFUND = _writing("answer-refund", "答复退费", "answer a refund request", c.AnswerRefund)
PAY_REFUND = _writing("pay-refund", "登记退费到账", "note that a refund was paid", c.PayRefund)
OPEN_FAMILY = Act(
    name="open-family",
    zh="查看家庭信息",
    en="open who a contract names",
    roles=roles(Role.FUND_REGULATOR, Role.CASE_OFFICER),
)
"""Who pays a family back, or takes its statement; an administrator needs nobody's name."""
CORRECT_FAMILY = _writing("correct-family", "更正家庭信息", "put a family's particulars right", CorrectFamily)

# -- the family's side: lessons, orders, refunds
AGREE_CLAUSES = _writing("agree-clauses", "登记合同约定", "write down the clauses", order.AgreeClauses)
ASK_CONFIRMATION = _writing("ask-confirmation", "请求确认课时", "ask for confirmation", lesson.AskConfirmation)
ASK_RATING = Act(
    name="ask-rating",
    zh="发放评价码",
    en="send a code to rate by",
    roles=roles(Role.FUND_REGULATOR, Role.CASE_OFFICER),
    asks=lesson.AskRating,
)
"""Who may open the code, too, and reads it to the guardian; never the institution that is rated."""
DISPUTE_LESSON = _writing("dispute-lesson", "登记课时异议", "take up a dispute about a lesson", lesson.DisputeLesson)
SETTLE_LESSON = Act(
    name="settle-lesson",
    zh="裁定课时异议",
    en="decide about a disputed lesson",
    roles=REGULATORS,
    asks=lesson.SettleLesson,
)
DECIDE_ALTERATION = Act(
    name="decide-alteration",
    zh="裁定课时变更",
    en="decide which version of a lesson stands",
    roles=REGULATORS,
    asks=lesson.DecideAlteration,
)
TRANSFER_CONTRACT = _writing("transfer-contract", "转让合同", "transfer what is left", order.TransferOut)
FREEZE_ORDER = Act(
    name="freeze-order",
    zh="暂停合同拨付",
    en="stop the releases of this contract",
    roles=REGULATORS,
    asks=order.FreezeRelease,
)
UNFREEZE_ORDER = Act(
    name="unfreeze-order",
    zh="恢复合同拨付",
    en="let its releases go on",
    roles=REGULATORS,
    asks=order.UnfreezeRelease,
)
RELEASE_SHARE = _writing("release-share", "按合同拨付", "release a share of this contract", order.ReleaseShare)
TAKE_SHARE_BACK = _writing("take-share-back", "收回拨付指令", "take a release instruction back", order.TakeShareBack)
OBJECT_TO_COOLING_OFF = _writing(
    "object-to-cooling-off", "对冷静期退费提出异议", "object to a cooling-off", refund.ObjectToCoolingOff
)
MEDIATE_REFUND = _writing("mediate-refund", "转入调解", "take a refund to mediation", refund.TakeToMediation)
END_MEDIATION = _writing("end-mediation", "登记调解结果", "note what the mediation came to", refund.EndMediation)
INSTRUCT_REFUND = _writing("instruct-refund", "下达退费指令", "tell the bank to pay", refund.InstructRefund)
FAIL_REFUND = _writing("fail-refund", "登记退费失败", "note that the bank could not pay", refund.FailRefund)
STAY_REFUND = _writing("stay-refund", "因司法冻结中止退费", "put a refund on hold for a court", refund.StayRefund)
RESUME_REFUND = _writing("resume-refund", "恢复退费", "let a refund go on", refund.ResumeRefund)
CLOSE_REFUND = _writing("close-refund", "办结退费", "close a refund", refund.CloseRefund)
CONTRACT_ACTS = (
    RECORD_PAYMENT, REPORT_LESSON, REQUEST_REFUND, ANSWER_REFUND, PAY_REFUND, OPEN_FAMILY, CORRECT_FAMILY,
    AGREE_CLAUSES, ASK_CONFIRMATION, ASK_RATING, DISPUTE_LESSON, SETTLE_LESSON, DECIDE_ALTERATION, TRANSFER_CONTRACT,
    FREEZE_ORDER, UNFREEZE_ORDER, OBJECT_TO_COOLING_OFF, MEDIATE_REFUND, END_MEDIATION, INSTRUCT_REFUND, FAIL_REFUND,
    STAY_REFUND, RESUME_REFUND, CLOSE_REFUND, RELEASE_SHARE, TAKE_SHARE_BACK,
)  # fmt: skip


DRAW_REFUND_LIST = Act(
    name="draw-refund-list",
    zh="编制退费名册",
    en="draw up a refund list",
    roles=REGULATORS,
    asks=refund_list.DrawList,
    leaves=(refund_list.ListDrawn,),
)
APPROVE_REFUND_LIST = Act(
    name="approve-refund-list",
    zh="批准退费名册",
    en="approve the refund list",
    roles=APPROVERS,
    asks=refund_list.ApproveList,
    leaves=(refund_list.ListApproved,),
    apart_from=frozenset({"draw-refund-list"}),
)
WITHDRAW_REFUND_LIST = Act(
    name="withdraw-refund-list",
    zh="撤回退费名册",
    en="withdraw the refund list",
    roles=REGULATORS,
    asks=refund_list.WithdrawList,
)
REFUND_LIST_ACTS = (DRAW_REFUND_LIST, APPROVE_REFUND_LIST, WITHDRAW_REFUND_LIST)

ACKNOWLEDGE_ALERT = Act(
    name="acknowledge-alert",
    zh="认领预警",
    en="take the alert on",
    roles=REGULATORS,
    asks=life.Acknowledge,
    leaves=(life.AlertAcknowledged,),
    thing=_alert,
)
VERIFY_ALERT = Act(name="verify-alert", zh="开始核查", en="begin to verify", roles=REGULATORS, asks=life.StartVerifying)
JUDGE_ALERT = Act(name="judge-alert", zh="认定预警", en="judge the alert", roles=REGULATORS, asks=life.Judge)
PLAN_DISPOSAL = Act(
    name="plan-disposal", zh="制定处置方案", en="plan what is done about it", roles=REGULATORS, asks=life.PlanDisposal
)
RESOLVE_ALERT = Act(
    name="resolve-alert", zh="确认化解", en="say that the risk is gone", roles=REGULATORS, asks=life.Resolve
)
CLOSE_ALERT = Act(
    name="close-alert",
    zh="办结预警",
    en="close the alert",
    roles=REGULATORS,
    asks=life.Close,
    leaves=(life.AlertClosed,),
    thing=_alert,
    apart_from=frozenset({"acknowledge-alert"}),
)
ALERT_ACTS = (ACKNOWLEDGE_ALERT, VERIFY_ALERT, JUDGE_ALERT, PLAN_DISPOSAL, RESOLVE_ALERT, CLOSE_ALERT)
