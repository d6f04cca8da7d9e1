"""Deeds 办理事项: the acts that a page has a form for, each with the fields that the service asks.

One rule: whether an act may be done is never said here. The service says it (``available-actions``); here stands only
what has to be typed, and where it is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias

from mingjing_console.words import Words

Kind: TypeAlias = Literal["text", "long", "date", "number", "yes", "one-of"]
YES: Words = MappingProxyType({"true": ("是", "Yes"), "false": ("否", "No")})
GRADE: Words = MappingProxyType(
    {"minor": ("轻微", "Minor"), "general": ("一般", "General"), "serious": ("严重", "Serious")}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One field of a form, under the name that the service knows it by."""

    name: str
    zh: str
    en: str
    kind: Kind = "text"
    required: bool = True
    words: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One act: where it is sent below its thing's address, and what it asks."""

    path: str
    asks: tuple[Asked, ...] = ()

    def body(self, form: Mapping[str, str]) -> dict[str, Any]:
        """What was typed, as the service reads it. Raises ``ValueError`` for a number that is none."""
        return {one.name: value for one in self.asks if (value := _read(one, form.get(one.name, ""))) is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Noun:
    """A kind of thing: where the service keeps it, which page shows it, what may be done to it."""

    address: str
    page: str
    deeds: Mapping[str, Deed]


def _read(asked: Asked, typed: str) -> Any:
    text = typed.strip()
    if not text:
        return "" if asked.required and asked.kind in ("text", "long") else None
    match asked.kind:
        case "number":
            return int(text)
        case "yes":
            return text == "true"
        case _:
            return text


def _text(name: str, zh: str, en: str, kind: Kind = "text", *, required: bool = True) -> Asked:
    return Asked(name=name, zh=zh, en=en, kind=kind, required=required)


def _day(name: str, zh: str, en: str) -> Asked:
    return Asked(name=name, zh=zh, en=en, kind="date")


def _yes(name: str, zh: str, en: str) -> Asked:
    return Asked(name=name, zh=zh, en=en, kind="yes", words=YES)


_WHY: Final = _text("reason", "理由", "Reason", "long")
_BASIS: Final = _text("legal_basis", "法律依据", "Legal basis")
_DECISION: Final = _text("decision_reference", "决定书文号", "Number of the decision")
_SERVED: Final = _day("served_on", "送达日期", "Served on")
_REFERENCE: Final = _text("reference", "文书编号", "Reference")
_RECEIVED: Final = _day("received_on", "收到日期", "Received on")

INSTITUTION: Mapping[str, Deed] = {
    "accept-application": Deed(path="/licence/acceptance"),
    "return-application": Deed(path="/licence/return", asks=(_WHY,)),
    "refuse-licence": Deed(path="/licence/refusal", asks=(_WHY,)),
    "record-site-check": Deed(
        path="/licence/site-checks",
        asks=(
            _text("reference", "核查记录编号", "Record of the check"),
            _text("address", "地址", "Address"),
            _day("checked_on", "核查日期", "Checked on"),
            _yes("passed", "合格", "Passed"),
            Asked(name="area_m2", zh="实测面积（平方米）", en="Measured area in m²", kind="number"),
            _text("findings", "情况", "Findings", "long", required=False),
        ),
    ),
    "waive-rule": Deed(path="/licence/waivers", asks=(_text("rule", "规则编号", "Rule, such as R7"), _WHY)),
    "sign-licence": Deed(
        path="/licence/signature",
        asks=(
            _text("number", "许可证号", "Licence number"),
            _day("valid_from", "有效期起", "Valid from"),
            _day("expires_on", "有效期至", "Valid until"),
        ),
    ),
    "approve-licence": Deed(path="/licence/approval"),
    "sign-renewal": Deed(path="/licence/renewal-signature", asks=(_day("expires_on", "延续至", "Valid until"),)),
    "renew-licence": Deed(path="/licence/renewal"),
    "suspend-licence": Deed(path="/licence/suspension", asks=(_DECISION, _SERVED, _WHY, _BASIS)),
    "reinstate-licence": Deed(path="/licence/reinstatement", asks=(_DECISION, _WHY)),
    "revoke-licence": Deed(
        path="/licence/revocation",
        asks=(
            _DECISION,
            _SERVED,
            _text("hearing_notice_reference", "听证告知书", "Hearing notice"),
            _WHY,
            _BASIS,
        ),
    ),
    "cancel-licence": Deed(
        path="/licence/cancellation",
        asks=(
            _text("application_reference", "注销申请编号", "Application"),
            _text("public_notice_reference", "公告编号", "Public notice"),
            _WHY,
        ),
    ),
    "order-rectification": Deed(
        path="/licence/rectification",
        asks=(
            _REFERENCE,
            _SERVED,
            _day("deadline", "整改期限", "Deadline"),
            _text("matter", "整改事项", "What is to be put right", "long"),
            _BASIS,
        ),
    ),
    "end-rectification": Deed(
        path="/licence/rectification/end", asks=(_yes("passed", "复查合格", "Put right"), _REFERENCE, _WHY)
    ),
    "begin-operation": Deed(path="/operation/beginning", asks=(_WHY,)),
    "confirm-stop": Deed(path="/operation/stop", asks=(_REFERENCE, _WHY)),
    "close-down": Deed(path="/operation/end", asks=(_WHY,)),
    "ask-liability": Deed(path="/liability/question"),
}
LISTING: Mapping[str, Deed] = {
    "review-listing": Deed(
        path="/legal-review", asks=(_yes("agrees", "同意", "Agree"), _text("opinion", "审核意见", "Opinion", "long"))
    ),
    "serve-listing-notice": Deed(
        path="/notice",
        asks=(
            _text("notice_reference", "告知书编号", "Notice"),
            _SERVED,
            _text("reasons", "事实和理由", "Reasons", "long"),
            _text("rights", "陈述、申辩、听证的权利", "Rights", "long"),
        ),
    ),
    "record-statement": Deed(path="/statements", asks=(_text("statement", "陈述申辩", "Statement", "long"), _RECEIVED)),
    "request-hearing": Deed(path="/hearing-request", asks=(_RECEIVED,)),
    "hold-hearing": Deed(
        path="/hearing",
        asks=(_text("record_reference", "听证笔录", "Record"), _day("held_on", "听证日期", "Held on")),
    ),
    "decide-listing": Deed(
        path="/decision",
        asks=(
            _text("document_number", "决定书文号", "Number of the decision"),
            Asked(name="grade", zh="失信等级", en="Grade", kind="one-of", words=GRADE),
            Asked(name="months", zh="公示月数", en="Months", kind="number"),
            _WHY,
            _text("answer", "对陈述申辩的采纳情况", "Answer to the statement", "long", required=False),
        ),
    ),
    "reject-listing": Deed(path="/rejection", asks=(_WHY,)),
    "consent-to-listing": Deed(
        path="/consent",
        asks=(
            _yes("consents", "上级同意", "Consents"),
            _REFERENCE,
            _text("reason", "理由", "Reason", "long", required=False),
        ),
    ),
    "publish-listing": Deed(
        path="/publication",
        asks=(_text("summary", "公布摘要（不含个人信息）", "Summary", "long"), _yes("is_public", "对外公布", "Public")),
    ),
    "refuse-repair": Deed(path="/repair-refusal", asks=(_WHY,)),
    "drop-proposal": Deed(path="/dropping", asks=(_WHY,)),
}
LIKENESS: Mapping[str, Deed] = {
    "judge-likeness": Deed(path="/judgement", asks=(_yes("is_same", "是同一主体", "They are the same"), _WHY)),
    "withdraw-judgement": Deed(path="/judgement/withdrawal", asks=(_WHY,)),
}
NOUNS: Mapping[str, Noun] = MappingProxyType(
    {
        "institution": Noun(address="/institutions/{id}", page="/institutions/{id}", deeds=INSTITUTION),
        "listing": Noun(address="/blacklist/files/{id}", page="/listings/{id}", deeds=LISTING),
        "likeness": Noun(address="/likenesses/{id}", page="/likenesses", deeds=LIKENESS),
    }
)
