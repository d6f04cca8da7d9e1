"""Deeds on who teaches and with what: staff, filings, findings, teaching sites, after-school providers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from mingjing_console.asking import Asked
from mingjing_console.deeds import BASIS, WHY, Deed, day, number, one_of, text, yes
from mingjing_console.people_words import (
    BREACH_ENDED,
    BREACH_KIND,
    CHANNEL,
    FILING_KIND,
    GROUND,
    PART,
    PROOF,
    WORK,
)

INSTITUTION: Final = text("institution_id", "机构编号", "Id of the institution")
_SINCE: Final = day("from_on", "起始日期", "From")
_UNTIL: Final = day("until_on", "截止日期", "Until")
_REMARK: Final = text("remark", "意见", "Remark", "long", required=False)
_SHA: Final = "文件摘要（SHA-256，小写十六进制）", "SHA-256 of the file"
_CERTIFICATE: Final = (
    one_of("proof", "资格类型", "Proof", PROOF),
    text("number", "证书编号", "Certificate"),
    text("subject", "任教科目", "Subject", required=False),
    text("stage", "学段", "Stage", required=False),
)
_SHOWN: Final = ("资格证明（教学人员必填）", "Proof, of whoever teaches")
_SAME: Final = (yes("is_same", "是同一人", "The same person"), WHY)

STAFF: Mapping[str, Deed] = MappingProxyType(
    {
        "end-employment": Deed(path="/leaving", asks=(day("left_on", "离职日期", "Left on"), WHY)),
        "record-qualification": Deed(path="/qualification", asks=_CERTIFICATE),
        "withdraw-qualification": Deed(path="/qualification-withdrawal", asks=(WHY,)),
        "record-work-permit": Deed(
            path="/work-permit",
            asks=(
                yes("is_abroad", "人在境外", "Located abroad"),
                text("number", "工作许可编号（没有的留空）", "Permit; empty where none was shown", required=False),
                day("valid_until", "有效期至", "Valid until", required=False),
            ),
        ),
        "clear-in-service": Deed(path="/in-service-clearance", asks=(WHY,)),
        "judge-school-likeness": Deed(path="/school-likeness-judgement", asks=_SAME),
        "judge-bar-likeness": Deed(path="/bar-likeness-judgement", asks=_SAME),
    }
)
FILING: Mapping[str, Deed] = MappingProxyType(
    {
        "accept-item": Deed(path="/acceptance", asks=(_REMARK,)),
        "refuse-item": Deed(path="/refusal", asks=(WHY,)),
        "withdraw-item": Deed(path="/withdrawal", asks=(WHY,)),
    }
)
BREACH: Mapping[str, Deed] = MappingProxyType(
    {"end-breach": Deed(path="/end", asks=(one_of("how", "结果", "How", BREACH_ENDED), WHY))}
)
SITE: Mapping[str, Deed] = MappingProxyType(
    {
        "sign-site": Deed(
            path="/signature",
            asks=(
                text("site_check_reference", "核查记录编号（面积、消防）", "Record of the check"),
                number("area_m2", "实测面积（平方米）", "Measured area in m²", required=False),
                number("students_max", "同时段最多人数", "Pupils of a session at most", required=False),
            ),
        ),
        "waive-site-area": Deed(
            path="/waivers",
            asks=(text("rule", "规则编号，如 R6", "Rule, such as R6"), WHY, BASIS),
        ),
        "approve-site": Deed(path="/approval"),
        "close-site": Deed(path="/closing", asks=(WHY,)),
    }
)
PROVIDER: Mapping[str, Deed] = MappingProxyType(
    {
        "select-provider": Deed(
            path="/selection", asks=(text("decision_reference", "遴选文件", "Decision"), _SINCE, _UNTIL)
        ),
        "choose-provider": Deed(
            path="/agreements/{agreement_id}",
            method="PUT",
            new="agreement_id",
            asks=(text("school_id", "学校编号", "Id of the school"), _SINCE, _UNTIL),
        ),
        "end-agreement": Deed(
            path="/agreements/{agreement_id}/ending",
            asks=(text("agreement_id", "协议编号", "Id of the agreement"), WHY),
        ),
        "deduct-points": Deed(
            path="/deductions/{entry_id}",
            method="PUT",
            new="entry_id",
            asks=(
                one_of("part", "考核部分", "Part", PART),
                number("points", "扣分（1 一般、3 较重、10 严重）", "Points: 1, 3 or 10"),
                WHY,
                text("evidence_sha256", "证据（SHA-256）", "SHA-256 of evidence", required=False),
                day("found_on", "发现日期", "Found on"),
            ),
        ),
        "withdraw-deduction": Deed(
            path="/deductions/{entry_id}/withdrawal", asks=(text("entry_id", "扣分编号", "Id of the entry"), WHY)
        ),
        "close-evaluation": Deed(path="/evaluation", asks=(text("period", "考核周期，如 2026 春", "Period"),)),
        "decline-return": Deed(path="/return-refusal", asks=(WHY,)),
        "remove-provider": Deed(path="/removal", asks=(one_of("ground", "退出事由", "Ground", GROUND), WHY)),
    }
)
ENROL: Final = Deed(
    path="/{institution_id}/staff/{member_id}",
    method="PUT",
    new="member_id",
    asks=(
        INSTITUTION,
        text("name", "姓名", "Name"),
        text("id_number", "证件号码", "Identity number"),
        one_of("work", "岗位", "Work", WORK),
        yes("is_subject", "任教学科类", "Teaches curriculum subjects"),
        yes("is_full_time", "专职", "Full-time"),
        day("from_on", "入职日期", "Began on"),
        *(replace(one, name=f"qualification.{one.name}", required=False, group=_SHOWN) for one in _CERTIFICATE),
    ),
)
"""Name and number are sealed before they are written; whoever teaches shows a certificate (R7)."""
FILE: Final = Deed(
    path="/{institution_id}/filings/{filing_id}",
    method="PUT",
    new="filing_id",
    asks=(
        INSTITUTION,
        one_of("kind", "类型", "Kind", FILING_KIND),
        text("title", "名称", "Title"),
        text("evidence_sha256", *_SHA),
        one_of("channel", "发布渠道（广告）", "Channel, of an advert", CHANNEL, required=False),
    ),
)
FIND: Final = Deed(
    path="/{institution_id}/breaches/{breach_id}",
    method="PUT",
    new="breach_id",
    asks=(
        INSTITUTION,
        one_of("kind", "类型", "Kind", BREACH_KIND),
        text("what", "情形", "What", "long"),
        one_of("channel", "发布渠道（广告）", "Channel, of an advert", CHANNEL, required=False),
        day("seen_on", "发现日期", "Seen on"),
        text("evidence_reference", "证据编号", "Evidence"),
    ),
)
PROPOSE_SITE: Final = Deed(
    path="/{institution_id}/sites",
    asks=(
        INSTITUTION,
        text("address", "地址", "Address"),
        number("area_m2", "面积（平方米）", "Area in m²", required=False),
        text("grid_code", "网格编码（15 位，不知的留空）", "Grid code, if known", required=False),
    ),
)
PROPOSE_PROVIDER: Final = Deed(
    path="/{institution_id}",
    method="PUT",
    asks=(INSTITUTION, Asked(name="services", zh="服务项目（每行一项）", en="Services, one a line", kind="lines")),
)
STATE_SESSIONS: Final = Deed(
    path="/{institution_id}/sessions",
    method="PUT",
    asks=(
        INSTITUTION,
        number("pupils", "每班次学生数", "Pupils of a session"),
        number("pupils_ages_3_6", "其中 3—6 岁", "Of them aged 3 to 6"),
    ),
)
