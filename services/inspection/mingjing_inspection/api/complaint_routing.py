"""Routing of complaints over HTTP (转办规则): the table in force somewhere on a day, and what a proposal would change.

One rule: the table is changed through the policies alone (``/policies/complaint-routing``): one proposes, another
approves; here it is read as a table, and looked at before it is approved.
"""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from mingjing_inspection.domain.finding_terms import Matter
from mingjing_inspection.intake.complaint_routes import CATEGORIES, Preview, previewed, routing_known, whose
from mingjing_inspection.policy.complaint_routing_rules import DEPARTMENTS, number_of
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import AsOf, Kit, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope

_ZH: Final = {department: zh for department, zh, _ in DEPARTMENTS}


class RoutingLineItem(BaseModel):
    """Whose a matter is, of one category of training."""

    matter: Matter
    number: str = Field(description="Its name in the policy complaint-routing")
    category: str
    department: str = Field(description="Empty: the grid looks first, then the town has it")
    department_zh: str
    ground: str
    matrix: str = Field(description="The released table, and each version that said otherwise")
    legal_basis: str


class RoutingDepartmentItem(BaseModel):
    """What a number of a line means: a proposal names numbers."""

    number: int
    department: str
    zh: str
    en: str


class RoutingTable(BaseModel):
    """The table for complaints received on a day, somewhere."""

    on: date
    region: str
    items: list[RoutingLineItem]
    departments: list[RoutingDepartmentItem] = Field(description="Which may stand in a line")


class RoutingChangeItem(BaseModel):
    """One line that would say otherwise."""

    matter: Matter
    category: str
    before: str
    after: str


class RoutingWaitingItem(BaseModel):
    """Tracks without a department that would be suggested another one."""

    matter: Matter
    before: str
    after: str
    tracks: int


class RoutingPreview(BaseModel):
    """What a version changes for complaints received from its day on; what was routed keeps its own."""

    version_id: UUID
    rule: str
    region: str
    category: str
    effective_on: date
    effective_to: date | None
    legal_basis: str
    reason: str
    proposed_by: str
    is_approved: bool
    is_withdrawn: bool = Field(description="It was taken back and will never count")
    changes: list[RoutingChangeItem]
    waiting: list[RoutingWaitingItem]
    undecided: int = Field(description="Waiting tracks of which nobody has said what they are about")
    is_cut: bool = Field(description="More tracks wait than were looked at")


def make_router(kit: Kit) -> Router:
    """The table, and one version of it."""
    router = Router(prefix="/complaint-routing", tags=["complaint-track 投诉办理"])

    @router.get("", summary="转办规则表 the table in force")
    async def routing_table(
        on: date | None = Query(default=None, description="The day of receipt; today, when left out"),
        region: str = Query(default="", max_length=15, pattern=r"^\d*$"),
        category: str = Query(default="", max_length=40, description="One only; all, when left out"),
        _scope: Scope = Depends(kit.scope),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> RoutingTable:
        """Matter by category for one place; each line names the version that it stands in, and its legal basis."""
        day, place = on or shanghai_date(kit.now()), region or kit.settings.county_code
        known = await routing_known(kit.log, await position_of(kit, as_of))
        items = []
        for matter in Matter:
            for one in (category,) if category else CATEGORIES:
                said = whose(known, matter, day, place, one, is_looked_at=False)
                items.append(
                    RoutingLineItem(
                        matter=matter,
                        number=number_of(matter),
                        category=one,
                        department=said.department,
                        department_zh=_ZH.get(said.department, said.department),
                        ground=said.ground.value,
                        matrix=said.matrix,
                        legal_basis=said.legal_basis,
                    )
                )
        return RoutingTable(on=day, region=place, items=items, departments=_departments())

    @router.get("/versions/{version_id}", summary="转办规则变更预览 what a version would change")
    async def routing_preview(version_id: UUID, scope: Scope = Depends(kit.scope)) -> RoutingPreview:
        """Before it is approved, and after: line by line, and of the waiting tracks that the caller sees."""
        return _preview(await previewed(kit, scope, version_id))

    return router


def _departments() -> list[RoutingDepartmentItem]:
    return [
        RoutingDepartmentItem(number=at, department=department, zh=zh, en=en)
        for at, (department, zh, en) in enumerate(DEPARTMENTS)
    ]


def _preview(found: Preview) -> RoutingPreview:
    proposed = found.proposed
    return RoutingPreview(
        version_id=proposed.version_id,
        rule=found.rule,
        region=proposed.region,
        category=proposed.category,
        effective_on=proposed.effective_on,
        effective_to=proposed.effective_to,
        legal_basis=proposed.legal_basis,
        reason=proposed.reason,
        proposed_by=proposed.by,
        is_approved=found.is_approved,
        is_withdrawn=found.is_withdrawn,
        changes=[
            RoutingChangeItem(matter=one.matter, category=one.category, before=one.before, after=one.after)
            for one in found.changes
        ],
        waiting=[
            RoutingWaitingItem(matter=Matter(matter), before=before, after=after, tracks=tracks)
            for (matter, before, after), tracks in sorted(found.waiting.items())
        ],
        undecided=found.undecided,
        is_cut=found.is_cut,
    )
