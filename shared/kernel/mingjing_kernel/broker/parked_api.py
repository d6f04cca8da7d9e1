"""Parked messages over HTTP, for administrators: list, look, mend, replay, drop.

The one rule: nothing is decided here; the command line does the same through the same ``Parking``.

Dependencies stand as defaults, not in ``Annotated`` (see ``mingjing_kernel.http.kit``).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from fastapi import Depends, Query
from pydantic import BaseModel, Field

from mingjing_kernel.broker.parked import Parked
from mingjing_kernel.broker.parking import LIST_MAX, MendedNotJson, Parking
from mingjing_kernel.http.kit import Kit
from mingjing_kernel.http.router import Router
from mingjing_kernel.log.envelope import Envelope

DATA_LENGTH_MAX = 2_000_000


class ParkedMessage(BaseModel):
    """One parked message (搁置消息)."""

    id: UUID
    source: str = Field(description="The service that sent it")
    position: int = Field(description="Of the fact in the source's log")
    type: str
    code: str = Field(description="Why it was parked, for machines")
    reason_zh: str
    reason_en: str
    tries: int
    state: str
    data: str = Field(description="What a replay would use; bytes that are not UTF-8 are shown as base64:…")
    data_original: str
    mended: bool
    parked_at: datetime
    settled_at: datetime | None
    settled_by: str | None
    settled_reason: str | None


class MendRequest(BaseModel):
    """Better data for a parked message: the whole contract as JSON."""

    data: str = Field(max_length=DATA_LENGTH_MAX)


def make_parked_router(kit: Kit, parking: Parking, guard: Callable[..., Any]) -> Router:
    """Mounted by every service under its prefix. ``guard`` lets only administrators in."""
    router = Router(prefix="/parked", tags=["parked 搁置消息"], dependencies=[Depends(guard)])

    @router.get("", summary="Messages that could not be applied, oldest first")
    async def parked_messages(
        state: Literal["parked", "replayed", "dropped"] = "parked",
        limit: int = Query(default=50, ge=1, le=LIST_MAX),
    ) -> list[ParkedMessage]:
        return [_shown(row) for row in await parking.listed(state, limit)]

    @router.get("/{id}", summary="One parked message")
    async def parked_message(id: UUID) -> ParkedMessage:
        return _shown(await parking.get(id))

    @router.put("/{id}/data", summary="Put better data beside the original; needs a reason")
    async def mend_parked(id: UUID, body: MendRequest, written: Envelope = Depends(kit.written)) -> ParkedMessage:
        return _shown(await parking.mend(id, _bytes(body.data), written))

    @router.put("/{id}/replay", summary="React to the message again; the same commands, so nothing happens twice")
    async def replay_parked(id: UUID, written: Envelope = Depends(kit.written)) -> ParkedMessage:
        return _shown(await parking.replay(id, written))

    @router.put("/{id}/drop", summary="Decide that the message has no effect; needs a reason")
    async def drop_parked(id: UUID, written: Envelope = Depends(kit.written)) -> ParkedMessage:
        return _shown(await parking.drop(id, written))

    return router


def _shown(row: Parked) -> ParkedMessage:
    return ParkedMessage(
        id=row.id,
        source=row.source,
        position=row.position,
        type=row.type,
        code=row.code,
        reason_zh=row.reason_zh,
        reason_en=row.reason_en,
        tries=row.tries,
        state=row.state,
        data=_text(row.data),
        data_original=_text(row.data_original),
        mended=row.data_mended is not None,
        parked_at=row.parked_at,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
        settled_reason=row.settled_reason,
    )


def _text(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        return "base64:" + base64.b64encode(data).decode()


def _bytes(text: str) -> bytes:
    if not text.startswith("base64:"):
        return text.encode()
    try:
        return base64.b64decode(text.removeprefix("base64:"), validate=True)
    except binascii.Error as unreadable:
        raise MendedNotJson from unreadable
