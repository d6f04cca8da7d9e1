"""Names 机构名称: what is the brand in a full name, and when two spellings mean the same institution.

One rule: names only suggest; a unified social credit code decides. Similar brands (鼓瑟堂, 鼓瑟糖) are different.
"""

from __future__ import annotations

import re

_LEGAL_FORM = re.compile(
    r"(有限责任公司|股份有限公司|有限公司|培训学校|培训中心|培训部|培训|学校|中心|教育咨询|教育科技|体育文化|文化艺术|文化传播)$"
)
_TRADES = (
    *("外语", "英语", "数学", "语文", "理化", "书画", "书法", "美术", "音乐", "舞蹈", "艺术", "语言表演", "文化"),
    *("体育", "足球", "篮球", "羽毛球", "乒乓球", "棋院", "棋类", "跆拳道", "游泳", "轮滑", "击剑", "体能"),
    *("科技", "科学", "编程", "机器人", "研学", "手工", "素养", "教育", "咨询", "托管"),
)
_TRADE = re.compile(f"({'|'.join(sorted(_TRADES, key=len, reverse=True))})$")
_PLACE = re.compile(r"^(浙江省?)?(杭州市?)?([\u4e00-\u9fff]{2}[区县])?")
"""Place names in front of the brand. Of the region that this installation serves: another one changes this line."""


def brand_of(name: str) -> str:
    """The distinguishing part 字号: 杭州西湖区木铎轩书画培训学校有限公司 → 木铎轩."""
    rest = _PLACE.sub("", name)
    while True:
        shorter = _LEGAL_FORM.sub("", rest)
        shorter = _TRADE.sub("", shorter)
        if shorter == rest or not shorter:
            return rest
        rest = shorter


def trade_of(name: str) -> str:
    """What a name says the institution teaches: the part after the brand, without the legal form."""
    rest = _PLACE.sub("", name).removeprefix(brand_of(name))
    return rest


def is_same_name(one: str, other: str) -> bool:
    """True when the two spellings share the brand: another legal form or trade word is a clerk's abbreviation."""
    return one == other or brand_of(one) == brand_of(other)


def matches(spoken: str, name: str) -> int:
    """How well a spoken name fits a registered one: 3 exact, 2 brand and trade, 1 brand alone, 0 not at all."""
    if spoken == name:
        return 3
    if brand_of(spoken) != brand_of(name):
        return 0
    said, full = trade_of(spoken), trade_of(name)
    return 2 if said and full and (said in full or full.startswith(said)) else 1
