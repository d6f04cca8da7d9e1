"""Deadlines over HTTP (期限): what is due in this service, until when, and by which rule.

Dependencies stand as defaults, not in ``Annotated`` (see ``mingjing_kernel.http.kit``).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.deadlines.plan import DeadlinePlan, is_over
from mingjing_kernel.http import Asked, AsOf, Column, Kit, Listing, Page, answer_list, asked, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal, Scope
from mingjing_kernel.projection import ReadModel

COLUMNS = (
    Column("rule", "规则", "Rule"),
    Column("kind", "对象类型", "Kind"),
    Column("id", "对象", "Thing"),
    Column("thing", "事项", "Matter"),
    Column("started_on", "起算日期", "Started on", "date"),
    Column("due_on", "截止日期", "Last day", "date"),
    Column("due_at", "截止时刻", "Due at", "moment"),
    Column("working_days", "工作日数", "Working days", "integer"),
    Column("paused_on", "中止日期", "Paused on", "date"),
    Column("fired_on", "逾期登记日期", "Noted overdue on", "date"),
    Column("moved_from", "原截止日期", "Moved from", "date"),
    Column("region", "区域", "Region"),
)


class DeadlineItem(BaseModel):
    """One clock that runs."""

    model_config = ConfigDict(from_attributes=True)

    kind: str = Field(description="Kind of the thing whose deadline it is", examples=["institution"])
    id: UUID
    rule: str
    thing: str = Field(description="Which matter of the thing, where it can have several at once")
    started_on: date
    due_on: date = Field(description="The last day")
    due_at: datetime | None = Field(description="Of a clock of hours: the moment at which it runs out")
    working_days: int | None = Field(description="Where it was counted in working days: how many")
    paused_on: date | None
    fired_on: date | None = Field(description="When it was noted that it had run out; it waits for an official")
    moved_from: date | None = Field(description="The last day before it was moved last")
    department: str = ""
    region: str = ""
    category: str = ""


class DeadlineRuleItem(BaseModel):
    """One kind of deadline."""

    name: str
    zh: str
    en: str
    kind: str
    legal_basis: str
    is_automatic: bool = Field(description="Whether something is done by itself when it has run out")


def make_deadlines_router(kit: Kit, plan: DeadlinePlan, model: ReadModel) -> Router:
    """Mounted by every service that declares deadlines."""
    router = Router(tags=["deadline 期限"])

    @router.get("/deadlines", response_model=Page[DeadlineItem], summary="期限清单 what is due, soonest first")
    async def deadlines(
        until: date | None = Query(default=None, description="Last day on or before this day"),
        rule: str = Query(default="", max_length=60),
        is_overdue: bool | None = None,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Within the caller's scope. Overdue is what runs and whose last day has passed today."""
        statement = plan.deadlines_in(scope, model, await position_of(kit, as_of))
        rows = statement.selected_columns
        if until is not None:
            statement = statement.where(rows.due_on <= until)
        if rule:
            statement = statement.where(rows.rule == rule)
        if is_overdue is not None:
            is_past = is_over(rows, shanghai_date(kit.now()), kit.now()) & rows.paused_on.is_(None)
            statement = statement.where(is_past if is_overdue else ~is_past)
        keys = (rows.due_on, rows.id, rows.rule, rows.thing)
        listing = Listing(name="deadlines", statement=statement, keys=keys, columns=COLUMNS)
        return await answer_list(listing, asked, kit.connection, DeadlineItem)

    @router.get("/deadline-rules", summary="期限规则 the kinds of deadlines of this service")
    async def deadline_rules(_: Principal = Depends(kit.caller)) -> list[DeadlineRuleItem]:
        """With the law that each stands on."""
        return [
            DeadlineRuleItem(
                name=one.name,
                zh=one.zh,
                en=one.en,
                kind=one.aggregate.noun,
                legal_basis=one.legal_basis,
                is_automatic=one.command is not None,
            )
            for one in plan.rules
        ]

    return router
