"""Deeds on a blacklisting file, from proposal to removal, and on likenesses."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mingjing_console.asking import Asked
from mingjing_console.deeds import RECEIVED, REFERENCE, SERVED, WHY, Deed, day, number, one_of, text, yes
from mingjing_console.words import Words

GRADE: Words = MappingProxyType(
    {"minor": ("轻微", "Minor"), "general": ("一般", "General"), "serious": ("严重", "Serious")}
)
WITHDRAWN: Words = MappingProxyType(
    {"annulled": ("所依据的处罚被撤销", "Its penalty was annulled"), "corrected": ("列入有误", "It was an error")}
)
ANNULLER: Words = MappingProxyType(
    {
        "reconsideration": ("行政复议机关", "The reconsideration authority"),
        "court": ("人民法院", "The court"),
        "authority": ("作出决定的机关", "The authority that had decided"),
    }
)
_GROUNDS: Final = (
    one_of("grade", "拟定失信等级", "Grade", GRADE),
    text("facts", "事实", "Facts", "long"),
    Asked(name="evidence", zh="证据（每行一份）", en="Evidence, one a line", kind="lines"),
    text("legal_basis_reference", "列入依据", "Legal basis"),
    text("penalty_reference", "处罚决定书", "Penalty", required=False),
)
PROPOSAL: Final = Deed(
    path="",
    asks=(
        text("party.institution_id", "登记机构编号", "Id of the institution", required=False),
        text("party.organisation", "或：未登记单位名称", "Or an organisation by name", required=False),
        text("party.code", "统一社会信用代码", "Credit code", required=False),
        text("party.person", "或：自然人姓名", "Or a person by name", required=False),
        text("party.id_number", "证件号码", "Identity number", required=False),
        text("region", "区划代码（未登记的）", "Division code", required=False),
        *_GROUNDS,
    ),
)
"""Who is to be listed: one of the three; a person's name and number are sealed before they are written."""
LISTING: Mapping[str, Deed] = {
    "propose-listing": Deed(path="/proposal", asks=_GROUNDS),
    "review-listing": Deed(
        path="/legal-review", asks=(yes("agrees", "同意", "Agree"), text("opinion", "审核意见", "Opinion", "long"))
    ),
    "serve-listing-notice": Deed(
        path="/notice",
        asks=(
            text("notice_reference", "告知书编号", "Notice"),
            SERVED,
            text("reasons", "事实和理由", "Reasons", "long"),
            text("rights", "陈述、申辩、听证的权利", "Rights", "long"),
        ),
    ),
    "record-statement": Deed(path="/statements", asks=(text("statement", "陈述申辩", "Statement", "long"), RECEIVED)),
    "request-hearing": Deed(path="/hearing-request", asks=(RECEIVED,)),
    "hold-hearing": Deed(
        path="/hearing",
        asks=(text("record_reference", "听证笔录", "Record"), day("held_on", "听证日期", "Held on")),
    ),
    "decide-listing": Deed(
        path="/decision",
        asks=(
            text("document_number", "决定书文号", "Number of the decision"),
            one_of("grade", "失信等级", "Grade", GRADE),
            number("months", "公示月数", "Months"),
            WHY,
            text("answer", "对陈述申辩的采纳情况", "Answer to the statement", "long", required=False),
        ),
    ),
    "reject-listing": Deed(path="/rejection", asks=(WHY,)),
    "consent-to-listing": Deed(
        path="/consent",
        asks=(
            yes("consents", "上级同意", "Consents"),
            REFERENCE,
            text("reason", "理由", "Reason", "long", required=False),
        ),
    ),
    "publish-listing": Deed(
        path="/publication",
        asks=(text("summary", "公布摘要（不含个人信息）", "Summary", "long"), yes("is_public", "对外公布", "Public")),
    ),
    "record-repair-application": Deed(
        path="/repair-application", asks=(text("application_reference", "修复申请编号", "Application"), RECEIVED)
    ),
    "accept-repair": Deed(
        path="/repair-acceptance",
        asks=(
            text("correction_reference", "改正证明", "Proof of correction"),
            text("duties_reference", "义务履行证明", "Proof that all duties are done"),
            text("commitment_reference", "信用承诺书", "Public commitment"),
        ),
    ),
    "grant-repair": Deed(path="/repair", asks=(WHY,)),
    "refuse-repair": Deed(path="/repair-refusal", asks=(WHY,)),
    "record-annulment": Deed(
        path="/annulment",
        asks=(
            one_of("body", "撤销机关", "Annulled by", ANNULLER),
            REFERENCE,
            day("annulled_on", "撤销日期", "Annulled on"),
            day("known_on", "本机关收到日期", "Known here since"),
        ),
    ),
    "retract-annulment": Deed(path="/annulment-retraction", asks=(REFERENCE, WHY)),
    "withdraw-listing": Deed(
        path="/withdrawal",
        asks=(
            one_of("cause", "原因", "Cause", WITHDRAWN),
            REFERENCE,
            day("known_on", "撤销生效或发现日期", "Known since"),
            WHY,
        ),
    ),
    "drop-proposal": Deed(path="/dropping", asks=(WHY,)),
}
LIKENESS: Mapping[str, Deed] = {
    "judge-likeness": Deed(path="/judgement", asks=(yes("is_same", "是同一主体", "They are the same"), WHY)),
    "withdraw-judgement": Deed(path="/judgement/withdrawal", asks=(WHY,)),
}
