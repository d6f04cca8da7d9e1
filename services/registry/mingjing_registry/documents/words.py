"""Words of documents: how departments, categories, results and days are called in official Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

CATEGORY: Mapping[str, str] = MappingProxyType(
    {"subject": "学科类", "art": "文化艺术类", "sport": "体育类", "technology": "科技类", "other": "其他非学科类"}
)

CHECK_RESULT: Mapping[str, str] = MappingProxyType({"pass": "合格", "basic-pass": "基本合格", "fail": "不合格"})
CLOSING_STEP: Mapping[str, str] = MappingProxyType(
    {"student-refunds": "退还学员费用", "wages": "支付职工工资和社会保险费用", "other-debts": "清偿其他债务"}
)
GRADE: Mapping[str, str] = MappingProxyType({"minor": "轻微", "general": "一般", "serious": "严重"})
