"""Deeds on an institution's licence: application, grant, change, rectification, penalty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from mingjing_console.asking import Asked, Cell
from mingjing_console.deeds import BASIS, DECISION, REFERENCE, SERVED, WHY, Deed, day, number, one_of, text, yes
from mingjing_console.office_words import MODE, SCHOOL_STAGE
from mingjing_console.words import CATEGORY, Words

CHANGE: Words = MappingProxyType(
    {
        "name": ("名称", "Name"),
        "organizer": ("举办者", "Organizer"),
        "representative": ("法定代表人", "Representative"),
        "category": ("类别", "Category"),
        "address": ("地址", "Address"),
        "merger": ("合并", "Merger"),
        "split": ("分立", "Split"),
        "to-non-subject": ("学科类转非学科类", "Subject to non-subject"),
        "to-non-profit": ("营利转非营利", "For-profit to non-profit"),
    }
)
CODE_GROUND: Words = MappingProxyType(
    {
        "first": ("取得许可后首次登记", "First registration after the licence"),
        "conversion": ("营利转非营利换发", "Conversion to non-profit"),
        "correction": ("更正错误代码（须写理由）", "Correction of a wrong code, with a reason"),
    }
)
_OFFER: Final = ("办学信息", "What it offers")
_PREMISES: Final = ("场所", "Premises")
_STAFF: Final = ("从业人员", "Staff")
_MATERIALS: Final = ("培训材料与广告", "Materials and adverts")
_CAPITAL: Final = ("资本（四个不得）", "Capital")
_PAPERS: Final = ("附件", "Papers")

_PROFILE: Final = (
    Asked(name="modes", zh="培训方式", en="Modes", kind="several", words=MODE),
    Asked(name="stages", zh="学段", en="Stages", kind="several", words=SCHOOL_STAGE),
    text("organizer", "举办者", "Organizer"),
    text("registering_body", "登记机关", "Registering body", required=False),
    day("registration_valid_until", "登记证有效期至", "Registered until", required=False),
    text("contract_version", "合同示范文本版本", "Contract version", required=False),
    Asked(
        name="prices",
        zh="收费项目",
        en="Prices",
        kind="table",
        required=False,
        cells=(
            Cell(name="item", zh="项目"),
            Cell(name="total_fen", zh="总价（元）", kind="yuan"),
            Cell(name="lessons", zh="课时", kind="number"),
            Cell(name="minutes_per_lesson", zh="每课时分钟", kind="number"),
        ),
    ),
    text("prices_published_at", "收费公示位置", "Prices published at", required=False),
    number("class_size_max", "每班人数上限", "Class size at most", required=False),
    Asked(
        name="timetable",
        zh="课程表",
        en="Timetable",
        kind="table",
        required=False,
        cells=(
            Cell(name="item", zh="项目"),
            Cell(name="weekday", zh="周几", kind="weekday"),
            Cell(name="begins_minute", zh="开始", kind="clock"),
            Cell(name="ends_minute", zh="结束", kind="clock"),
        ),
    ),
    text("icp_filing", "ICP 备案号", "ICP filing", required=False),
    text("hotline", "投诉电话", "Hotline", required=False),
)
_SITES: Final = Asked(
    name="premises",
    zh="办学场所",
    en="Premises",
    kind="table",
    required=False,
    group=_PREMISES,
    cells=(
        Cell(name="address", zh="地址"),
        Cell(name="area_m2", zh="面积（平方米）", kind="number"),
        Cell(name="students_max", zh="同时段人数", kind="number"),
        Cell(name="lease_until", zh="租期至", kind="date", required=False),
    ),
)
_COUNTED: Final = (
    (_STAFF, "staff.total", "总数", "Total"),
    (_STAFF, "staff.teaching", "教学教研人员", "Teaching and research"),
    (_STAFF, "staff.full_time_teachers", "专职教师", "Full-time teachers"),
    (_STAFF, "staff.unqualified", "无资质教师", "Unqualified"),
    (_STAFF, "staff.in_service", "在职中小学教师", "In-service teachers"),
    (_STAFF, "staff.blacklisted", "列入黑名单人员", "Blacklisted"),
    (_STAFF, "staff.foreigners_abroad", "境外外籍人员", "Foreigners abroad"),
    (_STAFF, "staff.foreigners_unlawful", "不合规外籍人员", "Unlawful foreigners"),
    (_MATERIALS, "materials.filed", "已备案材料", "Filed"),
    (_MATERIALS, "materials.unreviewed", "未审核材料", "Unreviewed"),
    (_MATERIALS, "materials.overseas", "境外课程", "Overseas curricula"),
    (_MATERIALS, "materials.ahead_of_syllabus", "超标超前内容", "Ahead of syllabus"),
    (_MATERIALS, "materials.adverts_in_breach", "违规广告", "Adverts in breach"),
)
_CONTENT: Final = (
    *(replace(one, name=f"profile.{one.name}", group=_OFFER) for one in _PROFILE),
    _SITES,
    *(replace(number(name, zh, en, required=False), group=group) for group, name, zh, en in _COUNTED),
    *(
        replace(yes(f"capital.{name}", zh, en), group=_CAPITAL, required=False)
        for name, zh, en in (
            ("is_listed", "上市融资", "Listed on an exchange"),
            ("is_capitalized", "资本化运作", "Capitalized"),
            ("is_foreign_controlled", "外资控股", "Foreign-controlled"),
        )
    ),
    replace(text("custody_agreement", "托管协议编号", "Custody agreement", required=False), group=_PAPERS),
    Asked(
        name="papers", zh="材料编号（每行一份）", en="Papers, one a line", kind="lines", required=False, group=_PAPERS
    ),
)

CHANGES: Mapping[str, Deed] = {
    "propose-change": Deed(
        path="/changes",
        asks=(
            text("number", "受理编号", "Number of the application"),
            one_of("kind", "变更事项", "What changes", CHANGE),
            text("name", "新名称", "New name", required=False),
            text("organizer", "新举办者", "New organizer", required=False),
            text("legal_representative", "新法定代表人", "New representative", required=False),
            Asked(name="categories", zh="新类别", en="New categories", kind="several", words=CATEGORY, required=False),
            text("address", "新地址", "New address", required=False),
            Asked(
                name="others",
                zh="合并、分立的其他机构编号（每行一个）",
                en="Ids of the other institutions, one a line",
                kind="lines",
                required=False,
            ),
            text("liquidation_reference", "财务清算报告", "Liquidation report", required=False),
            text("consent_reference", "接收部门同意文书", "New department's consent", required=False),
            WHY,
        ),
    ),
    "approve-change": Deed(
        path="/changes/{number}/approval",
        asks=(
            text("number", "受理编号", "Number of the application"),
            DECISION,
            text(
                "uscc", "新信用代码（营转非，已知时填写）", "New credit code of a conversion, if known", required=False
            ),
        ),
    ),
    "give-code": Deed(
        path="/code",
        asks=(
            text("uscc", "统一社会信用代码", "Credit code"),
            one_of("ground", "事由", "On what ground", CODE_GROUND),
            text("reference", "登记证书编号或其他凭证", "Registration certificate, or what shows the code"),
            replace(WHY, required=False),
        ),
    ),
    "refuse-change": Deed(
        path="/changes/{number}/refusal", asks=(text("number", "受理编号", "Number of the application"), WHY)
    ),
}
APPLYING: Mapping[str, Deed] = {
    "draft-application": Deed(path="/licence/draft", asks=_CONTENT),
    "apply-for-licence": Deed(path="/licence/application", asks=_CONTENT),
    "accept-application": Deed(path="/licence/acceptance"),
    "return-application": Deed(path="/licence/return", asks=(WHY,)),
    "refuse-licence": Deed(path="/licence/refusal", asks=(WHY,)),
    "record-profile": Deed(path="/profile", asks=_PROFILE),
}
LICENCE: Mapping[str, Deed] = {
    **APPLYING,
    **CHANGES,
    "record-site-check": Deed(
        path="/licence/site-checks",
        asks=(
            text("reference", "核查记录编号", "Record of the check"),
            text("address", "地址", "Address"),
            day("checked_on", "核查日期", "Checked on"),
            yes("passed", "合格", "Passed"),
            number("area_m2", "实测面积（平方米）", "Measured area in m²"),
            text("findings", "情况", "Findings", "long", required=False),
        ),
    ),
    "waive-rule": Deed(path="/licence/waivers", asks=(text("rule", "规则编号", "Rule, such as R7"), WHY)),
    "sign-licence": Deed(
        path="/licence/signature",
        asks=(
            text("number", "许可证号", "Licence number"),
            day("valid_from", "有效期起", "Valid from"),
            day("expires_on", "有效期至", "Valid until"),
        ),
    ),
    "approve-licence": Deed(path="/licence/approval"),
    "sign-renewal": Deed(path="/licence/renewal-signature", asks=(day("expires_on", "延续至", "Valid until"),)),
    "renew-licence": Deed(path="/licence/renewal"),
    "suspend-licence": Deed(path="/licence/suspension", asks=(DECISION, SERVED, WHY, BASIS)),
    "reinstate-licence": Deed(path="/licence/reinstatement", asks=(DECISION, WHY)),
    "revoke-licence": Deed(
        path="/licence/revocation",
        asks=(DECISION, SERVED, text("hearing_notice_reference", "听证告知书", "Hearing notice"), WHY, BASIS),
    ),
    "cancel-licence": Deed(
        path="/licence/cancellation",
        asks=(
            text("application_reference", "注销申请编号", "Application"),
            text("public_notice_reference", "公告编号", "Public notice"),
            WHY,
        ),
    ),
    "order-rectification": Deed(
        path="/licence/rectification",
        asks=(
            REFERENCE,
            SERVED,
            day("deadline", "整改期限", "Deadline"),
            text("matter", "整改事项", "What is to be put right", "long"),
            BASIS,
        ),
    ),
    "end-rectification": Deed(
        path="/licence/rectification/end", asks=(yes("passed", "复查合格", "Put right"), REFERENCE, WHY)
    ),
}
