"""School subjects (学科) and the words by which a course names them: P5 and P6 count each of a pupil's subjects apart.

The one rule: a list, and nothing else. Whether it holds in a region is a number of the charging policy. Source: the
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
