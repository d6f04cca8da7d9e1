"""Likenesses over HTTP: which institutions may be a former one in a new jacket (换马甲), why, and the judgement."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field, field_validator

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
from mingjing_kernel.identity import OFFICIALS, Act, Dimensions, Principal, Scope
from mingjing_kernel.log import Envelope
from mingjing_registry import acts
from mingjing_registry.api.grounds import ACCEPTANCE, grounded
from mingjing_registry.api.likeness_words import LineItem, told
from mingjing_registry.api.past import day_of
from mingjing_registry.api.permission import acted_on
from mingjing_registry.codec import LIKENESSES
from mingjing_registry.domain.likeness import JudgeLikeness, LikenessProposed, WithdrawJudgement, hindrance
from mingjing_registry.domain.likeness_refusals import LikenessUnknown
from mingjing_registry.intake.matching_duty import MatchingDuty
from mingjing_registry.projections.likenesses import likenesses_in

State = Literal["open", "same", "not-same", "lapsed", ""]
COLUMNS = (
    Column("institution_name", "机构名称", "Name"),
    Column("former_name", "疑似原机构", "Former institution"),
    Column("grounds", "原机构状态", "Why it is former"),
    Column("score", "相似度（千分）", "Score", "integer"),
    Column("state", "状态", "State"),
    Column("department", "主管部门", "Department"),
    Column("region", "镇街", "Town"),
    Column("proposed_on", "提示日期", "Proposed on", "date"),
    Column("judged_by", "判定人", "Judged by"),
    Column("judged_on", "判定日期", "Judged on", "date"),
    Column("reason", "理由", "Reason"),
    Column("rule_version", "规则版本", "Rule version"),
)


class LikenessItem(BaseModel):
    """A pair, why it was proposed, and what was judged of it."""

    model_config = ConfigDict(from_attributes=True)

    likeness_id: UUID
    institution_id: UUID
    institution_name: str
    former_id: UUID = Field(description="An institution; of somebody who never was in the register, the listing")
    former_name: str
    grounds: list[str] = Field(description="Why its time is over: revoked, cancelled, closed, blacklisted")
    department: str
    region: str
    category: str
    state: str
    score: int = Field(description="0 to 1,000: the sum of what the lines add")
    lines: list[LineItem]
    rule_version: str
    proposed_on: date
    is_same: bool | None
    judged_by: str
    judged_on: date | None
    reason: str
    version: int

    @field_validator("lines", mode="before")
    @classmethod
    def _in_words(cls, stored: list[dict[str, Any]]) -> list[LineItem]:
        return [told(line) for line in stored]


class JudgementBody(BaseModel):
    """Are they the same?"""

    is_same: bool
    reason: str = Field(max_length=1_000)


class WithdrawalBody(BaseModel):
    """Why the judgement was wrong."""

    reason: str = Field(max_length=1_000)


class ComparedNow(BaseModel):
    """What came of comparing one institution now."""

    proposed: int = Field(description="Likenesses that are new, or stand on newer facts")
    lapsed: int
    position: int


def make_router(kit: Kit) -> Router:
    """The list, the judgement, and comparing on demand."""
    router = Router(tags=["likeness 疑似同一主体"])
    duty: MatchingDuty = kit.duties["matching"]
    _lists(router, kit)
    _judging(router, kit)

    @router.post("/institutions/{institution_id}/comparison", summary="立即比对 compare one institution now")
    async def compare_institution(
        institution_id: UUID,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> ComparedNow:
        """With every former institution; it happens by itself within seconds of any change."""
        await acted_on(kit, scope, acts.COMPARE, institution_id)
        await duty.matcher.refresh()
        compared = await duty.matcher.compare([institution_id], written)
        position = await kit.log.head()
        response.headers["Mingjing-Position"] = str(position)
        return ComparedNow(proposed=compared.proposed, lapsed=compared.lapsed, position=position)

    return router


def _lists(router: Router, kit: Kit) -> None:
    @router.get("/likenesses", response_model=Page[LikenessItem], summary="疑似清单 likenesses")
    async def likenesses(
        state: State = Query(default="open", description="Empty for all"),
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """Those that wait for a judgement, by day and name; ``as_of`` shows them as they stood."""
        statement = likenesses_in(scope, state=state, at=await position_of(kit, as_of))
        return await answer_list(_listing(statement), asked, kit.connection, LikenessItem)

    @router.get(
        "/institutions/{institution_id}/likenesses",
        response_model=Page[LikenessItem],
        summary="机构的疑似主体 likenesses of one institution",
    )
    async def likenesses_of(
        institution_id: UUID,
        scope: Scope = Depends(kit.scope),
        asked: Asked = Depends(asked),
        as_of: AsOf | None = Depends(kit.as_of),
    ) -> Any:
        """In every state, on whichever side it stands: shown beside its application."""
        statement = likenesses_in(scope, state="", about=institution_id, at=await position_of(kit, as_of))
        return await answer_list(_listing(statement), asked, kit.connection, LikenessItem)

    @router.get("/likenesses/{likeness_id}/available-actions", summary="可办事项 what may be done to it now")
    async def likeness_actions(likeness_id: UUID, caller: Principal = Depends(kit.caller)) -> AvailableActions:
        """By the caller; each refusal in the words that the act would meet."""
        here = await _standing(kit, likeness_id)
        if not caller.scope.allows(role=OFFICIALS, **here._asdict()):
            raise LikenessUnknown
        return await available_actions(kit, LIKENESSES, likeness_id, caller, here, hindrance)


def _judging(router: Router, kit: Kit) -> None:
    @router.post("/likenesses/{likeness_id}/judgement", summary="判定 judge whether they are the same")
    async def judge(
        likeness_id: UUID,
        body: JudgementBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Remembered: the pair is not proposed again on the same facts. It changes no licence and no list."""
        await _require(kit, scope, acts.JUDGE_LIKENESS, likeness_id)
        command = JudgeLikeness(is_same=body.is_same, reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=ACCEPTANCE)
        return accepted(response, await kit.log.handle(LIKENESSES, likeness_id, command, grounds))

    @router.post("/likenesses/{likeness_id}/judgement/withdrawal", summary="撤回判定 withdraw the judgement")
    async def withdraw_judgement(
        likeness_id: UUID,
        body: WithdrawalBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """The question is open again."""
        await _require(kit, scope, acts.WITHDRAW_JUDGEMENT, likeness_id)
        command = WithdrawJudgement(reason=body.reason, on=day_of(kit, written))
        grounds = grounded(written, body.reason, governed_by=ACCEPTANCE)
        return accepted(response, await kit.log.handle(LIKENESSES, likeness_id, command, grounds))


def _listing(statement: Any) -> Listing:
    rows = statement.selected_columns
    keys = (rows.proposed_on, rows.institution_name, rows.likeness_id)
    return Listing(name="likenesses", statement=statement, keys=keys, columns=COLUMNS)


async def _standing(kit: Kit, likeness_id: UUID) -> Dimensions:
    """Where the pair stands for grants: where its institution does. Raises ``LikenessUnknown``."""
    history = await kit.log.history(LIKENESSES, likeness_id)
    proposed = next((fact.event for fact in reversed(history) if isinstance(fact.event, LikenessProposed)), None)
    if proposed is None:
        raise LikenessUnknown
    pair = proposed.pair
    return Dimensions(pair.department, pair.region, pair.category)


async def _require(kit: Kit, scope: Scope, act: Act, likeness_id: UUID) -> None:
    here = await _standing(kit, likeness_id)
    scope.require(act, here, seen=scope.allows(role=OFFICIALS, **here._asdict()))
