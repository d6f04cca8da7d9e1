"""Routing of complaints (转办): which department, as a table: matter × place × category → department.

One rule: as of findings (``dispatching``): a released version never changes, a routing names the version that
suggested its owner, and an owner that nobody knows is not guessed: the grid looks first, then the town has it.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import Final

from mingjing_inspection.domain.dispatching import MATRIX_V1, Line, Matrix, Suggestion, suggested
from mingjing_inspection.domain.finding_terms import Matter

COMPLAINT_MATRIX_V1: Final = Matrix(
    version="complaint-matrix/1",
    competent=MATRIX_V1.competent,
    lines=(
        *MATRIX_V1.lines,
        Line(matter=Matter.SCHOOL, department="school-supervision", legal_basis="教育督导条例第十一条"),
    ),
)
COMPLAINT_MATRICES: Final = MappingProxyType({COMPLAINT_MATRIX_V1.version: COMPLAINT_MATRIX_V1})
"""Every released version by its name: add, never edit."""


def suggested_for(matter: Matter, region: str, category: str, *, is_looked_at: bool) -> Suggestion:
    """Who should have it. ``is_looked_at``: somebody looked, or nobody took it in time: the town has it then."""
    return suggested(matter, region, category, is_seen_on_site=is_looked_at, matrix=COMPLAINT_MATRIX_V1)
