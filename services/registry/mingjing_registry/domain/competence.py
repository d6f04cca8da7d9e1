"""Competence 主管部门: which department answers for which training category, where and when (L03: 谁审批谁监管).

One rule: this is data. The longest region that fits prevails, of the lines that are valid on the day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from mingjing_registry.domain.particulars import Category


@dataclass(frozen=True, slots=True, kw_only=True)
class Competence:
    """One line of the table."""

    region: str
    """Beginning of the division code; empty for everywhere."""
    category: Category
    department: str
    valid_from: date
    valid_to: date | None = None
    """The last day, or ``None`` while it holds."""


def competent(table: Iterable[Competence], category: Category, region: str, on: date) -> str:
    """The department for a category; empty when no line fits."""
    fitting = [
        line
        for line in table
        if line.category is category
        and region.startswith(line.region)
        and line.valid_from <= on
        and (line.valid_to is None or on <= line.valid_to)
    ]
    return max(fitting, key=lambda line: (len(line.region), line.valid_from)).department if fitting else ""


def competent_departments(
    table: Sequence[Competence], categories: Iterable[Category], region: str, on: date
) -> tuple[str, ...]:
    """The competent department of each category, in order."""
    return tuple(competent(table, category, region, on) for category in categories)
