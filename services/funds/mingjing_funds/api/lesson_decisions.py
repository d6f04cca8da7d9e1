"""Lessons that a person decides about (课时裁定): disputed ones, and confirmed ones that were sent with other words."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from mingjing_funds import acts
from mingjing_funds.api.acting import because, require_contract
from mingjing_funds.api.models import LessonDecisionItem
from mingjing_funds.api.people import Words
from mingjing_funds.codec import CONTRACTS
from mingjing_funds.domain import lesson
from mingjing_funds.projections.lesson_decisions import lesson_decisions_in
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
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope

DECISION_COLUMNS = (
    Column("contract_no", "合同编号", "Contract"),
    Column("institution_name", "机构名称", "Institution"),
    Column("lesson_no", "课消编号", "Lesson"),
    Column("kind", "类型", "Kind"),
    Column("since", "提出日期", "Since", "date"),
    Column("said_by", "提出方", "Said by"),
    Column("reason", "理由", "Reason"),
)


class LessonDispute(BaseModel):
    """What somebody says against a lesson."""

    voice: lesson.Voice = lesson.Voice.FAMILY
    reason: Words = Field(min_length=1, max_length=1_000)


class LessonSettlement(BaseModel):
    """Whether it was held, and how that was found."""

    was_held: bool
    reason: Words = Field(min_length=1, max_length=1_000)


class AlterationDecision(BaseModel):
    """Which version stands; the later version is named as it was seen."""

    outcome: lesson.Outcome
    held_on: date
    units: int = Field(ge=1, le=20)
    standing: lesson.LessonStanding
    reason: Words = Field(min_length=1, max_length=1_000)


def make_router(kit: Kit) -> Router:
    """Disputes and decisions about lessons."""
    router = Router(tags=["lesson 课时"])
    _list(router, kit)
    _disputes(router, kit)
    _alterations(router, kit)
    return router


def _list(router: Router, kit: Kit) -> None:
    @router.get("/lesson-decisions", summary="Lessons that wait for a person's decision, now or as of a moment")
    async def lesson_decisions(
        scope: Scope = Depends(kit.scope), asked: Asked = Depends(asked), as_of: AsOf | None = Depends(kit.as_of)
    ) -> Page[LessonDecisionItem]:
        statement = lesson_decisions_in(scope, await position_of(kit, as_of))
        rows = statement.selected_columns
        order = (rows.contract_id, rows.lesson_no, rows.kind)
        listing = Listing(name="lesson-decisions", statement=statement, keys=order, columns=DECISION_COLUMNS)
        return await answer_list(listing, asked, kit.connection, LessonDecisionItem)  # type: ignore[return-value]


def _disputes(router: Router, kit: Kit) -> None:
    at = "/contracts/{contract_id}/lessons/{lesson_no}"

    @router.post(f"{at}/dispute", status_code=201, summary="登记课时异议 somebody disputes a lesson")
    async def dispute(
        contract_id: UUID,
        lesson_no: str,
        body: LessonDispute,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Its money stops, and no other; a confirmed lesson counts no more while its money is still here."""
        async with kit.connection() as connection:
            await require_contract(connection, scope, contract_id, acts.DISPUTE_LESSON)
        on = shanghai_date(kit.now())
        command = lesson.DisputeLesson(lesson_no=lesson_no, voice=body.voice, reason=body.reason, disputed_on=on)
        why = because(written, body.reason)
        return accepted(response, await kit.log.handle(CONTRACTS, contract_id, command, why))

    @router.post(f"{at}/settlement", summary="裁定课时异议 decide about a disputed lesson")
    async def settle(
        contract_id: UUID,
        lesson_no: str,
        body: LessonSettlement,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        async with kit.connection() as connection:
            await require_contract(connection, scope, contract_id, acts.SETTLE_LESSON)
        command = lesson.SettleLesson(
            lesson_no=lesson_no,
            was_held=body.was_held,
            reason=body.reason,
            settled_by=written.actor,
            settled_at=kit.now(),
            settled_on=shanghai_date(kit.now()),
        )
        why = because(written, body.reason)
        return accepted(response, await kit.log.handle(CONTRACTS, contract_id, command, why))


def _alterations(router: Router, kit: Kit) -> None:
    @router.post(
        "/contracts/{contract_id}/lessons/{lesson_no}/alteration", summary="裁定课时变更 decide which version stands"
    )
    async def decide_alteration(
        contract_id: UUID,
        lesson_no: str,
        body: AlterationDecision,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """A confirmed lesson that was sent again with other words: the first version stands until somebody decides."""
        async with kit.connection() as connection:
            await require_contract(connection, scope, contract_id, acts.DECIDE_ALTERATION)
        command = lesson.DecideAlteration(
            lesson_no=lesson_no,
            decided_by=written.actor,
            decided_on=shanghai_date(kit.now()),
            **body.model_dump(),
        )
        why = because(written, body.reason)
        return accepted(response, await kit.log.handle(CONTRACTS, contract_id, command, why))
