"""What citizens said to their complaints, for the officials who deal with them (诉求人的补充、回访与撤回)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Response
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from mingjing_inspection.acts_public import ANSWER_VOICE
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.permission import allow, dimensions_of
from mingjing_inspection.codec_public import VOICES
from mingjing_inspection.domain.complaint_voice import Identity, hindrance
from mingjing_inspection.domain.complaint_voice_refusals import VoiceAbsent
from mingjing_inspection.domain.voice_answer import NOTE_CHARACTERS_MAX, AnswerVoice, Reply
from mingjing_inspection.projections.complaint_voices import complaint_voices_in
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
from mingjing_kernel.moment import Moment
from mingjing_kernel.sealed.redact import redacted

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


class VoiceAnswerBody(BaseModel):
    """What she is told, and what only officials read."""

    reply: Reply
    note: Annotated[str, Field(max_length=NOTE_CHARACTERS_MAX), AfterValidator(redacted)] = ""
    read_until: Moment = Field(description="What `spoken_at` of the voice was when you read it")


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
    waits: bool = Field(description="She said something that no official has answered yet 待阅处")
    spoken_at: datetime


def make_router(kit: Kit) -> Router:
    """All of them, and one."""
    router = Router(tags=["complaint 投诉举报"])

    @router.get("/complaint-voices", response_model=Page[VoiceItem], summary="诉求人的话 what citizens said")
    async def complaint_voices(
        asks_reopening: bool | None = None,
        waits: bool | None = None,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Who spoke last comes first. Waits: she said something that no official has answered yet."""
        at = await position_of(kit, as_of)
        statement = complaint_voices_in(scope, asks_reopening=asks_reopening, waits=waits, at=at)
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
        return await _seen(kit, complaint_id, scope, as_of)

    _answering(router, kit)
    return router


def _answering(router: Router, kit: Kit) -> None:
    @router.post("/complaints/{complaint_id}/voice/answer", summary="答复诉求人 answer what the citizen said")
    async def answer_voice(
        complaint_id: UUID,
        body: VoiceAnswerBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """She sees the sentence when she follows her complaint; the note is for the officials."""
        await kit.up_to_date()
        allow(scope, ANSWER_VOICE, await _seen(kit, complaint_id, scope))
        command = AnswerVoice(
            reply=body.reply, note=body.note, read_until=body.read_until, by=written.actor, at=kit.now()
        )
        return accepted(response, await kit.log.handle(VOICES, complaint_id, command, grounded(written, body.note)))

    @router.get("/complaints/{complaint_id}/voice/available-actions", summary="可办事项 what may be done to it now")
    async def voice_actions(complaint_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        await kit.up_to_date()
        here = dimensions_of(await _seen(kit, complaint_id, caller.scope))
        return await available_actions(kit, VOICES, complaint_id, caller, here, hindrance)


async def _seen(kit: Kit, complaint_id: UUID, scope: Scope, as_of: AsOf | None = None) -> VoiceItem:
    statement = complaint_voices_in(scope, at=await position_of(kit, as_of))
    statement = statement.where(statement.selected_columns.complaint_id == complaint_id)
    async with kit.connection() as connection:
        row = (await connection.execute(statement)).mappings().one_or_none()
    if row is None:
        raise VoiceAbsent
    return VoiceItem.model_validate(row)
