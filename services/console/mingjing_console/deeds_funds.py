"""Deeds on fund alerts, custody accounts, reconciliation breaks and contracts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mingjing_console.asking import Asked
from mingjing_console.deeds import BASIS, WHY, Deed, day, one_of, text, yes
from mingjing_console.funds_words import BREAK_DISPOSAL, DISPOSAL, FREEZE_CAUSE

_EVIDENCE: Final = text("evidence", "证据或文书", "Evidence or document", "long")
_ORDER: Final = text("order_no", "文书号", "Number of the order")
_DOCUMENT: Final = text("document_no", "文书编号", "Document")
_SAID: Final = frozenset({"reason", "legal_basis"})
"""Stand beside the fact in the log, not in it."""

ALERT: Mapping[str, Deed] = MappingProxyType(
    {
        "acknowledge-alert": Deed(path="/acknowledgement"),
        "verify-alert": Deed(path="/verification"),
        "judge-alert": Deed(
            path="/judgement",
            asks=(yes("is_confirmed", "是否属实（否为误报）", "It is so; no: a false alarm"), _EVIDENCE),
        ),
        "plan-disposal": Deed(
            path="/plan",
            asks=(text("plan", "处置方案：做什么、谁来做、何时完成", "What, by whom, until when", "long"),),
        ),
        "resolve-alert": Deed(path="/resolution"),
        "close-alert": Deed(
            path="/closing", asks=(one_of("disposal", "处置结果", "How it ended", DISPOSAL), _EVIDENCE)
        ),
    }
)
ACCOUNT: Mapping[str, Deed] = MappingProxyType(
    {
        "sign-agreement": Deed(
            path="/agreement",
            asks=(
                text("agreement_no", "协议编号", "Agreement"),
                Asked(name="minimum_fen", zh="最低留存额度（元）", en="Minimum in yuan", kind="yuan"),
                day("signed_on", "签订日期", "Signed on"),
            ),
        ),
        "activate-account": Deed(
            path="/activation",
            asks=(
                text("number", "账号（15至20位数字）", "Account number, 15 to 20 digits"),
                day("opened_on", "开户日期", "Opened on"),
                Asked(name="opening_fen", zh="期初余额（元）", en="Opening balance in yuan", kind="yuan"),
                day("opening_on", "期初日期", "Opening balance of"),
            ),
        ),
        "propose-hold": Deed(path="/release-hold/proposal", asks=(WHY, BASIS), in_head=_SAID),
        "hold-releases": Deed(path="/release-hold", asks=(WHY, BASIS), in_head=_SAID),
        "lift-hold": Deed(path="/release-hold/lifting", asks=(WHY, BASIS), in_head=_SAID),
        "request-closing": Deed(
            path="/closing-request", asks=(yes("department_consents", "主管部门同意", "The department consents"),)
        ),
        "close-account": Deed(path="/closing"),
        "enter-freeze": Deed(
            path="/freezes",
            asks=(
                _ORDER,
                text("authority", "冻结机关", "Which body"),
                BASIS,
                Asked(
                    name="amount_fen",
                    zh="冻结金额（元，整户冻结留空）",
                    en="Amount in yuan; empty: the whole account",
                    kind="yuan",
                    required=False,
                ),
                day("frozen_on", "冻结日期", "Frozen on"),
                day("until", "到期日", "Until", required=False),
            ),
        ),
        "enter-unfreeze": Deed(
            path="/freezes/lifting", asks=(_ORDER, _DOCUMENT, day("unfrozen_on", "解冻日期", "Ended on"))
        ),
        "explain-entry": Deed(
            path="/entries/{flow}/explanation",
            asks=(
                text("flow", "银行流水号", "The bank's number of the entry"),
                text("number", "对应的缴费、指令或退费单号", "The payment, instruction or refund that it carries out"),
            ),
        ),
        "name-settlement-account": Deed(
            path="/settlement-account",
            asks=(
                text("payee_name", "收款户名", "Payee"),
                text("payee_account", "收款账号", "Payee's account"),
                _DOCUMENT,
            ),
        ),
    }
)
BREAK: Mapping[str, Deed] = MappingProxyType(
    {
        "resolve-break": Deed(
            path="/resolution", asks=(one_of("disposal", "处理方式", "How", BREAK_DISPOSAL), WHY, _EVIDENCE)
        )
    }
)
_DISPUTE: Final = text("reference", "投诉或退费编号", "Complaint or refund")
CONTRACT: Mapping[str, Deed] = MappingProxyType(
    {
        "freeze-order": Deed(path="/freezes", asks=(one_of("cause", "事由", "Cause", FREEZE_CAUSE), _DISPUTE)),
        "unfreeze-order": Deed(path="/freezes/end", asks=(_DISPUTE,)),
    }
)
CUSTODIAN: Mapping[str, Deed] = MappingProxyType(
    {
        "begin-bank-change": Deed(
            path="/change",
            asks=(
                text(
                    "account_id",
                    "新账户编号（本机构已申请并签约）",
                    "The new account's id: applied for, agreement signed",
                ),
                text(
                    "activation.number",
                    "新账号（账户已启用的，以下四项留空）",
                    "Its number, unless it is open",
                    required=False,
                ),
                day("activation.opened_on", "开户日期", "Opened on", required=False),
                Asked(
                    name="activation.opening_fen",
                    zh="期初余额（元）",
                    en="Opening balance in yuan",
                    kind="yuan",
                    required=False,
                ),
                day("activation.opening_on", "期初日期", "Opening balance of", required=False),
                text("reason", "变更原因", "Why"),
                yes("department_consents", "主管部门同意", "The department consents"),
            ),
        ),
        "note-balance-transfer": Deed(
            path="/transfer",
            asks=(
                Asked(name="amount_fen", zh="划转金额（元）", en="Amount in yuan", kind="yuan"),
                text("flow_out", "原银行流水号", "Booking at the old bank", required=False),
                text("flow_in", "新银行流水号", "Booking at the new bank", required=False),
            ),
        ),
        "carry-contracts": Deed(path="/contracts"),
        "reconcile-bank-change": Deed(path="/reconciliation"),
        "abandon-bank-change": Deed(path="/abandonment", asks=(text("reason", "放弃原因", "Why it is given up"),)),
    }
)
