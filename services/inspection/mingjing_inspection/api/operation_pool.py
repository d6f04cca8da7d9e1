"""The evidence pool of a joint operation over HTTP (联合检查证据池): shared and taken over with its origin.

One rule: the owner shares, another member takes over; bytes that are here become evidence of the operation under an
id of their own, so that every department which takes part sees the display copy, on record like any other.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection import acts_operation as acts
from mingjing_inspection.api.finding_access import seen as finding_seen
from mingjing_inspection.api.operation_access import seen, standing
from mingjing_inspection.codec import OPERATIONS, VISITS
from mingjing_inspection.domain import operation_facts as o
from mingjing_inspection.domain.operation import OPERATION, Known
from mingjing_inspection.domain.operation_refusals import NotOfOperation, PhotoNotOfVisit
from mingjing_inspection.domain.visit import Reported
from mingjing_inspection.intake.operation_tasks import target_of
from mingjing_inspection.projections.evidence import EVIDENCE_LISTS
from mingjing_inspection.projections.operations import pool_in
from mingjing_kernel.evidence.facts import Thing
from mingjing_kernel.evidence.state import Stage
from mingjing_kernel.http import (
    Accepted,
    Asked,
    AsOf,
    Column,
    Kit,
    Listing,
    Page,
    accepted,
    answer_list,
    asked,
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identifiers import derived_id
from mingjing_kernel.identity import Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope

COLUMNS = (
    Column("pooled_at", "共享时间", "Shared at", "moment"),
    Column("owner", "提供部门", "Department"),
    Column("officer", "取证人", "Taken by"),
    Column("taken_at", "取证时间", "Taken at", "moment"),
    Column("site_id", "教学点", "Site"),
    Column("visit_id", "巡查", "Visit"),
    Column("sha256", "SHA-256", "SHA-256"),
    Column("note", "说明", "Note"),
    Column("pooled_by", "共享人", "Shared by"),
)


class PoolBody(BaseModel):
    """Which file of which visit is shared, and what it shows."""

    model_config = ConfigDict(extra="forbid")

    visit_id: UUID
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    note: str = Field(default="", max_length=1_000)


class ReferenceBody(BaseModel):
    """Into which visit or finding of which department it is taken over."""

    model_config = ConfigDict(extra="forbid")

    department: str = Field(max_length=60)
    visit_id: UUID | None = None
    finding_id: UUID | None = None


class Reference(BaseModel):
    """Who took it over, and into what."""

    department: str
    visit_id: UUID | None
    finding_id: UUID | None
    by: str
    at: datetime


class PooledItem(BaseModel):
    """A shared piece with where it comes from."""

    model_config = ConfigDict(from_attributes=True)

    operation_id: UUID
    item_id: UUID
    owner: str = Field(description="Whose evidence it is 提供部门")
    visit_id: UUID
    site_id: UUID
    officer: str = Field(description="Who took it 取证人")
    taken_at: datetime = Field(description="When, by the device's clock")
    sha256: str
    note: str
    pooled_by: str
    pooled_at: datetime
    referred: list[Reference]


class Pooled(Accepted):
    """It is shared. ``evidence_id``: under which its bytes are shown to every member; empty while they are not here."""

    evidence_id: UUID | None = None


def make_router(kit: Kit) -> Router:
    """The pool of one operation."""
    router = Router(prefix="/operations/{operation_id}/evidence", tags=["operation 联合检查"])

    @router.get("", response_model=Page[PooledItem], summary="证据池 what is shared")
    async def pooled(
        operation_id: UUID,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """For the departments that take part."""
        await seen(kit, operation_id, scope, as_of)
        statement = pool_in(scope, operation_id, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="pooled-evidence",
            statement=statement,
            keys=(rows.pooled_at, rows.item_id),
            columns=COLUMNS,
            title=("联合检查证据池", "Shared evidence"),
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, PooledItem)

    _sharing(router, kit)
    return router


def _sharing(router: Router, kit: Kit) -> None:
    @router.put("/{item_id}", status_code=201, summary="共享证据 share a file of a visit")
    async def pool_evidence(
        operation_id: UUID,
        item_id: UUID,
        body: PoolBody,
        response: Response,
        caller: Principal = Depends(kit.caller),
        written: Envelope = Depends(kit.written),
    ) -> Pooled:
        """Of a visit of this operation by the own department. Send it again when the bytes have come."""
        _, state = await standing(kit, operation_id, caller.scope)
        visit, target = await _visit_of(kit, operation_id, state, body.visit_id)
        here = Dimensions(visit.department, target.region, target.category)
        caller.scope.require(acts.POOL_EVIDENCE, here, seen=False)
        if body.sha256 not in visit.observation.files:
            raise PhotoNotOfVisit
        source = o.Provenance(
            department=visit.department,
            visit_id=body.visit_id,
            site_id=visit.site_id,
            officer=visit.officer,
            taken_at=visit.observation.visited_at,
            sha256=body.sha256,
        )
        command = o.PoolEvidence(item_id=item_id, source=source, note=body.note, by=written.actor, at=kit.now())
        OPERATION.decide(command, state)  # what is refused shares nothing
        evidence_id = await _shared(kit, operation_id, item_id, source, caller)
        done = accepted(response, await kit.log.handle(OPERATIONS, operation_id, command, written))
        return Pooled(**done.model_dump(), evidence_id=evidence_id)

    @router.post("/{item_id}/references", status_code=201, summary="引用证据 take it over")
    async def refer_evidence(
        operation_id: UUID,
        item_id: UUID,
        body: ReferenceBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Into a visit or a finding of the own department in this operation; its origin goes with it."""
        _, state = await standing(kit, operation_id, scope)
        target = await _own_target(kit, operation_id, state, body, scope)
        here = Dimensions(body.department, target.region, target.category)
        scope.require(acts.REFER_EVIDENCE, here, seen=False)
        command = o.ReferEvidence(item_id=item_id, **body.model_dump(), by=written.actor, at=kit.now())
        return accepted(response, await kit.log.handle(OPERATIONS, operation_id, command, written))


async def _visit_of(kit: Kit, operation_id: UUID, state: Known, visit_id: UUID) -> tuple[Reported, o.Target]:
    visit = (await kit.log.state(VISITS, visit_id))[0]
    target = target_of(operation_id, state, visit)
    if target is None:
        raise NotOfOperation
    assert isinstance(visit, Reported)
    return visit, target


async def _own_target(kit: Kit, operation_id: UUID, state: Known, body: ReferenceBody, scope: Scope) -> o.Target:
    """The site of the visit or finding that takes it over, if that is the department's own in this operation."""
    visit_id = body.visit_id
    if visit_id is None and body.finding_id is not None:
        visit_id = (await finding_seen(kit, body.finding_id, scope)).visit_id
    if visit_id is None:
        raise NotOfOperation
    visit, target = await _visit_of(kit, operation_id, state, visit_id)
    if visit.department != body.department:
        raise NotOfOperation
    return target


async def _shared(kit: Kit, operation_id: UUID, item_id: UUID, source: o.Provenance, caller: Principal) -> UUID | None:
    """The bytes, if they are here, as evidence of the operation."""
    if kit.evidence is None:
        return None
    statement = EVIDENCE_LISTS.of_thing("visit", source.visit_id)
    rows = statement.selected_columns
    statement = statement.where(rows.sha256 == source.sha256, rows.stage == Stage.RECEIVED.value)
    async with kit.connection() as connection:
        row = (await connection.execute(statement.order_by(rows.evidence_id).limit(1))).mappings().first()
    if row is None:
        return None
    copy_id = derived_id("pooled-evidence", operation_id, item_id)
    thing = Thing(kind="operation", id=operation_id)
    await kit.evidence.custody.share(UUID(int=row["evidence_id"].int), copy_id, thing, caller)
    return copy_id
