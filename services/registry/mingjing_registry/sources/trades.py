"""Trades 培训项目: what is taught, which category that is, and what a cell says of nature and annual check.

One rule: the words are data; the first group that has a word wins, and ``非学科`` is asked before ``学科``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from mingjing_registry.domain.annual_check import CheckResult
from mingjing_registry.domain.kept_aside import Cell, Problem
from mingjing_registry.domain.particulars import Category, Nature
from mingjing_registry.sources.cells import Report, tight

_WORDS: tuple[tuple[Category, str], ...] = (
    (Category.OTHER, r"非学科|素质|素养|综合实践|研学|手工|劳动|心智"),
    (Category.SUBJECT, r"学科|数学|语文|英语|外语|文化课|理化|物理|化学|历史|地理"),
    (Category.ART, r"艺术|书法|书画|美术|音乐|舞蹈|语言表演|戏剧"),
    (Category.TECHNOLOGY, r"科技|科创|编程|机器人|航模|无人机|科学实验"),
    (Category.SPORT, r"体育|体能|球|棋|跆拳道|游泳|轮滑|击剑|武术"),
)
WORDS_REMEMBERED_MAX = 4_096
"""A register has some dozens of training items in thousands of rows."""
_SEPARATORS = re.compile(r"[、/,，;；\n]+")
_GROUPED = re.compile(r"(.+?)\((.+)\)")
_GENERAL = re.compile(r"(类|培训)+$")


def read_items(held: Cell, report: Report) -> tuple[tuple[str, ...], tuple[Category, ...]]:
    """Training items as written, and the categories they belong to."""
    text = tight(held.text)
    if not text:
        return (), ()
    items, categories = _items_in(text)
    if not categories:
        report(Problem(code="category-unknown", field="items", written=held.text))
    return items, categories


@lru_cache(WORDS_REMEMBERED_MAX)
def _items_in(text: str) -> tuple[tuple[str, ...], tuple[Category, ...]]:
    grouped = _GROUPED.fullmatch(text)
    parts = _SEPARATORS.split(grouped[2] if grouped else text)
    items = tuple(dict.fromkeys(_GENERAL.sub("", part) or part for part in parts if part))
    # 文化艺术类(舞蹈、音乐): the word in front of the brackets is the category, the words inside are items.
    words = (grouped[1],) if grouped else items
    return items, tuple(dict.fromkeys(found for word in words if (found := category_of(word)) is not None))


@lru_cache(WORDS_REMEMBERED_MAX)
def category_of(word: str) -> Category | None:
    """The category of one training item."""
    return next((category for category, pattern in _WORDS if re.search(pattern, word)), None)


def read_nature(held: Cell, by_code: Nature, report: Report) -> Nature:
    """For-profit or not: the cell, or the credit code when the sheet has no such column."""
    text = tight(held.text)
    if not text:
        return by_code
    stated = Nature.NON_PROFIT if "非营利" in text else Nature.FOR_PROFIT if "营利" in text else Nature.UNKNOWN
    if Nature.UNKNOWN not in (stated, by_code) and stated is not by_code:
        problem = Problem(code="nature-contradicts-code", field="nature", written=text, suggestion=by_code)
        report(problem)
    return by_code if stated is Nature.UNKNOWN else stated


def read_annual_check(held: Cell) -> CheckResult | None:
    """合格, 基本合格, 不合格."""
    results: dict[str, CheckResult] = {"合格": "pass", "基本合格": "basic-pass", "不合格": "fail"}
    return results.get(tight(held.text))
