"""Data subjects over HTTP (个人信息权利): their record, a copy of it, holds, and erasing by shredding the key.

The one rule: the key and the fact go in one transaction, so a log that says "erased" is true for ever; and a legal
hold or a retention rule that forbids it is named in the refusal.

Dependencies stand as defaults, not in ``Annotated`` (see ``mingjing_kernel.http.kit``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Depends, Response
from msgspec.structs import replace
from pydantic import BaseModel, ConfigDict, Field

from mingjing_kernel.http import Accepted, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Principal, Scope
from mingjing_kernel.log.envelope import Envelope
from mingjing_kernel.sealed.holding import HeldFact, held_about
from mingjing_kernel.sealed.keys import Keys
from mingjing_kernel.sealed.marks import Field as Field_
from mingjing_kernel.sealed.opening import Why, erase
from mingjing_kernel.sealed.purpose import Purpose
from mingjing_kernel.sealed.subject import LiftHold, PlaceHold
from mingjing_kernel.service.ending_evidence import EvidenceEnding
from mingjing_kernel.service.requests_api import SUBJECT_PATH
from mingjing_kernel.service.subject_desk import SubjectDesk, SubjectRecord, require_reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Guards:
    """Who is let in: administrators erase and place holds, officers of rights answer persons."""

    administrators: Callable[..., Any]
    officers: Callable[..., Any]


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
    streams: list[str] = Field(description="Everywhere that facts about the subject stand")
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


def make_subjects_router(kit: Kit, guards: Guards, desk: SubjectDesk, service: str) -> Router:
    """Mounted by every service that seals."""
    router = Router(tags=["subject 个人信息主体"])
    _reading(router, kit, guards, desk, service)
    _erasing(router, kit, guards, desk)
    _holding(router, kit, guards, desk)
    return router


def _reading(router: Router, kit: Kit, guards: Guards, desk: SubjectDesk, service: str) -> None:
    keys = Keys(kit)

    @router.get("/subjects/{subject}/record", summary="查阅记录 who looked, when and why")
    async def record(
        subject: str = SUBJECT_PATH, scope: Scope = Depends(kit.scope), _: Any = Depends(guards.officers)
    ) -> SubjectRecord:
        """On the person's behalf; what it says names no person."""
        return await desk.record(subject, await desk.standing(scope, subject))

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
        require_reason(written)
        why = Why(purpose=Purpose.RIGHTS, explanation=written.reason)
        await keys.vault().count_search(body.field, why, written)
        found = await desk.among(scope, await keys.marks().find(body.field, body.value))
        ids = [row["subject"] for row in found]
        await kit.reads.note(
            caller, "subject", ids=ids, count=len(ids), purpose=written.reason, fields=("record", body.field)
        )
        return [FoundSubject.model_validate(row) for row in found]

    @router.post("/subjects/{subject}/copy", summary="查阅复制 a copy of everything held about the person")
    async def copy(
        subject: str = SUBJECT_PATH,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
        _: Any = Depends(guards.officers),
    ) -> Holding:
        """For the person who asked (PIPL art. 45). The reason is her request; it stands on her record."""
        require_reason(written)
        row = await desk.standing(scope, subject)
        why = Why(purpose=Purpose.RIGHTS, explanation=written.reason)
        facts, is_erased = await held_about(kit.log, keys.vault(), subject, row["streams"], why, written)
        shown = await desk.record(subject, row)
        return Holding(subject=subject, service=service, is_erased=is_erased, facts=facts, record=shown)


def _erasing(router: Router, kit: Kit, guards: Guards, desk: SubjectDesk) -> None:
    @router.post("/subjects/{subject}/erasure", status_code=201, summary="删除个人信息 erase a person; needs a reason")
    async def erase_subject(
        response: Response,
        subject: str = SUBJECT_PATH,
        written: Envelope = Depends(kit.written),
        _: Any = Depends(guards.administrators),
    ) -> Accepted:
        """What was sealed for this subject can never be opened again, and evidence of the record is destroyed; the log
        still verifies.

        A person may demand it (PIPL art. 47); a legal hold or a retention rule that forbids it is named.
        """
        require_reason(written)
        rule = await desk.retained(await desk.row(Scope.system(), subject))
        erased = await erase(kit.log, subject, kit.now(), written, rule)
        await EvidenceEnding(kit, desk.subjects).of_subject(subject, written)
        return accepted(response, erased)


def _holding(router: Router, kit: Kit, guards: Guards, desk: SubjectDesk) -> None:
    @router.put("/subjects/{subject}/holds/{hold_id}", summary="设置法律保全 keep the data for a case")
    async def place_legal_hold(
        hold_id: UUID,
        body: HoldBody,
        response: Response,
        subject: str = SUBJECT_PATH,
        written: Envelope = Depends(kit.written),
        _: Any = Depends(guards.officers),
    ) -> Accepted:
        """Until it is lifted, neither a request nor the sweep erases the subject."""
        said = body.model_dump()
        command = PlaceHold(hold_id=hold_id, subject=subject, by=written.actor, at=kit.now(), **said)
        return accepted(response, await desk.note(subject, command, replace(written, reason=body.reason)))

    @router.post("/subjects/{subject}/holds/{hold_id}/lifting", summary="解除法律保全 the case needs it no longer")
    async def lift_legal_hold(
        hold_id: UUID,
        body: LiftBody,
        response: Response,
        subject: str = SUBJECT_PATH,
        written: Envelope = Depends(kit.written),
        _: Any = Depends(guards.officers),
    ) -> Accepted:
        """What is due goes at the next sweep."""
        command = LiftHold(hold_id=hold_id, subject=subject, reason=body.reason, by=written.actor, at=kit.now())
        return accepted(response, await desk.note(subject, command, replace(written, reason=body.reason)))
