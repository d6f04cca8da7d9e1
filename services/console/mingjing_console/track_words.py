"""Chinese terms for complaints being handled: kinds, stages, clocks, facts and grounds; the English word beside it."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from mingjing_console.words import CHANNEL, Words

STAGE: Words = MappingProxyType(
    {
        "RECEIVED": ("已接收", "Received"),
        "SPLIT": ("已分流，待转办", "Split"),
        "CREATED": ("已生成，待分类", "Created"),
        "TRIAGED": ("已甄别，待转办", "Triaged"),
        "CLASSIFIED": ("已分类，待派单", "Classified"),
        "ROUTED": ("已转办", "Routed"),
        "DISPATCHED": ("已派单，待签收", "Dispatched"),
        "ACCEPTED": ("已受理", "Accepted"),
        "NOT_ACCEPTED": ("不予受理", "Not accepted"),
        "MEDIATING": ("调解中", "In mediation"),
        "SUSPENDED_APPRAISAL": ("鉴定中，调解时间暂停", "Appraisal, time stands still"),
        "AGREED": ("达成调解，待告知", "Agreed"),
        "TERMINATED": ("终止调解，待告知", "Terminated"),
        "NOTIFIED": ("已告知，待回访", "Notified"),
        "FOLLOWED_UP": ("已回访，待办结", "Followed up"),
        "VERIFYING": ("核查中", "Being verified"),
        "FILED": ("属实，已建议立案", "Case proposed"),
        "NOT_FILED": ("不予立案", "No case"),
        "INFORMED": ("已告知举报人", "Reporter informed"),
        "SIGNED": ("已签收", "Signed"),
        "RETURNED": ("已退单，待改派", "Returned"),
        "HANDLING": ("办理中", "In hand"),
        "EXTENDED": ("已延期", "Extended"),
        "REPLIED": ("已答复，待回访", "Replied"),
        "CALLBACK": ("已回访，待办结", "Called back"),
        "REWORK": ("重新办理", "Rework"),
        "SUPERVISED": ("不满意，督办中", "Supervised"),
        "CLOSED": ("已办结", "Closed"),
    }
)
CLOCK: Words = MappingProxyType(
    {
        "RESPOND": ("首次响应（涉资金安全）", "First response"),
        "ROUTE": ("转办、派单", "Route"),
        "SIGN": ("签收", "Sign"),
        "JURISDICTION": ("管辖争议协商", "Jurisdiction"),
        "ACCEPT": ("受理并告知", "Accept and tell"),
        "MEDIATE": ("调解", "Mediate"),
        "NOTIFY": ("告知调解结果", "Notify"),
        "FOLLOW_UP": ("回访", "Follow up"),
        "VERIFY": ("核查并决定是否立案", "Verify"),
        "INFORM": ("告知举报人", "Inform the reporter"),
        "HANDLE": ("办理并答复", "Handle and reply"),
        "CALL_BACK": ("工单回访", "Call back"),
    }
)
FACT: Words = MappingProxyType(
    {
        "track-opened": ("接收", "Opened"),
        "track-split": ("分流查重", "Split"),
        "track-closed-elsewhere": ("来源渠道已办结", "Closed by its channel"),
        "channel-closure-noted": ("来源渠道称已办结", "Its channel says that it is closed"),
        "track-attributed": ("认定被投诉机构", "Institution named"),
        "report-triaged": ("甄别举报", "Triaged"),
        "order-classified": ("工单分类", "Classified"),
        "track-routed": ("转办、派单", "Routed"),
        "track-returned": ("退回", "Returned"),
        "jurisdiction-disputed": ("提出管辖争议", "Jurisdiction disputed"),
        "track-responded": ("首次响应", "First response"),
        "track-extended": ("延期", "Extended"),
        "on-site-check-ordered": ("现场核查", "On-site check ordered"),
        "track-called-back": ("回访", "Called back"),
        "track-closed": ("办结", "Closed"),
        "track-reopened": ("重新打开", "Reopened"),
        "track-reminded": ("催办（期限已过八成）", "Reminded"),
        "track-supervised": ("超期督办", "Supervised"),
        "track-listed": ("挂牌督办", "Listed"),
        "track-linked": ("关联", "Linked"),
        "track-merged": ("并案", "Merged"),
        "track-unmerged": ("取消并案", "Parted"),
        "dispute-accepted": ("受理", "Accepted"),
        "dispute-not-accepted": ("不予受理", "Not accepted"),
        "contract-named": ("补充合同", "Contract named"),
        "mediation-started": ("开始调解", "Mediation started"),
        "statement-taken": ("记录陈述", "Statement"),
        "appraisal-begun": ("委托鉴定", "Appraisal begun"),
        "appraisal-ended": ("鉴定完成", "Appraisal ended"),
        "agreement-reached": ("达成调解", "Agreement"),
        "mediation-terminated": ("终止调解", "Mediation terminated"),
        "dispute-withdrawn": ("撤回投诉", "Withdrawn"),
        "complainant-notified": ("告知投诉人", "Complainant told"),
        "report-verification-started": ("开始核查", "Verification started"),
        "report-verified": ("属实、建议立案", "Verified"),
        "report-not-filed": ("不予立案", "No case"),
        "reporter-informed": ("告知举报人", "Reporter told"),
        "order-signed": ("签收", "Signed"),
        "order-handling-started": ("开始办理", "In hand"),
        "order-replied": ("答复", "Replied"),
        "ledger-extract-asked": ("调取资金台账", "Ledger asked for"),
    }
)
"""By the stored name of the fact, without service and version."""
OUTCOME: Words = MappingProxyType(
    {
        "AGREED": ("达成调解", "Agreed"),
        "TERMINATED": ("未达成调解", "Not agreed"),
        "NOT_ACCEPTED": ("不予受理", "Not accepted"),
        "WITHDRAWN": ("已撤回", "Withdrawn"),
        "SUBSTANTIATED": ("属实", "Substantiated"),
        "UNSUBSTANTIATED": ("不属实", "Unsubstantiated"),
        "REPLIED": ("已答复", "Replied"),
        "ELSEWHERE": ("由来源渠道办结", "Closed elsewhere"),
    }
)
GROUND: Words = MappingProxyType(
    {
        "OUTSIDE_REMIT": ("不属于本部门职责", "Outside the remit"),
        "HANDLED_ELSEWHERE": ("法院、仲裁机构或其他部门已处理", "Handled elsewhere"),
        "NOT_CONSUMER": ("不属于消费争议", "No consumer dispute"),
        "TOO_OLD": ("知道权益受损超过三年", "More than three years"),
        "DATA_MISSING": ("材料不齐，补正后仍不齐", "Data missing"),
        "IDENTITY_REFUSED": ("拒绝核实身份", "Identity refused"),
    }
)
ENDING: Words = MappingProxyType(
    {
        "NO_AGREEMENT": ("双方不能达成一致", "No agreement"),
        "PARTY_REFUSES": ("一方拒绝调解或无正当理由不参加", "A party refuses"),
        "TIME_OVER": ("期限届满未达成", "Time is over"),
        "SETTLED": ("双方自行和解", "Settled"),
        "TAKEN_ELSEWHERE": ("已起诉或申请仲裁", "Taken elsewhere"),
        "FABRICATED": ("捏造事实", "Fabricated"),
    }
)
SIDE: Words = MappingProxyType({"COMPLAINANT": ("投诉人", "Complainant"), "RESPONDENT": ("被投诉人", "Respondent")})
SATISFACTION: Words = MappingProxyType(
    {
        "SATISFIED": ("满意", "Satisfied"),
        "NEUTRAL": ("基本满意", "Neutral"),
        "DISSATISFIED": ("不满意", "Dissatisfied"),
        "UNREACHED": ("未接通", "Not reached"),
    }
)
LIKENESS: Words = MappingProxyType(
    {"SAME_PERSON": ("同一人反映", "Same person"), "SAME_MATTER": ("同一事项", "Same matter")}
)
ORDER_KIND: Words = MappingProxyType(
    {"CONSULTATION": ("咨询", "Question"), "HELP": ("求助", "Help"), "COMPLAINT": ("诉求、意见", "Complaint")}
)
LAW: Words = MappingProxyType(
    {
        "SAMR-20": ("市场监管总局令第20号（旧办法）", "SAMR Order 20"),
        "SAMR-121": ("市场监管总局令第121号", "SAMR Order 121"),
    }
)
IDENTITY: Words = MappingProxyType(
    {"NAMED": ("实名", "Named"), "CONFIDENTIAL": ("隐去身份", "Confidential"), "ANONYMOUS": ("匿名", "Anonymous")}
)
PURPOSE: Words = MappingProxyType(
    {
        "call-back": ("回访告知", "Call back"),
        "mediate": ("组织调解", "Mediate"),
        "investigate": ("调查取证", "Investigate"),
        "refund": ("办理退费", "Refund"),
        "transfer": ("移送案件", "Transfer"),
        "rights": ("答复本人权利请求", "Rights of the person"),
    }
)
SPOKEN: Words = MappingProxyType(
    {
        "added": ("补充情况", "Added"),
        "photo": ("补充照片", "Photo"),
        "call-back": ("答复回访", "Call-back"),
        "reopening": ("申请重新办理", "Asks to take it up again"),
        "withdrawal": ("撤回投诉", "Withdrawal"),
        "reply-noted": ("已答复：已阅，纳入办理", "Answered: noted"),
        "reply-called": ("已答复：已电话联系", "Answered: called"),
        "reply-more_needed": ("已答复：还需要材料", "Answered: more is needed"),
        "reply-taken_up": ("已答复：已重新办理", "Answered: taken up again"),
        "reply-not_taken_up": ("已答复：不再重新办理", "Answered: not taken up again"),
    }
)
REPLY: Words = MappingProxyType(
    {
        "NOTED": ("已阅，纳入办理", "Noted"),
        "CALLED": ("已电话联系", "Called"),
        "MORE_NEEDED": ("还需要材料，将电话联系", "More is needed; we call"),
        "TAKEN_UP": ("已重新办理", "Taken up again"),
        "NOT_TAKEN_UP": ("不再重新办理，将电话说明理由", "Not taken up again; we call and say why"),
    }
)
"""What a citizen is told of what she said: the same sentences for everybody."""
WHERE_FROM: Words = MappingProxyType(
    {**CHANNEL, "12345": ("12345 热线", "Hotline"), "12315": ("12315 平台", "Consumer hotline")}
)
SAID: Final = MappingProxyType(
    {
        "reason": "理由",
        "note": "情况",
        "told": "告知投诉人",
        "text": "内容",
        "subject": "鉴定事项",
        "result": "结果",
        "conclusion": "结论",
        "purpose": "目的",
        "status": "渠道状态",
        "terms": "协议条款",
    }
)
"""What was said with a fact, by the name of its field."""
OWNER_GROUND: Words = MappingProxyType(
    {
        "OWNER": ("按权责清单", "By the table"),
        "TOWN_FALLBACK": ("权责不明，属地兜底", "Nobody's: the town has it"),
        "GRID_FIRST": ("权责不明，先由网格核实", "Nobody's: the grid looks first"),
    }
)
