"""Urgency: words in a complaint that say money is in danger, so that somebody answers within two hours.

One rule: the words are a versioned table, and a complaint's event names the version that judged it. A word counts
only where it is meant: not denied ("没有跑路"), and not said of a lawful, announced pause ("国庆停课合不合规").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

RESPONSE_MAX = timedelta(hours=2)
"""Product default for money-safety words; no law behind it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UrgencyRule:
    """One version of the table.

    ``denials`` directly before a word take it back; ``harmless`` patterns make the words of their clause harmless.
    """

    version: str
    words: tuple[str, ...]
    denials: tuple[str, ...]
    harmless: tuple[str, ...]


URGENCY_V1 = UrgencyRule(
    version="urgency-v1",
    words=(
        "跑路",
        "卷款",
        "卷钱",
        "失联",
        "联系不上",
        "拉黑",
        "停课",
        "退不了",
        "人去楼空",
        "搬空",
        "倒闭",
        "关停",
        "停业",
        "停止营业",
        "关门",
    ),
    denials=("没有", "没", "并未", "从未", "未", "不会", "不是", "不怕", "不担心", "不至于"),
    harmless=(
        r"停课.{0,8}(合不合规|算不算正常|是否正常|是否合规)",
        r"停课(那|这)(次|天|周)",
        r"停课(公告|报备)",
        r"(台风|暴雨|高温|大雪|流感|疫情|国庆|春节|元旦|五一|清明|端午|中秋|寒假|暑假|考试).{0,6}停课",
        r"(按时|准时|几点|每天|晚上|中午).{0,4}关门",
    ),
)

_CLAUSE_END = re.compile(r"[，。！？；,!?;\n]+")


def urgent_words(text: str, rule: UrgencyRule = URGENCY_V1) -> tuple[str, ...]:
    """The words of ``rule`` that ``text`` means, in the order of the table, each once."""
    meant: set[str] = set()
    for clause in _CLAUSE_END.split(text):
        if any(re.search(pattern, clause) for pattern in rule.harmless):
            continue
        meant.update(word for word in rule.words if _is_meant(word, clause, rule))
    return tuple(word for word in rule.words if word in meant)


def _is_meant(word: str, clause: str, rule: UrgencyRule) -> bool:
    start = clause.find(word)
    while start >= 0:
        if not clause[:start].endswith(rule.denials):
            return True
        start = clause.find(word, start + 1)
    return False
