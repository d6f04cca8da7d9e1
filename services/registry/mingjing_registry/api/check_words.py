"""The codes that a check's findings name, in Chinese; in the English sentence a code is its own word."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mingjing_registry.chronicle.codes import CODES

_BETWEEN: Final = "、"
_OTHERS: Mapping[str, str] = {
    "offline": "线下",
    "online": "线上",
    "subject": "学科类",
    "art": "艺术",
    "sport": "体育",
    "technology": "科技",
    "other": "其他非学科",
    "preschool": "学龄前",
    "primary": "小学",
    "junior": "初中",
    "senior": "高中",
    "non_profit": "非营利性",
    "for_profit": "营利性",
    "unknown": "不明",
    "listed": "上市融资",
    "capitalized": "资本化运作",
    "foreign-controlled": "外资控股",
}
_WORDS: Mapping[str, str] = {
    **_OTHERS,
    **{code: zh for kind in ("operation", "change", "check") for code, (zh, _) in CODES[kind].items()},
}
CODED: Final = frozenset({"state", "modes", "categories", "nature", "kind", "result", "which", "stages"})
"""The values of findings that are codes; the others are what somebody wrote, and stay as they are."""


def in_chinese(values: Mapping[str, str]) -> dict[str, str]:
    """The same values with their codes in words."""
    return {name: _worded(value) if name in CODED else value for name, value in values.items()}


def _worded(value: str) -> str:
    return _BETWEEN.join(_WORDS.get(one, one) for one in value.split(_BETWEEN))
