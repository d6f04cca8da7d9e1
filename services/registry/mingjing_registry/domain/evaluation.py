"""The evaluation of an after-school provider 课后服务机构考核: 100 points, taken away by 1, 3 or 10 (S1:853-859).

How many of them each part has is a policy; ``POINTS`` is what counts unless one says otherwise.

One rule: a score is a fold of its entries: no part falls below nothing, and nobody enters a total by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Literal, TypeAlias
from uuid import UUID


class Part(StrEnum):
    """What is looked at."""

    PATROL = "patrol"
    """日常巡查"""
    PLAN = "plan"
    """计划完成"""
    EFFECT = "effect"
    """实施效果"""
    SATISFACTION = "satisfaction"
    """满意度"""


POINTS_WHOLE = 100
POINTS: Mapping[Part, int] = MappingProxyType({
    Part.PATROL: 50,
    Part.PLAN: 20,
    Part.EFFECT: 20,
    Part.SATISFACTION: 10,
})  # fmt: skip
Deducted: TypeAlias = Literal[1, 3, 10]
"""A slip, a fault, a grave fault."""
Grade: TypeAlias = Literal["excellent", "good", "pass", "fail"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deduction:
    """Points that were taken away, by whom the log says."""

    entry_id: UUID
    part: Part
    points: Deducted
    reason: str
    evidence_sha256: str
    found_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeNumbers:
    """How many points each part has, and from how many which grade."""

    excellent: int = 90
    good: int = 80
    passing: int = 60
    points: tuple[tuple[Part, int], ...] = tuple(POINTS.items())
    version: str = "default/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What is left of each part, together and as a grade."""

    patrol: int
    plan: int
    effect: int
    satisfaction: int
    total: int
    grade: Grade

    @property
    def is_exit(self) -> bool:
        """The exit rule: who fails leaves the list."""
        return self.grade == "fail"


def score_of(deductions: Iterable[Deduction], numbers: GradeNumbers) -> Score:
    """The score of an evaluation's entries."""
    left = dict(numbers.points)
    for one in deductions:
        left[one.part] = max(left[one.part] - one.points, 0)
    total = sum(left.values())
    return Score(
        patrol=left[Part.PATROL],
        plan=left[Part.PLAN],
        effect=left[Part.EFFECT],
        satisfaction=left[Part.SATISFACTION],
        total=total,
        grade=_grade(total, numbers),
    )


def _grade(total: int, numbers: GradeNumbers) -> Grade:
    if total >= numbers.excellent:
        return "excellent"
    if total >= numbers.good:
        return "good"
    return "pass" if total >= numbers.passing else "fail"
