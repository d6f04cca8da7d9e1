"""Licences over HTTP: each act of the licence's life is an address of its own under its institution."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.identity import Act, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.policy import in_force
from mingjing_registry import acts
from mingjing_registry.api.grounds import (
    ACCEPTANCE,
    CHECKING,
    DECISION,
    GIVING_UP,
    RENEWAL,
    SUSPENDING,
    grounded,
)
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import acted_on, standing
from mingjing_registry.codec import INSTITUTIONS
from mingjing_registry.domain.institution import CheckResult, RecordAnnualCheck
from mingjing_registry.domain.licence import (
    AcceptApplication,
    ApplyForLicence,
    ApproveLicence,
    CancelLicence,
    LicenceTerms,
    RefuseLicence,
    ReinstateLicence,
    RenewLicence,
    ReturnApplication,
    RevokeLicence,
    SuspendLicence,
)
from mingjing_registry.policy.rules import LICENCE_DECISION


class ReasonBody(BaseModel):
    """Why."""

    reason: str = Field(max_length=1_000)


class ApprovalBody(BaseModel):
    """The licence that is granted. The caller signs; ``countersigned_by`` is the second officer."""

    number: str = Field(min_length=1, max_length=40)
    valid_from: date
    expires_on: date
    countersigned_by: str = Field(max_length=200)
    site_check_reference: str = Field(max_length=200)


class RenewalBody(BaseModel):
    """Until when."""

    expires_on: date
    countersigned_by: str = Field(max_length=200)


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
    """What a voluntary end needs (L08 art 59): nobody owed anything, and the public told."""

    application_reference: str = Field(max_length=200)
    liquidation_finished: bool
    unconsumed_liability_fen: int = Field(ge=0)
    public_notice_reference: str = Field(max_length=200)
    reason: str = Field(max_length=1_000)


class CheckBody(BaseModel):
    """The annual check's result."""

    result: CheckResult


def make_router(kit: Kit) -> APIRouter:
    """All acts on a licence."""
    router = APIRouter(prefix="/institutions/{institution_id}", tags=["licence 办学许可证"])
    _application(router, kit)
    _penalty(router, kit)
    _life(router, kit)
    return router


async def _act(
    kit: Kit,
    who: tuple[Scope, Act],
    institution_id: UUID,
    command: Any,
    written: Envelope,
    response: Response,
) -> Accepted:
    scope, act = who
    await acted_on(kit, scope, act, institution_id)
    return accepted(response, await kit.log.handle(INSTITUTIONS, institution_id, command, written))


def _application(router: APIRouter, kit: Kit) -> None:
    @router.post("/licence/application", summary="申请 apply for a licence")
    async def apply_for(
        institution_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """On behalf of the organizer 举办者, whose papers are at hand."""
        command = ApplyForLicence(on=day_of(kit, written))
        grounds = grounded(written, governed_by=ACCEPTANCE)
        return await _act(kit, (scope, acts.APPLY), institution_id, command, grounds, response)

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
        return await _act(kit, (scope, acts.RETURN), institution_id, command, grounds, response)

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
        return await _act(kit, (scope, acts.ACCEPT), institution_id, command, grounds, response)

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
        return await _act(kit, (scope, acts.REFUSE), institution_id, command, grounds, response)

    @router.post("/licence/approval", summary="准予许可 grant the licence")
    async def grant_licence(
        institution_id: UUID,
        body: ApprovalBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Two officers sign."""
        on = day_of(kit, written)
        terms = LicenceTerms(number=body.number, issued_on=on, valid_from=body.valid_from, expires_on=body.expires_on)
        command = ApproveLicence(
            terms=terms,
            signed_by=(written.actor, body.countersigned_by),
            site_check_reference=body.site_check_reference,
            on=on,
        )
        grounds = grounded(written, governed_by=DECISION)
        return await _act(kit, (scope, acts.APPROVE), institution_id, command, grounds, response)


def _penalty(router: APIRouter, kit: Kit) -> None:
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
        return await _act(kit, (scope, acts.SUSPEND), institution_id, command, grounds, response)

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
        return await _act(kit, (scope, acts.REINSTATE), institution_id, command, grounds, response)

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
        return await _act(kit, (scope, acts.REVOKE), institution_id, command, grounds, response)


def _life(router: APIRouter, kit: Kit) -> None:
    @router.post("/licence/cancellation", summary="注销 cancel the licence")
    async def cancel(
        institution_id: UUID,
        body: CancellationBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Voluntarily, when no family is owed anything."""
        command = CancelLicence(
            application_reference=body.application_reference,
            liquidation_finished=body.liquidation_finished,
            unconsumed_liability_fen=body.unconsumed_liability_fen,
            public_notice_reference=body.public_notice_reference,
            reason=body.reason,
            on=day_of(kit, written),
        )
        grounds = grounded(written, body.reason, governed_by=GIVING_UP)
        return await _act(kit, (scope, acts.CANCEL), institution_id, command, grounds, response)

    @router.post("/licence/renewal", summary="延续 renew the licence")
    async def renew(
        institution_id: UUID,
        body: RenewalBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Until a later day; two officers sign."""
        command = RenewLicence(
            expires_on=body.expires_on,
            signed_by=(written.actor, body.countersigned_by),
            on=day_of(kit, written),
        )
        grounds = grounded(written, governed_by=RENEWAL)
        return await _act(kit, (scope, acts.RENEW), institution_id, command, grounds, response)

    @router.post("/annual-check", summary="年检 record the annual check")
    async def check(
        institution_id: UUID,
        body: CheckBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """A failed check takes the institution off the whitelist."""
        command = RecordAnnualCheck(result=body.result, on=day_of(kit, written))
        grounds = grounded(written, governed_by=CHECKING)
        return await _act(kit, (scope, acts.CHECK), institution_id, command, grounds, response)
