"""Words of figures of complaints (投诉统计用语): how a document and a sheet name what a line is counted by.

One rule: a word that is missing here is printed as it is stored: nothing is left out for want of a name.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mingjing_inspection.documents.bulletin import department_named

BY: Final[Mapping[str, str]] = MappingProxyType({
    "all": "合计", "channel": "渠道", "track": "类别", "department": "部门", "town": "镇街", "category": "培训类别",
    "matter": "事项", "institution": "机构",
})  # fmt: skip
_CHANNEL: Final = {
    "12345": "政务服务便民热线", "12315": "市场监管投诉举报平台", "SUPERVISION_PHONE": "主管部门监督电话",
    "NATIONAL_PLATFORM": "全国监管与服务综合平台", "WEB": "网页、扫码", "SCHOOL": "学校热线、信箱",
    "LETTER": "来信来访", "MEDIA": "媒体与舆情", "SUPERIOR": "上级交办",
}  # fmt: skip
_TRACK: Final = {"DISPUTE": "投诉", "REPORT": "举报", "WORK_ORDER": "工单"}
_CATEGORY: Final = {
    "": "未明确", "subject": "学科类", "art": "文化艺术类", "sport": "体育类", "technology": "科技类",
    "other": "其他类",
}  # fmt: skip
_MATTER: Final = {
    "": "未明确", "LICENCE": "办学许可与法人登记", "SCOPE": "培训范围", "STAFF": "从业人员",
    "TEACHING_TIME": "培训时间", "FEES": "收费", "CUSTODY": "预收费监管", "CONTRACT": "合同", "MATERIALS": "培训材料",
    "FIRE_SAFETY": "场所与消防", "HYGIENE": "卫生与食品", "ADVERTISING": "广告", "HIDDEN_TRAINING": "隐形变异培训",
    "CHILDCARE_COVER": "以托管名义培训", "PERSONAL_DATA": "学员信息", "WAGES_RENT": "欠薪欠租",
    "IN_SERVICE_TEACHER": "在职教师有偿补课", "FRAUD": "涉嫌诈骗", "SCHOOL": "学校方面", "OTHER": "其他",
}  # fmt: skip
CONCERN: Final[Mapping[str, str]] = MappingProxyType({
    "CLOSURE": "停课停业、失联跑路", "REFUND": "退费与合同纠纷", "QUALITY": "教学质量与服务",
    "FALSE_CONFIRMATION": "虚假消课", "PRIVATE_PAYMENT": "账外收费", "FEES": "超额、超期收费", "LOAN": "培训贷",
    "ADVERTISING": "广告宣传", "WAGES": "欠薪欠租", "FIRE": "场所与消防", "TEACHING": "超时、超前、学科培训",
    "UNLICENSED": "无证办学", "NEW_SITE": "未经批准的教学点", "JACKET": "换名经营", "CHILDCARE": "托管名义补课",
    "STAFF": "从业人员与在职教师", "CONSULT": "政策咨询", "PRAISE": "表扬、撤诉", "UNRELATED": "与校外培训无关",
})  # fmt: skip
_WORDS: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType({
    "channel": _CHANNEL, "track": _TRACK, "category": _CATEGORY, "matter": _MATTER, "town": {"": "未明确"},
    "all": {"": "全县（市、区）"},
})  # fmt: skip


def named(by: str, key: str, institutions: Mapping[str, str]) -> str:
    """What a line is of, in Chinese; ``institutions`` are their names by id."""
    if by == "department":
        return department_named(key)
    return institutions.get(key, key) if by == "institution" else _WORDS.get(by, {}).get(key, key)
