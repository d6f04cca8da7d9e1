"""Routing of complaints (转办): which department, as a table: matter × place × category → department.

One rule: as of findings (``dispatching``): a released version never changes, a routing names the version that
suggested its owner, and an owner that nobody knows is not guessed: the grid looks first, then the town has it.
"""

from __future__ import annotations

from typing import Final

from mingjing_inspection.domain.dispatching import MATRIX_V1, Line, Matrix
from mingjing_inspection.domain.finding_terms import Matter

COMPLAINT_MATRIX_V1: Final = Matrix(
    version="complaint-matrix/1",
    competent=MATRIX_V1.competent,
    lines=(
        *MATRIX_V1.lines,
        Line(matter=Matter.SCHOOL, department="school-supervision", legal_basis="教育督导条例第十一条"),
    ),
)
"""What counts where nobody has decided otherwise (``policy.complaint_routing_rules``): never edited."""
