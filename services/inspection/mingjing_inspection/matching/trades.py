"""Trades 所教项目: what a message says is taught, as the category of the register.

The one rule: words only suggest a category; the register has it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_SAYS: Final[Mapping[str, str]] = {
    "subject": r"补习|文化课|语文|数学|英语|外语|物理|化学|奥数|作文|拼音|学科",
    "art": r"画画|跳舞|舞蹈|美术|书法|软笔|硬笔|国画|音乐|钢琴|古筝|架子鼓|声乐|琴|陶艺|戏剧|表演|艺术|中国舞|街舞",
    "sport": r"体育|足球|篮球|羽毛球|乒乓|跆拳道|游泳|轮滑|击剑|体能|武术|围棋|棋",
    "technology": r"编程|机器人|航模|无人机|科学实验|信息学|科技|Python|python|图形化",
}
_PATTERNS: Final = {category: re.compile(pattern) for category, pattern in _SAYS.items()}


def trades_said(text: str) -> dict[str, str]:
    """Of each category that the text speaks of, the first word that does."""
    found = ((category, pattern.search(text)) for category, pattern in _PATTERNS.items())
    return {category: hit[0] for category, hit in found if hit}
