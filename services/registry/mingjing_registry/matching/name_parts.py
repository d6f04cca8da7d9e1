"""Parts of a name 名称: place, brand, trade, which of several schools, and the whole as it is compared.

The one rule: cutting only serves comparison. What is cut off wrongly on both sides is still compared, in the whole.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from mingjing_kernel.spelling.places import places
from mingjing_registry.domain.name import brand_of
from mingjing_registry.matching.pinyin import syllables

NAME_CHARACTERS_MAX = 200
_SPACES = re.compile(r"[\s·•,。、\-_\"'《》“”]+")
_BRACKETS = re.compile(r"[()【】\[\]〔〕]")
_WHICH = re.compile(
    r"第?[一二三四五六七八九十\d]+(?:分?校区?|分部|分公司|部)|第[一二三四五六七八九十\d]+|[东南西北中]{1,2}校区|"
    r"[\u4e00-\u9fff]{2}(?:分校|校区)|[东南西北]城(?=$|分|校)"
)
_LEGAL = re.compile(
    r"(?:有限责任公司|股份有限公司|有限公司|公司|培训|学校|中心|个体|工作室|部|班|教育|咨询|科技|文化)+"
)
_DIGITS = str.maketrans("一二三四五六七八九", "123456789")


@dataclass(frozen=True, slots=True)
class NameParts:
    """A name, cut for comparison."""

    whole: str
    """As written, without spaces and brackets."""
    core: str
    """The brand 字号; the whole where nothing distinguishing is left."""
    spelt: str
    """The brand in letters."""
    trade: str
    """What it says it teaches, without legal form: 书画."""
    city: str
    """4 digits of the place that the name begins with; empty where it names none."""
    which: str
    """Which of several schools of one brand: 第二, 城西校区."""


@lru_cache(maxsize=10_000)
def name_parts(name: str) -> NameParts:
    """Cut a name."""
    text = unicodedata.normalize("NFKC", name[:NAME_CHARACTERS_MAX])
    text = _SPACES.sub("", text)
    open_text = _BRACKETS.sub("", text)
    found = _WHICH.search(open_text)
    plain = open_text[: found.start()] + open_text[found.end() :] if found else open_text
    heading = places().heading(plain)
    rest = heading.rest
    core = brand_of(rest) or rest
    trade = _LEGAL.sub("", rest[len(core) :]) if rest.startswith(core) else ""
    which = re.sub(r"第|校区|分校|分部|分公司|校", "", found[0]).translate(_DIGITS) if found else ""
    return NameParts(open_text, core or open_text, syllables().spelt(core or open_text), trade, heading.city, which)
