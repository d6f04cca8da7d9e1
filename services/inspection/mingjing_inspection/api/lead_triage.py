"""Triage of leads (O1/O2 研判) over HTTP: premises are found, questions answered, the rule's verdict confirmed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from fastapi import Depends, Response
from pydantic import BaseModel, Field

from mingjing_inspection.acts_leads import ANSWER_TRIAGE, CONFIRM_TRIAGE, FIND_PREMISES
from mingjing_inspection.api.grounds import grounded
from mingjing_inspection.api.lead import LeadItem, lead_seen
from mingjing_inspection.api.permission import allow
from mingjing_inspection.codec_leads import LEADS
from mingjing_inspection.domain.lead_facts import AnswerTriage, ConfirmTriage, FindPremises
from mingjing_inspection.domain.lead_refusals import LeadHasInstitution
from mingjing_inspection.domain.lead_terms import PHOTOS_MAX
from mingjing_inspection.domain.lead_triage import Answer, Question, Verdict, triage
from mingjing_kernel.clock import shanghai_date
from mingjing_kernel.http import Accepted, AsOf, Kit, accepted
from mingjing_kernel.http.router import Router
from mingjing_kernel.identity import Scope
from mingjing_kernel.log import Envelope
from mingjing_kernel.sealed.redact import redacted

QUESTIONS_ZH = {
    Question.DEDICATED_PLACE: "有专门的培训场所，或有特定的网站、应用程序",
    Question.TWO_STAFF: "有2名以上培训从业人员",
    Question.ORGANIZED: "有相应的组织机构和分工",
    Question.PUPILS: "面向3周岁以上学龄前儿童或中小学生",
    Question.PAID: "收费或变相收费",
    Question.SUBJECT: "属于学科类培训",
    Question.BY_MESSAGING: "通过即时通讯、网络会议、直播等方式有偿培训",
    Question.FEW_AT_PLACES: "在居民楼、酒店、咖啡厅等场所一对一、一对多培训",
    Question.UNDER_NAME: "以咨询、文化传播、家政、住家教师、众筹私教、研学、夏令营、托管等名义",
}


class FoundBody(BaseModel):
    """What was found on the spot."""

    note: str = Field(max_length=2_000)


class AnswerBody(BaseModel):
    """What is known about one question; yes and no need evidence or words."""

    question: Question
    answer: Answer
    evidence: list[str] = Field(default=[], max_length=PHOTOS_MAX, description="SHA-256 of photos of this lead")
    note: str = Field(default="", max_length=2_000)


class VerdictBody(BaseModel):
    """What you confirm: what the rule says."""

    verdict: Verdict
    note: str = Field(default="", max_length=2_000)


class QuestionItem(BaseModel):
    """A question, and what is known."""

    question: Question
    zh: str
    answer: Answer
    evidence: list[str]
    note: str
    by: str
    on: str


class TriageItem(BaseModel):
    """What the rule says by the answers, what O1 and O2 still lack, and what a person confirmed."""

    questions: list[QuestionItem]
    verdict: Verdict
    missing_o1: list[Question]
    missing_o2: list[Question]
    forms: list[Question]
    rule: str
    confirmed: str = Field(description="Empty until a person confirms it, and again when an answer changes")


def make_router(kit: Kit) -> Router:
    """Find, answer, confirm, look."""
    router = Router(tags=["lead 线索"])

    @router.get("/leads/{lead_id}/triage", summary="O1/O2研判 which conduct the answers establish")
    async def lead_triage(
        lead_id: UUID, scope: Scope = Depends(kit.scope), as_of: AsOf | None = Depends(kit.as_of)
    ) -> TriageItem:
        """By the rule in art. 17 and 18; it names what is still missing."""
        return _triaged(await lead_seen(kit, lead_id, scope, as_of))

    @router.post("/leads/{lead_id}/premises-found", summary="认定无证办学场所 somebody teaches there")
    async def find_premises(
        lead_id: UUID,
        body: FoundBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """Verified on the spot; the registry is told and the triage begins (X17)."""
        await kit.up_to_date()
        allow(scope, FIND_PREMISES, await lead_seen(kit, lead_id, scope))
        note = redacted(body.note.strip())
        command = FindPremises(note=note, by=written.actor, at=kit.now())
        return accepted(response, await kit.log.handle(LEADS, lead_id, command, grounded(written, note)))

    @router.post("/leads/{lead_id}/triage/answers", summary="填写研判 answer a question")
    async def answer_triage(
        lead_id: UUID,
        body: AnswerBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """A later answer takes the place of the one before, and takes a confirmation away."""
        await kit.up_to_date()
        allow(scope, ANSWER_TRIAGE, await lead_seen(kit, lead_id, scope))
        command = AnswerTriage(
            question=body.question,
            answer=body.answer,
            evidence=tuple(dict.fromkeys(body.evidence)),
            note=redacted(body.note.strip()),
            by=written.actor,
            on=shanghai_date(kit.now()),
        )
        return accepted(response, await kit.log.handle(LEADS, lead_id, command, grounded(written, command.note)))

    @router.post("/leads/{lead_id}/triage/confirmation", summary="确认研判结论 confirm the verdict")
    async def confirm_triage(
        lead_id: UUID,
        body: VerdictBody,
        response: Response,
        scope: Scope = Depends(kit.scope),
        written: Envelope = Depends(kit.written),
    ) -> Accepted:
        """By somebody who answered nothing; only what the rule says can be confirmed."""
        await kit.up_to_date()
        allow(scope, CONFIRM_TRIAGE, await lead_seen(kit, lead_id, scope))
        note = redacted(body.note.strip())
        command = ConfirmTriage(verdict=body.verdict, note=note, by=written.actor, on=shanghai_date(kit.now()))
        return accepted(response, await kit.log.handle(LEADS, lead_id, command, grounded(written, note)))

    return router


def _triaged(lead: LeadItem) -> TriageItem:
    if lead.institution_id is not None:
        raise LeadHasInstitution
    given: dict[str, Any] = lead.answers
    said = triage({Question(name): Answer(one["answer"]) for name, one in given.items()})
    nothing = {"answer": Answer.UNKNOWN, "evidence": [], "note": "", "by": "", "on": ""}
    return TriageItem(
        questions=[
            QuestionItem(question=one, zh=QUESTIONS_ZH[one], **(given.get(one.value) or nothing)) for one in Question
        ],
        verdict=said.verdict,
        missing_o1=list(said.missing_o1),
        missing_o2=list(said.missing_o2),
        forms=list(said.forms),
        rule=said.rule,
        confirmed=lead.verdict,
    )
