"""Requests of persons over HTTP (权利请求): received, due, answered. The one rule: a refusal names the rule it follows.

Dependencies stand as defaults, not in ``Annotated`` (see ``mingjing_kernel.http.kit``).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Path, Response
from pydantic import BaseModel, ConfigDict, Field

from mingjing_kernel.calendar import calendar_known
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
from mingjing_kernel.projection import ReadModel
from mingjing_kernel.sealed.subject import AnswerRequest, ReceiveRequest, RequestKind
from mingjing_kernel.sealed.unsealings import requests_in
from mingjing_kernel.service.subject_desk import SubjectDesk

SUBJECT_LENGTH_MAX = 200
SUBJECT_PATH: Any = Path(max_length=SUBJECT_LENGTH_MAX, description="E.g. complainant-<complaint id>")
ANSWER_WORKING_DAYS = 15
"""From the day after the request came (the time that the field answers requests in; PIPL art. 50 says: in time)."""
COLUMNS = (
    Column("received_on", "收到日期", "Received on", "date"),
    Column("due_on", "答复期限", "Due on", "date"),
    Column("subject", "个人信息主体", "Subject"),
    Column("kind", "请求", "Request"),
    Column("outcome", "结果", "Outcome"),
    Column("rule", "依据规则", "Rule"),
    Column("reason", "理由", "Reason"),
    Column("is_overdue", "超期", "Overdue"),
)


class RequestBody(BaseModel):
    """What the person asks for, and the day on which it came."""

    kind: RequestKind
    received_on: date | None = None


class AnswerBody(BaseModel):
    """What became of it; a refusal names the rule."""

    is_granted: bool
    rule: str = Field(default="", max_length=300)
    reason: str = Field(max_length=1_000)


class RequestItem(BaseModel):
    """One request of a person, and its answer."""

    model_config = ConfigDict(from_attributes=True)

    request_id: UUID
    subject: str
    kind: str
    received_on: date
    due_on: date
    outcome: str
    rule: str
    reason: str
    answered_by: str
    answered_at: datetime | None
    is_overdue: bool


def make_requests_router(kit: Kit, officers: Callable[..., Any], desk: SubjectDesk, requests: ReadModel) -> Router:
    """For officers of rights."""
    router = Router(tags=["subject 个人信息主体"], dependencies=[Depends(officers)])
    _list(router, kit, requests)
    _writes(router, kit, desk)
    return router


def _list(router: Router, kit: Kit, requests: ReadModel) -> None:
    @router.get("/subject-requests", response_model=Page[RequestItem], summary="权利请求 requests of persons")
    async def requests_of_persons(
        is_open: bool | None = None,
        is_overdue: bool | None = None,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """By the day on which the answer is due."""
        rows = requests.at(await position_of(kit, as_of))
        found = requests_in(scope, rows, moment_of(kit, as_of)).subquery("subject_requests")
        statement = found.select()
        for column, wanted in ((found.c.answered_at.is_(None), is_open), (found.c.is_overdue, is_overdue)):
            if wanted is not None:
                statement = statement.where(column == wanted)
        keys = (found.c.due_on, found.c.request_id)
        listing = Listing(name="subject-requests", statement=statement, keys=keys, columns=COLUMNS)
        return await answer_list(listing, asked, kit.connection, RequestItem)


def _writes(router: Router, kit: Kit, desk: SubjectDesk) -> None:
    @router.put("/subjects/{subject}/requests/{request_id}", summary="登记请求 put a person's request on record")
    async def receive(
        request_id: UUID,
        body: RequestBody,
        response: Response,
        subject: str = SUBJECT_PATH,
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The answer is due 15 working days after the request came."""
        received_on = body.received_on or shanghai_date(kit.now())
        command = ReceiveRequest(
            request_id=request_id,
            subject=subject,
            kind=body.kind,
            received_on=received_on,
            due_on=(await calendar_known(kit.log)).after(received_on, ANSWER_WORKING_DAYS),
            by=written.actor,
            at=kit.now(),
        )
        return accepted(response, await desk.note(subject, command, written))

    @router.put("/subjects/{subject}/requests/{request_id}/answer", summary="答复请求 answer it")
    async def answer(
        request_id: UUID,
        body: AnswerBody,
        response: Response,
        subject: str = SUBJECT_PATH,
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Granted, or refused with the rule that forbids it."""
        said = body.model_dump()
        command = AnswerRequest(request_id=request_id, subject=subject, by=written.actor, at=kit.now(), **said)
        return accepted(response, await desk.note(subject, command, written))
