"""Applications over HTTP: content, site check, waivers, the two signatures, and what the admission rules say.

One rule: who signs is the caller, in an act of his own; nobody signs for another in a body.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.http.writing import POSITION_HEADER
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope
from mingjing_registry import acts
from mingjing_registry.api.acting import act_on
from mingjing_registry.api.contents import ContentBody
from mingjing_registry.api.grounds import ACCEPTANCE, DECISION, PREMISES, RENEWAL, grounded
from mingjing_registry.api.numbers import admission_numbers
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import acted_on
from mingjing_registry.domain.application import (
    DraftApplication,
    RecordSiteCheck,
    SignLicence,
    SignRenewal,
    SiteCheck,
    Waiver,
    WaiveRule,
)
from mingjing_registry.domain.licence import ApplyForLicence, ApproveLicence, LicenceTerms, RenewLicence
from mingjing_registry.intake.granted_sites import approve_premises
from mingjing_registry.intake.number_guard import give_number, require_free, signed_number
from mingjing_registry.sources.divisions import division


class SiteCheckBody(BaseModel):
    """What was seen at one address; the caller was there."""

    reference: str = Field(min_length=1, max_length=200)
    address: str = Field(min_length=1, max_length=500)
    checked_on: date
    passed: bool
    area_m2: int = Field(ge=0, le=1_000_000, description="Training floor area as measured")
    findings: str = Field(default="", max_length=2_000)


class WaiverBody(BaseModel):
    """Which rule need not be met, and why."""

    rule: str = Field(pattern=r"^R[0-9]{1,2}$")
    reason: str = Field(max_length=1_000)
    legal_basis: str = Field(default="", max_length=500)


class TermsBody(BaseModel):
    """The licence as it is to be."""

    number: str = Field(min_length=1, max_length=40)
    valid_from: date
    expires_on: date


class RenewalBody(BaseModel):
    """Until when."""

    expires_on: date


def make_router(kit: Kit) -> Router:
    """From draft to licence, and its renewal."""
    router = Router(prefix="/institutions/{institution_id}", tags=["licence 办学许可证"])
    _handed_in(router, kit)
    _looked_at(router, kit)
    _granted(router, kit)
    _renewed(router, kit)
    return router


def _handed_in(router: Router, kit: Kit) -> None:
    @router.post("/licence/draft", summary="起草申请 keep a draft")
    async def draft(
        institution_id: UUID,
        body: ContentBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Nobody has applied for anything yet."""
        command = DraftApplication(content=body.content(), on=day_of(kit, written))
        grounds = grounded(written, governed_by=ACCEPTANCE)
        return await act_on(kit, (scope, acts.DRAFT), institution_id, command, grounds, response)

    @router.post("/licence/application", summary="申请 apply for a licence")
    async def apply_for(
        institution_id: UUID,
        body: ContentBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """On behalf of the organizer 举办者, whose papers are at hand."""
        command = ApplyForLicence(content=body.content(), on=day_of(kit, written))
        grounds = grounded(written, governed_by=ACCEPTANCE)
        return await act_on(kit, (scope, acts.APPLY), institution_id, command, grounds, response)


def _looked_at(router: Router, kit: Kit) -> None:
    @router.post("/licence/site-checks", summary="现场核查 record a site check")
    async def check_site(
        institution_id: UUID,
        body: SiteCheckBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """One address at a time; the last check of an address counts."""
        check = SiteCheck(officer=written.actor, **body.model_dump())
        command = RecordSiteCheck(check=check, on=day_of(kit, written))
        grounds = grounded(written, governed_by=PREMISES)
        return await act_on(kit, (scope, acts.CHECK_SITE), institution_id, command, grounds, response)

    @router.post("/licence/waivers", summary="豁免 waive an admission rule")
    async def waive(
        institution_id: UUID,
        body: WaiverBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """With a reason; R1 and R2 are never waived."""
        on = day_of(kit, written)
        waiver = Waiver(rule=body.rule, reason=body.reason, legal_basis=body.legal_basis, by=written.actor, on=on)
        grounds = grounded(written, body.reason, body.legal_basis, governed_by=DECISION)
        return await act_on(
            kit, (scope, acts.WAIVE), institution_id, WaiveRule(waiver=waiver, on=on), grounds, response
        )


def _granted(router: Router, kit: Kit) -> None:
    @router.post("/licence/signature", summary="拟准予 sign the grant first")
    async def sign_licence(
        institution_id: UUID,
        body: TermsBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The officer in charge proposes number and validity."""
        on = day_of(kit, written)
        terms = LicenceTerms(number=body.number, issued_on=on, valid_from=body.valid_from, expires_on=body.expires_on)
        command = SignLicence(terms=terms, officer=written.actor, on=on)
        await acted_on(kit, scope, acts.SIGN_LICENCE, institution_id)
        await require_free(kit, institution_id, terms.number)
        grounds = grounded(written, governed_by=DECISION)
        return await act_on(kit, (scope, acts.SIGN_LICENCE), institution_id, command, grounds, response)

    @router.post("/licence/approval", summary="准予许可 grant the licence")
    async def grant_licence(
        institution_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The second signature, by another officer, under the terms of the first; with it the premises that passed
        their check are approved teaching sites.
        """
        on = day_of(kit, written)
        known = await acted_on(kit, scope, acts.APPROVE, institution_id)
        numbers = await admission_numbers(kit, institution_id, on)
        command = ApproveLicence(officer=written.actor, numbers=numbers, on=on)
        grounds = grounded(written, governed_by=DECISION)
        number = signed_number(known)
        outcome = await give_number(kit, institution_id, number, command, grounds)
        county = division(kit.settings.county_code)
        position = await approve_premises(kit, institution_id, outcome, county, grounded(written, governed_by=PREMISES))
        answer = accepted(response, outcome)
        response.headers[POSITION_HEADER] = str(position)  # whoever reads next sees the sites, too
        return answer


def _renewed(router: Router, kit: Kit) -> None:
    @router.post("/licence/renewal-signature", summary="拟延续 sign the renewal first")
    async def sign_renewal(
        institution_id: UUID,
        body: RenewalBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The officer in charge proposes the day."""
        command = SignRenewal(expires_on=body.expires_on, officer=written.actor, on=day_of(kit, written))
        grounds = grounded(written, governed_by=RENEWAL)
        return await act_on(kit, (scope, acts.SIGN_RENEWAL), institution_id, command, grounds, response)

    @router.post("/licence/renewal", summary="延续 renew the licence")
    async def renew(
        institution_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The second signature, by another officer."""
        on = day_of(kit, written)
        numbers = await admission_numbers(kit, institution_id, on)
        command = RenewLicence(officer=written.actor, numbers=numbers, on=on)
        grounds = grounded(written, governed_by=RENEWAL)
        return await act_on(kit, (scope, acts.RENEW), institution_id, command, grounds, response)
