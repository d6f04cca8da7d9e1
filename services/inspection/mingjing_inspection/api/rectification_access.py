"""A rectification as a caller sees it: an official within the own grants, an institution its own."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.codec import RECTIFICATIONS
from mingjing_inspection.domain.rectification_refusals import RectificationUnknown
from mingjing_inspection.projections.rectifications import rectifications_in
from mingjing_kernel.http import Accepted, AsOf, Kit, accepted, position_of
from mingjing_kernel.identity import Act, Dimensions, Scope
from mingjing_kernel.log import Envelope


class RectificationItem(BaseModel):
    """A rectification as it stands now."""

    model_config = ConfigDict(from_attributes=True)

    rectification_id: UUID
    stage: str
    institution_id: UUID
    site_id: UUID | None
    department: str
    region: str
    category: str
    name: str
    finding_id: UUID | None
    summary: str
    requirements: list[str]
    legal_basis: str
    pause: str = Field(description="What became of a proposal to pause recruiting")
    reaction: str = Field(description="Which reaction proposed it; empty where a person ordered it")
    ordered_on: date | None
    deadline: date | None
    served_on: date | None
    reported_on: date | None
    photos: list[str]
    ended_on: date | None
    said: str
    began_at: datetime
    version: int


async def seen(kit: Kit, rectification_id: UUID, scope: Scope, as_of: AsOf | None = None) -> RectificationItem:
    """One that the caller sees. Raises ``RectificationUnknown``."""
    statement = rectifications_in(scope, at=await position_of(kit, as_of))
    statement = statement.where(statement.selected_columns.rectification_id == rectification_id)
    async with kit.connection() as connection:
        row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise RectificationUnknown
    return RectificationItem.model_validate(row)


def place_of(item: RectificationItem) -> Dimensions:
    """Where it stands, and whose it is."""
    return Dimensions(item.department, item.region, item.category, item.institution_id)


async def done(
    kit: Kit, rectification_id: UUID, act: Act, command: Any, scope: Scope, written: Envelope, response: Response
) -> Accepted:
    """The act, for one that the caller sees and has a grant for."""
    await kit.up_to_date()
    scope.require(act, place_of(await seen(kit, rectification_id, scope)))
    return accepted(response, await kit.log.handle(RECTIFICATIONS, rectification_id, command, written))
