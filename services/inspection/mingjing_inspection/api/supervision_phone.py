"""Published telephones over HTTP (监督举报电话): everybody reads them, an official of the place changes them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_inspection.acts_public import PUBLISH_PHONE, WITHDRAW_PHONE
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.codec_public import PHONES
from mingjing_inspection.domain.supervision_phone import (
    HOURS_CHARACTERS_MAX,
    Level,
    Line,
    Phone,
    PhoneNotPublished,
    PublishPhone,
    Training,
    WithdrawPhone,
    hindrance,
)
from mingjing_inspection.projections.supervision_phones import published_phones
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
from mingjing_kernel.identity import UNDIVIDED, Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope

LIMIT: Final = "60/minute"
COLUMNS = (
    Column("region", "区划", "Region"),
    Column("level", "层级", "Level"),
    Column("department", "主管部门", "Department"),
    Column("training", "培训类型", "Training"),
    Column("office", "单位", "Office"),
    Column("phone", "电话", "Telephone"),
    Column("hours", "接听时间", "Hours"),
    Column("published_at", "公布时间", "Published at", "moment"),
)


class PhoneBody(BaseModel):
    """A number to be published."""

    level: Level
    training: Training
    department: str = Field(min_length=1, max_length=60)
    region: str = Field(pattern=r"^[0-9]{4,12}$")
    office: str = Field(max_length=200)
    phone: str = Field(max_length=40)
    hours: str = Field(default="", max_length=HOURS_CHARACTERS_MAX)


class WithdrawalBody(BaseModel):
    """Why nobody answers there any more."""

    reason: str = Field(max_length=1_000)


class PhoneItem(BaseModel):
    """A published number."""

    model_config = ConfigDict(from_attributes=True)

    phone_id: UUID
    level: Level
    training: Training
    department: str
    region: str
    office: str
    phone: str
    hours: str
    published_at: datetime


def make_router(kit: Kit) -> Router:
    """Publishing, withdrawing, reading."""
    router = Router(tags=["public 公众查询"])
    _publishing(router, kit)

    @router.get(
        "/public/supervision-phones",
        response_model=Page[PhoneItem],
        summary="监督举报电话 published telephones",
        dependencies=[Depends(kit.throttled(LIMIT))],
    )
    async def public_phones(
        region: str = Query(default="", pattern=r"^[0-9]{0,12}$"),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """JSON, or CSV by ``format=csv``."""
        statement = published_phones(region=region, at=await position_of(kit, as_of))
        rows = statement.selected_columns
        listing = Listing(
            name="supervision-phones",
            statement=statement,
            keys=(rows.region, rows.department, rows.phone_id),
            columns=COLUMNS,
        )
        return await answer_list(listing, asked, kit.connection, PhoneItem)

    return router


def _publishing(router: Router, kit: Kit) -> None:
    @router.put("/supervision-phones/{phone_id}", summary="公布或更改监督电话 publish a telephone")
    async def publish_phone(
        phone_id: UUID,
        body: PhoneBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The caller chooses ``phone_id``; the earlier number stays in the log."""
        scope.require(PUBLISH_PHONE, Dimensions(body.department, body.region, UNDIVIDED))
        line = Line(**body.model_dump())
        command = PublishPhone(line=line, by=written.actor, at=kit.now())
        return accepted(response, await kit.log.handle(PHONES, phone_id, command, written))

    @router.post("/supervision-phones/{phone_id}/withdrawal", summary="撤下监督电话 withdraw a telephone")
    async def withdraw_phone(
        phone_id: UUID,
        body: WithdrawalBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """With a reason."""
        scope.require(WITHDRAW_PHONE, await _here(kit, phone_id))
        command = WithdrawPhone(reason=body.reason, by=written.actor, at=kit.now())
        grounds = grounded(written, body.reason)
        return accepted(response, await kit.log.handle(PHONES, phone_id, command, grounds))

    @router.get("/supervision-phones/{phone_id}/available-actions", summary="可办事项 what may be done to it now")
    async def phone_actions(phone_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        return await available_actions(kit, PHONES, phone_id, caller, await _here(kit, phone_id), hindrance)


async def _here(kit: Kit, phone_id: UUID) -> Dimensions:
    phone: Phone = (await kit.log.state(PHONES, phone_id))[0]
    if phone.line is None:
        raise PhoneNotPublished
    return Dimensions(phone.line.department, phone.line.region, UNDIVIDED)
