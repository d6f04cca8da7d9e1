"""One institution over HTTP: its timeline; and the totals of everything that the caller may see."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.projections.timeline import timeline_of
from mingjing_inspection.projections.totals import totals
from mingjing_kernel.http import Asked, AsOf, Column, Kit, Listing, Page, answer_list, asked, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope

COLUMNS = (
    Column("happened_at", "时间", "When", "moment"),
    Column("kind", "类别", "Kind"),
    Column("state", "状态", "State"),
    Column("title", "内容", "Title"),
    Column("grave", "严重", "Grave"),
)


class TimelineItem(BaseModel):
    """One thing: VISIT 巡查, COMPLAINT 投诉, TASK 任务, ALERT 预警. ``details`` depend on the kind."""

    model_config = ConfigDict(from_attributes=True)

    thing_id: UUID
    kind: str
    happened_at: datetime
    state: str
    grave: bool
    title: str
    details: dict[str, Any]


class Totals(BaseModel):
    """Counts of the lists that the caller may see."""

    visits: int
    complaints: int
    complaints_urgent: int
    complaints_unmatched: int = Field(description="Within our remit, and nobody knows yet whom they are about")
    tasks: int
    tasks_open: int
    tasks_without_site: int
    kept_aside: int


def make_router(kit: Kit) -> Router:
    """Timeline and totals."""
    router = Router(tags=["institution 机构"])

    @router.get(
        "/institutions/{institution_id}/timeline",
        response_model=Page[TimelineItem],
        summary="时间线 visits, complaints, tasks and alerts in one order",
    )
    async def timeline(
        institution_id: UUID,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Latest first; ``as_of`` shows what was known then."""
        statement = timeline_of(scope, institution_id, await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="timeline",
            statement=statement,
            keys=(rows.happened_at, rows.thing_id),
            columns=COLUMNS,
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, TimelineItem)

    @router.get("/totals", summary="合计 how many of each")
    async def all_totals(scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)) -> Totals:
        """As it stands, or stood."""
        at = await position_of(kit, as_of)
        async with kit.connection() as connection:
            return Totals(**await totals(connection, scope, at))

    return router
