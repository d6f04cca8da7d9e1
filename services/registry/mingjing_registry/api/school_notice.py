"""Notices to schools over HTTP: what a school that buys after-school services must know of its provider."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict

from mingjing_kernel.http import Asked, AsOf, Column, Kit, Listing, Page, answer_list, asked, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_registry.projections.school_notices import school_notices_in

COLUMNS = (
    Column("told_on", "通知日期", "Told on", "date"),
    Column("school_name", "学校", "School"),
    Column("provider_name", "课后服务机构", "Provider"),
    Column("ground", "退出原因", "Ground"),
    Column("reason", "说明", "Reason"),
)


class SchoolNoticeItem(BaseModel):
    """A provider left the county's list; the school's agreement with it is over."""

    model_config = ConfigDict(from_attributes=True)

    school_id: UUID
    school_name: str
    region: str
    institution_id: UUID
    provider_name: str
    ground: str
    reason: str
    told_on: date
    version: int


def make_router(kit: Kit) -> Router:
    """The one list."""
    router = Router(tags=["school 学校"])

    @router.get("/school-notices", response_model=Page[SchoolNoticeItem], summary="致学校通知 notices to schools")
    async def school_notices(
        school_id: UUID | None = Query(default=None),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """The latest first; a school sees its own."""
        statement = school_notices_in(scope, school_id=school_id, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="school-notices",
            title=("致学校通知", "Notices to schools"),
            statement=statement,
            keys=(rows.told_on, rows.school_id, rows.institution_id, rows.version),
            columns=COLUMNS,
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, SchoolNoticeItem)

    return router
