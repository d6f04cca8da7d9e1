"""Stated interests over HTTP (利害关系申报): an inspector states where she must not be sent; a planner withdraws it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts_plans import STATE_INTEREST, WITHDRAW_INTEREST
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.permission import allow
from mingjing_inspection.codec import INTERESTS, PREMISES_KNOWN
from mingjing_inspection.domain.draw_facts import ConflictKind
from mingjing_inspection.domain.interest import StateInterest, WithdrawInterest
from mingjing_inspection.domain.premises import InstitutionNotNoted, Premises
from mingjing_inspection.projections.interests import interests_in
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
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope

COLUMNS = (
    Column("officer", "检查人员", "Inspector"),
    Column("institution_id", "机构", "Institution"),
    Column("kind", "情形", "Kind"),
    Column("stated_by", "申报人", "Stated by"),
    Column("stated_at", "申报时间", "Stated at", "moment"),
)


class InterestBody(BaseModel):
    """Who is not sent where. Without ``officer``: the caller."""

    institution_id: UUID
    kind: ConflictKind
    officer: str = Field(default="", max_length=200)


class WithdrawalBody(BaseModel):
    """Whose, where, and why it is over."""

    officer: str = Field(min_length=1, max_length=200)
    institution_id: UUID
    reason: str = Field(max_length=1_000)


class InterestItem(BaseModel):
    """A stated interest."""

    model_config = ConfigDict(from_attributes=True)

    institution_id: UUID
    officer: str
    kind: ConflictKind
    department: str
    region: str
    stated_by: str
    stated_at: datetime


def make_router(kit: Kit) -> Router:
    """State, withdraw, list."""
    router = Router(tags=["draw 双随机抽查"])

    async def premises_of(institution_id: UUID) -> Premises:
        premises: Premises = (await kit.log.state(PREMISES_KNOWN, institution_id))[0]
        if premises.names is None:
            raise InstitutionNotNoted
        return premises

    @router.post("/interests", status_code=201, summary="申报利害关系 state a conflict of interest")
    async def state_interest(
        body: InterestBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Counts for draws that are frozen later. Only the kind is kept."""
        premises = await premises_of(body.institution_id)
        allow(scope, STATE_INTEREST, premises)
        officer = body.officer or written.actor
        command = StateInterest(
            officer=officer,
            institution_id=body.institution_id,
            kind=body.kind,
            department=premises.department,
            region=premises.region,
            by=written.actor,
            at=kit.now(),
        )
        return accepted(response, await kit.log.handle(INTERESTS, derived_id("interest", officer), command, written))

    @router.post("/interests/withdrawals", summary="撤销利害关系申报 withdraw a stated conflict of interest")
    async def withdraw_interest(
        body: WithdrawalBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """With a reason."""
        allow(scope, WITHDRAW_INTEREST, await premises_of(body.institution_id))
        command = WithdrawInterest(
            institution_id=body.institution_id, reason=body.reason, by=written.actor, at=kit.now()
        )
        id, grounds = derived_id("interest", body.officer), grounded(written, body.reason)
        return accepted(response, await kit.log.handle(INTERESTS, id, command, grounds))

    @router.get(
        "/interests", response_model=Page[InterestItem], summary="利害关系申报列表 stated conflicts of interest"
    )
    async def interests(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first."""
        statement = interests_in(scope, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="interests",
            statement=statement,
            keys=(rows.stated_at, rows.interest_id, rows.institution_id),
            columns=COLUMNS,
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, InterestItem)

    return router
