"""Triage O1 or O2 (无证办学与隐形变异培训的判别): which conduct the answers establish, and what is still missing.

Source: 校外培训行政处罚暂行办法 (教育部令第53号) art. 17 for O1, art. 18 for O2. One rule: O1 takes all three of its
elements; whatever does not reach it is O2 by its form, or nothing. Unknown establishes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

RULE: Final = "o1-o2.v1"


class Question(StrEnum):
    """What is asked, each once."""

    DEDICATED_PLACE = "DEDICATED_PLACE"
    """有专门的培训场所，或线上培训有特定网站或应用程序"""
    TWO_STAFF = "TWO_STAFF"
    """有2名以上培训从业人员"""
    ORGANIZED = "ORGANIZED"
    """有相应的组织机构和分工"""
    PUPILS = "PUPILS"
    """面向3周岁以上学龄前儿童或中小学生"""
    PAID = "PAID"
    """收费或变相收费"""
    SUBJECT = "SUBJECT"
    """属于学科类培训"""
    BY_MESSAGING = "BY_MESSAGING"
    """通过即时通讯、网络会议、直播平台等方式"""
    FEW_AT_PLACES = "FEW_AT_PLACES"
    """在居民楼、酒店、咖啡厅等场所一对一、一对多"""
    UNDER_NAME = "UNDER_NAME"
    """以咨询、文化传播、家政、住家教师、众筹私教、研学、夏令营、托管等名义"""


class Answer(StrEnum):
    """What is known."""

    YES = "YES"
    """是"""
    NO = "NO"
    """否"""
    UNKNOWN = "UNKNOWN"
    """不详"""


class Verdict(StrEnum):
    """What the answers come to."""

    NOT_ESTABLISHED = "NOT_ESTABLISHED"
    """尚不能认定"""
    O1 = "O1"
    """擅自举办校外培训机构"""
    O2 = "O2"
    """变相开展学科类培训"""


ELEMENTS: Final = (Question.DEDICATED_PLACE, Question.TWO_STAFF, Question.ORGANIZED)
"""All three, and O1 needs pupils."""
FORMS: Final = (Question.BY_MESSAGING, Question.FEW_AT_PLACES, Question.UNDER_NAME)
"""Any of them, for O2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Triage:
    """What the rule says: the verdict, what O1 still lacks, what O2 lacks, and which forms were established."""

    verdict: Verdict
    missing_o1: tuple[Question, ...]
    missing_o2: tuple[Question, ...]
    forms: tuple[Question, ...]
    rule: str = RULE


def triage(answers: Mapping[Question, Answer]) -> Triage:
    """By the answers that were given; one that was not given is unknown."""
    forms = tuple(one for one in FORMS if answers.get(one) is Answer.YES)
    missing_o1 = _lacking(answers, (*ELEMENTS, Question.PUPILS))
    missing_o2 = _lacking(answers, (Question.PUPILS, Question.PAID, Question.SUBJECT)) + (() if forms else FORMS)
    verdict = Verdict.NOT_ESTABLISHED
    if not missing_o1:
        verdict = Verdict.O1
    elif not missing_o2:
        verdict = Verdict.O2
    return Triage(verdict=verdict, missing_o1=missing_o1, missing_o2=missing_o2, forms=forms)


def _lacking(answers: Mapping[Question, Answer], wanted: tuple[Question, ...]) -> tuple[Question, ...]:
    return tuple(one for one in wanted if answers.get(one) is not Answer.YES)
