"""The questions about joint operations, each member's part and what they share; and about the bulletin."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, MetaData

from mingjing_inspection.projections import bulletin, coverage, operations
from mingjing_inspection.projections.findings import FINDINGS_READ
from mingjing_inspection.projections.schema import METADATA
from mingjing_inspection.projections.supervision import SUPERVISION_READ
from mingjing_inspection.projections.tasks import TASKS_READ
from mingjing_inspection.projections.visits import visits_in
from mingjing_kernel.identity import OFFICIALS, Scope
from scopes.question import NOW, Driven, Question, driven, listed, of_each, whole

_JOINED = (operations.OPERATIONS_READ, operations.OPERATION_MEMBERS)
_TAKES_PART: Mapping[str, Any] = {"answer": "YES", "referred": []}
_SPAN = bulletin.Span(
    begins=NOW - timedelta(days=1), ends=NOW + timedelta(days=1), ends_on=NOW.date() + timedelta(days=1), repeat=180
)
_STANDING: Mapping[str, Any] = {
    "site_region": lambda row: row.region,
    "closed_at": None,
    "handler_department": lambda row: row.department,
    "outcome": "ISSUES",
}


def circulated(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
    """The figures, beside the visits that they count."""
    shown = listed(lambda scope, at: visits_in(scope, at=at), "visit_id")(connection, scope, at)
    figures = driven(bulletin.bulletin_figures(Driven(connection), scope, _SPAN, at=at))  # type: ignore[arg-type]
    for name in ("visits", "with_issues", "sites", "findings", "overdue_findings", "ordered"):
        assert sum(line[name] for line in figures.departments) == len(shown), name
    assert sum(one["visits"] for one in figures.officers) == len(shown)
    return shown


def covering(connection: Connection, scope: Scope, at: int | None) -> list[UUID]:
    """The sites of the list, beside the sums by department."""
    found = [row.site_id for row in connection.execute(coverage.coverage_in(scope, at=at))]
    rows = connection.execute(coverage.covered_by(scope, _SPAN.begins, _SPAN.ends, at=at)).all()
    assert sum(row.sites for row in rows) == len(found)
    return found


_FOLDER = "mingjing_inspection/projections"
OPERATION_QUESTIONS: dict[str, tuple[MetaData, tuple[Question, ...]]] = {
    f"{_FOLDER}/operations.py:operations_in": (METADATA, (
        whole(lambda scope, at: operations.operations_in(scope, at=at), "operation_id", of=_JOINED, roles=OFFICIALS,
              values=_TAKES_PART),
    )),
    f"{_FOLDER}/operations.py:pool_in": (METADATA, (
        Question(asks=of_each(lambda scope, id, at: operations.pool_in(scope, id, at=at), "item_id"),
                 of=(*_JOINED, operations.POOLED_EVIDENCE), roles=OFFICIALS, values=_TAKES_PART),
    )),
    f"{_FOLDER}/operations.py:members_in": (METADATA, (
        Question(asks=of_each(lambda scope, id, at: operations.members_in(scope, id, at=at), "operation_id"),
                 of=(*_JOINED, TASKS_READ, FINDINGS_READ), roles=OFFICIALS, values=_TAKES_PART),
    )),
    f"{_FOLDER}/bulletin.py:bulletin_figures": (METADATA, (
        Question(asks=circulated, of=bulletin.MODELS, roles=OFFICIALS, values=_STANDING),
    )),
    f"{_FOLDER}/coverage.py:covered_by": (METADATA, (
        Question(asks=covering, of=(coverage.COVERAGE_READ, SUPERVISION_READ), roles=OFFICIALS, values=_STANDING),
    )),
}  # fmt: skip
