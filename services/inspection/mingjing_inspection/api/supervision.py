"""Supervision over HTTP (监管档位与联动记录): how closely each is looked at, and what reactions did or did not."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.domain.supervision import Level
from mingjing_inspection.projections.reactions import reactions_in
from mingjing_inspection.projections.supervision import supervision_in
from mingjing_kernel.http import Asked, AsOf, Column, Kit, Listing, Page, answer_list, asked, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope

COLUMNS = (
    Column("name", "机构", "Institution"),
    Column("level", "监管档位", "Level"),
    Column("is_white", "白名单", "Whitelist"),
    Column("department", "主管部门", "Department"),
    Column("region", "区域", "Region"),
    Column("category", "类别", "Category"),
)
REACTION_COLUMNS = (
    Column("since", "时间", "When", "moment"),
    Column("reaction", "联动", "Reaction"),
    Column("occasion", "起因", "Occasion"),
    Column("institution_id", "机构", "Institution"),
    Column("did", "已做", "Did"),
    Column("why", "未做原因", "Why not"),
    Column("region", "网格", "Grid"),
)


class Watch(BaseModel):
    """An alert that keeps an institution under watch."""

    alert_id: UUID
    rule: str
    since: datetime


class SupervisionItem(BaseModel):
    """An institution. Who is under watch is not published."""

    model_config = ConfigDict(from_attributes=True)

    institution_id: UUID
    name: str
    level: Level
    is_white: bool
    listings: list[UUID]
    watches: list[Watch]
    department: str
    region: str
    category: str


class ReactionItem(BaseModel):
    """What became of an occasion; ``why`` is empty where the reaction did what it is there for."""

    model_config = ConfigDict(from_attributes=True)

    reaction_id: UUID
    reaction: str
    occasion: str = Field(description="An alert, a listing, or stream and version of the fact that asked for it")
    source_id: UUID | None = Field(description="The finding or rectification that asked for it")
    institution_id: UUID | None
    did: list[str]
    why: str = Field(description="Why it did less, or nothing")
    department: str
    region: str
    category: str
    since: datetime


def make_router(kit: Kit) -> Router:
    """Two lists."""
    router = Router(tags=["coverage 巡查覆盖"])

    @router.get("/supervision", response_model=Page[SupervisionItem], summary="监管档位 how closely each is looked at")
    async def supervision(
        level: Level | None = None,
        institution_id: UUID | None = None,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Blacklisted, under watch, on no list, on the whitelist: the gravest that applies."""
        at = await position_of(kit, as_of)
        statement = supervision_in(scope, level=level, institution_id=institution_id, at=at)
        keys = (statement.selected_columns.institution_id,)
        listing = Listing(name="supervision", statement=statement, keys=keys, columns=COLUMNS)
        return await answer_list(listing, asked, kit.connection, SupervisionItem)

    @router.get("/reactions", response_model=Page[ReactionItem], summary="联动记录 what reactions did, or why nothing")
    async def reactions(
        reaction: str | None = Query(default=None, max_length=20),
        is_idle: bool | None = None,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first; ``is_idle``: those that did nothing."""
        statement = reactions_in(scope, reaction=reaction, is_idle=is_idle, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="reactions",
            statement=statement,
            keys=(rows.since, rows.reaction_id),
            columns=REACTION_COLUMNS,
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, ReactionItem)

    return router
