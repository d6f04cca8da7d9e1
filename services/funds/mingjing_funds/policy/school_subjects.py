"""School subjects (学科) and the words by which a course names them: P5 and P6 count each of a pupil's subjects apart.

The one rule: lists, and nothing else. Whether they hold in a region is a number of the charging policy. Source: the
subjects of 学科类 as the ministry lists them (道德与法治、语文、历史、地理、数学、外语、物理、化学、生物).
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

SCHOOL_SUBJECTS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "ethics-law": ("道德与法治", "道法", "思想政治", "政治"),
        "chinese": ("语文", "作文"),
        "history": ("历史",),
        "geography": ("地理",),
        "maths": ("数学", "奥数"),
        "foreign-language": ("外语", "英语", "日语", "俄语", "法语", "德语", "西班牙语"),
        "physics": ("物理",),
        "chemistry": ("化学",),
        "biology": ("生物",),
    }
)
LOOKALIKES: Final[tuple[str, ...]] = (
    *(f"{word}理" for word in ("人物", "文物", "动物", "植物", "事物", "药物", "食物")),
    *(f"{word}学" for word in ("文化", "强化", "深化", "转化", "变化", "美化", "优化")),
    *(f"{word}理" for word in ("当地", "实地", "就地", "场地")),
    *("生物钟", "语文化", "每日语", "今日语", "方法语", "书法语", "道德语"),
)
"""Where a subject's word stands by chance inside others (人物理解, 文化学习): it names no subject there, and a course
that names one nowhere else counts with all.
"""
