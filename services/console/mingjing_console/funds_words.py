"""Chinese terms for the codes of funds; the English word stands beside it on the screen."""

from __future__ import annotations

from types import MappingProxyType

from mingjing_console.words import Words

ALERT_STATE: Words = MappingProxyType(
    {
        "raised": ("已触发，待签收", "Raised"),
        "acknowledged": ("已签收，待核查", "Acknowledged"),
        "verifying": ("核查中", "Being verified"),
        "confirmed": ("属实，待处置", "Confirmed"),
        "false-positive": ("误报，待办结", "False alarm"),
        "disposing": ("处置中", "Being dealt with"),
        "resolved": ("已化解，待办结", "Resolved"),
        "closed": ("已办结", "Closed"),
        "cleared": ("自动解除", "Cleared by itself"),
    }
)
ALERT_CLOCK: Words = MappingProxyType(
    {
        "alert-acknowledge": ("签收", "to take it on"),
        "alert-verify": ("核查", "to verify"),
        "alert-plan": ("处置方案", "to plan"),
    }
)
DISPOSAL: Words = MappingProxyType(
    {
        "topped-up": ("已补足资金", "Topped up"),
        "refunded": ("已退费", "Refunded"),
        "hold-applied": ("已暂停拨付", "Releases were stopped"),
        "case-filed": ("已立案", "A case was filed"),
        "false-positive": ("误报", "False alarm"),
        "other": ("其他", "Other"),
    }
)
COLUMN: Words = MappingProxyType(
    {
        "payment": ("缴费", "Payment"),
        "release": ("拨付", "Release"),
        "refund": ("退费", "Refund"),
        "interest": ("利息", "Interest"),
        "fee": ("手续费", "Fee"),
        "suspense": ("待查", "In suspense"),
    }
)
BREAK_STATE: Words = MappingProxyType(
    {
        "open": ("待处理", "Open"),
        "righted": ("已自行消除", "Righted by itself"),
        "resolved": ("已处理", "Resolved"),
    }
)
BREAK_KIND: Words = MappingProxyType(
    {
        "payment-not-credited": ("缴费未入账", "Payment not credited"),
        "payment-credited-elsewhere": ("缴费记入他户", "Credited to another account"),
        "credit-of-another-account": ("收到他户缴费", "Credit of another account"),
        "credit-unexplained": ("有入账无缴费记录", "Credit without a payment"),
        "debit-without-instruction": ("无指令支出", "Debit without an instruction"),
        "paid-twice": ("重复支付", "Paid twice"),
        "payment-amount-differs": ("缴费金额不符", "Payment differs"),
        "release-amount-differs": ("拨付金额不符", "Release differs"),
        "refund-amount-differs": ("退费金额不符", "Refund differs"),
        "instruction-not-executed": ("指令未执行", "Instruction not carried out"),
        "instruction-failed-for-lack-of-money": ("余额不足未付", "Not paid: too little money"),
        "fee-charged": ("托管账户被收费", "A fee was charged"),
        "entries-not-delivered": ("流水未送达", "Entries not delivered"),
        "release-without-its-payment": ("拨付后缴费被冲正", "Released, and its payment was reversed"),
    }
)
BREAK_SIDE: Words = MappingProxyType(
    {"orders": ("订单", "Orders"), "ledger": ("托管账", "Custody ledger"), "bank": ("银行", "Bank")}
)
BREAK_DISPOSAL: Words = MappingProxyType(
    {
        "paid-in": ("已另行入账", "Came another way"),
        "corrected-by-bank": ("银行已更正", "Corrected by the bank"),
        "orders-corrected": ("订单已更正", "Orders were corrected"),
        "claimed": ("已责令返还", "Somebody owes it by a decision"),
        "case-filed": ("已立案", "A case was filed"),
        "accepted": ("认可差异", "Accepted as it is"),
    }
)
ORDER_STATE: Words = MappingProxyType(
    {
        "ordered": ("待发送", "Ordered"),
        "withdrawn": ("已撤回", "Withdrawn"),
        "sent": ("已发送银行", "Sent to the bank"),
        "accepted": ("银行已受理", "Accepted by the bank"),
        "refused": ("银行拒绝", "Refused by the bank"),
        "stopped": ("已停止", "Stopped"),
        "executed": ("已执行", "Carried out"),
        "returned": ("已冲正退回", "Taken back by the bank"),
    }
)
DIRECTION: Words = MappingProxyType({"release": ("拨付", "Release"), "refund": ("退费", "Refund")})
REFUND_STATE: Words = MappingProxyType(
    {
        "requested": ("已申请", "Requested"),
        "institution-review": ("机构审核中", "With the institution"),
        "agreed": ("已同意", "Agreed"),
        "auto-agreed": ("逾期未答复，视为同意", "Agreed by silence"),
        "refused": ("已拒绝", "Refused"),
        "mediation": ("调解中", "In mediation"),
        "instructed": ("已下达指令", "Instructed"),
        "failed": ("退费失败", "Failed"),
        "paid": ("已到账", "Paid"),
        "closed": ("已办结", "Closed"),
    }
)
REFUND_KIND: Words = MappingProxyType(
    {
        "reported": ("机构报送", "Reported"),
        "ordinary": ("一般退费", "Ordinary"),
        "cooling-off": ("冷静期退费", "Cooling-off"),
        "granted": ("部门批准", "Granted by the department"),
    }
)
ORDER_STAGE: Words = MappingProxyType(
    {
        "draft": ("草稿", "Draft"),
        "signed": ("已签订，未缴费", "Signed, not paid"),
        "paid": ("已缴费", "Paid"),
        "in-delivery": ("履行中", "In delivery"),
        "completed": ("已上完", "Completed"),
        "cooling-off": ("冷静期退费中", "Cooling-off"),
        "refunding": ("退费中", "Refunding"),
        "refunded": ("已全额退费", "Refunded"),
        "partially-refunded": ("已部分退费", "Refunded in part"),
        "transferred": ("已转让", "Transferred"),
    }
)
FREEZE_CAUSE: Words = MappingProxyType(
    {"refund-dispute": ("退费争议", "Dispute about a refund"), "complaint": ("投诉举报", "Complaint")}
)
