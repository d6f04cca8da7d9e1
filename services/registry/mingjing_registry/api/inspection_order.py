"""Orders of inspection over HTTP: what an institution was to put right, beside its annual check."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, ConfigDict, Field

from mingjing_kernel.http import Asked, AsOf, Column, Kit, Listing, Page, answer_list, asked, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_registry.projections.inspection_orders import inspection_orders_in

COLUMNS = (
    Column("institution_name", "机构", "Institution"),
    Column("state", "状态", "State"),
    Column("ordered_on", "责令日期", "Ordered on", "date"),
    Column("deadline", "期限", "Deadline", "date"),
    Column("ended_on", "结束日期", "Ended on", "date"),
)


class InspectionOrderItem(BaseModel):
    """One of them, as inspection told it."""

    model_config = ConfigDict(from_attributes=True)

    order_id: UUID = Field(description="The rectification's id in the inspection service")
    institution_id: UUID
    institution_name: str
    state: str = Field(description="open 未销号, passed 已销号, failed 未整改到位")
    ordered_on: date | None
    deadline: date | None
    ended_on: date | None


def make_router(kit: Kit) -> Router:
    """The list."""
    router = Router(tags=["annual-check 年检"])

    @router.get(
        "/inspection-orders", response_model=Page[InspectionOrderItem], summary="检查责令整改 orders of inspection"
    )
    async def inspection_orders(
        institution_id: UUID | None = None,
        state: str = Query(default="", max_length=20),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first; asked for by whoever reviews an annual check."""
        at = await position_of(kit, as_of)
        statement = inspection_orders_in(scope, institution_id=institution_id, state=state, at=at)
        rows = statement.selected_columns
        listing = Listing(
            name="inspection-orders",
            statement=statement,
            keys=(rows.told_on, rows.order_id),
            columns=COLUMNS,
            title=("检查责令整改", "Orders of inspection"),
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, InspectionOrderItem)

    return router
