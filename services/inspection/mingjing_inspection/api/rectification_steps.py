"""The steps of a rectification over HTTP, after its order: declined, served, reported, looked at; the pause decided."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from mingjing_inspection import acts_rectification as acts
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.rectification_access import done, seen
from mingjing_inspection.domain import rectification_facts as r
from mingjing_inspection.domain.rectification import PHOTOS_MAX
from mingjing_inspection.policy.rectification_terms import RECTIFICATION_TERMS
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Accepted, Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.policy import in_force


class RectificationReasonBody(BaseModel):
    """Why."""

    reason: str = Field(max_length=2_000)


class PauseBody(BaseModel):
    """Whether recruiting is paused meanwhile, why, and by which law."""

    is_paused: bool
    reason: str = Field(max_length=2_000)
    legal_basis: str = Field(max_length=500)


class ServiceBody(BaseModel):
    """How the institution got the notice."""

    served_on: date
    manner: str = Field(max_length=200, examples=["直接送达"])


class SelfReportBody(BaseModel):
    """What was put right, and what shows it."""

    measures: str = Field(max_length=2_000)
    photos: list[str] = Field(max_length=PHOTOS_MAX, description="SHA-256 (hex) of the original files")


class RectificationCheckBody(BaseModel):
    """What somebody else found."""

    is_passed: bool
    note: str = Field(max_length=2_000)


def make_router(kit: Kit) -> Router:
    """Below one rectification."""
    router = Router(prefix="/rectifications/{rectification_id}", tags=["rectification 限期整改"])
    _deciding(router, kit)
    _putting_right(router, kit)
    return router


def _deciding(router: Router, kit: Kit) -> None:
    @router.post("/declining", summary="不予责令 order nothing")
    async def decline_rectification(
        rectification_id: UUID,
        body: RectificationReasonBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Of a proposed one, or of one that was not served."""
        command = r.DeclineRectification(reason=body.reason, **_who(kit, written))
        grounds = grounded(written, body.reason)
        return await done(kit, rectification_id, acts.DECLINE_RECTIFICATION, command, scope, grounds, response)

    @router.post("/recruiting-pause", summary="决定是否暂停招生 decide on the pause")
    async def decide_pause(
        rectification_id: UUID,
        body: PauseBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By an approver, who did not order the rectification; a machine only proposes it."""
        command = r.DecidePause(**body.model_dump(), **_who(kit, written))
        grounds = grounded(written, body.reason)
        return await done(kit, rectification_id, acts.DECIDE_PAUSE, command, scope, grounds, response)

    @router.post("/service", summary="送达 the notice was served")
    async def serve_rectification(
        rectification_id: UUID,
        body: ServiceBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """After the order and before its deadline."""
        command = r.ServeRectification(**body.model_dump(), **_who(kit, written))
        grounds = grounded(written, body.manner)
        return await done(kit, rectification_id, acts.SERVE_RECTIFICATION, command, scope, grounds, response)


def _putting_right(router: Router, kit: Kit) -> None:
    @router.post("/self-report", summary="自报整改 it is put right")
    async def self_report(
        rectification_id: UUID,
        body: SelfReportBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By the institution, or by an official for it; shown, not only said."""
        await kit.up_to_date()
        item = await seen(kit, rectification_id, scope)
        on = shanghai_date(kit.now())
        numbers = await in_force(kit.log, RECTIFICATION_TERMS, on, item.region, item.category)
        command = r.SelfReport(
            measures=body.measures,
            photos=tuple(body.photos),
            recheck_days=numbers["recheck"],
            **_who(kit, written),
        )
        grounds = grounded(written, body.measures)
        return await done(kit, rectification_id, acts.SELF_REPORT, command, scope, grounds, response)

    @router.post("/recheck", summary="整改复查 is it put right")
    async def recheck_rectification(
        rectification_id: UUID,
        body: RectificationCheckBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By somebody who neither ordered nor reported it; where it is not, a lead follows by itself."""
        command = r.RecheckRectification(**body.model_dump(), **_who(kit, written))
        grounds = grounded(written, body.note)
        return await done(kit, rectification_id, acts.RECHECK_RECTIFICATION, command, scope, grounds, response)


def _who(kit: Kit, written: Envelope) -> dict[str, Any]:
    return {"by": written.actor, "on": shanghai_date(kit.now())}
