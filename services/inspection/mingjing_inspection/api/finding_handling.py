"""The later steps of a finding over HTTP: taken on or sent back, fed back, re-checked, closed, opened again."""

from __future__ import annotations

from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from mingjing_inspection import acts_findings as acts
from mingjing_inspection.api.finding import FindingReasonBody
from mingjing_inspection.api.finding_access import FindingItem, done, standing
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.codec import FINDING_SAMPLES, FINDINGS
from mingjing_inspection.domain import finding_commands as c
from mingjing_inspection.domain.finding import Known
from mingjing_inspection.domain.finding_sample import FindingNotDrawn, Sample
from mingjing_inspection.domain.finding_terms import PHOTOS_MAX, Rating
from mingjing_inspection.intake.finding_limits import limits_at
from mingjing_inspection.policy.finding_limits import Limits
from mingjing_kernel.http import Accepted, Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope


class ReturnBody(BaseModel):
    """Not ours, and whose it is."""

    reason: str = Field(max_length=2_000)
    suggested_department: str = Field(max_length=60)


class FeedbackBody(BaseModel):
    """What was done, and what shows it."""

    measures: str = Field(max_length=2_000)
    photos: list[str] = Field(default=[], max_length=PHOTOS_MAX)


class RecheckBody(BaseModel):
    """Whether it was put right."""

    is_passed: bool
    note: str = Field(max_length=2_000)


class FindingClosureBody(BaseModel):
    """What it came to, and how well it was handled."""

    conclusion: str = Field(max_length=2_000)
    rating: Rating


class ReinspectionBody(BaseModel):
    """What somebody found who had no hand in it."""

    sample_id: UUID
    is_fixed: bool
    note: str = Field(max_length=2_000)


def make_router(kit: Kit) -> Router:
    """Below one finding."""
    router = Router(prefix="/findings/{finding_id}", tags=["finding 问题案卷"])
    _taking(router, kit)
    _feeding_back(router, kit)
    _ending(router, kit)
    _again(router, kit)
    return router


def _taking(router: Router, kit: Kit) -> None:
    @router.post("/handling", summary="开始处置 take it on")
    async def start_handling(
        finding_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By an official of the department that has it."""
        command = c.StartHandling(by=written.actor, at=kit.now())
        return await done(kit, finding_id, acts.START_HANDLING, command, scope, written, response)

    @router.post("/return", summary="退回 send it back")
    async def return_finding(
        finding_id: UUID,
        body: ReturnBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """With a reason and whose it is; after the second time the task force decides."""
        limits, _ = await _limits(kit, finding_id, scope)
        now = kit.now()
        command = c.ReturnFinding(**body.model_dump(), by=written.actor, at=now, limit=limits.dispatch(now))
        grounds = grounded(written, body.reason)
        return await done(kit, finding_id, acts.RETURN_FINDING, command, scope, grounds, response)

    @router.post("/extension", summary="延期 more time, once")
    async def extend_finding(
        finding_id: UUID,
        body: FindingReasonBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By somebody who does not handle it, while there is time left; from the same beginning."""
        limits, _ = await _limits(kit, finding_id, scope)
        state = (await kit.log.state(FINDINGS, finding_id))[0]
        now = kit.now()
        # Where no clock runs, the finding refuses the step before it looks at the limit.
        runs = isinstance(state, Known) and state.limit is not None
        limit = limits.extended(state.limit) if runs else limits.verify(now)
        command = c.ExtendFinding(reason=body.reason, by=written.actor, at=now, limit=limit)
        grounds = grounded(written, body.reason)
        return await done(kit, finding_id, acts.EXTEND_FINDING, command, scope, grounds, response)


def _feeding_back(router: Router, kit: Kit) -> None:
    @router.post("/feedback", summary="反馈 what was done")
    async def feed_back_finding(
        finding_id: UUID,
        body: FeedbackBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """At a known site somebody is sent there by itself, to look whether it is so."""
        limits, _ = await _limits(kit, finding_id, scope)
        now = kit.now()
        command = c.FeedBackFinding(
            measures=body.measures,
            photos=tuple(body.photos),
            by=written.actor,
            at=now,
            limit=limits.recheck(now),
        )
        grounds = grounded(written, body.measures)
        return await done(kit, finding_id, acts.FEED_BACK_FINDING, command, scope, grounds, response)


def _ending(router: Router, kit: Kit) -> None:
    @router.post("/recheck", summary="核查 is it put right")
    async def recheck_finding(
        finding_id: UUID,
        body: RecheckBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By somebody other than who handled it; where it is not, it is dispatched anew and counts as rework."""
        limits, _ = await _limits(kit, finding_id, scope)
        now = kit.now()
        command = c.RecheckFinding(**body.model_dump(), by=written.actor, at=now, limit=limits.dispatch(now))
        grounds = grounded(written, body.note)
        return await done(kit, finding_id, acts.RECHECK_FINDING, command, scope, grounds, response)

    @router.post("/closure", summary="结案 close it")
    async def close_finding(
        finding_id: UUID,
        body: FindingClosureBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By somebody other than who handled it, with a rating."""
        command = c.CloseFinding(**body.model_dump(), by=written.actor, at=kit.now())
        grounds = grounded(written, body.conclusion)
        return await done(kit, finding_id, acts.CLOSE_FINDING, command, scope, grounds, response)


def _again(router: Router, kit: Kit) -> None:
    @router.post("/reopening", summary="重新打开 open it again")
    async def reopen_finding(
        finding_id: UUID,
        body: FindingReasonBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Of a closed one that is back."""
        limits, _ = await _limits(kit, finding_id, scope)
        now = kit.now()
        command = c.ReopenFinding(reason=body.reason, by=written.actor, at=now, limit=limits.dispatch(now))
        grounds = grounded(written, body.reason)
        return await done(kit, finding_id, acts.REOPEN_FINDING, command, scope, grounds, response)

    @router.post("/reinspection", summary="抽查复核 look at a closed one again")
    async def reinspect_finding(
        finding_id: UUID,
        body: ReinspectionBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By somebody who had no hand in it, for a sample that was drawn; what is not put right is open again."""
        limits, _ = await _limits(kit, finding_id, scope)
        sample: Sample = (await kit.log.state(FINDING_SAMPLES, body.sample_id))[0]
        if sample is None or finding_id not in sample.drawn:
            raise FindingNotDrawn
        now = kit.now()
        command = c.ReinspectFinding(**body.model_dump(), by=written.actor, at=now, limit=limits.dispatch(now))
        grounds = grounded(written, body.note)
        return await done(kit, finding_id, acts.REINSPECT_FINDING, command, scope, grounds, response)


async def _limits(kit: Kit, finding_id: UUID, scope: Scope) -> tuple[Limits, FindingItem]:
    item = await standing(kit, finding_id, scope)
    return await limits_at(kit.log, kit.now(), item.region, item.category), item
