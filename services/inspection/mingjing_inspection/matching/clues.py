"""Clues 线索: what in a message points to an institution, one by one, each with the words and its points.

The one rule: a clue is words that stand in the message. The points are the program's and have a version; they were
chosen on the tuning half of the sample county's complaints and rounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID

CLUES_VERSION: Final = "complaint-linking/1"


class Clue(StrEnum):
    """How the words point to the institution."""

    CODE = "CODE"
    """统一社会信用代码"""
    PHONE = "PHONE"
    """被反映方电话"""
    FULL_NAME = "FULL_NAME"
    """全称"""
    FORMER_NAME = "FORMER_NAME"
    """曾用名"""
    SHORT_NAME = "SHORT_NAME"
    """简称"""
    RESPONDENT = "RESPONDENT"
    """写在被反映对象栏"""
    SOUNDS_ALIKE = "SOUNDS_ALIKE"
    """同音错字"""
    LOOKS_ALIKE = "LOOKS_ALIKE"
    """一字之差"""
    NICKNAME = "NICKNAME"
    """俗称（小某、某老师家、某班）"""
    PART = "PART"
    """字号的一部分"""
    SAME_ROOM = "SAME_ROOM"
    """地址到门牌房号一致"""
    SAME_HOUSE = "SAME_HOUSE"
    """同一门牌"""
    SAME_BUILDING = "SAME_BUILDING"
    """同一条路上的同一楼宇"""
    SAME_TOWN = "SAME_TOWN"
    """同一镇街"""
    SAME_TRADE = "SAME_TRADE"
    """所教项目一致"""


POINTS: Final = {
    Clue.CODE: 1_000,
    Clue.FULL_NAME: 850,
    Clue.FORMER_NAME: 700,
    Clue.SHORT_NAME: 750,
    Clue.PHONE: 700,
    Clue.SOUNDS_ALIKE: 600,
    Clue.NICKNAME: 450,
    Clue.LOOKS_ALIKE: 400,
    Clue.PART: 250,
    Clue.SAME_ROOM: 500,
    Clue.SAME_HOUSE: 400,
    Clue.SAME_BUILDING: 350,
    Clue.RESPONDENT: 100,
    Clue.SAME_TOWN: 60,
    Clue.SAME_TRADE: 60,
}
NAMES: Final = (
    Clue.FULL_NAME,
    Clue.FORMER_NAME,
    Clue.SHORT_NAME,
    Clue.SOUNDS_ALIKE,
    Clue.NICKNAME,
    Clue.LOOKS_ALIKE,
    Clue.PART,
)
"""Of these the strongest counts, of the places too; the others are added."""
PLACES: Final = (Clue.SAME_ROOM, Clue.SAME_HOUSE, Clue.SAME_BUILDING)


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """One clue: the words of the message."""

    clue: Clue
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An institution that the message may be about. ``score`` is the sum of what its clues add."""

    institution_id: UUID
    score: int
    clues: tuple[Found, ...]


def weighed(institution_id: UUID, found: set[Found]) -> Candidate:
    """The clues that count, the strongest first, and what they come to."""
    counted: list[Found] = []
    for group in (NAMES, PLACES, *((clue,) for clue in Clue if clue not in (*NAMES, *PLACES))):
        here = sorted((one for one in found if one.clue in group), key=lambda one: (-POINTS[one.clue], one.words))
        counted += here[:1]
    counted.sort(key=lambda one: (-POINTS[one.clue], one.clue.value))
    score = sum(POINTS[one.clue] for one in counted)
    return Candidate(institution_id=institution_id, score=score, clues=tuple(counted))
