"""Powers in a joint inspection (联合检查权责): which items of the checklist each department may answer and find.

One rule: a department without a line here has no powers at all; nobody acts with another department's.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from mingjing_inspection.domain.finding_terms import MATTER_OF_ITEM
from mingjing_kernel.policy.rule import Number, Rule

GROUP_LETTERS: Final = 3
"""An item belongs to the group that its first letters name: C09 and C09A are both of premises and fire."""

_BY_DEPARTMENT: Final = {
    "education": ("教育部门", "the education department", "C01 C02 C03 C04 C06 C08 C12 C13 C14"),
    "culture-tourism-sport": (
        "文旅体育部门", "the department of culture, tourism and sport", "C01 C02 C03 C04 C06 C08 C14",
    ),
    "science": ("科技部门", "the science department", "C01 C02 C03 C04 C06 C08 C14"),
    "market-regulation": ("市场监管部门", "the market regulation department", "C05 C07 C10 C11"),
    "fire-rescue": ("消防救援机构", "the fire rescue authority", "C09"),
    "human-resources": ("人社部门", "the human resources department", "C15"),
    "public-security": ("公安机关", "the public security authority", "C14"),
    "civil-affairs": ("民政部门", "the civil affairs department", "C01"),
    "health": ("卫健部门", "the health department", "C10 C13"),
}  # fmt: skip


def _rule(department: str, zh: str, en: str, items: str) -> Rule:
    return Rule(
        name=f"joint-powers-{department}",
        zh=f"联合检查权责：{zh}",
        en=f"Powers of {en} in joint inspections",
        numbers=tuple(
            Number(
                name=item.lower(),
                zh=f"{item} 属本部门职权（1 是，0 否）",
                en=f"{item} is within its powers (1 yes, 0 no)",
                default=int(item in items.split()),
                at_most=1,
                unit="flag",
            )
            for item in MATTER_OF_ITEM
        ),
        legal_basis="行政处罚法第二十二条；民办教育促进法第六十二条",
    )


JOINT_POWERS: Mapping[str, Rule] = MappingProxyType(
    {department: _rule(department, *words) for department, words in _BY_DEPARTMENT.items()}
)
"""By the department's name."""


def powers_of(flags: Mapping[str, int]) -> frozenset[str]:
    """The groups of items that are the department's."""
    return frozenset(name.upper() for name, is_own in flags.items() if is_own)


def is_own(item: str, powers: frozenset[str]) -> bool:
    """Whether an item is within the powers; what no group names is nobody's."""
    return item[:GROUP_LETTERS] in powers
