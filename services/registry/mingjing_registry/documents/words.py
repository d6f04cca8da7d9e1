"""Words of documents: how departments, categories, results and days are called in official Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

DEPARTMENT: Mapping[str, str] = MappingProxyType(
    {
        "education": "教育局",
        "culture-tourism-sport": "文化和广电旅游体育局",
        "science": "科学技术局",
        "market-regulation": "市场监督管理局",
    }
)
CATEGORY: Mapping[str, str] = MappingProxyType(
    {"subject": "学科类", "art": "文化艺术类", "sport": "体育类", "technology": "科技类", "other": "其他非学科类"}
)

CHECK_RESULT: Mapping[str, str] = MappingProxyType({"pass": "合格", "basic-pass": "基本合格", "fail": "不合格"})
CLOSING_STEP: Mapping[str, str] = MappingProxyType(
    {"student-refunds": "退还学员费用", "wages": "支付职工工资和社会保险费用", "other-debts": "清偿其他债务"}
)
GRADE: Mapping[str, str] = MappingProxyType({"minor": "轻微", "general": "一般", "serious": "严重"})


def authority(division: str, department: str) -> str:
    """西湖区教育局; the division alone where the department has no name here."""
    return division + DEPARTMENT.get(department, "主管部门")
