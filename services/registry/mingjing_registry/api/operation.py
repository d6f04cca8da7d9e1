"""Operation over HTTP: what the institution offers, when it teaches, pauses, stops and closes.

One rule: an abnormal stop rests on what another service has told; what is owed is asked of funds.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from mingjing_kernel.http import Accepted, Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope
from mingjing_registry import acts
from mingjing_registry.api.acting import act_on
from mingjing_registry.api.contents import ProfileBody
from mingjing_registry.api.grounds import OPERATING, RECORDING, grounded
from mingjing_registry.api.numbers import liability_days, notice_days
from mingjing_registry.api.past import day_of
from mingjing_registry.domain.liability import AskLiability
from mingjing_registry.domain.operation import (
    BeginClosing,
    BeginOperation,
    CloseDown,
    ClosingStep,
    CompleteClosingStep,
    ConfirmStop,
    DeclarePause,
    Pause,
    PausePurpose,
)
from mingjing_registry.domain.record_facts import RecordProfile


class WhyBody(BaseModel):
    """Why."""

    reason: str = Field(max_length=1_000)


class PauseBody(BaseModel):
    """When it will not teach, and since when the public knows."""

    purpose: PausePurpose
    notice_reference: str = Field(max_length=200)
    noticed_on: date
    begins_on: date
    ends_on: date | None = None


class StopBody(BaseModel):
    """On which inspection or alert it rests."""

    reference: str = Field(max_length=200, description="Id of the visit or alert")
    reason: str = Field(max_length=1_000)


class ClosingPlanBody(BaseModel):
    """Public notice, end, and who pays."""

    notice_reference: str = Field(max_length=200)
    noticed_on: date
    ends_on: date
    liquidator: str = Field(max_length=200, description="清算组")


class ClosingStepBody(BaseModel):
    """The paper that shows that this group of creditors is paid."""

    reference: str = Field(max_length=200)


def make_router(kit: Kit) -> Router:
    """All acts on the operation, and the profile."""
    router = Router(prefix="/institutions/{institution_id}", tags=["operation 运营"])
    _going_on(router, kit)
    _stopping(router, kit)
    _closing(router, kit)
    _recording(router, kit)
    return router


def _going_on(router: Router, kit: Kit) -> None:
    @router.post("/operation/beginning", summary="开课 begin operation")
    async def begin_operation(
        institution_id: UUID,
        body: WhyBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Or go on after a pause or a stop."""
        command = BeginOperation(reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=OPERATING)
        return await act_on(kit, (scope, acts.BEGIN_OPERATION), institution_id, command, grounds, response)

    @router.post("/operation/pause", summary="停课报备 declare a pause")
    async def declare_pause(
        institution_id: UUID,
        body: PauseBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """For closure or relocation, 30 days after the public was told."""
        on = day_of(kit, written)
        days = await notice_days(kit, institution_id, on)
        command = DeclarePause(pause=Pause(**body.model_dump()), notice_days_min=days, on=on)
        grounds = grounded(written, governed_by=OPERATING)
        return await act_on(kit, (scope, acts.DECLARE_PAUSE), institution_id, command, grounds, response)


def _stopping(router: Router, kit: Kit) -> None:
    @router.post("/operation/stop", summary="认定异常停业 confirm an abnormal stop")
    async def confirm_stop(
        institution_id: UUID,
        body: StopBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """On an inspection or alert that is on file; never by hearsay."""
        command = ConfirmStop(reference=body.reference, reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=OPERATING)
        return await act_on(kit, (scope, acts.CONFIRM_STOP), institution_id, command, grounds, response)


def _closing(router: Router, kit: Kit) -> None:
    @router.post("/operation/closing", summary="启动终止清算 begin the closing")
    async def begin_closing(
        institution_id: UUID,
        body: ClosingPlanBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Funds is asked at once what families are owed."""
        on = day_of(kit, written)
        days = await notice_days(kit, institution_id, on)
        command = BeginClosing(**body.model_dump(), notice_days_min=days, on=on)
        grounds = grounded(written, governed_by=OPERATING)
        return await act_on(kit, (scope, acts.BEGIN_CLOSING), institution_id, command, grounds, response)

    @router.post("/operation/closing/{step}", summary="清算步骤 record a step of the closing")
    async def complete_step(
        institution_id: UUID,
        step: ClosingStep,
        body: ClosingStepBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Student refunds, then wages and social insurance, then other debts (L08 art 59)."""
        on = day_of(kit, written)
        fresh = await liability_days(kit, institution_id, on)
        command = CompleteClosingStep(step=step, reference=body.reference, fresh_days_max=fresh, on=on)
        grounds = grounded(written, governed_by=OPERATING)
        return await act_on(kit, (scope, acts.COMPLETE_STEP), institution_id, command, grounds, response)

    @router.post("/operation/end", summary="关闭 close down")
    async def close_down(
        institution_id: UUID,
        body: WhyBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """When everybody is paid and funds says that nothing is owed."""
        on = day_of(kit, written)
        fresh = await liability_days(kit, institution_id, on)
        command = CloseDown(reason=body.reason, fresh_days_max=fresh, on=on)
        grounds = grounded(written, body.reason, governed_by=OPERATING)
        return await act_on(kit, (scope, acts.CLOSE_DOWN), institution_id, command, grounds, response)

    @router.post("/liability/question", summary="查询未消课负债 ask what families are owed")
    async def ask_liability(
        institution_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Funds answers by message; the dossier shows what it said, and for which day."""
        command = AskLiability(on=day_of(kit, written))
        grounds = grounded(written, governed_by=OPERATING)
        return await act_on(kit, (scope, acts.ASK_LIABILITY), institution_id, command, grounds, response)


def _recording(router: Router, kit: Kit) -> None:
    @router.post("/profile", summary="登记办学信息 record the profile")
    async def record_profile(
        institution_id: UUID,
        body: ProfileBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Prices, timetable, class size and what else needs no approved change."""
        command = RecordProfile(profile=body.profile(), on=day_of(kit, written))
        grounds = grounded(written, governed_by=RECORDING)
        return await act_on(kit, (scope, acts.RECORD_PROFILE), institution_id, command, grounds, response)
