"""A finding as a caller sees it, and where it stands for an act: with the department whose file it is, or with the one
that has it to handle.

One rule: a write is decided on what is written by now, a read on what was asked for.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts_findings import FINDING_ACTS, HANDLER_ACTS
from mingjing_inspection.codec import FINDINGS
from mingjing_inspection.domain.finding_refusals import FindingUnknown
from mingjing_inspection.domain.finding_rules import hindrance
from mingjing_inspection.domain.finding_terms import Matter, Origin, Step
from mingjing_inspection.projections.findings import findings_in
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Accepted, AsOf, AvailableActions, Kit, accepted, position_of
from mingjing_kernel.http.actions import actions_of, due
from mingjing_kernel.identity import Act, Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope

AWAITED = {
    Step.VERIFY: ("verify-finding", "write-off-finding"),
    Step.DISPATCH: ("dispatch-finding", "allot-finding"),
    Step.HANDLE: ("start-handling", "feed-back-finding"),
    Step.RECHECK: ("recheck-finding", "close-finding"),
}
"""Which acts each clock waits for."""


class FindingItem(BaseModel):
    """A finding as it stands now."""

    model_config = ConfigDict(from_attributes=True)

    finding_id: UUID
    number: str = Field(description="案卷号")
    stage: str
    origin: Origin
    visit_id: UUID | None
    item: str = Field(description="Item of the checklist, where a visit found it")
    is_still_failed: bool = Field(description="false: the visit was corrected and does not say so any more")
    institution_id: UUID | None
    site_id: UUID | None
    department: str = Field(description="Whose file it is")
    region: str
    category: str
    handler_department: str = Field(description="Who has it to handle; empty while nobody has")
    address: str
    matter: Matter
    severity: str
    is_veto: bool
    urgency: str
    summary: str
    photos: list[str]
    reported_by: str
    reported_at: datetime
    is_seen_on_site: bool
    verified_at: datetime | None
    closed_at: datetime | None
    step: str = Field(description="The step that is due; empty when it is over")
    due_at: datetime | None = Field(description="When the time of this step is over")
    is_reminded: bool
    is_supervised: bool
    supervised: int = Field(description="How often the time of a step ran out")
    proposes_listing: bool = Field(description="Overdue more than once: a superior may put it on its list 挂牌督办")
    is_listed: bool
    round: int
    returns: int
    suggested_department: str = Field(description="Whose it is, says the department that sent it back")
    is_rework: bool
    is_extended: bool
    said: str = Field(description="What was said with the last step")
    rating: str
    version: int


async def seen(kit: Kit, finding_id: UUID, scope: Scope, as_of: AsOf | None = None) -> FindingItem:
    """One of the findings that the caller sees. Raises ``FindingUnknown``."""
    statement = findings_in(scope, at=await position_of(kit, as_of))
    statement = statement.where(statement.selected_columns.finding_id == finding_id)
    async with kit.connection() as connection:
        row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise FindingUnknown
    return FindingItem.model_validate(row)


async def standing(kit: Kit, finding_id: UUID, scope: Scope) -> FindingItem:
    """What a write is decided on."""
    await kit.up_to_date()
    return await seen(kit, finding_id, scope)


def place_of(item: FindingItem, act: Act) -> Dimensions:
    """Where it stands for an act."""
    department = item.handler_department if act in HANDLER_ACTS else ""
    return Dimensions(department or item.department, item.region, item.category)


async def done(
    kit: Kit, finding_id: UUID, act: Act, command: Any, scope: Scope, written: Envelope, response: Response
) -> Accepted:
    """The act, for a finding that the caller sees and has a grant for."""
    scope.require(act, place_of(await standing(kit, finding_id, scope), act))
    return accepted(response, await kit.log.handle(FINDINGS, finding_id, command, written))


async def actions_on(kit: Kit, finding_id: UUID, caller: Principal) -> AvailableActions:
    """What the caller may do now, and until when each clock wants it done."""
    item = await standing(kit, finding_id, caller.scope)
    found = await kit.log.standing(FINDINGS, finding_id)
    if not found.version:
        raise FindingUnknown
    actions = [
        one
        for act in FINDING_ACTS
        for one in actions_of(
            (act,),
            caller,
            place_of(item, act),
            lambda step: hindrance(step, found.state),
            separation=FINDINGS.separation,
            hands=found.hands,
        )
    ]
    dues = {}
    if item.due_at is not None:
        dues = dict.fromkeys(AWAITED[Step(item.step)], shanghai_date(item.due_at))
    return AvailableActions(version=found.version, actions=due(actions, dues, shanghai_date(kit.now())))
