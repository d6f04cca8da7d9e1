"""Reconciliation breaks: the queue, what a person makes of one, and entries that a person can place."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select

from mingjing_funds.acts_bank import EXPLAIN_ENTRY, RESOLVE_BREAK
from mingjing_funds.api.acting import because, require_account, seen
from mingjing_funds.api.people import Words
from mingjing_funds.codec import ACCOUNTS, BREAKS
from mingjing_funds.domain.account import ExplainEntry
from mingjing_funds.domain.break_terms import Kind
from mingjing_funds.domain.custody_break import Disposal, ResolveBreak, hindrance
from mingjing_funds.projections.breaks import breaks_in, breaks_table
from mingjing_kernel.clock import shanghai_date
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
from mingjing_kernel.identity import Act, Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope

BREAK_COLUMNS = (
    Column("day", "日期", "Day", "date"),
    Column("kind", "差异类型", "Kind"),
    Column("institution_name", "机构名称", "Institution"),
    Column("account_number", "账号", "Account number"),
    Column("amount_fen", "金额", "Amount", "yuan"),
    Column("number", "单号", "Number"),
    Column("flow", "流水号", "Flow"),
    Column("state", "状态", "State"),
    Column("opened_on", "发现日期", "Found", "date"),
    Column("ended_on", "结束日期", "Ended", "date"),
    Column("ended_how", "结束方式", "Ended how"),
)


class BreakLine(BaseModel):
    """What one side says: orders, the custody ledger or the bank."""

    side: str
    reference: str
    amount_fen: int
    day: date


class BreakItem(BaseModel):
    """A reconciliation break (对账差异)."""

    model_config = ConfigDict(from_attributes=True)

    break_id: UUID
    account_id: UUID
    account_number: str
    institution_name: str
    kind: str
    day: date
    amount_fen: int = Field(description="By how much the account is off because of it")
    number: str
    flow: str
    other_account_id: UUID | None = Field(description="Where the money went, or whose it is")
    lines: list[BreakLine]
    state: str = Field(description="open, righted, resolved")
    opened_on: date
    ended_on: date | None
    ended_how: str
    resolved_by: str
    reason: str
    evidence: str


class Resolution(BaseModel):
    """How a person dealt with a break."""

    disposal: Disposal
    reason: Words = Field(min_length=1, max_length=2_000)
    evidence: Words = Field(
        min_length=1, max_length=2_000, description="The document, booking or decision that shows it"
    )


class Explanation(BaseModel):
    """What an entry in suspense carries out."""

    number: str = Field(min_length=1, max_length=64, description="The payment, instruction or refund that is awaited")


def make_router(kit: Kit) -> Router:
    """``/breaks``, and the explanation of an entry."""
    router = Router(tags=["break 对账差异"])
    _lists(router, kit)
    _acts(router, kit)
    return router


def _lists(router: Router, kit: Kit) -> None:
    @router.get("/breaks", summary="Where orders, custody ledger and bank do not agree, now or as of a moment")
    async def breaks(
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
        account_id: UUID | None = None,
        state: str | None = Query(default=None, description="open, righted, resolved"),
        kind: Kind | None = None,
        break_id: UUID | None = None,
    ) -> Page[BreakItem]:
        statement = breaks_in(scope, await position_of(kit, as_of))
        rows = statement.selected_columns
        wanted: tuple[tuple[Any, Any], ...] = (
            (rows.account_id, account_id), (rows.state, state), (rows.kind, kind.value if kind else None),
            (rows.break_id, break_id),
        )  # fmt: skip
        for column, value in wanted:
            if value is not None:
                statement = statement.where(column == value)
        listing = Listing(name="breaks", statement=statement, keys=(rows.day, rows.break_id), columns=BREAK_COLUMNS)
        return await answer_list(listing, asked, kit.connection, BreakItem)  # type: ignore[return-value]

    @router.get("/breaks/{break_id}/available-actions", summary="What may be done to it now, and until when")
    async def break_actions(break_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await kit.up_to_date()
        here = await _seen(kit, caller.scope, break_id)
        return await available_actions(kit, BREAKS, break_id, caller, here, hindrance)


def _acts(router: Router, kit: Kit) -> None:
    @router.post("/breaks/{break_id}/resolution", summary="Dealt with: how, why, and the evidence")
    async def resolve_break(
        break_id: UUID,
        body: Resolution,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        here = await _seen(kit, scope, break_id, RESOLVE_BREAK)
        scope.require(RESOLVE_BREAK, here)
        command = ResolveBreak(
            by=written.actor,
            disposal=body.disposal,
            reason=body.reason,
            evidence=body.evidence,
            resolved_on=shanghai_date(kit.now()),
        )
        return accepted(response, await kit.log.handle(BREAKS, break_id, command, because(written, body.reason)))

    @router.post(
        "/accounts/{account_id}/entries/{flow}/explanation", summary="Say what an entry in suspense carries out"
    )
    async def explain_entry(
        account_id: UUID,
        flow: str,
        body: Explanation,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """A person sees what no rule may guess; a difference of amounts stays in suspense and is a break."""
        async with kit.connection() as connection:
            await require_account(connection, scope, account_id, EXPLAIN_ENTRY)
        command = ExplainEntry(flow=flow, number=body.number)
        return accepted(response, await kit.log.handle(ACCOUNTS, account_id, command, written))


async def _seen(kit: Kit, scope: Scope, break_id: UUID, act: Act | None = None) -> Dimensions:
    rows = breaks_table.c
    place = select(rows.department, rows.region, rows.category).where(rows.break_id == break_id)
    async with kit.connection() as connection:
        return await seen(connection, scope, place, act)
