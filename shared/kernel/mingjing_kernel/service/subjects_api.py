"""Data subjects over HTTP (个人信息权利): their record, their requests, holds, and erasing by shredding the key.

The one rule: the key and the fact go in one transaction, so a log that says "erased" is true for ever; and a legal
hold or a retention rule that forbids it is named in the refusal.

Dependencies stand as defaults, not in ``Annotated`` (see ``mingjing_kernel.http.kit``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Path, Response
from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field

from mingjing_kernel.broker.parking import ReasonNeeded
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
    position_of,
)
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal, Scope
from mingjing_kernel.log.envelope import Envelope
from mingjing_kernel.policy import in_force
from mingjing_kernel.projection import ReadModel
from mingjing_kernel.sealed.data_policy import RETENTION_PERIODS
from mingjing_kernel.sealed.holding import HeldFact, Look, held_about, record_of
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.marks import Field as Field_
from mingjing_kernel.sealed.opening import Retained, Why, erase, subject_id
from mingjing_kernel.sealed.purpose import Purpose
from mingjing_kernel.sealed.refusals import SubjectUnknown
from mingjing_kernel.sealed.subject import (
    SUBJECT,
    AnswerRequest,
    LiftHold,
    PlaceHold,
    ReceiveRequest,
    RequestKind,
)
from mingjing_kernel.sealed.subjects import retained, subjects_in
from mingjing_kernel.sealed.unsealings import requests_in
from mingjing_kernel.service.ending_evidence import EvidenceEnding

SUBJECT_LENGTH_MAX = 200
ANSWER_WORKING_DAYS = 15
"""From the day after the request came (the time that the field answers requests in; PIPL art. 50 says: in time)."""
REQUEST_COLUMNS = (
    Column("received_on", "收到日期", "Received on", "date"),
    Column("due_on", "答复期限", "Due on", "date"),
    Column("subject", "个人信息主体", "Subject"),
    Column("kind", "请求", "Request"),
    Column("outcome", "结果", "Outcome"),
    Column("rule", "依据规则", "Rule"),
    Column("reason", "理由", "Reason"),
    Column("is_overdue", "超期", "Overdue"),
)
_SUBJECT = Path(max_length=SUBJECT_LENGTH_MAX, description="E.g. complainant-<complaint id>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """Who is let in: administrators erase and place holds, officers of rights answer persons."""

    administrators: Callable[..., Any]
    officers: Callable[..., Any]


class SubjectRecord(BaseModel):
    """What a person may know: who read her sealed fields, when and why; what holds her data, and until when."""

    subject: str
    looks: list[Look]
    holds: dict[str, str] = Field(description="Legal holds that apply: id and case")
    retained_until: date | None
    retention_rule: str
    erased_at: datetime | None


class Holding(BaseModel):
    """A copy of everything that this service holds about the subject."""

    subject: str
    service: str
    is_erased: bool
    facts: list[HeldFact]
    record: SubjectRecord


class SearchBody(BaseModel):
    """What the person says of herself, in full."""

    field: Field_
    value: str = Field(min_length=2, max_length=100)


class FoundSubject(BaseModel):
    """A subject whose sealed field is equal to what was asked for."""

    model_config = ConfigDict(from_attributes=True)

    subject: str
    stream: str
    record: str
    begins_at: datetime
    erased_at: datetime | None


class HoldBody(BaseModel):
    """Why the data must stay."""

    case: str = Field(max_length=200)
    reason: str = Field(max_length=1_000)


class LiftBody(BaseModel):
    """Why it need not stay any longer."""

    reason: str = Field(max_length=1_000)


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


def make_subjects_router(kit: Kit, guards: Guards, subjects: ReadModel | None, service: str) -> Router:
    """Mounted by every service that seals; ``subjects`` says where each subject's data stands."""
    router = Router(tags=["subject 个人信息主体"])
    _reading(router, kit, guards, subjects, service)
    _erasing(router, kit, guards, subjects)
    _holding(router, kit, guards)
    return router


def make_requests_router(kit: Kit, guards: Guards, requests: ReadModel) -> Router:
    """Requests of persons: received, due, answered."""
    router = Router(tags=["subject 个人信息主体"], dependencies=[Depends(guards.officers)])

    @router.get("/subject-requests", response_model=Page[RequestItem], summary="权利请求 requests of persons")
    async def requests_of_persons(
        is_open: bool | None = None,
        is_overdue: bool | None = None,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """By the day on which the answer is due."""
        moment = as_of.moment if as_of and as_of.moment else kit.now()
        found = requests_in(scope, requests.at(await position_of(kit, as_of)), moment).subquery("subject_requests")
        statement = found.select()
        if is_open is not None:
            statement = statement.where(found.c.answered_at.is_(None) == is_open)
        if is_overdue is not None:
            statement = statement.where(found.c.is_overdue == is_overdue)
        keys = (found.c.due_on, found.c.request_id)
        listing = Listing(name="subject-requests", statement=statement, keys=keys, columns=REQUEST_COLUMNS)
        return await answer_list(listing, asked, kit.connection, RequestItem)

    @router.put("/subjects/{subject}/requests/{request_id}", summary="登记请求 put a person's request on record")
    async def receive(
        request_id: UUID,
        body: RequestBody,
        response: Response,
        subject: str = _SUBJECT,
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
        return accepted(response, await kit.log.handle(SUBJECT, subject_id(subject), command, written))

    @router.put("/subjects/{subject}/requests/{request_id}/answer", summary="答复请求 answer it")
    async def answer(
        request_id: UUID,
        body: AnswerBody,
        response: Response,
        subject: str = _SUBJECT,
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Granted, or refused with the rule that forbids it."""
        command = AnswerRequest(
            request_id=request_id,
            subject=subject,
            is_granted=body.is_granted,
            rule=body.rule,
            reason=body.reason,
            by=written.actor,
            at=kit.now(),
        )
        return accepted(response, await kit.log.handle(SUBJECT, subject_id(subject), command, written))

    return router


def _reading(router: Router, kit: Kit, guards: Guards, subjects: ReadModel | None, service: str) -> None:
    keys = Keys(kit)

    @router.get("/subjects/{subject}/record", summary="查阅记录 who looked, when and why")
    async def record(
        subject: str = _SUBJECT, scope: Scope = Depends(kit.scope), _: Any = Depends(guards.officers)
    ) -> SubjectRecord:
        """On the person's behalf; what it says names no person."""
        row = await row_of(kit, subjects, scope, subject)
        return await subject_record(kit, subject, row)

    @router.post("/subjects/search", summary="按号码查找主体 the subjects under a telephone, identity number or name")
    async def search(
        body: SearchBody,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
        caller: Principal = Depends(kit.caller),
        _: Any = Depends(guards.officers),
    ) -> list[FoundSubject]:
        """By blind index: the value is compared and not kept. In the body, because addresses are written to logs.

        Needs a reason, counts as an opening and is on record before its answer: to find somebody is to know of her.
        """
        if not written.reason.strip():
            raise ReasonNeeded
        why = Why(purpose=Purpose.RIGHTS, explanation=written.reason)
        await keys.vault().count_search(body.field, why, written)
        found = await _found(kit, subjects, scope, await keys.marks().find(body.field, body.value))
        ids = [one.subject for one in found]
        await kit.reads.note(
            caller, "subject", ids=ids, count=len(ids), purpose=written.reason, fields=("record", body.field)
        )
        return found

    @router.post("/subjects/{subject}/copy", summary="查阅复制 a copy of everything held about the person")
    async def copy(
        subject: str = _SUBJECT,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
        _: Any = Depends(guards.officers),
    ) -> Holding:
        """For the person who asked (PIPL art. 45). The reason is her request; it stands on her record."""
        if not written.reason.strip():
            raise ReasonNeeded
        row = await row_of(kit, subjects, scope, subject)
        why = Why(purpose=Purpose.RIGHTS, explanation=written.reason)
        facts, is_erased = await held_about(kit.log, keys.vault(), subject, row["stream"], why, written)
        shown = await subject_record(kit, subject, row)
        return Holding(subject=subject, service=service, is_erased=is_erased, facts=facts, record=shown)


def _erasing(router: Router, kit: Kit, guards: Guards, subjects: ReadModel | None) -> None:
    @router.post("/subjects/{subject}/erasure", status_code=201, summary="删除个人信息 erase a person; needs a reason")
    async def erase_subject(
        response: Response,
        subject: str = _SUBJECT,
        written: Envelope = Depends(kit.written),
        _: Any = Depends(guards.administrators),
    ) -> Accepted:
        """What was sealed for this subject can never be opened again, and evidence of the record is destroyed; the log
        still verifies.

        A person may demand it (PIPL art. 47); a legal hold or a retention rule that forbids it is named.
        """
        if not written.reason.strip():
            raise ReasonNeeded
        row = await _row(kit, subjects, Scope.system(), subject)
        erased = await erase(kit.log, subject, kit.now(), written, await _retained(kit, row))
        if subjects is not None:
            await EvidenceEnding(kit, subjects).of_subject(subject, written)
        return accepted(response, erased)


def _holding(router: Router, kit: Kit, guards: Guards) -> None:
    @router.put("/subjects/{subject}/holds/{hold_id}", summary="设置法律保全 keep the data for a case")
    async def place(
        hold_id: UUID,
        body: HoldBody,
        response: Response,
        subject: str = _SUBJECT,
        written: Envelope = Depends(kit.written),
        _: Any = Depends(guards.officers),
    ) -> Accepted:
        """Until it is lifted, neither a request nor the sweep erases the subject."""
        command = PlaceHold(
            hold_id=hold_id, subject=subject, case=body.case, reason=body.reason, by=written.actor, at=kit.now()
        )
        because = replace(written, reason=body.reason)
        return accepted(response, await kit.log.handle(SUBJECT, subject_id(subject), command, because))

    @router.post("/subjects/{subject}/holds/{hold_id}/lifting", summary="解除法律保全 the case needs it no longer")
    async def lift(
        hold_id: UUID,
        body: LiftBody,
        response: Response,
        subject: str = _SUBJECT,
        written: Envelope = Depends(kit.written),
        _: Any = Depends(guards.officers),
    ) -> Accepted:
        """What is due goes at the next sweep."""
        command = LiftHold(hold_id=hold_id, subject=subject, reason=body.reason, by=written.actor, at=kit.now())
        because = replace(written, reason=body.reason)
        return accepted(response, await kit.log.handle(SUBJECT, subject_id(subject), command, because))


async def subject_record(kit: Kit, subject: str, row: Mapping[str, Any]) -> SubjectRecord:
    """What a person may know of the use of her data."""
    rule = await _retained(kit, row)
    return SubjectRecord(
        subject=subject,
        looks=await record_of(kit.log, subject),
        holds=row["holds"],
        retained_until=rule.until if rule else None,
        retention_rule=rule.rule if rule else "",
        erased_at=row["erased_at"],
    )


async def row_of(kit: Kit, subjects: ReadModel | None, scope: Scope, subject: str) -> Mapping[str, Any]:
    """Where the subject's data stands. Raises ``SubjectUnknown`` for one that the caller may not see, too."""
    row = await _row(kit, subjects, scope, subject)
    if row is None:
        raise SubjectUnknown(subject=subject)
    return row


async def _found(kit: Kit, subjects: ReadModel | None, scope: Scope, marked: Sequence[str]) -> list[FoundSubject]:
    if subjects is None or not marked:
        return []
    await kit.up_to_date()
    wanted = subjects_in(scope, subjects.at(None))
    wanted = wanted.where(wanted.selected_columns.subject.in_(marked))
    async with kit.connection() as connection:
        rows = (await connection.execute(wanted)).mappings().all()
    return [FoundSubject.model_validate(row) for row in rows]


async def _row(kit: Kit, subjects: ReadModel | None, scope: Scope, subject: str) -> Mapping[str, Any] | None:
    if subjects is None:
        return None
    await kit.up_to_date()
    wanted = subjects_in(scope, subjects.at(None))
    wanted = wanted.where(wanted.selected_columns.subject == subject)
    async with kit.connection() as connection:
        found: Mapping[str, Any] | None = (await connection.execute(wanted)).mappings().one_or_none()
    return found


async def _retained(kit: Kit, row: Mapping[str, Any] | None) -> Retained | None:
    numbers = await in_force(kit.log, RETENTION_PERIODS, shanghai_date(kit.now()))
    return retained(row, numbers)
