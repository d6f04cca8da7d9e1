"""Words of the codes that stand in facts. One rule: a code that is not here is told as it is, never hidden."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

Words: TypeAlias = Mapping[str, tuple[str, str]]

_DEPARTMENT: Words = {
    "education": ("教育局", "education"),
    "culture-tourism-sport": ("文化和广电旅游体育局", "culture, tourism and sport"),
    "science": ("科学技术局", "science and technology"),
    "market-regulation": ("市场监督管理局", "market regulation"),
}
_FIELD: Words = {
    "name": ("名称", "name"),
    "uscc": ("统一社会信用代码", "credit code"),
    "former_names": ("曾用名", "former names"),
    "nature": ("机构性质", "nature"),
    "categories": ("培训类别", "categories"),
    "items": ("培训项目", "items"),
    "departments": ("主管部门", "departments"),
    "region": ("镇街", "town"),
    "legal_representative": ("法定代表人", "legal representative"),
    "phone": ("联系电话", "telephone"),
    "other_phones": ("其他电话", "other telephones"),
    "staff_count": ("从业人数", "number of staff"),
    "student_count": ("学员人数", "number of students"),
    "area_m2": ("面积", "floor area"),
    "custody_bank": ("托管银行", "custody bank"),
    "custody_account": ("托管账号", "custody account"),
    "remark": ("备注", "remark"),
    "modes": ("培训方式", "modes"),
    "stages": ("学段", "stages"),
    "organizer": ("举办者", "organizer"),
    "registering_body": ("登记机关", "registering body"),
    "registration_valid_until": ("登记有效期", "registration's validity"),
    "contract_version": ("合同示范文本版本", "contract version"),
    "prices": ("收费公示", "price list"),
    "prices_published_at": ("公示位置", "where the prices are shown"),
    "class_size_max": ("班额", "class size"),
    "timetable": ("课程表", "timetable"),
    "icp_filing": ("ICP 备案号", "ICP filing"),
    "hotline": ("服务电话", "hotline"),
}
_STANDING: Words = {
    "not-registered": ("未登记", "not registered"),
    "licence-revoked": ("许可证被吊销", "the licence was revoked"),
    "licence-cancelled": ("许可证已注销", "the licence was cancelled"),
    "licence-suspended": ("许可证暂扣", "the licence is suspended"),
    "licence-expired": ("许可证有效期届满", "the licence has expired"),
    "licence-absent": ("没有有效许可", "there is no licence in force"),
    "under-rectification": ("限期整改", "it is under rectification"),
    "blacklisted": ("列入教育黑名单", "it is on the blacklist"),
    "closed-down": ("已停办", "it has closed down"),
    "custody-inactive": ("托管专户未启用", "its custody account is not active"),
    "annual-check-failed": ("年检不合格", "it failed the annual check"),
    "conditions-met": ("条件全部符合", "all conditions are met"),
}
_CHANGE: Words = {
    "organizer": ("举办者变更", "organizer"),
    "name": ("名称变更", "name"),
    "representative": ("法定代表人变更", "legal representative"),
    "category": ("培训类别变更", "category"),
    "address": ("地址变更", "address"),
    "merger": ("合并", "merger"),
    "split": ("分立", "split"),
    "to-non-subject": ("学科类转非学科类", "subject to non-subject"),
    "to-non-profit": ("营利性转非营利性", "for-profit to non-profit"),
}
_OPERATION: Words = {
    "preparing": ("筹备", "preparing"),
    "operating": ("正常运营", "operating"),
    "paused-declared": ("已报备停课", "paused as declared"),
    "stopped-abnormal": ("异常停业", "stopped abnormally"),
    "closing": ("清算注销中", "closing"),
    "closed": ("已关闭", "closed"),
}
_GROUND: Words = {
    "poor-service": ("服务质量差", "poor service"),
    "recruiting-at-school": ("在校内招生", "recruiting at school"),
    "not-delivering": ("未按约定提供服务", "not delivering"),
    "disrupting-school": ("扰乱学校秩序", "disrupting the school"),
    "evaluation-failed": ("考核不合格", "a failed evaluation"),
    "standing-lost": ("资质丧失", "its standing was lost"),
    "term-over": ("期满", "its term is over"),
    "withdrew": ("自行退出", "it withdrew"),
}
CODES: Mapping[str, Words] = {
    "department": _DEPARTMENT,
    "field": _FIELD,
    "standing": _STANDING,
    "change": _CHANGE,
    "operation": _OPERATION,
    "ground": _GROUND,
    "code": {
        "first": ("首次登记", "First registration"),
        "conversion": ("营转非换发代码", "Conversion to non-profit"),
        "correction": ("更正代码", "Correction"),
    },
    "check": {
        "pass": ("合格", "pass"),
        "basic-pass": ("基本合格", "basic pass"),
        "fail": ("不合格", "fail"),
    },
    "ending": {
        "licensed": ("有效", "in force"),
        "cancelled": ("已注销", "cancelled"),
        "revoked": ("已吊销", "revoked"),
    },
    "purpose": {
        "closure": ("停业", "closure"),
        "relocation": ("搬迁", "relocation"),
        "pause": ("临时停课", "pause"),
    },
    "step": {
        "student-refunds": ("退还学员费用", "refunds to students"),
        "wages": ("支付职工工资和社会保险", "wages and social insurance"),
        "other-debts": ("清偿其他债务", "other debts"),
    },
    "source": {"inspection": ("检查", "an inspection"), "alert": ("预警", "an alert")},
    "passed": {"True": ("合格", "passed"), "False": ("不合格", "not passed")},
    "agrees": {"True": ("同意", "agrees"), "False": ("退回", "sends it back")},
    "righted": {
        "True": ("已整改到位，销号", "put right, off the ledger"),
        "False": ("未整改到位", "not put right"),
    },
    "same": {"True": ("是同一主体", "the same"), "False": ("不是同一主体", "not the same")},
    "grade": {"minor": ("轻微", "minor"), "general": ("一般", "general"), "serious": ("严重", "serious")},
    "cause": {
        "expired": ("期满", "its term is over"),
        "repaired": ("信用修复", "credit repair"),
        "annulled": ("处罚撤销", "the penalty was annulled"),
        "corrected": ("更正", "it was listed in error"),
    },
    "annuller": {
        "reconsideration": ("行政复议机关", "the reconsideration authority"),
        "court": ("人民法院", "the court"),
        "authority": ("作出决定的机关", "the authority that had decided"),
    },
    "outcome": {
        "pass": ("符合", "met"),
        "fail": ("不足", "too small"),
        "not-applicable": ("不适用", "not applicable"),
        "unknown": ("未测量", "not measured"),
    },
    "party": {
        "institution": ("校外培训机构", "an institution"),
        "organisation": ("无证组织", "an unlicensed organisation"),
        "person": ("自然人", "a natural person"),
    },
    "filing": {
        "material": ("培训材料", "material"),
        "advert": ("广告", "advert"),
        "prospectus": ("招生简章", "prospectus"),
    },
    "breach": {
        "advert": ("违规广告", "an advert in breach"),
        "overseas-curriculum": ("境外课程", "an overseas curriculum"),
        "ahead-of-syllabus": ("超标超前培训", "teaching ahead of the syllabus"),
    },
    "breach_end": {"corrected": ("已整改", "put right"), "unfounded": ("查无此事", "it was none")},
    "part": {
        "patrol": ("日常巡查", "patrols"),
        "plan": ("计划完成", "plan"),
        "effect": ("实施效果", "effect"),
        "satisfaction": ("满意度", "satisfaction"),
    },
    "score": {
        "excellent": ("优秀", "excellent"),
        "good": ("良好", "good"),
        "pass": ("合格", "pass"),
        "fail": ("不合格", "fail"),
    },
    "work": {
        "teacher": ("教学人员", "teacher"),
        "research": ("教研人员", "researcher"),
        "management": ("管理人员", "manager"),
        "other": ("其他人员", "other staff"),
    },
    "proof": {
        "teacher-certificate": ("教师资格证", "teacher's certificate"),
        "ability": ("职业（专业）能力证明", "proof of ability"),
    },
    "mirrored": {"dishonesty": ("严重违法失信名单", "dishonesty list"), "staff": ("从业人员黑名单", "staff blacklist")},
    "note": {
        "known": ("情况已知，无误", "known and right"),
        "asked-platform": ("已请平台核实", "the platform was asked"),
        "corrected-here": ("已更正本地登记", "corrected here"),
    },
    "former": {
        "revoked": ("已吊销", "revoked"),
        "cancelled": ("已注销", "cancelled"),
        "blacklisted": ("列入黑名单", "blacklisted"),
        "closed": ("已关闭", "closed"),
        "staff-blacklist": ("列入从业人员黑名单", "on the staff blacklist"),
    },
}
"""By the name that a template gives after the colon."""
