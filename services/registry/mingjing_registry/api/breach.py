"""Breaches over HTTP: found by one person, ended by another, listed now and as of any past day."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_kernel.http import (
    Accepted,
    Asked,
    AsOf,
    AvailableActions,
    Column,
    Kit,
    Listing,
    Page,
    accepted,
    answer_list,
    asked,
    available_actions,
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal, Scope
from mingjing_kernel.log import Envelope
from mingjing_registry import acts_staff as acts
from mingjing_registry.api.grounds import grounded
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import acted_on, standing, within_of
from mingjing_registry.codec import BREACHES
from mingjing_registry.domain import breach as b
from mingjing_registry.domain.filing import Channel
from mingjing_registry.domain.staff_refusals import BreachUnknown
from mingjing_registry.projections.breaches import breaches_in

TEACHING = "中办发〔2021〕40号；国办发〔2018〕80号"
COLUMNS = (
    Column("institution_name", "机构", "Institution"),
    Column("kind", "类型", "Kind"),
    Column("what", "情形", "What"),
    Column("channel", "发布渠道", "Channel"),
    Column("seen_on", "发现日期", "Seen on", "date"),
    Column("evidence_reference", "证据编号", "Evidence"),
    Column("state", "状态", "State"),
    Column("words", "处理说明", "Remark"),
    Column("ended_on", "办结日期", "Ended on", "date"),
)


class BreachBody(BaseModel):
    """What was seen."""

    kind: b.Kind
    what: str = Field(min_length=1, max_length=500)
    channel: Channel = Field(default=Channel.NONE, description="Of an advert, and of nothing else")
    seen_on: date
    evidence_reference: str = Field(min_length=1, max_length=200)


class BreachEndBody(BaseModel):
    """Put right, or none; and why."""

    how: b.Ended
    reason: str = Field(max_length=1_000)


class BreachItem(BaseModel):
    """A finding as it stands."""

    model_config = ConfigDict(from_attributes=True)

    breach_id: UUID
    institution_id: UUID
    institution_name: str
    kind: str
    what: str
    channel: str
    seen_on: date
    evidence_reference: str
    state: str
    words: str
    found_by: str
    ended_on: date | None
    version: int


def make_router(kit: Kit) -> Router:
    """Findings."""
    router = Router(tags=["breach 违规发现"])
    _steps(router, kit)
    _reads(router, kit)
    return router


def _steps(router: Router, kit: Kit) -> None:
    @router.put("/institutions/{institution_id}/breaches/{breach_id}", summary="登记违规发现 record a finding")
    async def find_breach(
        institution_id: UUID,
        breach_id: UUID,
        body: BreachBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """An advert in breach (R13), an overseas curriculum, or teaching ahead of the syllabus (R11)."""
        await acted_on(kit, scope, acts.FIND_BREACH, institution_id)
        _, here = await standing(kit, institution_id)
        command = b.FindBreach(
            institution_id=institution_id,
            within=within_of(here),
            finding=b.Finding(**body.model_dump()),
            on=day_of(kit, written),
        )
        grounds = grounded(written, governed_by=TEACHING)
        return accepted(response, await kit.log.handle(BREACHES, breach_id, command, grounds))

    @router.post("/breaches/{breach_id}/end", summary="办结违规发现 end a finding")
    async def end_breach(
        breach_id: UUID,
        body: BreachEndBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By another person than who found it."""
        state, _ = await kit.log.state(BREACHES, breach_id)
        if not isinstance(state, b.Breach):
            raise BreachUnknown
        await acted_on(kit, scope, acts.END_BREACH, state.institution_id)
        command = b.EndBreach(how=body.how, reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=TEACHING)
        return accepted(response, await kit.log.handle(BREACHES, breach_id, command, grounds))


def _reads(router: Router, kit: Kit) -> None:
    @router.get("/breaches", response_model=Page[BreachItem], summary="违规发现清单 findings")
    async def breaches(
        institution_id: UUID | None = None,
        breach_id: UUID | None = None,
        kind: str = Query(default="", max_length=40),
        state: str = Query(default="", max_length=40),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first."""
        at = await position_of(kit, as_of)
        statement = breaches_in(
            scope, institution_id=institution_id, breach_id=breach_id, kind=kind, state=state, at=at
        )
        rows = statement.selected_columns
        listing = Listing(
            name="breaches",
            statement=statement,
            keys=(rows.seen_on, rows.breach_id),
            columns=COLUMNS,
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, BreachItem)

    @router.get("/breaches/{breach_id}/available-actions", summary="可办事项 what may be done now, and until when")
    async def breach_actions(breach_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await kit.up_to_date()
        statement = breaches_in(caller.scope)
        async with kit.connection() as connection:
            wanted = statement.where(statement.selected_columns.breach_id == breach_id)
            row = (await connection.execute(wanted)).mappings().one_or_none()
        if row is None:
            raise BreachUnknown
        _, here = await standing(kit, row["institution_id"])
        return await available_actions(kit, BREACHES, breach_id, caller, here, b.hindrance)
