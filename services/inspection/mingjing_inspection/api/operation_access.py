"""A joint operation as a caller sees it: whoever is within a member; acts are of the own department."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts_operation import LEAD_ACTS, MEMBER_ACTS
from mingjing_inspection.codec import OPERATIONS
from mingjing_inspection.domain.operation import Known, hindrance
from mingjing_inspection.domain.operation_refusals import OperationUnknown
from mingjing_inspection.projections.operations import operations_in
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Accepted, AsOf, AvailableActions, Kit, accepted, position_of
from mingjing_kernel.http.actions import actions_of, due
from mingjing_kernel.identity import Act, Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope


class OperationItem(BaseModel):
    """A joint operation as it stands now."""

    model_config = ConfigDict(from_attributes=True)

    operation_id: UUID
    stage: str = Field(description="PLANNED 待会签, UNDER_WAY 进行中, CONCLUDED 已办结, CANCELLED 已取消")
    title: str
    department: str = Field(description="Which department leads 牵头部门")
    members: list[str] = Field(description="All departments, the leading one among them 成员单位")
    region: str
    category: str
    targets: int = Field(description="How many sites 教学点数")
    held_on: date
    reason: str
    legal_basis: str
    conclusion: str
    planned_by: str
    planned_at: datetime
    version: int


async def seen(kit: Kit, operation_id: UUID, scope: Scope, as_of: AsOf | None = None) -> OperationItem:
    """One that the caller sees. Raises ``OperationUnknown``."""
    statement = operations_in(scope, at=await position_of(kit, as_of))
    statement = statement.where(statement.selected_columns.operation_id == operation_id)
    async with kit.connection() as connection:
        row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise OperationUnknown
    return OperationItem.model_validate(row)


async def standing(kit: Kit, operation_id: UUID, scope: Scope) -> tuple[OperationItem, Known]:
    """What a write is decided on: the row for whether it is seen, the log for what it says."""
    await kit.up_to_date()
    item = await seen(kit, operation_id, scope)
    return item, await known(kit, operation_id)


async def known(kit: Kit, operation_id: UUID) -> Known:
    """As the log has it. Ask first whether the caller sees it."""
    state = (await kit.log.state(OPERATIONS, operation_id))[0]
    if not isinstance(state, Known):
        raise OperationUnknown
    return state


def place_of(item: OperationItem, department: str = "") -> Dimensions:
    """Where it stands for an act of a department; of the leading one where none is named."""
    return Dimensions(department or item.department, item.region, item.category)


async def done(
    kit: Kit, operation_id: UUID, act: Act, command: Any, scope: Scope, written: Envelope, response: Response
) -> Accepted:
    """An act of the leading department."""
    item, _ = await standing(kit, operation_id, scope)
    scope.require(act, place_of(item))
    return accepted(response, await kit.log.handle(OPERATIONS, operation_id, command, written))


async def actions_on(kit: Kit, operation_id: UUID, caller: Principal) -> AvailableActions:
    """What the caller may do now: for the lead, and for the first of the members for which the caller may act."""
    item, _ = await standing(kit, operation_id, caller.scope)
    found = await kit.log.standing(OPERATIONS, operation_id)
    actions = []
    for act in (*LEAD_ACTS, *MEMBER_ACTS):
        members = [one for one in item.members if act in MEMBER_ACTS and caller.scope.may(act, place_of(item, one))]
        place = place_of(item, next(iter(members), ""))
        actions += actions_of((act,), caller, place, lambda step: hindrance(step, found.state), hands=found.hands)
    dues = dict.fromkeys(("launch-operation", "conclude-operation"), item.held_on)
    is_open = item.stage in ("PLANNED", "UNDER_WAY")
    shown = due(actions, dues, shanghai_date(kit.now())) if is_open else actions
    return AvailableActions(version=found.version, actions=shown)
