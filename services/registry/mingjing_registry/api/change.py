"""Changes and conversions over HTTP (R15): proposed by one officer, decided by another.

One rule: which department becomes competent follows from the table of competences, never from the body.
"""

from __future__ import annotations

from uuid import UUID

from fastapi import Depends, Path, Response
from pydantic import BaseModel, Field

from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope
from mingjing_registry import acts
from mingjing_registry.api.acting import act_on
from mingjing_registry.api.credit_code import code_in
from mingjing_registry.api.grounds import CHANGING, grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import acted_on, standing
from mingjing_registry.domain.change import ApproveChange, ChangeKind, ProposeChange, RefuseChange, Wish
from mingjing_registry.domain.competence import competent_departments
from mingjing_registry.domain.licence import Licensed, Rectifying
from mingjing_registry.domain.licensing import name_of
from mingjing_registry.domain.particulars import Category
from mingjing_registry.domain.refusals import LicenceNotInThatState
from mingjing_registry.intake.number_guard import give_code
from mingjing_registry.sources.addresses import place
from mingjing_registry.sources.cells import tight
from mingjing_registry.sources.competences import competences
from mingjing_registry.sources.divisions import division

NUMBER = Path(min_length=1, max_length=100)


class ChangeBody(BaseModel):
    """What is to be; each kind needs its own part."""

    number: str = Field(min_length=1, max_length=100, description="受理编号 of this application")
    kind: ChangeKind
    name: str = Field(default="", max_length=200)
    organizer: str = Field(default="", max_length=200)
    legal_representative: str = Field(default="", max_length=100)
    categories: list[Category] = Field(default=[], max_length=5)
    address: str = Field(default="", max_length=500)
    others: list[UUID] = Field(default=[], max_length=20)
    liquidation_reference: str = Field(default="", max_length=200)
    consent_reference: str = Field(default="", max_length=200)
    reason: str = Field(max_length=1_000)


class ChangeApprovalBody(BaseModel):
    """The decision that makes it."""

    decision_reference: str = Field(max_length=200)
    uscc: str = Field(
        default="", max_length=40, description="The new code of a conversion to non-profit, if it is known by now"
    )


class ChangeRefusalBody(BaseModel):
    """Why not."""

    reason: str = Field(max_length=1_000)


def make_router(kit: Kit) -> Router:
    """Propose, approve, refuse."""
    router = Router(prefix="/institutions/{institution_id}/changes", tags=["change 变更"])
    county = division(kit.settings.county_code)

    @router.post("", summary="申请变更 propose a change")
    async def propose_change(
        institution_id: UUID,
        body: ChangeBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Nothing of the record moves before it is approved."""
        on = day_of(kit, written)
        known, _ = await standing(kit, institution_id)
        located = place(body.address, county, lambda _: None) if body.address else None
        categories = tuple(body.categories)
        wish = Wish(
            **body.model_dump(exclude={"number", "kind", "reason", "name", "categories", "others", "address"}),
            name=tight(body.name),  # in the one spelling by which it is looked up
            categories=categories,
            departments=competent_departments(competences(), categories, known.particulars.region, on),
            address=located.address if located else "",
            region=located.town_code if located else "",
            others=tuple(body.others),
        )
        await acted_on(kit, scope, acts.PROPOSE_CHANGE, institution_id)
        await _require_partners(kit, body.kind, wish.others)
        command = ProposeChange(number=body.number, kind=body.kind, wish=wish, reason=body.reason, on=on)
        grounds = grounded(written, body.reason, governed_by=CHANGING)
        return await act_on(kit, (scope, acts.PROPOSE_CHANGE), institution_id, command, grounds, response)

    _decided(router, kit)
    return router


async def _require_partners(kit: Kit, kind: ChangeKind, others: tuple[UUID, ...]) -> None:
    """Who goes on after a merger holds a licence: the families of who merges are its own from then on. Raises
    ``LicenceNotInThatState``.
    """
    if kind is not ChangeKind.MERGER:
        return
    for other in others:
        partner, _ = await standing(kit, other)
        if not isinstance(partner.licence, Licensed | Rectifying):
            raise LicenceNotInThatState(state=name_of(partner.licence), needed="licensed or rectifying")


def _decided(router: Router, kit: Kit) -> None:
    @router.post("/{number}/approval", summary="准予变更 approve the change")
    async def approve_change(
        institution_id: UUID,
        body: ChangeApprovalBody,
        response: Response,
        number: str = NUMBER,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By an officer other than the one who proposed it; the record changes with it."""
        on = day_of(kit, written)
        await acted_on(kit, scope, acts.APPROVE_CHANGE, institution_id)
        known, _ = await standing(kit, institution_id)
        if (pending := known.changes.pending) is not None:
            await _require_partners(kit, pending.kind, pending.wish.others)
        uscc = code_in(body.uscc) if body.uscc.strip() else ""
        command = ApproveChange(number=number, decision_reference=body.decision_reference, uscc=uscc, on=on)
        grounds = grounded(written, governed_by=CHANGING)
        if uscc:
            return accepted(response, await give_code(kit, institution_id, known, uscc, command, grounds, on))
        return await act_on(kit, (scope, acts.APPROVE_CHANGE), institution_id, command, grounds, response)

    @router.post("/{number}/refusal", summary="不予变更 refuse the change")
    async def refuse_change(
        institution_id: UUID,
        body: ChangeRefusalBody,
        response: Response,
        number: str = NUMBER,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Everything stays as it was."""
        command = RefuseChange(number=number, reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=CHANGING)
        return await act_on(kit, (scope, acts.REFUSE_CHANGE), institution_id, command, grounds, response)
