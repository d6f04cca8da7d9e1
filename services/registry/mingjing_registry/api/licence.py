"""Licences over HTTP: each act of the licence's life is an address of its own under its institution."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from mingjing_kernel.http import Accepted, Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.policy import in_force
from mingjing_registry import acts
from mingjing_registry.api.acting import act_on
from mingjing_registry.api.grounds import ACCEPTANCE, DECISION, GIVING_UP, RECTIFYING, SUSPENDING, grounded
from mingjing_registry.api.numbers import liability_days
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import standing
from mingjing_registry.domain.licence import (
    AcceptApplication,
    CancelLicence,
    RefuseLicence,
    ReinstateLicence,
    ReturnApplication,
    RevokeLicence,
    SuspendLicence,
)
from mingjing_registry.domain.rectification import EndRectification, OrderRectification
from mingjing_registry.policy.rules import LICENCE_DECISION


class ReasonBody(BaseModel):
    """Why."""

    reason: str = Field(max_length=1_000)


class SuspensionBody(BaseModel):
    """The penalty decision 处罚决定书 that was served."""

    decision_reference: str = Field(max_length=200)
    served_on: date | None = None
    reason: str = Field(max_length=1_000)
    legal_basis: str = Field(max_length=500)


class RevocationBody(SuspensionBody):
    """The same, and the hearing notice 听证告知书 that came before."""

    hearing_notice_reference: str = Field(max_length=200)


class ReinstatementBody(BaseModel):
    """The decision that ends the suspension."""

    decision_reference: str = Field(max_length=200)
    reason: str = Field(max_length=1_000)
    legal_basis: str = Field(default="", max_length=500)


class CancellationBody(BaseModel):
    """What a voluntary end needs (L08 art 59); that nobody is owed anything is for funds to say."""

    application_reference: str = Field(max_length=200)
    public_notice_reference: str = Field(max_length=200)
    reason: str = Field(max_length=1_000)


class RectificationBody(BaseModel):
    """The notice 责令限期整改通知书 that was served."""

    reference: str = Field(max_length=200)
    served_on: date | None = None
    deadline: date
    matter: str = Field(max_length=1_000)
    legal_basis: str = Field(max_length=500)


class RectificationEndBody(BaseModel):
    """What was found when somebody looked again."""

    passed: bool
    reference: str = Field(max_length=200)
    reason: str = Field(max_length=1_000)


def make_router(kit: Kit) -> Router:
    """All acts on a licence."""
    router = Router(prefix="/institutions/{institution_id}", tags=["licence 办学许可证"])
    _application(router, kit)
    _penalty(router, kit)
    _life(router, kit)
    _rectification(router, kit)
    return router


def _application(router: Router, kit: Kit) -> None:
    @router.post("/licence/return", summary="退回补正 send the application back")
    async def send_back(
        institution_id: UUID,
        body: ReasonBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """For completion."""
        command = ReturnApplication(reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=ACCEPTANCE)
        return await act_on(kit, (scope, acts.RETURN), institution_id, command, grounds, response)

    @router.post("/licence/acceptance", summary="受理 accept the application")
    async def accept(
        institution_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The decision is due within three months (L08 art 17), or what the policy in force says."""
        _, here = await standing(kit, institution_id)
        on = day_of(kit, written)
        numbers = await in_force(kit.log, LICENCE_DECISION, on, str(here.region), str(here.category))
        command = AcceptApplication(decision_months=numbers["months"], policy_version=numbers.version, on=on)
        grounds = grounded(written, governed_by=ACCEPTANCE)
        return await act_on(kit, (scope, acts.ACCEPT), institution_id, command, grounds, response)

    @router.post("/licence/refusal", summary="不予许可 refuse the licence")
    async def refuse(
        institution_id: UUID,
        body: ReasonBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """With a reason."""
        command = RefuseLicence(reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=DECISION)
        return await act_on(kit, (scope, acts.REFUSE), institution_id, command, grounds, response)


def _penalty(router: Router, kit: Kit) -> None:
    @router.post("/licence/suspension", summary="暂扣 suspend the licence")
    async def suspend(
        institution_id: UUID,
        body: SuspensionBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By a penalty decision that was served; charging is blocked at once, refunds stay open (X11)."""
        command = SuspendLicence(
            decision_reference=body.decision_reference,
            served_on=body.served_on,
            reason=body.reason,
            legal_basis=body.legal_basis,
            on=day_of(kit, written),
        )
        grounds = grounded(written, body.reason, body.legal_basis)
        return await act_on(kit, (scope, acts.SUSPEND), institution_id, command, grounds, response)

    @router.post("/licence/reinstatement", summary="解除暂扣 end the suspension")
    async def reinstate(
        institution_id: UUID,
        body: ReinstatementBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """With the decision that says so."""
        command = ReinstateLicence(
            decision_reference=body.decision_reference, reason=body.reason, on=day_of(kit, written)
        )
        grounds = grounded(written, body.reason, body.legal_basis, governed_by=SUSPENDING)
        return await act_on(kit, (scope, acts.REINSTATE), institution_id, command, grounds, response)

    @router.post("/licence/revocation", summary="吊销 revoke the licence")
    async def revoke(
        institution_id: UUID,
        body: RevocationBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By a served penalty decision, after the hearing notice (L07 art 63)."""
        command = RevokeLicence(
            decision_reference=body.decision_reference,
            served_on=body.served_on,
            hearing_notice_reference=body.hearing_notice_reference,
            reason=body.reason,
            legal_basis=body.legal_basis,
            on=day_of(kit, written),
        )
        grounds = grounded(written, body.reason, body.legal_basis)
        return await act_on(kit, (scope, acts.REVOKE), institution_id, command, grounds, response)


def _life(router: Router, kit: Kit) -> None:
    @router.post("/licence/cancellation", summary="注销 cancel the licence")
    async def cancel(
        institution_id: UUID,
        body: CancellationBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Voluntarily, when no family is owed anything."""
        on = day_of(kit, written)
        command = CancelLicence(
            application_reference=body.application_reference,
            public_notice_reference=body.public_notice_reference,
            reason=body.reason,
            fresh_days_max=await liability_days(kit, institution_id, on),
            on=on,
        )
        grounds = grounded(written, body.reason, governed_by=GIVING_UP)
        return await act_on(kit, (scope, acts.CANCEL), institution_id, command, grounds, response)


def _rectification(router: Router, kit: Kit) -> None:
    @router.post("/licence/rectification", summary="责令限期整改 order rectification")
    async def order_rectification(
        institution_id: UUID,
        body: RectificationBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By a notice that was served; off the whitelist until it is put right."""
        command = OrderRectification(**body.model_dump(), on=day_of(kit, written))
        grounds = grounded(written, body.matter, body.legal_basis)
        return await act_on(kit, (scope, acts.ORDER_RECTIFICATION), institution_id, command, grounds, response)

    @router.post("/licence/rectification/end", summary="整改复查 end the rectification")
    async def end_rectification(
        institution_id: UUID,
        body: RectificationEndBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Put right, or not: then it goes on, and a penalty may follow."""
        command = EndRectification(**body.model_dump(), on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=RECTIFYING)
        return await act_on(kit, (scope, acts.END_RECTIFICATION), institution_id, command, grounds, response)
