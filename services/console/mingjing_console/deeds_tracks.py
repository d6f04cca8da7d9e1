"""Deeds on complaints being handled and on groups of them: what each form asks, and where it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from mingjing_console.asking import Asked
from mingjing_console.deeds import WHY, YES, Deed, day, number, one_of, text, yes
from mingjing_console.inspection_words import HANDLER, MATTER
from mingjing_console.track_words import ENDING, GROUND, LIKENESS, ORDER_KIND, REPLY, SATISFACTION, SIDE
from mingjing_console.words import Words

_NOTE: Final = text("note", "情况说明", "Note", "long")
_SAID: Final = text("note", "情况说明（可不填）", "Note, optional", "long", required=False)
_TOLD: Final = text("told", "怎样告知投诉人（用平实的话）", "How the complainant was told", "long")
_TELL: Final = text("text", "告知内容（用平实的话）", "What is told, in plain words", "long")
_MATTER: Final = one_of("matter", "事项", "Matter", MATTER)
_IN_HAND: Final = one_of(
    "department", "承办部门（不填按转办表）", "Department; empty: by the table", HANDLER, required=False
)
_CONTRACT: Final = text("contract_id", "合同编号（合同上所印）", "Number printed on the contract")
_OTHER: Final = text("other", "另一件的系统号", "Id of the other one")
_INTO: Final = text("into", "并入哪一件（系统号）", "Id of the one it goes into")
_TRUE: Final = Asked(name="is_substantiated", zh="反映属实", en="It is so", kind="yes", words=YES, required=False)

_ROUTING: Mapping[str, Deed] = {
    "triage-report": Deed(path="/triage", asks=(_MATTER, _SAID)),
    "classify-order": Deed(
        path="/classification", asks=(one_of("order_kind", "工单类别", "Kind", ORDER_KIND), _MATTER, _SAID)
    ),
    "route-track": Deed(
        path="/routing",
        asks=(
            replace(_MATTER, required=False),
            _IN_HAND,
            text("reason", "理由（不按转办表时必填）", "Reason, where it is not by the table", "long", required=False),
        ),
    ),
    "return-track": Deed(
        path="/return", asks=(WHY, one_of("suggested_department", "应由哪个部门办理", "Whose it is", HANDLER))
    ),
    "dispute-jurisdiction": Deed(
        path="/jurisdiction",
        asks=(
            WHY,
            Asked(name="departments", zh="有争议的部门", en="Which departments differ", kind="several", words=HANDLER),
        ),
    ),
    "decide-jurisdiction": Deed(
        path="/jurisdiction-decision", asks=(one_of("department", "指定部门", "Department", HANDLER), WHY)
    ),
    "respond-first": Deed(path="/first-response", asks=(_NOTE,)),
}
_MEDIATING: Mapping[str, Deed] = {
    "accept-dispute": Deed(
        path="/acceptance",
        asks=(
            _TOLD,
            yes("asks_refund", "要求退费", "Money is asked back"),
            replace(_CONTRACT, zh="涉及合同的编号（合同上所印；填写后暂停该合同放款）", required=False),
        ),
    ),
    "refuse-dispute": Deed(path="/refusal", asks=(one_of("ground", "不予受理的情形", "Ground", GROUND), _NOTE, _TOLD)),
    "name-contract": Deed(path="/contract", asks=(_CONTRACT, WHY)),
    "start-mediation": Deed(path="/mediation"),
    "take-statement": Deed(
        path="/statements", asks=(one_of("side", "哪一方", "Side", SIDE), text("text", "陈述", "Statement", "long"))
    ),
    "begin-appraisal": Deed(path="/appraisal", asks=(text("subject", "鉴定什么", "What is appraised", "long"),)),
    "end-appraisal": Deed(path="/appraisal-result", asks=(text("result", "鉴定结果", "Result", "long"),)),
    "reach-agreement": Deed(
        path="/agreement",
        asks=(
            Asked(name="terms", zh="协议条款（每行一条）", en="Terms, one a line", kind="lines"),
            Asked(name="refund_fen", zh="退费金额（元）", en="Refund in yuan", kind="yuan", required=False),
            day("pay_by", "最迟付款日（约定退费时必填）", "To be paid by", required=False),
        ),
    ),
    "terminate-mediation": Deed(path="/termination", asks=(one_of("ground", "终止原因", "Ground", ENDING), _NOTE)),
    "withdraw-dispute": Deed(path="/withdrawal", asks=(WHY,)),
    "notify-complainant": Deed(path="/notification", asks=(_TELL,)),
}
_VERIFYING: Mapping[str, Deed] = {
    "start-verification": Deed(path="/verification"),
    "confirm-report": Deed(path="/filing-proposal", asks=(_NOTE,)),
    "decline-filing": Deed(path="/no-filing", asks=(_NOTE,)),
    "inform-reporter": Deed(path="/informing", asks=(_TELL,)),
    "sign-order": Deed(path="/signing"),
    "start-order": Deed(path="/handling"),
    "reply-order": Deed(path="/reply", asks=(replace(_TELL, zh="答复内容（用平实的话）"), _TRUE)),
    "extend-track": Deed(path="/extension", asks=(WHY, _TOLD)),
    "order-on-site-check": Deed(
        path="/on-site-check",
        asks=(
            text("reason", "去看什么（不写谁反映的）", "What to look at; not who said so", "long"),
            number("days", "几天内完成（默认 3 天）", "Within how many days", required=False),
        ),
    ),
    "ask-ledger-extract": Deed(path="/ledger-extract", asks=(_CONTRACT, text("purpose", "用途", "What for", "long"))),
}
_ENDING: Mapping[str, Deed] = {
    "call-back": Deed(
        path="/call-back", asks=(one_of("satisfaction", "回访结果", "What the caller says", SATISFACTION), _SAID)
    ),
    "close-track": Deed(path="/closure", asks=(text("conclusion", "结论", "Conclusion", "long"),)),
    "reopen-track": Deed(path="/reopening", asks=(WHY,)),
    "list-track": Deed(path="/listing", asks=(WHY,)),
    "link-track": Deed(path="/links", asks=(_OTHER, one_of("likeness", "相同之处", "In common", LIKENESS), WHY)),
    "merge-track": Deed(path="/merging", asks=(_INTO, WHY)),
    "unmerge-track": Deed(path="/unmerging", asks=(WHY,)),
}
TRACKS: Mapping[str, Deed] = MappingProxyType({**_ROUTING, **_MEDIATING, **_VERIFYING, **_ENDING})
ALIKE: Final = ("link-track", "merge-track")
"""Done from the page on which both stand side by side."""

_TRACK: Final = text("track_id", "哪一件（系统号）", "Id of the complaint")
_SPEAKING: Final = Asked(name="representatives", zh="代表人（一至二名）", en="One or two of them", kind="several")
GROUP: Mapping[str, Deed] = MappingProxyType(
    {
        "join-group": Deed(path="/members", asks=(_TRACK, WHY)),
        "leave-group": Deed(path="/members/leaving", asks=(_TRACK, WHY)),
        "name-representatives": Deed(path="/representatives", asks=(_SPEAKING, WHY)),
        "appoint-mediator": Deed(
            path="/mediator", asks=(text("mediator", "调解员（登录账号）", "Sign-in name of the mediator"), WHY)
        ),
        "dissolve-group": Deed(path="/dissolution", asks=(WHY,)),
    }
)


def group_deeds(members: Words, others: Words) -> dict[str, Deed]:
    """The same with the complaints to choose from: those of the group, and those that are not in it."""
    joining, leaving, naming = (GROUP[act] for act in ("join-group", "leave-group", "name-representatives"))
    return {
        "join-group": _choosing(joining, others),
        "leave-group": _choosing(leaving, members),
        "name-representatives": replace(naming, asks=(replace(_SPEAKING, words=members), *naming.asks[1:])),
    }


def _choosing(deed: Deed, words: Words) -> Deed:
    first, *rest = deed.asks
    return replace(deed, asks=(replace(first, zh="哪一件", en="Which complaint", kind="one-of", words=words), *rest))


COMPLAINT: Mapping[str, Deed] = MappingProxyType(
    {"attribute-complaint": Deed(path="/attribution", asks=(text("institution_id", "机构的系统号", "Its id"), WHY))}
)


def attributing(candidates: Words) -> Mapping[str, Deed]:
    """The same with the suggested institutions to choose from."""
    deed = COMPLAINT["attribute-complaint"]
    which = one_of("institution_id", "是哪一家机构", "Which institution", candidates)
    return {"attribute-complaint": replace(deed, asks=(which, *deed.asks[1:]))}


VOICE: Mapping[str, Deed] = MappingProxyType(
    {
        "answer-voice": Deed(
            path="/answer",
            asks=(
                Asked(name="read_until", zh="看到何时", en="Read until", kind="hidden"),
                one_of("reply", "答复（诉求人查进度时看到）", "What she is told", REPLY),
                text(
                    "note", "内部说明（诉求人看不到，可不填）", "Note for officials, optional", "long", required=False
                ),
            ),
        )
    }
)
PHONE: Mapping[str, Deed] = MappingProxyType({"withdraw-phone": Deed(path="/withdrawal", asks=(WHY,))})
RATING: Mapping[str, Deed] = MappingProxyType(
    {"answer-rating": Deed(path="/answer", asks=(text("text", "回复", "Answer", "long"),))}
)
