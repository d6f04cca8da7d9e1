"""Openings over HTTP: the reviewers' weekly list, and the review by somebody other than the opener.

Dependencies stand as defaults, not in ``Annotated`` (see ``mingjing_kernel.http.kit``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_kernel.clock import shanghai_date
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
    moment_of,
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log.envelope import Envelope
from mingjing_kernel.moment import Moment
from mingjing_kernel.projection import ReadModel
from mingjing_kernel.sealed.refusals import UnsealingUnknown
from mingjing_kernel.sealed.unsealer import UNSEALER, Conclusion, ReviewUnsealing, unsealer_id
from mingjing_kernel.sealed.unsealings import unsealings_in

COLUMNS = (
    Column("asked_at", "时间", "Asked at", "moment"),
    Column("unsealer", "查看人", "Who looked"),
    Column("department", "部门", "Department"),
    Column("subject", "个人信息主体", "Subject"),
    Column("fields", "字段", "Fields"),
    Column("purpose", "目的", "Purpose"),
    Column("explanation", "说明", "Explanation"),
    Column("outcome", "结果", "Outcome"),
    Column("is_overdue", "超期未复核", "Review overdue"),
    Column("reviewer", "复核人", "Reviewer"),
    Column("conclusion", "复核结论", "Conclusion"),
    Column("reviewed_at", "复核时间", "Reviewed at", "moment"),
)


class UnsealingItem(BaseModel):
    """One opening, or one that was refused beyond the limit (an alarm)."""

    model_config = ConfigDict(from_attributes=True)

    unsealing_id: UUID
    unsealer: str
    department: str
    region: str
    subject: str
    stream: str
    fields: list[str]
    purpose: str
    explanation: str
    outcome: Literal["opened", "refused"]
    allowed: int | None = Field(description="Of a refused one: the limit that was reached")
    policy_version: str
    asked_at: datetime
    is_overdue: bool = Field(description="Nobody reviewed it within a week")
    reviewer: str
    conclusion: str
    remark: str
    reviewed_at: datetime | None


class ReviewBody(BaseModel):
    """What the reviewer found."""

    conclusion: Conclusion
    remark: str = Field(default="", max_length=1_000)


def make_unsealings_router(kit: Kit, model: ReadModel) -> Router:
    """Mounted by every service that seals; ``model`` is its list of openings."""
    router = Router(prefix="/unsealings", tags=["unsealing 查看个人信息"])

    @router.get("", response_model=Page[UnsealingItem], summary="查看记录 openings of sealed fields, latest first")
    async def unsealings(
        since: Moment | None = Query(default=None, description="Only what was asked for since then"),
        outcome: Literal["opened", "refused"] | None = None,
        is_reviewed: bool | None = None,
        is_overdue: bool | None = None,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """For reviewers and auditors. A refused one is an alarm: somebody wanted more than the limit."""
        rows = model.at(await position_of(kit, as_of))
        found = unsealings_in(scope, rows, moment_of(kit, as_of)).subquery("unsealings")
        statement = found.select()
        if since is not None:
            statement = statement.where(found.c.asked_at >= since)
        for column, wanted in (
            (found.c.outcome, outcome),
            (found.c.reviewed_at.is_not(None), is_reviewed),
            (found.c.is_overdue, is_overdue),
        ):
            if wanted is not None:
                statement = statement.where(column == wanted)
        listing = Listing(
            name="unsealings",
            statement=statement,
            keys=(found.c.asked_at, found.c.unsealing_id),
            columns=COLUMNS,
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, UnsealingItem)

    @router.post("/{unsealing_id}/review", status_code=201, summary="复核 say whether it was justified")
    async def review(
        unsealing_id: UUID,
        body: ReviewBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By somebody other than the person who looked."""
        await kit.up_to_date()
        found = unsealings_in(scope, model.at(None), kit.now()).subquery("unsealings")
        async with kit.connection() as connection:
            row = (await connection.execute(found.select().where(found.c.unsealing_id == unsealing_id))).one_or_none()
        if row is None:
            raise UnsealingUnknown
        said = body.model_dump()
        command = ReviewUnsealing(unsealing_id=unsealing_id, reviewer=written.actor, at=kit.now(), **said)
        stream = unsealer_id(row.unsealer, shanghai_date(row.asked_at))
        return accepted(response, await kit.log.handle(UNSEALER, stream, command, written))

    return router
