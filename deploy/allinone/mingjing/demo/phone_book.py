"""The demo county's published telephones (监督举报电话): of every competent department, city and county (S0:89).

The one rule: no number here is anybody's. The area code 0000 exists nowhere, and each line says that it is a sample.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from uuid import UUID

from mingjing_kernel.identifiers import derived_id

SAMPLE: Final = "示例号码，非真实电话"
_HOURS: Final = f"{SAMPLE}；工作日 9:00–17:00"
_PLACES: Final = (
    ("approver-city", "CITY", "3301", "杭州市", "文化广电旅游局、体育局", "8700"),
    ("approver", "COUNTY", "330106", "西湖区", "文化和广电旅游体育局", "8800"),
)
"""Who publishes, for which place; how the department of culture is called there; how its numbers begin."""
_OFFICES: Final = (
    ("education", "SUBJECT", "教育局校外教育培训监管（学科类）", "0101"),
    ("education", "NON_SUBJECT", "教育局校外教育培训监管（非学科类牵头）", "0102"),
    ("culture-tourism-sport", "NON_SUBJECT", "{culture}（文化艺术类、体育类）", "0201"),
    ("science", "NON_SUBJECT", "科学技术局（科技类）", "0301"),
    ("market-regulation", "EVERY", "市场监督管理局（收费、合同、广告）", "0401"),
)


def sample_phones() -> Iterator[tuple[str, UUID, Mapping[str, Any]]]:
    """Who publishes it, under which id, and what."""
    for person, level, region, place, culture, begins in _PLACES:
        for department, training, office, number in _OFFICES:
            line = {
                "level": level,
                "training": training,
                "department": department,
                "region": region,
                "office": f"{place}{office.format(culture=culture)}",
                "phone": f"0000-{begins}{number}",
                "hours": _HOURS,
            }
            yield person, derived_id("demo-phone", region, department, training), line
