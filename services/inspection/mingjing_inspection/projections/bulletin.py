"""Figures of the half-monthly bulletin (半月通报): by department, and how many visits each officer made.

One rule: everything is counted at one position of the log; what came later changes nothing of what was counted then.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from mingjing_inspection.domain.rectification import Stage as Rectifying
from mingjing_inspection.projections.coverage import COVERAGE_READ, covered_by
from mingjing_inspection.projections.findings import FINDINGS_READ
from mingjing_inspection.projections.rectifications import OPEN as RECTIFYING
from mingjing_inspection.projections.rectifications import RECTIFICATIONS_READ
from mingjing_inspection.projections.supervision import SUPERVISION_READ
from mingjing_inspection.projections.tasks import OPEN, TASKS_READ
from mingjing_inspection.projections.visits import VISITS_READ
from mingjing_kernel.identity import OFFICIALS, Scope

OFFICERS_MAX: Final = 500
ENTERED: Final = ("NO_ISSUE", "ISSUES")
OVER: Final = ("CLOSED", "WRITTEN_OFF")
COUNTS: Final = (
    "sites", "visited", "visits", "entered", "with_issues", "findings", "repeated", "ordered", "passed", "failed",
    "overdue_tasks", "overdue_findings", "overdue_rectifications", "listed",
)  # fmt: skip
"""Of one department; ratios follow from them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """After ``begins`` up to ``ends``; ``ends_on`` is its last day in China, ``repeat`` the policy's days."""

    begins: datetime
    ends: datetime
    ends_on: date
    repeat: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Lines by department in alphabetical order, and officers with their visits, the most first."""

    departments: list[dict[str, Any]]
    officers: list[dict[str, Any]]


async def bulletin_figures(connection: AsyncConnection, scope: Scope, span: Span, *, at: int | None = None) -> Figures:
    """The counts of what a caller may see, as it stood after position ``at``."""
    found: dict[str, dict[str, Any]] = {}
    for statement in _statements(scope, span, at):
        for row in (await connection.execute(statement)).mappings():
            line = found.setdefault(row["key"], {"key": row["key"], **dict.fromkeys(COUNTS, 0)})
            for name in COUNTS:
                line[name] += int(row.get(name, 0))
    officers = (await connection.execute(_officers(scope, span, at))).mappings()
    return Figures(departments=[found[key] for key in sorted(found)], officers=[dict(row) for row in officers])


def _statements(scope: Scope, span: Span, at: int | None) -> Iterable[Select[Any]]:
    yield covered_by(scope, span.begins, span.ends, at=at)
    yield _visits(scope, span, at)
    yield _findings(scope, span, at)
    yield _overdue_findings(scope, span, at)
    yield _rectifications(scope, span, at)
    yield _tasks(scope, span, at)


def _visits(scope: Scope, span: Span, at: int | None) -> Select[Any]:
    rows = VISITS_READ.at(at).c
    counts = {
        "visits": rows.visit_id.is_not(None),
        "entered": rows.outcome.in_(ENTERED),
        "with_issues": rows.outcome == "ISSUES",
    }
    return _counted(rows.department, counts, _place(scope, rows), _within(rows.visited_at, span))


def _officers(scope: Scope, span: Span, at: int | None) -> Select[Any]:
    rows = VISITS_READ.at(at).c
    visits = func.count().label("visits")
    return (
        select(rows.officer, visits, func.count().filter(rows.outcome == "ISSUES").label("with_issues"))
        .where(_place(scope, rows), _within(rows.visited_at, span))
        .group_by(rows.officer)
        .order_by(visits.desc(), rows.officer)
        .limit(OFFICERS_MAX)
    )


def _findings(scope: Scope, span: Span, at: int | None) -> Select[Any]:
    """A repeated one: the same matter was found at the same site not long before, and it was so."""
    rows, earlier = FINDINGS_READ.at(at).c, FINDINGS_READ.at(at).alias("earlier").c
    again = (
        select(earlier.finding_id)
        .where(
            earlier.site_id == rows.site_id,
            earlier.matter == rows.matter,
            earlier.reported_at < rows.reported_at,
            earlier.reported_at >= rows.reported_at - timedelta(days=span.repeat),
            earlier.stage != "WRITTEN_OFF",
        )
        .exists()
    )
    counts = {"findings": rows.finding_id.is_not(None), "repeated": again}
    return _counted(rows.department, counts, _file(scope, rows), _within(rows.reported_at, span))


def _overdue_findings(scope: Scope, span: Span, at: int | None) -> Select[Any]:
    """By whoever has it: the department that handles it, or the one whose file it is."""
    rows = FINDINGS_READ.at(at).c
    owner = func.coalesce(func.nullif(rows.handler_department, ""), rows.department)
    counts = {"overdue_findings": rows.due_at <= span.ends, "listed": rows.is_listed}
    return _counted(owner, counts, _file(scope, rows), rows.stage.not_in(OVER))


def _rectifications(scope: Scope, span: Span, at: int | None) -> Select[Any]:
    rows = RECTIFICATIONS_READ.at(at).c
    counts = {
        "ordered": rows.ordered_on <= span.ends_on,
        "passed": rows.stage == Rectifying.PASSED.value,
        "failed": rows.stage == Rectifying.FAILED.value,
        "overdue_rectifications": rows.stage.in_([stage.value for stage in RECTIFYING])
        & (rows.deadline < span.ends_on),
    }
    return _counted(rows.department, counts, _place(scope, rows))


def _tasks(scope: Scope, span: Span, at: int | None) -> Select[Any]:
    rows = TASKS_READ.at(at).c
    counts = {"overdue_tasks": rows.due_at <= span.ends, "listed": rows.escalation == "LISTED"}
    return _counted(rows.department, counts, _place(scope, rows), rows.state.in_(OPEN))


def _counted(owner: Any, counts: dict[str, Any], scoped: Any, *conditions: Any) -> Select[Any]:
    key = owner.label("key")
    counted = (func.count().filter(condition).label(name) for name, condition in counts.items())
    return select(key, *counted).where(scoped, *conditions).group_by(key)


def _within(column: Any, span: Span) -> Any:
    return (column > span.begins) & (column <= span.ends)


def _place(scope: Scope, rows: Any) -> Any:
    return scope.where(roles=OFFICIALS, department=rows.department, region=rows.region, category=rows.category)


def _file(scope: Scope, rows: Any) -> Any:
    place = {"region": rows.region, "category": rows.category}
    return or_(
        scope.where(roles=OFFICIALS, department=rows.department, **place),
        scope.where(roles=OFFICIALS, department=rows.handler_department, **place),
    )


MODELS: Final = (
    COVERAGE_READ, SUPERVISION_READ, VISITS_READ, FINDINGS_READ, RECTIFICATIONS_READ, TASKS_READ,
)  # fmt: skip
"""What is counted."""
