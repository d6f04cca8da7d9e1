"""Who issues a document: the departments by their names in official Chinese."""

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


def authority(division: str, department: str) -> str:
    """西湖区教育局; the division alone where the department has no name here."""
    return division + DEPARTMENT.get(department, "主管部门")
