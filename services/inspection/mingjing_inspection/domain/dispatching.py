"""Dispatch (派遣): which department a finding is for, as a table: matter × place × category → department.

One rule: a released version of the table never changes, and a dispatch names the version that suggested its owner. An
owner that nobody knows is not guessed: first the grid looks on the spot, then the town has it as territory.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from mingjing_inspection.domain.finding_terms import Matter

TOWN_DIGITS = 9
TOWN = "town"
"""镇街: has by its territory what belongs to nobody else."""
COMPETENT = "competent"
"""The competent department of the category 主管部门."""
ANY = ""


class Ground(StrEnum):
    """Why this department."""

    OWNER = "OWNER"
    """按权责清单"""
    TOWN_FALLBACK = "TOWN_FALLBACK"
    """权责不明，属地兜底"""
    GRID_FIRST = "GRID_FIRST"
    """权责不明，先由网格核实"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the table. The longer region prevails, then a named category over all."""

    matter: Matter
    department: str
    legal_basis: str
    region: str = ANY
    category: str = ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """A version of the table, and which department is competent for which category."""

    version: str
    lines: tuple[Line, ...]
    competent: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Who should have it, why, and by which version and basis; no department where the grid must look first."""

    department: str
    ground: Ground
    matrix: str
    legal_basis: str = ""


_LICENSED = "民办教育促进法第六十二条；谁审批谁监管"
MATRIX_V1 = Matrix(
    version="dispatch-matrix/1",
    competent=MappingProxyType(
        {
            "subject": "education",
            "art": "culture-tourism-sport",
            "sport": "culture-tourism-sport",
            "technology": "science",
            "other": "education",
        }
    ),
    lines=(
        *(
            Line(matter=matter, department=COMPETENT, legal_basis=_LICENSED)
            for matter in (Matter.SCOPE, Matter.STAFF, Matter.TEACHING_TIME, Matter.MATERIALS)
        ),
        Line(matter=Matter.LICENCE, department="education", legal_basis="民办教育促进法第六十四条"),
        Line(matter=Matter.HIDDEN_TRAINING, department="education", legal_basis="教育部令第53号第十八条"),
        Line(matter=Matter.CHILDCARE_COVER, department="education", legal_basis="教育部令第53号第十八条"),
        Line(matter=Matter.CUSTODY, department=COMPETENT, legal_basis="教监管函〔2021〕2号"),
        Line(matter=Matter.FEES, department="market-regulation", legal_basis="价格法第三十三条"),
        Line(matter=Matter.CONTRACT, department="market-regulation", legal_basis="消费者权益保护法第三十二条"),
        Line(matter=Matter.ADVERTISING, department="market-regulation", legal_basis="广告法第六条"),
        Line(matter=Matter.FIRE_SAFETY, department="fire-rescue", legal_basis="消防法第四条"),
        Line(matter=Matter.HYGIENE, department="market-regulation", legal_basis="食品安全法第六条"),
        Line(matter=Matter.PERSONAL_DATA, department=COMPETENT, legal_basis="个人信息保护法第六十条"),
        Line(matter=Matter.WAGES_RENT, department="human-resources", legal_basis="劳动法第八十五条"),
        Line(matter=Matter.FRAUD, department="public-security", legal_basis="刑事诉讼法第一百零八条"),
        Line(matter=Matter.IN_SERVICE_TEACHER, department="education", legal_basis="教师〔2015〕5号"),
    ),
)
MATRICES = MappingProxyType({MATRIX_V1.version: MATRIX_V1})
"""Every released version by its name: add, never edit."""


def suggested(
    matter: Matter, region: str, category: str, *, is_seen_on_site: bool, matrix: Matrix = MATRIX_V1
) -> Suggestion:
    """Who should have a finding."""
    fitting = [
        line
        for line in matrix.lines
        if line.matter is matter and region.startswith(line.region) and line.category in (ANY, category)
    ]
    for line in sorted(fitting, key=lambda line: (len(line.region), line.category != ANY), reverse=True):
        department = matrix.competent.get(category, "") if line.department == COMPETENT else line.department
        if department:
            return Suggestion(
                department=department, ground=Ground.OWNER, matrix=matrix.version, legal_basis=line.legal_basis
            )
    return owner_unknown(region, matrix.version, is_seen_on_site=is_seen_on_site)


def owner_unknown(region: str, version: str, *, is_seen_on_site: bool) -> Suggestion:
    """Whose it is where the table names nobody: the grid looks first, then the town has it."""
    if is_seen_on_site and len(region) >= TOWN_DIGITS:
        return Suggestion(department=TOWN, ground=Ground.TOWN_FALLBACK, matrix=version)
    return Suggestion(department="", ground=Ground.GRID_FIRST, matrix=version)
