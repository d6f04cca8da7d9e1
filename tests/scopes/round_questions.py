"""The questions about what officers' devices sent and nobody took yet."""

from __future__ import annotations

from sqlalchemy import MetaData

from mingjing_inspection.projections import visit_parts
from mingjing_inspection.projections.schema import METADATA as INSPECTION
from mingjing_kernel.identity import OFFICIALS
from scopes.question import FILED, Question, whole

ROUND_QUESTIONS: dict[str, tuple[MetaData, tuple[Question, ...]]] = {
    "mingjing_inspection/projections/visit_parts.py:visit_parts_in": (INSPECTION, (
        whole(lambda scope, at: visit_parts.visit_parts_in(scope, at=at), "part_id",
              of=(visit_parts.VISIT_PARTS_READ,), roles=OFFICIALS, dimensions=FILED),
    )),
}  # fmt: skip
