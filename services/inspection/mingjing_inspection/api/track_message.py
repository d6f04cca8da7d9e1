"""What a track is about (诉求内容), and whom to call back, for the department that has it to handle.

One rule: the department that handles a complaint reads what was said and calls whoever said it, although the file is
another's; who complained is opened for a purpose on record.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from fastapi import Depends
from pydantic import BaseModel, ConfigDict

from mingjing_inspection.acts import OPEN_COMPLAINANT
from mingjing_inspection.api.complainant_opening import ComplainantOpened, PurposeBody, opened
from mingjing_inspection.api.complaint_track_access import Standing, seen, standing
from mingjing_inspection.api.complaint_voice import Said
from mingjing_inspection.domain.track_refusals import TrackUnknown
from mingjing_inspection.projections.track_message import message_of
from mingjing_kernel.http import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Dimensions, Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.sealed.keys import Keys


class TrackMessage(BaseModel):
    """What was said; numbers of persons in it are masked."""

    model_config = ConfigDict(from_attributes=True)

    complaint_id: UUID
    number: str
    declared: str
    title: str
    text: str
    respondent: str
    place: str
    claimed_fen: int | None
    is_anonymous: bool
    urgent_words: list[str]
    due_on: date | None
    identity: str | None
    relation: str | None
    said: list[Said] | None
    is_satisfied: bool | None
    rating: int | None
    reopening_asked_at: datetime | None
    withdrawn_at: datetime | None


def make_router(kit: Kit) -> Router:
    """Below one track."""
    router = Router(tags=["complaint-track 投诉办理"])
    keys = Keys(kit)

    @router.get("/complaint-tracks/{track_id}/message", summary="诉求内容 what was said")
    async def track_message(track_id: UUID, scope: Scope = Depends(kit.scope)) -> TrackMessage:
        """The message, and what its citizen added to it."""
        item = await seen(kit, track_id, scope)
        async with kit.connection() as connection:
            row = (await connection.execute(message_of(item.complaint_id))).mappings().one_or_none()
        if row is None:
            raise TrackUnknown
        return TrackMessage.model_validate(row)

    @router.post("/complaint-tracks/{track_id}/complainant", summary="查看投诉人 open who complained, to call back")
    async def open_track_complainant(
        track_id: UUID,
        body: PurposeBody,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> ComplainantOpened:
        """By the department whose file it is, or the one that has it; whichever channel the complaint came by."""
        item = await standing(kit, track_id, scope)
        scope.require(OPEN_COMPLAINANT, _place(item, scope))
        return await opened(kit, keys, item.complaint_id, body, written)

    return router


def _place(item: Standing, scope: Scope) -> Dimensions:
    """Where the caller's grant covers it, if any does: with the handler, else with the file's department."""
    own, having = (
        Dimensions(department, item.region, item.category) for department in (item.department, item.handler_department)
    )
    return having if item.handler_department and scope.may(OPEN_COMPLAINANT, having) else own
