"""Evidence (证据) of this service: its lists, and which record is within whose scope.

The one rule: evidence is scoped as what it belongs to, by the very columns that the lists of visits and complaints are.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select

from mingjing_inspection.domain.operation import Stage
from mingjing_inspection.projections.complaints import complaints_table
from mingjing_inspection.projections.findings import findings_table
from mingjing_inspection.projections.leads import leads_table
from mingjing_inspection.projections.operations import YES, operation_members_table, operations_table
from mingjing_inspection.projections.rectifications import rectifications_table
from mingjing_inspection.projections.schema import METADATA
from mingjing_inspection.projections.visits import visits_table
from mingjing_kernel.evidence.lists import make_lists
from mingjing_kernel.identity import Role, Scope

EVIDENCE_LISTS = make_lists(METADATA)


def visit_within(scope: Scope, roles: Collection[Role], visit_id: UUID) -> Select[Any]:
    """One row when the visit is reported and the scope reaches it in one of the roles."""
    rows = visits_table.c
    return select(rows.visit_id).where(
        rows.visit_id == visit_id,
        scope.where(roles=roles, department=rows.department, region=rows.region, category=rows.category),
    )


def visit_ended(visit_id: UUID) -> Select[Any]:
    """When the visit was reported: it is over then, and only a correction prolongs the time of its evidence."""
    rows = visits_table.c
    return select(rows.received_at).where(rows.visit_id == visit_id)


def operation_within(scope: Scope, roles: Collection[Role], operation_id: UUID) -> Select[Any]:
    """One row when the scope reaches a department that takes part in the operation, in one of the roles."""
    rows = operation_members_table.c
    return select(rows.operation_id).where(
        rows.operation_id == operation_id,
        rows.answer == YES,
        scope.where(roles=roles, department=rows.department, region=rows.region, category=rows.category),
    )


def operation_ended(operation_id: UUID) -> Select[Any]:
    """On its day, once it is concluded or called off."""
    rows = operations_table.c
    return select(rows.held_on).where(
        rows.operation_id == operation_id, rows.stage.in_((Stage.CONCLUDED.value, Stage.CANCELLED.value))
    )


def finding_within(scope: Scope, roles: Collection[Role], finding_id: UUID) -> Select[Any]:
    """One row when the scope reaches the department whose file it is, or the one that has it to handle."""
    rows = findings_table.c
    place = {"region": rows.region, "category": rows.category}
    return select(rows.finding_id).where(
        rows.finding_id == finding_id,
        or_(
            scope.where(roles=roles, department=rows.department, **place),
            scope.where(roles=roles, department=rows.handler_department, **place),
        ),
    )


def finding_ended(finding_id: UUID) -> Select[Any]:
    """When it was closed; what was written off ends with its last fact."""
    rows = findings_table.c
    over = ("CLOSED", "WRITTEN_OFF")
    return select(rows.closed_at).where(rows.finding_id == finding_id, rows.stage.in_(over))


def rectification_within(scope: Scope, roles: Collection[Role], rectification_id: UUID) -> Select[Any]:
    """One row when the scope reaches it; an institution's own reaches its own."""
    rows = rectifications_table.c
    return select(rows.rectification_id).where(
        rows.rectification_id == rectification_id,
        scope.where(
            roles=roles,
            department=rows.department,
            region=rows.region,
            category=rows.category,
            holder=rows.institution_id,
        ),
    )


def rectification_ended(rectification_id: UUID) -> Select[Any]:
    """On the day on which it passed, failed or was not ordered."""
    rows = rectifications_table.c
    return select(rows.ended_on).where(rows.rectification_id == rectification_id, rows.ended_on.is_not(None))


def complaint_within(scope: Scope, roles: Collection[Role], complaint_id: UUID) -> Select[Any]:
    """The same for a complaint."""
    rows = complaints_table.c
    return select(rows.complaint_id).where(
        rows.complaint_id == complaint_id,
        scope.where(roles=roles, department=rows.department, region=rows.region, category=rows.category),
    )


def complaint_ended(complaint_id: UUID) -> Select[Any]:
    """When it was received: each fact about it prolongs the time, as it does for a complainant's own data."""
    rows = complaints_table.c
    return select(rows.received_at).where(rows.complaint_id == complaint_id)


def lead_within(scope: Scope, roles: Collection[Role], lead_id: UUID) -> Select[Any]:
    """The same for a lead."""
    rows = leads_table.c
    return select(rows.lead_id).where(
        rows.lead_id == lead_id,
        scope.where(roles=roles, department=rows.department, region=rows.region, category=rows.category),
    )
