"""What citizens said to their complaints, for the officials who deal with them (诉求人的补充、回访与撤回)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from mingjing_inspection.domain.complaint_voice import Identity
from mingjing_inspection.domain.complaint_voice_refusals import VoiceAbsent
from mingjing_inspection.projections.complaint_voices import complaint_voices_in
from mingjing_kernel.http import Asked, AsOf, Column, Kit, Listing, Page, answer_list, asked, position_of
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope

COLUMNS = (
    Column("spoken_at", "最近一次", "Last spoken", "moment"),
    Column("number", "编号", "Number"),
    Column("identity", "身份方式", "Identity"),
    Column("relation", "代理关系", "Relation"),
    Column("origin_place", "来源单位", "Origin"),
    Column("origin_reference", "来文编号", "Reference"),
    Column("origin_due_on", "交办期限", "Set for", "date"),
    Column("is_satisfied", "是否满意", "Satisfied"),
    Column("rating", "办理评分", "Rating"),
    Column("reopening_asked_at", "申请重新办理", "Asked to reopen", "moment"),
    Column("withdrawn_at", "撤回投诉", "Withdrawn", "moment"),
)


class Said(BaseModel):
    """One thing that she said; numbers of persons in it are masked."""

    what: str
    text: str
    at: datetime


class VoiceItem(BaseModel):
    """The citizen's side of one complaint."""

    model_config = ConfigDict(from_attributes=True)

    complaint_id: UUID
    number: str
    department: str
    region: str
    category: str
    identity: Identity
    relation: str
    origin_place: str
    origin_reference: str
    origin_link: str
    origin_due_on: date | None
    said: list[Said]
    is_satisfied: bool | None
    rating: int | None
    reopening_asked_at: datetime | None
    withdrawn_at: datetime | None
    spoken_at: datetime


def make_router(kit: Kit) -> Router:
    """All of them, and one."""
    router = Router(tags=["complaint 投诉举报"])

    @router.get("/complaint-voices", response_model=Page[VoiceItem], summary="诉求人的话 what citizens said")
    async def complaint_voices(
        asks_reopening: bool | None = None,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Who spoke last comes first."""
        statement = complaint_voices_in(scope, asks_reopening=asks_reopening, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="complaint-voices",
            statement=statement,
            keys=(rows.spoken_at, rows.complaint_id),
            columns=COLUMNS,
            is_descending=True,
        )
        return await answer_list(listing, asked, kit.connection, VoiceItem)

    @router.get("/complaints/{complaint_id}/voice", summary="诉求人的话 what the citizen said to it")
    async def complaint_voice(
        complaint_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> VoiceItem:
        """As it stands, or stood."""
        statement = complaint_voices_in(scope, at=await position_of(kit, as_of))
        statement = statement.where(statement.selected_columns.complaint_id == complaint_id)
        async with kit.connection() as connection:
            row = (await connection.execute(statement)).mappings().one_or_none()
        if row is None:
            raise VoiceAbsent
        return VoiceItem.model_validate(row)

    return router
