"""Heads counted at a visit over HTTP (清点人数): beside the report, by whoever may report there."""

from __future__ import annotations

from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from mingjing_inspection.acts import REPORT_VISIT
from mingjing_inspection.api.permission import allow
from mingjing_inspection.codec import HEAD_COUNTS, PREMISES_KNOWN, VISITS
from mingjing_inspection.domain.head_count import CLASSES_MAX, HEADS_MAX, CountHeads
from mingjing_inspection.domain.visit import Reported
from mingjing_inspection.domain.visit_refusals import VisitNotReported
from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope


class HeadCountBody(BaseModel):
    """How many pupils were seen, in how many classes that were being held. No names."""

    pupils: int = Field(ge=0, le=HEADS_MAX)
    classes: int = Field(ge=0, le=CLASSES_MAX)


def make_router(kit: Kit) -> Router:
    """One address."""
    router = Router(tags=["visit 巡查"])

    @router.put("/visits/{visit_id}/heads", summary="清点人数 how many pupils were seen at the visit")
    async def count_heads(
        visit_id: UUID,
        body: HeadCountBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Sent after the report; the same count again is no news, another one puts the first right."""
        visit, _ = await kit.log.state(VISITS, visit_id)
        if not isinstance(visit, Reported):
            raise VisitNotReported
        premises, _ = await kit.log.state(PREMISES_KNOWN, visit.institution_id)
        site = premises.site(visit.site_id)
        allow(scope, REPORT_VISIT, premises, site.region if site else "")
        command = CountHeads(
            institution_id=visit.institution_id,
            site_id=visit.site_id,
            pupils=body.pupils,
            classes=body.classes,
            visited_at=visit.observation.visited_at,
            counted_by=written.actor,
        )
        return accepted(response, await kit.log.handle(HEAD_COUNTS, visit_id, command, written))

    return router
