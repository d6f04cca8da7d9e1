"""Unlicensed premises over HTTP (无证办学场所): a list beside the register, for officials."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from mingjing_kernel.http import Asked, AsOf, Column, Kit, Listing, Page, answer_list, asked, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_registry.projections.unlicensed import unlicensed_in

COLUMNS = (
    Column("found_at", "认定时间", "Found at", "moment"),
    Column("address", "地址", "Address"),
    Column("region", "网格", "Grid"),
    Column("venue", "场所类型", "Venue"),
    Column("cover", "名目", "Cover"),
    Column("department", "主管部门", "Department"),
    Column("withdrawn_on", "撤销日期", "Withdrawn on", "date"),
    Column("photos", "照片摘要", "Photos"),
    Column("lead_id", "线索编号", "Lead"),
)


class UnlicensedItem(BaseModel):
    """Where somebody taught without a licence; the lead and its case are inspection's."""

    model_config = ConfigDict(from_attributes=True)

    lead_id: UUID
    department: str
    region: str
    category: str
    address: str
    venue: str
    cover: str
    photos: list[str] = Field(description="SHA-256 of photos that inspection keeps as evidence")
    found_at: datetime
    noted_at: datetime
    withdrawn_on: date | None = Field(description="It was nothing after all")
    version: int


def make_router(kit: Kit) -> Router:
    """One list."""
    router = Router(tags=["unlicensed 无证办学场所"])

    @router.get("/unlicensed-leads", response_model=Page[UnlicensedItem], summary="无证办学场所 unlicensed premises")
    async def unlicensed_leads(
        region: str = Query(default="", pattern=r"^[0-9]{0,15}$", description="In grids whose code begins so"),
        is_withdrawn: bool | None = Query(default=None, description="True: those that were nothing after all"),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first; they are no institutions and count as none."""
        statement = unlicensed_in(scope, region=region, is_withdrawn=is_withdrawn, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        keys = (rows.noted_at, rows.lead_id)
        listing = Listing(name="unlicensed-leads", statement=statement, keys=keys, columns=COLUMNS, is_descending=True)
        return await answer_list(listing, asked, kit.connection, UnlicensedItem)

    return router
